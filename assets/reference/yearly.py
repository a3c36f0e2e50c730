"""The published keys of a year, read from Statistics Finland's classification service.

Decides which classification stands for which type of region, and whether the answers of the service
agree. Elsewhere: calls (`assets.services.classifications`), what a year changes
(`assets.reference.proposal`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.errors import SourceUnavailable
from assets.reference.proposal import Names, Proposal, proposed_year
from assets.reference.review import write_proposal
from assets.reference.seeds import Reference, region_id
from assets.services.classifications import Classifications, NotPublishedYet
from assets.services.http import Caller

SERIES: Mapping[tuple[str, ...], str] = {
    ("SK",): "seutukunta",
    ("MK",): "maakunta",
    ("ELY",): "ely",
    ("EVK",): "evk",
    ("TA",): "tyollisyysalue",
    ("NUTS3", "NUTS2", "NUTS1"): "nuts",
}
"""Series of the classifications that municipalities are mapped to, by the types they hold."""
LANGUAGES = ("fi", "sv", "en")
"""Finnish first: it alone must be there."""
_ID = re.compile(r"([a-z]+)_(\d+)_(\d{8})")


@dataclass(frozen=True)
class YearKeys:
    """A year's data from the service; the arguments of `proposed_year`.

    Attributes:
        items_by_type: names by type and typed code.
        memberships: parents by municipality and type.
        successors: municipalities that took over, by municipality of the year before; empty
            where no table lists them.
    """

    items_by_type: Mapping[str, Mapping[str, Names]]
    memberships: Mapping[str, Mapping[str, str]]
    successors: Mapping[str, tuple[str, ...]]


def propose_region_year(
    year: int,
    directory: Path,
    seeds_dir: Path,
    caller: Caller,
    *,
    ended_types: Collection[str] = (),
    base_url: str = Classifications.base_url,
) -> Proposal:
    """Ask for the keys of a year, compare them with the seeds and write a proposal for review.

    About thirty calls. The seeds are not touched: `apply_proposal` does that, after review.

    Args:
        year: the classification year.
        directory: where the proposal goes; absent or empty.
        seeds_dir: the dbt seeds.
        caller: how calls are made.
        ended_types: types that end with the year before; the service does not show whether a
            missing type has ended or is late.
        base_url: address of the service.

    Raises:
        NotPublishedYet: the year's municipalities are not published.
        SourceUnavailable: no usable answer, or answers that contradict each other.
        TilannekuvaError: the seeds or the folder cannot be used.
    """
    reference = Reference.read(seeds_dir)
    keys = fetch_year(Classifications(caller, base_url), year)
    proposal = proposed_year(
        reference,
        year,
        keys.items_by_type,
        keys.memberships,
        successors=keys.successors,
        ended_types=ended_types,
    )
    write_proposal(proposal, directory)
    return proposal


def fetch_year(service: Classifications, year: int) -> YearKeys:
    """The regions of a year, and the regions that each municipality belongs to.

    A type for which there is no table from municipalities is left out: it may not exist in the
    year, or not be published yet.

    Raises:
        NotPublishedYet: the year's municipalities are not published.
        SourceUnavailable: no usable answer, or answers that contradict each other.
    """
    source = f"kunta_1_{year}0101"
    items = _regions(service, source, ("KU",))
    parents: dict[str, dict[str, str]] = {municipality: {} for municipality in items["KU"]}
    tables = service.tables()
    for types, series in SERIES.items():
        target = _newest(series, year, (target for start, target in tables if start == source))
        if target is not None:
            found = _regions(service, target, types)
            _join(service, source, target, found, parents)
            items.update(found)
    return YearKeys(items, parents, _successors(service, year, tables))


def _newest(series: str, year: int, targets: Iterable[str]) -> str | None:
    """The classification of a series and year, of several the one with the highest number."""
    matches = [match for target in targets if (match := _ID.fullmatch(target))]
    of_year = [m for m in matches if m[1] == series and m[3] == f"{year}0101"]
    return max(of_year, key=lambda match: int(match[2]))[0] if of_year else None


def _regions(
    service: Classifications, classification: str, types: Sequence[str]
) -> dict[str, dict[str, Names]]:
    """Names in all languages, by type and typed code."""
    names: dict[tuple[str, str], dict[str, str]] = {}
    for language in LANGUAGES:
        try:
            items = service.items(classification, language)
        except NotPublishedYet:
            # Many classifications are published in Finnish only.
            if language == LANGUAGES[0]:
                raise
            continue
        for item in items:
            typed = _typed(types, item.code, classification)
            names.setdefault(typed, {})[language] = item.name
    regions: dict[str, dict[str, Names]] = {kind: {} for kind in types}
    for (kind, region), found in names.items():
        if not found.get(LANGUAGES[0]):
            raise SourceUnavailable(
                f"The classification {classification} has no Finnish name of {region}; nothing "
                "can be proposed from it."
            )
        regions[kind][region] = Names(**found)
    return regions


def _typed(types: Sequence[str], code: str, classification: str) -> tuple[str, str]:
    """The type and typed code of a class, of the types that its classification holds."""
    for kind in types:
        if region := region_id(kind, code):
            return kind, region
    raise SourceUnavailable(
        f"The classification {classification} has the code {code[:40]!r}, which is no code of a "
        f"region of type {' or '.join(types)}. The service may have changed; nothing can be "
        "proposed from it."
    )


def _join(
    service: Classifications,
    source: str,
    target: str,
    regions: Mapping[str, Mapping[str, Names]],
    parents: Mapping[str, dict[str, str]],
) -> None:
    """Add the parents of a table; each municipality has one of each type."""
    for code, parent_code in service.correspondence(source, target):
        _, municipality = _typed(("KU",), code, source)
        kind, parent = _typed(tuple(regions), parent_code, target)
        if municipality not in parents or parent not in regions[kind]:
            raise _contradiction(source, target, f"{code} → {parent_code} names no known class")
        if parents[municipality].setdefault(kind, parent) != parent:
            raise _contradiction(source, target, f"{code} is in two regions of type {kind}")
    for kind in regions:
        without = [municipality for municipality, of in parents.items() if kind not in of]
        if without:
            raise _contradiction(
                source, target, f"{len(without)} municipalities are in none ({without[0]}, …)"
            )


def _contradiction(source: str, target: str, what: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"The table {source}#{target} contradicts the classifications that it joins: {what}. It "
        "may be unfinished; run again later."
    )


def _successors(
    service: Classifications, year: int, tables: Collection[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Which municipality took over which territory, from the first of two tables that exists.

    The key from the year before lists the changes of that year. The key of abolished
    municipalities lists all years, and is published later.
    """
    target = f"kunta_1_{year}0101"
    for source in (f"kunta_1_{year - 1}0101", f"kunta_2_{year}0101"):
        if (source, target) not in tables:
            continue
        found: defaultdict[str, list[str]] = defaultdict(list)
        for old, new in service.correspondence(source, target):
            before, after = region_id("KU", old), region_id("KU", new)
            if before and after:
                found[before].append(after)
        return {before: tuple(after) for before, after in found.items()}
    return {}
