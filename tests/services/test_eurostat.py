"""The Eurostat client against a real server on this machine, and against rubbish."""

from __future__ import annotations

import csv
import gzip
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.formats.jsonstat import read_dataset
from assets.services.eurostat import (
    Eurostat,
    ExtractionTooBig,
    NoResults,
    Polling,
    is_empty,
)
from assets.services.http import Answer, Caller, Patience
from assets.services.limiter import CallLimiter
from tests.services.conftest import Serve
from tests.services.eurostat_server import EurostatServer, error
from tests.services.local_service import Reply

#: Tries again at once; its deadline does not run out on a busy machine.
QUICK = Patience(attempts=3, first_wait=0.01, longest_wait=0.02, deadline=20)
#: Asks for a job again at once.
EAGER = Polling(first_wait=0.01, longest_wait=0.02, deadline=20)

CODE = "nama_10r_3gdp"
GEO = ["FI", "FI1", "FI19", "FI193", "FI1C1", "FI1C2"]
DIMENSIONS = {"freq": ["A"], "unit": ["EUR_HAB", "MIO_EUR"], "geo": GEO}
PERIODS = [str(year) for year in range(2015, 2025)]

Start = Callable[..., EurostatServer]
Connect = Callable[..., Eurostat]


@pytest.fixture
def start(serve: Serve) -> Start:
    def started(**changes: Any) -> EurostatServer:
        return serve(EurostatServer(CODE, DIMENSIONS, PERIODS, **changes))

    return started


@pytest.fixture
def connect(state_dir: Path, client: httpx.Client) -> Connect:
    """A client as a fresh process would make it; clients of one test share their counting."""

    def make(server: EurostatServer, patience: Patience = QUICK, **changes: Any) -> Eurostat:
        limits = {"max_calls": server.max_calls, "window_seconds": server.window}
        caller = Caller(CallLimiter(state_dir, "eurostat", **limits), client, patience)
        return Eurostat(caller, server.base_url, **{"polling": EAGER, **changes})

    return make


def rows(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(answer.content.decode().splitlines()))


def places(answers: list[Answer]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (row["unit"], row["geo"], row["TIME_PERIOD"]) for answer in answers for row in rows(answer)
    )


def test_a_key_stands_in_the_order_of_the_data_structure(start: Start, connect: Connect) -> None:
    server = start()
    client = connect(server)
    answer = client.sdmx_csv(
        CODE, {"GEO": ("FI1C1", "FI1C2"), "unit": ("EUR_HAB",)}, "2020", "2021"
    )
    assert places([answer]) == Counter(
        {("EUR_HAB", geo, year): 1 for geo in ("FI1C1", "FI1C2") for year in ("2020", "2021")}
    )
    data = server.asked_for("data")[0]
    assert data.split("?")[0].endswith(f"/sdmx/2.1/data/{CODE}/.EUR_HAB.FI1C1+FI1C2")
    assert "startPeriod=2020&endPeriod=2021" in data
    assert client.sdmx_csv(CODE, ".EUR_HAB.FI1C1+FI1C2", "2020", "2021").content == answer.content
    client.sdmx_csv(CODE, {"geo": ("FI",)})
    # The structure does not change between two questions of one client.
    assert len(server.asked_for("datastructure")) == 1


def test_nothing_filtered_is_the_whole_dataset(start: Start, connect: Connect) -> None:
    server = start()
    found = places([connect(server).sdmx_csv(CODE, {"geo": ()})])
    assert len(found) == 2 * 6 * 10
    assert not server.asked_for("datastructure")


def test_the_answer_comes_decompressed_and_otherwise_as_written(
    start: Start, connect: Connect
) -> None:
    server = start()
    answer = connect(server).sdmx_csv(CODE)
    assert "compressed=true" in server.asked_for()[0]
    assert answer.content == server.csv(DIMENSIONS, PERIODS)


