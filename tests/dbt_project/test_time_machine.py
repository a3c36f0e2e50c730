"""The region time machine on real divisions and real figures.

The labour statistics of 2006 to 2020 are figures of the division of 2020; they are asked in
those of 2013 and 2026 and held against sums that are reckoned here from the published files.
Openings of enterprises stand in the division of their quarter.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from assets.errors import TilannekuvaError
from assets.settings import DBT_PROJECT_DIR, Settings
from orchestration.commands.series import Cell, command, read_series
from orchestration.publishing import publish
from tests.conftest import TODAY
from tests.engine import Engine

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
KEY = DATA / "regions" / "municipality_key_2013_2026.csv"
LABOUR = DATA / "statfin-labour-2006-2020"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (KEY.exists() and LABOUR.is_dir()),
        reason="the regional keys and the labour statistics are not beside the project",
    ),
]
MONTHS = ("2013-01", "2019-06", "2020-10")
MEASURES = {"unemployed": "Tyottomat", "labour_force": "Tyovoima"}
LEVELS = {"kunta": "KU", "seutukunta": "SK", "maakunta": "MK", "kokomaa": "SSS"}
#: Counted from the yearly keys.
MUNICIPALITIES = dict(
    zip(
        range(2013, 2027),
        (320, 320, 317, 313, 311, 311, 311, 310, 309, 309, 309, 309, 308, 308),
        strict=True,
    )
)
#: Merged away, with the last year and the successor.
MERGED = {
    "KU413": (2014, "KU609"), "KU476": (2014, "KU297"), "KU838": (2014, "KU423"),
    "KU164": (2015, "KU301"), "KU283": (2015, "KU098"), "KU319": (2015, "KU783"),
    "KU532": (2015, "KU398"), "KU174": (2016, "KU297"), "KU442": (2016, "KU051"),
    "KU911": (2019, "KU541"), "KU099": (2020, "KU214"), "KU588": (2024, "KU507"),
}  # fmt: skip


@cache
def key() -> dict[int, dict[str, dict[str, str]]]:
    """The municipalities of each year with the columns of the published key."""
    years: dict[int, dict[str, dict[str, str]]] = defaultdict(dict)
    with KEY.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            years[int(row["year"])][f"KU{row['kunta_code']}"] = row
    return years


@cache
def labour() -> dict[tuple[str, str, str], float | None]:
    """(indicator, region, month) of the published files, for the months that are delivered."""
    codes = {
        level: {row[f"{level}_fi"]: row[f"{level}_code"] for row in key()[2020].values()}
        for level in ("kunta", "seutukunta", "maakunta")
    }
    found: dict[tuple[str, str, str], float | None] = {}
    for level, prefix in LEVELS.items():
        with (LABOUR / f"data_{level}_1001.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if (month := row["time"][:7]) in MONTHS:
                    region = (
                        prefix
                        if level == "kokomaa"
                        else prefix + codes[level][row[level].split(" - ")[0]]
                    )
                    for indicator, column in MEASURES.items():
                        value = float(row[column]) if row[column] else None
                        found[indicator, region, month] = value
    return found


def openings(region: str, quarter: str) -> int:
    """Invented openings of a municipality, different for each."""
    return 1 + int(region[2:]) % 97 + 3 * int(quarter[:4]) % 7


def members(year: int, column: str, code: str) -> set[str]:
    """Municipalities of a region in a year, by the published key."""
    return {ku for ku, row in key()[year].items() if row[column] == code}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Built with a catalogue that says in which division the archive of the office stands."""
    folder = tmp_path_factory.mktemp("time_machine")
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    seed = project / "seeds" / "indicator_sources.csv"
    with seed.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["source"] == "statfin" and row["indicator"] in MEASURES:
            row["division_year"] = "2020"
    with seed.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    settings = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True)
    engine = Engine(settings, folder / "workshop", project)
    engine.drop(
        "statfin",
        "measurements",
        [
            {
                "indicator": indicator,
                "region": region,
                "period": month,
                "value": "" if value is None else value,
            }
            for (indicator, region, month), value in labour().items()
        ],
    )
    engine.drop(
        "prh",
        "measurements",
        [
            {
                "indicator": "enterprises_started",
                "region": region,
                "period": quarter,
                "value": openings(region, quarter),
            }
            for quarter in ("2014-Q1", "2020-Q1", "2025-Q1")
            for region in key()[int(quarter[:4])]
        ],
    )
    engine.take_in()
    engine.build()
    publish(settings, "test", [])
    return engine


