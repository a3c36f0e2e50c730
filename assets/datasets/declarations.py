"""The declarations of the landing datasets: one YAML file each, and the columns that they share.

A file is the one place where a dataset is declared. From it come what the reader reads, the schema
of the raw zone, the raw checks, the templates, dbt's `_sources.yml` and the tables of
`docs/deliveries.md`. The form of a file:

    row:        what one row is, in each language (fi, sv, en)
    makes:      measurement, event or record
    key:        raw columns by which a later delivery replaces a row
    rules:      rules of assets/landing/rules.py by name, with the columns that they look at
    columns:    by name: kind, required, aliases (fi, sv, en), words, default, private, meaning; or
                `like`, a column of _shared.yaml, and what differs from it
    derived:    raw columns that a derivation of assets/landing/rules.py computes
    example:    a source, and rows that it could deliver

Column names are public (partners' export scripts are written against them): columns may be added,
never renamed or dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, model_validator

from assets.datasets.model import (
    Cell,
    Column,
    Dataset,
    Example,
    Kind,
    Makes,
    RawColumn,
    Rule,
    fold_header,
)
from assets.errors import TilannekuvaError
from assets.languages import Each, Text
from assets.yamlfile import Described, read_yaml

FOLDER = Path(__file__).parent
_SHARED = "_shared.yaml"
#: Behind the name of a column: whether a cell of it is filled.
WHETHER = "?"
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_Need = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\??$")]
_WITH_WORDS = frozenset({Kind.WORD, Kind.TERM, Kind.FLAG})


class _Text(Described):
    fi: str = Field(min_length=3)
    sv: str = Field(min_length=3)
    en: str = Field(min_length=3)

    def text(self) -> Text:
        return Text(self.fi, self.sv, self.en)


class _Aliases(Described):
    fi: tuple[str, ...] = Field(min_length=1)
    sv: tuple[str, ...] = Field(min_length=1)
    en: tuple[str, ...] = ()


class _Column(Described):
    like: _Name | None = None
    kind: Kind | None = None
    required: bool = False
    aliases: _Aliases | None = None
    words: _Name | None = None
    default: str = ""
    private: bool = False
    meaning: _Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> _Column:
        missing = [name for name in ("kind", "aliases", "meaning") if getattr(self, name) is None]
        if self.like is None and missing:
            raise ValueError(f"say {', '.join(missing)}; or with `like` which shared column it is")
        return self


class _Raw(Described):
    kind: Kind
    filled: bool = False
    meaning: str = Field(min_length=3)


class _Derived(Described):
    rule: _Name
    needs: tuple[_Need, ...]
    gives: Annotated[Mapping[_Name, _Raw], Field(min_length=1)]


class _Example(Described):
    source: _Name
    rows: tuple[Mapping[_Name, bool | int | float | date | str], ...] = Field(min_length=1)


class _Declaration(Described):
    row: _Text
    makes: Makes
    key: tuple[_Name, ...] = Field(min_length=1)
    rules: tuple[Annotated[Mapping[_Name, tuple[_Need, ...]], Field(max_length=1)], ...] = ()
    columns: Mapping[_Name, _Column]
    derived: tuple[_Derived, ...] = ()
    example: _Example


class _Shared(RootModel[Mapping[_Name, _Column]]):
    pass


def load_datasets(folder: Path = FOLDER) -> dict[str, Dataset]:
    """Read every declaration of a folder.

    Args:
        folder: with `_shared.yaml` and `<dataset>.yaml`.

    Returns:
        The datasets by name, in the order of the templates: measurements, events, records.

    Raises:
        TilannekuvaError: a file is wrong; the text names the file, the place and what is wrong.
    """
    shared = read_yaml(folder / _SHARED, _Shared).root
    datasets = [
        _dataset(path.stem, read_yaml(path, _Declaration), shared)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != _SHARED
    ]
    order = {makes: number for number, makes in enumerate(("measurement", "event", "record"))}
    return {d.name: d for d in sorted(datasets, key=lambda d: order[d.makes])}


def _dataset(name: str, declared: _Declaration, shared: Mapping[str, _Column]) -> Dataset:
    columns = {n: _column(name, n, entry, shared) for n, entry in declared.columns.items()}
    dataset = Dataset(
        name=name,
        columns=tuple(columns.values()),
        makes=declared.makes,
        key=declared.key,
        rules=tuple(Rule(rule, needs) for one in declared.rules for rule, needs in one.items()),
        derived=tuple(
            Rule(
                entry.rule,
                entry.needs,
                tuple(RawColumn(n, r.kind, r.filled, r.meaning) for n, r in entry.gives.items()),
            )
            for entry in declared.derived
        ),
        row=declared.row.text(),
        example=Example(
            declared.example.source,
            tuple(
                {n: _cell(columns.get(n), cell) for n, cell in row.items()}
                for row in declared.example.rows
            ),
        ),
    )
    if problem := next(_problems(dataset), None):
        raise TilannekuvaError(f"{name}.yaml is wrong: {problem}.")
    return dataset


def _column(dataset: str, name: str, entry: _Column, shared: Mapping[str, _Column]) -> Column:
    """A column as declared: what it says itself counts before what it is like."""
    if entry.like is not None:
        if entry.like not in shared:
            raise TilannekuvaError(
                f"{dataset}.yaml is wrong: the column {name} is like {entry.like}, which {_SHARED} "
                "lacks."
            )
        said = {field: getattr(entry, field) for field in entry.model_fields_set}
        entry = shared[entry.like].model_copy(update=said)
    assert entry.kind is not None
    assert entry.aliases is not None
    assert entry.meaning is not None
    return Column(
        name=name,
        kind=entry.kind,
        names=Each(entry.aliases.fi, entry.aliases.sv, (name, *entry.aliases.en)),
        required=entry.required,
        words=entry.words or "",
        default=entry.default,
        is_private=entry.private,
        meaning=entry.meaning.text(),
    )


def _cell(column: Column | None, cell: Cell) -> Cell:
    """A cell of an example; amounts have cents."""
    if column is not None and column.kind is Kind.MONEY:
        return Decimal(str(cell)).quantize(Decimal("0.01"))
    return cell


def _problems(dataset: Dataset) -> Iterator[str]:
    """What contradicts itself in a declaration."""
    by_header: dict[str, str] = {}
    for column in dataset.columns:
        if (column.kind in _WITH_WORDS) != bool(column.words):
            yield f"the column {column.name}: a word, a term or a flag has `words`, nothing else"
        for header in column.headers:
            if (folded := fold_header(header)) in by_header:
                yield f"the header {header!r} is given to {by_header[folded]} and to {column.name}"
            by_header[folded] = column.name
    for rule in (*dataset.rules, *dataset.derived):
        for need in rule.needs:
            if need.removesuffix(WHETHER) not in dataset.by_name:
                yield f"the rule {rule.name} looks at {need}, which is no column"
    for row in dataset.example.rows:
        for name in row:
            if name not in dataset.by_name:
                yield f"the example fills {name}, which is no column"
    raw = {column.name for column in dataset.raw_columns}
    for name in dataset.key:
        if name not in raw:
            yield f"the key names {name}, which is no raw column"


DATASETS: Mapping[str, Dataset] = load_datasets()
"""The landing datasets of this project, by name."""
