"""The code location: everything that Dagster knows of Tilannekuva.

`build_defs` is the one place where it is put together; production, tests and the command line
use the same. Loading it reads the catalogue and the dbt manifest from disk and nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError
from assets.ingestion import build_ingestion, progress, shape_key
from assets.settings import Settings
from checks.findings import MAX_SAMPLES, Finding, remembered_findings, to_markdown
from checks.quality import QUALITY_CHECKS, judge_marts
from checks.raw_suites import RAW_CHECKS, judge_raw
from orchestration.dbt import BuildState, build_dbt_assets, dbt_resource, warehouse_lock
from orchestration.drift import DRIFT_CHECK, disagreements
from orchestration.exports import write_exports
from orchestration.fingerprint import raw_checks_fingerprint
from orchestration.landing_watch import build_landing_watch
from orchestration.published_functions import function_names
from orchestration.publishing import publish, publish_to_postgres, published_tables
from orchestration.reading_packs import freeze_reading_packs

REFRESH = "refresh"
PUBLICATION_KEY = dg.AssetKey(["published", "publication"])
READING_PACKS_KEY = dg.AssetKey(["published", "reading_packs"])
EXPORTS_KEY = dg.AssetKey(["published", "exports"])

LoadSettings = Callable[[], Settings]


def build_defs(load_settings: LoadSettings = Settings.load) -> dg.Definitions:
    """Put the definitions together.

    Args:
        load_settings: called when a step runs; tests give their own.
    """
    job = dg.define_asset_job(
        REFRESH,
        selection=dg.AssetSelection.all(),
        description=(
            "The main job: ingest every source, check what was delivered, build and test the "
            "models, judge the measurement, publish."
        ),
        # One process: a step in its own costs seconds, and dbt has one anyway.
        executor_def=dg.in_process_executor,
    )
    assets = [
        build_ingestion(load_settings),
        build_dbt_assets(load_settings),
        build_publication(load_settings),
        build_reading_packs(load_settings),
        build_exports(load_settings),
    ]
    raw_checks = build_raw_checks(load_settings)
    asset_keys = [key for definition in assets for key in definition.keys]
    check_keys = [key for definition in (*assets, raw_checks) for key in definition.check_keys]
    return dg.Definitions(
        assets=assets,
        asset_checks=[raw_checks, build_quality_checks(load_settings, asset_keys, check_keys)],
        jobs=[job],
        schedules=[
            dg.ScheduleDefinition(
                name="nightly_refresh",
                job=job,
                cron_schedule="30 2 * * *",
                execution_timezone="Europe/Helsinki",
                default_status=dg.DefaultScheduleStatus.RUNNING,
                description="Every night, unattended: the same job that `make refresh` runs.",
            )
        ],
        sensors=[build_landing_watch(load_settings, REFRESH)],
        resources={"dbt": dbt_resource()},
        executor=dg.in_process_executor,
    )


def build_raw_checks(load_settings: LoadSettings) -> dg.AssetChecksDefinition:
    """Great Expectations suites on the raw frames, all in one step."""

    @dg.multi_asset_check(
        name="check_raw",
        specs=[
            dg.AssetCheckSpec(
                name=check,
                asset=shape_key(shape),
                description=description,
                blocking=is_blocking,
            )
            for shape, check, description, is_blocking in RAW_CHECKS
        ],
        can_subset=True,
    )
    def check_raw(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        progress.info("checking what was delivered")
        settings = load_settings()
        findings = remembered_findings(
            settings.reports_dir / "raw_findings.json",
            raw_checks_fingerprint(settings),
            lambda: judge_raw(settings, Catalogue.load()),
        )
        yield from _results(findings, context.selected_asset_check_keys)

    return check_raw


def build_quality_checks(
    load_settings: LoadSettings,
    asset_keys: Sequence[dg.AssetKey],
    check_keys: Sequence[dg.AssetCheckKey],
) -> dg.AssetChecksDefinition:
    """Measurement quality on the marts, all in one step.

    They are declared as blocking so that the publication waits for them and reports their results;
    findings about the measurement warn and hold nothing back, a platform that disagrees with its
    own catalogue does.

    Args:
        load_settings: called when the step runs.
        asset_keys: all assets, to be compared with the catalogue and dbt.
        check_keys: all asset checks but those of this step, likewise.
    """
    specs = [
        *(
            dg.AssetCheckSpec(
                name=check.check,
                asset=dg.AssetKey(["marts", check.mart]),
                description=f"{check.description} It warns and holds nothing back.",
                blocking=True,
            )
            for check in QUALITY_CHECKS
        ),
        dg.AssetCheckSpec(
            name=DRIFT_CHECK,
            asset=dg.AssetKey(["marts", "dim_indicator"]),
            description="The catalogue, the readers, the dbt models, the checks and the assets "
            "name the same indicators, sources, datasets, tables and tests.",
            blocking=True,
        ),
    ]
    platform = (asset_keys, [*check_keys, *(spec.key for spec in specs)])

    @dg.multi_asset_check(name="check_measurement_quality", specs=specs, can_subset=True)
    def check_measurement_quality(
        context: dg.AssetCheckExecutionContext,
    ) -> Iterator[dg.AssetCheckResult]:
        settings = load_settings()
        progress.info("judging overlaps and gaps")
        with warehouse_lock(settings):
            findings = judge_marts(settings.warehouse_path)
        yield from _results(
            [*findings, _drift(disagreements(*platform))], context.selected_asset_check_keys
        )

    return check_measurement_quality


def _drift(found: Sequence[str]) -> Finding:
    """Whether the parts of the platform agree, as a finding on the catalogue's mart."""
    return Finding(
        asset_key=("marts", "dim_indicator"),
        check=DRIFT_CHECK,
        description="The parts of the platform agree.",
        passed=not found,
        is_blocking=True,
        count=len(found),
        checked=len(Catalogue.load().indicators),
        samples=[{"disagreement": text} for text in found[:MAX_SAMPLES]],
        what_to_do="Add the missing row, model, check or asset, or take the other one away; "
        "`make lint` tells the same before anything is refreshed.",
    )


