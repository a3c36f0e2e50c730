"""The ingestion assets: one for each (source, dataset), one for each shape that dbt reads.

Thin: what is read and how is in `assets.deliveries`. All of it is one step, because a source that
fails must not keep the others, or anything downstream, from going on: its asset is simply not
materialised in that run, its check fails and says why, and its last good vintage stays in use.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import dagster as dg

from assets.catalogue import Catalogue, Source
from assets.deliveries import Arrival, Deliveries, known_deliveries
from assets.feeds.descriptions import load_sources
from assets.raw.schemas import ATTEMPTS, QUARANTINE, SHAPES, VINTAGES_INDEX, description
from assets.settings import Settings

DELIVERIES_GROUP = "deliveries"
RAW_GROUP = "raw"
ARRIVAL_CHECK = "delivery_taken_in"
#: The raw zone's index: what dbt knows of vintages, attempts and quarantine.
INDEX_KEY = dg.AssetKey(["raw", "index"])
_OWNER = "team:data-platform"
_CADENCES = {"A": "yearly", "S": "half-yearly", "Q": "quarterly", "M": "monthly", "W": "weekly"}

#: What the answers of a kind of service look like; the others answer with CSV.
_KINDS = {"pxweb": "json", "pxwebapi2": "json", "prh": "json"}

progress = logging.getLogger("tilannekuva")


def delivery_key(source: str, dataset: str) -> dg.AssetKey:
    """The asset of one source's deliveries of one dataset, or of one statistics table."""
    return dg.AssetKey(["raw", source, dataset])


def shape_key(shape: str) -> dg.AssetKey:
    """The asset of all vintages of one shape, which staging reads."""
    return dg.AssetKey(["raw", shape])


def build_ingestion(load_settings: Callable[[], Settings]) -> dg.AssetsDefinition:
    """The ingestion step for the deliveries that the catalogue knows.

    Args:
        load_settings: called when the step runs, never when it is defined.
    """
    catalogue = Catalogue.load()
    sources = load_sources()
    shapes_of = known_deliveries(catalogue, sources.values())
    known = list(shapes_of)
    asked = {
        (source.source, entry.dataset): Asked(
            entry.title, entry.page, entry.cadence, _KINDS.get(source.service.kind, "csv")
        )
        for source in sources.values()
        for entry in source.entries
    }

    @dg.multi_asset(
        name="ingest",
        specs=[
            *(
                _delivery_spec(catalogue.sources[s], d, shape, asked.get((s, d)))
                for (s, d), shape in shapes_of.items()
            ),
            *(_shape_spec(shape, shapes_of) for shape in SHAPES),
            _index_spec(),
        ],
        check_specs=[_arrival_spec(source, dataset) for source, dataset in known],
        can_subset=True,
    )
    def ingest(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        settings = load_settings()
        selected = context.selected_asset_keys
        with Deliveries(settings) as deliveries:
            progress.info("laying out the landing zone (%s)", settings.sources)
            deliveries.prepare()
            for number, (source, dataset) in enumerate(known, start=1):
                key = delivery_key(source, dataset)
                if key not in selected:
                    continue
                arrival = deliveries.take_in(source, dataset)
                _say(arrival, number, len(known))
                if arrival.outcome in ("new", "unchanged"):
                    yield _materialisation(key, arrival)
                yield _arrival(key, arrival)
        for name, reason in deliveries.landing.quarantine_strays():
            progress.warning("quarantined %s: %s", name, reason)
        counts = deliveries.zone.write_index()
        for shape in SHAPES:
            if shape_key(shape) in selected:
                vintages = [v for v in deliveries.zone.vintages_in_use() if v.shape == shape]
                yield dg.MaterializeResult(
                    asset_key=shape_key(shape),
                    metadata={
                        "dagster/row_count": sum(v.rows_accepted for v in vintages),
                        "vintages": len(vintages),
                    },
                )
        if INDEX_KEY in selected:
            yield dg.MaterializeResult(asset_key=INDEX_KEY, metadata=dict(counts))

    return ingest


class Asked(NamedTuple):
    """What the platform asks for by itself: a table or a register."""

    title: str
    page: str
    cadence: str
    kind: str


def _delivery_spec(source: Source, dataset: str, shape: str, asked: Asked | None) -> dg.AssetSpec:
    if asked:
        description = (
            f"{asked.title}. Asked for through the source's own interface; every answer that "
            "differs from the last one becomes an immutable vintage. One that also looks "
            "different (other variables, codes or units, many rows more or less) waits until "
            f"somebody accepts it: `python -m orchestration accept {source.source} {dataset}`."
        )
        link, kinds = asked.page, {asked.kind, "parquet"}
    else:
        description = (
            f"Deliveries of `{dataset}` by {source.name} ({source.owner}), dropped into "
            f"`landing/{source.source}/{dataset}/` as CSV or XLSX. Each file becomes an immutable "
            "vintage; rows that break the contract go to quarantine."
        )
        link, kinds = source.url, {"csv", "excel", "parquet"}
    metadata: dict[str, dg.MetadataValue] = {
        "dagster/column_schema": dg.MetadataValue.table_schema(_table_schema(shape)),
        "licence": dg.MetadataValue.text(source.licence),
        "cadence": dg.MetadataValue.text(_CADENCES[asked.cadence if asked else source.cadence]),
    }
    if link:
        metadata["link_to_source"] = dg.MetadataValue.url(link)
    return dg.AssetSpec(
        key=delivery_key(source.source, dataset),
        description=description,
        group_name=DELIVERIES_GROUP,
        kinds=kinds,
        owners=[_OWNER],
        metadata=metadata,
        tags={"tilannekuva/source": source.source},
        skippable=True,
    )


def _shape_spec(shape: str, shapes_of: Mapping[tuple[str, str], str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=shape_key(shape),
        deps=[delivery_key(s, d) for (s, d), of in shapes_of.items() if of == shape],
        description=f"Every vintage of `{shape}` of every source, as one relation for staging.",
        group_name=RAW_GROUP,
        kinds={"parquet"},
        owners=[_OWNER],
        metadata={"dagster/column_schema": dg.MetadataValue.table_schema(_table_schema(shape))},
        skippable=True,
    )


def _index_spec() -> dg.AssetSpec:
    columns = {f.name: f for schema in (VINTAGES_INDEX, ATTEMPTS, QUARANTINE) for f in schema}
    return dg.AssetSpec(
        key=INDEX_KEY,
        deps=[shape_key(shape) for shape in SHAPES],
        description=(
            "The raw zone's index: every vintage with its hash and row counts, the last attempt "
            "of every source, every quarantined row with file, line, column and reason."
        ),
        group_name=RAW_GROUP,
        kinds={"parquet"},
        owners=[_OWNER],
        metadata={
            "dagster/column_schema": dg.MetadataValue.table_schema(
                dg.TableSchema(columns=[dg.TableColumn(n, str(f.type)) for n, f in columns.items()])
            )
        },
        skippable=True,
    )


def _table_schema(shape: str) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                f.name,
                str(f.type),
                description=description(shape, f.name),
                constraints=dg.TableColumnConstraints(nullable=f.nullable),
            )
            for f in SHAPES[shape]
        ]
    )


