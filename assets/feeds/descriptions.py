"""Descriptions of sources: one YAML file per source, an entry per table.

What belongs here: how a source is asked, which of its tables are taken, which variable of each
is area, time and contents, and what codes and symbols mean in Tilannekuva's words. Adding a
table is an entry in `sources/<source>.yaml` and rows of the catalogue, no Python. What does not:
asking (`connectors.py`) and applying (`cells.py`).

Variables and contents have alternatives because offices rename: Statistics Finland moved from
names to codes on 8.6.2026, some codes carry a classification vintage (`alue_23_20260101`) that
changes every year, some contents a prefix (`vaerak-vaesto`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assets.errors import TilannekuvaError
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period
from assets.vocabulary.statuses import WITHHELD
from assets.yamlfile import Described, read_yaml

SOURCES_DIR = Path(__file__).resolve().parent / "sources"

ObsStatus = Literal[
    "A", "B", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "S", "U", "V",
    "W",
]  # fmt: skip
"""SDMX observation status, as in the seed `obs_statuses.csv`."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Web = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Cadence = Literal["A", "S", "Q", "M"]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"{pattern!r} is not a regular expression: {problem}") from None
    return pattern


def _is_period(text: str) -> str:
    try:
        return parse_period(text).text
    except NotUnderstood as problem:
        raise ValueError(str(problem)) from None


Pattern = Annotated[Text, AfterValidator(_compiles)]
PeriodText = Annotated[str, AfterValidator(_is_period)]


class Service(Described):
    """How a source is asked.

    Attributes:
        kind: the protocol. `pxweb` is PxWeb v1, `pxwebapi2` PxWebApi 2, `file` an address that
            answers with the whole table; `prh` is a register, not a service of tables.
        base_url: address of the service; for `file` the part that all tables share.
        language: language of labels; codes do not depend on it.
        max_calls, window_seconds: our share of the service, where it does not say itself what
            it allows.
    """

    kind: Literal["pxweb", "pxwebapi2", "eurostat", "sotkanet", "prh", "file"]
    base_url: Web
    language: Literal["fi", "sv", "en"] = "fi"
    max_calls: int = Field(default=10, ge=1)
    window_seconds: float = Field(default=60.0, gt=0)


class Variables(Described):
    """Which variable of the table plays which part; alternatives in order of preference.

    An alternative is a variable code, in any letter case, that may end in `*`: `alue*` stands
    for `Alue` and for `alue_23_20260101`. A table with one measure may have no contents
    variable, and one about a single region no area variable (`areas.constant`).
    """

    area: list[Text] = Field(default=[])
    time: list[Text] = Field(min_length=1)
    contents: list[Text] = Field(default=[])


class FixedVariable(Described):
    """Another variable, held at one value: total sex, all ages.

    Attributes:
        variable: alternatives of its code.
        value: the value code; several are alternatives, the first one that the table has counts.
        leaves_out: whether the cells at other values are left out, and not rejected.
    """

    variable: list[Text] = Field(min_length=1)
    value: list[Text] | Text
    leaves_out: bool = False

    @property
    def values(self) -> list[str]:
        """The alternatives, first the preferred one."""
        return [self.value] if isinstance(self.value, str) else list(self.value)

    def chosen(self, codes: Sequence[str], labels: Sequence[str] = ()) -> str | None:
        """The code of the table at which the variable is held; None where it has none.

        Where no code fits, one whose name for people (`labels`, one per code) does.
        """
        named = zip(reversed(labels), reversed(codes), strict=False) if labels else ()
        there = {label.casefold(): code for label, code in named}
        there |= {code.casefold(): code for code in reversed(codes)}
        return next((there[v.casefold()] for v in self.values if v.casefold() in there), None)


class Content(Described):
    """One measure of the table: any of `codes` (any letter case) is this indicator.

    Attributes:
        status: SDMX observation status of its values where no symbol says another: F for a
            projection, whose table has no symbol for it.
    """

    codes: list[Text] = Field(default=[])
    indicator: Code
    unit: Text
    segment: Code = "total"
    status: ObsStatus = "A"

    @model_validator(mode="after")
    def _of_a_value(self) -> Content:
        if self.status in WITHHELD:
            raise ValueError(f"status {self.status} says that there is no value")
        return self


