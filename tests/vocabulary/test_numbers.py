"""Numbers, days and business ids as people and office programs write them."""

from __future__ import annotations

import contextlib
import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.vocabulary import NotUnderstood
from assets.vocabulary.numbers import (
    decimal_sign,
    is_missing,
    is_suppressed,
    parse_business_id,
    parse_day,
    parse_decimal,
    without_currency,
    without_thousands,
)

NBSP, FIGURE, THIN, NARROW, MINUS = "\u00a0", "\u2007", "\u2009", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("1234", "1234"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        (",5", "0.5"),
        (".5", "0.5"),
        ("7.", "7"),
        ("  7 ", "7"),
        ("+3", "3"),
        ("-1,5", "-1.5"),
        (f"{MINUS}1,5", "-1.5"),
        (f"{MINUS} 1,5", "-1.5"),
        ("1 234", "1234"),
        (f"1{NBSP}234{NBSP}567,8", "1234567.8"),
        (f"1{FIGURE}234", "1234"),
        (f"1{THIN}234", "1234"),
        (f"1{NARROW}234,50", "1234.5"),
        ("1'234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("-1,234,567.89", "-1234567.89"),
        ("1,234", "1.234"),
        ("1.234", "1.234"),
        ("1.5E3", "1500"),
        ("2e-3", "0.002"),
    ],
)
def test_a_number_is_understood_as_written(text: str, number: str) -> None:
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "+", ".", ",", "nan", "NaN", "-nan", "inf", "-Infinity", "sNaN", "1e400",
        "9" * 31, "1e30", "abc", "12 kpl", "1/2", "0x10", "1_000", "5 %", "--1", "1-", "12e",
        "TRUE", "#N/A", "\u00b2", "15.3.2025",
    ],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_decimal(text)


@pytest.mark.parametrize(
    "text", ["12 5", "2024 2025", "1,2.3", "1.2.3,4", "12.34.56", "1 2345", "1.234 567", "1\n234"]
)
def test_digits_that_are_not_grouped_by_three_are_not_run_together(text: str) -> None:
    with pytest.raises(NotUnderstood, match="is not a number"):
        parse_decimal(text)


@pytest.mark.parametrize(
    "text", ["", "  ", ".", "..", "...", "......", "…", ":", NBSP, "NA", "n/a", "NULL"]
)
def test_nothing_and_dots_say_no_value(text: str) -> None:
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "-", "0.", ".5", "x", "nap", "......."])
def test_a_zero_a_dash_or_a_word_is_not_a_missing_value(text: str) -> None:
    assert not is_missing(text)


numbers = st.decimals(-(10**15), 10**15, places=4, allow_nan=False, allow_infinity=False)


@given(
    number=numbers,
    blank=st.sampled_from(["", " ", NBSP, FIGURE, THIN, NARROW, "'"]),
    decimal=st.sampled_from([".", ","]),
    minus=st.sampled_from(["-", MINUS]),
    outer=st.sampled_from(["", " ", NBSP, "\t"]),
)
def test_a_number_keeps_its_value_in_every_notation(
    number: Decimal, blank: str, decimal: str, minus: str, outer: str
) -> None:
    text = f"{number:,f}".replace(",", "_").replace(".", decimal)
    text = text.replace("_", blank).replace("-", minus)
    assert parse_decimal(outer + text + outer) == number


@given(number=st.integers(10**6, 10**15), group=st.sampled_from([".", ","]))
def test_thousands_grouped_by_points_or_commas_keep_their_value(number: int, group: str) -> None:
    assert parse_decimal(f"{number:,}".replace(",", group)) == number


@given(st.text() | st.text(alphabet="0123456789.,+-eE '\u00a0\u2212NnAaIiFf", max_size=40))
def test_any_text_is_a_finite_number_or_not_understood(text: str) -> None:
    try:
        number = parse_decimal(text)
    except NotUnderstood:
        return
    assert math.isfinite(float(number))


@pytest.mark.parametrize(
    "text",
    ["2025-03-15", " 2025-03-15 ", "15.3.2025", "15.03.2025", "2025-03-15T10:05:00", "20250315"],
)
def test_a_day_is_understood_in_iso_and_in_finnish(text: str) -> None:
    assert parse_day(text) == date(2025, 3, 15)


@pytest.mark.parametrize(
    "text",
    [
        "15.3.2025 14:00",
        "15.3.2025 14.05",
        "15.3.2025 klo 14",
        "15.03.2025 klo 9.30",
        "la 15.3.2025",
        "15.3.2025T14:00:30",
        "15/03/2025 2:00 PM",
        "15. 3. 2025",
    ],
)
def test_a_finnish_day_may_have_a_time(text: str) -> None:
    assert parse_day(text) == date(2025, 3, 15)


@pytest.mark.parametrize(
    "text",
    ["2024-12-31T22:00:00Z", "2024-12-31T22:00:00.000Z", "2024-12-31 22:00:00 UTC",
     "2024-12-31 22:00:00 +0000", "2024-12-31T22:00:00.0000000Z", "2025-01-01T00:00+02:00",
     "2025-01-01T00:00+02:00[Europe/Helsinki]", "2025-01-01T23:30-05:00", "20241231T220000Z",
     "2025-01-01Z", "2025-01-01T00:00:00Z"],
)  # fmt: skip
def test_a_moment_with_a_zone_is_a_day_in_helsinki(text: str) -> None:
    expected = date(2025, 1, 2) if text.endswith("-05:00") else date(2025, 1, 1)
    assert parse_day(text) == expected


def test_midnight_in_helsinki_is_its_day_in_summer_too() -> None:
    assert parse_day("2025-06-14T21:00:00Z") == parse_day("2025-06-15T00:00:00Z")


