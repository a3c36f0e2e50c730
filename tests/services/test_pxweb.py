"""The PxWeb client against a real server on this machine."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.statistics.cells import cells_of_fetch
from assets.statistics.pxweb import (
    CallLimiter,
    Limits,
    Patience,
    Selection,
    fetch_table,
    open_client,
    plan_chunks,
)
from assets.statistics.tables import FixedVariable, TableDescription
from assets.statistics.transport import FolderTransport, LiveTransport, parse_updated
from tests.statistics.pxweb_server import PxWebServer

#: Tries again at once; its deadline does not run out on a busy machine.
QUICK = Patience(attempts=3, first_wait=0.01, longest_wait=0.02, deadline=20)
#: For answers that never end.
HASTY = replace(QUICK, deadline=0.3)
VARIABLES = {
    "Alue": ["SSS", "KU091", "SK011", "MK01", "ELY01", "XX9"],
    "timeperiod_m": [f"2025M{month:02d}" for month in range(1, 13)],
    "contentscode": ["TYOTOSUUS", "TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"],
}

Serve = Callable[..., PxWebServer]


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with open_client(connect_seconds=2, read_seconds=2) as client:
        yield client


@pytest.fixture
def limiter(state_dir: Path) -> CallLimiter:
    return CallLimiter(state_dir)


def at(server: PxWebServer, table: TableDescription, **changes: Any) -> TableDescription:
    return table.model_copy(update={"base_url": server.base_url, **changes})


def test_a_table_arrives_whole_in_parts_within_the_limit(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    numbers = {code: n for n, code in enumerate(VARIABLES["timeperiod_m"])}
    server = serve(VARIABLES, max_cells=40, value=lambda cell: numbers[cell["timeperiod_m"]])
    steps: list[tuple[int, int]] = []
    chunks = fetch_table(
        at(server, tyonv), client, limiter, lambda done, total, _: steps.append((done, total))
    )
    # 5 areas (ELY01 is left out) x 3 measures = 15 cells a month, 2 months a call.
    assert [chunk.cells for chunk in chunks] == [30] * 6
    assert steps == [(n, 6) for n in range(7)]
    assert all(chunk.updated == "2026-10-27T06:00:00Z" for chunk in chunks)
    found = cells_of_fetch([chunk.body for chunk in chunks], tyonv)
    assert found.accepted.num_rows == 4 * 12 * 3
    assert found.rejected.num_rows == 12 * 3
    assert set(found.rejected["column"].to_pylist()) == {"region"}
    march = [r for r in found.accepted.to_pylist() if r["period"] == "2025M03"]
    assert {row["value"] for row in march} == {2.0}


def test_fixed_variables_are_held_and_others_summed_by_the_service(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    server = serve(
        {**VARIABLES, "sukupuoli_9": ["SSS", "1"], "ika": ["a", "b"]}, elimination=("ika",)
    )
    table = at(server, tyonv, fixed=[FixedVariable(variable=["sukupuoli*"], value="SSS")])
    fetch_table(table, client, limiter)
    assert server.queries[0]["sukupuoli_9"] == ["SSS"]
    assert "ika" not in server.queries[0]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({**VARIABLES, "ika": ["a", "b"]}, "'ika' has 2 values, cannot be left out"),
        ({"Alue": ["SSS"], "timeperiod_m": ["2025M01"]}, "no contents variable"),
        ({**VARIABLES, "contentscode": ["TYOVOIMATK"]}, "no content code for unemployed"),
        ({**VARIABLES, "Alue": ["ELY01"]}, "nothing of variable 'Alue'"),
        ({**VARIABLES, "Alue": None}, "does not list the values of variable 'Alue'"),
    ],
)
def test_a_table_that_does_not_fit_its_description_says_why(
    serve: Serve,
    tyonv: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    variables: dict[str, Any],
    says: str,
) -> None:
    with pytest.raises(SourceUnavailable, match=says):
        fetch_table(at(serve(variables), tyonv), client, limiter)


@pytest.mark.parametrize("fault", ["cut", "cut_json", "503", "drip"])
def test_a_passing_fault_is_tried_again(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter, fault: str
) -> None:
    server = serve(VARIABLES)
    server.faults = [fault]
    patience = HASTY if fault == "drip" else QUICK
    chunks = fetch_table(at(server, tyonv), client, limiter, patience=patience)
    assert len(chunks) == 1
    assert len(server.queries) == 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("cut", "broke off"),
        ("cut_json", "cut short"),
        ("503", "answered 503: 'Busy'"),
        ("drip", "not complete after 0.3 seconds"),
    ],
)
def test_a_fault_that_stays_becomes_a_readable_paragraph(
    serve: Serve,
    tyonv: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    fault: str,
    says: str,
) -> None:
    server = serve(VARIABLES)
    server.faults = [fault] * 3
    patience = HASTY if fault == "drip" else QUICK
    with pytest.raises(SourceUnavailable, match="3 times in a row") as caught:
        fetch_table(at(server, tyonv), client, limiter, patience=patience)
    assert says in str(caught.value)
    assert len(server.queries) == 3


def test_a_web_page_instead_of_data_is_not_tried_again(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    server = serve(VARIABLES)
    server.faults = ["html"]
    with pytest.raises(SourceUnavailable, match=r"text/html where JSON.*Service break"):
        fetch_table(at(server, tyonv), client, limiter, patience=QUICK)
    assert len(server.queries) == 1


def test_a_bad_request_carries_the_words_of_the_service(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    table = at(serve(VARIABLES), tyonv, path="StatFin/tyonv/statfin_tyonv_pxt_12r5.px")
    with pytest.raises(SourceUnavailable, match=r"\(400\): 'Parameter error'"):
        fetch_table(table, client, limiter, patience=QUICK)


def test_too_many_cells_is_explained(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    server = serve(VARIABLES, max_cells=10)
    server.config_body = b'{"maxCells": 100000, "maxCalls": 40, "timeWindow": 60}'
    with pytest.raises(SourceUnavailable, match="more cells were asked for"):
        fetch_table(at(server, tyonv), client, limiter, patience=QUICK)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"maxCells": 0, "maxCalls": 1}'])
def test_unknown_limits_stop_the_fetch(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter, body: bytes
) -> None:
    server = serve(VARIABLES)
    server.config_body = body
    with pytest.raises(SourceUnavailable, match="no usable 'max"):
        fetch_table(at(server, tyonv), client, limiter, patience=QUICK)


def test_a_service_that_is_not_there_is_unavailable(
    tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    table = tyonv.model_copy(update={"base_url": "http://127.0.0.1:9"})
    with pytest.raises(SourceUnavailable, match="could not be read, 3 times"):
        fetch_table(table, client, limiter, patience=QUICK)


def test_parts_of_two_editions_are_fetched_again(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    server = serve(VARIABLES, max_cells=90)
    server.faults = ["updated"]
    chunks = fetch_table(at(server, tyonv), client, limiter)
    assert {chunk.updated for chunk in chunks} == {"2027-10-27T06:00:00Z"}
    assert len(server.queries) == 4


def test_the_limiter_keeps_the_service_from_refusing(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    server = serve(VARIABLES, max_cells=30, max_calls=4, window=1.0)
    limiter.configure(Limits(30, 4, 1.0))
    fetch_table(at(server, tyonv), client, limiter)
    assert len(server.calls) == 8
    assert server.refused == 0


def test_a_refusal_stops_everything_for_as_long_as_asked(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, limiter: CallLimiter
) -> None:
    server = serve(VARIABLES, max_calls=3, window=1.0)
    # Somebody else at the same address has used up the window.
    for _ in range(3):
        server.admits()
    fetch_table(at(server, tyonv), client, limiter)
    assert server.refused == 1
    refused_at, next_at = server.calls[3:5]
    assert next_at - refused_at >= 0.95


def test_endless_refusals_end_in_an_error(
    serve: Serve, tyonv: TableDescription, client: httpx.Client, state_dir: Path
) -> None:
    waited: list[float] = []
    now = [1000.0]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    limiter = CallLimiter(state_dir, clock=lambda: now[0], sleep=sleep)
    server = serve(VARIABLES, max_calls=0, window=50.0)
    with pytest.raises(SourceUnavailable, match=r"refused 3 times .*429"):
        fetch_table(at(server, tyonv), client, limiter)
    assert sum(waited) == pytest.approx(100, abs=1)


def test_a_long_silence_is_reported_not_waited_out(state_dir: Path) -> None:
    first, second = CallLimiter(state_dir, "x"), CallLimiter(state_dir, "x", max_wait=5)
    with first.call():
        first.silence(3600)
    with pytest.raises(SourceUnavailable, match="only in 3600 seconds"), second.call():
        pass


@pytest.mark.parametrize("state", [b"", b"\xff", b"[]", b'{"calls":[1e300],"silent_until":1e300}'])
def test_a_damaged_state_file_does_not_stop_calls(state_dir: Path, state: bytes) -> None:
    limiter = CallLimiter(state_dir, "x")
    (state_dir / "x.calls.json").write_bytes(state)
    with limiter.call():
        pass
    assert limiter._read()[0]


CALLER = """
import sys, time
from pathlib import Path
from assets.statistics.pxweb import CallLimiter, Limits
limiter = CallLimiter(Path(sys.argv[1]))
limiter.configure(Limits(1, 5, 0.3))
for _ in range(6):
    with limiter.call():
        began = time.time()
        time.sleep(0.01)
        print(began, time.time())