class SegmentVariable(Described):
    """A variable whose codes are customer segments; a code not named is rejected."""

    variable: list[Text] = Field(min_length=1)
    codes: dict[Text, Code] = Field(min_length=1)


class Areas(Described):
    r"""Area codes: regular expressions that must match the whole code.

    Attributes:
        accept: codes that are regions as they stand.
        rewrite: pattern -> region, with the groups of the match (`'KUNTA:(\d{3})': 'KU\1'`).
        codes: code -> region, for other classifications (`FI1B1: MK01`).
        names: the area codes are names of regions of this type.
        leave_out: codes that the table also publishes and that Tilannekuva does not take.
        constant: the region of every cell of a table that has no area variable.

    A code that fits nothing is rejected, never lost.
    """

    accept: list[Pattern] = Field(default=[])
    rewrite: dict[Pattern, Text] = Field(default={})
    codes: dict[Text, Text] = Field(default={})
    names: str | None = None
    leave_out: list[Pattern] = Field(default=[])
    constant: str | None = None

    @model_validator(mode="after")
    def _some(self) -> Areas:
        if not (self.accept or self.rewrite or self.codes or self.names or self.constant):
            raise ValueError("one of accept, rewrite, codes, names and constant is needed")
        return self

    def region_of(self, code: str) -> str | None:
        """The region that an area code stands for; None for one that is not taken.

        Where areas are names the name itself, which the region index understands.
        """
        if code in self.codes:
            return self.codes[code]
        if any(re.fullmatch(pattern, code) for pattern in self.accept):
            return code
        for pattern, region in self.rewrite.items():
            if match := re.fullmatch(pattern, code):
                return match.expand(region)
        left_out = any(re.fullmatch(pattern, code) for pattern in self.leave_out)
        return code if self.names and not left_out else None

    def leaves_out(self, code: str) -> bool:
        """Whether the area code is one the platform declares it does not take."""
        return self.region_of(code) is None and any(
            re.fullmatch(pattern, code) for pattern in self.leave_out
        )


class Symbol(Described):
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


class Drift(Described):
    """How much a new edition may differ from the last one before somebody must look.

    Attributes:
        fewest, most: rows, and rows with a value, as a share of the last edition's.
    """

    fewest: float = Field(default=0.9, ge=0, le=1)
    most: float = Field(default=2.0, ge=1)


class _Table(Described):
    """What may stand in an entry of `tables`; see `TableDescription` for the attributes."""

    dataset: Code
    id: Text
    title: Text
    page: Web
    cadence: Cadence
    confirmed_on: date | None = None
    unconfirmed: Text | None = None
    format: Literal["json-stat", "pxweb-json", "px", "sdmx-csv"] | None = None
    since: PeriodText | None = None
    variables: Variables
    fixed: list[FixedVariable] = Field(default=[])
    only: dict[Text, list[Text] | Text] = Field(default={})
    leave_out: dict[Text, list[Pattern]] = Field(default={})
    contents: list[Content] = Field(min_length=1)
    segments: SegmentVariable | None = None
    areas: Areas
    symbols: dict[Text, Symbol] = Field(default={})
    empty: Symbol = Symbol(obs_status="O")
    flags: Literal["eurostat"] | None = None
    drift: Drift = Drift()

    @model_validator(mode="after")
    def _unambiguous(self) -> _Table:
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
        if self.variables.contents:
            if any(not content.codes for content in self.contents):
                raise ValueError("a table with a contents variable needs codes in each content")
        elif len(self.contents) > 1 or self.contents[0].codes:
            raise ValueError("a table without a contents variable has one content, without codes")
        return self


