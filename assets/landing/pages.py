"""What is generated from the declarations and the catalogue: pages for people, sources for dbt.

    python -m assets.landing.pages     writes them anew

`docs/deliveries.md` has a table of columns for each dataset and one of words, each between two
markers; the guides in Finnish and Swedish have the former, below what a row is. The text around
them is written by hand. dbt's `_sources.yml` is generated whole. A test holds that what is
committed is what would be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Column, Dataset, Kind
from assets.errors import TilannekuvaError
from assets.raw.schemas import SHAPES
from assets.settings import DBT_PROJECT_DIR, PROJECT_ROOT

DELIVERIES = PROJECT_ROOT / "docs" / "deliveries.md"


class Guide(NamedTuple):
    """A guide for partners in another language.

    Attributes:
        page: where it is.
        headings: of its tables of columns.
        required: what stands there beside a required column.
    """

    page: Path
    headings: tuple[str, ...]
    required: str


#: By language.
GUIDES: Mapping[str, Guide] = {
    "fi": Guide(
        PROJECT_ROOT / "docs" / "fi" / "toimitukset.md",
        ("sarake", "pakollinen", "myös", "mitä siihen kirjoitetaan"),
        "kyllä",
    ),
    "sv": Guide(
        PROJECT_ROOT / "docs" / "sv" / "leveranser.md",
        ("kolumn", "obligatorisk", "även", "vad som skrivs i den"),
        "ja",
    ),
}
_PERIODS = "[Periods and days](#periods)."
_REGIONS = "[Regions](#regions)."
#: Where the page says how cells of a kind are written.
_WRITTEN: Mapping[Kind, str] = {
    Kind.LIST: "Separated by `;`, or by `,` where there is no `;`.",
    Kind.URL: "Written `https://…`.",
    Kind.INDICATORS: "Separated by `;`.",
    Kind.REGION: _REGIONS,
    Kind.REGIONS: f"Separated by `;`. {_REGIONS}",
    Kind.MUNICIPALITIES: f"Separated by `;`. {_REGIONS}",
    Kind.REGION_TYPE: _REGIONS,
    Kind.OUTER_REGION: f"An ELY centre, an economic development centre or a region. {_REGIONS}",
    Kind.SEGMENT: "[Segments](#segments).",
    Kind.ACTOR: "A source by id or name, or another name.",
    Kind.ACTORS: "Separated by `;`.",
    Kind.DATASET: "A dataset of this page.",
    Kind.PERIOD: _PERIODS,
    Kind.YEAR: "Four digits from 1990 to 2100.",
    Kind.DAY: f"{_PERIODS} Not in the future.",
    Kind.PLANNED_DAY: _PERIODS,
    Kind.VALUE: "[Numbers](#numbers).",
    Kind.NUMBER: "[Numbers](#numbers).",
    Kind.OBS_STATUS: "[Status codes](#status-codes).",
    Kind.CONF_STATUS: "[Status codes](#status-codes).",
    Kind.COUNT: "A whole number.",
    Kind.PERCENT: "0 to 100.",
    Kind.BUSINESS_ID: "[Business ids](#business-ids-and-people).",
}


def table_of_columns(dataset: Dataset) -> str:
    """The columns of a dataset as a Markdown table."""
    return _table(
        ("column", "required", "Finnish names", "Swedish names", "what it holds"),
        (
            (
                _quoted([column.name]),
                "yes" if column.required else "no",
                _quoted(column.names.fi),
                _quoted(column.names.sv),
                " ".join(_about(column)),
            )
            for column in dataset.columns
        ),
    )


def guide_to_columns(dataset: Dataset, language: str) -> str:
    """What a row of a dataset is and its columns as a Markdown table, in one of `GUIDES`."""
    guide = GUIDES[language]
    table = _table(
        guide.headings,
        (
            (
                _quoted([column.label.of(language)]),
                guide.required if column.required else "",
                _quoted((*column.names.of(language)[1:], column.name)),
                column.meaning.of(language),
            )
            for column in dataset.columns
        ),
    )
    return f"{dataset.row.of(language)}\n\n{table}"


def table_of_words(catalogue: Catalogue) -> str:
    """The words of every list as a Markdown table."""
    return _table(
        ("list", "code", "in Finnish", "in Swedish", "also"),
        (
            (
                _quoted([name]),
                _quoted([word.code]),
                _quoted([word.name_fi.lower()]),
                _quoted([word.name_sv.lower()]),
                _quoted(word.aliases),
            )
            for name, words in catalogue.words.items()
            for word in words
        ),
    )


def sources_of_dbt() -> str:
    """The text of `_sources.yml`: the shapes of the raw zone and its index."""
    described = {
        "vintages": "Index of every vintage that was taken in, with hash, licence and row counts.",
        "attempts": "When each source and dataset was last asked, and what came of it.",
        "quarantine": "Rows and files that were rejected, with line, column and reason.",
        "table_cells": "Cells of the statistical offices' tables, every vintage.",
        "register_events": "Events of the business register, every vintage.",
    }
    landed = {name: f"Landing dataset `{name}` of every source, every vintage." for name in SHAPES}
    tables = [{"name": n, "description": d} for n, d in {**landed, **described}.items()]
    raw = {
        "name": "raw",
        "description": "The raw zone: what sources delivered, immutable, one folder a vintage. "
        "Python writes it, dbt reads it.",
        "tables": sorted(tables, key=lambda table: table["name"]),
    }
    text = yaml.safe_dump(
        {"version": 2, "sources": [raw]}, sort_keys=False, allow_unicode=True, width=96
    )
    return f"# Generated from assets/datasets by `python -m assets.landing.pages`.\n{text}"


def generated() -> dict[Path, str]:
    """Every generated file with what it should hold.

    Raises:
        TilannekuvaError: a page lacks the markers of a table.
    """
    page = DELIVERIES.read_text(encoding="utf-8")
    for dataset in DATASETS.values():
        page = _between(page, f"columns of {dataset.name}", table_of_columns(dataset))
    page = _between(page, "words", table_of_words(Catalogue.load()))
    (sources,) = (DBT_PROJECT_DIR / "models").rglob("_sources.yml")
    return {DELIVERIES: page, sources: sources_of_dbt(), **dict(_guides())}


def _guides() -> Iterator[tuple[Path, str]]:
    for language, guide in GUIDES.items():
        page = guide.page.read_text(encoding="utf-8")
        for dataset in DATASETS.values():
            columns = guide_to_columns(dataset, language)
            page = _between(page, f"columns of {dataset.name}", columns)
        yield guide.page, page


def _between(page: str, name: str, table: str) -> str:
    """A page with the table put between its markers."""
    begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->\n"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise TilannekuvaError(f"A page needs the lines {begin.strip()} and {end.strip()} once.")
    return pattern.sub(lambda _: f"{begin}{table}{end}", page)


def _about(column: Column) -> Iterator[str]:
    yield column.meaning.en
    if column.words:
        own = ", or a word of your own" if column.kind is Kind.TERM else ""
        yield f"[Words](#words) of `{column.words}`{own}."
    if written := _WRITTEN.get(column.kind):
        yield written
    if column.default:
        yield f"`{column.default}` where empty."


def _quoted(texts: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _table(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")
