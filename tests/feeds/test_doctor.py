"""What the doctor says of each kind of service: fits, does not fit, cannot be reached."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from assets.catalogue import Catalogue
from assets.feeds.connectors import Connectors
from assets.feeds.descriptions import SOURCES_DIR, SourceDescription, load_source
from assets.feeds.doctor import Diagnosis, examine
from assets.services.http import Patience
from assets.settings import Settings
from tests.services.eurostat_server import EurostatServer
from tests.services.local_service import Canned, LocalService
from tests.services.prh_server import PrhServer, register_of
from tests.services.pxweb_server import PxWebServer, ServedTable
from tests.services.pxwebapi2_server import PxWebApi2Server, ServedTable2
from tests.services.sotkanet_server import POPULATION, SotkanetServer

QUICK = Patience(attempts=2, first_wait=0.01, longest_wait=0.02, deadline=20)
TODAY = date(2026, 11, 22)
S = TypeVar("S", bound=LocalService | PrhServer)


class Serve(Protocol):
    """Hand a started service over; it ends with the test."""

    def __call__(self, service: S) -> S: ...


Examine = Callable[[SourceDescription], list[Diagnosis]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Any] = []

    def take(service: S) -> S:
        running.append(service)
        return service

    yield take
    for service in running:
        service.close()


@pytest.fixture
def examined(tmp_path: Path, catalogue: Catalogue) -> Iterator[Examine]:
    settings = Settings(home=tmp_path, sources="landing", today=TODAY, today_is_set=True)
    connectors = Connectors(tmp_path / "limits", tmp_path / "fetching", TODAY, settings.now, QUICK)
    yield lambda source: list(examine(settings, catalogue, connectors, source))
    connectors.close()
    assert {path.name for path in tmp_path.iterdir()} <= {"limits"}


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def source_of(name: str, base_url: str, **changes: Any) -> SourceDescription:
    """A description of the platform, pointed at a server; `changes` go into its first entry."""
    source = load_source(SOURCES_DIR / f"{name}.yaml")
    raw = source.model_dump(exclude_unset=True)
    raw["service"] |= {"base_url": base_url, "max_calls": 10_000}
    if source.tables:
        raw["tables"] = [raw["tables"][0] | changes]
    else:
        raw["registry"] |= changes
    return SourceDescription.model_validate(raw)


def office(kind: str, base_url: str, *datasets: str, **changes: Any) -> SourceDescription:
    """A small source of tables with areas, months and one measure."""
    entry: dict[str, Any] = {
        "title": "Työttömät",
        "page": "https://example.org",
        "cadence": "M",
        "variables": {"area": ["Alue"], "time": ["timeperiod_m"], "contents": ["contentscode"]},
        "contents": [{"codes": ["tyottomat"], "indicator": "unemployed", "unit": "persons"}],
        "areas": {"accept": [r"KU\d{3}", "SSS"], "leave_out": ["MA1"]},
    } | changes
    return SourceDescription.model_validate(
        {
            "source": "office",
            "service": {"kind": kind, "base_url": base_url, "max_calls": 1000},
            "licence": "CC BY 4.0",
            "contact": "info@example.org",
            "tables": [
                entry | {"dataset": name, "id": f"{name}.px"} for name in datasets or ("tyonv",)
            ],
        }
    )


TABLE = {
    "Alue": ["SSS", "KU091", "MA1"],
    "timeperiod_m": [f"2025M{month:02}" for month in range(1, 13)],
    "contentscode": ["tyottomat", "muut"],
}


def pxweb(serve: Serve, path: str = "tyonv.px", **variables: list[str]) -> PxWebServer:
    server = serve(PxWebServer(max_cells=10))
    server.add(ServedTable(path, TABLE | variables))
    return server


# -- PxWeb ---------------------------------------------------------------------------------------


def test_a_table_that_fits_is_told_with_its_extent_and_cost(
    serve: Serve, examined: Examine
) -> None:
    server = pxweb(serve)

    (found,) = examined(office("pxweb", server.base_url))

    assert found.fits
    assert found.words == (
        "2 areas, 12 periods (2025M01 to 2025M12), 3 calls for all of it; last updated "
        "2026-10-27T06:00:00Z"
    )
    assert (
        found.advice == "confirmed: write `confirmed_on: 2026-11-22` into its entry in office.yaml"
    )
    # Limits, metadata, one cell.
    assert len(server.calls) == 3


def test_what_was_unconfirmed_is_to_be_taken_out(serve: Serve, examined: Examine) -> None:
    server = pxweb(serve)
    (found,) = examined(office("pxweb", server.base_url, unconfirmed="codes were guessed"))
    assert found.advice.endswith("office.yaml, and take `unconfirmed` out")


def test_a_confirmed_table_that_fits_needs_no_advice(serve: Serve, examined: Examine) -> None:
    server = pxweb(serve)
    (found,) = examined(office("pxweb", server.base_url, confirmed_on="2026-10-01"))
    assert (found.fits, found.advice) == (True, "")


def test_the_limits_are_asked_once_a_source(serve: Serve, examined: Examine) -> None:
    server = pxweb(serve)
    server.add(ServedTable("vaerak.px", TABLE))
    found = examined(office("pxweb", server.base_url, "tyonv", "vaerak"))
    assert [one.fits for one in found] == [True, True]
    assert sum("config" in request.query for request in server.requests) == 1


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"Alue": ["SSS", "KU999"]}, "areas that the catalogue lacks: KU999"),
        ({"Alue": ["SSS", "XX1"]}, "area codes that fit no pattern: XX1"),
        ({"Alue": ["XX1"]}, "no area that is taken"),
        (
            {"Alue": ["SSS", *(f"KU96{n}" for n in range(7))]},
            "KU960, KU961, KU962, KU963, KU964 and 2 more",
        ),
        ({"timeperiod_m": ["2025M01", "soon"]}, "periods that are not understood: soon"),
    ],
)
def test_what_raises_a_doubt_is_told(
    serve: Serve, examined: Examine, variables: dict[str, list[str]], says: str
) -> None:
    server = pxweb(serve, **variables)
    (found,) = examined(office("pxweb", server.base_url))
    assert not found.fits
    assert says in found.advice
    assert "confirmed_on" not in found.advice


def test_a_code_that_is_gone_is_told_and_the_other_tables_are_examined(
    serve: Serve, examined: Examine
) -> None:
    server = pxweb(serve, contentscode=["tyonv-tyottomat"])
    server.add(ServedTable("vaerak.px", TABLE))
    first, second, third = examined(office("pxweb", server.base_url, "tyonv", "gone", "vaerak"))
    assert not first.fits
    assert "no content code for unemployed is among tyonv-tyottomat" in first.words
    assert not second.fits
    assert "calls the request wrong (400)" in second.words
    assert third.fits


def test_a_service_that_cannot_be_reached_is_told_once(examined: Examine, nowhere: str) -> None:
    (found,) = examined(office("pxweb", nowhere, "tyonv", "vaerak"))
    assert (found.dataset, found.fits) == ("", False)
    assert "could not be read, 2 times in a row" in found.words
    assert found.advice == "none of its 2 tables was examined"


# -- PxWebApi 2 ----------------------------------------------------------------------------------


def pxwebapi2(serve: Serve, **variables: list[str]) -> PxWebApi2Server:
    table = ServedTable2("tyonv.px", TABLE | variables, time="timeperiod_m", metric="contentscode")
    return serve(PxWebApi2Server(table, max_cells=1000, max_calls=100))


def test_a_table_of_the_second_interface_fits(serve: Serve, examined: Examine) -> None:
    (found,) = examined(office("pxwebapi2", pxwebapi2(serve).base_url))
    assert found.fits, found
    assert "12 periods (2025M01 to 2025M12), 1 call for all of it" in found.words


def test_a_table_of_the_second_interface_does_not_fit(serve: Serve, examined: Examine) -> None:
    server = pxwebapi2(serve, Alue=["SSS", "KU999"])
    (strange,) = examined(office("pxwebapi2", server.base_url))
    (gone,) = examined(office("pxwebapi2", server.base_url, "other"))
    assert "areas that the catalogue lacks: KU999" in strange.advice
    assert (gone.fits, "is not there (404)" in gone.words) == (False, True)


def test_the_second_interface_cannot_be_reached(examined: Examine, nowhere: str) -> None:
    (found,) = examined(office("pxwebapi2", nowhere))
    assert (found.dataset, found.fits, found.advice) == ("", False, "")


# -- Eurostat ------------------------------------------------------------------------------------

GEO = ["FI", "FI1B1", "FI1C1"]


def eurostat(serve: Serve, **dimensions: list[str]) -> EurostatServer:
    known = {"freq": ["A"], "unit": ["MIO_EUR", "EUR_HAB"], "geo": GEO}
    return serve(EurostatServer("nama_10r_3gdp", known | dimensions, ["2023", "2024"]))


def test_a_dataset_of_eurostat_fits(serve: Serve, examined: Examine) -> None:
    server = eurostat(serve)
    (found,) = examined(source_of("eurostat", server.base_url))
    assert found.fits, found
    assert found.words.startswith("dimensions freq, unit, geo; last updated 2026-10-15")
    assert "confirmed_on: 2026-11-22" in found.advice


def test_a_dataset_with_another_dimension_does_not_fit(serve: Serve, examined: Examine) -> None:
    server = eurostat(serve, sector=["A", "B"])
    (found,) = examined(source_of("eurostat", server.base_url))
    assert "the dimensions sector are not held at a value" in found.advice
    renamed = {"area": ["geography"], "time": ["TIME_PERIOD"], "contents": ["unit"]}
    (other,) = examined(source_of("eurostat", server.base_url, variables=renamed))
    assert "no dimension is called geography; there are freq, unit, geo, sector" in other.advice


def test_a_measure_without_values_does_not_fit(serve: Serve, examined: Examine) -> None:
    server = eurostat(serve)
    server.value = lambda cell: None if "MIO_EUR" in cell else 1.0
    (found,) = examined(source_of("eurostat", server.base_url))
    assert not found.fits
    assert "there are no values of freq A, geo FI, unit MIO_EUR" in found.advice


def test_a_region_that_the_catalogue_lacks_is_found_in_the_description(
    serve: Serve, examined: Examine
) -> None:
    areas = {"codes": {"FI": "SSS", "FI1B1": "MK99"}}
    (found,) = examined(source_of("eurostat", eurostat(serve).base_url, areas=areas))
    assert "areas that the catalogue lacks: MK99" in found.advice


def test_eurostat_cannot_be_reached(examined: Examine, nowhere: str) -> None:
    (found,) = examined(source_of("eurostat", nowhere))
    assert (found.dataset, found.fits) == ("gdp_regions", False)


# -- Sotkanet ------------------------------------------------------------------------------------


def test_an_indicator_of_sotkanet_fits(serve: Serve, examined: Examine) -> None:
    server = serve(SotkanetServer({127: POPULATION}))
    (found,) = examined(source_of("sotkanet", server.base_url))
    assert found.fits, found
    assert found.words == "127 'Väestö 31.12.', 2000 to 2020, last updated 2026-05-28"
    assert {request.path.split("/")[-1] for request in server.requests} == {"127", "regions"}


def test_an_indicator_of_sotkanet_does_not_fit(serve: Serve, examined: Examine) -> None:
    server = serve(SotkanetServer({127: POPULATION}))
    server.regions = json.dumps(
        [*json.loads(server.regions), {"id": 1, "code": "999", "category": "KUNTA"}]
    ).encode()
    (lacking,) = examined(source_of("sotkanet", server.base_url))
    assert "areas that the catalogue lacks: KU999" in lacking.advice
    gender = [{"variable": ["gender"], "value": "all"}]
    (gendered,) = examined(source_of("sotkanet", server.base_url, fixed=gender))
    assert "the service knows no gender all; there are male, female, total" in gendered.advice
    named = [{"codes": ["population"], "indicator": "population", "unit": "persons"}]
    (worded,) = examined(source_of("sotkanet", server.base_url, contents=named))
    assert "population is no number of an indicator" in worded.words


def test_sotkanet_cannot_be_reached(examined: Examine, nowhere: str) -> None:
    (found,) = examined(source_of("sotkanet", nowhere))
    assert (found.dataset, found.fits) == ("population_127", False)


# -- the business register -----------------------------------------------------------------------


def test_the_business_register_fits(serve: Serve, examined: Examine) -> None:
    server = serve(PrhServer(register_of(120)))
    (found,) = examined(source_of("prh", server.base_url))
    assert found.fits
    assert found.words == "120 companies registered since 2015-01-01"
    assert "confirmed_on: 2026-11-22" in found.advice
    assert len(server.queries) == 1


def test_a_register_without_companies_is_looked_at(serve: Serve, examined: Examine) -> None:
    (found,) = examined(source_of("prh", serve(PrhServer([])).base_url))
    assert not found.fits
    assert "a register without a company is none" in found.advice


def test_the_business_register_cannot_be_reached(examined: Examine, nowhere: str) -> None:
    (found,) = examined(source_of("prh", nowhere))
    assert (found.dataset, found.fits) == ("register_events", False)


# -- files ---------------------------------------------------------------------------------------


def document(**index: list[str]) -> bytes:
    known = TABLE | {"contentscode": ["tyottomat"]} | index
    size = [len(values) for values in known.values()]
    cells = size[0] * size[1] * size[2]
    return json.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "id": list(known),
            "size": size,
            "updated": "2026-11-01T06:00:00Z",
            "dimension": {code: {"category": {"index": v}} for code, v in known.items()},
            "value": [1.0] * cells,
        }
    ).encode()


@pytest.mark.parametrize(
    ("content", "fits", "says"),
    [
        (
            document(),
            True,
            "2 areas, 12 periods (2025M01 to 2025M12), 36 values; last updated 2026-11-01",
        ),
        (document(Alue=["SSS", "KU999"]), False, "areas that the catalogue lacks: KU999"),
        (document(contentscode=["muut"]), False, "no content code for unemployed"),
        (b"<html>Service break</html>", False, "cannot be used"),
    ],
)
def test_a_file_is_read_as_it_would_be_taken_in(
    serve: Serve, examined: Examine, content: bytes, fits: bool, says: str
) -> None:
    server = serve(Canned({"/files/tyonv.px": content}))
    base_url = f"{server.origin}/files"
    (found,) = examined(office("file", base_url, format="json-stat"))
    assert found.fits is fits, found
    assert says in f"{found.words} {found.advice}"


def test_a_file_cannot_be_reached(serve: Serve, examined: Examine, nowhere: str) -> None:
    (found,) = examined(office("file", nowhere, format="json-stat"))
    assert not found.fits
    (absent,) = examined(office("file", serve(Canned({})).origin, format="json-stat"))
    assert "answered 404" in absent.words
