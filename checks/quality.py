"""Measurement quality, read from the built marts: overlaps, gaps, quarantine, staleness.

Counts findings and picks the rows to show. The dbt models make the findings, and dbt tests hold the
models. All of these checks warn: a measurement that overlaps or is missing is published with its
flag. A finding in `accepted_findings.csv` does not warn.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from checks.findings import Finding

_MAX_SAMPLES = 10


@dataclass(frozen=True)
class QualityCheck:
    """A measurement-quality check.

    Attributes:
        mart: the mart it appears on.
        check: its name.
        where: which rows of the mart are findings.
        columns: what to show of them.
        order_by: which to show first.
    """

    mart: str
    check: str
    description: str
    where: str
    columns: str
    order_by: str
    what_to_do: str


_OVERLAP_COLUMNS = (
    "indicator, region, segment, period, kept_source, kept_value, other_source, other_period, "
    "other_value, resolution, other_file, other_line"
)
_GAP_COLUMNS = "indicator, region, segment, period, source, due_on, days_late, coverage_share"


def _open(kind: str) -> str:
    """Condition for the findings of a kind that are not accepted."""
    return f"not is_accepted and kind = '{kind}'"


QUALITY_CHECKS: tuple[QualityCheck, ...] = (
    QualityCheck(
        "quality_overlaps",
        "no_conflict",
        "Measurements of one cell that differ by more than the indicator's tolerance.",
        _open("conflict"),
        _OVERLAP_COLUMNS,
        # The widest finding of each indicator first; otherwise one indicator could fill the sample.
        "row_number() over (partition by indicator order by abs(difference) desc), indicator",
        "The preferred measurement was kept. Ask the two sources which is right; correct the "
        "order of preference in indicator_sources.csv if the other one should win.",
    ),
    QualityCheck(
        "quality_overlaps",
        "no_duplicate",
        "The same source gave the same cell again with the same value in one delivery.",
        _open("duplicate"),
        _OVERLAP_COLUMNS,
        "indicator, region, period",
        "Nothing is counted twice. Tell the source that its export repeats rows.",
    ),
    QualityCheck(
        "quality_overlaps",
        "no_redundant_source",
        "Several sources gave the same cell with values within tolerance.",
        _open("redundant"),
        _OVERLAP_COLUMNS,
        "indicator, region, period",
        "The preferred source was kept. Agree who measures what; one of the two can stop.",
    ),
    QualityCheck(
        "quality_overlaps",
        "no_overlapping_period",
        "One source gave periods that intersect without being equal, such as a quarter and the "
        "half-year that contains it.",
        _open("period_overlap"),
        _OVERLAP_COLUMNS,
        "indicator, region, period",
        "Both are published under their own period: filter by freq before summing. Ask the "
        "source to deliver one cadence.",
    ),
    QualityCheck(
        "quality_overlaps",
        "no_nested_region",
        "One source reported a region and regions inside it, at levels of which the catalogue does "
        "not say that it publishes both.",
        _open("nested_region"),
        _OVERLAP_COLUMNS,
        "indicator, region, period",
        "Both are published at their own level and never added. If the source publishes both "
        "levels, list them in its levels of indicator_sources.csv; if not, ask it for one.",
    ),
    QualityCheck(
        "quality_overlaps",
        "no_nested_segment",
        "One source reported a total beside its segments, and the catalogue does not say that it "
        "publishes both.",
        _open("nested_segment"),
        _OVERLAP_COLUMNS,
        "abs(difference) desc, indicator, region, period",
        "Both are published under their own segment: filter by segment before summing. If the "
        "source publishes both, list them in its segments of indicator_sources.csv.",
    ),
    QualityCheck(
        "quality_overlaps",
        "no_event_logged_twice",
        "One funded project, advice event or transfer that two organisations logged.",
        _open("same_event"),
        _OVERLAP_COLUMNS,
        "indicator, region, period",
        "It is counted once. Agree which of the two organisations logs it, or accept the overlap "
        "in accepted_findings.csv if both must.",
    ),
    QualityCheck(
        "quality_gaps",
        "no_absent_cell",
        "Cells that were due and have never been delivered.",
        _open("absent"),
        _GAP_COLUMNS,
        "days_late desc, indicator, region",
        "Ask the source for the missing periods. If the indicator is not measured there, take "
        "the level or the source's turn out of the catalogue.",
    ),
    QualityCheck(
        "quality_gaps",
        "no_late_cell",
        "Cells that were delivered after they were due.",
        _open("late"),
        _GAP_COLUMNS,
        "days_late desc, indicator, region",
        "The value is in use. Agree a delivery day with the source, or correct release_lag_days.",
    ),
    QualityCheck(
        "quality_gaps",
        "no_suppressed_cell",
        "Cells that their source withheld.",
        _open("suppressed"),
        _GAP_COLUMNS,
        "indicator, region, period",
        "Nothing to mend: the source protects small counts. Use the level above.",
    ),
    QualityCheck(
        "quality_gaps",
        "no_unavailable_cell",
        "Cells that were delivered without a value.",
        _open("not_available"),
        _GAP_COLUMNS,
        "indicator, region, period",
        "Ask the source why it has no value; a status code in the delivery would say so.",
    ),
    QualityCheck(
        "quality_gaps",
        "no_partial_rollup",
        "Roll-ups whose parts are incomplete.",
        _open("partial"),
        _GAP_COLUMNS,
        "coverage_share, indicator, region",
        "The value is too small by the missing parts; look for them among the absent and "
        "suppressed cells of the level below.",
    ),
    QualityCheck(
        "quality_gaps",
        "no_series_break",
        "Values that do not compare with the ones before them: the territory or the definition "
        "changed.",
        _open("series_break"),
        "indicator, region, segment, period, source, reason",
        "indicator, region, period",
        "Nothing to mend: do not draw one line through the break, or ask for the series in one "
        "regional division. If the source restates its past, say so in indicator_sources.csv "
        "(restates_territory).",
    ),
    QualityCheck(
        "quality_gaps",
        "no_stale_source",
        "Indicators that wait for a source which has been silent for longer than its cadence.",
        _open("stale_source"),
        "indicator, source, period, due_on, days_late, reason",
        "days_late desc, source, indicator",
        "Ask the source for its delivery; if it delivers less often, correct its cadence in "
        "sources.csv.",
    ),
    QualityCheck(
        "quality_acceptances",
        "acceptances_are_in_use",
        "Acceptances of findings that cover nothing any more, or have run out.",
        "state <> 'used'",
        "acceptance, finding, kind, indicator, state, matches, until, decided_by, reason",
        "state, acceptance",
        "Unused: take it out of accepted_findings.csv. Expired: what it covered warns again; "
        "decide anew and set another day, or take it out.",
    ),
    QualityCheck(
        "fct_observations",
        "measured_once",
        "Observations whose cell was measured more than once, in whatever way, unless all of it "
        "is accepted.",
        # An overlap of two periods touches the cells of both.
        "has_overlap and exists (select 1 from marts.quality_overlaps as open "
        "where not open.is_accepted and open.indicator = fct_observations.indicator "
        "and open.region = fct_observations.region and open.segment = fct_observations.segment "
        "and fct_observations.period in (open.period, open.other_period))",
        "indicator, region, segment, period, value, source, sources",
        "indicator, region, period",
        "See quality_overlaps for each cell: what was kept, what was not, and why.",
    ),
    QualityCheck(
        "monitoring_funding",
        "amounts_are_decided",
        "Funding of which nobody says whether it is an organisation's own share or the whole "
        "project, so that it may or may not add up with another organisation's amount.",
        "undecided_amount_eur > 0 and segment = 'total' and region = 'SSS' and instrument = 'all' "
        "and programme = 'all' and funder <> 'all'",
        "purpose, period, funder, net_amount_eur, gross_amount_eur, undecided_amount_eur",
        "undecided_amount_eur desc, period, purpose, funder",
        "The preferred organisation's amount counts, the other one's does not. Ask the funder to "
        "deliver amount_basis (own_share or whole_project) with its decisions.",
    ),
    QualityCheck(
        "quality_coverage",
        "expected_cells_are_observed",
        "Indicators and levels whose expected cells are not all observed or accepted as missing.",
        "observed + accepted < expected",
        "indicator, region_type, period, expected, observed, suppressed, absent, not_available, "
        "accepted",
        "coverage_share, indicator, period",
        "See the coverage picture of this mart, then quality_gaps for the cells.",
    ),
    QualityCheck(
        "quality_quarantine",
        "nothing_in_quarantine",
        "Rows and files that could not be understood.",
        "true",
        'file, line, "column", reason',
        "quarantined_at desc, file, line",
        "Send the reasons to the source and ask for a corrected file. An unknown indicator or "
        "region may be a missing row of the catalogue; then the file is read again by itself.",
    ),
    QualityCheck(
        "dim_source",
        "sources_are_fresh",
        "Sources whose last attempt failed, or that have not delivered within their cadence.",
        "is_stale",
        "source, cadence, last_vintage_at, failed_datasets",
        "source",
        "The last good delivery is in use. Look at the failed ingestion asset for the reason.",
    ),
)


def judge_marts(warehouse_path: Path) -> list[Finding]:
    """Run every measurement-quality check on a built warehouse (opened read-only)."""
    with duckdb.connect(str(warehouse_path), read_only=True) as warehouse:
        return [_judge(warehouse, check) for check in QUALITY_CHECKS]


def _judge(warehouse: duckdb.DuckDBPyConnection, check: QualityCheck) -> Finding:
    total, count = warehouse.execute(
        f"select count(*), count(*) filter (where {check.where}) from marts.{check.mart}"
    ).fetchone() or (0, 0)
    cursor = warehouse.execute(
        f"select {check.columns} from marts.{check.mart} where {check.where} "
        f"order by {check.order_by} limit {_MAX_SAMPLES}"
    )
    names = [column[0] for column in cursor.description or []]
    return Finding(
        asset_key=("marts", check.mart),
        check=check.check,
        description=check.description,
        passed=count == 0,
        is_blocking=False,
        count=count,
        checked=total,
        samples=[
            {
                name: "" if value is None else str(value)
                for name, value in zip(names, row, strict=True)
            }
            for row in cursor.fetchall()
        ],
        what_to_do=check.what_to_do,
    )
