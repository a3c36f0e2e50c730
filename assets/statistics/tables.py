"""Descriptions of statistical-office tables: one YAML file per table.

What belongs here: which table, which of its variables is area, time and contents, and what
its codes and symbols mean in Tilannekuva's words. Adding a table is one more file in `tables/`,
no Python. What does not: fetching (`pxweb.py`) and applying (`cells.py`).

Variables and contents have alternatives because Statistics Finland renamed them on 8.6.2026:
queries use codes now, some codes carry a classification vintage (`alue_23_20260101`) that
changes every year, and some contents a prefix (`vaerak-vaesto`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from assets.errors import TilannekuvaError

TABLES_DIR = Path(__file__).resolve().parent / "tables"

ObsStatus = Literal[
    "A", "B", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "S", "U", "V",
    "W",
]  # fmt: skip
"""SDMX observation status, as in the seed `obs_statuses.csv`."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Web = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"{pattern!r} is not a regular expression: {problem}") from None
    return pattern


Pattern = Annotated[Text, AfterValidator(_compiles)]


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variables(_Described):
    """Which variable plays which part; alternatives in order of preference.

    An alternative is a variable code, in any letter case, that may end in `*`: `alue*` stands
    for `Alue` and for `alue_23_20260101`.
    """

    area: list[Text] = Field(min_length=1)
    time: list[Text] = Field(min_length=1)
    contents: list[Text] = Field(min_length=1)


class FixedVariable(_Described):
    """Another variable, held at one value: total sex, all ages."""

    variable: list[Text] = Field(min_length=1)
    value: Text


class Content(_Described):
    """One measure of the table: any of `codes` (any letter case) is this indicator."""

    codes: list[Text] = Field(min_length=1)
    indicator: Code
    unit: Text
    segment: Code = "total"


class Areas(_Described):
    """Area codes: regular expressions that must match the whole code.

    `accept` are the codes that become regions; `leave_out` those that the table also publishes
    and that Tilannekuva does not take. A code that matches neither is rejected, never lost.
    """

    accept: list[Pattern] = Field(min_length=1)
    leave_out: list[Pattern] = []

    def accepts(self, code: str) -> bool:
        """Whether the area code becomes a region."""
        return any(re.fullmatch(pattern, code) for pattern in self.accept)

    def leaves_out(self, code: str) -> bool:
        """Whether the area code is one the platform declares it does not take."""
        return not self.accepts(code) and any(
            re.fullmatch(pattern, code) for pattern in self.leave_out
        )


class Symbol(_Described):
    """What a symbol of this table means.

    Attributes:
        obs_status: SDMX observation status.
        conf_status: SDMX confidentiality status; `C` where the source withholds the value.
        value: the value that the symbol itself stands for (`-` is a true nil: 0); None where
            it stands for no value.
        note: the symbol is a remark on a value that is there, not a missing-value symbol.
    """

    obs_status: ObsStatus
    conf_status: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] = "F"
    value: float | None = None
    note: bool = False

    @model_validator(mode="after")
    def _one_meaning(self) -> Symbol:
        if self.note and self.value is not None:
            raise ValueError("a symbol is a note on a value or stands for one, not both")
        return self


