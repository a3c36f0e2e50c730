"""What the declaration of a landing dataset says: its columns, keys, rules and words for people.

What belongs here: the types, and the raw columns that follow from the kind of a column. What does
not: reading the YAML (declarations), how a cell is understood (`assets.landing.understanding`),
what a rule does (`assets.landing.rules`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal

from assets.languages import Each, Text
from assets.texts import visible


class Kind(StrEnum):
    """What a column holds, and so how its cells are understood."""

    TEXT = "text"
    ID = "id"
    LIST = "list"
    #: A word of a closed list; of a `term`'s list, or another.
    WORD = "word"
    TERM = "term"
    FLAG = "flag"
    URL = "url"
    INDICATOR = "indicator"
    INDICATORS = "indicators"
    REGION = "region"
    REGIONS = "regions"
    MUNICIPALITIES = "municipalities"
    REGION_TYPE = "region_type"
    #: The region that a contract area lies in.
    OUTER_REGION = "outer_region"
    SEGMENT = "segment"
    #: An organisation: a source of the catalogue, or as written.
    ACTOR = "actor"
    ACTORS = "actors"
    DATASET = "dataset"
    PERIOD = "period"
    YEAR = "year"
    DAY = "day"
    #: A day that may lie ahead.
    PLANNED_DAY = "planned_day"
    VALUE = "value"
    #: A number in the unit of whatever it is about.
    NUMBER = "number"
    UNIT = "unit"
    OBS_STATUS = "obs_status"
    CONF_STATUS = "conf_status"
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    BUSINESS_ID = "business_id"


#: A cell of an example: text, a number, a day, or a word of a list by its code.
Cell = str | int | float | Decimal | date | bool


NO_TEXT = Text("", "", "")


@dataclass(frozen=True)
class Column:
    """A column of a dataset, as partners deliver it.

    Attributes:
        name: the contract's name, which is English.
        kind: how its cells are understood.
        names: headers that mean the same in each language; the first one heads the template, in
            English the contract's name.
        required: whether every delivery must have it and every row must fill it (of a value:
            fill it or leave it empty with a status).
        words: which list of `words.csv` its cells are from, of a `WORD` or `TERM`.
        default: what an empty cell stands for; empty where it stands for nothing.
        is_private: whether it never leaves the raw zone (it identifies a person or a business, or
            is free text about customers).
        meaning: what it holds.
    """

    name: str
    kind: Kind
    names: Each[tuple[str, ...]]
    required: bool = False
    words: str = ""
    default: str = ""
    is_private: bool = False
    meaning: Text = NO_TEXT

    @property
    def must_be_filled(self) -> bool:
        """Whether an empty cell breaks the contract; of a value it says that there is none."""
        return self.required and self.kind is not Kind.VALUE

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header under which it may come."""
        return tuple(name for names in self.names for name in names)

    @property
    def label(self) -> Text:
        """What people call it."""
        return Text(*(names[0] for names in self.names))


@dataclass(frozen=True)
class RawColumn:
    """A column of the raw zone.

    Attributes:
        name: of the column.
        kind: what it holds.
        is_filled: whether every row fills it.
        description: in English, for the UI.
    """

    name: str
    kind: Kind
    is_filled: bool = False
    description: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule or a derivation by its name, and the columns that it looks at, in order."""

    name: str
    needs: tuple[str, ...]
    gives: tuple[RawColumn, ...] = ()


@dataclass(frozen=True)
class Example:
    """A filled-in delivery that is taken in as it stands.

    Attributes:
        source: who delivers it.
        rows: cells by the contract's column names; words of lists by their codes.
    """

    source: str
    rows: tuple[Mapping[str, Cell], ...]


Makes = Literal["measurement", "event", "record"]


@dataclass(frozen=True)
class Dataset:
    """A landing dataset.

    Attributes:
        name: of the dataset, and of its shape in the raw zone.
        columns: in the order of the templates.
        makes: what a row becomes: a measurement; an event that is counted or summed; or a record.
        key: raw columns that make a row the same one in a later delivery, which then replaces it.
        rules: what a row must fulfil, beyond its cells.
        derived: raw columns that follow from cells, beyond what the kinds of the columns say.
        row: what one row is.
        example: rows to learn from.
    """

    name: str
    columns: tuple[Column, ...]
    makes: Makes = "record"
    key: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    derived: tuple[Rule, ...] = ()
    row: Text = NO_TEXT
    example: Example = field(default_factory=lambda: Example("", ()))

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a delivery must have."""
        return tuple(c.name for c in self.columns if c.required)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by their name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def by_header(self) -> Mapping[str, Column]:
        """Columns by every header, folded, under which they may come."""
        return {fold_header(header): column for column in self.columns for header in column.headers}

    @cached_property
    def raw_columns(self) -> tuple[RawColumn, ...]:
        """Columns of the raw zone, behind those that say where a row came from."""
        given = {raw.name: raw for column in self.columns for raw in _raw_columns(column)}
        derived = {raw.name: raw for rule in self.derived for raw in rule.gives}
        return tuple({**given, **derived}.values())

    @property
    def private(self) -> frozenset[str]:
        """Raw columns that no model may let out."""
        return frozenset(c.name for c in self.columns if c.is_private)


def fold_header(text: str) -> str:
    """A header without case, outer blanks and the difference between `_`, `-` and a blank."""
    return re.sub(r"[\s_\-]+", " ", visible(text)).strip().casefold()


_FREQUENCY = "SDMX frequency of the period; _Z for a free span."


def frequency_of(column: Column) -> str:
    """The raw column with the frequency of a period: `freq` of the one that a row is about."""
    return "freq" if column.name == "period" else f"{column.name}_freq"


def _raw_columns(column: Column) -> tuple[RawColumn, ...]:
    """What a delivered column becomes in the raw zone."""
    about = column.meaning.en
    if column.kind is Kind.REGION_TYPE:
        # Understood together with the region.
        return ()
    if column.kind is Kind.PERIOD:
        # Which of them every row fills depends on what a row is, so the schema asks for none.
        name, day = column.name, Kind.PLANNED_DAY
        return (
            RawColumn(name, Kind.TEXT, description=about),
            RawColumn(frequency_of(column), Kind.TEXT, description=_FREQUENCY),
            RawColumn(f"{name}_start", day, description="First day of the period."),
            RawColumn(f"{name}_end", day, description="First day after the period."),
        )
    if column.kind is Kind.BUSINESS_ID:
        return (
            RawColumn(column.name, column.kind, column.required, about),
            RawColumn("business_key", Kind.ID, description="Keyed hash of the business id."),
        )
    if column.kind is Kind.VALUE:
        return (
            RawColumn(column.name, column.kind, description=about),
            RawColumn("symbol", Kind.TEXT, description="Symbol that stood in place of the value, "
                      "or beside it."),
        )  # fmt: skip
    if column.kind is Kind.DATASET:
        # A row of the raw zone says in `dataset` what it was delivered for itself.
        return (RawColumn("reported_dataset", column.kind, column.required, about),)
    if column.kind is Kind.OBS_STATUS:
        return (RawColumn("obs_status", column.kind, True, about),)
    is_filled = column.required or bool(column.default) or column.kind is Kind.UNIT
    return (RawColumn(column.name, column.kind, is_filled, about),)
