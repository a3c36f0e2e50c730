"""Which sections a reading pack has, and the words that it is written in.

What belongs here: what `sections.yaml` and `words.yaml` may say, read once. What does not: the rows
of a section (`dbt_project/models/functions/reading_packs`) and how they look (`files`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import RootModel, model_validator

from assets.catalogue import Catalogue
from assets.yamlfile import Described, read_yaml

_HERE = Path(__file__).parent


class Column(Described):
    """A column of a section.

    Attributes:
        title: its heading.
        words: the list in which its codes stand; empty where it has no codes.
        page: whether the page has it; the workbook and the JSON have all.
        unit: unit of its numbers, or the column that holds it; empty for plain numbers.
        decimals: decimals that people read; without it those of the row's indicator, or 2.
        only_yes: whether a no is left empty, as in a column that marks what is late.
    """

    title: str
    words: str = ""
    page: bool = True
    unit: str = ""
    decimals: int | None = None
    only_yes: bool = False

    @model_validator(mode="before")
    @classmethod
    def _heading_alone(cls, given: Any) -> Any:
        return {"title": given} if isinstance(given, str) else given


class Section(Described):
    """A table of the pack.

    Attributes:
        key: its name in the JSON; its rows come from the function `reading_pack_<key>`.
        title: its heading.
        about: what a reader must know to read it; empty where nothing.
        empty: what to say when there is no row.
        function: what follows `reading_pack_` in the name of its function; empty for the key.
        segments: `total` or `others`, where it has the rows of these segments only.
        turned: whether a row is shown as a column: few rows of many columns.
        quiet: whether it is left out when there is no row.
        columns: its columns in order, by name.
    """

    key: str
    title: str
    about: str = ""
    empty: str
    function: str = ""
    segments: Literal["", "total", "others"] = ""
    turned: bool = False
    quiet: bool = False
    columns: dict[str, Column]


class Sections(Described):
    """All sections in order, and the published tables that stand in none, with the reason."""

    sections: tuple[Section, ...]
    left_out: dict[str, str]


class _Words(RootModel[dict[str, dict[str, str]]]):
    pass


@cache
def all_sections() -> Sections:
    """The sections of this project."""
    return read_yaml(_HERE / "sections.yaml", Sections)


def words() -> Mapping[str, Mapping[str, str]]:
    """Words of codes, by list and code: those of the packs, and the catalogue's."""
    catalogue = Catalogue.load()
    return {
        **{
            name: {word.code: word.name_fi for word in given}
            for name, given in catalogue.words.items()
        },
        "segments": {word.code: word.name_fi for word in catalogue.segment_words},
        "sources": {
            "all": "kaikki",
            **{source.source: source.name_fi for source in catalogue.sources.values()},
        },
        **read_yaml(_HERE / "words.yaml", _Words).root,
    }