class TableDescription(_Described):
    """One table of a statistical office, as its YAML file describes it.

    Attributes:
        source: source id of the source catalogue.
        dataset: dataset id, which names the raw vintages.
        title: name for people.
        base_url: address of the PxWeb v1 API without language and table.
        language: language of labels; codes do not depend on it.
        path: the table below `base_url`/`language`.
        confirmed_on: day on which path and codes were checked against the live service; None
            as long as nobody has.
        page: web page for people. licence, contact: for the catalogue.
        cadence: SDMX frequency A, S, Q or M.
        symbols: symbol -> meaning. empty: meaning of a missing value without a symbol.
    """

    source: Code
    dataset: Code
    title: Text
    base_url: Web
    language: Literal["fi", "sv", "en"] = "fi"
    path: Annotated[str, StringConstraints(pattern=r"^[^/\s][^\s]*\.px$")]
    confirmed_on: date | None = None
    page: Web
    licence: Text
    cadence: Literal["A", "S", "Q", "M"]
    contact: Text
    variables: Variables
    fixed: list[FixedVariable] = []
    contents: list[Content] = Field(min_length=1)
    areas: Areas
    symbols: dict[Text, Symbol]
    empty: Symbol = Symbol(obs_status="O")

    @model_validator(mode="after")
    def _unambiguous(self) -> TableDescription:
        seen: set[str] = set()
        measures: set[tuple[str, str]] = set()
        for content in self.contents:
            for code in content.codes:
                if code.casefold() in seen:
                    raise ValueError(f"content code {code!r} is given twice")
                seen.add(code.casefold())
            if (content.indicator, content.segment) in measures:
                raise ValueError(
                    f"indicator {content.indicator!r}, segment {content.segment!r} is given "
                    "twice; list all its codes in one entry"
                )
            measures.add((content.indicator, content.segment))
        return self

    @property
    def table_id(self) -> str:
        """`<source>.<dataset>`: unique over all tables."""
        return f"{self.source}.{self.dataset}"

    @property
    def config_url(self) -> str:
        """Address of the service's own limits."""
        return f"{self.base_url.rstrip('/')}/{self.language}/?config"

    @property
    def url(self) -> str:
        """Address of the table: GET its metadata, POST a query."""
        return f"{self.base_url.rstrip('/')}/{self.language}/{self.path}"

    def content_of(self, codes: Sequence[str]) -> dict[str, Content]:
        """Which of the given content codes stand for a measure.

        Where two codes of one measure are both there, the alternative named first counts; the
        other stays unmapped, so that nothing is counted twice.
        """
        there = {code.casefold(): code for code in reversed(codes)}
        found: dict[str, Content] = {}
        for content in self.contents:
            for alternative in content.codes:
                if alternative.casefold() in there:
                    found[there[alternative.casefold()]] = content
                    break
        return found


def matching_variable(alternatives: Iterable[str], codes: Sequence[str]) -> str | None:
    """The one variable code that the first matching alternative names; None if there is none.

    Raises:
        ValueError: an alternative fits several variables, so that choosing would be a guess.
    """
    for alternative in alternatives:
        found = [code for code in codes if fnmatchcase(code.casefold(), alternative.casefold())]
        if len(found) > 1:
            raise ValueError(f"{alternative!r} fits several variables: {', '.join(found)}")
        if found:
            return found[0]
    return None


def load_table(path: Path) -> TableDescription:
    """Read one table description.

    Raises:
        TilannekuvaError: the file cannot be read or breaks the schema; the text names the file
            and every field that is wrong.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise TilannekuvaError(
            f"The table description {path.name} cannot be read: {problem}"
        ) from None
    try:
        table = TableDescription.model_validate(raw)
    except ValidationError as problems:
        fields = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'the whole file'}: {problem['msg']}"
            for problem in problems.errors()
        )
        raise TilannekuvaError(f"The table description {path.name} is wrong: {fields}.") from None
    expected = f"{table.source}_{table.dataset}.yaml"
    if path.name != expected:
        raise TilannekuvaError(
            f"The table description {path.name} is of source {table.source!r} and dataset "
            f"{table.dataset!r}; rename the file to {expected}."
        )
    return table


def load_tables(directory: Path = TABLES_DIR) -> dict[str, TableDescription]:
    """All table descriptions of a directory, by `table_id`, in the order of that id.

    Raises:
        TilannekuvaError: as `load_table`.
    """
    tables = [load_table(path) for path in sorted(directory.glob("*.yaml"))]
    return {table.table_id: table for table in sorted(tables, key=lambda table: table.table_id)}


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key given twice is an error: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "a key is given twice in this mapping", node.start_mark
            )
        return mapping
