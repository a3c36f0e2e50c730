"""The checks of measurement quality, each on a small warehouse of the published tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from assets.settings import DBT_PROJECT_DIR
from checks.findings import Finding
from checks.quality import QUALITY_CHECKS, judge_marts

MARTS = DBT_PROJECT_DIR / "models" / "marts"
CELL = {"indicator": "unemployed", "region": "MK01", "segment": "total", "period": "2026-01"}

Rows = Mapping[str, list[Mapping[str, Any]]]


def judged(path: Path, rows: Rows) -> dict[str, Finding]:
    """The findings about a warehouse that holds these rows, by check."""
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("create schema marts")
        for mart in {check.mart for check in QUALITY_CHECKS}:
            (described,) = MARTS.rglob(f"{mart}.yml")
            model = yaml.safe_load(described.read_text(encoding="utf-8"))["models"][0]
            columns = ", ".join(f'"{c["name"]}" {c["data_type"]}' for c in model["columns"])
            warehouse.execute(f"create table marts.{mart} ({columns})")
            for row in rows.get(mart, []):
                names = ", ".join(f'"{name}"' for name in row)
                warehouse.execute(
                    f"insert into marts.{mart} ({names}) values ({', '.join('?' * len(row))})",
                    list(row.values()),
                )
    return {found.check: found for found in judge_marts(path)}


def flagged(path: Path, rows: Rows) -> dict[str, int]:
    """How many rows each check that did not pass has found."""
    found = judged(path, rows)
    assert all(finding.passed is (finding.count == 0) for finding in found.values())
    assert not any(finding.is_blocking for finding in found.values())
    return {check: finding.count for check, finding in found.items() if not finding.passed}


def test_every_check_passes_on_empty_tables(tmp_path: Path) -> None:
    assert flagged(tmp_path / "warehouse", {}) == {}


KINDS = {
    ("quality_overlaps", "conflict"): "no_conflict",
    ("quality_overlaps", "duplicate"): "no_duplicate",
    ("quality_overlaps", "redundant"): "no_redundant_source",
    ("quality_overlaps", "period_overlap"): "no_overlapping_period",
    ("quality_overlaps", "nested_region"): "no_nested_region",
    ("quality_overlaps", "nested_segment"): "no_nested_segment",
    ("quality_overlaps", "same_event"): "no_event_logged_twice",
    ("quality_gaps", "absent"): "no_absent_cell",
    ("quality_gaps", "late"): "no_late_cell",
    ("quality_gaps", "suppressed"): "no_suppressed_cell",
    ("quality_gaps", "not_available"): "no_unavailable_cell",
    ("quality_gaps", "partial"): "no_partial_rollup",
    ("quality_gaps", "series_break"): "no_series_break",
    ("quality_gaps", "stale_source"): "no_stale_source",
}


@pytest.mark.parametrize(("mart", "kind"), KINDS)
def test_a_kind_warns_in_its_own_check_unless_it_is_accepted(
    tmp_path: Path, mart: str, kind: str
) -> None:
    found = judged(
        tmp_path / "warehouse",
        {
            mart: [
                CELL | {"kind": kind, "is_accepted": False},
                CELL | {"kind": kind, "is_accepted": True, "indicator": "population"},
            ]
        },
    )
    failed = {check: finding for check, finding in found.items() if not finding.passed}
    assert set(failed) == {KINDS[mart, kind]}
    (finding,) = failed.values()
    assert (finding.count, finding.checked) == (1, 2)
    assert [sample["indicator"] for sample in finding.samples] == ["unemployed"]
    assert finding.what_to_do


def test_a_cell_is_measured_more_than_once_while_one_of_its_overlaps_is_open(
    tmp_path: Path,
) -> None:
    """An overlap of two periods touches both cells; a flag without an open overlap is accepted."""
    overlap = CELL | {"kind": "period_overlap", "other_period": "2026-Q1"}
    cells = [
        CELL | {"has_overlap": True},
        CELL | {"has_overlap": True, "period": "2026-Q1"},
        CELL | {"has_overlap": True, "region": "MK02"},
        CELL | {"has_overlap": False, "region": "MK04"},
    ]
    overlaps = [
        overlap | {"is_accepted": False},
        overlap | {"is_accepted": True},
        overlap | {"is_accepted": True, "region": "MK02"},
    ]
    found = judged(
        tmp_path / "warehouse", {"fct_observations": cells, "quality_overlaps": overlaps}
    )["measured_once"]
    assert [(sample["region"], sample["period"]) for sample in found.samples] == [
        ("MK01", "2026-01"),
        ("MK01", "2026-Q1"),
    ]


@pytest.mark.parametrize(
    ("observed", "accepted", "warns"), [(10, 0, False), (8, 2, False), (8, 1, True), (0, 0, True)]
)
def test_coverage_warns_of_missing_cells_that_nobody_accepted(
    tmp_path: Path, observed: int, accepted: int, warns: bool
) -> None:
    row = {"indicator": "unemployed", "expected": 10, "observed": observed, "accepted": accepted}
    assert flagged(tmp_path / "warehouse", {"quality_coverage": [row]}) == (
        {"expected_cells_are_observed": 1} if warns else {}
    )


def test_acceptances_warn_when_they_are_unused_or_expired(tmp_path: Path) -> None:
    states = ("used", "unused", "expired")
    rows = [{"acceptance": state, "state": state} for state in states]
    found = judged(tmp_path / "warehouse", {"quality_acceptances": rows})["acceptances_are_in_use"]
    assert [sample["acceptance"] for sample in found.samples] == ["expired", "unused"]


def test_quarantined_rows_and_stale_sources_warn(tmp_path: Path) -> None:
    assert flagged(
        tmp_path / "warehouse",
        {
            "quality_quarantine": [{"file": "a.csv", "line": 2, "column": "value"}],
            "dim_source": [
                {"source": "prh", "is_stale": True},
                {"source": "ely", "is_stale": False},
            ],
        },
    ) == {"nothing_in_quarantine": 1, "sources_are_fresh": 1}


def test_samples_are_few_and_everything_is_counted(tmp_path: Path) -> None:
    rows = [CELL | {"kind": "absent", "is_accepted": False, "days_late": n} for n in range(25)]
    found = judged(tmp_path / "warehouse", {"quality_gaps": rows})["no_absent_cell"]
    assert found.count == 25
    assert [sample["days_late"] for sample in found.samples] == [str(24 - n) for n in range(10)]