def asked(engine: Engine, indicator: str, region: str, division: int) -> dict[str, Cell]:
    found = read_series(
        engine.settings.published_dir / "current", indicator, region, division
    ).cells
    assert len({cell.period for cell in found}) == len(found)
    return {cell.period: cell for cell in found}


# -- the bridge ------------------------------------------------------------------------------


def test_every_year_has_its_municipalities(engine: Engine) -> None:
    found = engine.rows(
        "select from_year, count(*) from region_bridge "
        "where from_type = 'KU' and to_type = 'KU' and from_year = to_year group by all"
    )
    assert dict(found) == MUNICIPALITIES


@pytest.mark.parametrize("region", sorted(MERGED))
def test_a_merged_municipality_sums_into_its_successor_and_has_no_way_back(
    engine: Engine, region: str
) -> None:
    last, successor = MERGED[region]
    assert engine.rows(
        "select to_region, share, method from region_bridge where from_region = ? "
        "and from_year = ? and to_type = 'KU' and to_year = ?",
        *(region, last, last + 1),
    ) == [(successor, 1, "summed")]
    assert engine.rows(
        "select to_region, share, method from region_bridge where from_region = ? "
        "and from_year = ? and to_region = ? and to_year = ?",
        *(successor, last + 1, region, last),
    ) == [(region, None, "impossible")]


def test_within_a_year_every_region_is_itself(engine: Engine) -> None:
    assert (
        engine.rows(
            "select * from region_bridge where from_year = to_year and from_type = to_type "
            "and (from_region <> to_region or share <> 1 or method <> 'exact')"
        )
        == []
    )
    assert engine.row(
        "select count(*) from dim_region where (region, "
        "classification_year) not in (select (from_region, from_year) from region_bridge "
        "where from_year = to_year and from_region = to_region)"
    ) == (0,)


def test_nothing_is_lost_and_nothing_counted_twice(engine: Engine) -> None:
    """Whatever goes from a municipality into a level goes there whole, where it can be known."""
    assert (
        engine.rows(
            "select from_region, from_year, to_type, to_year, sum(share) from region_bridge "
            "where from_type = 'KU' group by all "
            "having count(*) = count(share) and abs(sum(share) - 1) > 1e-9"
        )
        == []
    )
    assert engine.row(
        "select count(*) from (select from_region from region_bridge where from_type = 'KU' and "
        "to_type = 'KU' group by from_region, from_year having count(distinct to_year) <> ?)",
        len(MUNICIPALITIES),
    ) == (0,)


def test_two_steps_lead_where_one_does(engine: Engine) -> None:
    """y1→y2→y3 equals y1→y3 wherever no step is impossible, going forward as well as back."""
    assert (
        engine.rows(
            """
            with ku as (
                from region_bridge
                where from_type = 'KU' and to_type = 'KU' and method in ('exact', 'summed')
            ), composed as (
                select a.from_year, a.from_region, a.to_year as via, b.to_year, b.to_region,
                    sum(a.share * b.share) as share
                from ku as a join ku as b
                    on a.to_region = b.from_region and a.to_year = b.from_year
                where a.from_year in (2013, 2016, 2021, 2026)
                    and a.to_year in (2014, 2017, 2020, 2022)
                    and (a.to_year - a.from_year) * (b.to_year - a.to_year) > 0
                group by all
            )
            select * from composed left join ku using (from_year, from_region, to_year, to_region)
            where ku.share is null or abs(ku.share - composed.share) > 1e-12
            """
        )
        == []
    )


# -- figures that stand in the division of their own time ---------------------------------------


@pytest.mark.parametrize("quarter", ["2014-Q1", "2020-Q1", "2025-Q1"])
def test_the_municipalities_of_every_division_have_the_same_sum(
    engine: Engine, quarter: str
) -> None:
    """Going forward all is summed; going back what was merged since is impossible, and no more."""
    year = int(quarter[:4])
    total = sum(openings(region, quarter) for region in key()[year])
    for division in MUNICIPALITIES:
        cells = {
            region: (value, method)
            for region, value, method in restated(engine, "enterprises_started", division, quarter)
            if region[:2] == "KU"
        }
        assert cells.keys() == key()[division].keys()
        merged_since = {
            region
            for old, (last, new) in MERGED.items()
            if division <= last < year
            for region in (old, new)
        }
        assert {r for r, (_, method) in cells.items() if method == "impossible"} == merged_since
        assert all(
            (value is None) == (region in merged_since) for region, (value, _) in cells.items()
        )
        known = sum(value for value, _ in cells.values() if value is not None)
        divided = sum(openings(region, quarter) for region in merged_since & key()[year].keys())
        assert known + divided == total