@pytest.mark.parametrize(
    ("flag", "conf", "columns"), [("bep", None, "OBS_FLAG"), ("B", {}, "OBS_FLAG,CONF_STATUS")]
)
def test_flags_of_both_eras_are_handed_over_as_they_are(
    start: Start,
    connect: Connect,
    flag: str,
    conf: dict[tuple[str, ...], str] | None,
    columns: str,
) -> None:
    cell = ("A", "EUR_HAB", "FI", "2020")
    hidden = ("A", "EUR_HAB", "FI", "2021")
    server = start(value=lambda c: None if c == hidden else 1.5)
    server.flags = {cell: flag}
    server.conf = conf if conf is None else {hidden: "C"}
    answer = connect(server).sdmx_csv(CODE, "A.EUR_HAB.FI", "2020", "2021")
    assert answer.content.splitlines()[0].decode().endswith(f"OBS_VALUE,{columns}")
    found = rows(answer)
    assert (found[0]["OBS_VALUE"], found[0]["OBS_FLAG"]) == ("1.5", flag)
    if conf is not None:
        assert (found[1]["OBS_VALUE"], found[1]["CONF_STATUS"]) == ("", "C")


def test_a_large_extraction_is_waited_for(start: Start, connect: Connect, tmp_path: Path) -> None:
    server = start(sync_rows=10)
    answer = connect(server, jobs=tmp_path / "jobs").sdmx_csv(CODE, {"geo": ("FI", "FI1C1")})
    assert len(places([answer])) == 2 * 2 * 10
    # Two polls said PROCESSING, the third AVAILABLE.
    assert len(server.asked_for("async/status")) == 3
    assert len(server.asked_for("async/data")) == 1
    # Told is what was asked for, not where the job lay.
    assert f"/data/{CODE}/..FI" in answer.url
    assert not list((tmp_path / "jobs").iterdir())


def test_between_two_polls_the_wait_doubles_up_to_a_limit(start: Start, connect: Connect) -> None:
    server = start(sync_rows=10)
    server.polls = 4
    began = time.monotonic()
    polling = Polling(first_wait=0.05, longest_wait=0.1, deadline=20)
    connect(server, polling=polling).sdmx_csv(CODE)
    assert time.monotonic() - began >= 0.05 + 0.1 + 0.1 + 0.1
    assert len(server.asked_for("async/status")) == 5


def test_a_job_that_outlives_a_run_is_gone_on_with_by_the_next(
    start: Start, connect: Connect, tmp_path: Path
) -> None:
    server = start(sync_rows=10)
    server.polls = 1000
    hasty = replace(EAGER, deadline=0.1)
    with pytest.raises(SourceUnavailable, match=r"still preparing .*waiting for the same job"):
        connect(server, polling=hasty, jobs=tmp_path).sdmx_csv(CODE)
    server.polls = 0
    # Another request in between has a job of its own.
    connect(server, jobs=tmp_path).sdmx_csv(CODE, start_period="2016")
    assert len(server.jobs) == 2
    answer = connect(server, jobs=tmp_path).sdmx_csv(CODE)
    assert len(places([answer])) == 120
    assert len(server.jobs) == 2


def test_without_a_folder_for_jobs_a_late_one_is_asked_for_anew(
    start: Start, connect: Connect
) -> None:
    server = start(sync_rows=10)
    server.polls = 1000
    with pytest.raises(SourceUnavailable, match="asks for it anew"):
        connect(server, polling=replace(EAGER, deadline=0.05)).sdmx_csv(CODE)
    server.polls = 0
    connect(server).sdmx_csv(CODE)
    assert len(server.jobs) == 2


def test_data_that_fail_to_arrive_are_fetched_from_the_same_job_later(
    start: Start, connect: Connect, tmp_path: Path
) -> None:
    server = start(sync_rows=10)
    server.faults = ["503"] * 3
    with pytest.raises(SourceUnavailable, match="503"):
        connect(server, jobs=tmp_path).sdmx_csv(CODE)
    answer = connect(server, jobs=tmp_path).sdmx_csv(CODE)
    assert len(places([answer])) == 120
    assert len(server.jobs) == 1


def test_a_job_that_the_service_has_forgotten_is_asked_for_anew(
    start: Start, connect: Connect, tmp_path: Path
) -> None:
    server = start(sync_rows=10)
    server.polls = 1000
    with pytest.raises(SourceUnavailable):
        connect(server, polling=replace(EAGER, deadline=0.05), jobs=tmp_path).sdmx_csv(CODE)
    server.jobs.clear()
    server.polls = 0
    answer = connect(server, jobs=tmp_path).sdmx_csv(CODE)
    assert len(places([answer])) == 120
    assert len(server.jobs) == 1