def _results(
    findings: Sequence[Finding], selected: set[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    for finding in findings:
        key = dg.AssetCheckKey(dg.AssetKey(finding.asset_key), finding.check)
        if key not in selected:
            continue
        metadata: dict[str, dg.MetadataValue] = {
            "findings": dg.MetadataValue.int(finding.count),
            "rows_checked": dg.MetadataValue.int(finding.checked),
        }
        if not finding.passed:
            metadata["sample_rows"] = dg.MetadataValue.md(to_markdown(finding.samples))
            metadata["what_to_do"] = dg.MetadataValue.text(finding.what_to_do)
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=finding.passed,
            severity=(
                dg.AssetCheckSeverity.ERROR if finding.is_blocking else dg.AssetCheckSeverity.WARN
            ),
            metadata=metadata,
        )


def build_publication(load_settings: LoadSettings) -> dg.AssetsDefinition:
    """The publication: made only of a complete build whose blocking checks have passed."""

    @dg.asset(
        key=PUBLICATION_KEY,
        deps=[
            *(dg.AssetKey(["marts", table]) for table in published_tables()),
            *(dg.AssetKey(["functions", name]) for name in function_names()),
        ],
        group_name="published",
        kinds={"duckdb", "parquet"},
        owners=["team:data-platform"],
        description=(
            "A complete copy of the marts for BI tools: `published/<id>/` with `marts.duckdb`, "
            "Parquet files and `manifest.json`; `published/current` points to the newest."
        ),
    )
    def publication(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        settings = load_settings()
        progress.info("publishing")
        with warehouse_lock(settings):
            if not BuildState(settings).is_complete:
                raise TilannekuvaError(
                    "The warehouse holds no complete build: the last dbt build failed or was "
                    "interrupted. Run the refresh job; the previous publication stays as it is."
                )
            made = publish(settings, context.run.run_id, _checks_of_run(context))
        metadata: dict[str, Any] = {
            "id": made.id,
            "path": dg.MetadataValue.path(made.path),
            "content_hash": made.content_hash,
            "dagster/row_count": sum(made.row_counts.values()),
            "row_counts": dg.MetadataValue.json(dict(made.row_counts)),
        }
        if settings.postgres_url:
            progress.info("loading the publication into PostgreSQL")
            metadata["postgres"] = dg.MetadataValue.json(
                publish_to_postgres(made, settings.postgres_url, settings.postgres_reader)
            )
        return dg.MaterializeResult(metadata=metadata)

    return publication


def build_reading_packs(load_settings: LoadSettings) -> dg.AssetsDefinition:
    """The reading packs: frozen after a publication, which stays whatever becomes of them."""

    @dg.asset(
        key=READING_PACKS_KEY,
        deps=[PUBLICATION_KEY],
        group_name="published",
        kinds={"json", "excel", "html"},
        owners=["team:data-platform"],
        description=(
            "What a steering group is given some days before it meets: "
            "`reading_packs/<region>/<planned day>/`, out of the newest publication. A pack that "
            "exists is never changed; materialise again to freeze those that are missing."
        ),
    )
    def reading_packs() -> dg.MaterializeResult[None]:
        settings = load_settings()
        progress.info("freezing reading packs")
        publication = _newest_publication(settings)
        frozen = freeze_reading_packs(publication, settings.reading_packs_dir, settings.today)
        return dg.MaterializeResult(
            metadata={
                "publication": publication.name,
                "frozen": len(frozen),
                "reading_packs": dg.MetadataValue.json([str(pack.path) for pack in frozen]),
            }
        )

    return reading_packs


def build_exports(load_settings: LoadSettings) -> dg.AssetsDefinition:
    """The exports: written after a publication, which stays whatever becomes of them."""

    @dg.asset(
        key=EXPORTS_KEY,
        deps=[PUBLICATION_KEY],
        group_name="published",
        kinds={"json", "csv"},
        owners=["team:data-platform"],
        description=(
            "The observations of the newest publication as JSON-stat and SDMX-CSV, with CSVW "
            "descriptions and a DCAT-AP catalogue for data portals: `exports/<publication>/`; "
            "`exports/current` points to the newest."
        ),
    )
    def exports() -> dg.MaterializeResult[None]:
        settings = load_settings()
        progress.info("writing exports")
        made = write_exports(_newest_publication(settings), settings.exports_dir)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(made.path),
                "dagster/row_count": made.cells,
                "indicators": made.indicators,
                "files": made.files,
                "bytes": made.size,
            }
        )

    return exports


def _newest_publication(settings: Settings) -> Path:
    current = settings.published_dir / "current"
    if not current.exists():
        raise TilannekuvaError("Nothing was published yet. Run the refresh job.")
    return current.resolve()


def _checks_of_run(context: dg.AssetExecutionContext) -> list[dict[str, Any]]:
    """What this run has checked, for the manifest of the publication."""
    records = context.instance.all_logs(
        context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    checks = []
    for record in records:
        if record.dagster_event is None:
            continue
        evaluation = record.dagster_event.asset_check_evaluation_data
        checks.append(
            {
                "asset": evaluation.asset_key.to_user_string(),
                "check": evaluation.check_name,
                "passed": evaluation.passed,
                "severity": evaluation.severity.value,
            }
        )
    return sorted(checks, key=lambda check: (check["asset"], check["check"]))


defs = build_defs()
