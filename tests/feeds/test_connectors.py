"""Tables of the other protocols, from a service on this machine to the raw zone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assets.deliveries import Arrival, Deliveries
from assets.feeds.connectors import Remembered, to_json
from assets.feeds.descriptions import SourceDescription
from assets.settings import Settings
from assets.vocabulary.reasons import Reason
from tests.services.local_service import Canned, LocalService
from tests.services.pxwebapi2_server import PxWebApi2Server, ServedTable2

PX = """CHARSET="ANSI";
AXIS-VERSION="2013";
CODEPAGE="utf-8";
LANGUAGE="fi";
MATRIX="vaesto";
TITLE="Väestö";
CONTENTS="Väestö";
UNITS="lukumäärä";
STUB="Alue";
HEADING="Vuosi";
VALUES("Alue")="KOKO MAA","Helsinki","Ulkomaat";
CODES("Alue")="SSS","KU091","XX";
VALUES("Vuosi")="2023","2024";
CODES("Vuosi")="2023","2024";
TIMEVAL("Vuosi")=TLIST(A1,"2023"-"2024");
DATASYMBOL1="..";
DATA=
5603851 5635971
674500 ".."
1 2;
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, sources="live", today=date(2026, 11, 22), today_is_set=True)


@pytest.fixture
def serve() -> Iterator[Callable[[LocalService], LocalService]]:
    running: list[LocalService] = []

    def take(service: LocalService) -> LocalService:
        running.append(service)
        return service

    yield take
    for service in running:
        service.close()


def described(kind: str, base_url: str, **entry: Any) -> SourceDescription:
    """A source `statfin` of one table of the population."""
    return SourceDescription.model_validate(
        {
            "source": "statfin",
            "service": {"kind": kind, "base_url": base_url, "max_calls": 100},
            "licence": "CC BY 4.0",
            "contact": "somebody",
            "symbols": {"..": {"obs_status": "O"}, "-": {"obs_status": "A", "value": 0}},
            "tables": [
                {
                    "dataset": "population_test",
                    "title": "Väestö",
                    "page": "https://example.test/",
                    "cadence": "A",
                    "areas": {"accept": ["SSS", r"KU\d{3}"]},
                    **entry,
                }
            ],
        }
    )


def take_in(settings: Settings, source: SourceDescription) -> tuple[Arrival, list[dict[str, Any]]]:
    """A run of its own; the rows of the newest vintage."""
    with Deliveries(settings, sources={"statfin": source}) as deliveries:
        arrival = deliveries.take_in("statfin", "population_test")
        vintages = deliveries.zone.vintages("statfin", "population_test")
        path = deliveries.zone.path_of(vintages[-1]) if vintages else None
        return arrival, pq.read_table(path).to_pylist() if path else []


def px_source(base_url: str) -> SourceDescription:
    return described(
        "file",
        base_url,
        id="vaesto.px",
        format="px",
        variables={"area": ["Alue"], "time": ["Vuosi"]},
        contents=[{"indicator": "population", "unit": "persons"}],
    )


def test_a_px_file_at_an_address(
    settings: Settings, serve: Callable[[LocalService], LocalService]
) -> None:
    server = serve(Canned({"/files/vaesto.px": PX.encode()}))
    source = px_source(f"{server.origin}/files/")

    arrival, rows = take_in(settings, source)

    assert arrival.outcome == "new", arrival.message
    assert [(r["region"], r["period"], r["value"], r["obs_status"]) for r in rows] == [
        ("SSS", "2023", 5603851.0, "A"),
        ("SSS", "2024", 5635971.0, "A"),
        ("KU091", "2023", 674500.0, "A"),
        ("KU091", "2024", None, "O"),
    ]
    assert arrival.rows_quarantined == 2
    # The second time the service says that the file is still the one it gave.
    again, _ = take_in(settings, source)
    assert (again.outcome, len(server.calls)) == ("unchanged", 2)


def test_a_file_that_is_no_px_is_kept_in_quarantine(
    settings: Settings, serve: Callable[[LocalService], LocalService]
) -> None:
    server = serve(Canned({"/vaesto.px": b"\x00\x01 not a table"}))
    arrival, rows = take_in(settings, px_source(server.origin))
    assert (arrival.outcome, rows) == ("failed", [])
    assert "cannot be read" in (arrival.message or "")
    kept = list(settings.quarantine_dir.rglob("population_test.px"))
    assert [path.read_bytes() for path in kept] == [b"\x00\x01 not a table"]
    (record,) = settings.quarantine_dir.rglob("*-file.parquet")
    (row,) = pq.read_table(record).to_pylist()
    reason = Reason.stored(row["reason_code"], row["reason_parameters"])
    assert (reason, reason.kind) == (row["reason"], "part_not_used")
    assert "rivillä 1 pitäisi alkaa avainsana" in reason.of("fi")


def test_a_table_of_pxwebapi_2(
    settings: Settings, serve: Callable[[LocalService], LocalService]
) -> None:
    numbers = {"SSS": 5.0, "KU091": 6.0, "2023": 100.0, "2024": 200.0}
    table = ServedTable2(
        "TAB1",
        {
            "Region": ["SSS", "KU091"],
            "Kon": ["1", "2"],
            "ContentsCode": ["P1", "P2"],
            "Tid": ["2022", "2023", "2024"],
        },
        elimination=("Kon",),
        value=lambda codes: numbers[codes["Region"]] + numbers.get(codes["Tid"], 0),
    )
    server = serve(PxWebApi2Server(table, max_cells=2, max_calls=100))
    source = described(
        "pxwebapi2",
        server.base_url,  # type: ignore[attr-defined]
        id="TAB1",
        since="2023",
        variables={"area": ["Region"], "time": ["Tid"], "contents": ["ContentsCode"]},
        contents=[{"codes": ["P1"], "indicator": "population", "unit": "persons"}],
    )

    arrival, rows = take_in(settings, source)

    assert arrival.outcome == "new", arrival.message
    assert {(r["region"], r["period"]) for r in rows} == {
        ("SSS", "2023"),
        ("SSS", "2024"),
        ("KU091", "2023"),
        ("KU091", "2024"),
    }
    before = len(server.calls)
    again, _ = take_in(settings, source)
    assert (again.outcome, len(server.calls) - before) == ("unchanged", 1)


def test_what_is_remembered_survives_a_restart() -> None:
    last = Remembered("2026-01-01", {"Alue": ("SSS",)}, '"tag"')
    kept = json.loads(json.dumps(to_json(last)))
    assert Remembered(**kept) == Remembered("2026-01-01", {"Alue": ["SSS"]}, '"tag"')
