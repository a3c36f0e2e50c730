"""A first description of a table, written from its own metadata, for a person to finish.

What belongs here: guessing which variable plays which part, and saying why. What does not:
choosing the indicator, which the metadata cannot know; the places to fill in say `CHOOSE`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import yaml

from assets.services.tables import Metadata, Variable
from assets.statistics.structure import classification_vintage
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period

CHOOSE = "CHOOSE"
_TOTALS = ("SSS", "SS", "S", "T", "TOTAL", "TOT", "_T", "0", "00")
_TOTAL_WORDS = ("yhteensä", "kaikki", "totalt", "total", "summa", "molemmat sukupuolet")
_AREA = r"KU\d{3}|SK\d{3}|MK\d{2}|SSS|ELY\d+|EVK\d+|TA\d+|MA\d|FI[0-9A-Z]*"
_CONTENTS = ("contentscode", "tiedot", "uppgifter", "information")
_FREQUENCIES = {"A": "year", "S": "half-year", "Q": "quarter", "M": "month", "W": "week"}
_LISTED = 12


def table_stub(dataset: str, table: str, metadata: Metadata, page: str) -> str:
    """An entry for `tables` of a source description, as YAML with the choices explained.

    Args:
        dataset: id that the platform shall use.
        table: the table at the service.
        metadata: what the service says of it.
        page: address for people.
    """
    variables = metadata.variables
    time = _first(v for v in variables if v.time) or _most_like(variables, _is_period)
    area = _most_like([v for v in variables if v is not time], _is_area)
    contents = _first(v for v in variables if v.code.casefold() in _CONTENTS)
    lines = [
        f"  - dataset: {dataset}",
        f"    id: {table}",
        f"    title: {_quoted(metadata.title)}",
        f"    page: {page}",
        f"    cadence: {_cadence(time)}",
        "    variables:",
        *_variable("area", area, _why_area(area)),
        *_variable("time", time, "marked as time by the service" if time and time.time else ""),
    ]
    if contents:
        lines += _variable("contents", contents, "the measures of the table")
    lines += _fixed([v for v in variables if v not in (time, area, contents)])
    lines += ["    contents:", *_contents(contents)]
    lines += _areas(area)
    return "\n".join(lines) + "\n"


def _first(found: Iterable[Variable]) -> Variable | None:
    return next(iter(found), None)


def _most_like(variables: Sequence[Variable], is_one: Callable[[str], bool]) -> Variable | None:
    """The variable most of whose values are such, if there is one."""
    best: tuple[float, Variable] | None = None
    for variable in variables:
        values = variable.values
        share = sum(map(is_one, values)) / len(values) if values else 0.0
        if share > 0.5 and (best is None or share > best[0]):
            best = share, variable
    return best[1] if best else None


def _is_area(value: str) -> bool:
    return re.fullmatch(_AREA, value) is not None


def _is_period(value: str) -> bool:
    try:
        parse_period(value)
    except NotUnderstood:
        return False
    return True


def _variable(part: str, variable: Variable | None, why: str) -> Iterator[str]:
    if variable is None:
        yield f"      {part}: [{CHOOSE}]  # no variable looks like it"
        return
    code = variable.code
    if vintage := classification_vintage(code):
        stem = code.removesuffix(vintage)
        yield f"      # {code} carries the classification of {vintage}; the code changes with it."
        yield f"      {part}: [{_quoted(stem + '*')}]"
        return
    yield f"      {part}: [{_quoted(code)}]" + (f"  # {why}" if why else "")


def _why_area(area: Variable | None) -> str:
    return f"{len(area.values)} values, most of them codes of regions" if area else ""


def _cadence(time: Variable | None) -> str:
    if time is None or not time.values:
        return f"{CHOOSE}  # A, S, Q or M"
    try:
        frequency = parse_period(time.values[-1]).freq
    except NotUnderstood:
        return f"{CHOOSE}  # A, S, Q or M; the last period is called {time.values[-1]}"
    first, last = time.values[0], time.values[-1]
    return f"{frequency}  # {_FREQUENCIES.get(frequency, 'other')}, {first} to {last}"


def _fixed(others: Sequence[Variable]) -> Iterator[str]:
    if not others:
        return
    yield "    # Every other variable is held at one value, or, where the service then sums it up"
    yield "    # (elimination), may be left out of the description altogether."
    yield "    fixed:"
    for variable in others:
        total, why = _total(variable)
        note = f"{variable.text}, {len(variable.values)} values; {why}"
        if variable.elimination:
            note += "; summed up when left out"
        yield f"      # {note}."
        yield f"      - {{variable: [{_quoted(variable.code)}], value: {_quoted(total)}}}"


def _total(variable: Variable) -> tuple[str, str]:
    labels = dict(zip(variable.values, variable.labels or variable.values, strict=True))
    for value, label in labels.items():
        if any(label.casefold().startswith(word) for word in _TOTAL_WORDS):
            return value, f"{value} is {label!r}"
    for value in labels:
        if value.upper() in _TOTALS:
            return value, f"{value} looks like the total"
    if len(labels) == 1:
        return next(iter(labels)), "its only value"
    some = ", ".join(f"{value} = {label}" for value, label in list(labels.items())[:_LISTED])
    return CHOOSE, f"none looks like the total: {some}"


def _contents(contents: Variable | None) -> Iterator[str]:
    yield "      # One entry per measure that is taken; delete the others. `indicator` is an id of"
    yield "      # indicators.csv, `unit` one of units.csv."
    if contents is None:
        yield f"      - {{indicator: {CHOOSE}, unit: {CHOOSE}}}  # the table has one measure"
        return
    labels = contents.labels or contents.values
    for value, label in zip(contents.values, labels, strict=True):
        yield f"      # {label}"
        yield f"      - {{codes: [{_quoted(value)}], indicator: {CHOOSE}, unit: {CHOOSE}}}"


def _areas(area: Variable | None) -> Iterator[str]:
    if area is None:
        return
    kinds: dict[str, list[str]] = {}
    for value in area.values:
        kinds.setdefault(re.sub(r"\d", "0", value), []).append(value)
    yield "    # Kinds of area codes in the table. `accept` what becomes a region; what the table"
    yield "    # also publishes and the platform does not take belongs into `leave_out`."
    for kind, values in sorted(kinds.items(), key=lambda entry: -len(entry[1]))[:_LISTED]:
        yield f"    #   {kind}: {len(values)}, such as {values[0]}"
    patterns = [re.sub("0+", lambda run: rf"\d{{{len(run.group())}}}", k) for k in sorted(kinds)]
    yield "    areas:"
    yield f"      accept: [{', '.join(map(_quoted, patterns[:_LISTED]))}]"


def _quoted(text: str) -> str:
    """A text as YAML writes it inside a line."""
    dumped = yaml.safe_dump(text, allow_unicode=True, default_style="'", width=10_000)
    return dumped.strip()
