"""Periods: every form of the landing contract, one canonical text, half-open bounds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import (
    FREE_SPAN,
    parse_period,
    period_containing,
    periods_between,
    span,
)

FORMS = [
    ("2025", "2025", "A", date(2025, 1, 1), date(2026, 1, 1)),
    ("2025-A1", "2025", "A", date(2025, 1, 1), date(2026, 1, 1)),
    ("2025-S1", "2025-S1", "S", date(2025, 1, 1), date(2025, 7, 1)),
    ("2025S2", "2025-S2", "S", date(2025, 7, 1), date(2026, 1, 1)),
    ("2025H1", "2025-S1", "S", date(2025, 1, 1), date(2025, 7, 1)),
    ("2025-H2", "2025-S2", "S", date(2025, 7, 1), date(2026, 1, 1)),
    ("2025-Q2", "2025-Q2", "Q", date(2025, 4, 1), date(2025, 7, 1)),
    ("2025Q4", "2025-Q4", "Q", date(2025, 10, 1), date(2026, 1, 1)),
    ("2025K4", "2025-Q4", "Q", date(2025, 10, 1), date(2026, 1, 1)),
    ("2025-03", "2025-03", "M", date(2025, 3, 1), date(2025, 4, 1)),
    ("2025M03", "2025-03", "M", date(2025, 3, 1), date(2025, 4, 1)),
    ("2025M12", "2025-12", "M", date(2025, 12, 1), date(2026, 1, 1)),
    ("2024-02", "2024-02", "M", date(2024, 2, 1), date(2024, 3, 1)),
    ("2025-W07", "2025-W07", "W", date(2025, 2, 10), date(2025, 2, 17)),
    ("2025W01", "2025-W01", "W", date(2024, 12, 30), date(2025, 1, 6)),
    ("2020-W53", "2020-W53", "W", date(2020, 12, 28), date(2021, 1, 4)),
    ("2025-03-15", "2025-03-15", "D", date(2025, 3, 15), date(2025, 3, 16)),
    ("2024-02-29", "2024-02-29", "D", date(2024, 2, 29), date(2024, 3, 1)),
    (
        "2024-07-01/2025-06-30", "2024-07-01/2025-06-30", FREE_SPAN,
        date(2024, 7, 1), date(2025, 7, 1),
    ),
    ("2024-07-01/P12M", "2024-07-01/2025-06-30", FREE_SPAN, date(2024, 7, 1), date(2025, 7, 1)),
    ("2024-07-01/P1Y", "2024-07-01/2025-06-30", FREE_SPAN, date(2024, 7, 1), date(2025, 7, 1)),
    ("2025-01-01/P10D", "2025-01-01/2025-01-10", FREE_SPAN, date(2025, 1, 1), date(2025, 1, 11)),
    ("2025-01-31/P1M", "2025-01-31/2025-02-27", FREE_SPAN, date(2025, 1, 31), date(2025, 2, 28)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "canonical", "freq", "start", "end"), FORMS)
def test_every_form_of_the_contract_is_understood(
    text: str, canonical: str, freq: str, start: date, end: date
) -> None:
    period = parse_period(text)
    assert (period.text, period.freq, period.start, period.end) == (canonical, freq, start, end)


@pytest.mark.parametrize("text", [" 2025-q2 ", "2025-Q2", "\t2025q2\n", "2025Q02"])
def test_case_and_outer_blanks_do_not_matter(text: str) -> None:
    assert parse_period(text) == parse_period("2025-Q2")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2025-01-01/2025-12-31", "2025"),
        ("2025-01-01/P12M", "2025"),
        ("2025-07-01/2025-12-31", "2025-S2"),
        ("2025-04-01/P3M", "2025-Q2"),
        ("2025-02-01/2025-02-28", "2025-02"),
        ("2025-03-01/P1M", "2025-03"),
        ("2025-02-10/2025-02-16", "2025-W07"),
        ("2024-12-30/P1W", "2025-W01"),
        ("2025-03-15/2025-03-15", "2025-03-15"),
        (" 2025-01-01 / 2025-03-31 ", "2025-Q1"),
    ],
)
def test_a_span_equal_to_a_calendar_period_is_that_period(text: str, canonical: str) -> None:
    assert parse_period(text) == parse_period(canonical)
    assert parse_period(text).text == canonical


def test_both_days_of_a_written_span_are_included() -> None:
    period = parse_period("2024-07-01/2025-06-30")
    assert period.last_day == date(2025, 6, 30)
    assert period.end == date(2025, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-",
        "25",
        "20255",
        "0000",
        "2025-00",
        "2025-13",
        "2025M13",
        "2025-S0",
        "2025-S3",
        "2025-H3",
        "2025K5",
        "2025-Q0",
        "2025-Q5",
        "2025-W00",
        "2025-W53",
        "2025-W54",
        "2025-X1",
        "2025-02-29",
        "2025-02-30",
        "30.2.2025",
        "2025/2026",
        "2023-24",
        "maaliskuu",
        "mar 2025",
        "1/25",
        "2025-06-30/2025-06-29",
        "2025-06-30/2024-07-01",
        "2025-01-01/",
        "/2025-01-01",
        "2025-01-01/P",
        "2025-01-01/P0M",
        "2025-01-01/P-1M",
        "2025-01-01/PT1H",
        "2025-01-01/2025-02-01/2025-03-01",
        "2025-01-01/P99999999999M",
        "9999-01-01/P1Y",
        "2025-01-01/P99999999999999999999D",
        "vuosi 2025",
        "nan",
    ],
)
def test_what_is_no_period_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(NotUnderstood, match="is not a period; write 2025, 2025-S1") as refused:
        parse_period(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "cadence", "canonical"),
    [
        ("tammi.24", "M", "2024-01"),
        ("2/2024", "M", "2024-02"),
        ("1.3.2024", "M", "2024-03"),
        ("huhtikuu 2024", "M", "2024-04"),
        ("2024/5", "M", "2024-05"),
        ("202406", "M", "2024-06"),
        ("07.2024", "M", "2024-07"),
        ("2024-8", "M", "2024-08"),
        ("2024:09", "M", "2024-09"),
        ("lokak. 2024", "M", "2024-10"),
        ("Nov-24", "M", "2024-11"),
        ("2024 joulukuu", "M", "2024-12"),
        ("2024-03-01", "M", "2024-03"),
        ("2024-03-01T00:00:00", "M", "2024-03"),
        ("Q1/2024", "Q", "2024-Q1"),
        ("2024 Q2", "Q", "2024-Q2"),
        ("III/2024", "Q", "2024-Q3"),
        ("10-12/2024", "Q", "2024-Q4"),
        ("1. neljännes 2024", "Q", "2024-Q1"),
        ("2Q2024", "Q", "2024-Q2"),
        ("2024K4", None, "2024-Q4"),
        ("K3/2024", None, "2024-Q3"),
        ("tammi–maaliskuu 2024", None, "2024-Q1"),
        ("1-6/2024", None, "2024-S1"),
        ("I/2024", "S", "2024-S1"),
        ("II puolivuosi 2024", "S", "2024-S2"),
        ("vk 7/2025", None, "2025-W07"),
        ("1.1.–31.12.2024", None, "2024"),
        ("1.7.2024–30.6.2025", None, "2024-07-01/2025-06-30"),
        ("15.3.2025", None, "2025-03-15"),
    ],
)
def test_what_people_and_spreadsheets_write_is_understood(
    text: str, cadence: str | None, canonical: str
) -> None:
    assert parse_period(text, cadence).text == canonical


@pytest.mark.parametrize(
    ("text", "cadence"),
    [("1/2024", "Q"), ("1/2024", "S"), ("1/2024", "A"), ("1/2024", None), ("2024-1", "Q"),
     ("I/2024", "M"), ("I/2024", "A"), ("III/2024", "S"), ("1.3.2024", None)],
)  # fmt: skip
def test_a_form_that_may_be_two_periods_is_rejected(text: str, cadence: str | None) -> None:
    with pytest.raises(NotUnderstood, match="may be more than one period"):
        parse_period(text, cadence)


def test_an_empty_or_reversed_span_of_days_is_no_period() -> None:
    day = date(2025, 1, 1)
    for end in (day, day - timedelta(days=1)):
        with pytest.raises(ValueError, match="end after it starts"):
            span(day, end)


def test_the_calendar_period_around_a_day() -> None:
    day = date(2025, 5, 17)
    found = {freq: period_containing(day, freq).text for freq in "ASQM"}
    assert found == {"A": "2025", "S": "2025-S1", "Q": "2025-Q2", "M": "2025-05"}


def test_the_calendar_between_two_days_has_no_hole_and_includes_both_ends() -> None:
    periods = periods_between(date(2024, 11, 30), date(2025, 2, 1), "M")
    assert [p.text for p in periods] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    one = periods_between(date(2025, 1, 1), date(2025, 12, 31), "A")
    assert [p.text for p in one] == ["2025"]


days = st.dates(date(1, 1, 1), date(9990, 12, 31))


@given(start=days, length=st.integers(1, 3000))
def test_canonical_text_says_the_same_period(start: date, length: int) -> None:
    period = span(start, start + timedelta(days=length))
    assert parse_period(period.text) == period
    assert period.start < period.end
    assert period.last_day < period.end


@given(day=days, freq=st.sampled_from("ASQM"))
def test_a_calendar_period_holds_its_day_and_is_what_its_text_says(day: date, freq: str) -> None:
    period = period_containing(day, freq)
    assert period.start <= day < period.end
    assert parse_period(period.text) == period
    assert parse_period(f"{period.start}/{period.last_day}") == period


@given(st.text() | st.from_regex(r"\A[0-9SHQMWPDYT/ -]{0,24}\Z") | st.from_regex(r"\A\d{4}-?\w\d+"))
def test_any_text_is_a_period_with_ordered_bounds_or_not_understood(text: str) -> None:
    try:
        period = parse_period(text)
    except NotUnderstood:
        return
    assert period.start < period.end
    assert parse_period(period.text) == period
