"""Rules among the region seeds that hold for every year.

Each rule is a function that returns one sentence for every violation. Facts of one year (the number
of municipalities, mergers) are no rules; the tests of the seeds hold them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from assets.reference.seeds import (
    ALIASES,
    CHANGES,
    MEMBERSHIPS,
    REGIONS,
    SEEDS,
    Reference,
    code_of,
    region_id,
)

MOVE_LEVELS = ("MK", "SK")
"""Levels of which a change of parent is recorded as a move that breaks series."""

_DATES = ("valid_from", "valid_to", "effective_on")


def violations(reference: Reference) -> tuple[str, ...]:
    """All violations among the region seeds, one sentence each; () where there are none.

    The rules build on each other: spans are checked only where cells, keys and references are
    right.
    """
    for rules in (
        (_cells, _unique_keys),
        (_regions, _references),
        (_parents, _nesting, _mergers, _moves, _aliases),
    ):
        if found := [sentence for rule in rules for sentence in rule(reference)]:
            return tuple(found)
    return ()


def _cells(reference: Reference) -> Iterator[str]:
    for seed in SEEDS:
        for row in reference.rows[seed.name]:
            where = f"{seed.name}: {','.join(row.values())}"
            for column, text in row.items():
                if text != " ".join(text.split()):
                    yield f"{where}: a stray blank in {column}"
                if text and column in _DATES and not _is_day(text):
                    yield f"{where}: {column} is no date such as 2027-01-01"
            if seed in (REGIONS, MEMBERSHIPS) and "" != row["valid_to"] <= row["valid_from"]:
                yield f"{where}: it ends before it begins"


def _unique_keys(reference: Reference) -> Iterator[str]:
    for seed in SEEDS:
        counts = Counter(map(seed.key_of, reference.rows[seed.name]))
        for key, count in counts.items():
            if count > 1:
                yield f"{seed.name}: {count} rows have the key {','.join(key)}"


def _regions(reference: Reference) -> Iterator[str]:
    for row in reference.rows[REGIONS.name]:
        kind, region = row["region_type"], row["region"]
        if kind not in reference.nests_in:
            yield f"{region} is of a type {kind!r} that region_types.csv does not know"
        elif kind != "SSS" and (
            region_id(kind, row["code"]) != region or code_of(kind, region) != row["code"]
        ):
            yield (
                f"{region} is not made of its type {kind} and its code {row['code']!r}; was a "
                "leading zero lost?"
            )
        yield from (
            f"{region} has no {name}" for name in ("name_fi", "name_sv", "name_en") if not row[name]
        )


def _references(reference: Reference) -> Iterator[str]:
    known = reference.types
    for row in reference.rows[MEMBERSHIPS.name]:
        for column in ("region", "parent"):
            if row[column] not in known:
                yield f"region_memberships names {row[column]!r}, which regions.csv does not have"
    for row in reference.rows[ALIASES.name]:
        if row["region"] not in known:
            yield f"The alias {row['alias']!r} means {row['region']!r}, which is no region"
    for row in reference.rows[CHANGES.name]:
        named = [row["region"], *row["successor"].split(), row["from_parent"], row["to_parent"]]
        yield from (
            f"region_changes names {region!r}, which regions.csv does not have"
            for region in named
            if region and region not in known
        )
        if row["change"] not in ("merger", "move"):
            yield f"region_changes has the kind {row['change']!r}; it is merger or move"


def _parents(reference: Reference) -> Iterator[str]:
    """One parent of each type while the type is on record; all alive, and none without members."""
    spans = _record(reference)
    for day in reference.days:
        municipalities = reference.alive("KU", day)
        held: defaultdict[str, set[str]] = defaultdict(set)
        found = reference.parents(day)
        for (municipality, kind), regions in found.items():
            held[kind].update(regions)
            if municipality not in municipalities:
                yield f"{municipality} is in {' '.join(regions)} on {day} without existing then"
        for kind, (first, last) in spans.items():
            if not (first <= day and (not last or day < last)):
                continue
            for municipality in municipalities:
                regions = found.get((municipality, kind), ())
                if len(regions) != 1:
                    yield (
                        f"{municipality} is in {len(regions)} regions of type {kind} on {day} "
                        f"{' '.join(regions)}".rstrip()
                    )
            alive = reference.alive(kind, day).keys()
            for region in sorted(held[kind] ^ alive):
                what = "exists without members" if region in alive else "has members but no life"
                yield f"{region} {what} on {day}"


def _record(reference: Reference) -> Mapping[str, tuple[str, str]]:
    """The span in which memberships of each type are recorded, half-open; "" for open."""
    spans: dict[str, tuple[str, str]] = {}
    for row in reference.rows[MEMBERSHIPS.name]:
        kind = reference.types[row["parent"]]
        first, last = spans.get(kind, (row["valid_from"], row["valid_to"]))
        ends = (last, row["valid_to"])
        spans[kind] = (min(first, row["valid_from"]), "" if "" in ends else max(ends))
    return spans


def _nesting(reference: Reference) -> Iterator[str]:
    for day in reference.days:
        found = reference.parents(day)
        around: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for (municipality, kind), regions in found.items():
            for outer in reference.nests_in[kind]:
                for region in regions:
                    around[region, outer].update(found.get((municipality, outer), ()))
        for (region, outer), regions_around in sorted(around.items()):
            if len(regions_around) > 1:
                yield (
                    f"{region} lies in {len(regions_around)} regions of type {outer} on {day} "
                    f"({' '.join(sorted(regions_around))}), although region_types.csv says that "
                    f"{reference.types[region]} nests in {outer}"
                )


def _mergers(reference: Reference) -> Iterator[str]:
    """Every municipality that ends is a merger of that day, into ones that exist then."""
    mergers = {
        (row["region"], row["effective_on"]): row["successor"].split()
        for row in reference.rows[CHANGES.name]
        if row["change"] == "merger"
    }
    ended = {
        (row["region"], row["valid_to"])
        for row in reference.rows[REGIONS.name]
        if row["region_type"] == "KU" and row["valid_to"]
    }
    for region, day in sorted(ended - mergers.keys()):
        yield f"{region} ends on {day} without a merger in region_changes"
    for region, day in sorted(mergers.keys() - ended):
        yield f"{region} merges on {day} in region_changes and does not end then in regions.csv"
    for (region, day), successors in mergers.items():
        if not successors:
            yield f"The merger of {region} on {day} has no successor"
        for successor in successors:
            if successor not in reference.alive("KU", day):
                yield f"{successor}, into which {region} merges on {day}, does not exist then"


def _moves(reference: Reference) -> Iterator[str]:
    """Moves are exactly the changes of parent of a municipality that goes on."""
    told = {
        (row["region"], row["level"], row["from_parent"], row["to_parent"], row["effective_on"])
        for row in reference.rows[CHANGES.name]
        if row["change"] == "move"
    }
    seen = set()
    before: Mapping[tuple[str, str], tuple[str, ...]] = {}
    for day in reference.days:
        after = reference.parents(day)
        for (municipality, level), regions in after.items():
            was = before.get((municipality, level))
            if level in MOVE_LEVELS and was and was != regions:
                seen.add((municipality, level, was[0], regions[0], day))
        before = after
    for row in sorted(seen - told):
        yield "The move {} ({}) from {} to {} on {} is not in region_changes".format(*row)
    for row in sorted(told - seen):
        yield "The move {} ({}) from {} to {} on {} is not in region_memberships".format(*row)


def _aliases(reference: Reference) -> Iterator[str]:
    counts = Counter(row["alias"].casefold() for row in reference.rows[ALIASES.name])
    yield from (f"The alias {alias!r} stands {n} times" for alias, n in counts.items() if n > 1)
    named = {
        (row["region_type"], row[name].casefold()): row["region"]
        for row in reference.rows[REGIONS.name]
        for name in ("name_fi", "name_sv")
        if not row["valid_to"]
    }
    for row in reference.rows[ALIASES.name]:
        region = row["region"]
        other = named.get((reference.types[region], row["alias"].casefold()), region)
        if other != region:
            yield f"The alias {row['alias']!r} of {region} is the name of {other}"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