"""


def test_processes_share_one_window_and_call_one_at_a_time(state_dir: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", CALLER, str(state_dir)],
            stdout=subprocess.PIPE,
            cwd=root,
            text=True,
        )
        for _ in range(2)
    ]
    spans: list[tuple[float, float]] = []
    for caller in callers:
        output, _ = caller.communicate(timeout=20)
        assert caller.returncode == 0
        for line in output.splitlines():
            began, ended = map(float, line.split())
            spans.append((began, ended))
    spans.sort()
    assert len(spans) == 12
    assert all(ended <= later for (_, ended), (later, _) in pairwise(spans))
    assert all(spans[n + 5][0] - spans[n][1] >= 0.3 for n in range(7))


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
    plan = plan_chunks(Selection(values, split), limit)
    assert plan == plan_chunks(Selection(values, split), limit)
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
    assert len(plan_chunks(Selection(values, ("time", "Alue", "contents")), 120_000)) == calls


def test_live_and_folder_hand_over_the_same_thing(
    serve: Serve,
    tyonv: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    tmp_path: Path,
) -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    table = at(serve(VARIABLES), tyonv)
    live = LiveTransport(client, limiter, now=lambda: moment).fetch(table)
    (tmp_path / "statfin").mkdir()
    (tmp_path / "statfin" / "tyonv_12r5.json").write_bytes(live.chunks[0])
    folder = FolderTransport(tmp_path, now=lambda: moment).fetch(table)
    assert folder.chunks == live.chunks
    assert (live.url, folder.url) == (table.url, "statfin/tyonv_12r5.json")
    assert folder.updated == live.updated == datetime(2026, 10, 27, 6, tzinfo=UTC)
    assert folder.retrieved_at == live.retrieved_at == moment


def test_a_folder_without_the_document_is_unavailable(
    tyonv: TableDescription, tmp_path: Path
) -> None:
    with pytest.raises(SourceUnavailable, match=r"statfin/tyonv_12r5\.json"):
        FolderTransport(tmp_path).fetch(tyonv)


def test_an_unreadable_document_is_handed_on_for_quarantine(
    tyonv: TableDescription, tmp_path: Path
) -> None:
    (tmp_path / "statfin").mkdir()
    (tmp_path / "statfin" / "tyonv_12r5.json").write_bytes(b"<html>")
    fetched = FolderTransport(tmp_path).fetch(tyonv)
    assert (fetched.chunks, fetched.updated) == ([b"<html>"], None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-01T05:00:00Z", datetime(2026, 4, 1, 5, tzinfo=UTC)),
        ("2025-06-03T05.00.00Z", datetime(2025, 6, 3, 5, tzinfo=UTC)),
        ("2026-04-01T08:00:00+03:00", datetime(2026, 4, 1, 5, tzinfo=UTC)),
        ("2012-09-27", datetime(2012, 9, 27, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_updated_is_read_as_utc(text: str | None, moment: datetime | None) -> None:
    assert parse_updated(text) == moment


def test_a_call_counts_from_its_end(state_dir: Path) -> None:
    # The service counts from the arrival, which lies somewhere within the call.
    limiter = CallLimiter(state_dir)
    limiter.configure(Limits(1, 1, 0.3))
    with limiter.call():
        time.sleep(0.2)
    ended = time.time()
    with limiter.call():
        assert time.time() - ended >= 0.28
