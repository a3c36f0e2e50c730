"""The raw zone: immutable vintages that appear at once, quarantine, and the index dbt reads."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.raw.content import Content
from assets.raw.delivery import SHOWN_REJECTS, Batch, Delivery, Rejected
from assets.raw.knowledge import Knowledge
from assets.raw.schemas import ATTEMPTS, QUARANTINE_INDEX, SHAPES, VINTAGES_INDEX
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.settings import HELSINKI, Settings
from assets.vocabulary.reasons import Reason

WHO = ("development_company", "advice_events")
SCHEMA = pa.schema(
    [f for f in SHAPES["advice_events"] if f.name not in {"source", "dataset", "vintage"}]
)


@pytest.fixture
def zone(settings: Settings) -> RawZone:
    return RawZone(settings, "catalogue 1")


def content_hash(content: bytes) -> str:
    return Content(content).digest


def batch(*lines: int, rejected: Sequence[Rejected] = ()) -> Batch:
    rows = [
        {"line": line, "event_id": f"E{line}", "region": "MK18", "segment": "total",
         "happened_on": datetime(2026, 3, 1, tzinfo=UTC).date()}
        for line in lines
    ]  # fmt: skip
    return Batch(pa.RecordBatch.from_pylist(rows, schema=SCHEMA), rejected)


def delivery(
    content: bytes = b"one",
    name: str = "x.csv",
    batches: Iterator[Batch] | None = None,
    rejected: list[Rejected] | None = None,
) -> Delivery:
    return Delivery(
        shape="advice_events",
        file=name,
        origin=f"landing/{name}",
        content=Content(content),
        extension="csv",
        delivered_at=datetime(2026, 4, 1, tzinfo=UTC),
        batches=iter([batch(2, rejected=rejected or ())]) if batches is None else batches,
    )


def write(zone: RawZone, *args: Any, **kwargs: Any) -> Vintage:
    return zone.write(*WHO, delivery(*args, **kwargs), licence="CC BY 4.0", is_sample=False)[0]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def index(zone: RawZone, name: str) -> list[dict[str, Any]]:
    zone.write_index()
    return pq.read_table(zone.root / "_index" / f"{name}.parquet").to_pylist()


def test_a_vintage_holds_rows_delivery_and_where_it_came_from(zone: RawZone) -> None:
    written = write(zone, batches=iter([batch(2, 3), batch(4)]))
    folder = zone.path_of(written).parent
    assert set(files(folder)) == {"advice_events.parquet", "delivery.csv.gz", "vintage.json"}
    table = pq.read_table(folder / "advice_events.parquet")
    assert table.schema == SHAPES["advice_events"]
    assert table["line"].to_pylist() == [2, 3, 4]
    assert set(table["vintage"].to_pylist()) == {written.vintage}
    assert set(table["source"].to_pylist()) == {WHO[0]}
    assert gzip.decompress((folder / "delivery.csv.gz").read_bytes()) == b"one"
    assert (written.rows_accepted, written.content_hash) == (3, content_hash(b"one"))


def test_a_vintage_reads_back_as_it_was_written(zone: RawZone) -> None:
    written = write(zone)
    assert zone.vintages() == [written]
    assert written.taken_in_at.tzinfo is not None
    assert Vintage.from_json(written.to_json()) == written


def test_a_later_delivery_leaves_every_byte_of_an_earlier_vintage(zone: RawZone) -> None:
    first = zone.path_of(write(zone)).parent
    before = files(first)
    write(zone, b"two")
    write(zone, b"one")
    assert files(first) == before


def test_all_vintages_of_a_refresh_have_one_moment_and_are_told_in_order(zone: RawZone) -> None:
    written = [write(zone, content) for content in (b"c", b"a", b"b")]
    assert zone.vintages(*WHO) == written
    assert [v.sequence for v in written] == [1, 2, 3]
    assert len({v.taken_in_at for v in written}) == 1
    assert sorted(v.vintage for v in written) == [v.vintage for v in written]


def test_a_later_refresh_has_a_later_moment_also_when_the_clock_goes_back(
    zone: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(zone)
    monkeypatch.setattr(Settings, "now", lambda _: datetime(2020, 1, 1, tzinfo=UTC))
    later = RawZone(zone.settings, zone.catalogue_hash)
    assert write(later, b"two").taken_in_at > first.taken_in_at


def test_a_crash_while_rows_are_read_leaves_nothing_that_counts(zone: RawZone) -> None:
    def crashing() -> Iterator[pa.RecordBatch]:
        yield batch(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(zone, batches=crashing(), rejected=[Rejected(3, "region", Reason("total_row"))])
    assert zone.vintages() == []
    assert not list(zone.root.rglob("*.parquet"))
    assert index(zone, "quarantine") == index(zone, "vintages") == []
    assert write(zone).sequence == 1


def test_a_process_killed_halfway_leaves_nothing_that_counts(
    zone: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("assets.raw.zone.shutil.rmtree", lambda *_, **__: None)
        patched.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            write(zone, rejected=[Rejected(3, "region", Reason("total_row"))])
    assert list(zone.root.rglob("vintage.json")), "the half-built vintage lies about"
    assert zone.vintages() == []
    assert index(zone, "quarantine") == index(zone, "vintages") == []
    assert write(zone).sequence == 1


def test_nobody_sees_a_vintage_before_it_is_complete(zone: RawZone) -> None:
    seen: list[int] = []

    def looking() -> Iterator[pa.RecordBatch]:
        yield batch(2)
        seen.append(len(list(zone.root.glob("[!_]*/*/*/*"))))
        yield batch(3)

    write(zone, batches=looking())
    assert seen == [0]


def test_rejected_rows_are_listed_with_file_line_column_and_reason(zone: RawZone) -> None:
    written = write(
        zone, rejected=[Rejected(7, "region", Reason("empty", column="region"), '{"region": "X"}')]
    )
    (row,) = index(zone, "quarantine")
    assert row.pop("quarantined_at").tzinfo is not None
    assert row == {
        "source": WHO[0], "dataset": WHO[1], "vintage": written.vintage,
        "file": "development_company/advice_events/x.csv", "line": 7, "column": "region",
        "reason": "region is empty", "reason_fi": "pakollinen sarake region on tyhjä",
        "reason_sv": "den obligatoriska kolumnen region är tom",
        "reason_code": "empty", "reason_parameters": '{"column": "region"}',
        "content_hash": content_hash(b"one"),
            "is_sample": False,
    }  # fmt: skip


def test_a_second_reading_of_a_content_replaces_what_was_wrong_with_it(zone: RawZone) -> None:
    write(
        zone,
        rejected=[
            Rejected(7, "region", Reason("empty", column="a")),
            Rejected(8, "region", Reason("empty", column="b")),
        ],
    )
    write(zone, rejected=[Rejected(8, "region", Reason("empty", column="b"))])
    assert [row["line"] for row in index(zone, "quarantine")] == [8]
    write(zone)
    assert index(zone, "quarantine") == []


@pytest.mark.parametrize("name", ["x.csv", "SAMPLE~1.CSV", "a~b.csv", "x (1).csv"])
def test_other_content_under_a_used_name_is_reported_with_a_number(
    zone: RawZone, name: str
) -> None:
    names = [write(zone, content, name).file for content in (b"1", b"2", b"3", b"2", b"1")]
    assert names == [name, f"{name}~2", f"{name}~3", f"{name}~2", name]


def test_names_that_only_begin_alike_are_not_numbered(zone: RawZone) -> None:
    assert [write(zone, n.encode(), n).file for n in ("x.csv", "x.csv.csv", "x")] == [
        "x.csv",
        "x.csv.csv",
        "x",
    ]


def test_a_delivery_with_quarantined_rows_is_read_again_after_the_catalogue_changed(
    zone: RawZone, settings: Settings
) -> None:
    good, bad = (
        write(zone, b"good"),
        write(zone, b"bad", rejected=[Rejected(3, "", Reason("total_row"))]),
    )
    assert zone.is_taken_in(good)
    assert zone.is_taken_in(bad)
    later = RawZone(settings, "catalogue 2")
    assert later.is_taken_in(good)
    assert not later.is_taken_in(bad)


def test_a_whole_file_is_quarantined_once_and_kept_byte_for_byte(zone: RawZone) -> None:
    assert zone.quarantine.add_file(*WHO, "x.csv", Content(b"\x00"), Reason("file_empty"))
    assert not zone.quarantine.add_file(*WHO, "x.csv", Content(b"\x00"), Reason("file_empty"))
    (row,) = index(zone, "quarantine")
    assert (row["line"], row["column"], row["reason"], row["vintage"]) == (
        0,
        "",
        "The file is empty.",
        None,
    )
    (kept,) = zone.quarantine.root.rglob("x.csv")
    assert kept.read_bytes() == b"\x00"


def test_unreadable_files_of_one_name_are_told_apart(zone: RawZone) -> None:
    """The published list has one row for each file, line and column."""
    for content in (b"\x00", b"\x01", b"\x00", b"\x02"):
        zone.quarantine.add_file(*WHO, "x.csv", Content(content), Reason("web_page"))
    names = {row["content_hash"]: row["file"] for row in index(zone, "quarantine")}
    place = "/".join(WHO)
    assert names == {
        content_hash(b"\x00"): f"{place}/x.csv",
        content_hash(b"\x01"): f"{place}/x.csv~2",
        content_hash(b"\x02"): f"{place}/x.csv~3",
    }


def test_a_file_that_is_rejected_for_another_reason_now_says_so(zone: RawZone) -> None:
    for reason in (Reason("web_page"), Reason("file_empty")):
        assert zone.quarantine.add_file(*WHO, "x.csv", Content(b"\x00"), reason) == "x.csv"
    (row,) = index(zone, "quarantine")
    assert row["reason_code"] == "file_empty"


def test_a_released_file_leaves_the_list_and_others_stay(zone: RawZone) -> None:
    for content in (b"1", b"2"):
        zone.quarantine.add_file(*WHO, "x.csv", Content(content), Reason("web_page"))
    zone.quarantine.release_file(*WHO, content_hash(b"1"))
    zone.quarantine.release_file(*WHO, content_hash(b"never there"))
    assert [row["content_hash"] for row in index(zone, "quarantine")] == [content_hash(b"2")]
    assert [path.read_bytes() for path in zone.quarantine.root.rglob("x.csv")] == [b"2"]


def test_the_index_of_an_empty_zone_can_be_read(zone: RawZone) -> None:
    assert zone.write_index() == {"vintages": 0, "attempts": 0, "quarantine": 0}
    for name, schema in (
        ("vintages", VINTAGES_INDEX),
        ("attempts", ATTEMPTS),
        ("quarantine", QUARANTINE_INDEX),
    ):
        assert pq.read_schema(zone.root / "_index" / f"{name}.parquet").equals(schema)
    for shape, schema in SHAPES.items():
        (empty,) = zone.root.glob(f"_empty/{shape}/*/{shape}.parquet")
        assert pq.read_table(empty).num_rows == 0
        assert pq.read_schema(empty).equals(schema)
    assert zone.vintages() == []


def test_the_index_lists_every_vintage_in_order(zone: RawZone) -> None:
    written = [write(zone, content) for content in (b"1", b"2")]
    assert [row["vintage"] for row in index(zone, "vintages")] == [v.vintage for v in written]


def known(home: Path, content: bytes | None, day: date) -> list[date]:
    """Since which day each vintage is known in a refresh of a day that takes in the content."""
    zone = RawZone(settings_of(home, day), "catalogue 1")
    if content is not None:
        write(zone, content)
    return [row["known_from"].astimezone(HELSINKI).date() for row in index(zone, "vintages")]


def settings_of(home: Path, day: date) -> Settings:
    return Settings(home=home, sources="landing", today=day, today_is_set=True)


def test_what_is_taken_in_is_known_once_it_is_published(tmp_path: Path) -> None:
    one, two, three, four, five, six, seven = (date(2026, 4, day) for day in range(1, 8))
    # Nothing is published yet: each is known from its own moment.
    assert known(tmp_path, b"1", one) == [one]
    assert known(tmp_path, b"2", two) == [one, two]
    Knowledge(settings_of(tmp_path, two)).publish()
    # A refresh that publishes nothing, then one that does.
    assert known(tmp_path, b"3", three) == [one, two, three]
    assert known(tmp_path, b"4", four) == [one, two, four, four]
    Knowledge(settings_of(tmp_path, four)).publish()
    # One that publishes nothing, then one that has nothing new to take in and publishes.
    assert known(tmp_path, b"5", five) == [one, two, four, four, five]
    assert known(tmp_path, None, six) == [one, two, four, four, six]
    Knowledge(settings_of(tmp_path, six)).publish()
    assert known(tmp_path, None, seven) == [one, two, four, four, six]


def test_the_index_leaves_no_temporary_file(zone: RawZone) -> None:
    write(zone, rejected=[Rejected(3, "", Reason("total_row"))])
    zone.attempts.record(*WHO, "new")
    zone.write_index()
    everything = [*zone.root.rglob("*"), *zone.quarantine.root.rglob("*")]
    assert not [path for path in everything if path.suffix == ".tmp"]


def test_the_last_attempt_of_each_dataset_is_remembered(zone: RawZone) -> None:
    zone.attempts.record(*WHO, "new")
    zone.attempts.record(*WHO, "failed", "Ei yhteyttä")
    zone.attempts.record("evk", "measurements", "nothing")
    found = [(a["source"], a["outcome"], a["message"]) for a in zone.attempts.all()]
    assert found == [(WHO[0], "failed", "Ei yhteyttä"), ("evk", "nothing", None)]
    assert len(index(zone, "attempts")) == 2
    assert zone.vintages() == []


def test_what_was_delivered_can_be_had_back_byte_for_byte(zone: RawZone) -> None:
    written = write(zone, b"some bytes")
    with zone.delivered(written) as (content, extension):
        assert (content.read(), extension) == (b"some bytes", "csv")


def test_a_snapshot_stays_what_it_was_while_its_file_goes_on(zone: RawZone, tmp_path: Path) -> None:
    file = tmp_path / "growing.csv"
    file.write_bytes(b"first")
    with zone.snapshot(file) as content:
        file.write_bytes(b"second and longer")
        assert content.read() == b"first"
        assert content.digest == content_hash(b"first")
    assert list((zone.root / "_building").iterdir()) == []


def test_only_the_first_of_many_rejected_rows_are_handed_back_and_all_are_kept(
    zone: RawZone,
) -> None:
    many = [Rejected(line, "region", Reason("total_row")) for line in range(3, 103)]
    batches = iter([batch(2, rejected=many[:60]), batch(rejected=many[60:])])
    vintage, shown = zone.write(
        *WHO, delivery(batches=batches), licence="CC BY 4.0", is_sample=False, notes="looked at"
    )
    assert shown == many[:SHOWN_REJECTS]
    assert (vintage.rows_delivered, vintage.rows_accepted, vintage.rows_quarantined) == (
        101,
        1,
        100,
    )
    assert vintage.notes == "looked at"
    assert [row["line"] for row in index(zone, "quarantine")] == list(range(3, 103))


def test_the_structure_of_a_table_is_kept_with_its_vintage(zone: RawZone) -> None:
    told = {"rows": 1, "variables": {"area": "Alue"}}
    described = replace(delivery(), structure=told)
    with_structure, _ = zone.write(*WHO, described, licence="CC BY 4.0", is_sample=False)
    assert zone.structure_of(with_structure) == told
    assert zone.structure_of(write(zone, b"two")) is None
