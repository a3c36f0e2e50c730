"""Taking deliveries in: what is new, what is known, what fails alone, what is quarantined whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assets.catalogue import Catalogue
from assets.deliveries import Arrival, Deliveries, catalogue_hash
from assets.feeds.descriptions import TableDescription, load_tables
from assets.landing.reader.text import MAX_LINE
from assets.settings import SEEDS_DIR, Settings
from tests.conftest import FIRST_DELIVERY, Drop

WHO = ("employment_area", "measurements")
HEADER = "indicator,region,period,value\n"


def line(value: object, indicator: str = "unemployed", period: str = "2025-03") -> str:
    return f"{indicator},KU205,{period},{value}\n"


def tyonv() -> TableDescription:
    return load_tables()["statfin.tyonv_12r5"]


@pytest.fixture
def deliveries(settings: Settings) -> Deliveries:
    return Deliveries(settings)


def take_in(settings: Settings, catalogue: Catalogue | None = None) -> Arrival:
    """A refresh of its own, as another run of the platform would do it."""
    return Deliveries(settings, catalogue).take_in(*WHO)


def known_value(settings: Settings) -> float:
    """The value that the last delivery of the cell gave."""
    zone = Deliveries(settings).zone
    values = [
        row["value"]
        for vintage in zone.vintages(*WHO)
        for row in pq.read_table(zone.path_of(vintage)).to_pylist()
        if row["indicator"] == "unemployed"
    ]
    return values[-1]


def quarantine(deliveries: Deliveries) -> list[tuple[str, int, str]]:
    deliveries.zone.write_index()
    rows = pq.read_table(deliveries.zone.root / "_index" / "quarantine.parquet").to_pylist()
    return [(row["file"], row["line"], row["column"]) for row in rows]


@pytest.fixture
def grown(tmp_path: Path) -> Catalogue:
    """The catalogue after somebody has added `kokeilu`, an indicator of the employment areas."""
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS_DIR, seeds)
    indicators = (seeds / "indicators.csv").read_text(encoding="utf-8")
    row = next(r for r in indicators.splitlines() if r.startswith("labour_force,"))
    renamed = row.replace("labour_force", "kokeilu", 1).replace("Työvoima", "Kokeilu", 1)
    (seeds / "indicators.csv").write_text(indicators + renamed + "\n", encoding="utf-8")
    with (seeds / "indicator_sources.csv").open("a", encoding="utf-8") as stream:
        stream.write("kokeilu,employment_area,1,*,KU,,\n")
    return Catalogue.load(seeds)


# -- what is new ---------------------------------------------------------------------------------


def test_a_dataset_that_was_never_delivered_is_nothing(settings: Settings) -> None:
    assert take_in(settings).outcome == "nothing"


def test_a_first_delivery_is_new_and_the_same_again_is_unchanged(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "a.csv", HEADER + line(1))
    first = take_in(settings)
    assert (first.outcome, first.rows_delivered, first.rows_quarantined) == ("new", 1, 0)
    again = take_in(settings)
    assert (again.outcome, again.vintages) == ("unchanged", [])


def test_the_same_content_under_another_name_and_time_makes_no_vintage(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "a.csv", HEADER + line(1))
    take_in(settings)
    drop(*WHO, "b.csv", HEADER + line(1))
    assert take_in(settings).outcome == "unchanged"


def test_the_same_content_twice_in_one_refresh_makes_one_vintage(
    settings: Settings, drop: Drop
) -> None:
    for name in ("a.csv", "b.csv"):
        drop(*WHO, name, HEADER + line(1))
    assert len(take_in(settings).vintages) == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_a_correction_is_taken_back_by_delivering_the_first_file_again(
    settings: Settings, drop: Drop, at_once: bool
) -> None:
    for name, value in (("a.csv", 100), ("b.csv", 900), ("c.csv", 100)):
        drop(*WHO, name, HEADER + line(value))
        if not at_once:
            take_in(settings)
    take_in(settings)
    assert known_value(settings) == 100
    assert len(Deliveries(settings).zone.vintages(*WHO)) == 3
    assert take_in(settings).outcome == "unchanged"
    assert len(Deliveries(settings).zone.vintages(*WHO)) == 3


def test_a_file_that_comes_again_is_known_while_nothing_later_contradicts_it(
    settings: Settings, drop: Drop
) -> None:
    first = HEADER + line(100)
    drop(*WHO, "a.csv", first)
    drop(*WHO, "b.csv", HEADER + line(7, period="2025-04"))
    drop(*WHO, "c.csv", first + line(8, period="2025-05"))
    take_in(settings)
    drop(*WHO, "d.csv", first)
    assert take_in(settings).outcome == "unchanged"
    drop(*WHO, "e.csv", HEADER + line(900))
    assert [v.file for v in take_in(settings).vintages] == ["e.csv"]
    assert take_in(settings).outcome == "unchanged"
    assert known_value(settings) == 900


def test_files_of_one_time_come_in_the_order_in_which_people_count(
    settings: Settings, drop: Drop
) -> None:
    for name, value in (("luvut v10.csv", 10), ("luvut v9.csv", 9)):
        drop(*WHO, name, HEADER + line(value), at=FIRST_DELIVERY)
    take_in(settings)
    assert known_value(settings) == 10


def test_other_content_is_a_new_vintage_under_any_name(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "a.csv", HEADER + line(1))
    take_in(settings)
    drop(*WHO, "a.csv", HEADER + line(2))
    drop(*WHO, "b.csv", HEADER + line(3))
    assert [v.file for v in take_in(settings).vintages] == ["a.csv~2", "b.csv"]
    assert known_value(settings) == 3


def test_deliveries_are_taken_in_by_the_time_of_the_file_then_by_its_name(
    settings: Settings, drop: Drop
) -> None:
    later = FIRST_DELIVERY + timedelta(days=1)
    drop(*WHO, "z.csv", HEADER + line(1), at=FIRST_DELIVERY)
    drop(*WHO, "c.csv", HEADER + line(2), at=later)
    drop(*WHO, "a.csv", HEADER + line(3), at=later)
    assert [v.file for v in take_in(settings).vintages] == ["z.csv", "a.csv", "c.csv"]


def test_a_vintage_says_where_and_when_it_was_delivered(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "a.csv", HEADER + line(1), at=datetime(2026, 4, 1, 9, tzinfo=UTC))
    (vintage,) = take_in(settings).vintages
    assert vintage.origin == "landing/employment_area/measurements/a.csv"
    assert vintage.delivered_at == datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert vintage.licence == Catalogue.load().sources["employment_area"].licence
    assert not vintage.is_sample


def test_a_file_that_went_from_the_landing_zone_stays_taken_in(
    settings: Settings, drop: Drop
) -> None:
    path = drop(*WHO, "a.csv", HEADER + line(1))
    take_in(settings)
    path.unlink()
    assert take_in(settings).outcome == "unchanged"
    assert known_value(settings) == 1


@pytest.mark.parametrize("name", [".hidden.csv", "~$open.xlsx", ".DS_Store"])
def test_files_that_programs_leave_behind_are_no_deliveries(
    settings: Settings, drop: Drop, name: str
) -> None:
    drop(*WHO, name, "x")
    assert take_in(settings).outcome == "nothing"
    assert Deliveries(settings).landing.quarantine_strays() == []


# -- a changed catalogue -------------------------------------------------------------------------


def test_only_deliveries_with_quarantined_rows_are_read_again_after_a_catalogue_change(
    settings: Settings, drop: Drop, grown: Catalogue
) -> None:
    drop(*WHO, "good.csv", HEADER + line(1))
    drop(*WHO, "unknown.csv", HEADER + line(2, "kokeilu"))
    first = take_in(settings)
    assert (first.rows_delivered, first.rows_quarantined) == (2, 1)
    again = take_in(settings, grown)
    assert [(v.file, v.rows_quarantined) for v in again.vintages] == [("unknown.csv", 0)]
    assert quarantine(Deliveries(settings, grown)) == []
    assert take_in(settings, grown).outcome == "unchanged"


def test_reading_an_old_delivery_again_does_not_undo_a_later_correction(
    settings: Settings, drop: Drop, grown: Catalogue
) -> None:
    drop(*WHO, "january.csv", HEADER + line(10) + line(5, "kokeilu"))
    drop(*WHO, "corrected.csv", HEADER + line(12))
    take_in(settings)
    assert known_value(settings) == 12
    again = take_in(settings, grown)
    assert [v.file for v in again.vintages] == ["january.csv", "corrected.csv"]
    assert known_value(settings) == 12
    assert take_in(settings, grown).outcome == "unchanged"


def test_the_catalogue_hash_changes_with_any_seed(grown: Catalogue) -> None:
    before = catalogue_hash(grown)
    assert before != catalogue_hash(Catalogue.load())
    with (grown.directory / "units.csv").open("a", encoding="utf-8") as stream:
        stream.write("dozen,count,12,tusina,dussin,dozen\n")
    assert catalogue_hash(grown) != before


# -- what cannot be read -------------------------------------------------------------------------


def test_an_unreadable_file_is_quarantined_whole_and_the_others_go_on(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "bad.csv", b"\x00\x01\x02")
    drop(*WHO, "notes.txt", "hello")
    drop(*WHO, "good.csv", HEADER + line(1))
    deliveries = Deliveries(settings)
    found = deliveries.take_in(*WHO)
    assert found.outcome == "new"
    assert [name for name, _ in found.refused_files] == ["bad.csv", "notes.txt"]
    assert "not .txt" in found.refused_files[1][1]
    place = "/".join(WHO)
    assert sorted(quarantine(deliveries)) == [
        (f"{place}/bad.csv", 0, ""),
        (f"{place}/notes.txt", 0, ""),
    ]


def test_an_unreadable_file_is_listed_once_however_often_it_is_met(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "bad.csv", b"\x00")
    for _ in range(3):
        deliveries = Deliveries(settings)
        assert deliveries.take_in(*WHO).outcome == "nothing"
    assert len(quarantine(deliveries)) == 1


def test_a_file_whose_end_cannot_be_read_leaves_no_vintage_of_its_beginning(
    settings: Settings, drop: Drop
) -> None:
    text = "indicator,region,period,value,note\nunemployed,KU205,2025-03,1,\n"
    drop(*WHO, "open.csv", text + "unemployed,KU205,2025-04,2," + "x" * MAX_LINE)
    found = take_in(settings)
    assert (found.outcome, found.vintages) == ("nothing", [])
    assert "Line 3 is longer" in found.refused_files[0][1]


def test_a_file_that_has_become_readable_leaves_the_quarantine(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(*WHO, "a.csv", HEADER + line(1))
    with monkeypatch.context() as patched:
        patched.setattr("assets.landing.reader.header.HEADER_ROWS", 0)
        first = Deliveries(settings)
        assert first.take_in(*WHO).outcome == "nothing"
        assert len(quarantine(first)) == 1
    later = Deliveries(settings)
    assert later.take_in(*WHO).outcome == "new"
    assert quarantine(later) == []


def test_unreadable_files_of_one_name_are_one_row_each_in_quarantine(
    settings: Settings, drop: Drop
) -> None:
    for content in (b"\x00", b"\x01\x00"):
        drop(*WHO, "bad.csv", content)
        deliveries = Deliveries(settings)
        deliveries.take_in(*WHO)
    rows = quarantine(deliveries)
    assert len(rows) == len(set(rows)) == 2


# -- one source failing --------------------------------------------------------------------------


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Make a file unopenable, also for a superuser."""
    really = Path.open

    def lock(locked: Path) -> None:
        def open_it(path: Path, *args: Any, **kwargs: Any) -> Any:
            if path == locked:
                raise PermissionError(13, "Permission denied", str(path))
            return really(path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", open_it)

    return lock


def test_a_source_that_cannot_be_opened_fails_alone(
    settings: Settings, drop: Drop, lock: Callable[[Path], None]
) -> None:
    drop(*WHO, "a.csv", HEADER + line(1))
    lock(drop("statfin", "measurements", "a.csv", HEADER + line(1)))
    deliveries = Deliveries(settings)
    failed = deliveries.take_in("statfin", "measurements")
    assert failed.outcome == "failed"
    assert "Permission denied" in (failed.message or "")
    assert deliveries.take_in(*WHO).outcome == "new"
    outcomes = {a["source"]: a["outcome"] for a in deliveries.zone.attempts.all()}
    assert outcomes == {"statfin": "failed", "employment_area": "new"}


def test_a_failing_source_keeps_its_last_good_vintage(
    settings: Settings, drop: Drop, lock: Callable[[Path], None]
) -> None:
    drop(*WHO, "a.csv", HEADER + line(1))
    good = take_in(settings).vintages
    lock(drop(*WHO, "b.csv", HEADER + line(2)))
    assert take_in(settings).outcome == "failed"
    assert Deliveries(settings).zone.vintages(*WHO) == good


@pytest.mark.parametrize("garbage", [b"", b"\x00\x01", b"<html>", b"[]", b'{"class": "dataset"}'])
def test_a_table_that_answers_with_garbage_fails_alone(
    settings: Settings, drop: Drop, garbage: bytes
) -> None:
    settings = replace(settings, sources="sample")
    table = tyonv()
    document = settings.sample_dir / "tables" / table.source / f"{table.dataset}.json"
    document.parent.mkdir(parents=True)
    document.write_bytes(garbage)
    drop(*WHO, "a.csv", HEADER + line(1))
    deliveries = Deliveries(settings)
    failed = deliveries.take_in(table.source, table.dataset)
    assert (failed.outcome, failed.vintages) == ("failed", [])
    assert table.dataset in (failed.message or "")
    assert deliveries.take_in(*WHO).outcome == "new"
    assert [line for _, line, _ in quarantine(deliveries)] == [0]


def test_a_table_that_the_sample_has_no_document_of_is_nothing_yet(settings: Settings) -> None:
    table = tyonv()
    deliveries = Deliveries(replace(settings, sources="sample"))
    assert deliveries.take_in(table.source, table.dataset).outcome == "nothing"


def test_tables_are_not_asked_for_where_only_the_landing_zone_counts(settings: Settings) -> None:
    deliveries = Deliveries(settings)
    for table in load_tables().values():
        assert deliveries.take_in(table.source, table.dataset).outcome == "nothing"
    assert deliveries.take_in("prh", "register_events").outcome == "nothing"


def test_an_office_that_takes_a_correction_back_is_followed(settings: Settings) -> None:
    settings = replace(settings, sources="sample")
    table = tyonv()
    document = settings.sample_dir / "tables" / table.source / f"{table.dataset}.json"
    document.parent.mkdir(parents=True)
    axes = {"Alue": ["SSS"], "timeperiod_m": ["2025M03"], "contentscode": ["TYOVOIMATK"]}
    outcomes = []
    for value in (1, 2, 2, 1, 1):
        answer = {
            "class": "dataset",
            "id": list(axes),
            "size": [1, 1, 1],
            "dimension": {name: {"category": {"index": codes}} for name, codes in axes.items()},
            "value": [value],
        }
        document.write_text(json.dumps(answer), encoding="utf-8")
        outcomes.append(Deliveries(settings).take_in(table.source, table.dataset).outcome)
    assert outcomes == ["new", "new", "unchanged", "new", "unchanged"]


# -- strays --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "listed", "reason"),
    [
        ("x.csv", "unknown/unknown/x.csv", "put it in landing/<source>/<dataset>/"),
        ("evk/x.csv", "evk/unknown/x.csv", "put it in landing/<source>/<dataset>/"),
        ("evk/measurements/2025/x.csv", "evk/measurements/x.csv", "put it in landing/"),
        ("kela/measurements/x.csv", "kela/measurements/x.csv", "not a source of the catalogue"),
        ("evk/salaries/x.csv", "evk/salaries/x.csv", "evk delivers no dataset 'salaries'"),
        ("statfin/advice_events/x.csv", "statfin/advice_events/x.csv", "sources.csv"),
    ],
)
def test_a_file_that_lies_where_nothing_is_expected_is_quarantined_with_the_reason(
    deliveries: Deliveries, place: str, listed: str, reason: str
) -> None:
    path = deliveries.settings.landing_dir / place
    path.parent.mkdir(parents=True)
    path.write_text("x", encoding="utf-8")
    for _ in range(2):
        ((name, why),) = deliveries.landing.quarantine_strays()
        assert name == place
        assert reason in why
    assert quarantine(deliveries) == [(listed, 0, "")]
    assert path.exists(), "what a partner delivered is not taken away"


