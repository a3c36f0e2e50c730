"""What a row must fulfil as a whole, and the raw columns that follow from its cells.

A rule and a derivation are functions of a few columns of one row, so that `delivery` can work each
one out once for every distinct combination of cells. The declaration of a dataset names those that
hold for it. What does not belong here: which dataset has which rules (`assets.datasets`), single
cells (understanding), rules that need other rows (overlap, gaps: dbt).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from assets.catalogue import Catalogue
from assets.datasets import WHETHER, Dataset, Kind
from assets.datasets.model import frequency_of
from assets.errors import TilannekuvaError
from assets.landing.understanding import (
    SUPPRESSED,
    Euros,
    Scaled,
    Share,
    Suppressed,
    Understanding,
    fraction_or_percent,
)
from assets.languages import Text
from assets.vocabulary.numbers import written_out
from assets.vocabulary.periods import FREE_SPAN, MONTHS, Period, month_named, period_containing
from assets.vocabulary.ranges import why_out_of_range
from assets.vocabulary.reasons import Reason
from assets.vocabulary.statuses import WITHHELD

#: Column and reason.
Problem = tuple[str, Reason]
#: Why a row is rejected, from the context and the meanings of some cells; None where it is not.
Judge = Callable[..., Problem | None]
#: A meeting is moved by weeks; by more than this, one of its days is mistyped.
_LONGEST_DELAY = 366
#: Days of the shortest month.
_SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Context:
    """What rules look things up in.

    Attributes:
        source: who delivered.
        today: the day that directories are about.
        catalogue: indicators, units, sources.
        understanding: names of regions, words and numbers.
        hashed: turns an identifying text into its keyed hash.
    """

    source: str
    today: date
    catalogue: Catalogue
    understanding: Understanding
    hashed: Callable[[str], str]


@dataclass(frozen=True)
class Rule:
    """A rule over a row.

    Attributes:
        needs: columns whose meanings `judge` is given, after the context; None for an empty
            cell. `value?` stands for whether there is a value. Rows of which one of them was
            not understood, or is empty though required, are not judged.
        judge: why the row is refused, None where it is not.
    """

    needs: tuple[str, ...]
    judge: Judge


@dataclass(frozen=True)
class Derivation:
    """Raw columns that follow from the cells of an accepted row.

    Attributes:
        gives: names of the raw columns.
        needs: columns whose meanings `derive` is given, after the context, as in a rule.
        derive: the values of the raw columns, in order.
    """

    gives: tuple[str, ...]
    needs: tuple[str, ...]
    derive: Callable[..., tuple[Any, ...]]


# -- rules -------------------------------------------------------------------------------------


def _source_measures(context: Context, name: str) -> Problem | None:
    if context.source in context.catalogue.indicator_sources.get(name, ()):
        return None
    return "indicator", Reason("source_not_of_indicator", source=context.source, indicator=name)


def _unit_fits(context: Context, name: str, given: str | None) -> Problem | None:
    unit, units = context.catalogue.indicators[name].unit, context.catalogue.units
    if given is None or units[given].base_unit == units[unit].base_unit:
        return None
    return "unit", Reason("unit_of_another_kind", indicator=name, unit=unit, given=given)


def _status_fits(_: Context, has_value: bool, status: str | None) -> Problem | None:
    if not has_value or status not in WITHHELD:
        return None
    return "status", Reason("status_contradicts_value", status=str(status))


def _value_fits(
    context: Context, name: str, given: str | None, value: float | Suppressed | None
) -> Problem | None:
    if not isinstance(value, float) or _unit_fits(context, name, given):
        return None
    indicator = context.catalogue.indicators[name]
    written = given or indicator.unit
    unit = context.catalogue.units[written]
    told = {"value": written_out(value), "unit": written, "indicator": name}
    if isinstance(value, Share):
        if unit.base_unit != "percent":
            return "value", Reason("share_of_no_share", **told)
    elif unit.base_unit == "percent" and 0 < value <= 1:
        return "value", fraction_or_percent(value)
    if isinstance(value, Euros) and unit.base_unit != "EUR":
        return "value", Reason("euros_of_no_money", **told)
    if isinstance(value, Scaled) and unit.factor != value.by:
        return "value", Reason("shown_in_thousands", **told)
    reason = why_out_of_range(context.catalogue, name, value, given)
    return ("value", reason) if reason else None


#: Frequencies from the coarsest to the finest.
_FINENESS = ("A", "S", "Q", "M", "W", "D")
#: What the periods of a frequency are called.
_CALLED = {
    "A": Text(fi="vuosittain", sv="årsvis", en="year"),
    "S": Text(fi="puolivuosittain", sv="halvårsvis", en="half-year"),
    "Q": Text(fi="neljännesvuosittain", sv="kvartalsvis", en="quarter"),
    "M": Text(fi="kuukausittain", sv="månadsvis", en="month"),
    "W": Text(fi="viikoittain", sv="veckovis", en="week"),
    "D": Text(fi="päivittäin", sv="dagligen", en="day"),
}


def _frequency_fits(context: Context, name: str, period: Period) -> Problem | None:
    """A period may be coarser than the indicator's, or a span of its own length or more."""
    cadence = context.catalogue.indicators[name].cadence
    if period.freq == FREE_SPAN:
        months = MONTHS.get(cadence, 0)
        is_fine = (period.end - period.start).days < _SHORTEST_MONTH * months
    else:
        is_fine = _FINENESS.index(period.freq) > _FINENESS.index(cadence)
    if not is_fine:
        return None
    return "period", Reason(
        "period_too_fine", period=period.text, indicator=name, cadence=_CALLED[cadence]
    )


