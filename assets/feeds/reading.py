"""The parts of a fetch to coded cells, by their format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assets.errors import TilannekuvaError
from assets.feeds.descriptions import TableDescription
from assets.formats.cube import CodedCells
from assets.formats.jsonstat import read_document
from assets.formats.px import read_px
from assets.formats.pxweb_json import read_pxweb_json
from assets.formats.sdmx_csv import read_sdmx_csv
from assets.formats.sotkanet import read_sotkanet
from assets.raw.archive import NamedPart
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

FORMAT_OF = {
    "pxweb": "json-stat",
    "pxwebapi2": "json-stat",
    "eurostat": "sdmx-csv",
    "sotkanet": "sotkanet",
}
"""The format in which each kind of service is asked; a `file` says its own."""

REGIONS_PART = "regions.json"
"""Name of the part of a Sotkanet fetch that says what the internal region ids are."""


def format_of(table: TableDescription) -> str:
    """In which format the table arrives."""
    return table.format or FORMAT_OF[table.service.kind]


def read_parts(parts: Sequence[NamedPart], table: TableDescription) -> Iterator[CodedCells]:
    """Read each part of one fetch, in order.

    Raises:
        UnreadableDelivery: a part cannot be read; the text says which and why.
    """
    for number, part in enumerate(parts, start=1):
        if part.name == REGIONS_PART:
            continue
        try:
            yield from _read(part, parts, table)
        except UnreadableDelivery as problem:
            raise UnreadableDelivery(
                Reason(
                    "part_not_used",
                    number=number,
                    part=part.name,
                    table=table.table_id,
                    problem=problem.reason,
                )
            ) from problem


def _read(
    part: NamedPart, parts: Sequence[NamedPart], table: TableDescription
) -> Sequence[CodedCells]:
    match format_of(table):
        case "json-stat":
            return read_document(part.content).cubes
        case "pxweb-json":
            return [read_pxweb_json(part.content)]
        case "px":
            return [read_px(part.content)]
        case "sdmx-csv":
            return [read_sdmx_csv(part.content, table.described_variables)]
        case "sotkanet":
            regions = next((p.content for p in parts if p.name == REGIONS_PART), None)
            if regions is None:
                raise UnreadableDelivery(Reason("sotkanet_no_regions"))
            return [read_sotkanet(part.content, regions)]
        case other:
            raise TilannekuvaError(
                f"There is no reader of {other}; correct the source description."
            )
