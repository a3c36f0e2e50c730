"""The sample deliveries: repeatable, small, understood by the readers, and wrong only on purpose.

Deliveries are read with the code that reads real ones; what is expected of them is counted
from the catalogue and from `assets/sample/cases.py`, never from the generator.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import orjson
import pytest

from assets.catalogue import Catalogue
from assets.feeds.cells import cells_of
from assets.feeds.descriptions import load_tables, matching_variable
from assets.formats.jsonstat import read_dataset
from assets.landing.delivery import DeliveryReader
from assets.raw.content import Content
from assets.sample import sample_files, write_sample
from assets.sample.cases import BY_NAME, CASES, Case
from assets.sample.formats import SampleFile
from assets.sample.labour import AREA, CONTENTS, INDICATORS, TIME
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.periods import Period, parse_period, periods_between

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
CATALOGUE = Catalogue.load()

#: Columns of the published tables that conditions may use (the public contract).
PUBLISHED = {
    "quality_overlaps": "overlap_id kind indicator region segment period kept_source kept_value "
    "other_source other_period other_value difference resolution",
    "quality_gaps": "kind indicator region segment period source due_on days_late coverage_share "
    "organisation",
    "quality_coverage_regions": "indicator region source period state late",
    "quality_quarantine": "file line column source dataset reason content_hash quarantined_at",
    "quality_acceptances": "acceptance state matches",
    "quality_ledger": "source dataset vintage rows_delivered rows_observed rows_superseded "
    "rows_overlapped rows_quarantined",
    "fct_observations": "indicator region segment period value unit obs_status conf_status source "
    "sources has_overlap coverage_share is_derived vintage_at",
    "monitoring_rdi_services": "region service provider is_dropped is_unconfirmed is_stale",
    "monitoring_rdi_cities": "region services has_rdi_lead missing lacks_strategy",
    "monitoring_network_events": "network event region starts_on state is_day_known",
    "monitoring_network_clock": "network year month state expected_from",
    "monitoring_projects": "network project region state lacks_result",
    "monitoring_situation_reports": "region year state days_late",
    "monitoring_indicator_choices": "region indicator is_measured",
    "monitoring_strategy_goals": "strategy goal task level region status is_current "
    "has_responsible",
    "monitoring_agreements": "region agreement state parties_state party_count coordinator "
    "chair_organisation",
    "monitoring_documents": "document_id publisher source",
    "monitoring_findings": "finding_id indicator region citation newest_period documents_missing",
    "monitoring_transfers": "region period from_actor to_actor transfers logs conf_status matched "
    "sender_only receiver_only third_party accepted refused unanswered accepted_share_pct",
    "monitoring_surveys": "survey year question is_catalogued breakdown breakdown_value "
    "response_count mean agree_percent conf_status",
    "monitoring_action_plans": "region year scope section objective measure segment plan_status "
    "measures_overdue",
    "monitoring_meetings": "region year group_name entry clock_role status extra_meetings",
}
#: Datasets of events that are compared with measurements, and the column of their day.
EVENTS = {"funding_decisions": "granted_on", "advice_events": "happened_on"}
NUMBERS = {
    "coverage_share",
    "matches",
    "rows_superseded",
    "party_count",
    "documents_missing",
    "sender_only",
    "receiver_only",
    "year",
    "response_count",
    "extra_meetings",
    "measures_overdue",
    "days_late",
    "late",
    "value",
}

Key = tuple[str, str, str, str]


class Told(NamedTuple):
    """One measurement, or the sum of the events of one source in one cell."""

    file: SampleFile
    value: float | None
    obs_status: str
    conf_status: str


@cache
def files_of(day: date) -> tuple[SampleFile, ...]:
    return tuple(sample_files(CATALOGUE, day))


def read(file: SampleFile) -> tuple[list[dict[str, Any]], list[Any]]:
    """Rows and rejections of a landing file, by the code that reads real deliveries."""
    _, source, dataset, name = file.path.split("/")
    delivery = DeliveryReader(CATALOGUE, str, DAY).read(
        source, dataset, Content(file.content), file=name, origin="", delivered_at=datetime.now(UTC)
    )
    batches = list(delivery.batches)
    rows = [row for batch in batches for row in batch.accepted.to_pylist()]
    return rows, [reject for batch in batches for reject in batch.rejected]


@cache
def landing() -> list[tuple[SampleFile, list[dict[str, Any]], list[Any]]]:
    return [
        (file, *read(file))
        for file in files_of(DAY)
        if file.path.startswith("landing/") and not file.path.endswith("sample_broken.csv")
    ]


@cache
def table_cells() -> list[dict[str, Any]]:
    (file,) = (file for file in files_of(DAY) if file.path.startswith("tables/"))
    cells = cells_of(read_dataset(file.content), load_tables()["statfin.tyonv_12r5"])
    assert cells.rejected.num_rows == 0
    return list(cells.accepted.to_pylist())


@cache
def told() -> dict[tuple[str, Key], list[Told]]:
    """Everything that is told: by (source, (indicator, region, segment, period)), as delivered."""
    found: dict[tuple[str, Key], list[Told]] = defaultdict(list)
    (table,) = (file for file in files_of(DAY) if file.path.startswith("tables/"))
    for cell in table_cells():
        key = (cell["indicator"], cell["region"], "total", cell["period"].replace("M", "-"))
        found["statfin", key].append(
            Told(table, cell["value"], cell["obs_status"], cell["conf_status"])
        )
    events: dict[tuple[str, Key], tuple[SampleFile, float]] = {}
    for file, rows, _ in landing():
        _, source, dataset, _ = file.path.split("/")
        for row in rows:
            if dataset == "measurements":
                key = (row["indicator"], row["region"], row["segment"], row["period"])
                found[source, key].append(
                    Told(file, row["value"], row["obs_status"], row["conf_status"])
                )
                continue
            if dataset not in EVENTS:
                continue
            day = row[EVENTS[dataset]]
            indicator = {"development": "development_funding", "investment": "investment_financing"}
            key = (
                indicator[row["purpose"]] if "purpose" in row else "advice_events",
                row["region"],
                row["segment"],
                f"{day.year}-Q{(day.month + 2) // 3}",
            )
            amount = float(row.get("amount_eur", 1))
            events[source, key] = (file, events.get((source, key), (file, 0.0))[1] + amount)
    for place, (file, total) in events.items():
        found[place].append(Told(file, total, "A", "F"))
    return dict(found)


def seed(name: str) -> list[dict[str, str]]:
    path = CATALOGUE.directory / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cases(kind: str) -> list[Case]:
    return [case for case in CASES if case.kind == kind]


def keys_of(kind: str) -> set[Key]:
    return {cell for case in cases(kind) for cell in case.cells}


# -- files -------------------------------------------------------------------------------------


def digests(directory: Path) -> dict[str, tuple[str, float]]:
    return {
        str(path.relative_to(directory)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime,
        )
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_the_same_day_gives_the_same_bytes_and_times(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", CATALOGUE, DAY)
    write_sample(tmp_path / "two", CATALOGUE, DAY)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_workbooks_do_not_tell_when_they_were_made() -> None:
    workbooks = [file for file in files_of(DAY) if file.path.endswith(".xlsx")]
    assert workbooks
    for file in workbooks:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            assert {entry.date_time[:3] for entry in archive.infolist()} == {(2020, 1, 1)}
            times = re.findall(rb"\d{4}-\d\d-\d\dT[^<]*", archive.read("docProps/core.xml"))
        assert set(times) == {b"2020-01-01T00:00:00Z"}


def test_it_is_quick_and_small(tmp_path: Path) -> None:
    started = time.process_time()
    paths = write_sample(tmp_path, CATALOGUE, DAY)
    assert time.process_time() - started < 2
    assert sum(path.stat().st_size for path in paths) < 3_000_000


@pytest.mark.parametrize(
    "later", [DAY + timedelta(days=1), date(2026, 11, 30), date(2027, 1, 2), date(2027, 7, 1)]
)
def test_a_later_day_leaves_the_files_of_earlier_years_alone(later: date) -> None:
    after = {file.path: file for file in files_of(later)}
    settled = [f for f in files_of(DAY) if f.delivered_on.year < DAY.year]
    assert len(settled) > 100
    assert [f.path for f in settled if after.get(f.path) != f] == []


def test_a_later_day_without_a_release_changes_nothing() -> None:
    assert files_of(date(2026, 11, 20)) == files_of(date(2026, 11, 21))


def test_a_file_changes_only_by_growing() -> None:
    """Rows are never withdrawn: what a day says is still said a month later."""
    later = {file.path: file for file in files_of(date(2026, 12, 31))}
    for file in files_of(DAY):
        if file.path.endswith(".csv") and file.path.startswith("landing/"):
            now, then = file.content.splitlines(), later[file.path].content.splitlines()
            assert set(now) <= set(then), file.path


def test_files_of_another_day_are_removed_and_other_files_are_not(tmp_path: Path) -> None:
    write_sample(tmp_path, CATALOGUE, DAY)
    own = tmp_path / "landing" / "council" / "measurements" / "own.csv"
    own.write_text("kept", encoding="utf-8")
    earlier = set(write_sample(tmp_path, CATALOGUE, date(2020, 6, 1)))
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == earlier | {own}


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2015, 3, 2), date(2018, 1, 1)])
def test_early_days_have_what_was_released_by_then(day: date) -> None:
    assert all(file.delivered_on <= day for file in files_of(day))
    assert bool(files_of(day)) == (day.year > 2014)


def test_every_file_says_that_it_is_a_sample() -> None:
    for file in files_of(DAY):
        folder, source, dataset, *name = file.path.split("/")
        assert source in CATALOGUE.sources
        if folder == "tables":
            body = orjson.loads(file.content)
            for text in (body["label"], body["source"], *body["note"]):
                assert "SAMPLE DATA, invented" in text
            continue
        assert name[0].startswith("sample_")
        assert dataset in CATALOGUE.sources[source].datasets
        if name[0].endswith(".csv") and name[0] != "sample_broken.csv":
            first = file.content.removeprefix(b"\xef\xbb\xbf").splitlines()[0]
            assert first == b"SAMPLE DATA - invented figures, real region codes"


def test_no_file_is_dated_before_the_periods_it_reports() -> None:
    reported = {
        (entry.file.path, entry.file.delivered_on, period)
        for (_, (_, _, _, period)), entries in told().items()
        for entry in entries
        if "/funding_decisions/" not in entry.file.path and "/advice_" not in entry.file.path
    }
    early = [r for r in reported if r[1] <= parse_period(r[2]).last_day]
    assert early == []


# -- the table ---------------------------------------------------------------------------------


def test_the_table_speaks_the_codes_of_its_description() -> None:
    table = load_tables()["statfin.tyonv_12r5"]
    codes = [AREA, TIME, CONTENTS]
    for part, code in zip(("area", "time", "contents"), codes, strict=True):
        assert matching_variable(getattr(table.variables, part), codes) == code
    mapped = table.content_of([code for code, _ in INDICATORS.values()])
    assert {i: mapped[code].indicator for i, (code, _) in INDICATORS.items()} == {
        indicator: indicator for indicator in INDICATORS
    }


def test_parts_of_the_table_fall_a_little_short_of_the_whole() -> None:
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    for cell in table_cells():
        if cell["value"] is not None:
            kind = re.sub(r"\d", "", cell["region"])
            total[kind, cell["indicator"], cell["period"]] += cell["value"]
    for (_, indicator, period), whole in [(k, v) for k, v in total.items() if k[0] == "SSS"]:
        parts = [total[kind, indicator, period] for kind in ("KU", "SK", "MK")]
        assert parts[0] < parts[1] < parts[2] < whole
        assert parts[0] > 0.98 * whole


# -- cases -------------------------------------------------------------------------------------


def test_every_expected_cell_is_delivered_but_the_planted_ones() -> None:
    lag = {row["indicator"]: int(row["release_lag_days"]) for row in seed("indicators")}
    expected: set[tuple[str, Key]] = set()
    for row in seed("indicator_sources"):
        indicator = CATALOGUE.indicators[row["indicator"]]
        if not row["expected_from"]:
            continue
        begins = date.fromisoformat(row["expected_from"])
        ends = date.fromisoformat(row["expected_to"]) if row["expected_to"] else date.max
        first = parse_period(indicator.first_period).start
        for period in periods_between(first, DAY, indicator.cadence):
            if not begins <= period.start < ends:
                continue
            if period.last_day + timedelta(days=lag[row["indicator"]]) > DAY:
                continue
            for region in CATALOGUE.regions:
                now = region.valid_to is None or region.valid_to > DAY
                if region.region_type in indicator.expected_levels and now:
                    key = (indicator.indicator, region.region, "total", period.text)
                    expected.add((row["source"], key))
    assert len(expected) > 150_000
    absent = {(case.sources[0], tuple(c)) for case in cases("absent") for c in case.cells}
    assert expected - set(told()) == absent


def test_nothing_is_delivered_before_it_is_due() -> None:
    (case,) = cases("not_due")
    newest = max(period for _, (i, _, _, period) in told() if i == case.indicator)
    assert newest == "2026-Q2"


def test_calendar_deliveries_come_on_the_day_they_are_due_but_the_planted_one() -> None:
    lag = {row["indicator"]: int(row["release_lag_days"]) for row in seed("indicators")}
    expected = {
        (r["indicator"], r["source"]) for r in seed("indicator_sources") if r["expected_from"]
    }
    late = set()
    for (source, (indicator, _, _, period)), entries in told().items():
        file = entries[0].file
        is_measurement = "/measurements/" in file.path
        if (indicator, source) in expected and is_measurement:
            due = parse_period(period).last_day + timedelta(days=lag[indicator])
            if file.delivered_on > due:
                late.add((indicator, period))
    (case,) = cases("late")
    assert late == {(case.indicator, period) for period in case.periods}


def test_missing_values_are_the_planted_ones() -> None:
    by_status: dict[str, set[Key]] = defaultdict(set)
    for (_, key), entries in told().items():
        for entry in entries:
            if entry.value is None:
                by_status[entry.obs_status].add(key)
                assert (entry.obs_status == "Q") == (entry.conf_status == "C")
    pertunmaa = {tuple(cell) for cell in BY_NAME["not-applicable-pertunmaa"].cells}
    assert dict(by_status) == {
        "Q": keys_of("suppressed"),
        "O": keys_of("not_available"),
        "M": pertunmaa,
    }


def test_ended_municipalities_report_for_the_years_they_existed() -> None:
    years = defaultdict(set)
    for (_, (indicator, region, _, period)), entries in told().items():
        if indicator == "population" and entries[0].value is not None:
            years[region].add(int(period))
    assert years["KU588"] == set(range(2015, 2025))
    assert years["KU099"] == set(range(2015, 2021))
    assert years["KU164"] == {2015}
    assert "KU413" not in years


def overlaps() -> Iterator[tuple[str, tuple[str, ...], Key]]:
    """(kind, sources with the kept one first, key), by the rules of the contract."""
    slots = {(r["indicator"], r["source"]): r["slot"] for r in seed("indicator_sources")}
    rank = {(r["indicator"], r["source"]): int(r["preference"]) for r in seed("indicator_sources")}
    tolerance = {
        r["indicator"]: (float(r["tolerance_abs"]), float(r["tolerance_rel"]))
        for r in seed("indicators")
    }

    def apart(indicator: str, kept: float, other: float) -> bool:
        absolute, relative = tolerance[indicator]
        return abs(kept - other) > max(absolute, relative * abs(kept))

    beside: dict[tuple[str, Key], list[tuple[str, float]]] = defaultdict(list)
    for (source, key), entries in told().items():
        newest = max(entry.file.delivered_on for entry in entries)
        same = [e.value for e in entries if e.file.delivered_on == newest and e.value is not None]
        for value in same[1:]:
            yield ("duplicate" if value == same[0] else "conflict"), (source,), key
        if same and len(same) == 1:
            beside[slots[key[0], source], key].append((source, same[0]))
    for (_, key), pairs in beside.items():
        pairs.sort(key=lambda pair: rank[key[0], pair[0]])
        for source, value in pairs[1:]:
            kind = "conflict" if apart(key[0], pairs[0][1], value) else "redundant"
            yield kind, (pairs[0][0], source), key


def test_overlaps_are_the_planted_ones() -> None:
    found = set(overlaps())
    expected = set()
    for kind in ("duplicate", "conflict", "redundant"):
        for case in cases(kind):
            expected |= {(kind, case.sources, tuple(cell)) for cell in case.cells}
    # Reported for as long as the employment areas go on.
    (growing,) = (case for case in cases("redundant") if not case.periods)
    assert growing.rows is None
    series = {
        entry
        for entry in found
        if entry[0] == "redundant" and entry[1] == growing.sources and entry[2][0] == "unemployed"
    }
    assert {key[1] for _, _, key in series} == set(growing.regions)
    assert {key[3] for _, _, key in series} == {
        p.text for p in periods_between(date(2025, 1, 1), date(2026, 9, 30), "M")
    }
    assert found - series == expected


def test_rows_of_a_case_are_its_cells() -> None:
    for case in CASES:
        if case.kind in {"duplicate", "conflict", "redundant", "absent", "suppressed"}:
            assert case.rows is None or case.rows == len(list(case.cells)), case.name


def test_period_overlaps_are_the_planted_ones() -> None:
    spans: dict[tuple[str, str, str, str], list[Period]] = defaultdict(list)
    for source, (indicator, region, segment, period) in told():
        if CATALOGUE.indicators[indicator].event_dataset in ("", "register_events"):
            spans[source, indicator, region, segment].append(parse_period(period))
    pairs: dict[tuple[str, str, str], int] = defaultdict(int)
    for (_, indicator, region, _), periods in spans.items():
        cadence = CATALOGUE.indicators[indicator].cadence
        for odd in (period for period in periods if period.freq != cadence):
            for other in periods:
                if other != odd and other.start < odd.end and odd.start < other.end:
                    pairs[indicator, region, odd.text] += 1
    assert dict(pairs) == {
        (case.indicator, case.regions[0], case.periods[0]): case.rows
        for case in cases("period_overlap")
    }


def test_undeclared_levels_and_segments_are_the_planted_ones() -> None:
    declared = {
        (row["indicator"], row["source"], kind, word)
        for row in seed("indicator_sources")
        for kind in ("levels", "segments")
        for word in row[kind].split()
    }
    additive = {row["indicator"] for row in seed("indicators") if row["additivity"] == "additive"}
    segments: dict[tuple[str, ...], set[str]] = defaultdict(set)
    nested = set()
    for (source, (indicator, region, segment, period)), entries in told().items():
        if indicator in additive and "/measurements/" in entries[0].file.path:
            segments[indicator, region, period, source].add(segment)
            level = re.sub(r"\d", "", region)
            if (indicator, source, "levels", level) not in declared:
                nested.add((indicator, region, period, source))
    split = {
        key
        for key, found in segments.items()
        if "total" in found
        and any((key[0], key[3], "segments", part) not in declared for part in found - {"total"})
    }
    for kind, found in (("nested_region", nested), ("nested_segment", split)):
        (case,) = cases(kind)
        assert found == {(case.indicator, case.regions[0], case.periods[0], case.sources[0])}


def test_a_correction_replaces_what_came_before() -> None:
    twice = {
        key
        for (_, key), entries in told().items()
        if len({entry.file.path for entry in entries}) > 1
    }
    assert twice == keys_of("revision")
    for key in twice:
        first, second = told()["statfin", key]
        assert first.file.delivered_on < second.file.delivered_on
        assert first.value != second.value
        assert second.file.path == BY_NAME["revision-rd-expenditure"].file


def test_exactly_the_planted_rows_go_to_quarantine() -> None:
    found = sorted(
        (file.path, rejected.column, rejected.reason)
        for file, _, rejections in landing()
        for rejected in rejections
    )
    expected = sorted((c.file, c.column) for c in cases("quarantine") if c.column)
    assert [entry[:2] for entry in found] == expected
    for case in cases("quarantine"):
        if case.column:
            text = re.search(r"reason like '%(.*)%'", case.where)[1]  # type: ignore[index]
            assert any(f == case.file and text in reason for f, _, reason in found), case.name


def test_the_broken_file_cannot_be_read_at_all() -> None:
    case = BY_NAME["quarantine-unreadable-file"]
    (broken,) = (file for file in files_of(DAY) if file.path == case.file)
    with pytest.raises(UnreadableDelivery, match="file"):
        read(broken)


def test_events_are_many_and_only_the_planted_ones_share_a_business() -> None:
    businesses: dict[str, set[str]] = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    segments: dict[str, set[str]] = defaultdict(set)
    for file, rows, _ in landing():
        _, source, dataset, _ = file.path.split("/")
        for row in rows:
            if dataset not in EVENTS:
                continue
            count[dataset] += 1
            segments[dataset].add(row["segment"])
            if row["business_key"]:
                businesses[row["business_key"]].add(source)
    assert 1_100 < count["funding_decisions"] < 1_300
    assert 1_400 < count["advice_events"] < 1_650
    every_segment = set(CATALOGUE.segments) - {"total"}
    assert segments == {"funding_decisions": every_segment, "advice_events": every_segment}
    shared = Counter(tuple(sorted(s)) for s in businesses.values() if len(s) > 1)
    # A project of two funders, and meetings of two partners with six enterprises.
    assert shared == {("ely", "finnvera"): 1, ("development_company", "proagria"): 6}
    assert set(shared) == {tuple(sorted(c.sources)) for c in cases("same_event") if c.sources}


def test_transfers_are_logged_by_both_sides_or_by_one() -> None:
    logs: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for file, rows, _ in landing():
        source, dataset = file.path.split("/")[1:3]
        for row in rows if dataset == "transfers" else ():
            assert source in {row["from_actor"], row["to_actor"]}
            side = "sender" if source == row["from_actor"] else "receiver"
            logs[row["business_key"], row["from_actor"], row["to_actor"]].add(side)
    by_side = Counter(tuple(sorted(sides)) for sides in logs.values())
    assert len(logs) == 15 * 34  # 15 a month, of the months that are over
    assert set(by_side) == {("receiver",), ("sender",), ("receiver", "sender")}
    assert min(by_side.values()) > 50


def test_the_files_of_the_cases_are_there() -> None:
    paths = [file.path for file in files_of(DAY)]
    for case in CASES:
        assert any(fnmatchcase(path, case.file) for path in paths), case.name
    assert len(BY_NAME) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_condition_of_a_case_is_sql_over_published_columns(case: Case) -> None:
    columns = ", ".join(
        f'cast(null as {"double" if c in NUMBERS else "varchar"}) as "{c}"'
        for c in PUBLISHED[case.table].split()
    )
    count = duckdb.execute(f"select count(*) from (select {columns}) where {case.where}").fetchall()
    assert count == [(0,)]


def test_the_documentation_tells_every_case() -> None:
    text = (ROOT / "docs" / "sample.md").read_text(encoding="utf-8")
    told_of = {}
    for line in text.splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split(" | ")]
        if len(cells) == 7 and cells[0] not in {"case", "---"}:
            name, kind, what, *rest = cells
            assert what, name
            told_of[name] = (kind, *rest)
    assert told_of == {
        case.name: (
            case.kind,
            case.file,
            case.table,
            case.where,
            "grows" if case.rows is None else str(case.rows),
        )
        for case in CASES
    }