def _number_is_read(_: Dataset, about: str, column: str) -> Judge:
    """A text that says how far an indicator is to go, or went, is a number or has none in it."""

    def judge(context: Context, indicator: str | None, text: str | None) -> Problem | None:
        name = indicator and context.understanding.indicator(indicator)
        if not name or not text or not re.search(r"\d", text):
            return None
        if context.understanding.number(text) is None:
            return column, Reason("number_unread", text=text)
        unit = context.catalogue.units[context.catalogue.indicators[name].unit]
        if text.rstrip().endswith("%") and unit.base_unit != "percent":
            told = {"value": text.rstrip(" %"), "indicator": name, "unit": unit.unit}
            return column, Reason("share_of_no_share", **told)
        return None

    return judge


def _goal_in_range(context: Context, name: str, target: float, target_kind: str) -> Problem | None:
    # A change by so much may well be negative.
    if target_kind == "change_by":
        return None
    reason = why_out_of_range(context.catalogue, name, target)
    return ("target_value", reason) if reason else None


def _region_measurable(
    context: Context, region: str, period: Period, has_value: bool
) -> Problem | None:
    # That a region which has ended has no value is no mistake.
    return _lives(context, region, period) if has_value else None


def _lives(context: Context, region: str | None, period: Period | None) -> Problem | None:
    if region is None or period is None:
        return None
    reason = context.understanding.regions.why_ended(region, period)
    return ("region", reason) if reason else None


def _lives_on(context: Context, region: str | None, day: date | None) -> Problem | None:
    return _lives(context, region, None if day is None else _month(day))


@lru_cache(maxsize=8192)
def _month(day: date) -> Period:
    return period_containing(day, "M")


def _lives_in_year(context: Context, region: str, year: int) -> Problem | None:
    return _lives(context, region, period_containing(date(year, 1, 1), "A"))


def _lives_today(context: Context, region: str) -> Problem | None:
    return _lives_on(context, region, context.today)


def _grant_not_negative(_: Context, amount: Decimal) -> Problem | None:
    if amount >= 0:
        return None
    return "amount_eur", Reason("negative_grant")


def _budget_not_negative(_: Context, budget: Decimal | None) -> Problem | None:
    if budget is None or budget >= 0:
        return None
    return "budget_eur", Reason("negative_budget")


