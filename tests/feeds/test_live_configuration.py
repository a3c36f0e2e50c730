"""Every described table, asked of a service on this machine that looks as users recorded it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assets.catalogue import Catalogue
from assets.deliveries import Arrival, Deliveries
from assets.feeds.descriptions import SourceDescription, load_sources, load_tables
from assets.raw.vintages import Vintage
from assets.services.http import Patience
from assets.settings import PROJECT_ROOT, Settings
from tests.conftest import TODAY
from tests.services.eurostat_server import EurostatServer
from tests.services.local_service import Canned
from tests.services.prh_server import PrhServer, register_of
from tests.services.pxweb_server import PxWebServer, ServedTable
from tests.services.sotkanet_server import POPULATION, SotkanetServer

Variables = dict[str, list[str]]
Open = Callable[[Mapping[str, str]], Deliveries]

SOURCES = load_sources()
STATFIN = {table.dataset: table for table in SOURCES["statfin"].described_tables}

YEARS = ["2014", "2015", "2024", "2025"]
QUARTERS = ["2014Q4", "2015Q1", "2026Q2"]
KUNNAT = ["SSS", "KU091", "KU205", "KU478"]
AGES, SEXES = ["SSS", "000", "100-"], ["SSS", "1", "2"]
SURVEY = ["Tyovoima", "Tyolliset", "Tyottomyysaste"]
TYONV = ["HAKIJALOPUSSA", "TYOTTOMATLOPUSSA", "TYOVOIMATK", "TYOTOSUUS", "AVPAIKATLOPUSSA"]

#: Variables and some of their values since 8.6.2026, by table.
NOW: dict[str, Variables] = {
    "tyonv_12r5": {
        "Alue": ["SSS", "MA1", "MK18", "SK181", "KU205", "ELY14"],
        "timeperiod_m": ["2009M01", "2026M06"],
        "contentscode": TYONV,
    },
    "tyti_13lx": {
        "timeperiod_q": QUARTERS,
        "alue_23_20180101": ["SSS", "MK01", "MK21"],
        "contentscode": [*(f"tyti-{code}" for code in SURVEY), "Tyollisyysaste_15_64"],
    },
    "tyti_137i": {
        "timeperiod_q": QUARTERS,
        "sukupuoli_9_20180101": SEXES,
        "suuralue_1_20120101": ["SSS", "SA1", "SA4"],
        "contentscode": ["tyti-Tyolliset", "tyti-Tyottomat"],
    },
    "aly_11yq": {
        "timeperiod_q": QUARTERS,
        "alue_23_20260101": KUNNAT,
        "toimiala_79_20180101": ["SSS", "A", "F"],
        "contentscode": ["aly-aloittaneita", "aly-lopettaneita", "yrityskanta"],
    },
    "alyr_13wz": {
        "timeperiod_y": YEARS,
        "kunta_1_20240101": KUNNAT,
        "contentscode": ["alyr-Tplukumaara2", "alyr-Henkilosto2", "alyr-Liikevaihto2"],
    },
    "tkke_13tn": {
        "timeperiod_y": YEARS,
        "alue_23_20240101": ["SSS", "MK01", "MK18"],
        "tkke_sektori_1_20010101": ["SSS", "yri", "julk_yvt", "korkeak"],
        "contentscode": ["tkke-tk_menot", "tkke-tk_hlomaara", "tkke-tk_htv"],
    },
    "vaerak_11re": {
        "alue_23_20260101": KUNNAT,
        "ikaryhma_10_20180101": AGES,
        "sukupuoli_9_20180101": SEXES,
        "timeperiod_y": YEARS,
        "contentscode": ["vaerak-vaesto"],
    },
    "vaenn_14wx": {
        "alue_23_20240101": KUNNAT,
        "timeperiod_y": ["2024", "2045"],
        "sukupuoli_9_20180101": SEXES,
        "ikaryhma_10_20180101": AGES,
        "contentscode": ["vaesto_e24"],
    },
}
#: And before; the archive still has them so.
BEFORE: dict[str, Variables] = {
    "tyonv_12r5": {
        "Alue": ["SSS", "MA1", "MK18", "SK181", "KU205", "ELY14"],
        "Kuukausi": ["2009M01", "2026M04"],
        "Tiedot": TYONV,
    },
    "tyti_13lx": {
        "Vuosineljännes": QUARTERS,
        "Maakunta": ["SSS", "MK01", "MK21"],
        "Tiedot": [*SURVEY, "Tyollisyysaste_15_64"],
    },
    "tyti_137i": {
        "Vuosineljännes": QUARTERS,
        "Sukupuoli": SEXES,
        "Suuralue 2012": ["SSS", "SA1", "SA2", "SA3", "SA4"],
        "Tiedot": ["Tyottomat"],
    },
    "aly_11yq": {
        "Vuosineljännes": QUARTERS,
        "Kunta": KUNNAT,
        "Toimiala": ["SSS", "A", "F"],
        "Tiedot": ["aloittaneita", "lopettaneita", "yrityskanta"],
    },
    "alyr_13wz": {
        "Vuosi": YEARS,
        "Kunta": KUNNAT,
        "Tiedot": ["Tplukumaara2", "Henkilosto2", "Liikevaihto2"],
    },
    "tkke_13tn": {
        "Vuosi": YEARS,
        "Alue": ["SSS", "MK01", "MK18"],
        "Sektori": ["SSS", "yri", "julk_yvt", "korkeak"],
        "Tiedot": ["tk_menot", "tk_hlomaara", "tk_htv"],
    },
    "vaerak_11re": {
        "Vuosi": YEARS,
        "Alue": KUNNAT,
        "Ikä": AGES,
        "Sukupuoli": SEXES,
        "Tiedot": ["vaesto"],
    },
    "vaenn_14wx": {
        "Alue": KUNNAT,
        "Vuosi": ["2024", "2045"],
        "Sukupuoli": SEXES,
        "Ikä": AGES,
        "Tiedot": ["vaesto_e24"],
    },
}
#: Cells that are taken of each table above: areas by periods by measures.
TAKEN = {
    "tyonv_12r5": 4 * 2 * 3,
    "tyti_13lx": 3 * 2 * 3,
    "tyti_137i": 1 * 2 * 1,
    "aly_11yq": 4 * 2 * 2,
    "alyr_13wz": 4 * 3 * 3,
    "tkke_13tn": 3 * 3 * 1,
    "vaerak_11re": 4 * 3 * 1,
    "vaenn_14wx": 4 * 2 * 1,
}


@pytest.fixture
def running() -> Iterator[Callable[[Any], Any]]:
    """Hand a started service over; it ends with the test."""
    with ExitStack() as services:

        def take(service: Any) -> Any:
            services.callback(service.close)
            return service

        yield take


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Deliveries of one live deployment, the given sources pointed at services of this machine."""
    settings = Settings(home=tmp_path, sources="live", today=TODAY, today_is_set=True)
    with ExitStack() as runs:

        def open_run(addresses: Mapping[str, str]) -> Deliveries:
            deliveries = Deliveries(
                settings,
                sources={name: _pointed_at(SOURCES[name], url) for name, url in addresses.items()},
            )
            hasty = Patience(attempts=2, first_wait=0.01, longest_wait=0.02)
            object.__setattr__(deliveries.connectors, "patience", hasty)
            return runs.enter_context(deliveries)

        yield open_run


