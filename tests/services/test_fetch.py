"""A whole table in parts: planned, resumable, of one edition, over real HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable, TilannekuvaError
from assets.services.fetch import PartStore, fetch_parts, part_key
from assets.services.http import Caller
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.tables import Selection, TableService
from tests.services.conftest import Serve
from tests.services.local_service import LocalService
from tests.services.pxweb_server import DEFAULT_TABLE as TABLE
from tests.services.pxweb_server import PxWebServer
from tests.services.pxwebapi2_server import PxWebApi2Server, ServedTable2

MONTHS = [f"2025M{month:02d}" for month in range(1, 13)]
AREAS = ["SSS", "KU091", "SK011", "MK01", "MK02"]
VARIABLES: dict[str, Any] = {"Alue": AREAS, "timeperiod_m": MONTHS, "contentscode": ["a", "b"]}
SELECTION = {code: tuple(values) for code, values in VARIABLES.items()}
SPLIT = ("timeperiod_m", "Alue")
DEATH = ["503"] * 3


@pytest.fixture
def server(serve: Serve) -> PxWebServer:
    # Ten cells a month, two months a call, six calls.
    return serve(PxWebServer(VARIABLES, max_cells=20, max_calls=1000))


@pytest.fixture
def service(server: PxWebServer, caller: Caller) -> PxWeb:
    return PxWeb(caller, server.base_url)


@pytest.fixture
def store(tmp_path: Path) -> PartStore:
    return PartStore(tmp_path / "parts")


def months_of(server: PxWebServer) -> list[list[str]]:
    return [query["timeperiod_m"] for query in server.queries]


def die_after(
    parts: int, server: LocalService, service: TableService, store: PartStore, table: str = TABLE
) -> None:
    """A fetch whose service breaks down for good after so many parts."""
    server.faults = [""] * parts + DEATH
    with pytest.raises(SourceUnavailable, match="3 times in a row"):
        fetch_parts(service, table, SELECTION, SPLIT, store)
    assert len(store.keys()) == parts


def test_a_table_arrives_whole_in_parts_within_the_limit(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    told: list[tuple[int, int, str]] = []
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store, lambda *step: told.append(step))
    assert [part.name for part in parts] == [f"part-000{n}.json" for n in range(1, 7)]
    assert months_of(server) == [MONTHS[n : n + 2] for n in range(0, 12, 2)]
    assert {part.updated for part in parts} == {"2026-10-27T06:00:00Z"}
    assert [step[:2] for step in told] == [(n, 6) for n in range(7)]
    assert told[3][2] == f"part 3 of 6 of {TABLE}"
    kept = map(store.get, store.keys())
    assert sorted(filter(None, kept)) == sorted(part.content for part in parts)
    assert len(server.calls) == 7  # the limits and the parts


def test_the_next_fetch_asks_only_for_what_the_dead_one_lacks(
    server: PxWebServer, service: PxWeb, store: PartStore, tmp_path: Path
) -> None:
    whole = fetch_parts(service, TABLE, SELECTION, SPLIT, PartStore(tmp_path / "other"))
    die_after(4, server, service, store)
    server.queries.clear()
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    probe, *rest = server.queries
    assert {code: len(values) for code, values in probe.items()} == dict.fromkeys(VARIABLES, 1)
    assert [query["timeperiod_m"] for query in rest] == [MONTHS[8:10], MONTHS[10:]]
    assert parts == whole


def test_a_complete_store_costs_one_light_call(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    first = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    server.queries.clear()
    assert fetch_parts(service, TABLE, SELECTION, SPLIT, store) == first
    assert months_of(server) == [["2025M12"]]
    store.clear()
    assert store.keys() == []


def test_parts_of_another_edition_are_not_used(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    die_after(4, server, service, store)
    server.updated = "2026-11-24T06:00:00Z"
    server.queries.clear()
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    assert {part.updated for part in parts} == {"2026-11-24T06:00:00Z"}
    assert len(server.queries) == 7  # one for the edition, all six anew


def test_a_damaged_part_is_fetched_again(
    server: PxWebServer, service: PxWeb, store: PartStore, tmp_path: Path
) -> None:
    die_after(4, server, service, store)
    files = sorted((tmp_path / "parts").iterdir())
    files[0].write_bytes(files[0].read_bytes()[:-30])
    files[1].write_bytes(b"")
    files[2].write_bytes(files[2].read_bytes().replace(b"SSS", b"XXX"))
    server.queries.clear()
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    assert len(server.queries) == 1 + 3 + 2
    assert not any(b"XXX" in part.content for part in parts)


def test_an_edition_that_changes_in_the_middle_starts_the_fetch_over(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    server.faults = ["", "", "updated"]
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    assert {part.updated for part in parts} == {"2027-10-27T06:00:00Z"}
    # Three of the old, one that told of the change (and is kept), the edition, five more.
    assert len(server.queries) == 10
    assert len(store.keys()) == 6


def test_a_new_edition_is_asked_about_anew(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    # The office publishes a thirteenth month while twelve are being fetched.
    newer = {**VARIABLES, "timeperiod_m": [*MONTHS, "2026M01"]}

    def reselect() -> Selection:
        server.served[TABLE].variables = newer
        return {v.code: v.values for v in service.metadata(TABLE).variables}

    server.faults = ["updated"]
    fetch_parts(service, TABLE, SELECTION, SPLIT, store, reselect=reselect)
    assert months_of(server)[-1] == ["2026M01"]


def test_an_edition_that_changes_twice_ends_in_an_error(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    server.faults = ["", "updated", "", "", "updated"]
    with pytest.raises(SourceUnavailable, match="updated twice while it was being fetched"):
        fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    # The next one goes on with the newest.
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    assert {part.updated for part in parts} == {"2028-10-27T06:00:00Z"}


def test_an_edition_that_changed_between_two_fetches_and_in_the_second(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    die_after(2, server, service, store)
    # The probe, then one part, then the change.
    server.faults = ["", "updated"]
    parts = fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    assert {part.updated for part in parts} == {"2027-10-27T06:00:00Z"}


def test_codes_that_changed_in_the_middle_are_an_error_and_the_parts_stay(
    server: PxWebServer, service: PxWeb, store: PartStore
) -> None:
    server.faults = ["", "recoded"]
    with pytest.raises(SourceUnavailable, match="codes may have changed"):
        fetch_parts(service, TABLE, SELECTION, SPLIT, store)
    assert len(store.keys()) == 2


def test_nothing_selected_is_an_error(service: PxWeb, store: PartStore) -> None:
    with pytest.raises(SourceUnavailable, match="no values are selected of variable 'Alue'"):
        fetch_parts(service, TABLE, {**SELECTION, "Alue": ()}, SPLIT, store)


def test_the_newer_protocol_is_fetched_and_resumed_alike(
    serve: Serve, caller: Caller, store: PartStore
) -> None:
    table = ServedTable2("TAB1", VARIABLES, time="timeperiod_m", metric="contentscode")
    server = serve(PxWebApi2Server(table, max_cells=20, max_calls=1000))
    service = PxWebApi2(caller, server.base_url)
    die_after(4, server, service, store, "TAB1")
    server.queries.clear()
    parts = fetch_parts(service, "TAB1", SELECTION, SPLIT, store)
    assert len(parts) == 6
    assert len(server.queries) == 2  # the edition costs no query here


def test_one_moment_spelled_in_two_ways_is_one_edition(
    serve: Serve, caller: Caller, store: PartStore
) -> None:
    # The list of tables and the data need not write the time alike.
    table = ServedTable2("TAB1", VARIABLES, time="timeperiod_m", metric="contentscode")
    server = serve(PxWebApi2Server(table, max_cells=20, max_calls=1000))
    service = PxWebApi2(caller, server.base_url)
    die_after(4, server, service, store, "TAB1")

    class Spelled(PxWebApi2):
        def edition(self, table: str, probe: Selection) -> str | None:
            assert super().edition(table, probe) == "2026-10-27T06:00:00Z"
            return "2026-10-27T09:00:00+03:00"

    server.queries.clear()
    fetch_parts(Spelled(caller, server.base_url), "TAB1", SELECTION, SPLIT, store)
    assert len(server.queries) == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=50)), max_size=8))
def test_the_store_gives_back_what_was_put_last(
    tmp_path_factory: pytest.TempPathFactory, puts: list[tuple[str, bytes]]
) -> None:
    directory = tmp_path_factory.mktemp("store")
    for key, content in puts:
        PartStore(directory).put(key, content)
    last = dict(puts)
    store = PartStore(directory)
    assert store.keys() == sorted(last)
    assert {key: store.get(key) for key in "abc"} == {key: last.get(key) for key in "abc"}
    store.discard("a")
    store.discard("a")
    assert store.get("a") is None
    store.clear()
    assert list(directory.iterdir()) == []


def test_a_writer_that_dies_leaves_no_part(store: PartStore, monkeypatch: Any) -> None:
    store.put("a", b"old")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        with pytest.raises(TilannekuvaError, match="No space left"):
            store.put("a", b"new")
    assert store.get("a") == b"old"
    assert store.keys() == ["a"]


@pytest.mark.parametrize("key", ["", "../a", ".a", "a/b"])
def test_a_key_stays_in_the_folder(store: PartStore, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        store.put(key, b"")


def test_questions_have_keys_of_their_own() -> None:
    questions: list[tuple[str, Selection]] = [
        ("u", {"a": ("1", "2")}),
        ("v", {"a": ("1", "2")}),
        ("u", {"a": ("2", "1")}),
        ("u", {"a": ("12",)}),
        ("u", {"a": ("1",), "b": ("2",)}),
        ("u", {"b": ("1", "2")}),
    ]
    keys = [part_key(url, selection) for url, selection in questions]
    assert len(set(keys)) == len(keys)
    assert keys[0] == part_key("u", {"a": ("1", "2")})