@pytest.mark.parametrize(
    ("text", "number"),
    [("€3000", "3000"), ("3,000 EUR", "3,000"), ("EUR 3 000,50", "3 000,50"), ("3000,-", "3000"),
     ("3.000,- €", "3000"), ("-€3000", "-3000"), ("3000 euroa", "3000"), ("3000 e", "3000"),
     ("3000", None), ("3 M€", None), ("3 t€", None), ("1E5", None), ("€", None)],
)  # fmt: skip
def test_an_amount_loses_its_currency_and_nothing_else(text: str, number: str | None) -> None:
    assert without_currency(text) == number


@pytest.mark.parametrize("text", ["<5", "< 5", "≤4", "alle 5", "1–4", "1-4", "*", "...", "…"])
def test_a_small_count_that_is_not_shown_is_suppressed(text: str) -> None:
    assert is_suppressed(text)


@pytest.mark.parametrize("text", ["", "..", "5", "-5", "<50", "10-20", "2024-1", "1-12"])
def test_other_texts_are_not_suppressed_counts(text: str) -> None:
    assert not is_suppressed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30.2.2025",
        "2025-02-30",
        "15.3.2025 14",
        "15.3.2025 25:00",
        "3/15/2025",
        "15.3.25",
        "2025",
        "0.0.0000",
        "eilen",
    ],
)
def test_what_is_no_day_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"is not a day; write it as 2025-03-15 or 15.3.2025"):
        parse_day(text)


@given(st.text() | st.text(alphabet="0123456789.-:TW+Z ", max_size=30))
def test_any_text_is_a_day_or_not_understood(text: str) -> None:
    with contextlib.suppress(NotUnderstood):
        assert isinstance(parse_day(text), date)


def check_digit(digits: str) -> int | None:
    """The check digit by the definition: modulus 11; None where no business id exists."""
    rest = sum(int(d) * w for d, w in zip(digits, [7, 9, 10, 5, 8, 4, 2], strict=True)) % 11
    return None if rest == 1 else (11 - rest) % 11


@pytest.mark.parametrize("text", ["0112038-9", "1572860-0", "0737546-2"])
def test_registered_business_ids_pass_their_check_digit(text: str) -> None:
    assert parse_business_id(text) == text


@pytest.mark.parametrize(
    "text",
    ["112038-9", " 0112038-9 ", "FI0112038-9", "FI01120389", "fi 01120389", "01120389",
     "0112038–9", "0112038‑9", "0112038 - 9"],
)  # fmt: skip
def test_a_vat_number_another_dash_and_an_eaten_zero_are_the_same_business(text: str) -> None:
    assert parse_business_id(text) == "0112038-9"


@pytest.mark.parametrize(
    "text",
    [
        "1120389",
        "0112038-",
        "0112038-99",
        "12038-9",
        "131052-308T",
        "Oy Ab",
        "",
        "０１１２０３８-９",
    ],
)
def test_another_form_is_no_business_id(text: str) -> None:
    with pytest.raises(NotUnderstood, match="not a business id; one looks like 1234567-8"):
        parse_business_id(text)


@given(digits=st.from_regex(r"\A[0-9]{7}\Z"), given_check=st.integers(0, 9))
def test_a_business_id_is_accepted_with_its_one_check_digit_only(
    digits: str, given_check: int
) -> None:
    text = f"{digits}-{given_check}"
    if check_digit(digits) == given_check:
        assert parse_business_id(text) == text
    else:
        with pytest.raises(NotUnderstood, match="check digit") as refused:
            parse_business_id(text)
        assert digits not in str(refused.value), "reasons are published; the id must not be"


@given(st.text())
def test_any_text_is_a_business_id_or_not_understood(text: str) -> None:
    with contextlib.suppress(NotUnderstood):
        assert len(parse_business_id(text)) == 9


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("1.234", "?"),
        ("1,234", "?"),
        ("-999,999", "?"),
        ("1.234 €", "?"),
        ("12,5", ","),
        ("12.5 %", "."),
        ("0.234", "."),
        ("1234,567", ","),
        (f"1{NBSP}234,567", ","),
        ("1.234.567", ","),
        ("1,234,567", "."),
        ("1.234,567", ","),
        ("1,234.567", "."),
        ("1234", None),
        ("1 234", None),
        ("15.3.2025", None),
        ("a.b", None),
        ("..", None),
        ("", None),
    ],
)
def test_a_number_tells_its_decimal_sign_where_it_reads_one_way(
    text: str, sign: str | None
) -> None:
    assert decimal_sign(text) == sign


@pytest.mark.parametrize("text", ["1.234", "-12,345", " 999.000 "])
def test_a_number_that_reads_both_ways_is_told_apart_by_the_sign_of_its_column(text: str) -> None:
    readings = {parse_decimal(without_thousands(text, decimal)) for decimal in ".,"}
    assert len(readings) == 2
    assert max(map(abs, readings)) == 1000 * min(map(abs, readings))


@given(st.text() | st.text(alphabet="0123456789.,+- '\u00a0", max_size=20))
def test_any_text_tells_a_sign_or_none(text: str) -> None:
    assert decimal_sign(text) in {None, "?", ".", ","}


@pytest.mark.parametrize("text", ["15/03/2025", "15/3/2025", "45731", "45731.5", "15.03.2025"])
def test_a_day_is_understood_as_excel_and_programs_write_it(text: str) -> None:
    assert parse_day(text) == date(2025, 3, 15)


@pytest.mark.parametrize("text", ["2025", "457310", "1", "15/3.2025", "3/15/2025", "٤٥٧٣١"])
def test_numbers_of_another_length_are_no_days(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_day(text)
