"""`TILANNEKUVA_SOURCES=live` up to the raw zone, against real servers on this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.catalogue import Catalogue
from assets.deliveries import Arrival, Deliveries
from assets.deliveries.from_feeds import FeedDeliveries, TableFeed
from assets.errors import TilannekuvaError
from assets.feeds.connectors import Fetched, Remembered
from assets.feeds.descriptions import SourceDescription, TableDescription
from assets.raw.content import Content
from assets.raw.zone import RawZone
from assets.services.http import Patience
from assets.settings import Settings
from tests.services.pxweb_server import PxWebServer

VARIABLES = {
    "Alue": ["SSS", "KU091", "SK011", "MK01", "ELY01", "KU999"],
    "timeperiod_m": [f"2025M{month:02d}" for month in range(1, 13)],
    "contentscode": ["TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"],
}
WHO = ("statfin", "tyonv_12r5")
Serve = Callable[..., PxWebServer]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, sources="live", today=date(2026, 11, 22), today_is_set=True)


@pytest.fixture
def opened(settings: Settings, statfin: SourceDescription) -> Iterator[Callable[..., Deliveries]]:
    """Deliveries of one deployment against a server; each call is another run of the platform."""
    with ExitStack() as runs:

        def open_run(server: PxWebServer, **table: object) -> Deliveries:
            service = statfin.service.model_copy(update={"base_url": server.base_url})
            entry = statfin.tables[0].model_copy(update=table)
            source = statfin.model_copy(update={"service": service, "tables": [entry]})
            source = SourceDescription.model_validate(source.model_dump(exclude_unset=True))
            deliveries = Deliveries(settings, sources={"statfin": source})
            object.__setattr__(
                deliveries.connectors, "patience", Patience(attempts=2, first_wait=0.01)
            )
            return runs.enter_context(deliveries)

        yield open_run


def attempt(deliveries: Deliveries) -> Arrival:
    return deliveries.take_in(*WHO)


def test_a_table_is_fetched_in_chunks_into_one_vintage(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES, max_cells=60)
    live = opened(server)

    arrival = attempt(live)

    assert arrival.outcome == "new", arrival.message
    (vintage,) = arrival.vintages
    # 4 known areas x 12 months x 3 measures, and one area that the catalogue does not know; the
    # ELY centre is declared as left out
    assert vintage.rows_accepted == 4 * 12 * 3
    assert vintage.rows_quarantined == 12 * 3
    assert vintage.rows_delivered == vintage.rows_accepted + vintage.rows_quarantined
    assert vintage.origin.startswith(server.base_url)
    assert not vintage.is_sample
    rows = pq.read_table(live.zone.path_of(vintage)).to_pylist()
    assert {row["period"] for row in rows} == {f"2025-{m:02d}" for m in range(1, 13)}
    assert {row["region"] for row in rows} == {"SSS", "KU091", "SK011", "MK01"}
    assert {row["indicator"] for row in rows} == {"unemployed", "labour_force", "open_vacancies"}


def test_the_raw_answer_is_kept_with_what_the_table_looks_like(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    live = opened(serve(VARIABLES, max_cells=60))
    (vintage,) = attempt(live).vintages
    folder = live.zone.path_of(vintage).parent
    assert {path.name for path in folder.iterdir()} == {
        "table_cells.parquet",
        "delivery.zip.gz",
        "vintage.json",
        "structure.json",
    }
    structure = live.zone.structure_of(vintage)
    assert structure is not None
    assert structure["variables"]["area"] == "Alue"
    assert structure["rows"] == 5 * 12 * 3


def test_an_unchanged_table_costs_one_call_and_no_vintage(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES, max_cells=60)
    assert attempt(opened(server)).outcome == "new"
    before = len(server.calls)

    again = attempt(opened(server))

    assert (again.outcome, again.vintages) == ("unchanged", [])
    assert len(server.calls) - before == 1


def test_a_new_stamp_on_old_figures_is_no_new_vintage_of_other_figures(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES)
    assert attempt(opened(server)).outcome == "new"
    server.updated = "2026-11-01T06:00:00Z"
    assert attempt(opened(server)).outcome == "new"
    assert attempt(opened(server)).outcome == "unchanged"


def test_a_changed_description_is_asked_and_read_anew(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES)
    assert attempt(opened(server)).outcome == "new"
    arrival = attempt(opened(server, since="2025-07"))
    # Half of the periods are gone, and somebody must say that this is meant.
    assert arrival.outcome == "failed"
    assert "codes of time are gone" in (arrival.message or "")


def test_an_edition_that_looks_different_waits_until_it_is_accepted(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES)
    assert attempt(opened(server)).outcome == "new"
    renamed = {"alue_23_20260101" if k == "Alue" else k: v for k, v in VARIABLES.items()}
    other = serve(renamed)
    other.updated = "2027-01-01T06:00:00Z"
    live = opened(other)

    for _ in range(2):
        arrival = attempt(live)
        assert arrival.outcome == "failed"
        assert "the area classification is that of 2026-01-01" in (arrival.message or "")
        assert "orchestration accept statfin tyonv_12r5" in (arrival.message or "")
    assert len(live.zone.vintages(*WHO)) == 1
    live.zone.write_index()
    (told,) = (
        row
        for row in pq.read_table(live.zone.root / "_index" / "quarantine.parquet").to_pylist()
        if row["line"] == 0
    )
    # The second answer of that name.
    assert told["file"] == "statfin/tyonv_12r5/tyonv_12r5.json~2"
    assert "looks different" in told["reason"]
    assert "aluejako on päivältä 2026-01-01 (…), aiemmin ei tiedossa (Alue)" in told["reason_fi"]

    (vintage,) = live.accept(*WHO, "the division of 2026 is in force")

    assert "Accepted: the division of 2026 is in force" in (vintage.notes or "")
    assert [v.vintage for v in live.zone.vintages(*WHO)][-1] == vintage.vintage
    assert attempt(live).outcome == "unchanged"
    with pytest.raises(TilannekuvaError, match="No edition of statfin/tyonv_12r5 waits"):
        live.accept(*WHO, "again")
    live.zone.write_index()
    left = pq.read_table(live.zone.root / "_index" / "quarantine.parquet").to_pylist()
    assert all(row["line"] for row in left)


def test_what_waits_is_overtaken_by_an_edition_that_looks_right(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES)
    assert attempt(opened(server)).outcome == "new"
    broken = serve(VARIABLES | {"Alue": ["SSS"]})
    broken.updated = "2026-11-01T06:00:00Z"
    live = opened(broken)
    assert attempt(live).outcome == "failed"

    server.updated = "2026-11-02T06:00:00Z"
    mended = opened(server)
    assert attempt(mended).outcome == "new"
    with pytest.raises(TilannekuvaError, match="waits to be accepted"):
        mended.accept(*WHO, "too late")


def test_a_fetch_that_died_goes_on_with_what_it_lacks(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES, max_cells=60)
    server.faults += ["", "", "html"]
    assert attempt(opened(server)).outcome == "failed"

    arrival = attempt(opened(server))

    assert arrival.outcome == "new", arrival.message
    asked = Counter(
        tuple(query["timeperiod_m"]) for query in server.queries if len(query["Alue"]) > 1
    )
    # Three parts of four months; only the one whose answer was spoilt was asked for again.
    assert sorted(asked.values()) == [1, 1, 2]


def test_a_service_that_is_down_fails_with_words_and_costs_no_vintage(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    server = serve(VARIABLES)
    assert attempt(opened(server)).outcome == "new"
    server.updated = "2026-12-01T06:00:00Z"
    server.max_cells = 0  # from now on the service says that it allows nothing
    live = opened(server)

    arrival = attempt(live)

    assert arrival.outcome == "failed"
    assert arrival.message
    assert len(live.zone.vintages(*WHO)) == 1
    (record,) = live.zone.attempts.all()
    assert record["outcome"] == "failed"


def test_nothing_that_waits_and_no_such_feed_are_said(
    serve: Serve, opened: Callable[..., Deliveries]
) -> None:
    live = opened(serve(VARIABLES))
    with pytest.raises(TilannekuvaError, match="those are: statfin tyonv_12r5"):
        live.accept("evk", "tyonv_12r5", "why not")
    with pytest.raises(TilannekuvaError, match="No file in landing/evk/measurements/ waits"):
        live.accept("evk", "measurements", "why not")


# --- A changed description of an unchanged table ----------------------------------------------


def test_leaving_out_more_or_less_of_an_unchanged_table_makes_it_wait_for_nobody(
    serve: Serve, opened: Callable[..., Deliveries], statfin: SourceDescription
) -> None:
    areas = statfin.areas
    assert areas is not None
    narrower = areas.model_copy(
        update={"accept": ["SSS"], "leave_out": [*areas.leave_out, r"(KU|SK|MK)\d+"]}
    )
    server = serve(VARIABLES)
    assert attempt(opened(server)).outcome == "new"
    fewer = attempt(opened(server, areas=narrower))
    assert fewer.outcome == "new", fewer.message
    assert fewer.vintages[0].rows_accepted == 12 * 3
    again = attempt(opened(server, areas=areas))
    assert again.outcome == "new", again.message
    assert again.vintages[0].rows_accepted == 4 * 12 * 3


class _OneFile:
    """A connector that answers with one file."""

    def __init__(self, content: bytes, at: datetime) -> None:
        self.content, self.at = content, at

    def fetch(self, table: TableDescription, last: Remembered, progress: object = None) -> Fetched:
        return Fetched(Content(self.content), "csv", "https://example.test/x.csv", self.at)


def test_a_value_under_embargo_is_taken_in_once_it_has_ended(settings: Settings) -> None:
    table = TableDescription.model_validate(
        {
            "source": "eurostat",
            "service": {"kind": "file", "base_url": "https://example.test"},
            "licence": "reuse",
            "contact": "somebody",
            "dataset": "gdp",
            "id": "gdp",
            "title": "GDP",
            "page": "https://example.test",
            "cadence": "A",
            "format": "sdmx-csv",
            "variables": {"area": ["geo"], "time": ["TIME_PERIOD"]},
            "contents": [{"indicator": "regional_gdp", "unit": "MEUR"}],
            "areas": {"codes": {"FI": "SSS", "FI1D8": "MK18"}},
        }
    )
    content = (
        b"geo,TIME_PERIOD,OBS_VALUE,EMBARGO_TIME\nFI,2022,273100,\n"
        b"FI1D8,2022,2301.5,2026-12-24T07:00:00+02:00\n"
    )

    def attempt_on(day: date) -> Arrival:
        of_the_day = replace(settings, today=day)
        zone = RawZone(of_the_day, "catalogue")
        moment = of_the_day.now()
        feed = TableFeed(table, Catalogue.load(), _OneFile(content, moment))
        arrival = Arrival("eurostat", "gdp")
        FeedDeliveries(zone).take_in(feed, arrival)
        return arrival

    before = attempt_on(date(2026, 11, 22)).vintages[0]
    assert (before.rows_accepted, before.rows_quarantined) == (1, 1)
    assert attempt_on(date(2026, 12, 23)).vintages == []
    (after,) = attempt_on(date(2026, 12, 25)).vintages
    assert (after.rows_accepted, after.rows_quarantined) == (2, 0)
    assert attempt_on(date(2026, 12, 26)).vintages == []
