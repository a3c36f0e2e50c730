"""Old binary workbooks, written by a program of today: what a cell is beside its number."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import xlwt

from assets.catalogue import Catalogue
from assets.landing.delivery import DeliveryReader
from assets.raw.content import Content

READER = DeliveryReader(Catalogue.load(), lambda text: text, date(2026, 11, 30))
DECISIONS = ("päätösnumero", "alue", "myönnetty", "summa")
FIGURES = ("mittari", "alue", "jakso", "arvo", "yksikkö")
DAY = date(2026, 3, 15)


def book(
    rows: Sequence[Sequence[object]],
    formats: Mapping[int, str] | None = None,
    hidden: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
) -> bytes:
    """A workbook; `formats` are number formats of the last column by row (0 = header)."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Taulu")
    for n, row in enumerate(rows):
        for at, value in enumerate(row):
            style = xlwt.XFStyle()
            if isinstance(value, date):
                style.num_format_str = "d.m.yyyy"
            elif at == len(row) - 1 or (len(row) == len(FIGURES) and at == 3):
                style.num_format_str = (formats or {}).get(n, "General")
            sheet.write(n, at, value, style)
        sheet.row(n).hidden = n in hidden
    for at in hidden_columns:
        sheet.col(at).hidden = True
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read(
    content: bytes, source: str, dataset: str
) -> tuple[list[dict[str, object]], dict[int, str], str | None]:
    """Accepted rows, the kind of reason of each rejected line, and the notes."""
    delivery = READER.read(
        source, dataset, Content(content), file="a.xls", origin="a.xls",
        delivered_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    accepted: list[dict[str, object]] = []
    rejected: dict[int, str] = {}
    for batch in delivery.batches:
        accepted += batch.accepted.to_pylist()
        rejected |= {reject.line: reject.reason.kind for reject in batch.rejected}
    return accepted, rejected, delivery.notes


def test_cells_that_are_no_amount_are_rejected_one_by_one() -> None:
    cells = [45_000, True, xlwt.Formula("A1*2"), DAY, 1_234_567, 1_234_567, 0.25, 46_000.5]
    rows = [DECISIONS, *((f"D{n}", "KU205", DAY, cell) for n, cell in enumerate(cells))]
    content = book(rows, {5: "#,##0,", 6: '0.0,, "M€"', 7: "0 %", 8: '#,##0.00 "€"'})
    accepted, rejected, _ = read(content, "evk", "funding_decisions")
    assert {row["line"]: float(str(row["amount_eur"])) for row in accepted} == {
        2: 45_000,
        9: 46_000.5,
    }
    assert rejected == {
        3: "boolean_no_number",
        4: "formula_not_calculated",
        5: "number_became_date",
        6: "amount_shown_scaled",
        7: "amount_shown_scaled",
        8: "not_a_number",
    }
    assert {row["granted_on"] for row in accepted} == {DAY}


def test_a_figure_is_what_the_workbook_shows_or_rejected() -> None:
    figure = ("growth_enterprise_turnover", "MK18")
    rows = [
        FIGURES,
        (*figure, "2021", 1_234_567, "1000 EUR"),
        (*figure, "2022", 1_234_567, "EUR"),
        (*figure, "2023", 2_345_678, "MEUR"),
        (*figure, DAY, 5, "EUR"),
    ]
    content = book(rows, {1: "#,##0,", 2: "#,##0,", 3: "0.0,,"})
    accepted, rejected, _ = read(content, "business_finland", "measurements")
    assert [(row["period"], row["value"]) for row in accepted] == [
        ("2021", 1234.567),
        ("2023", 2.345678),
    ]
    assert rejected == {3: "shown_in_thousands", 5: "period_too_fine"}


def test_ids_are_whole_or_rejected() -> None:
    ids = [2026031700001234, 20260317000012345, "20260317000012345", DAY, False, 17, "0017"]
    rows = [DECISIONS, *((cell, "KU205", DAY, 5) for cell in ids)]
    accepted, rejected, _ = read(book(rows), "evk", "funding_decisions")
    assert [row["decision_id"] for row in accepted] == [
        "2026031700001234",
        "20260317000012345",
        "17",
        "0017",
    ]
    assert rejected == {3: "id_rounded", 5: "id_became_date", 6: "boolean_no_number"}


def test_hidden_rows_and_columns_are_read_with_a_note() -> None:
    rows = [DECISIONS, *((f"D{n}", "KU205", DAY, n + 1) for n in range(4))]
    content = book(rows, hidden=(2, 3), hidden_columns=(1,))
    accepted, rejected, notes = read(content, "evk", "funding_decisions")
    assert ([row["line"] for row in accepted], rejected) == ([2, 3, 4, 5], {})
    assert notes == "2 hidden or filtered row(s) were read; 1 hidden column(s) were read"
