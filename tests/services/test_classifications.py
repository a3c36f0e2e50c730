"""The client of the classification service against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.services.classifications import Classifications, Item, NotPublishedYet
from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from tests.services.classifications_server import ClassificationServer, Published

#: Tries again at once; its deadline does not run out on a busy machine.
QUICK = Patience(attempts=3, first_wait=0.01, longest_wait=0.02, deadline=20)
KUNTA, SEUTU = "kunta_1_20260101", "seutukunta_1_20260101"


@pytest.fixture
def server() -> Iterator[ClassificationServer]:
    published = Published(
        items={
            KUNTA: {
                "005": {"fi": "Alajärvi", "sv": "Alajärvi"},
                "081": {"fi": "Hartola", "sv": "Gustav Adolfs  "},
            },
            SEUTU: {"146": {"fi": "Järviseutu"}, "071": {"fi": "Lahti"}},
        },
        maps={(KUNTA, SEUTU): [("005", "146"), ("081", "071")]},
    )
    running = ClassificationServer(published)
    yield running
    running.close()


@pytest.fixture
def service(server: ClassificationServer, tmp_path: Path) -> Iterator[Classifications]:
    limiter = CallLimiter(tmp_path / "limits", "classifications", max_calls=1000)
    with Caller(limiter, open_client(2, 2), QUICK) as caller:
        yield Classifications(caller, server.base_url)


def test_items_have_their_codes_and_names_without_stray_blanks(
    service: Classifications, server: ClassificationServer
) -> None:
    assert service.items(KUNTA) == (
        Item("005", "Alajärvi", 1, None),
        Item("081", "Hartola", 1, None),
    )
    assert [item.name for item in service.items(KUNTA, "sv")] == ["Alajärvi", "Gustav Adolfs"]
    assert server.asked[0] == (
        f"classifications/{KUNTA}/classificationItems?content=data&format=json&lang=fi&meta=max"
    )


@pytest.mark.parametrize("maps_as_items", [False, True])
def test_a_table_gives_its_pairs_in_either_form(
    service: Classifications, server: ClassificationServer, maps_as_items: bool
) -> None:
    server.maps_as_items = maps_as_items
    assert service.correspondence(KUNTA, SEUTU) == (("005", "146"), ("081", "071"))
    assert server.asked == [f"correspondenceTables/{KUNTA}#{SEUTU}/maps?format=json"]


def test_local_ids_tell_the_codes_where_the_items_are_left_out(
    service: Classifications, server: ClassificationServer
) -> None:
    server.faults = [
        ("maps", f'[{{"sourceLocalId": "{KUNTA}/005", "targetLocalId": "{SEUTU}/146"}}]')
    ]
    assert service.correspondence(KUNTA, SEUTU) == (("005", "146"),)


def test_the_list_of_tables_is_read(service: Classifications, server: ClassificationServer) -> None:
    assert service.tables() == ((KUNTA, SEUTU),)
    escaped = f"{server.base_url}/correspondenceTables/kunta_2_20240101%23kunta_1_20240101"
    server.faults = [("correspondenceTables", f'["{escaped}", {{"value": "{escaped}"}}, 7]')]
    assert service.tables() == (("kunta_2_20240101", "kunta_1_20240101"),) * 2


def test_a_list_without_any_table_is_refused(
    service: Classifications, server: ClassificationServer
) -> None:
    server.faults = [("correspondenceTables", '["http://somewhere/else", null]')]
    with pytest.raises(SourceUnavailable, match="lists no table between two"):
        service.tables()


def test_a_year_that_is_not_there_is_not_published_yet(
    service: Classifications, server: ClassificationServer
) -> None:
    with pytest.raises(NotPublishedYet, match=r"not published kunta_1_20270101 yet .*404"):
        service.items("kunta_1_20270101")
    with pytest.raises(NotPublishedYet, match=r"not published kunta_1_20270101#maakunta"):
        service.correspondence("kunta_1_20270101", "maakunta_1_20270101")
    # Not tried again: the answer is clear.
    assert len(server.asked) == 2


def test_an_empty_list_is_not_published_yet(service: Classifications) -> None:
    with pytest.raises(NotPublishedYet, match="empty list"):
        service.items(SEUTU, "en")


@pytest.mark.parametrize("fault", ["cut", "cut_json", "503"])
def test_a_passing_fault_is_tried_again(
    service: Classifications, server: ClassificationServer, fault: str
) -> None:
    server.faults = [("classificationItems", fault)]
    assert len(service.items(KUNTA)) == 2
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("fault", "says"), [("cut", "broke off"), ("cut_json", "cut short"), ("503", "'Busy'")]
)
def test_a_fault_that_stays_becomes_a_readable_paragraph(
    service: Classifications, server: ClassificationServer, fault: str, says: str
) -> None:
    server.faults = [("classificationItems", fault)] * 3
    with pytest.raises(SourceUnavailable, match=f"3 times in a row.*{says}"):
        service.items(KUNTA)


def test_a_web_page_is_no_answer(service: Classifications, server: ClassificationServer) -> None:
    server.faults = [("maps", "html")]
    with pytest.raises(SourceUnavailable, match=r"text/html.*Huoltokatko"):
        service.correspondence(KUNTA, SEUTU)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    ["{}", "null", "7", '["005"]', "[{}]", '[{"code": ""}]', '[{"code": 5}]',
     '[{"code": "005"}, {"code": "005"}]'],
)  # fmt: skip
def test_items_of_another_shape_are_refused(
    service: Classifications, server: ClassificationServer, body: str
) -> None:
    server.faults = [("classificationItems", body)]
    with pytest.raises(SourceUnavailable, match="nothing was taken") as caught:
        service.items(KUNTA)
    assert not isinstance(caught.value, NotPublishedYet)


@pytest.mark.parametrize(
    "body",
    ["{}", "[[]]", '["http://somewhere/else"]', '[{"sourceItem": {"code": "005"}}]',
     '[{"sourceItem": {"code": "005"}, "targetItem": null}]', '["…/maps/005"]'],
)  # fmt: skip
def test_maps_of_another_shape_are_refused(
    service: Classifications, server: ClassificationServer, body: str
) -> None:
    server.faults = [("maps", body)]
    with pytest.raises(SourceUnavailable, match="nothing was taken"):
        service.correspondence(KUNTA, SEUTU)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["code", "localId", "level", "classificationItemNames", "name", "lang", "value",
             "sourceItem", "targetItem", "sourceLocalId", "targetLocalId"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


def test_any_json_is_understood_or_refused(
    service: Classifications, server: ClassificationServer
) -> None:
    @settings(max_examples=60, deadline=None)
    @given(json_values)
    def ask(value: object) -> None:
        for part, call in (
            ("Items", lambda: service.items(KUNTA)),
            ("maps", lambda: service.correspondence(KUNTA, SEUTU)),
        ):
            server.faults = [(part, json.dumps(value))]
            try:
                found = call()
            except SourceUnavailable:
                continue
            assert found

    ask()
