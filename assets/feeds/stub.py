"""A first description of a table, written from its own metadata, for a person to finish.

What belongs here: guessing which variable plays which part, and saying why. What does not:
choosing the indicator, which the metadata cannot know. The places to fill in say `CHOOSE`; once
they are filled in, the text is an entry that `descriptions` loads.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import get_args

import yaml

from assets.feeds.descriptions import Cadence, Service, matching_variable
from assets.feeds.structure import classification_vintage
from assets.services.tables import Metadata, Variable
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import is_period, parse_period

CHOOSE = "CHOOSE"
_TOTALS = ("SSS", "SS", "S", "T", "TOTAL", "TOT", "_T")
_TOTAL_WORDS = ("yhteensä", "kaikki", "totalt", "total", "summa", "molemmat sukupuolet")
#: Codes that are regions as they stand, and those that are areas of some other list.
_REGION = r"KU\d{3}|SK\d{3}|MK\d{2}|SSS|ELY\d{2}|EVK\d{2}|TA\d{2}"
_AREA = rf"{_REGION}|MA\d|ELY\d+|EVK\d+|TA\d+|FI[0-9A-Z]{{0,3}}"
_AREA_NAMES = ("alue", "region", "område", "area", "maakunta", "kunta", "seutukunta", "geo")
_CONTENTS = ("contentscode", "tiedot", "uppgifter", "information")
_FREQUENCIES = {"A": "year", "S": "half-year", "Q": "quarter", "M": "month"}
_LISTED = 12
_LONGEST = 100
"""Characters of a comment's part that the service wrote."""


def table_stub(dataset: str, table: str, metadata: Metadata, page: str) -> str:
    """An entry for `tables` of a source description, as YAML with the choices explained.

    Args:
        dataset: id that the platform shall use.
        table: the table at the service.
        metadata: what the service says of it.
        page: address for people.
    """
    variables = metadata.variables
    time = _first(v for v in variables if v.time) or _most_like(variables, is_period)
    # Only measures have units.
    measured = [v for v in variables if v is not time and any(v.values)]
    contents = _first(v for v in measured if v.code.casefold() in _CONTENTS) or _first(
        v for v in measured if v.units
    )
    others = [v for v in variables if v is not time and v is not contents]
    area = _most_like(others, _is_area) or _first(filter(_is_called_area, others))
    codes = [v.code for v in variables]
    lines = [
        f"  - dataset: {_plain(dataset)}",
        f"    id: {_plain(table)}",
        f"    title: {_quoted(' '.join(metadata.title.split()) or table)}",
        f"    page: {_quoted('%20'.join(page.split()))}",
        f"    cadence: {_cadence(time)}",
        "    variables:",
        *_variable("area", area, codes, _why_area(area)),
        *_variable("time", time, codes, _why_time(time)),
    ]
    if contents:
        lines += _variable("contents", contents, codes, "the measures of the table")
    lines += _fixed([v for v in others if v is not area])
    lines += ["    contents:", *_contents(contents)]
    lines += _areas(area)
    return "\n".join(lines) + "\n"


def source_stub(source: str, service: Service, entry: str) -> str:
    """A whole source description, for a source that has none: its head, and an entry.

    Args:
        source: source id of the source catalogue.
        service: how it is asked.
        entry: as `table_stub` writes it.
    """
    return (
        f"# A new source: the file {source}.yaml beside the other source descriptions. Replace\n"
        f"# every {CHOOSE}; say under `symbols` what dots and other signs of its tables mean.\n"
        f"source: {_plain(source)}\n"
        "service:\n"
        f"  kind: {service.kind}\n"
        f"  base_url: {_quoted(service.base_url)}\n"
        f"  language: {service.language}\n"
        f"licence: {CHOOSE}\n"
        f"contact: {CHOOSE}\n"
        "\n"
        "tables:\n"
        f"{entry}"
    )


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


def _is_called_area(variable: Variable) -> bool:
    words = re.split(r"[\W\d_]+", f"{variable.code} {variable.text}".casefold())
    return any(name in words for name in _AREA_NAMES)


def _variable(
    part: str, variable: Variable | None, codes: Sequence[str], why: str
) -> Iterator[str]:
    if variable is None:
        yield f"      {part}: [{CHOOSE}]  # no variable looks like it"
        return
    code = variable.code
    vintage = classification_vintage(code)
    if vintage and _fits_one(
        pattern := _exactly(code.removesuffix(vintage.replace("-", ""))) + "*", codes
    ):
        yield f"      # {_said(code)} carries the classification of {vintage}, which will change."
        yield f"      {part}: [{_quoted(pattern)}]"
        return
    yield f"      {part}: [{_quoted(_exactly(code))}]  # {why}"


def _fits_one(pattern: str, codes: Sequence[str]) -> bool:
    try:
        return matching_variable([pattern], codes) is not None
    except ValueError:
        return False


def _exactly(code: str) -> str:
    """A code as an alternative that fits nothing else: `*`, `?` and `[` stand for themselves."""
    return glob.escape(code)


def _why_area(area: Variable | None) -> str:
    if area is None:
        return ""
    number = sum(map(_is_area, area.values))
    return f"{len(area.values)} values, " + (
        f"{number} of them codes of regions" if number else "chosen by its name alone"
    )


def _why_time(time: Variable | None) -> str:
    return "marked as time by the service" if time and time.time else "its values are periods"