def test_a_job_whose_data_are_gone_is_not_asked_about_for_ever(
    start: Start, connect: Connect, tmp_path: Path
) -> None:
    server = start(sync_rows=10)
    server.faults = ["404"]
    with pytest.raises(SourceUnavailable, match=r"the job is gone \(404\)"):
        connect(server, jobs=tmp_path).sdmx_csv(CODE)
    assert not list(tmp_path.glob("*.json"))
    assert len(places([connect(server, jobs=tmp_path).sdmx_csv(CODE)])) == 120


def test_a_job_of_an_earlier_edition_is_left_alone(
    start: Start, connect: Connect, tmp_path: Path
) -> None:
    server = start(sync_rows=10)
    server.polls = 1000
    with pytest.raises(SourceUnavailable):
        connect(server, polling=replace(EAGER, deadline=0), jobs=tmp_path).sdmx_csv(
            CODE, edition="2026-10-15"
        )
    server.polls = 0
    connect(server, jobs=tmp_path).sdmx_csv(CODE, edition="2026-11-01")
    assert len(server.jobs) == 2


def test_a_folder_that_cannot_keep_jobs_is_named(
    start: Start, connect: Connect, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where a folder should be")
    with pytest.raises(SourceUnavailable, match=r"cannot be kept in .*taken"):
        connect(start(sync_rows=10), jobs=taken).sdmx_csv(CODE)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b'{"job": "x"}',
        b'{"job": "../x", "edition": null}',
        b'{"job": 5, "edition": null}',
        b"\xff",
    ],
)
def test_a_broken_note_of_a_job_is_as_none(
    start: Start, connect: Connect, tmp_path: Path, broken: bytes
) -> None:
    server = start(sync_rows=10)
    server.polls = 1000
    with pytest.raises(SourceUnavailable):
        connect(server, polling=replace(EAGER, deadline=0), jobs=tmp_path).sdmx_csv(CODE)
    (note,) = tmp_path.glob("*.json")
    note.write_bytes(broken)
    server.polls = 0
    assert len(places([connect(server, jobs=tmp_path).sdmx_csv(CODE)])) == 120


@pytest.mark.parametrize(
    ("ends_as", "says"),
    [
        ("ERROR", r"ended as 'ERROR'.*ask for less"),
        ("EXPIRED", r"the job is EXPIRED"),
        ("ON_HOLIDAY", r"ended as 'ON_HOLIDAY'"),
    ],
)
def test_a_job_that_fails_says_so_and_is_not_kept(
    start: Start, connect: Connect, tmp_path: Path, ends_as: str, says: str
) -> None:
    server = start(sync_rows=10)
    server.ends_as = ends_as
    with pytest.raises(SourceUnavailable, match=says):
        connect(server, jobs=tmp_path / "jobs").sdmx_csv(CODE)
    assert not list((tmp_path / "jobs").iterdir())


def test_the_key_of_a_job_cannot_lead_elsewhere(start: Start, connect: Connect) -> None:
    server = start(sync_rows=10)
    server.job_key = lambda: "../../statistics/1.0/data/other"
    with pytest.raises(SourceUnavailable, match="unusable key"):
        connect(server).sdmx_csv(CODE)
    assert len(server.requests) == 1


def test_too_big_for_good_says_how_big_and_is_not_asked_again(
    start: Start, connect: Connect
) -> None:
    server = start(max_rows=50)
    with pytest.raises(ExtractionTooBig, match=r"estimated 120 rows.*Filter it, or list") as caught:
        connect(server).sdmx_csv(CODE)
    assert (caught.value.estimated, caught.value.allowed) == (120, 50)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("max_rows", "says_estimate", "requests"),
    [
        (120, True, 1),
        (60, True, 1 + 2),
        (40, True, 1 + 4),
        (40, False, 1 + 2 + 4),
        # A year is 12 rows: ten runs over time, then each in two over geo.
        (11, True, 1 + 10 + 10 * 2),
        (2, True, 1 + 10 + 10 * 6),
    ],
)
def test_what_is_too_big_is_cut_over_time_and_then_over_areas(
    start: Start, connect: Connect, max_rows: int, says_estimate: bool, requests: int
) -> None:
    server = start(max_rows=max_rows)
    server.says_estimate = says_estimate
    # A code listed twice is asked for once.
    key = {"geo": (*GEO, "FI"), "unit": ("EUR_HAB", "MIO_EUR")}
    answers = list(connect(server).sdmx_csv_parts(CODE, key, PERIODS, split=("geo", "unit")))
    assert places(answers) == places([connect(start()).sdmx_csv(CODE)])
    assert len(server.asked_for("data")) == requests
    # In the order of time, and within it of the areas as listed.
    seen = [(row["TIME_PERIOD"], row["geo"]) for answer in answers for row in rows(answer)[:1]]
    assert seen == sorted(seen, key=lambda cell: (cell[0], GEO.index(cell[1])))
    assert all(server.max_rows >= len(rows(answer)) for answer in answers)