def _arrival_spec(source: str, dataset: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        name=ARRIVAL_CHECK,
        asset=delivery_key(source, dataset),
        description=(
            "The source could be asked and every row of what it delivered could be understood. "
            "When it fails with an error, the last good vintage stays in use; when it warns, rows "
            "or files lie in quarantine (see marts.quality_quarantine)."
        ),
    )


def _materialisation(key: dg.AssetKey, arrival: Arrival) -> dg.MaterializeResult[None]:
    metadata: dict[str, dg.MetadataValue] = {
        "outcome": dg.MetadataValue.text(arrival.outcome),
        "new_vintages": dg.MetadataValue.int(len(arrival.vintages)),
        "rows_quarantined": dg.MetadataValue.int(arrival.rows_quarantined),
    }
    if arrival.vintages:
        newest = arrival.vintages[-1]
        metadata |= {
            "dagster/row_count": dg.MetadataValue.int(
                sum(v.rows_accepted for v in arrival.vintages)
            ),
            "vintage": dg.MetadataValue.text(newest.vintage),
            "origin": dg.MetadataValue.text(newest.origin),
            "content_hash": dg.MetadataValue.text(newest.content_hash[:16]),
            "is_sample": dg.MetadataValue.bool(newest.is_sample),
        }
    return dg.MaterializeResult(asset_key=key, metadata=metadata)


def _arrival(key: dg.AssetKey, arrival: Arrival) -> dg.AssetCheckResult:
    failed = arrival.outcome == "failed"
    metadata: dict[str, dg.MetadataValue] = {
        "rows_delivered": dg.MetadataValue.int(arrival.rows_delivered),
        "rows_quarantined": dg.MetadataValue.int(arrival.rows_quarantined),
        "files_refused": dg.MetadataValue.int(len(arrival.refused_files)),
        "files_waiting": dg.MetadataValue.int(len(arrival.waiting)),
    }
    if arrival.waiting:
        listed = "\n".join(f"- `{path}`" for path in arrival.waiting)
        metadata["waiting"] = dg.MetadataValue.md(listed)
    if failed:
        metadata["why"] = dg.MetadataValue.text(arrival.message or "")
        metadata["what_to_do"] = dg.MetadataValue.text(
            "Nothing is lost: the last good vintage stays in use. Mend the cause and materialise "
            "this asset again, or wait for the next nightly refresh."
        )
    elif arrival.rows_quarantined or arrival.refused_files:
        metadata["sample_rows"] = dg.MetadataValue.md(_reasons(arrival))
        metadata["what_to_do"] = dg.MetadataValue.text(
            "Look the rows up in marts.quality_quarantine and ask the source for a corrected file; "
            "an unknown indicator or region may be a missing row of the catalogue, after which "
            "the same file is read again. The answer to its sender holds the rows with the reason "
            "beside each, to be mended and delivered as it is."
        )
        if arrival.answers:
            listed = "\n".join(f"- `{path}`" for path in arrival.answers)
            metadata["answers"] = dg.MetadataValue.md(listed)
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=ARRIVAL_CHECK,
        passed=not (failed or arrival.rows_quarantined or arrival.refused_files),
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _reasons(arrival: Arrival) -> str:
    lines = ["| file | line | column | reason |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | | | {_cell(reason)} |" for name, reason in arrival.refused_files]
    lines += [
        f"| {file} | {line} | {column} | {_cell(reason)} |"
        for file, line, column, reason in arrival.samples
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _say(arrival: Arrival, number: int, total: int) -> None:
    place = f"[{number}/{total}] {arrival.source}/{arrival.dataset}"
    if arrival.outcome == "failed":
        progress.error("%s failed: %s", place, arrival.message)
    elif arrival.outcome == "new":
        progress.info(
            "%s: %d new vintage(s), %d rows, %d to quarantine",
            place,
            len(arrival.vintages),
            arrival.rows_delivered,
            arrival.rows_quarantined,
        )
