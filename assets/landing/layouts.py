"""Descriptions of foreign files: known shapes that are not the contract's, one YAML file each.

What belongs here: which headers such a file has, which contract column each of them fills, what
is the same in every row, which of its columns are measured values, what is left out and why.
Adding a layout is one more file in `layouts/`, no Python. What does not belong here: applying
them (`assets.landing.reader.foreign`).

A header is named by a regular expression that it matches as a whole; letter case and outer
blanks do not matter. A file is of a layout if each header that the layout reads stands in it
exactly once, in any order, so nothing else is needed to recognise it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assets.datasets import DATASETS
from assets.errors import TilannekuvaError
from assets.languages import Each
from assets.vocabulary.reasons import Reason
from assets.yamlfile import Described, read_yaml

LAYOUTS_DIR = Path(__file__).resolve().parent / "layouts"
#: Longest line that is repaired; the patterns of free text may look at it many times.
_MAX_REPAIRED = 4_000

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Text = Annotated[str, StringConstraints(min_length=1)]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"{pattern!r} is not a regular expression: {problem}") from None
    return pattern


Pattern = Annotated[Text, AfterValidator(_compiles)]


class Rewrite(Described):
    """A text made from the named groups of a pattern: `{year}-{month}`.

    Attributes:
        pattern: what the given text must match as a whole.
        text: the text to make; `{name}` stands for a group.
        words: what a group's text is written as: `I` as `1`.
    """

    pattern: Pattern
    text: Text
    words: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        try:
            self.text.format_map(dict.fromkeys(re.compile(self.pattern).groupindex, ""))
        except (KeyError, IndexError, ValueError) as problem:
            raise ValueError(f"text names a group that pattern does not have: {problem}") from None
        return self

    def of(self, given: str) -> str | None:
        """The text made from a given one, None where that does not match."""
        match = re.fullmatch(self.pattern, given.strip(), re.IGNORECASE)
        if match is None:
            return None
        groups = {name: text or "" for name, text in match.groupdict().items()}
        return self.text.format_map({n: self.words.get(t, t) for n, t in groups.items()})


class Filled(Described):
    """A contract column that a column of the file fills.

    Attributes:
        header: the file's column.
        words: cells that are written differently: `WHOLE COUNTRY` as `SSS`.
        rewrite: how all other cells are written; one that does not match is refused.
    """

    header: Pattern
    words: Mapping[str, str] = {}
    rewrite: Rewrite | None = None


class Value(Described):
    """A column of values: each of its cells is a measurement of its own.

    Attributes:
        header: the file's column.
        indicator: what it measures.
        unit: its unit, if it is not the indicator's.
        period_offset: how many periods before (negative) or after the row's own it is measured.
    """

    header: Pattern
    indicator: Name
    unit: Text | None = None
    period_offset: int = 0


class HeaderPeriod(Described):
    """The period of all rows, as a header tells it; the leftmost header that matches counts."""

    header: Rewrite


class Refusal(Described):
    """Rows that are not taken in, by a column of the file.

    Attributes:
        header: the file's column.
        cells: which cells of it are refused, as a pattern of the whole cell. Letter case counts.
        unless: whether all cells but those are refused.
        reason: why; shown to people.
        reason_fi: the same in Finnish; `reason` where it is empty.
        reason_sv: the same in Swedish; `reason` where it is empty.
    """

    header: Pattern
    cells: Pattern
    unless: bool = False
    reason: Text
    reason_fi: str = ""
    reason_sv: str = ""

    @property
    def told(self) -> Each[str]:
        """Why, in every language."""
        return Each(self.reason_fi or self.reason, self.reason_sv or self.reason, self.reason)

    def applies_to(self, cell: str) -> bool:
        """Whether a row with this cell is refused."""
        return (re.fullmatch(self.cells, cell.strip()) is not None) is not self.unless


class LeftOut(Described):
    """Columns of the file that are not taken in, and why not."""

    header: Pattern
    reason: Text


class Repair(Described):
    """How lines are parted whose quotation marks do not say where a cell ends.

    Attributes:
        trim: pattern of what surrounds every line and is no cell (quotation mark, `;`).
        columns: what each cell looks like, from left to right. A pattern such as `.*` is a cell
            of free text, in which the separator may stand.
    """

    trim: Pattern | None = None
    columns: Sequence[Pattern] = Field(min_length=2)

    @model_validator(mode="after")
    def _own_no_groups(self) -> Self:
        for pattern in self.columns:
            if re.compile(pattern).groups:
                raise ValueError(f"{pattern!r} has a group; write (?:…) instead of (…)")
        return self

    def parted(self, line: str, separator: str) -> list[str] | Reason:
        """The cells of a line, or the reason why there is not exactly one way to part it."""
        if len(line) > _MAX_REPAIRED:
            return Reason("line_too_long_to_part", length=len(line))
        if self.trim is not None:
            line = re.sub(rf"^(?:{self.trim})|(?:{self.trim})$", "", line)
        shortest, longest = (
            re.fullmatch(
                re.escape(separator).join(
                    f"({'.*' + lazy if pattern == '.*' else pattern})" for pattern in self.columns
                ),
                line,
            )
            for lazy in ("?", "")
        )
        if shortest is None or longest is None:
            return Reason("line_not_parted")
        if shortest.groups() != longest.groups():
            return Reason("line_parted_in_two_ways")
        return [re.sub('"+', '"', cell).strip() for cell in shortest.groups()]


class Layout(Described):
    """A known shape of foreign files; one YAML file.

    Attributes:
        name: the name of its file.
        description: what the file is, where it comes from, and what was decided in mapping it.
        dataset: the landing dataset that it becomes.
        sources: by which sources it may be delivered; all, where none is named.
        separator: of its cells, where the others must not be tried.
        columns: contract columns by name, and what fills them.
        constants: contract columns that are the same in every row.
        region_type: type of the regions that are named; not of those that `words` turn into codes.
        period: where the period comes from, if not from a column.
        values: columns of measurements; only of the dataset `measurements`.
        refuse: rows that are not taken in; they go to quarantine.
        leave_out: likewise, and they are counted and go nowhere: headings between the rows,
            subtotals, breakdowns.
        only: header -> the cell whose rows are taken (`Sukupuoli: Yhteensä`); the others are left
            out.
        left_out: columns that are not taken in. Any other column is reported as unknown, and
            refuses the file where it tells rows of one key apart.
        repair: how broken lines are parted.
    """

    name: Name
    description: Text
    dataset: Text
    sources: Sequence[Name] = ()
    separator: Literal[",", ";", "\t"] | None = None
    columns: Mapping[str, Filled] = {}
    constants: Mapping[str, str] = {}
    region_type: Text | None = None
    period: HeaderPeriod | None = None
    values: Sequence[Value] = ()
    refuse: Sequence[Refusal] = ()
    leave_out: Sequence[Refusal] = ()
    only: Mapping[Pattern, Text] = {}
    left_out: Sequence[LeftOut] = ()
    repair: Repair | None = None

    @model_validator(mode="after")
    def _fits_the_contract(self) -> Self:
        if self.dataset not in DATASETS:
            raise ValueError(f"{self.dataset!r} is not a landing dataset")
        contract = DATASETS[self.dataset]
        filled = [*self.columns, *self.constants]
        if self.values:
            if self.dataset != "measurements":
                raise ValueError(f"values are measurements, not {self.dataset}")
            filled += ["indicator", "value"]
            if any(value.unit for value in self.values):
                filled.append("unit")
        if self.region_type:
            filled.append("region_type")
        if self.period:
            filled.append("period")
        twice = sorted({name for name in filled if filled.count(name) > 1})
        if twice:
            raise ValueError(f"filled twice: {', '.join(twice)}")
        unknown = sorted(set(filled) - {column.name for column in contract.columns})
        if unknown:
            raise ValueError(f"no columns of {self.dataset}: {', '.join(unknown)}")
        lacking = [name for name in contract.required if name not in filled]
        if lacking:
            raise ValueError(f"nothing fills the required {', '.join(lacking)}")
        if any(value.period_offset for value in self.values) and "period" not in filled:
            raise ValueError("a period offset needs a period")
        if self.repair and not self.separator:
            raise ValueError("lines are repaired by a separator; name it")
        return self


def load_layouts(directory: Path = LAYOUTS_DIR) -> tuple[Layout, ...]:
    """Every layout, by name.

    Raises:
        TilannekuvaError: a description is wrong; the text names file, line and field.
    """
    paths = sorted(directory.glob("*.yaml"))
    return _load(tuple((path, path.stat().st_mtime_ns) for path in paths))


def layouts_for(source: str, directory: Path = LAYOUTS_DIR) -> tuple[Layout, ...]:
    """The layouts in which a source may deliver."""
    return tuple(x for x in load_layouts(directory) if not x.sources or source in x.sources)


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> tuple[Layout, ...]:
    layouts = []
    for path, _ in files:
        layout = read_yaml(path, Layout)
        if layout.name != path.stem:
            raise TilannekuvaError(
                f"{path.name} is wrong: it describes {layout.name}; name and file must be the same."
            )
        layouts.append(layout)
    return tuple(layouts)