def test_what_cannot_be_cut_any_further_stays_too_big(start: Start, connect: Connect) -> None:
    server = start(max_rows=1)
    key = {"geo": tuple(GEO)}
    with pytest.raises(ExtractionTooBig):
        list(connect(server).sdmx_csv_parts(CODE, key, PERIODS))
    with pytest.raises(ValueError, match="cannot split over unit"):
        list(connect(server).sdmx_csv_parts(CODE, key, PERIODS, split=("geo", "unit")))


@pytest.mark.parametrize("empty_is_error", [False, True])
def test_parts_without_observations_are_left_out(
    start: Start, connect: Connect, empty_is_error: bool
) -> None:
    server = start(max_rows=60, value=lambda cell: 1.0 if cell[-1] >= "2020" else None)
    server.empty_is_error = empty_is_error
    answers = list(connect(server).sdmx_csv_parts(CODE, {}, ["2013", "2014", *PERIODS], split=()))
    assert {row["TIME_PERIOD"] for answer in answers for row in rows(answer)} == set(PERIODS[5:])
    with pytest.raises(NoResults):
        list(connect(server).sdmx_csv_parts(CODE, {}, ["2013", "2014"], split=()))


def test_parts_of_two_editions_are_not_mixed(start: Start, connect: Connect) -> None:
    server = start(max_rows=60)
    server.faults = ["update"]
    parts = connect(server).sdmx_csv_parts(CODE, {}, PERIODS, split=())
    next(parts)
    with pytest.raises(SourceUnavailable, match="updated nama_10r_3gdp while it was being fetched"):
        next(parts)


def test_no_observation_is_a_good_answer_and_is_told(start: Start, connect: Connect) -> None:
    server = start(value=lambda cell: None if cell[-1] > "2020" else 1.0)
    client = connect(server)
    assert is_empty(client.sdmx_csv(CODE, start_period="2021"))
    assert not is_empty(client.sdmx_csv(CODE, start_period="2020"))
    assert is_empty(client.statistics(CODE, {"sinceTimePeriod": "2021"}))
    assert not is_empty(client.statistics(CODE, {"sinceTimePeriod": "2020"}))
    server.empty_is_error = True
    with pytest.raises(NoResults, match="No results found"):
        client.sdmx_csv(CODE, start_period="2030")


@pytest.mark.parametrize(
    "fault", ["cut", "cut_unannounced", "cut_chunked", "cut_json", "reset", "503"]
)
def test_a_passing_fault_is_tried_again(start: Start, connect: Connect, fault: str) -> None:
    server = start()
    server.faults = [fault]
    assert len(places([connect(server).sdmx_csv(CODE)])) == 120
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("cut", "broke off"),
        ("cut_json", "cut short or is damaged"),
        ("503", "answered 503: 'Busy'"),
    ],
)
def test_a_fault_that_stays_becomes_a_readable_paragraph(
    start: Start, connect: Connect, fault: str, says: str
) -> None:
    server = start()
    server.faults = [fault] * 3
    with pytest.raises(SourceUnavailable, match=f"3 times in a row.*{says}"):
        connect(server).sdmx_csv(CODE)


