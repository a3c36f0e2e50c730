"""What a BI tool finds in a publication: dates, a row a region, code lists, names, what it is."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from assets.settings import Settings
from orchestration.publishing import KEEP, publish

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settings(
    refreshed_sample: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    return refreshed_sample(tmp_path_factory.mktemp("bi") / "home")


@pytest.fixture(scope="module")
def marts(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    database = settings.published_dir / "current" / "marts.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def one(marts: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = marts.execute(query).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    "fact",
    ["fct_observations", "fct_observation_vintages", "fct_measurements", "latest_indicators"],
)
def test_each_fact_carries_the_days_of_its_period(
    marts: duckdb.DuckDBPyConnection, fact: str
) -> None:
    rows, alike = one(
        marts,
        "select count(*), count(*) filter (where facts.period_start = periods.period_start "
        f"and facts.period_end = periods.period_end) from {fact} as facts "
        "inner join dim_period as periods on facts.period = periods.period",
    )
    assert rows > 0
    assert alike == rows == one(marts, f"select count(*) from {fact}")[0]


def test_a_join_on_the_region_alone_keeps_each_observation_once(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    joined = one(
        marts,
        "select count(*), count(*) filter (where not is_current) from fct_observations "
        "inner join dim_region_current using (region)",
    )
    assert joined[0] == one(marts, "select count(*) from fct_observations")[0]
    assert joined[1] > 0, "ended regions have figures too"
    # A municipality that merged away keeps the name and the sub-region that it had last.
    juankoski = one(
        marts,
        "select name_fi, is_current, classification_year, sk_name_fi, mk_name_sv "
        "from dim_region_current where region = 'KU174'",
    )
    assert juankoski == ("Juankoski", False, 2016, "Koillis-Savo", "Norra Savolax")


@pytest.mark.parametrize(
    ("column", "dimension"),
    [
        ("segment", "dim_segment"),
        ("freq", "dim_frequency"),
        ("obs_status", "dim_obs_status"),
        ("conf_status", "dim_conf_status"),
    ],
)
def test_every_code_of_a_fact_is_in_its_list(
    marts: duckdb.DuckDBPyConnection, column: str, dimension: str
) -> None:
    unknown = marts.execute(
        f"select distinct {column} from fct_observations anti join {dimension} using ({column})"
    ).fetchall()
    assert unknown == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_wide_view_has_a_row_and_names_for_each_observation(
    marts: duckdb.DuckDBPyConnection, language: str
) -> None:
    rows, named = one(
        marts,
        "select count(*), count(*) filter (where indicator_name is not null and region_name is not "
        "null and segment_name is not null and freq_name is not null and source_name is not null "
        f"and obs_status_name is not null) from bi_observations_{language}",
    )
    assert rows == named == one(marts, "select count(*) from fct_observations")[0]
    names = {"fi": "Varsinais-Suomi", "sv": "Egentliga Finland", "en": "Varsinais-Suomi"}
    assert one(
        marts,
        f"select any_value(mk_name) from bi_observations_{language} where region = 'SK022'",
    ) == (names[language],)


def test_the_bridge_of_sources_has_each_source_of_an_observation(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    bridged = one(
        marts,
        "with bridged as (select indicator, region, segment, period, source, "
        "string_agg(contributing_source, ',' order by contributing_source) as sources "
        "from bi_observation_sources group by all) "
        "select count(*), count(*) filter (where bridged.sources like '%,%') "
        "from fct_observations as observations inner join bridged "
        "using (indicator, region, segment, period, source) "
        "where observations.sources = bridged.sources",
    )
    assert bridged[0] == one(marts, "select count(*) from fct_observations")[0]
    assert bridged[1] > 0, "some rest on several sources"


def test_the_default_of_a_wide_view_counts_nothing_twice(marts: duckdb.DuckDBPyConnection) -> None:
    """One figure a day on the time axis, except of sources that are kept apart."""
    twice = marts.execute(
        "select indicator, region, period_start from bi_observations_fi as wide "
        "inner join dim_indicator as indicators using (indicator) "
        "where is_default and indicators.combination <> 'separate' "
        "group by all having count(*) > 1"
    ).fetchall()
    assert twice == []
    assert one(marts, "select count(*) > 0 from bi_observations_fi where is_default") == (True,)


def test_a_publication_says_what_it_is(
    settings: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    manifest = json.loads((settings.published_dir / "current" / "manifest.json").read_text())
    found = one(
        marts, "select id, today::varchar, is_sample, sources, content_hash from publication"
    )
    assert found == (
        manifest["id"], manifest["today"], True, "sample", manifest["content_hash"],
    )  # fmt: skip
    assert one(marts, "select count(*) from publication") == (1,)
    assert (settings.published_dir / "current" / "parquet" / "publication.parquet").exists()


def test_parquet_files_describe_themselves(settings: Settings) -> None:
    path = settings.published_dir / "current" / "parquet" / "fct_observations.parquet"
    about = pq.read_schema(path).metadata
    assert "indicator" in about[b"description"].decode().lower()
    columns = json.loads(about[b"columns"])
    assert columns["period_start"] == "First day of the period: the time axis of a chart."
    assert set(columns) == set(pq.read_schema(path).names)


def test_a_publication_stays_while_a_reader_may_be_opening_it(
    settings: Settings, tmp_path: Path
) -> None:
    """Also where the days in the names are in another order: a deployment may set its day."""
    root = settings.published_dir
    current = (root / "current").resolve()
    hour = 3600.0
    ages = {f"2099010{n % 10}T00000{n // 10}Z-{n:08x}": (3 + n) * hour for n in range(KEEP)}
    ages["20200101T000000Z-young"] = hour
    for name, age in ages.items():
        (root / name).mkdir()
        os.utime(root / name, (time.time() - age, time.time() - age))
    made = publish(settings, "run", [])
    left = {path.name for path in root.iterdir() if not path.is_symlink()}
    oldest = list(ages)[-4:-1]
    assert {made.id, current.name, "20200101T000000Z-young"} <= left
    assert not left & set(oldest[-3:])
    assert len(left) == KEEP
    for name in left & set(ages):
        shutil.rmtree(root / name)
