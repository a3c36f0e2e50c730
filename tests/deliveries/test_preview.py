"""What a delivery would change: compared with what is in force, and nothing is taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as sampled
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.deliveries import Deliveries
from assets.deliveries import preview as module
from assets.deliveries.preview import HIDDEN, KEYS, SHOWN, Change, Preview, preview
from assets.landing.guidance import EXAMPLES
from assets.landing.templates import write_templates
from assets.raw.content import Content
from assets.raw.delivery import Batch, Delivery, Rejected
from assets.raw.schemas import RAW_ONLY, RECORD_KEYS, SHAPES
from assets.raw.zone import RawZone
from assets.settings import Settings
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason
from tests.conftest import TODAY, Drop, Rows, csv_text

WHO = ("employment_area", "measurements")
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def looked_at(
    settings: Settings, source: str, dataset: str, content: Rows | str | bytes
) -> Preview:
    """A file as it would be dropped, compared in a run of its own."""
    if not isinstance(content, str | bytes):
        content = csv_text(content)
    deliveries = Deliveries(settings)
    delivery = deliveries.landing.reader.read(
        source,
        dataset,
        Content(content.encode() if isinstance(content, str) else content),
        file="new.csv",
        origin="new.csv",
        delivered_at=MOMENT,
    )
    return preview(deliveries.zone, source, dataset, delivery)


def row(region: str = "KU205", period: str = "2025-03", **cells: object) -> dict[str, object]:
    return {"indicator": "unemployed", "region": region, "period": period, "value": 1} | cells


@pytest.fixture
def deliver(settings: Settings, drop: Drop) -> Callable[..., None]:
    """Take in deliveries of one dataset, one after the other."""

    def take_in(source: str, dataset: str, *files: Rows | str | bytes) -> None:
        for number, content in enumerate(files):
            drop(source, dataset, f"{number}.csv", content)
            arrival = Deliveries(settings).take_in(source, dataset)
            assert arrival.outcome == "new", arrival.refused_files

    return take_in


def changes(found: Preview, kind: str) -> list[Change]:
    return [change for change in found.changes if change.kind == kind]


def files_below(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes() if path.is_file() else b""
        for name in ("raw", "quarantine")
        for path in (home / name).rglob("*")
    }


# -- files of partners ---------------------------------------------------------------------------


def test_everything_of_a_first_delivery_is_added(settings: Settings) -> None:
    found = looked_at(settings, *WHO, [row(), row("KU091")])
    assert found.rows == {
        "accepted": 2,
        "quarantined": 0,
        "repeated": 0,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "untouched": 0,
    }
    first, second = found.changes
    assert (first.kind, first.before) == ("added", {})
    assert first.key == {
        "indicator": "unemployed",
        "region": "KU091",
        "segment": "total",
        "period": "2025-03",
    }
    assert (first.after["value"], first.after["unit"]) == (1.0, "persons")
    assert second.key["region"] == "KU205"


def test_a_later_file_changes_adds_and_leaves_the_rest(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    deliver(*WHO, [row(), row("KU091"), row("KU837")])
    found = looked_at(settings, *WHO, [row(value=2), row("KU091"), row("KU049")])
    told = {kind: found.rows[kind] for kind in ("added", "changed", "unchanged", "untouched")}
    assert told == {"added": 1, "changed": 1, "unchanged": 1, "untouched": 1}
    (changed,) = changes(found, "changed")
    assert (changed.key["region"], changed.before, changed.after) == (
        "KU205",
        {"value": 1.0},
        {"value": 2.0},
    )
    assert changes(found, "gone") == []


def test_a_correction_that_was_taken_in_is_what_counts(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    deliver(*WHO, [row(value=1)], [row(value=2)])
    assert looked_at(settings, *WHO, [row(value=2)]).rows["unchanged"] == 1
    (changed,) = looked_at(settings, *WHO, [row(value=1)]).changes
    assert (changed.before, changed.after) == ({"value": 2.0}, {"value": 1.0})


def test_a_value_that_is_withdrawn_is_a_change(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    deliver(*WHO, [row(value=1)])
    (changed,) = looked_at(settings, *WHO, [row(value="", status="Q")]).changes
    assert (changed.before["value"], changed.after["value"]) == (1.0, None)
    assert (changed.before["obs_status"], changed.after["obs_status"]) == ("A", "Q")


def test_of_a_key_that_stands_twice_the_last_row_with_a_value_counts(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    deliver(*WHO, [row(value=5), row(value=7), row(value="", status="O")])
    found = looked_at(settings, *WHO, [row(value=9), row(value=7), row(value="", status="O")])
    assert (found.rows["repeated"], found.rows["unchanged"]) == (2, 1)
    assert found.changes == []


def test_rows_for_quarantine_are_counted_and_told(settings: Settings) -> None:
    found = looked_at(settings, *WHO, [row(), row("KU999"), row(value="many")])
    assert (found.rows["accepted"], found.rows["quarantined"]) == (1, 2)
    assert [(reject.line, reject.column) for reject in found.rejected] == [
        (3, "region"),
        (4, "value"),
    ]


def test_only_the_first_rows_of_each_kind_are_shown(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    months = [f"{year}-{month:02}" for year in range(2020, 2025) for month in range(1, 13)]
    deliver(*WHO, [row(period=month) for month in months[:30]])
    found = looked_at(
        settings,
        *WHO,
        [
            *(row(period=month, value=2) for month in months),
            *(row("KU999", month) for month in months),
        ],
    )
    assert (found.rows["changed"], found.rows["added"], found.rows["quarantined"]) == (30, 30, 60)
    assert len(changes(found, "changed")) == len(changes(found, "added")) == SHOWN
    assert len(found.rejected) == SHOWN
    assert [c.key["period"] for c in changes(found, "changed")] == months[:SHOWN]


def test_a_file_that_cannot_be_read_is_refused(settings: Settings) -> None:
    with pytest.raises(UnreadableDelivery, match="missing"):
        looked_at(settings, *WHO, "indicator,region\na,b\n")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder, catalogue, ["en"])
    return folder


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_dataset_can_be_looked_at(
    settings: Settings, drop: Drop, examples: Path, dataset: str
) -> None:
    """The filled-in example of each, as a workbook, before and after it was taken in."""
    source = EXAMPLES[dataset].source
    example = (examples / f"{dataset}_en_example.xlsx").read_bytes()

    before = looked_at(settings, source, dataset, example)
    assert before.rows["quarantined"] == 0, before.rejected
    assert before.rows["added"] == before.rows["accepted"] - before.rows["repeated"] > 0
    told = {name: value for change in before.changes for name, value in change.after.items()}
    for name in RAW_ONLY.get(dataset, frozenset()) & told.keys():
        assert told[name] in (None, HIDDEN), name
    for change in before.changes:
        assert not set(change.key) & RAW_ONLY.get(dataset, frozenset())
        assert not set(change.key) & set(change.after)
        # The hash of a record says nothing to people.
        assert "record_key" not in change.key

    drop(source, dataset, "example.xlsx", example)
    assert Deliveries(settings).take_in(source, dataset).outcome == "new"
    after = looked_at(settings, source, dataset, example)
    assert after.rows["unchanged"] == before.rows["added"]
    assert (after.changes, after.rows["untouched"]) == ([], 0)


def test_a_changed_secret_is_told_as_a_change_and_not_shown(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    event = {"event_id": "E1", "region": "MK18", "happened_on": "2026-03-15", "topic": "rahoitus"}
    deliver("development_company", "advice_events", [event])
    found = looked_at(
        settings, "development_company", "advice_events", [event | {"topic": "konkurssi"}]
    )
    (changed,) = found.changes
    assert (changed.key, changed.before, changed.after) == (
        {"event_id": "E1"},
        {"topic": HIDDEN},
        {"topic": HIDDEN},
    )


def test_what_a_file_takes_back_and_brings_back_is_told(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    who = ("development_company", "advice_events")
    events = [
        {"event_id": name, "region": "MK18", "happened_on": "2026-03-15", "withdrawn": ""}
        for name in ("E1", "E2", "E3", "E4")
    ]
    flagged = [event | {"withdrawn": "yes"} for event in events]
    # E1 stands, E2 was taken back, E3 came back, E4 was never delivered.
    deliver(*who, events[:3], flagged[1:3], events[2:3])
    found = looked_at(settings, *who, flagged)
    kinds = ("added", "changed", "unchanged", "withdrawn", "idle", "untouched")
    assert {kind: found.rows[kind] for kind in kinds} == {
        "added": 0, "changed": 0, "unchanged": 0, "withdrawn": 2, "idle": 2, "untouched": 0,
    }  # fmt: skip
    assert [(c.kind, c.key["event_id"]) for c in found.changes] == [
        ("withdrawn", "E1"),
        ("withdrawn", "E3"),
        ("idle", "E2"),
        ("idle", "E4"),
    ]
    assert found.changes[0].before["region"] == found.changes[2].after["region"] == "MK18"
    assert (found.changes[0].after, found.changes[2].before) == ({}, {})
    again = looked_at(settings, *who, [event | {"withdrawn": "no"} for event in events[:2]])
    assert (again.rows["added"], again.rows["unchanged"]) == (1, 1)


def test_a_record_is_told_apart_by_words_not_by_its_hash(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    meeting = {"region": "SS07", "group": "steering_group", "planned_on": "2026-01-20"}
    deliver("coordinator", "meetings", [meeting])
    found = looked_at(settings, "coordinator", "meetings", [meeting | {"attendees": 7}])
    (changed,) = found.changes
    assert changed.key == {
        "region": "SS07",
        "group": "steering_group",
        "planned_on": date(2026, 1, 20),
    }
    assert (changed.before, changed.after) == ({"attendees": None}, {"attendees": 7})


def test_every_shape_has_a_key_of_its_own_columns() -> None:
    assert set(KEYS) == set(SHAPES)
    for shape, keys in KEYS.items():
        assert set(keys) <= set(SHAPES[shape].names)
        assert set(RECORD_KEYS.get(shape, ())) <= set(SHAPES[shape].names)


def test_nothing_is_written_below_raw_and_quarantine(
    settings: Settings, deliver: Callable[..., None]
) -> None:
    deliver(*WHO, [row(), row("KU999")])
    before = files_below(settings.home)
    looked_at(settings, *WHO, [row(value=2), row("KU998")])
    assert files_below(settings.home) == before


def test_nothing_is_written_below_raw_where_nothing_was_taken_in_yet(settings: Settings) -> None:
    looked_at(settings, *WHO, [row()])
    assert not settings.raw_dir.exists()
    assert not settings.quarantine_dir.exists()


# -- editions that tell the whole ----------------------------------------------------------------


CELLS = pa.schema(
    [f for f in SHAPES["table_cells"] if f.name not in {"source", "dataset", "vintage"}]
)
TABLE = ("statfin", "tyonv_12r5")
Cell = tuple[str, str | None, float | None]
"""Region, period, value."""


def edition(cells: Sequence[Cell], number: int = 0, batch: int = 2, dims: str = "a") -> Delivery:
    rows = [
        {
            "line": line,
            "table_id": "statfin.tyonv_12r5",
            "indicator": "unemployed",
            "region": region,
            "period": period,
            "segment": "total",
            "unit": "persons",
            "value": value,
            "obs_status": "A" if value is not None else "O",
            "conf_status": "F",
            "dims": dims,
        }
        for line, (region, period, value) in enumerate(cells, start=1)
    ]
    return Delivery(
        shape="table_cells",
        file="tyonv_12r5.json",
        origin="https://example.org",
        content=Content(f"{number}{cells}".encode()),
        extension="json",
        delivered_at=MOMENT,
        batches=(
            Batch(pa.RecordBatch.from_pylist(rows[start : start + batch], schema=CELLS))
            for start in range(0, len(rows), batch)
        ),
    )


@pytest.fixture
def zone(settings: Settings) -> RawZone:
    return RawZone(settings, "catalogue")


def take(zone: RawZone, *editions: Sequence[Cell]) -> None:
    for number, cells in enumerate(editions):
        zone.write(*TABLE, edition(cells, number), licence="CC BY 4.0", is_sample=False)


def test_what_an_edition_no_longer_has_is_told(zone: RawZone) -> None:
    take(zone, [("SSS", "2025", 1.0), ("KU091", "2025", 2.0)])
    found = preview(zone, *TABLE, edition([("SSS", "2025", 1.0)]))
    assert (found.rows["gone"], found.rows["unchanged"]) == (1, 1)
    (gone,) = found.changes
    assert (gone.kind, gone.key["region"], gone.after) == ("gone", "KU091", {})
    assert gone.before["value"] == 2.0


def test_what_was_gone_before_is_no_news_and_no_addition_when_it_comes_back(zone: RawZone) -> None:
    take(zone, [("SSS", "2025", 1.0), ("KU091", "2025", 2.0)], [("SSS", "2025", 1.0)])
    assert preview(zone, *TABLE, edition([("SSS", "2025", 1.0)])).changes == []
    # It is in force all the time.
    back = preview(zone, *TABLE, edition([("SSS", "2025", 1.0), ("KU091", "2025", 2.0)]))
    assert (back.rows["added"], back.rows["unchanged"]) == (0, 2)


def test_other_codes_behind_the_same_figures_are_no_change(zone: RawZone) -> None:
    take(zone, [("SSS", "2025", 1.0)])
    found = preview(zone, *TABLE, edition([("SSS", "2025", 1.0)], dims="b"))
    assert found.rows["unchanged"] == 1


def test_an_empty_key_column_matches_an_empty_one(zone: RawZone) -> None:
    take(zone, [("SSS", None, 1.0)])
    found = preview(zone, *TABLE, edition([("SSS", None, 2.0), ("SSS", "2025", 1.0)]))
    assert (found.rows["changed"], found.rows["added"]) == (1, 1)


def test_a_vintage_of_before_a_column_was_added_can_be_compared(
    zone: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = pa.schema([f for f in SHAPES["table_cells"] if f.name != "symbol"])
    with monkeypatch.context() as earlier:
        earlier.setitem(SHAPES, "table_cells", without)
        take(zone, [("SSS", "2025", 1.0)])
    found = preview(zone, *TABLE, edition([("SSS", "2025", 2.0)]))
    assert found.rows["changed"] == 1


def test_a_reader_that_fails_in_the_middle_leaves_nothing(
    zone: RawZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def broken() -> Iterator[Batch]:
        yield from edition([("SSS", "2025", 1.0)]).batches
        raise UnreadableDelivery(Reason("px_cut_in_cell", text="1"))

    delivery = Delivery("table_cells", "a", "a", Content(b""), "json", MOMENT, broken())
    with pytest.raises(UnreadableDelivery, match="ends inside its last cell"):
        preview(zone, *TABLE, delivery)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("tilannekuva-")] == []


def test_rejected_rows_that_come_alone_are_counted(zone: RawZone) -> None:
    nothing = pa.RecordBatch.from_pylist([], schema=CELLS)
    rejected = [Rejected(line, "region", Reason("total_row")) for line in range(1, 41)]
    batches = iter([Batch(nothing, rejected[:25]), Batch(nothing, rejected[25:])])
    delivery = Delivery("table_cells", "a", "a", Content(b""), "json", MOMENT, batches)
    found = preview(zone, *TABLE, delivery)
    assert (found.rows["accepted"], found.rows["quarantined"]) == (0, 40)
    assert found.rejected == rejected[:SHOWN]


def test_what_does_not_fit_into_memory_spills_into_the_temporary_folder(
    zone: RawZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(module, "_MEMORY", "64MB")
    monkeypatch.chdir(tmp_path)
    cells = [(f"KU{n:03}", f"{year}", float(n)) for n in range(999) for year in range(1990, 2090)]
    zone.write(*TABLE, edition(cells, batch=50_000), licence="CC BY 4.0", is_sample=False)
    later = [(region, period, (value or 0) + 1) for region, period, value in cells[1000:]]
    found = preview(zone, *TABLE, edition(later, batch=50_000))
    assert (found.rows["changed"], found.rows["gone"]) == (len(later), 1000)
    # Nothing beside the deployment's own folder, not even DuckDB's usual place.
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


values = st.one_of(st.none(), st.integers(0, 3).map(float))
editions = st.lists(
    st.tuples(st.sampled_from(["SSS", "KU091", "MK01"]), st.sampled_from(["2024", "2025"]), values),
    max_size=8,
)


@given(earlier=st.lists(editions, max_size=3), new=editions)
@sampled(max_examples=25, deadline=None)
def test_the_numbers_are_those_of_a_plain_comparison(
    tmp_path_factory: pytest.TempPathFactory, earlier: list[list[Cell]], new: list[Cell]
) -> None:
    def counting(cells: list[Cell]) -> dict[Any, float | None]:
        found: dict[Any, float | None] = {}
        for region, period, value in cells:
            if value is not None or found.get((region, period)) is None:
                found[region, period] = value
        return found

    home = tmp_path_factory.mktemp("home")
    zone = RawZone(Settings(home, "landing", TODAY, today_is_set=True), "catalogue")
    take(zone, *earlier)

    rows = preview(zone, *TABLE, edition(new)).rows

    before: dict[Any, float | None] = {}
    for cells in earlier:
        before |= counting(cells)
    after, last = counting(new), counting(earlier[-1]) if earlier else {}
    assert rows == {
        "accepted": len(new),
        "quarantined": 0,
        "repeated": len(new) - len(after),
        "added": len(after.keys() - before.keys()),
        "changed": sum(key in before and before[key] != value for key, value in after.items()),
        "unchanged": sum(key in before and before[key] == value for key, value in after.items()),
        "gone": len(last.keys() - after.keys()),
    }
