"""The main job on real input: employment service statistics 1001 of 2006-01 to 2020-10.

The files are delivered through the landing zone as a partner would: one measurement a row, areas
as names with their type in a column, Windows-1252, decimal comma. They are not part of the
repository; without them these tests are skipped.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from assets.settings import PROJECT_ROOT, Settings
from orchestration.publishing import publish
from orchestration.refresh import run_refresh
from orchestration.summary import Summary
from tests.engine import Engine
from tests.marts import query, value

FOLDER = PROJECT_ROOT.parent / "shared" / "data" / "statfin-labour-2006-2020"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FOLDER.is_dir(),
        reason="the labour statistics 2006-2020 are not beside the project (../shared/data)",
    ),
]
MEASURES = {
    "Tyottomat": "unemployed",
    "Tyovoima": "labour_force",
    "Avoimet_tyopaikat": "open_vacancies",
}
LEVELS = ("kokomaa", "maakunta", "seutukunta", "kunta")
TYPE_NAMES = {"kokomaa": "koko maa"}


def deliver(settings: Settings, level: str) -> None:
    """Drop table 1001 of a level as a `measurements` delivery of Statistics Finland."""
    target = settings.landing_dir / "statfin" / "measurements" / f"1001_{level}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        (FOLDER / f"data_{level}_1001.csv").open(encoding="utf-8") as source,
        target.open("w", encoding="cp1252", newline="") as stream,
    ):
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["mittari", "alue", "aluetaso", "jakso", "arvo"])
        for row in csv.DictReader(source):
            for column, indicator in MEASURES.items():
                writer.writerow(
                    [
                        indicator,
                        row.get(level, "Koko maa"),
                        TYPE_NAMES.get(level, level),
                        row["time"][:7],
                        row[column].replace(".", ","),
                    ]
                )


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("labour") / "home"
    made = Settings(home=home, sources="landing", today=date(2026, 11, 22), today_is_set=True)
    for level in LEVELS:
        deliver(made, level)
    return made


@pytest.fixture(scope="module")
def first(settings: Settings) -> Summary:
    return run_refresh(settings)


@pytest.fixture(autouse=True)
def _refreshed(first: Summary) -> None:
    assert first.is_published, first.text


UNEMPLOYED_2019_06 = (
    "from marts.fct_observations where indicator = 'unemployed' and period = '2019-06' "
    "and region_type = ?"
)


def test_every_row_is_understood(settings: Settings) -> None:
    assert value(settings, "select sum(rows_delivered) from marts.quality_ledger") == 71_200 * 3
    assert query(settings, "select * from marts.quality_quarantine") == []


@pytest.mark.parametrize(
    ("level", "regions", "with_value", "total"),
    [
        ("KU", 310, 308, 254_057),
        ("SK", 70, 70, 254_063),
        ("MK", 19, 19, 254_063),
        ("SSS", 1, 1, 254_176),
    ],
)
def test_unemployed_of_june_2019_are_the_offices_own_figures(
    settings: Settings, level: str, regions: int, with_value: int, total: int
) -> None:
    assert query(
        settings, f"select count(*), count(value), sum(value) {UNEMPLOYED_2019_06}", [level]
    ) == [(regions, with_value, total)]
    assert value(settings, f"select count(*) {UNEMPLOYED_2019_06} and is_derived", [level]) == 0


def test_the_country_is_no_sum_of_parts_and_the_difference_is_visible(settings: Settings) -> None:
    assert query(
        settings,
        f"select value, sum_of_parts, difference_from_parts, source {UNEMPLOYED_2019_06}",
        ["SSS"],
    ) == [(254_176, 254_063, 113, "statfin")]


def test_parts_are_summed_in_the_division_of_2020_that_the_areas_follow(
    settings: Settings,
) -> None:
    """Vaala is in MK17 from 2006 on, as the statistics have it; nobody said which division."""
    of_regions = "from marts.fct_observations where indicator = 'unemployed' and not is_derived"
    assert query(
        settings, f"select distinct division_year {of_regions} and region_type in ('SK', 'MK')"
    ) == [(2020,)]
    assert query(
        settings,
        f"select region_type, count(*), list(distinct region order by region) {of_regions} "
        "and region_type in ('SK', 'MK') and difference_from_parts <> 0 group by all",
        # Small municipalities of Åland have no figure in most months.
    ) == [("SK", 311, ["SK212", "SK213"])]


def test_the_two_empty_municipalities_are_gaps(settings: Settings) -> None:
    found = query(
        settings,
        "select region, kind from marts.quality_gaps where indicator = 'unemployed' "
        "and period = '2019-06'",
    )
    empty = query(
        settings, f"select region {UNEMPLOYED_2019_06} and value is null order by 1", ["KU"]
    )
    assert len(empty) == 2
    assert sorted(found) == [(region, "not_available") for (region,) in empty]


def test_levels_of_one_office_do_not_overlap_one_another(settings: Settings) -> None:
    assert query(settings, "select * from marts.quality_overlaps limit 5") == []
    assert value(settings, "select count(*) from marts.fct_observations where has_overlap") == 0


@pytest.mark.parametrize(
    ("region", "last_month"), [("KU099", "2020-12"), ("KU588", "2024-12"), ("SK151", "2020-12")]
)
def test_an_ended_region_has_no_gap_after_its_end(
    settings: Settings, region: str, last_month: str
) -> None:
    months = [
        row[0]
        for row in query(
            settings,
            "select distinct period from marts.quality_gaps where region = ? and "
            "indicator = 'unemployed' order by 1",
            [region],
        )
    ]
    # The deliveries end in 2020-10: what the region still lived through is absent, no more.
    assert months[-1] == last_month
    assert "2020-11" in months


def test_a_municipality_that_was_never_measured_on_its_own_is_no_gap(settings: Settings) -> None:
    """Lavia ended in 2015; the statistics follow the division of 2020 for all years."""
    assert query(settings, "select * from marts.quality_gaps where region = 'KU413'") == []


def test_rates_are_recomputed_at_every_level(settings: Settings) -> None:
    ((rate, unemployed, labour_force, is_derived),) = query(
        settings,
        """
        select rate.value, number.value, force.value, rate.is_derived
        from marts.fct_observations as rate
        join marts.fct_observations as number using (region, segment, period)
        join marts.fct_observations as force using (region, segment, period)
        where rate.indicator = 'unemployment_rate' and number.indicator = 'unemployed'
        and force.indicator = 'labour_force' and region = 'SSS' and period = '2019-06'
        """,
    )
    assert rate == pytest.approx(100 * unemployed / labour_force)
    assert is_derived


def test_ledger_balances(settings: Settings) -> None:
    assert (
        query(
            settings,
            "select * from marts.quality_ledger where rows_delivered <> "
            "rows_observed + rows_superseded + rows_overlapped + rows_quarantined",
        )
        == []
    )


def test_same_files_again_change_nothing_and_a_corrected_one_supersedes_its_keys(
    settings: Settings, tmp_path: Path
) -> None:
    """Taken in, built and published as by the job, which the first refresh has shown."""
    before = query(
        settings, "select * exclude (vintage_at) from marts.fct_observations order by all"
    )
    vintages = value(settings, "select count(*) from marts.quality_ledger")
    folder = settings.landing_dir / "statfin" / "measurements"
    again = folder / "1001_maakunta_copy.csv"
    again.write_bytes((folder / "1001_maakunta.csv").read_bytes())
    _correct(folder / "correction.csv")

    engine = Engine(settings, tmp_path)
    engine.take_in()
    engine.build()
    publish(settings, "correction", [])

    after = query(
        settings, "select * exclude (vintage_at) from marts.fct_observations order by all"
    )
    changed = {tuple(row[:4]) for row in set(after) - set(before)}
    assert changed == {
        ("unemployed", "SSS", "total", "2019-06"),
        ("unemployment_rate", "SSS", "total", "2019-06"),
        ("vacancies_per_unemployed", "SSS", "total", "2019-06"),
        ("unemployed", "KU205", "total", "2019-06"),
        ("unemployment_rate", "KU205", "total", "2019-06"),
        ("vacancies_per_unemployed", "KU205", "total", "2019-06"),
    } | {
        # the parts beside the published figures of the regions that contain Kajaani
        ("unemployed", region, "total", "2019-06")
        for region in _with_changed_parts(before, after)
    }
    assert query(settings, "select * from marts.quality_overlaps limit 5") == []
    assert value(settings, "select count(*) from marts.quality_ledger") == vintages + 1
    assert query(
        settings,
        "select rows_delivered from marts.quality_ledger where file = 'correction.csv'",
    ) == [(2,)]
    assert query(
        settings,
        "select file, rows_superseded from marts.quality_ledger where rows_superseded > 0 "
        "order by 1",
    ) == [("1001_kokomaa.csv", 1), ("1001_kunta.csv", 1)]
    history = query(
        settings,
        "select value, known_to is null from marts.fct_observation_vintages "
        "where indicator = 'unemployed' and region = 'SSS' and period = '2019-06' "
        "order by known_from",
    )
    assert history == [(254_176, False), (254_200, True)]
    assert (
        query(
            settings,
            "select * from marts.quality_ledger where rows_delivered <> "
            "rows_observed + rows_superseded + rows_overlapped + rows_quarantined",
        )
        == []
    )


def _correct(path: Path) -> None:
    path.write_text(
        "indicator,region,period,value\n"
        "unemployed,SSS,2019-06,254200\n"
        "unemployed,KU205,2019M06,2000\n",
        encoding="utf-8",
    )


def _with_changed_parts(before: list, after: list) -> set[str]:
    """Regions whose published figure stayed and whose sum of parts moved."""
    published = {tuple(row[:5]) for row in before}
    return {
        row[1]
        for row in set(after) - set(before)
        if row[0] == "unemployed" and tuple(row[:5]) in published
    }