def _cadence(time: Variable | None) -> str:
    known = ", ".join(get_args(Cadence))
    if time is None or not time.values:
        return f"{CHOOSE}  # one of {known}"
    first, last = _said(time.values[0]), _said(time.values[-1])
    try:
        frequency = parse_period(time.values[-1]).freq
    except NotUnderstood:
        frequency = ""
    if frequency not in _FREQUENCIES:
        return f"{CHOOSE}  # one of {known}; the last period is called {last}"
    return f"{frequency}  # {_FREQUENCIES[frequency]}, {first} to {last}"


def _fixed(others: Sequence[Variable]) -> Iterator[str]:
    if not others:
        return
    yield "    # Every other variable is held at one value; one that the service sums up when it is"
    yield "    # left out (elimination) needs no entry."
    entries = []
    for variable in others:
        total, why = _total(variable)
        about = f"# {_said(variable.text)}, {len(variable.values)} values; {why}"
        if total == CHOOSE and variable.elimination:
            yield f"    {about}. Left out, it is summed up."
            continue
        note = "; summed up when left out" if variable.elimination else ""
        entries.append(f"      {about}{note}.")
        alternative = _quoted(_exactly(variable.code))
        value = CHOOSE if total == CHOOSE else _quoted(total)
        entries.append(f"      - {{variable: [{alternative}], value: {value}}}")
    if entries:
        yield "    fixed:"
        yield from entries


def _total(variable: Variable) -> tuple[str, str]:
    """The value that stands for all others, and why; `CHOOSE` where none looks like it."""
    labels = dict(zip(variable.values, variable.labels or variable.values, strict=True))
    labels.pop("", None)  # cannot be asked for
    wordy = [v for v, label in labels.items() if label.casefold().startswith(_TOTAL_WORDS)]
    # "Ikäluokat yhteensä" is a total too; of "miehet yhteensä" and "naiset yhteensä" neither is.
    ending = [v for v, label in labels.items() if label.casefold().endswith(_TOTAL_WORDS)]
    if wordy or len(ending) == 1:
        total = (wordy or ending)[0]
        return total, f"{_said(total)} is {_said(labels[total])!r}"
    for value in labels:
        if value.upper() in _TOTALS:
            return value, f"{_said(value)} looks like the total"
    if len(labels) == 1:
        return next(iter(labels)), "its only value"
    some = ", ".join(
        f"{_said(value)} = {_said(label)}" for value, label in list(labels.items())[:_LISTED]
    )
    return CHOOSE, f"none looks like the total: {some}"


def _contents(contents: Variable | None) -> Iterator[str]:
    yield "      # One entry per measure that is taken; delete the others. `indicator` is an id of"
    yield "      # indicators.csv, `unit` one of units.csv."
    measures: dict[str, tuple[str, str]] = {}
    if contents is not None:
        labels = contents.labels or contents.values
        for value, label in zip(contents.values, labels, strict=True):
            # Codes are compared in any letter case, so a second spelling is the same code.
            if value:
                measures.setdefault(value.casefold(), (value, label))
    if not measures:
        yield f"      - {{indicator: {CHOOSE}, unit: {CHOOSE}}}  # the table has one measure"
        return
    assert contents is not None
    for value, label in measures.values():
        unit = contents.units.get(value)
        yield f"      # {_said(label)}" + (f", in {_said(unit)}" if unit else "")
        yield f"      - {{codes: [{_quoted(value)}], indicator: {CHOOSE}, unit: {CHOOSE}}}"


def _areas(area: Variable | None) -> Iterator[str]:
    accepted, others = _kinds(area.values if area else ())
    if others:
        yield "    # No codes of regions: `rewrite` those that stand for one (or name them one by"
        yield "    # one under `codes`), and put into `leave_out` what is not taken. What stands"
        yield "    # nowhere goes to quarantine."
        yield from _listed(others)
    if accepted:
        yield "    # Codes of regions; what is not taken of them belongs into `leave_out`."
        yield from _listed(accepted)
    patterns = ", ".join(_quoted(pattern) for pattern in accepted) or CHOOSE
    yield "    areas:"
    yield f"      accept: [{patterns}]"


def _kinds(values: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Values by the pattern of their kind, most frequent first: codes of regions, and others."""
    regions: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for value in values:
        is_region = re.fullmatch(_REGION, value) is not None
        kind = re.sub(r"[0-9]+", lambda run: rf"\d{{{len(run.group())}}}", value)
        (regions if is_region else others).setdefault(kind, []).append(value)
    by_count = [sorted(d.items(), key=lambda kind: -len(kind[1])) for d in (regions, others)]
    return dict(by_count[0]), dict(by_count[1])


def _listed(kinds: dict[str, list[str]]) -> Iterator[str]:
    for kind, values in list(kinds.items())[:_LISTED]:
        yield f"    #   {_said(kind)}: {len(values)}, such as {_said(values[0])}"
    if len(kinds) > _LISTED:
        yield f"    #   and {len(kinds) - _LISTED} more kinds"


def _said(text: str) -> str:
    """What the service wrote, fit for a comment: one line, no character that YAML refuses."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    words = " ".join(plain.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _plain(text: str) -> str:
    """An id as people write it, without quotes where YAML reads it back as the same text."""
    is_plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_./-]*", text) and yaml.safe_load(text) == text
    return text if is_plain and text != CHOOSE else _quoted(text)


def _quoted(text: str) -> str:
    """A text as YAML writes it inside a line: in single quotes, escaped where it must be."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    dumped = yaml.safe_dump(text, allow_unicode=True, default_style='"', width=float("inf"))
    return dumped.strip()