def _held_near_plan(_: Context, planned: date, held: date | None) -> Problem | None:
    if held is None or abs((held - planned).days) <= _LONGEST_DELAY:
        return None
    days = {"held": held.isoformat(), "planned": planned.isoformat()}
    return "held_on", Reason("held_far_from_plan", **days)


def _source_counts(dataset: Dataset, event_filter: str = "") -> Judge:
    """Events count in an indicator, and the catalogue says who measures it.

    Args:
        dataset: whose events are meant.
        event_filter: the column that decides in which indicator an event counts, if one does.
    """
    default = dataset.by_name[event_filter].default if event_filter else ""

    def judge(context: Context, chosen: str | None = None) -> Problem | None:
        wanted = (dataset.name, chosen or default)
        for indicator in context.catalogue.indicators.values():
            name = indicator.indicator
            if (
                indicator.event_dataset,
                indicator.event_filter,
            ) == wanted and context.source not in context.catalogue.indicator_sources.get(name, ()):
                return (
                    event_filter,
                    Reason("source_not_counted", source=context.source, indicator=name),
                )
        return None

    return judge


def _in_order(dataset: Dataset, first: str, last: str) -> Judge:
    column = dataset.by_name[first].label

    def judge(_: Context, start: date | None, end: date | None) -> Problem | None:
        if start is None or end is None or start <= end:
            return None
        days = {"end": end.isoformat(), "start": start.isoformat()}
        return last, Reason("ends_before_it_starts", column=column, **days)

    return judge


def _day_or_period(dataset: Dataset, day: str, period: str) -> Judge:
    """When something is: on a day, or as long as that is not known, in a period."""
    column = dataset.by_name[period].label

    def judge(_: Context, on: date | None, within: Period | None) -> Problem | None:
        return None if on or within else (day, Reason("no_day_and_no_period", column=column))

    return judge


def _months_are_read(_: Dataset, column: str) -> Judge:
    def judge(_: Context, listed: str | None) -> Problem | None:
        unread = [month for month in _listed(listed) if _month_of(month) is None]
        return (column, Reason("not_a_month", text=unread[0])) if unread else None

    return judge


def _listed(text: str | None) -> list[str]:
    """The parts of a list, as the raw zone writes them."""
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def _month_of(text: str) -> int | None:
    """The number of a month that is written as a number or by its name."""
    if text.rstrip(".").isdecimal():
        number = int(text.rstrip("."))
        return number if 1 <= number <= 12 else None
    return month_named(text)


def _always(judge: Judge) -> Callable[..., Judge]:
    """A rule that does the same whatever dataset and columns it is declared for."""
    return lambda dataset, *needs: judge


#: By the name in a declaration: makes the rule, from the dataset and the columns it looks at.
_RULES: Mapping[str, Callable[..., Judge]] = {
    "source_measures": _always(_source_measures),
    "unit_fits": _always(_unit_fits),
    "status_fits": _always(_status_fits),
    "value_fits": _always(_value_fits),
    "frequency_fits": _always(_frequency_fits),
    "number_is_read": _number_is_read,
    "goal_in_range": _always(_goal_in_range),
    "region_measurable": _always(_region_measurable),
    "region_lives_on": _always(_lives_on),
    "region_lives_in_year": _always(_lives_in_year),
    "region_lives_today": _always(_lives_today),
    "grant_not_negative": _always(_grant_not_negative),
    "budget_not_negative": _always(_budget_not_negative),
    "held_near_plan": _always(_held_near_plan),
    "source_counts": _source_counts,
    "in_order": _in_order,
    "day_or_period": _day_or_period,
    "months_are_read": _months_are_read,
}


def rules_of(dataset: Dataset) -> tuple[Rule, ...]:
    """The rules that a declaration names."""
    return tuple(
        Rule(rule.needs, _named(dataset, rule.name, _RULES)(dataset, *rule.needs))
        for rule in dataset.rules
    )


# -- derivations -------------------------------------------------------------------------------


def _spread(_: Context, period: Period | None) -> tuple[Any, ...]:
    if period is None:
        return None, None, None, None
    return period.text, period.freq, period.start, period.end