def test_a_stray_that_cannot_be_opened_stops_nothing(
    deliveries: Deliveries, lock: Callable[[Path], None]
) -> None:
    deliveries.settings.landing_dir.mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (deliveries.settings.landing_dir / name).write_text("x", encoding="utf-8")
    lock(deliveries.settings.landing_dir / "a.csv")
    strays = dict(deliveries.landing.quarantine_strays())
    assert "cannot be opened" in strays["a.csv"]
    assert quarantine(deliveries) == [("unknown/unknown/b.csv", 0, "")]


def test_an_empty_deployment_has_no_strays_and_a_landing_zone_after_preparing(
    deliveries: Deliveries,
) -> None:
    assert deliveries.landing.quarantine_strays() == []
    deliveries.prepare()
    assert deliveries.settings.landing_dir.is_dir()
    assert not deliveries.settings.sample_dir.exists()


def test_every_readable_dataset_of_every_source_and_every_table_is_taken_in(
    deliveries: Deliveries,
) -> None:
    assert WHO in deliveries.datasets
    assert ("evk", "funding_decisions") in deliveries.datasets
    tables = {(table.source, table.dataset) for table in load_tables().values()}
    assert tables | {("prh", "register_events")} <= set(deliveries.datasets)
    assert deliveries.datasets == sorted(set(deliveries.datasets))


