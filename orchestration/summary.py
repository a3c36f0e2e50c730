"""The short summary at the end of a refresh: ingested, kept, flagged, published, and where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from assets.ingestion import ARRIVAL_CHECK
from assets.settings import Settings
from orchestration.definitions import PUBLICATION_KEY


@dataclass(frozen=True)
class Summary:
    """What to tell of a run.

    Attributes:
        text: lines for a terminal.
        is_published: whether the run has made a publication.
    """

    text: str
    is_published: bool


def summarise(result: dg.ExecuteInProcessResult, settings: Settings) -> Summary:
    """Tell a finished refresh in a few lines."""
    published = [
        event
        for event in result.get_asset_materialization_events()
        if event.asset_key == PUBLICATION_KEY
    ]
    checks = result.get_asset_check_evaluations()
    lines = ["", *_ingested(result, checks)]
    if published:
        lines += _measured(settings)
        lines += _checked(checks)
        lines += _published(settings)
        if not result.success:
            lines.append(f"Failed     after the publication: {_reason(result)}")
    else:
        lines += _checked(checks)
        lines += ["", "Not published; the previous publication stays as it is.", _reason(result)]
    return Summary("\n".join(lines), bool(published))


def _ingested(
    result: dg.ExecuteInProcessResult, checks: Sequence[dg.AssetCheckEvaluation]
) -> list[str]:
    outcomes: Counter[str] = Counter()
    rows = quarantined = vintages = waiting = 0
    for event in result.get_asset_materialization_events():
        metadata = event.materialization.metadata
        if "outcome" in metadata:
            outcomes[str(metadata["outcome"].value)] += 1
            vintages += _int(metadata["new_vintages"])
    for check in checks:
        if check.check_name == ARRIVAL_CHECK:
            rows += _int(check.metadata["rows_delivered"])
            quarantined += _int(check.metadata["rows_quarantined"])
            waiting += _int(check.metadata["files_waiting"])
    failed = [
        f"  failed    {check.asset_key.to_user_string()}: {check.metadata['why'].value}"
        for check in checks
        if check.check_name == ARRIVAL_CHECK and "why" in check.metadata
    ]
    return [
        f"Ingested   {vintages} new vintages with {rows:,} rows, {quarantined} of them to "
        f"quarantine; {outcomes['unchanged']} deliveries unchanged",
        *([_waiting(waiting)] if waiting else []),
        *failed,
    ]


def _waiting(files: int) -> str:
    told = "1 file is" if files == 1 else f"{files} files are"
    return f"Waiting    {told} still being written; run again in half a minute"


def _int(metadata: dg.MetadataValue[Any]) -> int:
    return metadata.value if isinstance(metadata.value, int) else 0


def _measured(settings: Settings) -> list[str]:
    path = settings.published_dir / "current" / "marts.duckdb"
    with duckdb.connect(str(path), read_only=True) as marts:

        def counts(query: str) -> str:
            found = marts.execute(query).fetchall()
            return ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in found) or "none"

        kept = marts.execute(
            "select count(*), count(value), count(*) filter (where has_overlap) "
            "from marts.fct_observations"
        ).fetchone() or (0, 0, 0)
        overlaps = counts(
            "select kind, count(*) from marts.quality_overlaps group by 1 order by 2 desc"
        )
        gaps = counts("select kind, count(*) from marts.quality_gaps group by 1 order by 2 desc")
        stale = marts.execute(
            "select string_agg(source, ', ' order by source) from marts.dim_source where is_stale"
        ).fetchone()
    return [
        f"Kept       {kept[0]:,} observations ({kept[1]:,} with a value, {kept[2]:,} measured more "
        "than once)",
        f"Overlaps   {overlaps}",
        f"Gaps       {gaps}",
        *([f"Stale      {stale[0]}"] if stale and stale[0] else []),
    ]


def _checked(checks: Sequence[dg.AssetCheckEvaluation]) -> list[str]:
    failed = [check for check in checks if not check.passed]
    blocking = [c for c in failed if c.severity == dg.AssetCheckSeverity.ERROR]
    return [
        f"Checked    {len(checks)} checks: {len(checks) - len(failed)} passed, "
        f"{len(failed) - len(blocking)} warn, {len(blocking)} failed",
        *(f"  failed    {c.asset_key.to_user_string()} {c.check_name}" for c in blocking[:5]),
    ]


def _published(settings: Settings) -> list[str]:
    current = settings.published_dir / "current"
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    rows = sum(manifest["row_counts"].values())
    sample = " (sample data: invented figures)" if settings.sources == "sample" else ""
    return [
        f"Published  {manifest['id']}: {len(manifest['row_counts'])} tables, {rows:,} rows{sample}",
        f"           {current / 'marts.duckdb'}",
    ]


def _reason(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            if failure.user_failure_data and failure.user_failure_data.description:
                return failure.user_failure_data.description
            if failure.error:
                cause = failure.error
                while cause.cause is not None:
                    cause = cause.cause
                return cause.message.strip()
    return "A blocking check failed; see the checks above."
