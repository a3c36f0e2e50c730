"""The region seeds as rows of text: read, ordered, merged with changed rows, written.

The files themselves. Elsewhere: rules among the rows (`assets.reference.rules`), their meaning for
ingestion (`assets.catalogue`).
"""

from __future__ import annotations

import csv
import hashlib
import io
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assets.errors import TilannekuvaError

Row = Mapping[str, str]
"""One row of a seed: text by column, "" for an empty cell."""

TYPES = ("KU", "SK", "MK", "ELY", "EVK", "TA", "SS", "NUTS3", "NUTS2", "NUTS1", "SSS")
"""Region types in the order in which the seeds list them."""

#: Earlier than every date in the seeds, later than the open start of a span.
_BEGINNING = "0001-01-01"
_WIDTHS = {"KU": 3, "SK": 3, "MK": 2, "ELY": 2, "EVK": 2, "TA": 2, "SS": 2}
_NUTS_LENGTHS = {"NUTS1": 3, "NUTS2": 4, "NUTS3": 5}


@dataclass(frozen=True)
class Seed:
    """One seed: its file name without ending, its columns, and its key columns."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def key_of(self, row: Row) -> tuple[str, ...]:
        """The key of a row."""
        return tuple(row[column] for column in self.key)


REGIONS = Seed(
    "regions",
    (
        "region", "region_type", "code", "name_fi", "name_sv", "name_en", "valid_from", "valid_to",
    ),
    ("region",),
)  # fmt: skip
MEMBERSHIPS = Seed(
    "region_memberships",
    ("region", "parent", "valid_from", "valid_to"),
    ("region", "parent", "valid_from"),
)
CHANGES = Seed(
    "region_changes",
    (
        "change", "region", "name_fi", "successor", "level", "from_parent", "to_parent",
        "effective_on",
    ),
    ("change", "region", "level", "effective_on"),
)  # fmt: skip
ALIASES = Seed("region_aliases", ("alias", "region"), ("alias",))
SEEDS = (REGIONS, MEMBERSHIPS, CHANGES, ALIASES)
"""The seeds that a new year may change, in the order in which dbt's tests refer to them."""


def region_id(kind: str, code: str) -> str | None:
    """The typed code of a region (`KU005`, `FI1B1`); None where the code cannot be of that type.

    Args:
        kind: a region type with codes of its own (not SSS).
        code: as a classification writes it; a lost leading zero is put back.
    """
    if kind in _NUTS_LENGTHS:
        fits = code.isascii() and code.isalnum() and code == code.upper()
        return code if fits and len(code) == _NUTS_LENGTHS[kind] else None
    fits = code.isascii() and code.isdigit() and len(code) <= _WIDTHS[kind]
    return kind + code.zfill(_WIDTHS[kind]) if fits else None


def code_of(kind: str, region: str) -> str:
    """The code inside its type of a typed region code."""
    return region.removeprefix(kind) if kind in _WIDTHS else region


def holds(row: Row, day: str) -> bool:
    """Whether a half-open span with open ends (`valid_from`, `valid_to`) holds on an ISO day."""
    return row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])