def _pointed_at(source: SourceDescription, base_url: str) -> SourceDescription:
    service = source.service.model_copy(update={"base_url": base_url})
    moved = source.model_copy(update={"service": service})
    return SourceDescription.model_validate(moved.model_dump(exclude_unset=True))


def statfin_with(tables: Mapping[str, Variables]) -> PxWebServer:
    server = PxWebServer(max_calls=1000)
    for dataset, variables in tables.items():
        server.add(ServedTable(STATFIN[dataset].id, variables))
    return server


def rows_of(deliveries: Deliveries, vintage: Vintage) -> list[dict[str, Any]]:
    return pq.read_table(deliveries.zone.path_of(vintage)).to_pylist()


# -- StatFin, table by table ----------------------------------------------------------------


def test_every_table_is_tried_here_in_both_forms() -> None:
    assert set(STATFIN) == set(NOW) == set(BEFORE) == set(TAKEN)


@pytest.mark.parametrize("form", [NOW, BEFORE], ids=["now", "before"])
@pytest.mark.parametrize("dataset", STATFIN)
def test_a_table_gives_rows_that_the_catalogue_takes(
    running: Callable[[Any], Any], opened: Open, dataset: str, form: dict[str, Variables]
) -> None:
    server: PxWebServer = running(statfin_with({dataset: form[dataset]}))
    live = opened({"statfin": server.base_url})

    arrival = live.take_in("statfin", dataset)

    assert arrival.outcome == "new", arrival.message
    (vintage,) = arrival.vintages
    assert (vintage.rows_accepted, vintage.rows_quarantined) == (TAKEN[dataset], 0)
    rows = rows_of(live, vintage)
    table = STATFIN[dataset]
    indicators = Catalogue.load().indicators
    assert {row["indicator"] for row in rows} == {content.indicator for content in table.contents}
    for row in rows:
        indicator = indicators[row["indicator"]]
        assert row["freq"] == indicator.cadence == table.cadence
        assert row["region"].rstrip("0123456789") in indicator.levels
        assert row["obs_status"] == ("F" if dataset == "vaenn_14wx" else "A")
        # The unit of the row is one that the catalogue turns into that of the indicator.
        assert Catalogue.load().units[row["unit"]].base_unit == indicator.unit


