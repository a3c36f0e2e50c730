"""Every check of the raw zone on good, bad and empty input, and the pages that tell of it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError
from assets.raw.content import Content
from assets.raw.delivery import Batch, Delivery
from assets.raw.schemas import PLANNED_DAYS, SHAPES
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.settings import PROJECT_ROOT, SEEDS_DIR, Settings
from checks import raw_suites
from checks.findings import MAX_SAMPLES, Finding, to_markdown
from checks.raw_suites import RAW_CHECKS, examine_raw, judge_raw

TODAY = date(2026, 11, 22)
ORIGIN = ("source", "dataset", "vintage")

_MEASURED: dict[str, Any] = {
    "indicator": "unemployment_rate",
    "region": "MK18",
    "period": "2025-03",
    "freq": "M",
    "period_start": date(2025, 3, 1),
    "period_end": date(2025, 4, 1),
    "segment": "total",
    "unit": "percent",
    "value": 9.5,
    "symbol": None,
    "obs_status": "A",
    "conf_status": "F",
}
GOOD: dict[str, dict[str, Any]] = {
    "measurements": {
        **_MEASURED,
        "note": None,
        "processing_level": None,
        "producer_note": None,
    },
    "table_cells": {**_MEASURED, "table_id": "statfin_tyonv_12r5", "dims": "{}"},
    "funding_decisions": {
        "decision_id": "D-1",
        "region": "MK18",
        "granted_on": date(2025, 3, 4),
        "amount_eur": Decimal("1000.00"),
        "beneficiary": "Secret Oy",
        "purpose": "development",
        "segment": "total",
    },
    "advice_events": {
        "event_id": "E-1",
        "region": "MK18",
        "happened_on": TODAY,
        "business_id": "1234567-1",
        "segment": "founder",
    },
}
#: A good row of every other shape: an event of the register, and the records of the co-operation.
_WORDS = {
    "region": "MK18", "segment": "total", "kind": "started", "year": 2025,
    "indicator": "unemployed", "target_value": 1.0,
}  # fmt: skip
_DAYS = {True: date(2027, 3, 4), False: date(2025, 3, 4)}
GOOD |= {
    shape: {
        field.name: _WORDS.get(
            field.name,
            _DAYS[field.name in PLANNED_DAYS] if pa.types.is_date(field.type) else "x",
        )
        for field in schema
        if not field.nullable and field.name not in {*ORIGIN, "line"}
    }
    for shape, schema in SHAPES.items()
    if shape not in GOOD
}
SOURCES = dict.fromkeys(SHAPES, "coordinator") | {
    "measurements": "council",
    "table_cells": "statfin",
    "funding_decisions": "business_finland",
    "advice_events": "proagria",
}

Deliver = Callable[..., Vintage]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", sources="landing", today=TODAY)


@pytest.fixture
def zone(settings: Settings) -> RawZone:
    return RawZone(settings, catalogue_hash="x")


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def deliver(zone: RawZone) -> Deliver:
    """`deliver(shape, {...}, {...})`: a vintage with one row per dict of cells that differ."""
    numbers = count(1)

    def write(shape: str, *rows: Mapping[str, Any], content: bytes | None = None) -> Vintage:
        number = next(numbers)
        schema = pa.schema([f for f in SHAPES[shape] if f.name not in ORIGIN])
        cells = [{**GOOD[shape], "line": n, **row} for n, row in enumerate(rows, start=2)]
        return zone.write(
            SOURCES[shape],
            shape,
            Delivery(
                shape=shape,
                file=f"file{number}.csv",
                origin="test",
                content=Content(content or str(number).encode()),
                extension="csv",
                delivered_at=datetime(2026, 11, 22, tzinfo=UTC),
                batches=iter([Batch(pa.RecordBatch.from_pylist(cells, schema=schema))]),
            ),
            licence="CC BY 4.0",
            is_sample=False,
        )[0]

    return write


@pytest.fixture
def tamper(zone: RawZone) -> Callable[[Vintage, Callable[[pa.Table], pa.Table]], None]:
    """Rewrite the rows of a vintage, as a reader with a bug would have written them."""

    def rewrite(vintage: Vintage, change: Callable[[pa.Table], pa.Table]) -> None:
        path = zone.path_of(vintage)
        pq.write_table(change(pq.ParquetFile(path).read()), path)

    return rewrite


def column_as(name: str, values: list[Any], kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        at = table.schema.names.index(name)
        return table.set_column(at, pa.field(name, kind), pa.array(values, kind))

    return change


def changed_catalogue(
    folder: Path, file: str, change: Callable[[dict[str, str]], bool]
) -> Catalogue:
    """The seeds with the rows of one file changed in place; a row is dropped on False."""
    shutil.copytree(SEEDS_DIR, folder)
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if change(row)]
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return Catalogue.load(folder)


def by_check(findings: list[Finding], shape: str) -> dict[str, Finding]:
    return {f.check: f for f in findings if f.asset_key == ("raw", shape)}


def failed(findings: list[Finding]) -> dict[tuple[str, str], Finding]:
    return {(f.asset_key[1], f.check): f for f in findings if not f.passed}


# -- what exists ---------------------------------------------------------------------------


def test_importing_the_suites_does_not_import_great_expectations() -> None:
    code = (
        "import sys; from checks.raw_suites import RAW_CHECKS; import checks.data_docs; "
        "assert RAW_CHECKS; print([m for m in sys.modules if m.startswith('great_exp')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_shape_has_its_checks_and_only_ranges_warn() -> None:
    found = {shape: [c for s, c, _, _ in RAW_CHECKS if s == shape] for shape in SHAPES}
    # These hold no value, and no day but planned ones.
    without = {
        "rdi_services", "network_members", "plan_items", "network_events", "reporting_duties",
        "networks", "projects",
    }  # fmt: skip
    blocking = ["required_columns", "types", "codes"]
    assert found == {s: blocking if s in without else [*blocking, "ranges"] for s in SHAPES}
    assert {check for _, check, _, is_blocking in RAW_CHECKS if not is_blocking} == {"ranges"}
    assert all(description.endswith(".") for _, _, description, _ in RAW_CHECKS)


def test_an_empty_raw_zone_passes_with_nothing_checked(
    settings: Settings, catalogue: Catalogue
) -> None:
    findings = judge_raw(settings, catalogue)
    assert [(f.asset_key, f.check, f.is_blocking) for f in findings] == [
        (("raw", shape), check, is_blocking) for shape, check, _, is_blocking in RAW_CHECKS
    ]
    assert all(f.passed and f.checked == 0 and f.count == 0 and not f.samples for f in findings)
    index = settings.reports_dir / "data_docs" / "index.html"
    assert "Nothing has been delivered" in index.read_text(encoding="utf-8")


def test_the_empty_files_that_dbt_reads_are_no_deliveries(
    settings: Settings, catalogue: Catalogue, zone: RawZone
) -> None:
    zone.write_index()
    assert all(f.passed and f.checked == 0 for f in judge_raw(settings, catalogue))


def test_a_delivery_without_rows_passes(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    deliver("measurements")
    assert failed(judge_raw(settings, catalogue)) == {}


def test_good_rows_pass_every_check_silently(
    settings: Settings,
    catalogue: Catalogue,
    deliver: Deliver,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for shape in SHAPES:
        deliver(shape, {}, {})
    # The edges of what is allowed: limits themselves, and a missing value.
    deliver(
        "measurements",
        {"value": 100.0},
        {"value": 0.0},
        {"value": None, "obs_status": "Q", "conf_status": "C"},
        {"indicator": "development_funding", "unit": "MEUR", "value": 2.5},
    )
    deliver(
        "funding_decisions",
        {"granted_on": date(1990, 1, 1), "amount_eur": Decimal(0)},
        {"granted_on": TODAY, "period_start": date(2025, 1, 1), "period_end": date(2025, 1, 2)},
    )
    findings = judge_raw(settings, catalogue)
    assert failed(findings) == {}
    assert {f.asset_key[1]: f.checked for f in findings} == dict.fromkeys(SHAPES, 2) | {
        "measurements": 6,
        "funding_decisions": 4,
    }
    assert "Rows looked at: 6, of 2 current vintages." in findings[0].description
    assert capfd.readouterr() == ("", "")


# -- required_columns ----------------------------------------------------------------------


def test_an_empty_required_cell_fails_required_columns_of_its_shape(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    emptied = {
        "measurements": ("region", "MK18", pa.string()),
        "table_cells": ("period_start", date(2025, 3, 1), pa.date32()),
        "funding_decisions": ("purpose", "development", pa.string()),
        "advice_events": ("happened_on", TODAY, pa.date32()),
        "meetings": ("planned_on", date(2027, 3, 4), pa.date32()),
        "register_events": ("kind", "started", pa.string()),
    }
    vintages = {}
    for shape, (column, good, kind) in emptied.items():
        vintages[shape] = deliver(shape, {}, {}, {})
        tamper(vintages[shape], column_as(column, [good, None, good], kind))
    found = failed(judge_raw(settings, catalogue))
    assert set(found) == {(shape, "required_columns") for shape in emptied}
    for (shape, _), finding in found.items():
        assert finding.is_blocking
        assert (finding.count, finding.checked) == (1, 3)
        assert finding.samples == [
            {
                "source": SOURCES[shape],
                "file": f"{SOURCES[shape]}/{shape}/{vintages[shape].file}",
                "line": "3",
                "vintage": vintages[shape].vintage,
                emptied[shape][0]: "(none)",
            }
        ]
        assert "assets/raw/schemas.py" in finding.what_to_do


def test_a_missing_column_fails_required_columns_with_every_row_of_the_vintage(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    deliver("measurements", {})
    for column in ("indicator", "region"):
        tamper(deliver("measurements", {}, {}), lambda t, c=column: t.drop_columns([c]))
    found = failed(judge_raw(settings, catalogue))
    assert set(found) == {("measurements", "required_columns")}
    finding = found["measurements", "required_columns"]
    assert (finding.count, finding.checked) == (4, 5)
    assert [(s["line"], s["column"], s["found"]) for s in finding.samples] == [
        ("0", "region", "(none)"),
        ("0", "indicator", "(none)"),
    ]


def test_a_row_of_a_vintage_with_a_missing_column_is_counted_once(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    vintage = deliver("measurements", {}, {})
    tamper(vintage, column_as("segment", [None, "total"], pa.string()))
    tamper(vintage, lambda t: t.drop_columns(["unit"]))
    finding = failed(judge_raw(settings, catalogue))["measurements", "required_columns"]
    assert (finding.count, finding.checked) == (2, 2)


def test_a_missing_column_in_a_delivery_without_rows_still_counts(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    tamper(deliver("advice_events"), lambda t: t.drop_columns(["region"]))
    finding = failed(judge_raw(settings, catalogue))["advice_events", "required_columns"]
    assert (finding.count, finding.checked) == (1, 0)


def test_a_vintage_of_before_a_column_was_added_lacks_nothing(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    for shape, schema in SHAPES.items():
        optional = [f.name for f in schema if f.nullable]
        tamper(deliver(shape, {}, {}), lambda t, added=optional: t.drop_columns(added))
    findings = judge_raw(settings, catalogue)
    # A measurement has a period, whatever the schema leaves open.
    assert set(failed(findings)) == {
        (shape, "required_columns") for shape in ("measurements", "table_cells")
    }
    assert {f.checked for f in findings if f.check != "types"} == {2}


def test_rows_of_before_a_column_was_added_are_judged(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    vintage = deliver("findings", {}, {})
    tamper(vintage, lambda t: t.drop_columns(["decided_on"]))
    tamper(vintage, column_as("region", ["MK18", "XX1"], pa.string()))
    assert set(failed(judge_raw(settings, catalogue))) == {("findings", "codes")}


@pytest.mark.parametrize("damage", ["garbage", "gone"])
def test_a_file_that_cannot_be_read_fails_and_the_others_are_judged(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, zone: RawZone, damage: str
) -> None:
    deliver("measurements", {})
    path = zone.path_of(deliver("measurements", {}, {}))
    path.write_bytes(b"PAR1 no more") if damage == "garbage" else path.unlink()
    found = by_check(judge_raw(settings, catalogue), "measurements")
    assert [check for check, f in found.items() if not f.passed] == ["required_columns"]
    assert (found["required_columns"].count, found["required_columns"].checked) == (2, 3)
    assert found["required_columns"].samples[0]["column"] == "(the whole file)"
    assert found["codes"].checked == 1


# -- types ---------------------------------------------------------------------------------


def test_columns_of_another_type_fail_types(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    wrong = {
        "measurements": ("value", ["nine", "ten"], pa.string(), "double", "string"),
        "table_cells": ("line", [2, 3], pa.int32(), "int64", "int32"),
        "funding_decisions": (
            "amount_eur",
            [1.0, 2.0],
            pa.float64(),
            "decimal128(18, 2)",
            "double",
        ),
        "advice_events": ("happened_on", ["2025-01-01"] * 2, pa.string(), "date32[day]", "string"),
        "plan_basics": ("year", ["2025", "2026"], pa.string(), "int32", "string"),
    }
    for shape, (column, values, kind, _, _) in wrong.items():
        tamper(deliver(shape, {}, {}), column_as(column, values, kind))
        deliver(shape, {})
    found = failed(judge_raw(settings, catalogue))
    assert set(found) == {(shape, "types") for shape in wrong}
    for (shape, _), finding in found.items():
        column, _, _, expected, delivered = wrong[shape]
        assert finding.is_blocking
        assert (finding.count, finding.checked) == (2, 3)
        assert [(s["line"], s["column"], s["expected"], s["found"]) for s in finding.samples] == [
            ("0", column, expected, delivered)
        ]
        assert "correct the reader or the schema" in finding.what_to_do


# -- codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "columns"),
    [
        (
            "measurements",
            ["indicator", "region", "segment", "unit", "obs_status", "conf_status"],
        ),
        ("table_cells", ["indicator", "region", "segment", "unit", "obs_status", "conf_status"]),
        ("funding_decisions", ["region", "segment", "purpose"]),
        ("advice_events", ["region", "segment"]),
    ],
)
def test_a_code_that_the_catalogue_does_not_know_fails_codes(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, shape: str, columns: list[str]
) -> None:
    deliver(shape, {}, *({column: "XX|1"} for column in columns))
    found = failed(judge_raw(settings, catalogue))
    assert set(found) == {(shape, "codes")}
    finding = found[shape, "codes"]
    assert finding.is_blocking
    assert (finding.count, finding.checked) == (len(columns), len(columns) + 1)
    assert [(s["line"], {k: v for k, v in s.items() if k in columns}) for s in finding.samples] == [
        (str(line), {column: "XX|1"}) for line, column in enumerate(columns, start=3)
    ]
    assert "dbt_project/seeds" in finding.what_to_do
    assert "regions.csv" in finding.what_to_do


def test_a_source_that_the_catalogue_does_not_know_fails_codes(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, tamper: Any
) -> None:
    tamper(deliver("advice_events", {}), column_as("source", ["nobody"], pa.string()))
    finding = failed(judge_raw(settings, catalogue))["advice_events", "codes"]
    assert (finding.count, finding.samples[0]["source"]) == (1, "nobody")


def test_rows_of_an_indicator_that_left_the_catalogue_fail_codes_and_nothing_else(
    settings: Settings, deliver: Deliver, tmp_path: Path
) -> None:
    deliver("measurements", {}, {"indicator": "population", "unit": "persons", "value": 5e6})
    reduced = changed_catalogue(
        tmp_path / "seeds", "indicators.csv", lambda row: row["indicator"] != "population"
    )
    found = failed(judge_raw(settings, reduced))
    assert set(found) == {("measurements", "codes")}
    assert found["measurements", "codes"].samples[0]["indicator"] == "population"
    assert "(indicators.csv)" in found["measurements", "codes"].what_to_do


def test_a_unit_that_does_not_convert_to_that_of_the_indicator_fails_codes(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    deliver("measurements", {"unit": "persons"}, {"unit": "%"})
    finding = failed(judge_raw(settings, catalogue))["measurements", "codes"]
    assert finding.count == 1
    assert (finding.samples[0]["indicator"], finding.samples[0]["unit"]) == (
        "unemployment_rate",
        "persons",
    )


# -- ranges --------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["measurements", "table_cells"])
def test_values_and_periods_out_of_range_fail_ranges(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, shape: str
) -> None:
    deliver(
        shape,
        {},
        {"value": 100.5},
        {"value": -0.5},
        {"indicator": "unemployed", "unit": "persons", "value": float("inf")},
        {"period_end": date(2025, 3, 1)},
    )
    found = failed(judge_raw(settings, catalogue))
    assert set(found) == {(shape, "ranges")}
    finding = found[shape, "ranges"]
    assert not finding.is_blocking
    assert (finding.count, finding.checked) == (4, 5)
    assert [s.get("value") for s in finding.samples] == ["100.5", "-0.5", "inf", None]
    assert finding.samples[0] | {"source": "", "file": ""} == {
        "source": "",
        "file": "",
        "line": "3",
        "indicator": "unemployment_rate",
        "value": "100.5",
        "unit": "percent",
        "valid_min": "0",
        "valid_max": "100",
    }
    assert finding.samples[2]["valid_max"] == ""
    assert (finding.samples[3]["period_start"], finding.samples[3]["period_end"]) == (
        "2025-03-01",
        "2025-03-01",
    )
    assert "valid_min or valid_max" in finding.what_to_do


def test_a_value_is_compared_in_the_unit_of_its_indicator(
    settings: Settings, deliver: Deliver, tmp_path: Path
) -> None:
    def narrow(row: dict[str, str]) -> bool:
        if row["indicator"] == "development_funding":
            row["valid_max"] = "1000000"
        return True

    narrowed = changed_catalogue(tmp_path / "seeds", "indicators.csv", narrow)
    funding = {"indicator": "development_funding"}
    deliver(
        "measurements",
        {**funding, "unit": "EUR", "value": 999_999.0},
        {**funding, "unit": "kEUR", "value": 1_000.0},
        {**funding, "unit": "MEUR", "value": 2.0},
    )
    finding = failed(judge_raw(settings, narrowed))["measurements", "ranges"]
    assert (finding.count, finding.samples[0]["line"]) == (1, "4")
    assert (finding.samples[0]["value"], finding.samples[0]["unit"]) == ("2", "MEUR")


def test_amounts_and_days_out_of_range_fail_ranges(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    deliver(
        "funding_decisions",
        {},
        {"amount_eur": Decimal("-0.01")},
        {"granted_on": date(1989, 12, 31)},
        {"granted_on": date(2026, 11, 23)},
        {"period_start": date(2025, 2, 1), "period_end": date(2025, 1, 1)},
    )
    deliver("advice_events", {}, {"happened_on": date(2026, 11, 23)})
    found = failed(judge_raw(settings, catalogue))
    assert set(found) == {("funding_decisions", "ranges"), ("advice_events", "ranges")}
    funding = found["funding_decisions", "ranges"]
    assert (funding.count, funding.checked) == (4, 5)
    assert [funding.samples[0]["amount_eur"], funding.samples[1]["granted_on"]] == [
        "-0.01",
        "1989-12-31",
    ]
    advice = found["advice_events", "ranges"]
    assert (advice.count, advice.samples[0]["happened_on"]) == (1, "2026-11-23")
    assert "TILANNEKUVA_TODAY" in advice.what_to_do


def test_withheld_values_are_shown_neither_in_samples_nor_in_data_docs(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    deliver("measurements", {"value": 123.456, "conf_status": "C"})
    finding = failed(judge_raw(settings, catalogue))["measurements", "ranges"]
    assert finding.samples[0]["value"] == "(withheld)"
    assert all("123.456" not in text for text in pages(settings).values())


# -- what is looked at ---------------------------------------------------------------------


def test_only_the_newest_reading_of_a_content_is_judged(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    deliver("measurements", {"region": "nowhere"}, content=b"same")
    deliver("measurements", {}, content=b"same")
    findings = judge_raw(settings, catalogue)
    assert failed(findings) == {}
    assert by_check(findings, "measurements")["codes"].checked == 1


def test_the_newest_rows_are_judged_and_the_finding_tells_how_many(
    settings: Settings,
    catalogue: Catalogue,
    deliver: Deliver,
    tamper: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(raw_suites, "MAX_ROWS", 3)
    tamper(deliver("measurements", {"region": "old"}), lambda t: t.drop_columns(["unit"]))
    deliver("measurements", {}, {"region": "middle"}, {"region": "beyond"})
    deliver("measurements", {"region": "new"})
    found = by_check(judge_raw(settings, catalogue), "measurements")
    assert [s["region"] for s in found["codes"].samples] == ["new", "middle"]
    assert found["codes"].checked == 3
    assert "3, of 3 current vintages with 5 rows (at most the newest 3)" in (
        found["codes"].description
    )
    # Columns are cheap to see, so those of older vintages are judged too.
    assert (found["types"].checked, found["types"].passed) == (5, True)
    assert (found["required_columns"].count, found["required_columns"].checked) == (1, 4)


def test_many_offending_rows_are_counted_and_a_few_are_shown(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    deliver("measurements", *({"region": "nowhere", "segment": "nobody"} for _ in range(300)))
    finding = failed(judge_raw(settings, catalogue))["measurements", "codes"]
    assert finding.count == 300
    assert len(finding.samples) == MAX_SAMPLES
    assert [s["line"] for s in finding.samples] == [str(n) for n in range(2, 12)]
    assert (finding.samples[0]["region"], finding.samples[0]["segment"]) == ("nowhere", "nobody")


def test_an_expectation_that_cannot_be_evaluated_stops_the_judgement(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_suites, "_add_limits", lambda rows, catalogue: None)
    deliver("measurements", {})
    with pytest.raises(TilannekuvaError, match="measurements_rows"):
        examine_raw(settings, catalogue)


# -- Data Docs -----------------------------------------------------------------------------


def pages(settings: Settings) -> dict[str, str]:
    folder = settings.reports_dir / "data_docs"
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(folder.iterdir())}


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def elements(text: str) -> Iterator[tuple[str, dict[str, str | None]]]:
    parser = _Elements()
    parser.feed(text)
    yield from parser.elements


def test_data_docs_load_nothing_and_tell_what_failed(
    settings: Settings, catalogue: Catalogue, deliver: Deliver
) -> None:
    hostile = '<script src="https://evil.example/x.js"></script><img src=https://evil.example/x>'
    deliver("measurements", {"region": hostile}, {"region": "MK99", "value": 100.5})
    deliver("funding_decisions", {"segment": "nobody"})
    judge_raw(settings, catalogue)
    found = pages(settings)
    assert set(found) == {
        "index.html",
        "measurements_columns.html",
        "measurements_rows.html",
        "funding_decisions_columns.html",
        "funding_decisions_rows.html",
    }
    for text in found.values():
        for tag, attributes in elements(text):
            assert tag not in {"script", "link", "img", "iframe", "object", "embed", "svg", "base"}
            assert not {"src", "srcset", "style", "background", "poster"} & set(attributes)
            assert not [name for name in attributes if name.startswith("on")]
            href = attributes.get("href")
            assert href is None or href in found or href.startswith("https://")
        assert not re.search(r"@import|url\(", text)
        assert text.count("<style>") == 1
    rows = found["measurements_rows.html"]
    for told in ("MK99", "100.0 beside 100.5", "valid_max", "✘", "✔", "… and"):
        assert told in rows
    assert "failed" in found["index.html"]
    assert "passed" in found["index.html"]
    assert "Secret Oy" not in "".join(found.values())


def test_data_docs_hold_the_last_run_only(
    settings: Settings, catalogue: Catalogue, deliver: Deliver, zone: RawZone
) -> None:
    deliver("advice_events", {})
    judge_raw(settings, catalogue)
    assert "advice_events_rows.html" in pages(settings)
    shutil.rmtree(zone.root)
    judge_raw(settings, catalogue)
    assert list(pages(settings)) == ["index.html"]
    assert [p.name for p in settings.reports_dir.iterdir()] == ["data_docs"]


# -- sample tables -------------------------------------------------------------------------


def test_a_sample_table_escapes_markup_and_cuts_long_text() -> None:
    table = to_markdown(
        [
            {"file": "a|b.csv", "value": "<b>*x*</b>\nnext"},
            {"file": "y" * 100, "region": "[MK18](javascript:alert(1))"},
        ]
    )
    assert table.splitlines() == [
        "| file | value | region |",
        "| --- | --- | --- |",
        "| a\\|b.csv | &lt;b&gt;\\*x\\*&lt;/b&gt; next |  |",
        f"| {'y' * 79}… |  | \\[MK18\\](javascript:alert(1)) |",
    ]


def test_no_samples_make_no_table() -> None:
    assert to_markdown([]) == ""