@dataclass(frozen=True)
class Reference:
    """The region seeds of one folder, as they were when it was read.

    Attributes:
        rows: rows by seed name, in the order of the files.
        hashes: SHA-256 of each file by seed name.
        nests_in: the types that each type nests in, from `region_types.csv`.
    """

    rows: Mapping[str, tuple[Row, ...]]
    hashes: Mapping[str, str]
    nests_in: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, directory: Path) -> Reference:
        """Read the region seeds of a folder.

        Raises:
            TilannekuvaError: a file is missing or is not what it should be.
        """
        contents = {seed.name: _content(directory / f"{seed.name}.csv") for seed in SEEDS}
        types = read_rows(directory / "region_types.csv", ("region_type", "nests_in"), only=False)
        return cls(
            rows={
                seed.name: _rows(contents[seed.name], directory / f"{seed.name}.csv", seed.columns)
                for seed in SEEDS
            },
            hashes={name: hashlib.sha256(body).hexdigest() for name, body in contents.items()},
            nests_in={row["region_type"]: tuple(row["nests_in"].split()) for row in types},
        )

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Region types by region."""
        return {row["region"]: row["region_type"] for row in self.rows[REGIONS.name]}

    def alive(self, kind: str, day: str) -> dict[str, Row]:
        """The regions of a type on an ISO day, by typed code."""
        return {
            row["region"]: row
            for row in self.rows[REGIONS.name]
            if row["region_type"] == kind and holds(row, day)
        }

    @cached_property
    def days(self) -> tuple[str, ...]:
        """A day before all spans, then every day on which one begins or ends; ISO, in order.

        Nothing changes between two of them, so a rule that holds on each of them holds always.
        """
        found = {
            row[column]
            for seed in (REGIONS, MEMBERSHIPS)
            for row in self.rows[seed.name]
            for column in ("valid_from", "valid_to")
        }
        return (_BEGINNING, *sorted(found - {""}))

    def parents(self, day: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Parents by (municipality, type of parent) on an ISO day."""
        if day not in self._parents:
            found: dict[tuple[str, str], tuple[str, ...]] = {}
            for row in self.rows[MEMBERSHIPS.name]:
                if holds(row, day):
                    key = row["region"], self.types[row["parent"]]
                    found[key] = (*found.get(key, ()), row["parent"])
            self._parents[day] = found
        return self._parents[day]

    @cached_property
    def _parents(self) -> dict[str, Mapping[tuple[str, str], tuple[str, ...]]]:
        return {}

    def merged(self, changed: Mapping[str, Sequence[Row]]) -> Reference:
        """The same with other rows in it: each replaces the row of its key, or is added.

        Existing rows keep their order; an added one goes before the first that belongs behind
        it, so that the difference to the files is as small as it can be.
        """
        rows = {
            seed.name: _merged(seed, self.rows[seed.name], changed.get(seed.name, ()))
            for seed in SEEDS
        }
        result = Reference(rows, self.hashes, self.nests_in)
        order = result._order()
        return Reference(
            {
                name: _placed(found, len(self.rows[name]), order[name])
                for name, found in rows.items()
            },
            self.hashes,
            self.nests_in,
        )

    def _order(self) -> Mapping[str, Callable[[Row], tuple[object, ...]]]:
        """Sort key of each seed. Aliases are unsorted: a new one goes to the end."""

        def rank(kind: str) -> int:
            return TYPES.index(kind) if kind in TYPES else len(TYPES)

        types = self.types
        return {
            REGIONS.name: lambda row: (rank(row["region_type"]), row["code"]),
            MEMBERSHIPS.name: lambda row: (
                row["region"], rank(types.get(row["parent"], "")), row["valid_from"],
            ),
            CHANGES.name: lambda row: (
                row["effective_on"], row["change"], row["region"], row["level"],
            ),
            ALIASES.name: lambda row: (),
        }  # fmt: skip


def _merged(seed: Seed, rows: Sequence[Row], changed: Iterable[Row]) -> tuple[Row, ...]:
    """Rows with those of equal keys replaced; the others follow at the end."""
    fresh = {seed.key_of(row): row for row in changed}
    kept = [fresh.pop(seed.key_of(row), row) for row in rows]
    return (*kept, *fresh.values())


def _placed(
    rows: Sequence[Row], kept: int, order: Callable[[Row], tuple[object, ...]]
) -> tuple[Row, ...]:
    """Rows of which those from `kept` on were added, each of them moved to its place."""
    placed = list(rows[:kept])
    keys: list[tuple[object, ...]] = [order(row) for row in placed]
    for row in sorted(rows[kept:], key=order):
        at = bisect_right(keys, order(row))
        placed.insert(at, row)
        keys.insert(at, order(row))
    return tuple(placed)


def read_rows(path: Path, columns: Sequence[str], *, only: bool = True) -> tuple[Row, ...]:
    """The rows of a CSV file with these columns.

    Args:
        path: the file.
        columns: the columns to read.
        only: the file must have them in this order and no others, so that nothing is lost when
            it is written again.

    Raises:
        TilannekuvaError: it cannot be opened, is not UTF-8, has other columns, or a line of
            another width.
    """
    return _rows(_content(path), path, columns, only=only)


def _rows(
    content: bytes, path: Path, columns: Sequence[str], *, only: bool = True
) -> tuple[Row, ...]:
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise TilannekuvaError(
            f"{path} is no CSV file in UTF-8 ({problem}). Save it as such, with commas."
        ) from None
    header = lines[0] if lines else []
    if header != list(columns) if only else not set(columns) <= set(header):
        raise TilannekuvaError(
            f"The first line of {path} must be {','.join(columns)}{'' if only else ' and more'}; "
            f"it is {','.join(header)[:200]!r}."
        )
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(header):
            raise TilannekuvaError(
                f"Row {number} of {path} has {len(cells)} cells where the first line has "
                f"{len(header)}. A name with a comma in it stands in double quotes."
            )
        row = dict(zip(header, cells, strict=True))
        rows.append({column: row[column] for column in columns})
    return tuple(rows)


def text_of(seed: Seed, rows: Iterable[Row]) -> str:
    """The text of a seed's file: a header and its rows."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, seed.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise TilannekuvaError(f"{path} cannot be read: {problem}.") from problem