@pytest.mark.parametrize("dataset", STATFIN)
def test_no_more_is_asked_for_than_is_taken(
    running: Callable[[Any], Any], opened: Open, dataset: str
) -> None:
    server: PxWebServer = running(statfin_with({dataset: NOW[dataset]}))
    assert opened({"statfin": server.base_url}).take_in("statfin", dataset).outcome == "new"
    asked = 1
    for values in server.queries[-1].values():
        asked *= len(values)
    assert asked == TAKEN[dataset]


def test_a_vintage_of_the_area_classification_need_not_be_described(
    running: Callable[[Any], Any], opened: Open
) -> None:
    next_year = {
        code.replace("alue_23_20260101", "alue_23_20270101"): values
        for code, values in NOW["vaerak_11re"].items()
    }
    server = running(statfin_with({"vaerak_11re": next_year}))
    arrival = opened({"statfin": server.base_url}).take_in("statfin", "vaerak_11re")
    assert arrival.outcome == "new", arrival.message


def test_a_projection_of_a_municipality_that_has_ended_is_seen_not_lost(
    running: Callable[[Any], Any], opened: Open
) -> None:
    division_of_2024 = NOW["vaenn_14wx"] | {"alue_23_20240101": ["SSS", "KU507", "KU588"]}
    server = running(statfin_with({"vaenn_14wx": division_of_2024}))
    arrival = opened({"statfin": server.base_url}).take_in("statfin", "vaenn_14wx")
    # Pertunmaa has a figure for 2024, and none after it was merged.
    assert (arrival.rows_delivered, arrival.rows_quarantined) == (6, 1)
    ((_, _, column, reason),) = arrival.samples
    assert column == "region"
    assert "KU588 Pertunmaa ended on 2025-01-01" in reason


def test_figures_that_a_small_sample_does_not_bear_are_not_available(
    running: Callable[[Any], Any], opened: Open
) -> None:
    server: PxWebServer = running(PxWebServer(max_calls=1000))
    server.add(
        ServedTable(
            STATFIN["tyti_13lx"].id,
            NOW["tyti_13lx"],
            value=lambda codes: None if codes["alue_23_20180101"] == "MK21" else 7.5,
        )
    )
    live = opened({"statfin": server.base_url})
    (vintage,) = live.take_in("statfin", "tyti_13lx").vintages
    told = {(row["region"], row["value"], row["obs_status"]) for row in rows_of(live, vintage)}
    assert told == {("SSS", 7.5, "A"), ("MK01", 7.5, "A"), ("MK21", None, "O")}


def test_a_table_whose_codes_do_not_fit_fails_alone_and_names_them(
    running: Callable[[Any], Any], opened: Open
) -> None:
    renamed = NOW | {"alyr_13wz": NOW["alyr_13wz"] | {"contentscode": ["lkm", "htv", "lv"]}}
    server = running(statfin_with(renamed))
    live = opened({"statfin": server.base_url})

    deliveries = {dataset: live.take_in("statfin", dataset) for dataset in STATFIN}

    outcomes = {dataset: arrival.outcome for dataset, arrival in deliveries.items()}
    assert outcomes == dict.fromkeys(STATFIN, "new") | {"alyr_13wz": "failed"}
    message = deliveries["alyr_13wz"].message or ""
    assert "establishments" in message
    assert "lkm, htv, lv" in message
    assert "orchestration doctor statfin" in message


def test_survey_and_register_are_never_one_indicator() -> None:
    fed: dict[str, set[str]] = {}
    for table in load_tables().values():
        statistic = table.dataset.partition("_")[0]
        for content in table.contents:
            fed.setdefault(content.indicator, set()).add(statistic)
    survey = {indicator for indicator, statistics in fed.items() if "tyti" in statistics}
    assert survey
    assert all(fed[indicator] == {"tyti"} for indicator in survey)
    assert all(indicator.endswith("_survey") for indicator in survey)


def test_an_entry_is_confirmed_or_says_what_is_not() -> None:
    entries = [entry for source in SOURCES.values() for entry in source.entries]
    neither = [e.dataset for e in entries if not e.confirmed_on and not e.unconfirmed]
    both = [e.dataset for e in entries if e.confirmed_on and e.unconfirmed]
    assert (neither, both) == ([], [])


