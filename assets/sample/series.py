"""Invented numbers: every figure of the sample follows from its key and nothing else.

Pseudo-random numbers, rough sizes of municipalities, and the municipalities of a region on a day.
Floats are only added and multiplied, so that every machine rounds to the same integers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol

from assets.catalogue import Catalogue

#: Rough population in thousands; any other municipality gets a size from its code.
_THOUSANDS: Mapping[str, float] = {
    "KU091": 680, "KU049": 315, "KU837": 258, "KU092": 248, "KU564": 215, "KU853": 204,
    "KU179": 149, "KU297": 124, "KU398": 121, "KU609": 83, "KU167": 78, "KU286": 79,
    "KU405": 72, "KU109": 68, "KU905": 69, "KU743": 66, "KU698": 65, "KU491": 52, "KU285": 51,
    "KU734": 51, "KU638": 51, "KU186": 47, "KU106": 47, "KU444": 46, "KU272": 48, "KU543": 45,
    "KU858": 42, "KU257": 42, "KU684": 39, "KU205": 36, "KU202": 36, "KU245": 38, "KU536": 36,
    "KU211": 33, "KU740": 32, "KU980": 33, "KU694": 29, "KU710": 28, "KU153": 25, "KU418": 25,
    "KU680": 25, "KU678": 24, "KU790": 23, "KU098": 23, "KU140": 21, "KU753": 22, "KU851": 21,
    "KU301": 20, "KU240": 20, "KU915": 20, "KU423": 20, "KU505": 21, "KU749": 22, "KU244": 19,
    "KU499": 19, "KU410": 19, "KU598": 19, "KU765": 10, "KU290": 8, "KU777": 7, "KU620": 2.4,
    "KU478": 12, "KU170": 6, "KU588": 1.6, "KU099": 1.6, "KU062": 0.53, "KU065": 0.51,
    "KU766": 0.1, "KU318": 0.23, "KU438": 0.38, "KU941": 0.45, "KU035": 0.45, "KU295": 0.3,
    "KU736": 1.85, "KU771": 1.03, "KU043": 0.95, "KU435": 0.7,
}  # fmt: skip
_REFERENCE_YEAR = 2020


@lru_cache(maxsize=100_000)
def chance(*key: str | int) -> float:
    """A number in [0, 1): always the same for a key, and unrelated between keys."""
    digest = hashlib.blake2b("|".join(map(str, key)).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def wobble(share: float, *key: str | int) -> float:
    """A factor between 1 - share and 1 + share, fixed by the key."""
    return 1.0 + share * (2.0 * chance(*key) - 1.0)


def pick(options: Mapping[str, float], *key: str | int) -> str:
    """One of the options, each as likely as its weight, fixed by the key."""
    left = chance("pick", *key) * sum(options.values())
    for option, weight in options.items():
        left -= weight
        if left < 0:
            return option
    return option


class World:
    """The regions of a catalogue, with invented sizes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._members: dict[tuple[str, date], dict[str, list[str]]] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Finnish names by region."""
        return {region.region: region.name_fi for region in self.catalogue.regions}

    def alive(self, region_type: str, day: date) -> list[str]:
        """Regions of a type that exist on a day, in the order of their codes."""
        return sorted(
            region.region
            for region in self.catalogue.regions
            if region.region_type == region_type and _holds(region, day)
        )

    def members(self, region_type: str, day: date) -> Mapping[str, list[str]]:
        """Municipalities of each region of a type on a day; a sub-region nests in a region."""
        key = (region_type, day)
        if key not in self._members:
            kinds = {r.region for r in self.catalogue.regions if r.region_type == region_type}
            living = set(self.alive("KU", day))
            found: dict[str, list[str]] = {}
            for row in self.catalogue.memberships:
                if row.parent in kinds and row.region in living and _holds(row, day):
                    found.setdefault(row.parent, []).append(row.region)
            self._members[key] = {parent: sorted(found[parent]) for parent in sorted(found)}
        return self._members[key]

    @cached_property
    def _merged_into(self) -> Mapping[str, list[tuple[str, date]]]:
        ended = {r.region: r.valid_to for r in self.catalogue.regions if r.valid_to}
        found: dict[str, list[tuple[str, date]]] = {}
        for region, successors in self.catalogue.successors.items():
            if region in ended:
                found.setdefault(successors[0], []).append((region, ended[region]))
        return found

    def population(self, municipality: str, year: int, day: date | None = None) -> int:
        """Invented population at the end of a year.

        Args:
            municipality: `KU205`.
            year: whose 31 December is meant.
            day: the territory of which day; that of the same 31 December unless given.
        """
        day = day or date(year, 12, 31)
        merged = (region for region, end in self._merged_into.get(municipality, ()) if end <= day)
        return sum(_own_population(region, year) for region in (municipality, *merged))


@lru_cache(maxsize=20_000)
def _own_population(municipality: str, year: int) -> int:
    thousands = _THOUSANDS.get(municipality)
    if thousands is None:
        # The product of two draws favours small sizes, as most municipalities are small.
        spread = chance("size", municipality) * chance("size too", municipality)
        thousands = 1.1 + 21.0 * spread
    growth = 0.013 * (chance("growth", municipality) - 0.75) + (0.008 if thousands > 60 else 0.0)
    trend = 1.0 + growth * (year - _REFERENCE_YEAR)
    return round(1000 * thousands * trend * wobble(0.002, "population", municipality, year))


class _Spanned(Protocol):
    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


def _holds(row: _Spanned, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_to is None or day < row.valid_to
    )