def restated(engine: Engine, indicator: str, division: int, period: str) -> list[tuple[Any, ...]]:
    """All regions of a division, by the table function that SQL users have."""
    return engine.rows(
        "select region, value, method from observations_in_division(?) "
        "where indicator = ? and period = ? order by region",
        division,
        indicator,
        period,
    )


def test_levels_are_made_of_the_municipalities_of_the_asked_year(engine: Engine) -> None:
    """Employment areas, which cross the borders of regions, exist only from 2025 on."""
    found = {
        region: (value, method)
        for region, value, method in restated(engine, "enterprises_started", 2026, "2014-Q1")
    }
    now = key()[2014]

    def successor(ku: str) -> str:
        return MERGED[ku][1] if ku in MERGED else ku

    for prefix, column, width in (
        ("SK", "seutukunta_code", 3), ("MK", "maakunta_code", 2),
        ("TA", "tyollisyysalue_code", 2), ("EVK", "evk_code", 2),
    ):  # fmt: skip
        sums: dict[str, int] = defaultdict(int)
        for ku in now:
            code = key()[2026][successor(ku)][column]
            if code:
                sums[f"{prefix}{int(code):0{width}}"] += openings(ku, "2014-Q1")
        got = {r: v for r, (v, _) in found.items() if r.startswith(prefix)}
        assert got == dict(sums)
        assert {found[r][1] for r in got} <= {"exact", "summed"}


# -- the archive of the labour statistics ----------------------------------------------------


def test_a_level_that_did_not_change_is_the_offices_own_figure(engine: Engine) -> None:
    cell = asked(engine, "unemployed", "MK01", 2026)["2019-06"]
    assert (cell.value, cell.method, cell.coverage_share) == (
        *(labour()["unemployed", "MK01", "2019-06"], "exact", 1),
    )
    (part,) = cell.parts["unemployed"]
    assert (part.region, part.division, part.share, part.source) == ("MK01", 2020, 1, "statfin")


@pytest.mark.parametrize(
    ("region", "division", "column"),
    [
        ("MK18", 2013, "maakunta_code"),  # with Vaala
        ("MK17", 2013, "maakunta_code"),
        ("SK182", 2013, "seutukunta_code"),
        ("MK06", 2026, "maakunta_code"),  # with Kuhmoinen
        ("MK07", 2026, "maakunta_code"),  # with Iitti
        ("MK11", 2026, "maakunta_code"),  # with Joroinen
        ("MK12", 2026, "maakunta_code"),  # with Heinävesi
        ("MK14", 2026, "maakunta_code"),  # with Isokyrö
        ("MK15", 2026, "maakunta_code"),
        ("SK142", 2026, "seutukunta_code"),  # Isokyrö after the end of Kyrönmaa
        ("SK152", 2026, "seutukunta_code"),  # and Laihia
    ],
)
def test_a_moved_municipality_takes_its_figures_along(
    engine: Engine, region: str, division: int, column: str
) -> None:
    for month, cell in asked(engine, "unemployed", region, division).items():
        wanted = members(division, column, region[2:])
        here = {ku for ku in key()[2020] if MERGED.get(ku, (9999, ku))[1] in wanted or ku in wanted}
        figures = [labour()["unemployed", ku, month] for ku in here]
        there = [figure for figure in figures if figure is not None]
        assert cell.method == "summed"
        assert cell.value == sum(there)
        assert cell.coverage_share == pytest.approx(len(there) / len(figures))
        assert {part.region for part in cell.parts["unemployed"]} == here


def test_the_end_of_kyronmaa(engine: Engine) -> None:
    own = asked(engine, "unemployed", "SK151", 2013)["2019-06"]
    assert (own.value, own.method) == (labour()["unemployed", "SK151", "2019-06"], "exact")
    with pytest.raises(TilannekuvaError, match="no region of the division of 2026") as raised:
        asked(engine, "unemployed", "SK151", 2026)
    assert "2013 to 2020" in str(raised.value)


