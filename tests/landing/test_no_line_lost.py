"""Generated deliveries, damaged as people damage them: no line is lost.

`TILANNEKUVA_GENERATED=5000 pytest tests/landing/test_no_line_lost.py` tries thousands. Tables of
statistical offices are generated beside their readers (`tests/formats`, `tests/feeds`).
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import xlwt
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


FORMATS = [None, "General", "#,##0.00", '# ##0 "€"', "#,##0,", "0.0,,", "0 %", "@", '0.0 "M€"']
IDS = ["A-1", "2026031700001234", 17, 20260317000012345, True, date(2026, 3, 17), "Yhteensä", None]
AMOUNTS = [0, 45_000, 1234.5, 1_234_567, True, "3 000,00 €", "5 k€", date(2026, 1, 2), None, "=A1"]


@some
@given(
    rows=st.lists(
        st.none()
        | st.tuples(st.sampled_from(IDS), st.sampled_from(AMOUNTS), st.sampled_from(FORMATS)),
        min_size=1, max_size=12,
    ),
    above=st.integers(0, 3),
    hidden=st.sets(st.integers(1, 16)),
    kind=st.sampled_from(["xlsx", "xls"]),
)  # fmt: skip
def test_no_row_of_a_workbook_is_lost_and_an_amount_is_the_one_that_is_shown(
    rows: list[tuple[Any, Any, str | None] | None], above: int, hidden: set[int], kind: str
) -> None:
    header = ["päätösnumero", "alue", "myönnetty", "summa"]
    lines: list[list[Any]] = [*([["Otsikko"]] * above), header]
    lines += [[] if row is None else [row[0], "KU205", date(2026, 3, 15), row[1]] for row in rows]
    formats = {above + 2 + n: row[2] for n, row in enumerate(rows) if row is not None}
    content = (as_xlsx if kind == "xlsx" else as_xls)(lines, formats, hidden)
    accepted, rejected = read(content, "evk", "funding_decisions")
    assert lines_of(accepted, rejected) == sorted(formats)
    for row in accepted:
        n = int(str(row["line"])) - above - 2
        given_row = rows[n]
        assert given_row is not None
        assert given_row[1] in (0, 45_000, 1234.5, 1_234_567, "3 000,00 €")
        assert given_row[0] in ("A-1", "2026031700001234", 17)
        scales = () if isinstance(given_row[1], str) else ("#,##0,", "0.0,,", "0 %", '0.0 "M€"')
        assert given_row[2] not in scales
        shown = 3000 if isinstance(given_row[1], str) else given_row[1]
        assert row["amount_eur"] == Decimal(str(shown))


def as_xlsx(lines: list[list[Any]], formats: Mapping[int, str | None], hidden: set[int]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, line in enumerate(lines, start=1):
        for at, value in enumerate(line, start=1):
            cell = sheet.cell(number, at, value)
            if at == 4 and not isinstance(value, date) and (form := formats.get(number)):
                cell.number_format = form
        sheet.row_dimensions[number].hidden = number in hidden
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_xls(lines: list[list[Any]], formats: Mapping[int, str | None], hidden: set[int]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Taulu")
    styles: dict[str, xlwt.XFStyle] = {}
    for number, line in enumerate(lines, start=1):
        for at, value in enumerate(line):
            form = "d.m.yyyy" if isinstance(value, date) else "General"
            if at == 3 and not isinstance(value, date):
                form = formats.get(number) or "General"
            style = styles.setdefault(form, xlwt.XFStyle())
            style.num_format_str = form
            if value is not None:
                formula = isinstance(value, str) and value.startswith("=")
                sheet.write(number - 1, at, xlwt.Formula(value[1:]) if formula else value, style)
        sheet.row(number - 1).hidden = number in hidden
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