class TableDescription(_Table):
    """One table of a source: its entry, with what the file says of all its tables.

    Attributes:
        source: source id of the source catalogue.
        service: how it is asked.
        licence, contact: of the source.
        dataset: dataset id, which names the raw vintages.
        id: the table at the service: path, table id, data-flow id, indicator id or file name.
        title: name for people. page: web page for people.
        cadence: SDMX frequency A, S, Q or M.
        confirmed_on: day on which id and codes were checked against the live service; None
            as long as nobody has. unconfirmed: what could not be confirmed.
        format: of a `file`; the services have one of their own.
        since: first period that is asked for.
        fixed: other variables, each held at one value; a cell at another one is rejected.
        only: likewise (variable -> value), and the cells at other values are left out.
        leave_out: variable -> patterns of the codes whose cells are left out: contents that are
            not taken, layout rows, totals of another kind. A code that the description maps or
            holds is taken all the same.
        segments: a variable whose codes are customer segments.
        symbols: symbol -> meaning. empty: meaning of a missing value without a symbol.
        flags: a code list of flags that is the source's own and needs no entry in `symbols`.
        drift: how much a new edition may differ.
    """

    source: Code
    service: Service
    licence: Text
    contact: Text

    @model_validator(mode="after")
    def _somewhere(self) -> TableDescription:
        if (self.areas.constant is None) != bool(self.variables.area):
            raise ValueError(
                "a table has an area variable, or areas.constant names the region of all its cells"
            )
        return self

    @property
    def held(self) -> list[FixedVariable]:
        """Every variable that is held at one value."""
        return [
            *self.fixed,
            *(
                FixedVariable(variable=[variable], value=value, leaves_out=True)
                for variable, value in self.only.items()
            ),
        ]

    @property
    def described_variables(self) -> list[str]:
        """Alternatives of every variable that the description names."""
        return [
            *self.variables.area,
            *self.variables.time,
            *self.variables.contents,
            *(self.segments.variable if self.segments else ()),
            *(name for entry in self.held for name in entry.variable),
            *self.leave_out,
        ]

    def leaves_out(self, variable: str, code: str) -> bool:
        """Whether `leave_out` names a code of a variable other than the area."""
        return any(re.fullmatch(pattern, code) for pattern in self.left_out_of(variable))

    def left_out_of(self, variable: str) -> list[str]:
        """The patterns of `leave_out` for a variable."""
        return [
            pattern
            for alternative, patterns in self.leave_out.items()
            if fnmatchcase(variable.casefold(), alternative.casefold())
            for pattern in patterns
        ]

    @property
    def table_id(self) -> str:
        """`<source>.<dataset>`: unique over all tables."""
        return f"{self.source}.{self.dataset}"

    @cached_property
    def digest(self) -> str:
        """Changes with everything that decides what is asked for and how it is understood."""
        told = self.model_dump_json(exclude={"title", "page", "confirmed_on", "unconfirmed"})
        return hashlib.sha256(told.encode()).hexdigest()[:12]

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


class RegisterDescription(Described):
    """A register of enterprises, read entry by entry.

    Attributes:
        dataset: dataset id, which names the raw vintages.
        registered_from: first day of registration that is followed.
        ask_again_days: closings do not show in the count of registrations, so everything is
            asked for again when the last vintage is this old.
    """

    dataset: Code
    title: Text
    page: Web
    cadence: Cadence
    registered_from: date
    ask_again_days: int = Field(default=7, ge=1)
    confirmed_on: date | None = None
    unconfirmed: Text | None = None
    drift: Drift = Drift()