def test_a_home_that_began_with_the_sample_leaves_it_behind(settings: Settings, drop: Drop) -> None:
    sample = Deliveries(replace(settings, sources="sample"))
    sample.prepare()
    for source, dataset in (("statfin", "tyonv_12r5"), ("council", "measurements")):
        sample.take_in(source, dataset)
    assert sample.zone.write_index()["vintages"] > 1
    assert sample.zone.write_index()["quarantine"] > 0  # the sample's file that cannot be read

    drop("council", "measurements", "real.csv", [OWN_STUDIES])
    real = Deliveries(settings)
    assert real.take_in("statfin", "tyonv_12r5").outcome == "nothing"
    assert real.take_in("council", "measurements").outcome == "new"
    assert real.zone.write_index() == {"vintages": 1, "attempts": 2, "quarantine": 0}
    assert len(real.zone.vintages()) > 1  # nothing that was taken in is thrown away


def test_a_fault_in_a_reader_costs_one_source_and_is_told(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop("council", "measurements", "real.csv", [OWN_STUDIES])
    deliveries = Deliveries(settings)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(deliveries.landing.reader, "read", broken)
    arrival = deliveries.take_in("council", "measurements")
    assert arrival.outcome == "failed"
    assert "ZeroDivisionError" in (arrival.message or "")
    assert deliveries.take_in("survey", "measurements").outcome == "nothing"


OWN_STUDIES = {"indicator": "own_studies", "region": "MK18", "period": "2025", "value": 3}