def _own_unit(context: Context, name: str, given: str | None) -> tuple[str]:
    return (given or context.catalogue.indicators[name].unit,)


def _obs_status(_: Context, has_value: bool | Suppressed, status: str | None) -> tuple[str]:
    # SDMX: an empty value without a status is "missing" (O), a value without one is normal (A).
    if has_value:
        return (status or "A",)
    absent = "Q" if has_value is SUPPRESSED else "O"
    return (status if status in WITHHELD else absent,)


def _business_key(context: Context, business_id: str | None) -> tuple[str | None]:
    return (business_id and context.hashed(business_id),)


def _respondent_key(context: Context, survey: str, respondent: str) -> tuple[str]:
    # With the survey in it, answers of one person to two surveys cannot be linked.
    return (context.hashed(f"respondent {fold_text(survey)} {respondent}"),)


#: Outlooks are scored ++ to −−; a header or word that is folded loses its dashes.
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_OUTLOOKS = {"-": "weak", "--": "very_weak"}


def _answer(context: Context, answer: str) -> tuple[float | None, str | None]:
    sign = answer.translate(_DASHES).replace(" ", "")
    if sign in _OUTLOOKS:
        return None, _OUTLOOKS[sign]
    return context.understanding.number(answer), context.understanding.word("answer", answer)


def _measured_by(context: Context, text: str | None) -> tuple[str | None, str | None]:
    return text and context.understanding.indicator(text), text


def _number(context: Context, text: str | None) -> tuple[float | None]:
    return (context.understanding.number(text) if text else None,)


def _months(_: Context, listed: str | None) -> tuple[str | None]:
    months = sorted({month for part in _listed(listed) if (month := _month_of(part))})
    return (" ".join(map(str, months)) or None,)


def _year(_: Context, day: date) -> tuple[int]:
    return (day.year,)


def fold_text(text: str) -> str:
    """A text without case and superfluous blanks: two ways to write the same record."""
    return " ".join(text.split()).casefold()


#: By the name in a declaration.
_DERIVATIONS: Mapping[str, Callable[..., tuple[Any, ...]]] = {
    "indicator_of": _measured_by,
    "number_of": _number,
    "respondent_key": _respondent_key,
    "answer_of": _answer,
    "year_of": _year,
    "months_of": _months,
}


def derivations_of(dataset: Dataset) -> tuple[Derivation, ...]:
    """Raw columns that are not the meaning of the delivered column of that name."""

    def found() -> Iterator[Derivation]:
        for column in dataset.columns:
            name = column.name
            if column.kind is Kind.PERIOD:
                gives = (name, frequency_of(column), f"{name}_start", f"{name}_end")
                yield Derivation(gives, (name,), _spread)
            elif column.kind is Kind.BUSINESS_ID:
                yield Derivation(("business_key",), (name,), _business_key)
            elif column.kind is Kind.DATASET:
                yield Derivation(("reported_dataset",), (name,), lambda _, reported: (reported,))
            elif column.kind is Kind.UNIT:
                yield Derivation((name,), ("indicator", name), _own_unit)
            elif column.kind is Kind.OBS_STATUS:
                yield Derivation(("obs_status",), (f"value{WHETHER}", name), _obs_status)
            elif column.default:
                yield Derivation((name,), (name,), _or(column.default))
        for rule in dataset.derived:
            derive = _named(dataset, rule.name, _DERIVATIONS)
            yield Derivation(tuple(raw.name for raw in rule.gives), rule.needs, derive)

    return tuple(found())


def _or(default: str) -> Callable[[Context, str | None], tuple[str]]:
    return lambda _, given: (given or default,)


_Entry = TypeVar("_Entry")


def _named(dataset: Dataset, name: str, known: Mapping[str, _Entry]) -> _Entry:
    try:
        return known[name]
    except KeyError:
        raise TilannekuvaError(
            f"{dataset.name}.yaml names the rule {name}, which is none of "
            f"{', '.join(known)}; add it to assets/landing/rules.py."
        ) from None
