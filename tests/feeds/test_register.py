"""The business register up to the raw zone, run after run, against a register on this machine."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.deliveries import Arrival, Deliveries
from assets.feeds.connectors import Fetched, Remembered
from assets.feeds.descriptions import SOURCES_DIR, SourceDescription, load_source
from assets.feeds.register import AskPrh, RegisterFeed
from assets.raw.archive import NamedPart, pack
from assets.raw.content import Content
from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from assets.services.prh import Prh
from assets.settings import Settings
from assets.vocabulary import UnreadableDelivery
from tests.services.prh_server import PAGE, PrhServer, company, register_of

WHO = ("prh", "register_events")
DAY = date(2026, 11, 22)
QUICK = Patience(attempts=2, first_wait=0.01, longest_wait=0.02, deadline=20)

Serve = Callable[..., PrhServer]
Night = Callable[..., Arrival]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[PrhServer] = []

    def start(count: int = 250) -> PrhServer:
        running.append(PrhServer(register_of(count)))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Deliveries]]:
    """Deliveries of one deployment on a day; each call is another run of the platform."""
    with ExitStack() as runs:

        def open_run(server: PrhServer, day: date = DAY, **register: object) -> Deliveries:
            settings = Settings(home=tmp_path, sources="live", today=day, today_is_set=True)
            source = load_source(SOURCES_DIR / "prh.yaml")
            assert source.registry is not None
            described = source.model_dump() | {
                "service": source.service.model_dump()
                | {"base_url": server.base_url, "max_calls": 10_000},
                "registry": source.registry.model_dump() | register,
            }
            deliveries = Deliveries(
                settings, sources={"prh": SourceDescription.model_validate(described)}
            )
            object.__setattr__(deliveries.connectors, "patience", QUICK)
            return runs.enter_context(deliveries)

        yield open_run


@pytest.fixture
def night(opened: Callable[..., Deliveries]) -> Night:
    def take_in(server: PrhServer, day: date = DAY, **register: object) -> Arrival:
        return opened(server, day, **register).take_in(*WHO)

    return take_in


def pages(server: PrhServer) -> int:
    """How many pages were asked for, beside the calls that only count."""
    return sum("page" in query for query in server.queries)


def left(home: Path) -> set[str]:
    folder = home / "fetching" / "prh"
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_the_first_fetch_becomes_events_in_the_raw_zone(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve()
    server.companies[0]["endDate"] = "2026-01-31"
    live = opened(server)

    arrival = live.take_in(*WHO)

    assert arrival.outcome == "new", arrival.message
    (vintage,) = arrival.vintages
    assert (vintage.shape, vintage.rows_accepted) == ("register_events", 251)
    assert vintage.origin.startswith(server.base_url)
    assert vintage.file == "register_events.zip"
    rows = pq.read_table(live.zone.path_of(vintage)).to_pylist()
    assert sum(row["kind"] == "closed" for row in rows) == 1
    assert {row["region"] for row in rows} == {"KU205"}
    structure = live.zone.structure_of(vintage)
    assert structure is not None
    assert structure["rows"] == 250


def test_an_unchanged_register_costs_one_call(serve: Serve, night: Night) -> None:
    server = serve()
    assert night(server).outcome == "new"
    server.queries.clear()

    again = night(server, DAY + timedelta(days=1))

    assert (again.outcome, again.vintages) == ("unchanged", [])
    assert len(server.queries) == 1
    assert pages(server) == 0


def test_another_number_of_companies_is_fetched_on_the_same_day(
    serve: Serve, opened: Callable[..., Deliveries], night: Night
) -> None:
    server = serve()
    assert night(server).outcome == "new"
    server.companies.append(company(999, "2026-11-22"))

    live = opened(server)
    arrival = live.take_in(*WHO)

    # Pages of the morning would tell the old number; none of them is used again.
    assert arrival.outcome == "new", arrival.message
    assert arrival.vintages[0].rows_accepted == 251


def test_closings_are_looked_for_when_the_last_fetch_is_old_enough(
    serve: Serve, night: Night
) -> None:
    server = serve()
    assert night(server, ask_again_days=7).outcome == "new"
    server.companies[3]["endDate"] = "2026-11-23"

    assert night(server, DAY + timedelta(days=6), ask_again_days=7).outcome == "unchanged"
    arrival = night(server, DAY + timedelta(days=7), ask_again_days=7)

    assert arrival.outcome == "new", arrival.message
    assert arrival.vintages[0].rows_accepted == 251


def test_the_same_answer_after_a_week_is_no_new_vintage_and_the_next_night_asks_once(
    serve: Serve, night: Night
) -> None:
    server = serve()
    assert night(server).outcome == "new"
    assert night(server, DAY + timedelta(days=8)).outcome == "unchanged"
    server.queries.clear()
    assert night(server, DAY + timedelta(days=9)).outcome == "unchanged"
    assert len(server.queries) == 1


def test_a_changed_description_is_asked_anew(serve: Serve, night: Night) -> None:
    server = serve()
    assert night(server).outcome == "new"
    arrival = night(server, registered_from=date(2025, 6, 1))
    # Fewer companies than the last time, and somebody must say that this is meant.
    assert arrival.outcome == "failed"
    assert "accept prh register_events" in (arrival.message or "")


def test_the_days_of_the_fetch_are_those_of_finland(serve: Serve, tmp_path: Path) -> None:
    server = serve(1)
    register = load_source(SOURCES_DIR / "prh.yaml").registry
    assert register is not None
    with Caller(CallLimiter(tmp_path, "prh", max_calls=99), open_client(2, 5), QUICK) as caller:
        ask = AskPrh(
            Prh(caller, server.base_url),
            register,
            tmp_path / "parts",
            # Half past one at night in Helsinki.
            lambda: datetime(2026, 11, 21, 23, 30, tzinfo=UTC),
        )
        fetched = ask(Remembered(), None)
    assert fetched is not None
    assert fetched.remember.edition == "1 on 2026-11-22"
    assert server.queries[0]["registrationDateEnd"] == "2026-11-22"


# -- fetches that die ----------------------------------------------------------------------------


def test_a_fetch_that_died_is_resumed_on_the_same_day(
    serve: Serve, night: Night, tmp_path: Path
) -> None:
    server = serve(450)
    # The plan is one call and pages one to three follow it and the first count.
    server.faults += ["", "", "", "", "html"]
    assert night(server).outcome == "failed"
    fetched = left(tmp_path)
    assert len([name for name in fetched if name.endswith(".json")]) == 2
    asked = pages(server)

    arrival = night(server)

    assert arrival.outcome == "new", arrival.message
    assert arrival.vintages[0].rows_accepted == 450
    # Five pages; those two that had come were not asked for again.
    assert pages(server) - asked == 5 - 2


def test_pages_of_another_day_are_not_used(serve: Serve, night: Night, tmp_path: Path) -> None:
    server = serve(450)
    server.faults += ["", "", "", "", "html"]
    assert night(server).outcome == "failed"
    asked = pages(server)

    tomorrow = DAY + timedelta(days=1)
    assert night(server, tomorrow).outcome == "new"

    assert pages(server) - asked == 5
    folders = {path.name for path in (tmp_path / "fetching/prh/register_events").iterdir()}
    assert DAY.isoformat() not in folders


def test_a_run_that_died_before_its_vintage_was_written_fetches_no_page_again(
    serve: Serve, opened: Callable[..., Deliveries], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(250)

    def killed(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    live = opened(server)
    monkeypatch.setattr(live.zone, "write", killed)
    assert live.take_in(*WHO).outcome == "failed"
    asked = pages(server)

    arrival = opened(server).take_in(*WHO)

    assert arrival.outcome == "new", arrival.message
    assert pages(server) == asked == 3


def test_nothing_of_a_fetch_is_left_once_the_next_run_knows_that_it_was_taken_in(
    serve: Serve, night: Night, tmp_path: Path
) -> None:
    server = serve(250)
    assert night(server).outcome == "new"
    assert night(server, DAY + timedelta(days=1)).outcome == "unchanged"
    assert left(tmp_path) == set()


def test_an_archive_is_overwritten_by_a_smaller_one(
    serve: Serve, opened: Callable[..., Deliveries], tmp_path: Path
) -> None:
    server = serve(250)
    assert opened(server).take_in(*WHO).outcome == "new"
    del server.companies[-5:]
    live = opened(server)
    arrival = live.take_in(*WHO)
    assert arrival.outcome == "new", arrival.message
    with live.zone.delivered(arrival.vintages[0]) as (content, extension):
        assert extension == "zip"
        assert content.digest == arrival.vintages[0].content_hash


def test_a_folder_that_cannot_be_written_is_said(
    serve: Serve, night: Night, tmp_path: Path
) -> None:
    (tmp_path / "fetching").mkdir()
    (tmp_path / "fetching" / "prh").write_text("in the way")
    arrival = night(serve(5))
    assert arrival.outcome == "failed"
    assert "Make the folder writable" in (arrival.message or "")


# -- editions that look different ----------------------------------------------------------------


def test_a_register_that_shrank_is_held_until_it_is_accepted(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(250)
    assert opened(server).take_in(*WHO).outcome == "new"
    del server.companies[100:]
    live = opened(server, DAY + timedelta(days=1))

    arrival = live.take_in(*WHO)

    assert arrival.outcome == "failed"
    assert "100 rows, 40% of the 250 before" in (arrival.message or "")
    assert len(live.zone.vintages(*WHO)) == 1
    # The next night asks once and still says what waits.
    server.queries.clear()
    later = opened(server, DAY + timedelta(days=2))
    assert "waits in quarantine" in (later.take_in(*WHO).message or "")
    assert len(server.queries) == 1

    (vintage,) = later.accept(*WHO, "the register was cleaned up")

    assert vintage.rows_accepted == 100
    assert opened(server, DAY + timedelta(days=3)).take_in(*WHO).outcome == "unchanged"


def test_a_register_that_grew_is_taken_in(serve: Serve, night: Night) -> None:
    server = serve(150)
    assert night(server).outcome == "new"
    server.companies += [company(n, "2026-11-01") for n in range(500, 600)]
    arrival = night(server, DAY + timedelta(days=1))
    assert arrival.outcome == "new", arrival.message
    assert arrival.vintages[0].rows_accepted == 250


# -- reading -------------------------------------------------------------------------------------


def feed_of(deliveries: Deliveries) -> RegisterFeed:
    feed = deliveries.feed(*WHO)
    assert isinstance(feed, RegisterFeed)
    return feed


def fetched_of(*parts: NamedPart) -> Fetched:
    content, extension = pack(parts)
    return Fetched(content, extension, "https://example.org", datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    "page", [b"[]", b"{}", b"<html>", b'{"totalResults": "many", "companies": []}']
)
def test_an_answer_that_is_no_page_is_refused(
    serve: Serve, opened: Callable[..., Deliveries], page: bytes
) -> None:
    feed = feed_of(opened(serve(1)))
    with pytest.raises(UnreadableDelivery, match="is no page of the business register"):
        feed.read(fetched_of(NamedPart("part.json", page)))


def test_an_archive_that_was_cut_is_refused(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    feed = feed_of(opened(serve(1)))
    fetched = fetched_of(NamedPart("a_0001.json", b"{}"), NamedPart("a_0002.json", b"{}"))
    cut = replace(fetched, content=Content(fetched.content.read()[:50]))
    with pytest.raises(UnreadableDelivery, match="damaged"):
        feed.read(cut)


def test_a_register_without_a_company_is_a_delivery_without_rows(
    serve: Serve, night: Night
) -> None:
    arrival = night(serve(0))
    assert arrival.outcome == "new", arrival.message
    assert arrival.vintages[0].rows_delivered == 0


def test_memory_does_not_hold_all_pages(serve: Serve, opened: Callable[..., Deliveries]) -> None:
    """Ten times the pages, fetched, packed and totalled, need no more than a page or two more."""

    def peak_of(count: int, day: date) -> int:
        server = serve(count)
        for record in server.companies:
            record["names"] = [{"name": "x" * 4_000, "type": "1", "version": 1}]
        feed = feed_of(opened(server, day))
        tracemalloc.start()
        try:
            fetched = feed.fetch(Remembered(), None)
            assert fetched is not None
            feed.read(fetched)  # its batches wait to be consumed
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # The server answers in this process too, so a page counts several times, but not each page.
    small, large = peak_of(3 * PAGE, DAY), peak_of(30 * PAGE, DAY + timedelta(days=1))
    assert large < 2 * small + 2_000_000


def test_a_problem_of_the_service_is_told_in_words(serve: Serve, night: Night) -> None:
    server = serve(5)
    server.faults += ["503"] * 4
    arrival = night(server)
    assert arrival.outcome == "failed"
    assert "could not be read, 2 times in a row" in (arrival.message or "")