def test_an_empty_answer_is_tried_again(start: Start, connect: Connect) -> None:
    server = start()
    server.instead = [Reply(200, b"", "text/csv")]
    assert len(places([connect(server).sdmx_csv(CODE)])) == 120


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (
            Reply(
                200, b"<!DOCTYPE html><html><body>Planned maintenance</body></html>", "text/html"
            ),
            r"text/html that is no SDMX-CSV: 'Planned maintenance'",
        ),
        (Reply(200, b"Service unavailable", ""), r"no content type that is no SDMX-CSV"),
        (
            error(400, 150, "INVALID_SOMETHING: said under 200", under=200),
            r"error 150.*INVALID_SOMETHING: said under 200\. A code is not allowed",
        ),
    ],
)
def test_a_page_or_an_error_under_200_is_not_taken_for_data(
    start: Start, connect: Connect, reply: Reply, says: str
) -> None:
    server = start()
    server.instead = [reply]
    with pytest.raises(SourceUnavailable, match=says):
        connect(server).sdmx_csv(CODE)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("dataset", "key", "says"),
    [
        ("nope", "A..FI", r"404, error 100.*ERR_NOT_FOUND_2.*table of contents"),
        ("nope", {"geo": ("FI",)}, r"404, error 100.*ERR_NOT_FOUND_4"),
        (CODE, "A.FI", r"400, error 140.*one place per dimension"),
        (CODE, {"geo": ("SE",)}, r"400, error 150.*GEO=SE.*code lists"),
        (CODE, {"area": ("FI",)}, r"no dimension area; it has freq, unit, geo"),
        (CODE, {"geo": ("FI.FI1",)}, r"'FI\.FI1' is no SDMX code for dimension geo"),
        (CODE, "A..FI?x=1", r"no SDMX key"),
    ],
)
def test_a_wrong_question_carries_the_words_of_the_service(
    start: Start, connect: Connect, dataset: str, key: Any, says: str
) -> None:
    server = start()
    with pytest.raises(SourceUnavailable, match=says):
        connect(server).sdmx_csv(dataset, key)
    assert len(server.requests) <= 2


def test_an_answer_that_unpacks_beyond_the_limit_is_refused(start: Start, connect: Connect) -> None:
    server = start(value=lambda cell: 0.0)
    packed, plain = 3_000, len(server.csv(DIMENSIONS, PERIODS))
    assert len(gzip.compress(server.csv(DIMENSIONS, PERIODS))) < packed < plain
    with pytest.raises(SourceUnavailable, match=f"longer than {packed} bytes when decompressed"):
        connect(server, replace(QUICK, max_bytes=packed)).sdmx_csv(CODE)


def test_a_small_question_is_answered_as_json_stat(start: Start, connect: Connect) -> None:
    server = start(value=lambda cell: None if cell[2] == "FI1C2" else float(cell[3]))
    server.flags = {("A", "EUR_HAB", "FI1C1", "2023"): "p", ("A", "EUR_HAB", "FI1C2", "2024"): "m"}
    params = {"geo": ["FI1C1", "FI1C2"], "unit": "EUR_HAB", "sinceTimePeriod": "2022"}
    answer = connect(server).statistics(CODE, params)
    assert "geo=FI1C1&geo=FI1C2" in server.asked_for()[0]
    assert "lang=EN" in server.asked_for()[0]
    cube = read_dataset(answer.content)
    assert cube.shape == (1, 1, 2, 3)
    assert cube.values[:3].tolist() == [2022, 2023, 2024]
    assert np.isnan(cube.values[3:]).all()
    assert cube.status is not None
    assert cube.status.to_pylist() == [None, "p", None, None, None, "m"]


def test_a_level_of_areas_can_be_asked_for(start: Start, connect: Connect) -> None:
    cube = read_dataset(connect(start()).statistics(CODE, {"geoLevel": "nuts3"}).content)
    assert cube.dimension("geo").codes == ("FI193", "FI1C1", "FI1C2")


@pytest.mark.parametrize("with_200", [False, True])
def test_an_answer_in_preparation_is_asked_for_again(
    start: Start, connect: Connect, with_200: bool
) -> None:
    server = start(sync_rows=10)
    server.warns, server.warns_with_200 = 2, with_200
    assert not is_empty(connect(server).statistics(CODE))
    assert len(server.requests) == 3
    server.warns = 3
    with pytest.raises(SourceUnavailable, match=r"still preparing.*ASYNCHRONOUS.*SDMX-CSV"):
        connect(server).statistics(CODE)


@pytest.mark.parametrize(
    ("dataset", "params", "kind", "says"),
    [
        ("nope", {}, SourceUnavailable, r"404, error 100.*NOPE.*table of contents"),
        (CODE, {"area": "FI"}, SourceUnavailable, r"400, error 150.*INVALID_QUERY_DIMENSION: area"),
        (CODE, {"geo": "FI", "geoLevel": "nuts3"}, SourceUnavailable, "geoLevel"),
        (CODE, {}, ExtractionTooBig, "EXTRACTION_TOO_BIG"),
    ],
)
def test_a_wrong_small_question_says_why(
    start: Start,
    connect: Connect,
    dataset: str,
    params: dict[str, str],
    kind: type[Exception],
    says: str,
) -> None:
    server = start(max_rows=119)
    with pytest.raises(kind, match=says):
        connect(server).statistics(dataset, params)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["cut", "cut_json", "gzip_cut", "503"])