def test_the_page_on_live_sources_tells_every_table_and_what_it_feeds() -> None:
    page = (PROJECT_ROOT / "docs" / "live-sources.md").read_text(encoding="utf-8")
    told = {}
    for line in page.splitlines():
        source, dataset, _, feeds, *_ = [*line.strip("| ").split(" | "), "", "", "", ""]
        if source.strip("`") in SOURCES:
            told[source.strip("`"), dataset.strip("`")] = re.findall(r"`(\w+)`", feeds)
    described = {
        (table.source, table.dataset): [content.indicator for content in table.contents]
        for table in load_tables().values()
    }
    events = [
        indicator.indicator
        for indicator in Catalogue.load().indicators.values()
        if indicator.event_dataset == "register_events"
    ]
    assert told == described | {("prh", "register_events"): events}


# -- All sources together -------------------------------------------------------------------


def all_services(running: Callable[[Any], Any]) -> dict[str, Any]:
    gdp = next(t for t in SOURCES["eurostat"].described_tables if t.dataset == "gdp_regions")
    return {
        "statfin": running(statfin_with(NOW)),
        "eurostat": running(
            EurostatServer(
                gdp.id,
                {"freq": ["A"], "unit": ["MIO_EUR", "MIO_PPS"], "geo": [*gdp.areas.codes, "SE110"]},
                [str(year) for year in range(2000, 2025)],
            )
        ),
        "sotkanet": running(SotkanetServer({127: POPULATION})),
        "prh": running(PrhServer(register_of(40))),
    }


def refresh(deliveries: Deliveries) -> dict[tuple[str, str], Arrival]:
    """One night: everything that is asked for, one after the other."""
    return {(s, d): deliveries.take_in(s, d) for s, d in deliveries.datasets if (s, d) in ENTRIES}


ENTRIES = {
    (source.source, entry.dataset) for source in SOURCES.values() for entry in source.entries
}


@pytest.mark.parametrize("down", SOURCES)
def test_one_source_down_never_stops_another(
    running: Callable[[Any], Any], opened: Open, down: str
) -> None:
    services = all_services(running)
    addresses = {name: service.base_url for name, service in services.items()}
    # Nobody listens there any more.
    gone = Canned({})
    gone.close()
    broken = addresses | {down: addresses[down].replace(_origin(addresses[down]), gone.origin)}

    night = refresh(opened(broken))

    assert set(night) == ENTRIES
    for (source, dataset), arrival in night.items():
        expected = "failed" if source == down else "new"
        assert arrival.outcome == expected, (source, dataset, arrival.message)
    told = [arrival.message for (source, _), arrival in night.items() if source == down]
    assert all(told)

    # The next night it is back, and only it has something new.
    again = refresh(opened(addresses))
    assert {source for (source, _), arrival in again.items() if arrival.outcome == "new"} == {down}
    assert not [key for key, arrival in again.items() if arrival.outcome == "failed"]


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def test_the_other_sources_give_rows_that_the_catalogue_takes(
    running: Callable[[Any], Any], opened: Open
) -> None:
    services = all_services(running)
    live = opened({name: service.base_url for name, service in services.items()})

    (gdp,) = live.take_in("eurostat", "gdp_regions").vintages
    assert gdp.rows_quarantined == 0
    rows = rows_of(live, gdp)
    assert {(row["indicator"], row["unit"], row["freq"]) for row in rows} == {
        ("regional_gdp", "MEUR", "A")
    }
    assert {row["region"] for row in rows} == {"SSS"} | {
        f"MK{n:02d}" for n in (1, 2, 4, 5, 6, 7, 8, 9, *range(10, 20), 21)
    }
    assert {row["period"] for row in rows} == {str(year) for year in range(2015, 2025)}

    (population,) = live.take_in("sotkanet", "population_127").vintages
    rows = rows_of(live, population)
    assert {row["region"] for row in rows} == {"SSS", "KU091", "KU837"}
    assert {row["indicator"] for row in rows} == {"population"}
    assert min(row["period"] for row in rows) == "2015"
    # The list of regions lacks one id; its rows are quarantined, one a year.
    assert population.rows_quarantined == len({row["period"] for row in rows})

    (events,) = live.take_in("prh", "register_events").vintages
    assert events.rows_accepted == 40
    assert {row["happened_on"].year for row in rows_of(live, events)} == {2024, 2025}
    assert max(row["happened_on"] for row in rows_of(live, events)) < date(2026, 1, 1)
