"""The PxWeb v1 client against a service on this machine that behaves as the real one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller, Patience
from assets.services.limiter import CallLimiter
from assets.services.pxweb import PxWeb
from assets.services.tables import Entry, Limits, cells_of, expect_selected, plan_chunks
from tests.services.conftest import Serve
from tests.services.local_service import Canned
from tests.services.pxweb_server import DEFAULT_TABLE as TABLE
from tests.services.pxweb_server import PxWebServer, ServedTable

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
AREAS = ["SSS", "KU091", "SK011", "MK01"]
MONTHS = [f"2025M{month:02d}" for month in range(1, 13)]
VARIABLES: dict[str, Any] = {
    "Alue": AREAS,
    "ika": ["-14", "15-64", "65-"],
    "timeperiod_m": MONTHS,
    "contentscode": ["TYOTTOMATLOPUSSA", "TYOVOIMATK"],
}
NUMBERS = {"-14": 1.0, "15-64": 10.0, "65-": 100.0}
ASKED = {"Alue": ("MK01",), "timeperiod_m": ("2025M02", "2025M03"), "contentscode": ("TYOVOIMATK",)}


@pytest.fixture
def server(serve: Serve) -> PxWebServer:
    return serve(
        PxWebServer(
            VARIABLES, max_cells=100, elimination=("ika",), value=lambda cell: NUMBERS[cell["ika"]]
        )
    )


@pytest.fixture
def service(server: PxWebServer, caller: Caller) -> PxWeb:
    return PxWeb(caller, server.base_url)


def test_the_limits_are_the_services_own_and_the_limiter_has_them(service: PxWeb) -> None:
    assert service.limits() == Limits(100, 40, 60.0)
    limiter = service.caller.limiter
    assert (limiter.max_calls, limiter.window_seconds) == (40, 60.0)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"7", b'{"maxCells": 0, "maxCalls": 1}', b'{"maxCells": "many"}',
             b'{"maxCells": true, "maxCalls": 1, "timeWindow": 1}']
)  # fmt: skip
def test_unknown_limits_are_an_error(server: PxWebServer, service: PxWeb, body: bytes) -> None:
    server.config_body = body
    with pytest.raises(SourceUnavailable, match="no usable 'max"):
        service.limits()


def test_metadata_without_false_flags(service: PxWeb) -> None:
    metadata = service.metadata(TABLE)
    assert metadata.title == "Table of the test service"
    area, age, month, _ = metadata.variables
    assert (area.code, area.values, area.labels[1]) == ("Alue", tuple(AREAS), "KU091 text")
    assert [(v.elimination, v.time) for v in (area, age, month)] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_values_that_are_withheld_are_an_error(serve: Serve, caller: Caller) -> None:
    server = serve(PxWebServer(VARIABLES, max_values=11))
    with pytest.raises(SourceUnavailable, match="values of variable 'timeperiod_m'"):
        PxWeb(caller, server.base_url).metadata(TABLE)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[]", "lists no variables"),
        (b'{"variables": []}', "lists no variables"),
        (b'{"variables": [5]}', "variable without a code"),
        (b'{"variables": [{"code": "a", "values": [1]}]}', "values of variable 'a'"),
    ],
)
def test_what_is_no_metadata_is_an_error(
    serve: Serve, caller: Caller, body: bytes, says: str
) -> None:
    server = serve(Canned({"/fi/t.px": body}))
    with pytest.raises(SourceUnavailable, match=says):
        PxWeb(caller, server.origin).metadata("t.px")


def test_metadata_as_the_service_really_sends_it(serve: Serve, caller: Caller) -> None:
    path = DATA / "statfin-2026" / "api-metadata-employment.json"
    if not path.exists():
        pytest.skip("the real file is not beside the repository")
    server = serve(Canned({"/fi/tyti/135z.px": path.read_bytes()}))
    metadata = PxWeb(caller, server.origin).metadata("tyti/135z.px")
    month, contents = metadata.variables
    assert (month.code, month.time, month.values[0]) == ("timeperiod_m", True, "2010M01")
    assert not contents.time
    assert len(contents.labels) == len(contents.values)


def test_cells_that_are_asked_for_come_with_the_rest_summed(service: PxWeb) -> None:
    answer = service.data(TABLE, ASKED)
    assert answer.json["id"] == ["Alue", "timeperiod_m", "contentscode"]
    assert answer.json["value"] == [111.0, 111.0]
    assert answer.json["updated"] == "2026-10-27T06:00:00Z"


def test_a_variable_that_cannot_be_summed_comes_back_whole_and_is_refused(
    server: PxWebServer, service: PxWeb
) -> None:
    # Asked for all areas by naming none: not what a selection says.
    with pytest.raises(SourceUnavailable, match=r"1 cells were selected.*size \[4, 1, 1\]"):
        service.data(TABLE, {"timeperiod_m": ("2025M01",), "contentscode": ("TYOVOIMATK",)})
    assert len(server.queries) == 1


@pytest.mark.parametrize("selection", [{}, {"Alue": ()}, {"Alue": ("SSS",), "timeperiod_m": ()}])
def test_nothing_is_never_asked_for(
    server: PxWebServer, service: PxWeb, selection: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(SourceUnavailable, match="no values are selected"):
        service.data(TABLE, selection)
    assert server.calls == []


def test_values_of_a_codelist(server: PxWebServer, service: PxWeb) -> None:
    table = server.served[TABLE]
    table.codelists = {
        "agg:ikaryhmat": {"-64": ["-14", "15-64"], "65-": ["65-"]},
        "vs:vanhat": {"65-": ["65-"]},
    }
    asked = {**ASKED, "ika": ("-64",)}
    answer = service.data(TABLE, asked, {"ika": "agg:ikaryhmat"})
    assert answer.json["value"] == [11.0, 11.0]
    answer = service.data(TABLE, {**ASKED, "ika": ("65-",)}, {"ika": "vs:vanhat"})
    assert answer.json["value"] == [100.0, 100.0]
    with pytest.raises(SourceUnavailable, match=r"\(400\): 'The variable ika is wrong'"):
        service.data(TABLE, {**ASKED, "ika": ("15-64",)}, {"ika": "vs:vanhat"})
    with pytest.raises(SourceUnavailable, match=r"\(400\): 'Parameter error'"):
        service.data(TABLE, asked, {"ika": "agg:gone"})


def test_too_many_cells_is_explained_and_not_tried_again(
    server: PxWebServer, service: PxWeb
) -> None:
    everything = {code: tuple(values) for code, values in VARIABLES.items()}
    with pytest.raises(SourceUnavailable, match="more cells were asked for"):
        service.data(TABLE, everything)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("table", "selection", "says"),
    [
        ("StatFin/tyonv/statfin_tyonv_pxt_12r5.px", ASKED, r"\(400\): 'Parameter error'"),
        (TABLE, {**ASKED, "Alue": ("KU999",)}, r"\(400\): 'The variable Alue is wrong'"),
        (TABLE, {**ASKED, "Kuukausi": ("2025M01",)}, r"\(400\): 'Parameter error'"),
    ],
)
def test_a_bad_request_carries_the_words_of_the_service_and_is_not_tried_again(
    server: PxWebServer, service: PxWeb, table: str, selection: Any, says: str
) -> None:
    with pytest.raises(SourceUnavailable, match=says):
        service.data(table, selection)
    assert len(server.calls) == 1


def test_the_edition_costs_one_cell(server: PxWebServer, service: PxWeb) -> None:
    probe = {code: values[:1] for code, values in ASKED.items()}
    assert service.edition(TABLE, probe) == "2026-10-27T06:00:00Z"
    server.updated = "2026-11-24T06:00:00Z"
    assert service.edition(TABLE, probe) == "2026-11-24T06:00:00Z"
    assert [cells_of(query) for query in server.queries] == [1, 1]  # type: ignore[arg-type]
    assert len(server.calls) == 2


def test_codes_that_changed_since_are_an_error_of_the_service(
    server: PxWebServer, service: PxWeb
) -> None:
    server.faults = ["recoded"]
    service.data(TABLE, ASKED)
    with pytest.raises(SourceUnavailable, match="codes may have changed"):
        service.data(TABLE, ASKED)
    assert service.metadata(TABLE).variables[0].values[0] == "new-SSS"


def test_folders_list_folders_and_tables(server: PxWebServer, service: PxWeb) -> None:
    server.add(ServedTable("StatFin/tyonv/12ti.px", VARIABLES, title="By occupation"))
    server.add(ServedTable("StatFin/vaerak/11re.px", VARIABLES))
    assert service.tables() == [Entry("StatFin", "StatFin", is_folder=True)]
    assert [(e.id, e.is_folder) for e in service.tables("StatFin")] == [
        ("StatFin/tyonv", True),
        ("StatFin/vaerak", True),
    ]
    listed = service.tables("/StatFin/tyonv/")
    assert [entry.id for entry in listed] == [TABLE, "StatFin/tyonv/12ti.px"]
    # Stamped in bulk and without a zone: not what the data say.
    assert listed[1] == Entry(
        "StatFin/tyonv/12ti.px", "12ti -- By occupation", updated="2026-11-01T21:04:30"
    )
    assert service.metadata(listed[1].id).title == "By occupation"
    with pytest.raises(SourceUnavailable, match="400"):
        service.tables("StatFin/gone")


@pytest.mark.parametrize("body", [b"{}", b"[5]", b'[{"text": "x"}]'])
def test_what_is_no_list_of_tables_is_an_error(serve: Serve, caller: Caller, body: bytes) -> None:
    server = serve(Canned({"/fi/": body}))
    with pytest.raises(SourceUnavailable, match="list of tables"):
        PxWeb(caller, server.origin).tables()


def test_a_table_list_as_the_service_really_sends_it(serve: Serve, caller: Caller) -> None:
    path = DATA / "statfin-2026" / "api-table-list-vaerak.excerpt.json"
    if not path.exists():
        pytest.skip("the real file is not beside the repository")
    server = serve(Canned({"/fi/StatFin/vaerak/": path.read_bytes()}))
    entries = PxWeb(caller, server.origin).tables("StatFin/vaerak")
    assert [entry.id for entry in entries][1] == "StatFin/vaerak/11re.px"
    assert not any(entry.is_folder for entry in entries)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "size", "dimension", "category", "index", "label", "Alue", "variables", "code",
             "values", "valueTexts", "type", "text", "updated", "page", "tables", "valueMap"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def junk(tmp_path_factory: pytest.TempPathFactory, client: Any) -> Any:
    service = Canned({}, max_calls=10**9)
    limiter = CallLimiter(tmp_path_factory.mktemp("limiter"), "junk", max_calls=10**9)
    caller = Caller(limiter, client, Patience(attempts=1, first_wait=0.001))
    yield service, PxWeb(caller, service.origin)
    service.close()


@settings(max_examples=80, deadline=None)
@given(JUNK)
def test_whatever_is_answered_nothing_but_a_readable_error_comes_out(
    junk: tuple[Canned, PxWeb], document: Any
) -> None:
    server, service = junk
    body = json.dumps(document).encode()
    server.answers = {"/fi/": body, "/fi/t": body}
    asks: tuple[Callable[[], object], ...] = (
        service.limits,
        service.tables,
        lambda: service.metadata("t"),
        lambda: service.edition("t", {"Alue": ("SSS",)}),
    )
    for ask in asks:
        with suppress(SourceUnavailable):  # any other error fails the test
            ask()


def answer_of(document: Any) -> Answer:
    return Answer("http://service/table", 200, {}, json.dumps(document).encode())


def test_only_exactly_what_was_asked_for_is_taken() -> None:
    document = {
        "id": ["a", "b"],
        "size": [2, 1],
        "dimension": {
            "a": {"category": {"index": {"x": 1, "y": 0}}},
            "b": {"category": {"label": {"z": "Z"}}},
        },
    }
    answer = answer_of(document)
    expect_selected(answer, {"a": ("x", "y")})
    expect_selected(answer, {"b": ("z",), "a": ("y", "x")})
    for selection in ({"a": ("x",)}, {"a": ("x", "y", "z")}, {"a": ("x", "q")}, {"c": ("x", "y")}):
        with pytest.raises(SourceUnavailable, match="not what was asked for"):
            expect_selected(answer, selection)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1),
    st.integers(1, 200),
    st.data(),
)
def test_a_plan_covers_each_cell_once_within_the_limit(
    sizes: dict[str, int], limit: int, data: st.DataObject
) -> None:
    values = {code: tuple(f"{code}{n}" for n in range(size)) for code, size in sizes.items()}
    split = tuple(data.draw(st.permutations(list(values))))[: data.draw(st.integers(0, 4))]
    plan = plan_chunks(values, split, limit)
    assert plan == plan_chunks(values, split, limit)
    seen: list[tuple[str, ...]] = []
    for part in plan:
        assert list(part) == list(values)
        assert math.prod(map(len, part.values())) <= limit
        cells: list[tuple[str, ...]] = [()]
        for axis in part.values():
            cells = [(*cell, code) for cell in cells for code in axis]
        seen += cells
    assert len(seen) == len(set(seen)) == math.prod(sizes.values())


@pytest.mark.parametrize(
    ("areas", "periods", "contents", "calls"), [(421, 212, 3, 3), (309, 432, 21, 24)]
)
def test_known_tables_need_as_few_calls_as_they_can(
    areas: int, periods: int, contents: int, calls: int
) -> None:
    values = {
        "Alue": tuple(map(str, range(areas))),
        "time": tuple(map(str, range(periods))),
        "contents": tuple(map(str, range(contents))),
    }
    assert len(plan_chunks(values, ("time", "Alue", "contents"), 120_000)) == calls


@pytest.mark.parametrize(("split", "limit"), [(("gone",), 10), (("a",), 0)])
def test_an_impossible_plan_is_the_callers_mistake(split: tuple[str, ...], limit: int) -> None:
    with pytest.raises(ValueError, match=r"max_cells|split"):
        plan_chunks({"a": ("1", "2")}, split, limit)
