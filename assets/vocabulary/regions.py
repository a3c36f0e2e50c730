"""Regions: typed codes and names, understood as a partner writes them.

A region is keyed by its type and code (`KU205`, `MK18`, `SSS`), because codes are reused
between types. A bare name is understood where it names one region only; a delivery may say the
type in a column of its own, which settles most of the rest ("Oulu" is a municipality and a
sub-region).

Beside names and codes alone people write `Kajaanin kaupunki`, `205 Kajaani`, `Helsinki/Helsingfors`
and `Mänttä–Vilppula` with a dash. A code beside a name must be that of a region of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from itertools import islice

from assets.catalogue import Catalogue, Region
from assets.languages import COMMA, OR, Text, linked
from assets.texts import visible
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import Period
from assets.vocabulary.reasons import Reason

_TYPED = re.compile(r"^([A-Z]{2,3})[\s-]?(\d{1,3})$")
#: Nearest regions that a hint names, and how much of a name is compared.
_MOST_NEAR = 4
_LONGEST_NAME = 200
#: How alike a name must be to be named in a hint; one that begins alike may be less so.
_SURE = 0.8
#: Names of NUTS regions repeat those of the maakunta, so NUTS is understood by code only.
_NAMELESS_TYPES = frozenset({"NUTS1", "NUTS2", "NUTS3"})
#: ISO 3166-2 numbers the maakunnat and writes a hyphen; no number means the same region in NUTS.
ISO_TYPE = "ISO3166-2"
_ISO_CODE = re.compile(r"^(?:FI[\s_-])?(\d{1,2})$")
_OF_ISO = dict(
    enumerate(
        (
            "MK21", "MK09", "MK14", "MK10", "MK18", "MK05", "MK16", "MK13", "MK08", "MK19",
            "MK06", "MK15", "MK12", "MK17", "MK11", "MK07", "MK04", "MK01", "MK02",
        ),
        start=1,
    )
)  # fmt: skip


#: A word before or behind a name that says of which type the region is.
_TYPE_WORDS = {
    **dict.fromkeys(("kaupunki", "kunta", "stad", "kommun", "city", "town", "municipality"), "KU"),
    **dict.fromkeys(("seutukunta", "sub-region", "ekonomisk region"), "SK"),
    **dict.fromkeys(("maakunta", "landskap"), "MK"),
    **dict.fromkeys(("työllisyysalue", "sysselsättningsområde", "employment area"), "TA"),
}
_TYPE_BEHIND = re.compile(rf"^(?P<name>.+?) (?:(?P<type>{'|'.join(_TYPE_WORDS)}))$")
_TYPE_BEFORE = re.compile(
    r"^(?P<type>city|town|municipality|kommunen|landskapet) (?:of )?(?P<name>.+)$"
)
_CODE_BEFORE = re.compile(
    r"^(?P<type>[a-zåäö]{2,3})?[ -]?(?P<code>\d{1,3})[ ,.:;-]+(?P<name>\D.+)$"
)
_CODE_BEHIND = re.compile(
    r"^(?P<name>.+?)[ ,(:-]+(?P<type>[a-zåäö]{2,3})?[ -]?(?P<code>\d{1,3})\)?$"
)
_TWO_NAMES = re.compile(
    r"^(?P<first>[^/()|]+?) ?(?:/|\||\(|-|,| och | ja ) ?(?P<second>[^/()|]+?)\)?$"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
#: How the last syllables of Finnish place names change in the genitive, `Helsinki` to `Helsingin`.
_GENITIVES = tuple(
    (re.compile(f"{ending}$"), replacement)
    for ending, replacement in {
        "joki": "joen", "järvi": "järven", "lahti": "lahden", "vesi": "veden", "niemi": "niemen",
        "salmi": "salmen", "koski": "kosken", "saari": "saaren", "lampi": "lammen", "mäki": "mäen",
        "nummi": "nummen", "lappi": "lapin", "nki": "ngin", "nka": "ngan", "nko": "ngon",
        "uusikaupunki": "uudenkaupungin", "virta": "virran", "valta": "vallan", "mpu": "mmun",
        "ranta": "rannan", "ntä": "nnän", "nta": "nnan", "inen": "isten", "nen": "sen",
        "rko": "ron", "tti": "tin", "ppi": "pin", "kka": "kan", "kku": "kun", "kko": "kon",
        "ttu": "tun",
        "hti": "hdin", "to": "don", "turku": "turun", "juuka": "juuan", "vus": "vuden",
        "kaus": "kauden", "mes": "meksen", "hos": "hoksen", "nus": "nuksen", "das": "taan",
        "laidun": "laitumen", "virrat": "virtain", "koski tl": "kosken tl", "e": "een",
    }.items()
)  # fmt: skip


def _fold(text: str) -> str:
    given = " ".join(visible(text).split()).casefold().translate(_DASHES)
    return given.replace(" -", "-").replace("- ", "-") if "-" in given else given


def genitives(name: str) -> frozenset[str]:
    """The forms in which a folded Finnish name of a place may stand before `kaupunki` or `kunta`.

    More forms than the right one may be among them; none of them is the form of another name.
    """
    formed = {ending.sub(form, name) for ending, form in _GENITIVES if ending.search(name)}
    return frozenset({name, f"{name}n", f"{name}in", f"{name}s", *formed})


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
                for name in region.names:
                    if name:
                        names.setdefault(_fold(name), set()).add(region.region)
        for alias, target in self._catalogue.region_aliases:
            names.setdefault(_fold(alias), set()).add(target)
        return {k: frozenset(v) for k, v in names.items()}

    @cached_property
    def _genitives(self) -> Mapping[str, frozenset[str]]:
        forms: dict[str, set[str]] = {}
        for name, regions in self._names.items():
            for form in genitives(name):
                forms.setdefault(form, set()).update(regions)
        return {form: frozenset(regions) for form, regions in forms.items()}

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
        if _fold(text).replace(" ", "") in ("iso3166-2", "iso31662", "iso"):
            return ISO_TYPE
        try:
            return self._type_names[_fold(text)]
        except KeyError:
            types = self._catalogue.region_types
            named = (_beside(code, names) for code, names in types.items())
            known = linked(COMMA, named)._replace(en=", ".join(types))
            raise NotUnderstood(Reason("not_a_region_type", text=text, known=known)) from None

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
            raise NotUnderstood(found.reason)
        return found

    def _resolve(self, text: str, region_type: str | None) -> str:
        given = visible(text)
        code = given.upper()
        may_be_iso = region_type == ISO_TYPE or (
            region_type not in _NAMELESS_TYPES and code.startswith("FI")
        )
        if may_be_iso and (region := self._of_iso(code)):
            if region_type == ISO_TYPE:
                return region
            raise NotUnderstood(Reason("iso_code", text=text, region=self.describe(region)))
        if code in self.regions:
            return self._of_type(code, region_type, text)
        if match := _TYPED.match(code):
            padded = match[1] + match[2].zfill(self._widths.get(match[1], 0))
            if padded in self.regions:
                return self._of_type(padded, region_type, text)
            raise NotUnderstood(
                Reason("not_a_region", text=text, hint=self._hint_of_code(match[2]))
            )
        if given.isascii() and given.isdigit():
            if region_type is None:
                raise NotUnderstood(
                    Reason("not_a_region", text=text, hint=self._hint_of_code(given))
                )
            padded = region_type + given.zfill(self._widths.get(region_type, 0))
            if padded in self.regions:
                return padded
        if region_type and given.isdigit():
            hint = self._hint_of_code(given)
            raise NotUnderstood(
                Reason("not_a_code_of_type", text=text, type=region_type, hint=hint)
            )
        named = self._called(_fold(given))
        if region_type:
            named = frozenset(r for r in named if self.type_of(r) == region_type)
        if len(named) == 1:
            return next(iter(named))
        if named:
            types = self._catalogue.region_types
            typed = (_beside(region, types[self.type_of(region)]) for region in sorted(named))
            codes = linked(COMMA, typed)._replace(en=", ".join(sorted(named)))
            raise NotUnderstood(Reason("several_regions", text=text, count=len(named), codes=codes))
        hint = self._hint(given, region_type)
        raise NotUnderstood(Reason("not_a_region", text=text, hint=hint))

    def _called(self, name: str) -> frozenset[str]:
        """The regions that a folded name may mean, in any of the ways people write it."""
        if found := self._names.get(name):
            return found
        for pattern in (_CODE_BEFORE, _CODE_BEHIND):
            if (match := pattern.match(name)) and (found := self._coded_and_named(match)):
                return found
        for pattern in (_TYPE_BEHIND, _TYPE_BEFORE):
            if match := pattern.match(name):
                region_type = _TYPE_WORDS.get(match["type"].removesuffix("en").removesuffix("et"))
                named = self._genitives.get(match["name"], frozenset())
                if found := frozenset(r for r in named if self.type_of(r) == region_type):
                    return found
        if match := _TWO_NAMES.match(name):
            first, second = (self._called(match[part]) for part in ("first", "second"))
            return first & second
        return frozenset()

    def _coded_and_named(self, match: re.Match[str]) -> frozenset[str]:
        """The regions of a code and a name that stand side by side; none where they differ."""
        number, region_type = int(match["code"]), (match["type"] or "").upper()
        named = self._called(match["name"]) | (
            self._with_code(number) if match["name"] in self._type_names else frozenset()
        )
        wanted = region_type or self._type_names.get(match["name"], "")
        return frozenset(
            r for r in named & self._with_code(number) if wanted in ("", self.type_of(r))
        )

    def _with_code(self, number: int) -> frozenset[str]:
        return self._by_number.get(number, frozenset())

    @cached_property
    def _by_number(self) -> Mapping[int, frozenset[str]]:
        found: dict[int, set[str]] = {}
        for row in self._catalogue.regions:
            if row.code.isdigit():
                found.setdefault(int(row.code), set()).add(row.region)
        return {number: frozenset(regions) for number, regions in found.items()}

    def _of_iso(self, code: str) -> str | None:
        """The maakunta that a code of ISO 3166-2 stands for."""
        match = _ISO_CODE.match(code)
        region = _OF_ISO.get(int(match[1])) if match else None
        return region if region in self.regions else None

    def _hint(self, given: str, region_type: str | None) -> str:
        """The regions whose names are nearest to a misspelt one, nearest first."""
        name = _fold(given)[:_LONGEST_NAME]
        if match := _TYPE_BEHIND.match(name):
            name = match["name"]
        names = self._names if region_type is None else self._names_of_type(region_type)
        for cutoff in (_SURE, 0.7):
            close = get_close_matches(name, names, n=3, cutoff=cutoff)
            if cutoff < _SURE:
                close = [other for other in close if other[0] == name[0]]
            if close:
                near = dict.fromkeys(r for name in close for r in sorted(names[name]))
                return self._near(near)
        return ""

    def _names_of_type(self, region_type: str) -> Mapping[str, frozenset[str]]:
        return {
            name: kept
            for name, regions in self._names.items()
            if (kept := frozenset(r for r in regions if self.type_of(r) == region_type))
        }

    def _hint_of_code(self, digits: str) -> str:
        """The regions that have a code, whatever their type; the most detailed first."""
        if not digits.isascii():
            return ""
        order = list(self._catalogue.region_types)
        found = self._with_code(int(digits))
        if not found:
            codes = get_close_matches(digits, [r.code for r in self._catalogue.regions], n=3)
            found = frozenset(r for code in codes for r in self._with_code(int(code)))
        return self._near(sorted(found, key=lambda r: order.index(self.type_of(r))))

    def _near(self, regions: Iterable[str]) -> str:
        near = [self.describe(region) for region in islice(regions, _MOST_NEAR)]
        return Reason("did_you_mean", near=linked(COMMA, near)) if near else ""

    def _of_type(self, region: str, region_type: str | None, text: str) -> str:
        if region_type and self.type_of(region) != region_type:
            raise NotUnderstood(Reason("not_of_region_type", text=text, type=region_type))
        return region

    def describe(self, region: str) -> Text:
        """A region for people: `KU205 Kajaani`; in English by its Finnish name, as in the files."""
        named = self.regions[region][-1].names.mapped(lambda name: f"{region} {name}")
        return named._replace(en=named.fi)

    def ended_before(self, region: str, period: Period) -> date | None:
        """The day from which a region no longer existed, if the whole period lies after it."""
        last = self.regions[region][-1].valid_to
        return last if last is not None and last <= period.start else None

    def has_bounds(self, region: str) -> bool:
        """Whether `why_ended` may refuse a period of the region."""
        rows = self.regions[region]
        is_nuts = rows[0].region_type in _NAMELESS_TYPES
        return rows[-1].valid_to is not None or (is_nuts and rows[0].valid_from is not None)

    def why_ended(self, region: str, period: Period) -> Reason | None:
        """Why a region cannot be measured in a period that lies after its end, None if it can.

        A code of NUTS holds for the years of its version, so one of a later version is refused for
        the years before it.
        """
        since = self.regions[region][0].valid_from
        if since and period.end <= since and self.type_of(region) in _NAMELESS_TYPES:
            return Reason("nuts_code_of_later", region=self.describe(region), day=since.isoformat())
        ended = self.ended_before(region, period)
        if ended is None:
            return None
        successors = [self.describe(successor) for successor in self.successors.get(region, ())]
        into = linked(OR, successors)
        return Reason(
            "region_ended",
            region=self.describe(region),
            day=ended.isoformat(),
            instead=Reason("report_instead", into=into) if successors else "",
        )

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """The municipalities into which an ended one was merged."""
        return self._catalogue.successors


def _beside(code: str, names: Text) -> Text:
    # `kommun`, but `NTM-central`.
    return names.mapped(
        lambda name: f"{code} ({name if name[1:2].isupper() else name[:1].lower() + name[1:]})"
    )