@pytest.mark.parametrize("region", ["KU413", "KU609", "KU174", "KU297"])
def test_what_was_merged_before_the_division_of_the_series_cannot_be_divided(
    engine: Engine, region: str
) -> None:
    for cell in asked(engine, "unemployed", region, 2013).values():
        assert (cell.value, cell.method, cell.coverage_share) == (None, "impossible", 0)
        assert cell.obs_status == "O"
        assert all(part.share is None for part in cell.parts["unemployed"])


def test_a_merger_after_the_division_of_the_series_is_summed(engine: Engine) -> None:
    for month, cell in asked(engine, "unemployed", "KU214", 2026).items():
        both = [labour()["unemployed", ku, month] for ku in ("KU214", "KU099")]
        assert None not in both
        assert (cell.value, cell.method) == (sum(filter(None, both)), "summed")


def test_an_empty_municipality_makes_its_sum_incomplete(engine: Engine) -> None:
    empty = [
        region
        for (indicator, region, month), value in labour().items()
        if indicator == "unemployed" and month == "2019-06" and value is None
    ]
    assert len(empty) == 2
    for region in empty:
        cell = asked(engine, "unemployed", region, 2026)["2019-06"]
        assert (cell.value, cell.method, cell.coverage_share) == (None, "exact", 0)
        area = (
            f"TA{int(key()[2026][region]['tyollisyysalue_code']):02}"
            if (key()[2026][region]["tyollisyysalue_code"])
            else None
        )
        if area is None:
            continue
        cell = asked(engine, "unemployed", area, 2026)["2019-06"]
        assert cell.value is not None
        assert 0 < cell.coverage_share < 1


def test_rates_are_recomputed_from_carried_over_counts(engine: Engine) -> None:
    rate = asked(engine, "unemployment_rate", "MK14", 2026)["2019-06"]
    unemployed = asked(engine, "unemployed", "MK14", 2026)["2019-06"]
    labour_force = asked(engine, "labour_force", "MK14", 2026)["2019-06"]
    assert unemployed.value is not None
    assert labour_force.value is not None
    if unemployed.coverage_share == labour_force.coverage_share:
        assert rate.value == pytest.approx(100 * unemployed.value / labour_force.value)
    else:
        assert (rate.value, rate.obs_status) == (None, "O")
    assert rate.method == "summed"
    assert rate.parts.keys() == {"unemployed", "labour_force"}
    impossible = asked(engine, "unemployment_rate", "KU609", 2013)["2019-06"]
    assert (impossible.value, impossible.method) == (None, "impossible")


# -- the command -----------------------------------------------------------------------------


def test_the_command_prints_the_series_and_its_parts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_HOME", str(engine.settings.home))
    done = CliRunner().invoke(command, ["unemployed", "ku214", "--division", "2026", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["region"], told["name"], told["division"]) == ("KU214", "Kankaanpää", 2026)
    assert [cell["period"] for cell in told["cells"]] == list(MONTHS)
    assert {part["region"] for part in told["cells"][0]["parts"]["unemployed"]} == {
        "KU099",
        "KU214",
    }
    shown = CliRunner().invoke(command, ["unemployed", "KU413", "--division", "2013"])
    assert shown.exit_code == 0
    assert "impossible" in shown.output
    assert "a part of KU609" in shown.output


@pytest.mark.parametrize(
    ("indicator", "region", "division", "said"),
    [
        ("unemployd", "MK01", 2013, "no indicator 'unemployd'"),
        ("unemployed", "MK99", 2013, "no region 'MK99'"),
        ("unemployed", "MK01", 2012, "2013 to 2026 are known"),
        ("unemployed", "KU413", 2026, "no region of the division of 2026"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    engine: Engine, indicator: str, region: str, division: int, said: str
) -> None:
    with pytest.raises(TilannekuvaError, match=said):
        asked(engine, indicator, region, division)


def test_the_flags_are_in_the_order_of_the_catalogue() -> None:
    text = (DBT_PROJECT_DIR / "macros" / "time_machine.sql").read_text(encoding="utf-8")
    seed = (DBT_PROJECT_DIR / "seeds" / "obs_statuses.csv").as_posix()
    order = "".join(
        status
        for (status,) in duckdb.sql(
            f"select obs_status from read_csv('{seed}') order by precedence"
        ).fetchall()
    )
    assert f"-%}}{order}{{%-" in text
