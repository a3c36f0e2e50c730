"""What a cell means, by the kind of its column; or why it cannot be understood.

What belongs here: one cell at a time (a region together with its type). What does not: rules
that bind several columns of a row (rules), files (reader).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from assets.catalogue import Catalogue, Indicator
from assets.datasets import DATASETS, Column, Kind, fold_header
from assets.languages import COMMA, Text, linked
from assets.raw.schemas import LIST_SEPARATOR
from assets.texts import is_garbled, visible, visible_key
from assets.vocabulary import NotUnderstood
from assets.vocabulary.numbers import (
    decimal_sign,
    is_missing,
    is_nothing,
    is_suppressed,
    parse_business_id,
    parse_day,
    parse_decimal,
    without_currency,
    without_thousands,
)
from assets.vocabulary.periods import Period, parse_period
from assets.vocabulary.reasons import Reason
from assets.vocabulary.regions import RegionIndex
from assets.vocabulary.totals import HINT, is_no_id, is_total

#: Nothing that is monitored happened before this day, and no plan reaches beyond that year.
FIRST_DAY = date(1990, 1, 1)
LAST_YEAR = 2100
#: Texts whose meaning is remembered per kind of column; bounds memory.
_REMEMBERED = 100_000
#: Types of the regions that an area is said to lie in.
OUTER_TYPES = ("ELY", "EVK", "MK")
_CENT = Decimal("0.01")
#: More than any public decision; the raw zone keeps 16 digits before the decimal sign.
_TOO_MUCH = Decimal("1e12")
#: More people than any meeting holds.
_TOO_MANY = 1_000_000
_FOUR_DIGITS = re.compile(r"^[0-9]{4}$")
#: What a cell means that hangs on another one, which is refused already.
UNDECIDED = NotUnderstood()
#: A long number as a spreadsheet shows it, and saves it as CSV.
_SHORTENED_NUMBER = re.compile(r"^[+-]?\d([.,]\d+)?(?:E[+-]?|e[+-])\d+$")
#: Texts of plain columns (ids, free text) that need a second look: letters beyond ASCII, double
#: blanks, `NA`, numbers with an exponent, words for totals. A pattern of RE2.
ODD = rf"(?i)[^\x20-\x7e]|  |^\s*(?:n/?a|null|none|nan|<na>)\s*$|^\s*\S\S*e[+-]?\d+\s*$|{HINT}"
#: Free texts that name what a row is about, and so say of a total that it is one.
_NAMING = frozenset({"beneficiary", "project"})
#: How a workbook shows a number that its format divides: `1234.567 ×1000`; `×?` where the format
#: does not tell by how much.
_SCALED = re.compile(r"^(?P<shown>.+) ×(?P<by>[0-9]+|\?)$")
#: An amount as most files write it; every other form takes longer.
_PLAIN_AMOUNT = re.compile(r"^[0-9]{1,9}(?:[.,][0-9]{1,2})?$", re.ASCII)
#: An amount in thousands or millions.
_IN_THOUSANDS = re.compile(r"(?:[mkt] ?€|[mkt] ?eur|meur|keur|teur|milj|tuh|mrd|mn)", re.IGNORECASE)
#: What a spreadsheet shows of a formula that fails, and of a column that is too narrow.
_CELL_ERROR = re.compile(r"^#(?:#+|[A-ZÄÖ/0]+[!?]?)$")
#: A name that is longer is compared by its beginning.
_LONGEST_NAME = 200


class Understanding:
    """Understands cells by a catalogue.

    Args:
        catalogue: indicators, sources, regions, units, segments, words, status codes.
        today: what has happened cannot be dated after this day.
    """

    def __init__(self, catalogue: Catalogue, today: date) -> None:
        self._catalogue = catalogue
        self._today = today
        self.regions = RegionIndex(catalogue)
        self._memo: dict[tuple[Kind, str], dict[str, Any]] = {}

    def meanings(self, column: Column, texts: Iterable[str]) -> Mapping[str, Any]:
        """What each text means in a column other than the region's; each is worked out once.

        Args:
            column: whose kind decides.
            texts: cells without outer blanks.

        Returns:
            By text: the typed value, None for no value, or `NotUnderstood` with the reason.
        """
        memo = self._memo.setdefault((column.kind, column.words), {})
        found: dict[str, Any] = {}
        for text in texts:
            if text not in memo:
                if len(memo) >= _REMEMBERED:
                    memo.clear()
                memo[text] = self._meaning(column, text)
            found[text] = memo[text]
        return found

    def _meaning(self, column: Column, text: str) -> Any:
        text = visible(text)
        if not text or (column.kind is not Kind.VALUE and is_nothing(text)):
            return None
        if text[0] == "#" and _CELL_ERROR.match(text):
            return NotUnderstood(Reason("formula_error"))
        try:
            return self._understanders[column.kind](text, column.words)
        except NotUnderstood as reason:
            return _told(reason)

    def plain(self, column: Column, text: str) -> str | NotUnderstood | None:
        """What a cell of a plain column means: an id, or free text that stays as it is.

        An id that a spreadsheet has shortened, a word for a total in place of an id or of what a
        row is about, and letters that an encoding has garbled are none.
        """
        is_id = column.kind is Kind.ID
        text = visible_key(text) if is_id else visible(text)
        if not text or is_nothing(text):
            return None
        if is_garbled(text):
            return NotUnderstood(Reason("letters_garbled", text=text))
        if is_id and _SHORTENED_NUMBER.match(text):
            return NotUnderstood(Reason("id_shortened", text=text))
        names = is_no_id(text) if is_id else column.required or column.name in _NAMING
        if names and (is_id or is_total(text)):
            return NotUnderstood(Reason("total_row"))
        return text

    def period(self, text: str, indicator: Any = None) -> Period | NotUnderstood | None:
        """A period, in the way in which its indicator is measured where that is known."""
        if not text or is_nothing(text):
            return None
        known = self._catalogue.indicators.get(indicator) if isinstance(indicator, str) else None
        try:
            return parse_period(text, known.cadence if known else None)
        except NotUnderstood as reason:
            return UNDECIDED if isinstance(indicator, NotUnderstood) else _told(reason)

    def region(self, text: str, region_type: str | None) -> str | NotUnderstood | None:
        """The typed code of a region, None for an empty cell, or the reason why it is none.

        Beside what the vocabulary understands this is `KU205 Kajaani`, as reasons and the
        lists of templates write it.
        """
        if not text or is_nothing(text):
            return None
        text = self._described.get(fold_header(text), text)
        try:
            return self.regions.resolve(text, region_type)
        except NotUnderstood as reason:
            return _told(reason)

    def number(self, text: str) -> float | None:
        """The number that a free text is, None where it is none or reads both ways.

        Per cent (`8,5 %`) and a currency are left out; `Rule`s say whether they are meant.
        """
        number = without_currency(text) or text.removesuffix("%").strip()
        if is_missing(number) or decimal_sign(number) == "?":
            return None
        try:
            return float(parse_decimal(number))
        except NotUnderstood:
            return None

    def word(self, words: str, text: str) -> str | None:
        """The code of a word of a list, None where the list lacks it."""
        return self._words[words].get(fold_header(text))

    def indicator(self, text: str) -> str | None:
        """The id of an indicator by one of its names, None where the catalogue has none."""
        return self._indicator_names.get(text.casefold())

    # -- by kind -------------------------------------------------------------------------------

    @cached_property
    def _understanders(self) -> Mapping[Kind, Callable[[str, str], Any]]:
        def plain(understand: Callable[[str], Any]) -> Callable[[str, str], Any]:
            return lambda text, _: understand(text)

        return {
            Kind.TEXT: plain(str),
            Kind.ID: plain(str),
            Kind.LIST: plain(lambda text: _joined(_parts(text))),
            Kind.WORD: self._closed,
            Kind.TERM: lambda text, words: self.word(words, text) or text,
            Kind.FLAG: lambda text, words: self._closed(text, words) == "yes",
            Kind.URL: plain(_url),
            Kind.INDICATOR: plain(self._indicator),
            Kind.INDICATORS: plain(lambda text: _joined(map(self._indicator, _parts(text)))),
            Kind.REGIONS: plain(lambda text: _joined(self._regions(text, None))),
            Kind.MUNICIPALITIES: plain(lambda text: _joined(self._regions(text, "KU"))),
            Kind.REGION_TYPE: plain(self.regions.region_type),
            Kind.OUTER_REGION: plain(self._outer_region),
            Kind.SEGMENT: plain(self._segment),
            Kind.ACTOR: plain(self._actor),
            Kind.ACTORS: plain(lambda text: _joined(map(self._actor, _parts(text)))),
            Kind.DATASET: plain(_dataset),
            Kind.YEAR: plain(_year),
            Kind.DAY: plain(self._day),
            Kind.PLANNED_DAY: plain(_planned_day),
            Kind.VALUE: _value,
            Kind.NUMBER: plain(lambda text: float(parse_decimal(text))),
            Kind.UNIT: plain(self._unit),
            Kind.OBS_STATUS: plain(self._code("status", self._catalogue.obs_statuses)),
            Kind.CONF_STATUS: plain(self._code("conf_status", self._catalogue.conf_statuses)),
            Kind.MONEY: plain(_money),
            Kind.COUNT: plain(_count),
            Kind.PERCENT: plain(_percent),
            Kind.BUSINESS_ID: plain(parse_business_id),
        }

    @cached_property
    def _described(self) -> Mapping[str, str]:
        return {
            fold_header(f"{row.region} {name}"): row.region
            for row in self._catalogue.regions
            for name in row.names
        }

    @cached_property
    def _indicator_names(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for indicator in self._catalogue.indicators.values():
            for name in (indicator.indicator, *indicator.names):
                names[name.casefold()] = indicator.indicator
        return names

    @cached_property
    def _words(self) -> Mapping[str, Mapping[str, str]]:
        return {
            name: {
                fold_header(written): word.code
                for word in words
                for written in (word.code, *word.names, *word.aliases)
            }
            for name, words in self._catalogue.words.items()
        }

    def _closed(self, text: str, words: str) -> str:
        code = self.word(words, text)
        if code is None:
            listed = self._catalogue.words[words]
            in_english = ", ".join(f"{word.code} ({word.name_fi.lower()})" for word in listed)
            known = linked(COMMA, (word.names.mapped(str.lower) for word in listed))
            known = known._replace(en=in_english)
            raise NotUnderstood(Reason("not_a_word", text=text, known=known))
        return code

    def _indicator(self, text: str) -> str:
        found = self.indicator(text)
        if found is None:
            near = text.casefold()[:_LONGEST_NAME]
            close = get_close_matches(near, self._indicator_names, n=3, cutoff=0.7)
            names = list(dict.fromkeys(self._indicator_names[name] for name in close))
            near_ones = (self._catalogue.indicators[name] for name in names)
            told = linked(COMMA, map(_with_id, near_ones))._replace(en=", ".join(names))
            hint = Reason("did_you_mean", near=told)
            raise NotUnderstood(Reason("not_an_indicator", text=text, hint=hint if names else ""))
        return found

    def _regions(self, text: str, region_type: str | None) -> Iterator[str]:
        for part in _parts(text):
            known = self._described.get(fold_header(part), part)
            yield self.regions.resolve(known, region_type)

    def _outer_region(self, text: str) -> str:
        found = self.regions.resolve(self._described.get(fold_header(text), text))
        if self.regions.type_of(found) in OUTER_TYPES:
            return found
        raise NotUnderstood(Reason("not_an_outer_region", text=text, types=", ".join(OUTER_TYPES)))

    def _segment(self, text: str) -> str:
        try:
            return self._catalogue.segment_names[text.casefold()]
        except KeyError:
            listed = self._catalogue.segment_words
            known = linked(COMMA, (word.names for word in listed))
            known = known._replace(en=", ".join(word.code for word in listed))
            raise NotUnderstood(Reason("not_a_segment", text=text, known=known)) from None

    def _actor(self, text: str) -> str:
        return self._catalogue.source_names.get(text.casefold(), text)

    @cached_property
    def _unit_names(self) -> Mapping[str, str]:
        return {unit.casefold(): unit for unit in self._catalogue.units}

    def _unit(self, text: str) -> str:
        try:
            return self._unit_names[text.casefold()]
        except KeyError:
            known = ", ".join(self._catalogue.units)
            raise NotUnderstood(Reason("not_a_unit", text=text, known=known)) from None

    @staticmethod
    def _code(column: str, codes: frozenset[str]) -> Callable[[str], str]:
        def understand(text: str) -> str:
            if (code := text.upper()) in codes:
                return code
            known = " ".join(sorted(codes))
            raise NotUnderstood(Reason("not_a_code", text=text, column=column, known=known))

        return understand

    def _day(self, text: str) -> date:
        day = parse_day(text)
        if day > self._today:
            raise NotUnderstood(Reason("day_in_the_future", day=day.isoformat()))
        return _monitored(day)


def _with_id(indicator: Indicator) -> Text:
    return indicator.names.mapped(lambda name: f"{indicator.indicator} ({name})")


def _told(reason: NotUnderstood) -> NotUnderstood:
    """The reason alone: a caught one holds on to its frames."""
    return NotUnderstood(reason.reason)


def _planned_day(text: str) -> date:
    day = parse_day(text)
    if day.year > LAST_YEAR:
        raise NotUnderstood(Reason("day_beyond_plans", day=day.isoformat()))
    return _monitored(day)


def _monitored(day: date) -> date:
    if day < FIRST_DAY:
        raise NotUnderstood(Reason("day_before_monitoring", day=day.isoformat()))
    return day


class Share(float):
    """A value that was written with a percent sign."""


class Euros(float):
    """A value that was written with the euro sign."""


class Scaled(float):
    """A value as a workbook shows it, divided by a number format.

    Attributes:
        by: what the number in the cell is divided by; None where nobody can tell.
    """

    by: int | None = None


class Suppressed:
    """Stands for a value that its source suppresses: `<5`, `*`."""

    def __bool__(self) -> bool:
        return False


SUPPRESSED = Suppressed()


def _value(text: str, _: str) -> float | Suppressed | None:
    if is_suppressed(text):
        return SUPPRESSED
    if is_missing(text):
        return None
    if text.endswith("%"):
        return Share(parse_decimal(text.removesuffix("%").strip()))
    if match := _SCALED.match(text):
        scaled = Scaled(parse_decimal(match["shown"]))
        scaled.by = None if match["by"] == "?" else int(match["by"])
        return scaled
    if (amount := _amount(text)) is not None:
        return Euros(amount)
    return float(parse_decimal(text))


def _amount(text: str) -> Decimal | None:
    """An amount with its currency, None where it names none; see `judging` for its thousands."""
    number = without_currency(text)
    if number is None:
        return None
    if decimal_sign(number) == "?":
        number = without_thousands(number, "," if "." in number else ".")
    return parse_decimal(number)


def _dataset(text: str) -> str:
    if (name := fold_header(text).replace(" ", "_")) in DATASETS:
        return name
    raise NotUnderstood(Reason("not_a_dataset", text=text, known=", ".join(DATASETS)))


def _year(text: str) -> int:
    if _FOUR_DIGITS.match(text) and FIRST_DAY.year <= int(text) <= LAST_YEAR:
        return int(text)
    raise NotUnderstood(Reason("not_a_year", text=text))


def _money(text: str) -> Decimal:
    amount = Decimal(text.replace(",", ".")) if _PLAIN_AMOUNT.match(text) else _amount(text)
    if amount is None:
        if _SCALED.match(text):
            raise NotUnderstood(Reason("amount_shown_scaled"))
        if _IN_THOUSANDS.search(text):
            raise NotUnderstood(Reason("amount_scaled", text=text))
        amount = parse_decimal(text)
    if abs(amount) >= _TOO_MUCH:
        raise NotUnderstood(Reason("amount_too_large", amount=f"{amount:.0f}"))
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _count(text: str) -> int:
    number = parse_decimal(text)
    if number < 0 or number != number.to_integral_value():
        raise NotUnderstood(Reason("not_a_count", text=text))
    if number >= _TOO_MANY:
        raise NotUnderstood(Reason("count_too_large", text=text))
    return int(number)


def _percent(text: str) -> float:
    number = float(parse_decimal(text.removesuffix("%").strip()))
    if not 0 <= number <= 100:
        raise NotUnderstood(Reason("not_a_percentage", text=text))
    if 0 < number <= 1 and not text.endswith("%"):
        raise NotUnderstood(fraction_or_percent(number))
    return number


def fraction_or_percent(number: float) -> Reason:
    """Why a share above 0 and up to 1 is doubtful: 0.85 may be 0.85 % or 85 %."""
    as_share = f"{number * 100:g}"
    return Reason("fraction_or_percent", text=f"{number:g}", share=as_share)


def _url(text: str) -> str:
    given = f"https://{text}" if text.casefold().startswith("www.") else text
    try:
        parts = urlsplit(given)
        is_address = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and not re.search(r"\s", given)
        )
    except ValueError:
        is_address = False
    if not is_address:
        raise NotUnderstood(Reason("not_an_address", text=text))
    return given


def _parts(text: str) -> Sequence[str]:
    """Parts of a list: where a semicolon stands it alone separates, else a comma does."""
    parts = text.split(LIST_SEPARATOR if LIST_SEPARATOR in text else ",")
    return list(filter(None, (" ".join(part.split()) for part in parts)))


def _joined(parts: Iterable[str]) -> str | None:
    """A list in its stored form; each part once, None where there is none."""
    return LIST_SEPARATOR.join(dict.fromkeys(parts)) or None