class SourceDescription(Described):
    """One YAML file: a source, how it is asked, and what is taken from it.

    Attributes:
        source: source id of the source catalogue; also the name of the file.
        symbols, empty, flags, areas: for every table that does not say otherwise.
    """

    source: Code
    service: Service
    licence: Text
    contact: Text
    areas: Areas | None = None
    symbols: dict[Text, Symbol] = Field(default={})
    empty: Symbol = Symbol(obs_status="O")
    flags: Literal["eurostat"] | None = None
    tables: list[_Entry] = Field(default=[])
    registry: RegisterDescription | None = None

    @model_validator(mode="after")
    def _fits_service(self) -> SourceDescription:
        if (self.service.kind == "prh") != (self.registry is not None):
            raise ValueError("a source of kind prh, and no other, has a registry")
        if (self.service.kind == "prh") == bool(self.tables):
            raise ValueError("a source has tables, or a registry")
        names = [table.dataset for table in self.tables]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"the dataset {', '.join(sorted(twice))} is described twice")
        for number, entry in enumerate(self.tables):
            areas = entry.areas or self.areas
            if areas is None:
                raise ValueError(f"tables.{number} ({entry.dataset}) has no areas")
            if (areas.constant is None) != bool(entry.variables.area):
                raise ValueError(
                    f"tables.{number} ({entry.dataset}): a table has an area variable, or "
                    "areas.constant names the region of all its cells"
                )
            if (self.service.kind == "file") != (entry.format is not None):
                raise ValueError(
                    f"tables.{number} ({entry.dataset}): a table of a source of kind file, and no "
                    "other, says its format"
                )
        return self

    @property
    def entries(self) -> tuple[TableDescription | RegisterDescription, ...]:
        """Everything that is asked for."""
        return (*self.described_tables, *((self.registry,) if self.registry else ()))

    @cached_property
    def described_tables(self) -> tuple[TableDescription, ...]:
        """Each table with what the file says of all of them."""
        return tuple(
            TableDescription.model_validate(
                {
                    "source": self.source,
                    "service": self.service,
                    "licence": self.licence,
                    "contact": self.contact,
                    "areas": self.areas,
                    "empty": self.empty,
                    "flags": self.flags,
                    **{name: getattr(entry, name) for name in entry.model_fields_set},
                    "symbols": {**self.symbols, **entry.symbols},
                }
            )
            for entry in self.tables
        )


class _Entry(_Table):
    """An entry of `tables`: areas may stand once for all of them."""

    areas: Areas | None = None  # type: ignore[assignment]


SourceDescription.model_rebuild()


class AmbiguousVariable(ValueError):
    """A name in a description that fits several variables of the table.

    Attributes:
        codes: the variables.
    """

    def __init__(self, name: str, codes: Sequence[str]) -> None:
        super().__init__(f"{name!r} fits several variables: {', '.join(codes)}")
        self.codes = codes


def matching_variable(alternatives: Iterable[str], codes: Sequence[str]) -> str | None:
    """The one variable code that the first matching alternative names; None if there is none.

    Raises:
        AmbiguousVariable: an alternative fits several, so that choosing would be a guess.
    """
    for alternative in alternatives:
        found = [code for code in codes if fnmatchcase(code.casefold(), alternative.casefold())]
        if len(found) > 1:
            raise AmbiguousVariable(alternative, found)
        if found:
            return found[0]
    return None


def load_source(path: Path) -> SourceDescription:
    """Read one source description.

    Raises:
        TilannekuvaError: the file cannot be read or breaks the schema; the text names the file,
            and line and field of everything that is wrong.
    """
    source = read_yaml(path, SourceDescription)
    if path.stem != source.source:
        raise TilannekuvaError(
            f"{path.name} describes the source {source.source!r}; rename the file to "
            f"{source.source}.yaml."
        )
    return source


def load_sources(directory: Path = SOURCES_DIR) -> dict[str, SourceDescription]:
    """All source descriptions of a directory, by source, in the order of that id.

    Raises:
        TilannekuvaError: as `load_source`.
    """
    return {path.stem: load_source(path) for path in sorted(directory.glob("*.yaml"))}


def tables_of(sources: Mapping[str, SourceDescription]) -> dict[str, TableDescription]:
    """Every table of the given sources, by `table_id`."""
    return {
        table.table_id: table for source in sources.values() for table in source.described_tables
    }


def load_tables(directory: Path = SOURCES_DIR) -> dict[str, TableDescription]:
    """Every described table, by `table_id`."""
    return tables_of(load_sources(directory))
