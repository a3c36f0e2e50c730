"""The exports of a publication, read back by the project's own readers of the formats."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from assets.formats.cube import CodedRows, Cube
from assets.formats.jsonstat import read_dataset
from assets.formats.sdmx_csv import read_sdmx_csv
from assets.settings import Settings
from orchestration.exports import write_exports
from tests.marts import current, query

pytestmark = pytest.mark.slow

Cell = tuple[str, ...]


@pytest.fixture(scope="module")
def settings(
    refreshed_sample: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    return refreshed_sample(tmp_path_factory.mktemp("exports") / "home")


@pytest.fixture(scope="module")
def exports(settings: Settings) -> Path:
    """What the refresh has exported."""
    return (settings.exports_dir / "current").resolve()


def of_cube(cube: Cube) -> Iterator[tuple[Cell, float, str | None]]:
    """Cells of a cube that were observed: codes, value, status."""
    given = cube.values
    status = cube.status.to_pylist() if cube.status is not None else [None] * len(given)
    places = [cube.axis_index(axis) for axis in range(len(cube.dimensions))]
    for at in np.flatnonzero(~np.isnan(given) | np.array([s is not None for s in status])):
        codes = tuple(
            dimension.codes[place[at]]
            for dimension, place in zip(cube.dimensions, places, strict=True)
        )
        yield codes, float(given[at]), status[at]


def of_rows(rows: CodedRows, *names: str) -> Iterator[tuple[Cell, float]]:
    axes = [
        next(axis for axis, dimension in enumerate(rows.dimensions) if dimension.code == name)
        for name in names
    ]
    for at, value in enumerate(rows.values):
        yield (
            tuple(rows.dimensions[axis].codes[rows.index[axis][at]] for axis in axes),
            float(value),
        )


def same(found: float, expected: float | None) -> bool:
    return bool(np.isnan(found)) if expected is None else found == expected


def test_a_refresh_exports_what_it_publishes(settings: Settings, exports: Path) -> None:
    assert exports.name == current(settings).name
    pairs = query(settings, "select distinct indicator, freq from fct_observations order by 1, 2")
    assert sorted(path.stem for path in (exports / "jsonstat").iterdir()) == sorted(
        f"{indicator}_{freq}" for indicator, freq in pairs
    )
    assert sorted(path.stem for path in (exports / "sdmx").glob("*.csv")) == sorted(
        {indicator for indicator, _ in pairs}
    )


def test_every_observation_is_in_a_cube_and_nothing_else(settings: Settings, exports: Path) -> None:
    # One of a single source, one that has withheld cells and segments, one with a value a source.
    for indicator, freq in (("population", "A"), ("advice_events", "Q"), ("outlook_score", "S")):
        path = exports / "jsonstat" / f"{indicator}_{freq}.json"
        cube = read_dataset(path.read_bytes())
        expected = {
            (indicator, *codes): (value, status)
            for *codes, value, status in query(
                settings,
                "select region, segment, period, source, value, obs_status from fct_observations "
                "where indicator = ? and freq = ?",
                [indicator, freq],
            )
        }
        if len(cube.dimensions) == 4:
            expected = {key[:-1]: told for key, told in expected.items()}
        found = {codes: (value, status) for codes, value, status in of_cube(cube)}
        assert found.keys() == expected.keys()
        for key, (value, status) in expected.items():
            assert same(found[key][0], value)
            assert (found[key][1] or "A") == status


def test_a_withheld_cell_is_null_and_says_so(settings: Settings, exports: Path) -> None:
    cube = json.loads((exports / "jsonstat" / "advice_events_Q.json").read_text(encoding="utf-8"))
    withheld = [place for place, status in cube["status"].items() if status == "Q"]
    ((expected,),) = query(
        settings,
        "select count(*) from fct_observations "
        "where indicator = 'advice_events' and freq = 'Q' and obs_status = 'Q'",
    )
    assert expected > 0
    assert len(withheld) == expected
    assert {cube["value"][place] for place in withheld} == {None}


def test_a_cube_says_what_it_holds(exports: Path) -> None:
    cube = json.loads((exports / "jsonstat" / "unemployment_rate_M.json").read_text("utf-8"))
    assert cube["role"] == {"time": ["time"], "geo": ["region"], "metric": ["indicator"]}
    assert cube["dimension"]["indicator"]["category"]["unit"] == {
        "unemployment_rate": {"label": "percent", "decimals": 1}
    }
    assert cube["dimension"]["region"]["category"]["label"]["KU205"] == "Kajaani"
    own = cube["extension"]["tilannekuva"]
    assert own["labels"]["sv"]["region"]["KU205"] == "Kajana"
    assert own["is_sample"] is True


def test_rows_of_sdmx_csv_are_the_observations(settings: Settings, exports: Path) -> None:
    for indicator in ("outlook_score", "meeting_activity"):
        rows = read_sdmx_csv((exports / "sdmx" / f"{indicator}.csv").read_bytes())
        found = dict(of_rows(rows, "REF_AREA", "SEGMENT", "SOURCE", "TIME_PERIOD"))
        expected = {
            # A rolling year is a time range: its first day and its length.
            (*codes, "2024-07-01/P12M" if "/" in period else period): value
            for *codes, period, value in query(
                settings,
                "select region, segment, source, period, value from fct_observations "
                "where indicator = ?",
                [indicator],
            )
        }
        assert found.keys() == expected.keys()
        assert all(same(found[key], expected[key]) for key in expected)


def test_every_column_of_sdmx_csv_is_described(exports: Path) -> None:
    for path in sorted((exports / "sdmx").glob("*.csv")):
        described = json.loads(Path(f"{path}-metadata.json").read_text(encoding="utf-8"))
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns = {column["name"]: column for column in described["tableSchema"]["columns"]}
            assert reader.fieldnames == list(columns)
            for row in reader:
                assert row["ACTION"] == "R"
                assert {row["IS_DERIVED"], row["HAS_OVERLAP"]} <= {"true", "false"}
                assert all(row[name] for name, column in columns.items() if column["required"])


def test_the_catalogue_lists_every_file_with_its_size_and_hash(exports: Path) -> None:
    catalogue = json.loads((exports / "dcat.jsonld").read_text(encoding="utf-8"))
    distributions = [
        distribution
        for dataset in catalogue["dcat:dataset"]
        for distribution in dataset["dcat:distribution"]
    ]
    listed: dict[str, Any] = {d["dcat:accessURL"]["@id"]: d for d in distributions}
    files = {
        path.relative_to(exports).as_posix(): path
        for pattern in ("jsonstat/*.json", "sdmx/*.csv")
        for path in exports.glob(pattern)
    }
    assert listed.keys() == files.keys()
    for name, path in files.items():
        content = path.read_bytes()
        assert listed[name]["dcat:byteSize"] == {
            "@type": "xsd:decimal", "@value": str(len(content)),
        }  # fmt: skip
        checksum = listed[name]["spdx:checksum"]["spdx:checksumValue"]["@value"]
        assert checksum == hashlib.sha256(content).hexdigest()


def test_a_publication_without_observations_has_an_empty_catalogue(
    settings: Settings, tmp_path: Path
) -> None:
    publication = tmp_path / "published" / "empty"
    publication.mkdir(parents=True)
    shutil.copy(current(settings) / "marts.duckdb", publication)
    (publication / "marts.duckdb").chmod(0o644)
    with duckdb.connect(str(publication / "marts.duckdb")) as con:
        con.execute("create or replace table fct_observations as from fct_observations limit 0")
    made = write_exports(publication, tmp_path / "exports")
    assert (made.indicators, made.cells, made.files) == (0, 0, 1)
    assert json.loads((made.path / "dcat.jsonld").read_text("utf-8"))["dcat:dataset"] == []


def test_exports_that_fail_leave_the_ones_before_in_place(
    settings: Settings, exports: Path, tmp_path: Path
) -> None:
    root = tmp_path / "exports"
    first = write_exports(current(settings), root)
    broken = tmp_path / "broken"
    broken.mkdir()
    with pytest.raises(duckdb.Error):
        write_exports(broken, root)
    assert (root / "current").resolve() == first.path
    assert {path.name for path in root.iterdir()} == {"current", first.path.name}
