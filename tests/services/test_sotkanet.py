"""The Sotkanet client against a real server on this machine, and against rubbish."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.formats.sotkanet import read_regions, read_sotkanet
from assets.services.http import Answer, Caller, Patience
from assets.services.limiter import CallLimiter
from assets.services.sotkanet import Sotkanet
from tests.services.conftest import Serve
from tests.services.local_service import Reply
from tests.services.sotkanet_server import POPULATION, REGIONS, SotkanetServer

Connect = Callable[[SotkanetServer], Sotkanet]


@pytest.fixture
def server(serve: Serve) -> SotkanetServer:
    return serve(SotkanetServer({127: POPULATION, 5000: []}))


@pytest.fixture
def sotkanet(server: SotkanetServer, caller: Caller) -> Sotkanet:
    return Sotkanet(caller, server.base_url)


def years_of(answers: list[Answer]) -> Counter[str]:
    """How often the answers say a year of Helsinki."""
    lines = [line.split(";") for answer in answers for line in answer.content.decode().split()]
    return Counter(line[2] for line in lines if line[1:2] == ["46"])


def test_observations_arrive_with_the_regions_they_are_about(sotkanet: Sotkanet) -> None:
    answer = sotkanet.csv(127, [2019, 2020])
    rows = read_sotkanet(answer.content, sotkanet.regions().content)
    region, year = rows.dimensions[1], rows.dimensions[2]
    assert region.codes == ("MAA:358", "KUNTA:091", "KUNTA:837", "ID:9999")
    assert year.codes == ("2019", "2020")
    assert rows.values[:4].tolist() == [5_002_019, 5_002_020, 602_019, 602_020]


def test_years_and_genders_are_repeated_not_listed(
    sotkanet: Sotkanet, server: SotkanetServer
) -> None:
    sotkanet.csv(127, [2019, 2020], ["male", "female"])
    assert server.requests[0].query == {
        "indicator": ["127"],
        "years": ["2019", "2020"],
        "genders": ["male", "female"],
    }


def test_many_years_are_asked_for_in_parts_of_which_each_has_its_own(
    sotkanet: Sotkanet, server: SotkanetServer
) -> None:
    # One year twice, and years that have no data on both sides.
    answers = list(sotkanet.csv_parts(127, [2010, *range(1995, 2026)], years_at_once=7))
    asked = [request.query["years"] for request in server.requests]
    assert [len(years) for years in asked] == [7, 7, 7, 7, 3]
    assert len({year for years in asked for year in years}) == 31
    assert years_of(answers) == Counter({str(year): 1 for year in range(2000, 2021)})


def test_parts_are_asked_for_as_they_are_taken(sotkanet: Sotkanet, server: SotkanetServer) -> None:
    parts = sotkanet.csv_parts(127, range(2000, 2020), years_at_once=5)
    next(parts)
    assert len(server.requests) == 1
    with pytest.raises(ValueError, match="at least 1"):
        next(sotkanet.csv_parts(127, [2020], years_at_once=0))


@pytest.mark.parametrize(("indicator", "years"), [(5000, [2020]), (127, [1950, 1951])])
def test_years_without_data_are_a_good_answer(
    sotkanet: Sotkanet, indicator: int, years: list[int]
) -> None:
    answer = sotkanet.csv(indicator, years)
    assert len(read_sotkanet(answer.content, sotkanet.regions().content).values) == 0


@pytest.mark.parametrize(
    ("years", "genders"), [([], ["total"]), ([2020], []), ([2020], ["total", "women"])]
)
def test_nothing_and_nonsense_is_not_asked_for(
    sotkanet: Sotkanet, server: SotkanetServer, years: list[int], genders: list[str]
) -> None:
    with pytest.raises(SourceUnavailable, match=r"Nothing can be asked.*male, female, total"):
        sotkanet.csv(127, years, genders)
    assert not server.requests


def test_an_indicator_says_what_it_is_and_when_its_data_changed(
    sotkanet: Sotkanet, server: SotkanetServer
) -> None:
    indicator = sotkanet.indicator(127)
    assert (indicator.title, indicator.value_type) == ("Väestö 31.12.", "lukumäärä")
    assert (indicator.years, indicator.decimals) == ((2000, 2020), 0)
    assert replace(sotkanet, language="sv").indicator(127).title == "Befolkning 31.12"
    server.requests.clear()
    assert sotkanet.edition(127) == "2026-05-28"
    assert [request.path for request in server.requests] == ["/rest/1.1/indicators/127"]
    server.faults = ["update"]
    assert sotkanet.edition(127) == "2026-05-28"
    assert sotkanet.edition(127) == "2027-01-01"
    server.updated = None
    assert sotkanet.edition(127) is None


def test_regions_come_untouched(sotkanet: Sotkanet, server: SotkanetServer) -> None:
    answer = sotkanet.regions()
    assert answer.content == server.regions
    assert [region.key for region in read_regions(answer.content)] == [
        f"{entry['category']}:{entry['code']}" for entry in REGIONS
    ]


@pytest.mark.parametrize(
    ("regions", "says"),
    [
        ([], "is empty"),
        ({"error": "no"}, "an object at 'regions' where a list"),
        ([{"code": "1"}], r"nothing at 'regions\[1\].id'"),
    ],
)
def test_an_unusable_list_of_regions_says_why(
    sotkanet: Sotkanet, server: SotkanetServer, regions: object, says: str
) -> None:
    server.regions = json.dumps(regions).encode()
    with pytest.raises(SourceUnavailable, match=says):
        sotkanet.regions()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "fault", ["cut", "cut_chunked", "cut_unannounced", "cut_json", "gzip_cut", "503"]
)
def test_a_passing_fault_is_tried_again(
    sotkanet: Sotkanet, server: SotkanetServer, fault: str
) -> None:
    server.faults = [fault]
    assert years_of([sotkanet.csv(127, [2018, 2019])]) == Counter({"2018": 1, "2019": 1})
    assert len(server.requests) == 2


def test_a_header_that_breaks_off_is_not_an_answer_without_data(
    sotkanet: Sotkanet, server: SotkanetServer
) -> None:
    server.indicators[127] = [(46, 2020, "total", 1.0, 1.0)]
    server.faults = ["cut_unannounced"]
    assert years_of([sotkanet.csv(127, [2020])]) == Counter({"2020": 1})


@pytest.mark.parametrize("fault", ["cut", "cut_json", "503"])
def test_metadata_that_break_off_are_tried_again(
    sotkanet: Sotkanet, server: SotkanetServer, fault: str
) -> None:
    server.faults = [fault, fault]
    assert sotkanet.edition(127) == "2026-05-28"
    server.faults = [fault]
    assert len(read_regions(sotkanet.regions().content)) == 3


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(200, b"<html>Huolto</html>", "text/html"), r"text/html that is no CSV.*Huolto"),
        (Reply(200, b'{"error": "x"}'), "no CSV of observations"),
    ],
)
def test_a_page_under_200_is_not_taken_for_data(
    sotkanet: Sotkanet, server: SotkanetServer, reply: Reply, says: str
) -> None:
    server.instead = [reply]
    with pytest.raises(SourceUnavailable, match=says):
        sotkanet.csv(127, [2020])
    assert len(server.requests) == 1


def test_an_empty_answer_is_tried_again(sotkanet: Sotkanet, server: SotkanetServer) -> None:
    server.instead = [Reply(200, b"", "text/csv")] * 2
    assert years_of([sotkanet.csv(127, [2020])]) == Counter({"2020": 1})
    server.instead = [Reply(200, b"", "text/csv")] * 3
    with pytest.raises(SourceUnavailable, match=r"3 times in a row.*not even a header"):
        sotkanet.csv(127, [2020])


def test_refusals_say_what_to_do(sotkanet: Sotkanet, server: SotkanetServer) -> None:
    with pytest.raises(SourceUnavailable, match=r"indicators/6 does not exist \(404\).*number"):
        sotkanet.edition(6)
    server.instead = [Reply(400, b"Bad request", "text/plain")]
    with pytest.raises(SourceUnavailable, match=r"\(400\): 'Bad request'.*years and genders"):
        sotkanet.csv(127, [2020])
    server.dislikes = "tilannekuva"
    with pytest.raises(SourceUnavailable, match=r"\(403\): 'Forbidden'.*User-Agent"):
        sotkanet.regions()
    assert len(server.requests) == 3


def test_a_storm_of_refusals_is_waited_out(serve: Serve, caller: Caller) -> None:
    server = serve(SotkanetServer({127: POPULATION}, window=0.2))
    server.storm, server.no_retry_after = 1, True
    limiter = caller.limiter
    limiter.configure(100, server.window)
    assert Sotkanet(caller, server.base_url).edition(127) == "2026-05-28"
    assert server.refused == 1
    assert server.calls[1] - server.calls[0] >= 0.2


PIECES = st.sampled_from(
    [
        b"indicator;region;year;gender;value\n", b"region;year;", b"127;46;2020;total;5\n", b"46",
        b";", b"\n", b"\r", b"[", b"]", b"{", b"}", b'{"id":127}', b'{"id":127,"range":{"start":',
        b'"title":{"fi":1}', b'"range":[]', b'"data-updated":5', b",", b"1e400", b"\xff", b"<p>",
        b'[{"id":46,"code":"091","category":"KUNTA"}]', b"null", b"\xef\xbb\xbf",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=10).map(b"".join)),
    status=st.sampled_from([200, 400, 404]),
)
def test_rubbish_becomes_the_one_error(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, status: int
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(body)
        return httpx.Response(status, stream=stream, headers={"Content-Type": "application/json"})

    limiter = CallLimiter(
        tmp_path_factory.getbasetemp() / "rubbish", "same", max_calls=10**9, window_seconds=0.001
    )
    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = Sotkanet(Caller(limiter, http, Patience(attempts=1)), "http://sotkanet.test")
    asked: list[Callable[[], object]] = [
        lambda: client.csv(127, [2020]),
        lambda: client.indicator(127),
        client.regions,
    ]
    for ask in asked:
        # Anything but the one error fails the test.
        with suppress(SourceUnavailable):
            ask()
