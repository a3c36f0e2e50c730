"""Generated deliveries, damaged as people damage them: no line is lost.

`TILANNEKUVA_GENERATED=5000 pytest tests/landing/test_no_line_lost.py` tries thousands.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.landing.delivery import DeliveryReader
from assets.raw.content import Content
from assets.vocabulary.periods import parse_period, period_containing

GENERATED = int(os.environ.get("TILANNEKUVA_GENERATED", "150"))
some = settings(max_examples=GENERATED, deadline=None, suppress_health_check=list(HealthCheck))

READER = DeliveryReader(Catalogue.load(), lambda text: text, date(2026, 11, 30))
EVENTS = ["tapahtumatunnus", "alue", "päivä", "aihe"]


def read(content: bytes, source: str, dataset: str) -> tuple[list[dict[str, object]], list[int]]:
    """The accepted rows, and the lines of the rejected ones, each once."""
    delivery = READER.read(
        source, dataset, Content(content), file="a.csv", origin="a.csv",
        delivered_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    accepted: list[dict[str, object]] = []
    rejected: set[int] = set()
    for batch in delivery.batches:
        accepted += batch.accepted.to_pylist()
        rejected |= {reject.line for reject in batch.rejected}
        assert batch.rows_rejected == len({reject.line for reject in batch.rejected})
    return accepted, sorted(rejected)


def lines_of(accepted: Sequence[dict[str, object]], rejected: Sequence[int]) -> list[int]:
    return sorted([*(int(str(row["line"])) for row in accepted), *rejected])


@st.composite
def damaged_rows(draw: st.DrawFn) -> list[list[str]]:
    rows = []
    for n in range(draw(st.integers(1, 15))):
        row = [f"A-{n}", "SK181", "2025-03-03", draw(st.sampled_from(["kasvu", "työ", "", "muu"]))]
        kind = draw(
            st.sampled_from(["whole"] * 4 + ["stray before", "stray behind", "total", "id"])
        )
        at = draw(st.integers(0, 3))
        if kind == "stray before":
            row[at] = f'"{row[at]}'
        elif kind == "stray behind":
            row[at] = f'{row[at]}"'
        elif kind == "total":
            row[0] = draw(st.sampled_from(["Yhteensä", "Kajaani yhteensä", "Summa:", "Total 2025"]))
        elif kind == "id":
            row[0] = draw(st.sampled_from(["2,02601E+11", "Ã„1", ""]))
        rows.append(row)
    return rows


@some
@given(
    rows=damaged_rows(),
    separator=st.sampled_from([";", ",", "\t"]),
    ends=st.sampled_from(["\n", "\r\n"]),
    last_end=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    foreign=st.sets(st.integers(0, 15), max_size=2),
    blank=st.integers(0, 15),
)
def test_no_line_of_a_damaged_text_is_lost(
    rows: list[list[str]], separator: str, ends: str, last_end: bool, encoding: str,
    foreign: set[int], blank: int,
) -> None:  # fmt: skip
    texts = [separator.join(row) for row in [EVENTS, *rows]]
    texts.insert(1 + min(blank, len(rows)), "")
    content = ends.join([*texts, ""] if last_end else texts).encode(encoding)
    if encoding == "utf-8":
        other = [
            text.encode("cp1252") if n in foreign and n else text.encode()
            for n, text in enumerate(texts)
        ]
        content = ends.encode().join(other)
    filled = [n for n, text in enumerate(texts, start=1) if n > 1 and text.strip(separator)]
    accepted, rejected = read(content, "development_company", "advice_events")
    assert lines_of(accepted, rejected) == filled
    assert not any("E+11" in str(row["event_id"]) for row in accepted)
    assert {row["region"] for row in accepted} <= {"SK181"}


@some
@given(
    amount=st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100),
    thousands=st.sampled_from(["", " ", "\u00a0", "\u202f", ".", ",", "'"]),
    decimal=st.sampled_from([",", "."]),
    form=st.sampled_from(["{}", "{} €", "€{}", "EUR {}", "{} EUR", "{} euroa", "{}€"]),
)
def test_an_amount_is_read_as_written_or_rejected(
    amount: Decimal, thousands: str, decimal: str, form: str
) -> None:
    if thousands == decimal:
        thousands = ""
    text = f"{amount:,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands)
    row = f"D1;KU205;2026-03-15;{form.format(text)}\n"
    content = f"decision_id;region;granted_on;amount_eur\n{row}".encode()
    accepted, rejected = read(content, "evk", "funding_decisions")
    assert lines_of(accepted, rejected) == [2]
    assert all(found["amount_eur"] == amount for found in accepted)


MONTHS = ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka",
          "marras", "joulu"]  # fmt: skip


def written(day: date, form: str) -> str:
    quarter = (day.month - 1) // 3 + 1
    return form.format(
        y=day.year, yy=f"{day.year % 100:02}", m=day.month, mm=f"{day.month:02}", q=quarter,
        name=MONTHS[day.month - 1], roman=["I", "II", "III", "IV"][quarter - 1],
        first=3 * quarter - 2, last=3 * quarter,
    )  # fmt: skip


MONTH_FORMS = [
    "{name}.{yy}", "{name}kuu {y}", "{m}/{y}", "{mm}/{y}", "{y}/{m}", "1.{m}.{y}", "{y}{mm}",
    "{mm}.{y}", "{y}-{mm}", "{y}M{mm}", "{y}:{mm}", "{y}-{mm}-01", "{name}k. {y}",
]  # fmt: skip
QUARTER_FORMS = [
    "Q{q}/{y}", "{y} Q{q}", "{roman}/{y}", "{first}-{last}/{y}", "{y}K{q}", "{y}-Q{q}", "{y}Q{q}",
    "{q}. neljännes {y}", "K{q}/{y}", "{y} {q}. vuosineljännes", "{roman} neljännes {y}",
]  # fmt: skip


@some
@given(
    day=st.dates(date(1991, 1, 1), date(2099, 12, 31)),
    form=st.sampled_from([*MONTH_FORMS, *QUARTER_FORMS]),
)
def test_a_period_is_the_one_that_was_meant(day: date, form: str) -> None:
    cadence = "M" if form in MONTH_FORMS else "Q"
    if "{yy}" in form and day.year < 2000:
        day = day.replace(year=day.year + 100, day=1)
    assert parse_period(written(day, form), cadence) == period_containing(day, cadence)
