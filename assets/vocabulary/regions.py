"""Regions: typed codes and names, understood as a partner writes them.

A region is keyed by its type and code (`KU205`, `MK18`, `SSS`), because codes are reused
between types. A bare name is understood where it names one region only; a delivery may say the
type in a column of its own, which settles most of the rest ("Oulu" is a municipality and a
sub-region).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from assets.catalogue import Catalogue, Region
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import Period

_TYPED = re.compile(r"^([A-Z]{2,3})[\s-]?(\d{1,3})$")
#: Names of NUTS regions repeat those of the maakunta, so NUTS is understood by code only.
_NAMELESS_TYPES = frozenset({"NUTS1", "NUTS2", "NUTS3"})


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


class RegionIndex:
    """Look-ups over the regions of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._memo: dict[tuple[str, str | None], str | NotUnderstood] = {}

    @cached_property
    def regions(self) -> Mapping[str, tuple[Region, ...]]:
        """Rows of the catalogue by region; more than one where its name or span changed."""
        found: dict[str, list[Region]] = {}
        for region in self._catalogue.regions:
            found.setdefault(region.region, []).append(region)
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        names: dict[str, set[str]] = {}
        for region in self._catalogue.regions:
            if region.region_type not in _NAMELESS_TYPES:
                for name in (region.name_fi, region.name_sv, region.name_en):
                    if name:
                        names.setdefault(_fold(name), set()).add(region.region)
        for alias, target in self._catalogue.region_aliases:
            names.setdefault(_fold(alias), set()).add(target)
        return {k: frozenset(v) for k, v in names.items()}

    @cached_property
    def _type_names(self) -> Mapping[str, str]:
        return {
            _fold(name): region_type
            for region_type, names in self._catalogue.region_types.items()
            for name in (region_type, *names)
        }

    @cached_property
    def _widths(self) -> Mapping[str, int]:
        return {r.region_type: len(r.code) for r in self._catalogue.regions if r.code.isdigit()}

    def region_type(self, text: str) -> str:
        """The type id (`KU`, `SK`, …) of a type as written (`kunta`, `KU`, `municipality`).

        Raises:
            NotUnderstood: there is no such type.
        """
        try:
            return self._type_names[_fold(text)]
        except KeyError:
            known = ", ".join(self._catalogue.region_types)
            raise NotUnderstood(f"{text!r} is not a type of region; write one of {known}") from None

    def type_of(self, region: str) -> str:
        """The type id of a known region."""
        return self.regions[region][0].region_type

    def resolve(self, text: str, region_type: str | None = None) -> str:
        """The typed code of a region as written: a typed code, or a name in Finnish or Swedish.

        Args:
            text: `KU205`, `Kajaani`, `koko maa`; with `region_type` also a bare code (`205`).
            region_type: the type id that the delivery declares, if it does.

        Raises:
            NotUnderstood: no region, or several, go by that name; the message names them.
        """
        key = (text, region_type)
        if key not in self._memo:
            try:
                self._memo[key] = self._resolve(text, region_type)
            except NotUnderstood as error:
                self._memo[key] = error.with_traceback(None)
        found = self._memo[key]
        if isinstance(found, NotUnderstood):
            # A new one each time: an exception keeps every frame that it was ever raised through.
            raise NotUnderstood(str(found))
        return found

    def _resolve(self, text: str, region_type: str | None) -> str:
        given = text.strip()
        code = given.upper()
        if code in self.regions:
            return self._of_type(code, region_type, text)
        if match := _TYPED.match(code):
            padded = match[1] + match[2].zfill(self._widths.get(match[1], 0))
            if padded in self.regions:
                return self._of_type(padded, region_type, text)
            raise NotUnderstood(f"{text!r} is not a region of the catalogue")
        if region_type and given.isdigit():
            padded = region_type + given.zfill(self._widths.get(region_type, 0))
            if padded in self.regions:
                return padded
            raise NotUnderstood(f"{text!r} is not the code of a region of type {region_type}")
        named = self._names.get(_fold(given), frozenset())
        if region_type:
            named = frozenset(r for r in named if self.type_of(r) == region_type)
        if len(named) == 1:
            return next(iter(named))
        if named:
            raise NotUnderstood(
                f"{text!r} names {len(named)} regions; write the code: {', '.join(sorted(named))}"
            )
        close = get_close_matches(_fold(given), self._names, n=1, cutoff=0.8)
        hint = f" (did you mean {self.describe(min(self._names[close[0]]))}?)" if close else ""
        raise NotUnderstood(f"{text!r} is not a region of the catalogue{hint}")

    def _of_type(self, region: str, region_type: str | None, text: str) -> str:
        if region_type and self.type_of(region) != region_type:
            raise NotUnderstood(f"{text!r} is not a region of type {region_type}")
        return region

    def describe(self, region: str) -> str:
        """A region for people: `KU205 Kajaani`."""
        return f"{region} {self.regions[region][-1].name_fi}"

    def ended_before(self, region: str, period: Period) -> date | None:
        """The day from which a region no longer existed, if the whole period lies after it."""
        last = self.regions[region][-1].valid_to
        return last if last is not None and last <= period.start else None

    def why_ended(self, region: str, period: Period) -> str | None:
        """Why a region cannot be measured in a period that lies after its end, None if it can."""
        ended = self.ended_before(region, period)
        if ended is None:
            return None
        into = " or ".join(map(self.describe, self.successors.get(region, ())))
        report = f"; report {into} instead" if into else ""
        return f"{self.describe(region)} ended on {ended.isoformat()}{report}"

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """The municipalities into which an ended one was merged."""
        return self._catalogue.successors