def test_a_cut_dataset_is_tried_again(start: Start, connect: Connect, fault: str) -> None:
    server = start()
    server.faults = [fault]
    assert not is_empty(connect(server).statistics(CODE))
    assert len(server.requests) == 2


def test_the_edition_is_one_light_call(start: Start, connect: Connect) -> None:
    server = start(max_rows=1)
    client = connect(server)
    params = {"geo": ["FI1C1", "FI1C2"], "unit": ("EUR_HAB",), "sinceTimePeriod": "2015"}
    first = client.edition(CODE, params)
    assert first == "2026-10-15T23:00:00+0200"
    asked = {"geo": ["FI1C1"], "unit": ["EUR_HAB"], "lastTimePeriod": ["1"]}
    assert [request.query for request in server.requests] == [
        {"format": ["JSON"], "lang": ["EN"], **asked}
    ]
    assert client.edition(CODE, params) == first
    server.updated = "2026-11-01T11:00:00+0100"
    assert client.edition(CODE, params) == "2026-11-01T11:00:00+0100"


def test_a_full_window_is_waited_out(start: Start, connect: Connect) -> None:
    server = start(max_calls=2, window=0.3)
    client = connect(server)
    for _ in range(5):
        client.statistics(CODE)
    assert server.refused == 0
    assert server.calls[-1] - server.calls[0] >= 0.6


def over(body: bytes, kind: str, directory: Path, status: int = 200) -> Eurostat:
    """A client of a service that gives every question the same answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        # As a stream, as it would come from a network.
        stream = httpx.ByteStream(body)
        return httpx.Response(status, stream=stream, headers={"Content-Type": kind})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    caller = Caller(
        CallLimiter(directory, "same", max_calls=10**9, window_seconds=0.001),
        http,
        Patience(attempts=1, max_bytes=100_000),
    )
    return Eurostat(caller, "http://eurostat.test", polling=Polling(0, 0, 0))


PIECES = st.sampled_from(
    [
        b"<", b">", b"</", b"queued", b"<queued>", b"</queued>", b"<id>", b"</id>", b"a-1",
        b"<asyncResponse>", b"</asyncResponse>", b"<key>", b"</key>", b"<status>AVAILABLE</status>",
        b"<Fault>", b"</Fault>", b"<faultstring>EXTRACTION_TOO_BIG estimated 9 rows, max authorised"
        b" is 0</faultstring>", b"<DimensionList><Dimension id='a' position='x'/></DimensionList>",
        b'<?xml version="1.0" encoding="x"?>', b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
        b'{"error":', b'{"warning":', b'[{"label":1}]', b'{"label":"x"}', b"}", b"[", b"]", b"{",
        b'{"id":[],"size":[],"dimension":{},"updated":1,"value":[1]}', b'"value":5', b",",
        b"DATAFLOW,LAST UPDATE,OBS_VALUE", b"\n", b"\r", b"\xff", b"\x1f\x8b", b"\x00", b" ",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=12).map(b"".join)),
    kind=st.sampled_from(["application/json", "application/xml", "text/csv", ""]),
    packed=st.booleans(),
    status=st.sampled_from([200, 400, 404, 413]),
)
def test_rubbish_becomes_the_one_error(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, kind: str, packed: bool, status: int
) -> None:
    directory = tmp_path_factory.getbasetemp() / "rubbish"
    content = gzip.compress(body) if packed else body
    client = over(content, kind, directory, status)
    asked: list[Callable[[], object]] = [
        lambda: is_empty(client.sdmx_csv("x")),
        lambda: list(client.sdmx_csv_parts("x", {}, ["2020", "2021"], split=())),
        lambda: client.sdmx_csv("x", {"geo": ("FI",)}),
        lambda: is_empty(client.statistics("x")),
        lambda: client.edition("x", {"geo": ["FI"]}),
    ]
    for ask in asked:
        # Anything but the one error fails the test.
        with suppress(SourceUnavailable):
            ask()
