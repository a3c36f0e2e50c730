"""What a table looks like, and whether a new edition still looks like the last one.

What belongs here: the structure of a delivery, and the differences of two. What does
not: what becomes of a delivery that differs (`assets.deliveries`).

A revision of figures is normal and new periods are too. Another variable, code, unit or
classification, or many rows more or less, may mean that the same name now stands for something
else; somebody must look before such figures replace good ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from assets.feeds.attributes import OF_ONE_MEASURE
from assets.feeds.cells import PARTS, Axes, axes_of, left_out_codes
from assets.feeds.descriptions import Drift, TableDescription
from assets.formats.cube import CodedCells
from assets.languages import Text
from assets.vocabulary.reasons import Reason, listing

_ROWS = Text(fi="rivejä", sv="rader", en="rows")
_VALUES = Text(fi="rivejä, joilla on arvo", sv="rader med ett värde", en="rows with a value")
_NO_DAY = Text(fi="ei tiedossa", sv="ingen känd dag", en="no stated day")


@dataclass(frozen=True)
class Structure:
    """What a table of one edition looks like.

    Attributes:
        variables: part (`area`, `time`, `contents`, `segment`, `fixed …`) -> variable code.
        codes: part -> its category codes, in order; contents only those that are mapped.
        units: content code, or attribute that says what is measured (unit, base period), -> unit as
            the source writes it.
        left_out: part -> patterns of the codes that its description leaves out, delivered or not.
        rows: cells delivered. values: those of them with a value.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    values: int = 0
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """What is kept beside a vintage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Structure:
        """Read back what `to_dict` gave, of another version of the platform too."""
        return cls(**{f.name: kept[f.name] for f in fields(cls) if f.name in kept})


def structure_of(parts: Iterable[CodedCells], table: TableDescription) -> Structure:
    """The structure of a fetch, over all its parts.

    Raises:
        UnreadableDelivery: as `cells.axes_of`.
    """
    variables: dict[str, str] = {}
    codes: dict[str, dict[str, None]] = {}
    units: dict[str, str] = {}
    left_out: dict[str, list[str]] = {}
    rows = values = 0
    for part in parts:
        axes = axes_of(part, table)
        named = {"time": axes.time}
        if axes.area is not None:
            named = {"area": axes.area, **named}
        if axes.contents is not None:
            named["contents"] = axes.contents
        if axes.segment is not None:
            named["segment"] = axes.segment
        named |= {f"fixed {entry.variable[0]}": at for at, entry in axes.fixed}
        not_taken: dict[int, set[str]] = {}
        for axis, flags in left_out_codes(part, table, axes):
            codes_of_axis = part.dimensions[axis].codes
            not_taken.setdefault(axis, set()).update(
                code for code, is_out in zip(codes_of_axis, flags, strict=True) if is_out
            )
        for attribute in part.attributes:
            if attribute.code.upper() in OF_ONE_MEASURE and len(attribute.codes) == 1:
                units[attribute.code] = attribute.codes[0]
        for role, at in named.items():
            dimension = part.dimensions[at]
            variables[role] = dimension.code
            taken: Sequence[str] = dimension.codes
            if role == "contents":
                mapped = table.content_of(dimension.codes)
                taken = [code for code in dimension.codes if code in mapped]
                units |= {
                    code: str(unit.get("base") or unit.get("label") or unit)
                    for code, unit in dimension.units.items()
                    if code in mapped
                }
            else:
                taken = [code for code in dimension.codes if code not in not_taken.get(at, ())]
            if patterns := _left_out(table, role, dimension.code, axes):
                left_out[role] = patterns
            codes.setdefault(role, {}).update(dict.fromkeys(taken))
        rows += len(part.values)
        values += int((part.values == part.values).sum())
    return Structure(
        variables,
        {role: list(found) for role, found in codes.items()},
        units,
        rows,
        values,
        left_out,
    )


def _left_out(table: TableDescription, role: str, variable: str, axes: Axes) -> list[str]:
    """Patterns of the codes of a variable that the description leaves out."""
    patterns = list(table.areas.leave_out) if role == "area" else []
    patterns += table.left_out_of(variable)
    held = {f"fixed {entry.variable[0]}": entry.leaves_out for _, entry in axes.fixed}
    return [*patterns, ".*"] if held.get(role) else patterns


def classification_vintage(variable: str) -> str | None:
    """The day of the area classification that a variable code carries, in ISO form.

    `alue_23_20260101` has that of 2026-01-01.
    """
    found = re.search(r"_((?:19|20)\d{2})([01]\d)([0-3]\d)\Z", variable)
    return "-".join(found.groups()) if found else None


def differences(last: Structure, new: Structure, drift: Drift) -> list[Reason]:
    """Why a new edition needs a look before it counts; empty when it does not."""
    return [
        *_of_variables(last, new),
        *_of_codes(last, new),
        *_of_units(last, new),
        *_of_size(_ROWS, last.rows, new.rows, drift, last.left_out == new.left_out),
        *_of_size(_VALUES, last.values, new.values, drift, last.left_out == new.left_out),
    ]


def _of_variables(last: Structure, new: Structure) -> Iterator[Reason]:
    for role in {**last.variables, **new.variables}:
        before, now = last.variables.get(role), new.variables.get(role)
        if before == now:
            continue
        part = _part(role)
        if now is None:
            yield Reason("variable_gone", what=part, earlier=before or "")
            continue
        if before is None:
            yield Reason("variable_new", what=part, later=now)
            continue
        vintages = classification_vintage(before), classification_vintage(now)
        if role == "area" and vintages[0] != vintages[1]:
            yield Reason(
                "areas_of_another_day",
                earlier=before,
                earlier_day=vintages[0] or _NO_DAY,
                later=now,
                later_day=vintages[1] or _NO_DAY,
            )
        else:
            yield Reason("variable_renamed", what=part, earlier=before, later=now)


def _of_codes(last: Structure, new: Structure) -> Iterator[Reason]:
    for role, before in last.codes.items():
        now = new.codes.get(role, ())
        known, there = set(before), set(now)
        # What another description leaves out, or takes again, is no change of the table.
        gone = [c for c in before if c not in there and not _fits(c, new.left_out.get(role, ()))]
        if gone:
            yield Reason("codes_gone", what=_part(role), listed=listing(gone))
        added = [c for c in now if c not in known and not _fits(c, last.left_out.get(role, ()))]
        if role != "time" and added:
            yield Reason("codes_new", what=_part(role), listed=listing(added))


def _fits(code: str, patterns: Sequence[str]) -> bool:
    return any(re.fullmatch(pattern, code) for pattern in patterns)


def _of_units(last: Structure, new: Structure) -> Iterator[Reason]:
    for code, before in last.units.items():
        now = new.units.get(code)
        if now is not None and now != before:
            yield Reason("unit_changed", code=code, earlier=before, later=now)


def _of_size(
    what: Text, before: int, now: int, drift: Drift, is_comparable: bool
) -> Iterator[Reason]:
    # Where another description asks for less or more, the sizes say nothing of the table.
    if is_comparable and before and not drift.fewest * before <= now <= drift.most * before:
        yield Reason(
            "size_changed",
            rows=now,
            what=what,
            share=round(100 * now / before),
            held=before,
            least=round(100 * drift.fewest),
            most=round(100 * drift.most),
        )


def _part(role: str) -> Text:
    """A part of a table in words: `area`, `fixed sex`."""
    part, _, variable = role.partition(" ")
    known = PARTS[part]
    return known.mapped(lambda name: f"{name} {variable}") if variable else known
