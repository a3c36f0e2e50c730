"""The client of the business register against a real server on this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.services.fetch import PartStore
from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from assets.services.prh import Page, Prh, Window, plan_windows
from tests.services.prh_server import PAGE, PrhServer, address, company, register_of

#: Tries again at once; its deadline does not run out on a busy machine.
QUICK = Patience(attempts=3, first_wait=0.01, longest_wait=0.02, deadline=20)
ALL = Window(date(2024, 1, 1), date(2025, 12, 31))


class FakeClock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with open_client(connect_seconds=2, read_seconds=5) as client:
        yield client


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def serve() -> Iterator[Callable[..., PrhServer]]:
    running: list[PrhServer] = []

    def start(count_or_companies: int | list[dict[str, object]]) -> PrhServer:
        given = count_or_companies
        running.append(PrhServer(register_of(given) if isinstance(given, int) else given))
        return running[-1]

    yield start
    for server in running:
        server.close()


Serve = Callable[..., PrhServer]
Ask = Callable[..., Prh]


@pytest.fixture
def ask(client: httpx.Client, tmp_path: Path, clock: FakeClock) -> Ask:
    limiter = CallLimiter(
        tmp_path / "limiter", "prh", clock=lambda: clock.now, sleep=clock.sleep, max_wait=900
    )
    return lambda server, **more: Prh(
        Caller(limiter, client, QUICK), server.base_url, **({"calls_a_minute": 1000} | more)
    )


def ids(pages: list[Page]) -> list[str]:
    return [
        company["businessId"]["value"]
        for page in pages
        for company in orjson.loads(page.content)["companies"]
    ]


def test_a_window_arrives_whole_page_by_page(serve: Serve, ask: Ask) -> None:
    server = serve(2345)
    pages = list(ask(server).pages(ALL))
    assert len(pages) == 24
    assert sorted(ids(pages)) == sorted(c["businessId"]["value"] for c in server.companies)
    assert [page.name for page in pages] == sorted(page.name for page in pages)
    assert pages[0].name == "companies_2024-01-01_2025-12-31_0001.json"
    # Nothing was asked for twice, nor anything past the end.
    assert server.pages_asked() == list(range(1, 25))


def test_a_full_last_page_is_the_last_one_asked_for(serve: Serve, ask: Ask) -> None:
    server = serve(3 * PAGE)
    assert len(list(ask(server).pages(ALL))) == 3
    assert server.pages_asked() == [1, 2, 3]


def test_only_days_of_the_window_both_ends_included(serve: Serve, ask: Ask) -> None:
    days = ["2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01"]
    dated = [company(n, day) for n, day in enumerate(days)]
    server = serve([*dated, company(9, registered=None), company(10, registrationDate=...)])
    february = Window(date(2025, 2, 1), date(2025, 2, 28))
    assert len(ids(list(ask(server).pages(february)))) == 2
    prh = ask(server)
    assert prh.count(*february) == 2
    assert prh.count() == 6
    assert prh.count(date(2025, 2, 28)) == prh.count(registered_to=date(2025, 2, 1)) == 2


def test_companies_are_counted_by_postal_town(serve: Serve, ask: Ask) -> None:
    moved = address("205")
    moved["postOffices"][0]["city"] = "KAJAANI"
    server = serve([company(1, addresses=[moved]), company(2)])
    assert ask(server).count(location="Kajaani") == 1
    assert server.queries == [{"location": "Kajaani"}]


def test_an_empty_window_is_one_empty_page(serve: Serve, ask: Ask) -> None:
    server = serve(0)
    assert ids(list(ask(server).pages(ALL))) == []
    assert ask(server).count(*ALL) == 0


@pytest.mark.parametrize("fault", ["503", "cut", "cut_json"])
def test_a_passing_fault_is_tried_again(serve: Serve, ask: Ask, fault: str) -> None:
    server = serve(250)
    server.faults = ["", fault, fault]
    assert len(set(ids(list(ask(server).pages(ALL))))) == 250
    assert server.pages_asked() == [1, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        (["503"] * 3, r"3 times in a row; .*answered 503: 'Huoltokatko'"),
        (["html"], "text/html where json was expected"),
        (["429"] * 3, "refused 3 times because of too many calls"),
    ],
)
def test_a_fault_that_stays_becomes_a_readable_paragraph(
    serve: Serve, ask: Ask, faults: list[str], says: str
) -> None:
    server = serve(250)
    server.faults = list(faults)
    with pytest.raises(SourceUnavailable, match=says):
        list(ask(server).pages(ALL))
    assert len(server.queries) == len(faults)


def test_a_refusal_silences_everything_for_as_long_as_asked(
    serve: Serve, ask: Ask, clock: FakeClock
) -> None:
    server = serve(250)
    server.faults, server.retry_after = ["", "429"], "17"
    assert len(ids(list(ask(server).pages(ALL)))) == 250
    assert sum(clock.waits) == pytest.approx(17, abs=1)


def test_a_refusal_without_a_time_silences_for_a_whole_minute(
    serve: Serve, ask: Ask, clock: FakeClock
) -> None:
    server = serve(250)
    server.faults = ["429", "429"]
    assert len(ids(list(ask(server).pages(ALL)))) == 250
    assert sum(clock.waits) == pytest.approx(120, abs=1)


def test_we_take_no_more_than_our_share(serve: Serve, ask: Ask, clock: FakeClock) -> None:
    server = serve(2345)
    began = clock.now
    list(ask(server, calls_a_minute=10).pages(ALL))
    # 24 calls, 10 a minute: two whole minutes pass before the last four.
    assert 120 <= clock.now - began < 125


def test_the_share_is_modest_where_nothing_is_said(client: httpx.Client, tmp_path: Path) -> None:
    prh = Prh(Caller(CallLimiter(tmp_path, "prh"), client))
    assert prh.calls_a_minute * 5 <= 300
    assert prh.url(ALL).startswith("https://avoindata.prh.fi/opendata-ytj-api/v3/companies?")


def test_a_list_that_shifts_once_is_fetched_again(serve: Serve, ask: Ask) -> None:
    server = serve(250)
    # Registered on the first day: every later page begins with a company that came already.
    server.then[1] = lambda: server.companies.append(company(9999, "2024-01-01"))
    found = ids(list(ask(server).pages(ALL)))
    assert len(found) == len(set(found)) == 251
    assert server.pages_asked() == [1, 2, 1, 2, 3]


def test_a_list_that_shrinks_is_fetched_again(serve: Serve, ask: Ask) -> None:
    server = serve(201)
    # Page 3 no longer exists when it is asked for, and the first one is given in its place.
    server.then[2] = lambda: server.companies.pop()
    found = ids(list(ask(server).pages(ALL)))
    assert len(found) == len(set(found)) == 200
    assert server.pages_asked() == [1, 2, 3, 1, 2]


def test_a_page_that_is_served_twice_is_noticed(serve: Serve, ask: Ask) -> None:
    server = serve(350)
    server.faults = ["", "again"]
    found = ids(list(ask(server).pages(ALL)))
    assert len(found) == len(set(found)) == 350
    assert server.pages_asked() == [1, 2, 1, 2, 3, 4]


@pytest.mark.parametrize("past_end", ["first", "empty"])
def test_pages_that_end_before_the_announced_total_are_no_whole(
    serve: Serve, ask: Ask, past_end: str
) -> None:
    server = serve(200)
    server.past_end = past_end
    honest = server.answer
    server.answer = lambda query: honest(query) | {"totalResults": 240}  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailable, match="240 companies were announced, 200 came"):
        list(ask(server).pages(ALL))
    assert server.pages_asked() == [1, 2, 3] * 2


def test_a_list_that_shifts_again_is_not_taken_in(serve: Serve, ask: Ask) -> None:
    server = serve(250)
    for call in (1, 3):
        server.then[call] = lambda call=call: server.companies.append(  # type: ignore[misc]
            company(9990 + call, "2024-01-01")
        )
    with pytest.raises(SourceUnavailable, match=r"shifted 2 times .*251 companies became 252"):
        list(ask(server).pages(ALL))


def test_a_fetch_that_died_asks_only_for_what_lacks(serve: Serve, ask: Ask, tmp_path: Path) -> None:
    server = serve(450)
    store = PartStore(tmp_path / "parts")
    server.faults = ["", "", "", "503", "503", "503"]
    with pytest.raises(SourceUnavailable):
        list(ask(server).pages(ALL, store))
    server.queries.clear()
    assert len(set(ids(list(ask(server).pages(ALL, store))))) == 450
    assert server.pages_asked() == [4, 5]


def test_stored_pages_of_another_list_are_not_mixed_in(
    serve: Serve, ask: Ask, tmp_path: Path
) -> None:
    server = serve(450)
    store = PartStore(tmp_path / "parts")
    server.faults = ["", "", "", "html"]
    with pytest.raises(SourceUnavailable):
        list(ask(server).pages(ALL, store))
    server.companies.append(company(9999, "2024-01-01"))
    # The first list of today may still shift once, as without a store.
    server.then[6] = lambda: server.companies.append(company(9998, "2024-01-01"))
    assert len(set(ids(list(ask(server).pages(ALL, store))))) == 452


@pytest.mark.parametrize("damage", [b"", b'{"totalResults": 450, "comp', b"[]"])
def test_a_damaged_stored_page_is_fetched_again(
    serve: Serve, ask: Ask, tmp_path: Path, damage: bytes
) -> None:
    server = serve(250)
    store = PartStore(tmp_path / "parts")
    names = [page.name for page in ask(server).pages(ALL, store)]
    store.put(names[1], damage)
    server.queries.clear()
    assert len(set(ids(list(ask(server).pages(ALL, store))))) == 250
    assert server.pages_asked() == [2]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"totalResults": "12", "companies": []},
        {"totalResults": True, "companies": []},
        {"totalResults": -1, "companies": []},
        {"totalResults": 1, "companies": None},
    ],
)
def test_an_answer_of_another_form_is_refused_at_once(
    serve: Serve, ask: Ask, answer: dict[str, object]
) -> None:
    server = serve(0)
    server.answer = lambda query: answer  # type: ignore[method-assign]
    for call in (lambda p: p.count(), lambda p: list(p.pages(ALL)), lambda p: p.edition(ALL)):
        with pytest.raises(SourceUnavailable, match="no list of companies"):
            call(ask(server))
    assert len(server.queries) == 3


def test_an_absurd_total_is_not_paged_through(serve: Serve, ask: Ask) -> None:
    server = serve(150)
    honest = server.answer
    server.answer = lambda query: honest(query) | {"totalResults": 10**12}  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailable, match="plan smaller windows"):
        list(ask(server).pages(ALL))
    assert len(server.queries) == 1


def test_records_without_an_id_count_too(serve: Serve, ask: Ask) -> None:
    server = serve(0)
    broken = [{"names": []}, {"names": [1]}, 7, "seven", {"businessId": {"value": None}}]
    server.answer = lambda query: {"totalResults": 5, "companies": broken}  # type: ignore[method-assign]
    (page,) = ask(server).pages(ALL)
    assert orjson.loads(page.content)["companies"] == broken


def test_a_wrong_request_is_explained(serve: Serve, ask: Ask) -> None:
    class Odd(date):
        def isoformat(self) -> str:
            return "31.12.2025"

    with pytest.raises(SourceUnavailable, match=r"calls the request wrong \(400\)"):
        ask(serve(1)).count(Odd(2025, 12, 31))


def test_an_edition_tells_every_change_of_a_window_of_one_page(serve: Serve, ask: Ask) -> None:
    server = serve(40)
    prh = ask(server)
    first = prh.edition(ALL)
    server.companies.reverse()
    assert prh.edition(ALL) == first is not None
    server.companies[17]["endDate"] = "2025-06-30"
    assert prh.edition(ALL) not in (first, None)
    assert len(server.queries) == 3


def test_a_longer_window_has_no_edition(serve: Serve, ask: Ask) -> None:
    # One call sees the first page only: whoever ended on the second would go unnoticed.
    assert ask(serve(PAGE + 1)).edition(ALL) is None


def test_a_plan_fetches_every_company_once(serve: Serve, ask: Ask) -> None:
    server = serve(2345)
    prh = ask(server)
    windows = plan_windows(date(1896, 1, 1), date(2026, 11, 22), prh.count, max_companies=400)
    planned = len(server.queries)
    assert planned < 30
    totals = [prh.count(*window) for window in windows]
    assert max(totals) <= 400
    found = Counter(
        business_id for window in windows for business_id in ids(list(prh.pages(window)))
    )
    assert found == Counter(c["businessId"]["value"] for c in server.companies)


def test_a_plan_calls_its_windows_the_same_when_time_has_passed() -> None:
    def total_of(first: date, last: date) -> int:
        return (min(last, date(2026, 10, 31)) - max(first, date(2015, 1, 1))).days

    first = date(1896, 1, 1)
    before = plan_windows(first, date(2026, 9, 1), total_of, 100)
    after = plan_windows(first, date(2026, 12, 31), total_of, 100)
    assert before[-1].name == "2026-07-01_2026-09-01"
    assert {w.name for w in before[:-1]} <= {w.name for w in after}


def test_a_day_that_holds_too_much_stays_whole() -> None:
    day = date(1978, 3, 15)

    def total_of(first: date, last: date) -> int:
        return 20_000 if first <= day <= last else 0

    assert plan_windows(date(1896, 1, 1), date(2026, 1, 1), total_of) == [Window(day, day)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dates(date(1890, 1, 1), date(2030, 12, 31)), max_size=60),
    st.dates(date(1890, 1, 1), date(2030, 12, 31)),
    st.dates(date(1890, 1, 1), date(2030, 12, 31)),
    st.integers(1, 20),
)
def test_windows_are_in_order_and_hold_every_day_that_has_companies(
    days: list[date], one: date, other: date, most: int
) -> None:
    first, last = sorted((one, other))

    def total_of(start: date, end: date) -> int:
        assert first <= start <= end <= last
        return sum(start <= day <= end for day in days)

    windows = plan_windows(first, last, total_of, most)
    assert all(earlier.last < later.first for earlier, later in pairwise(windows))
    assert sum(total_of(*window) for window in windows) == total_of(first, last)
    for window in windows:
        assert total_of(*window) > 0
        assert total_of(*window) <= most or window.first == window.last


@pytest.mark.parametrize(("length", "most"), [(-1, 10), (10, 0)])
def test_a_plan_of_nothing_is_a_mistake(length: int, most: int) -> None:
    first = date(2025, 1, 1)
    with pytest.raises(ValueError, match="plan"):
        plan_windows(first, first + timedelta(days=length), lambda *_: 0, most)


def test_a_plan_reaches_the_end_of_the_calendar() -> None:
    windows = plan_windows(date.min, date.max, lambda a, b: (b - a).days, 10**9)
    assert windows == [Window(date.min, date.max)]
    windows = plan_windows(date(9990, 1, 1), date.max, lambda a, b: (b - a).days + 1, 100)
    assert windows[-1].last == date.max
    assert sum((w.last - w.first).days + 1 for w in windows) == 3652
