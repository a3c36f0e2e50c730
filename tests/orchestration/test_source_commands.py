"""The commands of whoever looks after the sources, given as a person gives them.

Services are real servers on this machine; descriptions are YAML files of the test.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from assets.datasets import DATASETS
from assets.deliveries import Arrival, Deliveries
from assets.feeds.descriptions import SourceDescription, load_source, load_sources
from assets.languages import LANGUAGES
from assets.settings import PROJECT_ROOT, Settings
from orchestration.cli import main
from orchestration.commands import regions
from tests.conftest import csv_text
from tests.reference.test_region_years import files, published, seeds_of
from tests.services.classifications_server import ClassificationServer, Published
from tests.services.local_service import Canned
from tests.services.prh_server import PrhServer, register_of
from tests.services.pxweb_server import PxWebServer
from tests.services.pxwebapi2_server import PxWebApi2Server, ServedTable2

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TABLE_ID = "StatFin/tyonv/12r5.px"
VARIABLES = {
    "Alue": ["SSS", "KU091", "MK01", "MA1"],
    "timeperiod_m": [f"2025M{month:02}" for month in range(1, 7)],
    "contentscode": ["tyottomat"],
}
SOURCE: dict[str, Any] = {
    "source": "statfin",
    "service": {"kind": "pxweb", "language": "fi"},
    "licence": "CC BY 4.0",
    "contact": "info@example.org",
    "symbols": {"..": {"obs_status": "O"}},
    "tables": [
        {
            "dataset": "tyonv",
            "id": TABLE_ID,
            "title": "Työttömät",
            "page": "https://example.org",
            "cadence": "M",
            "variables": {
                "area": ["Alue", "alue_*"],
                "time": ["timeperiod_m"],
                "contents": ["contentscode"],
            },
            "contents": [{"codes": ["tyottomat"], "indicator": "unemployed", "unit": "persons"}],
            "areas": {"accept": [r"KU\d{3}", r"MK\d{2}", "SSS"], "leave_out": ["MA1"]},
        }
    ],
}
REGISTER: dict[str, Any] = {
    "source": "prh",
    "service": {"kind": "prh", "max_calls": 10_000},
    "licence": "CC BY 4.0",
    "contact": "info@example.org",
    "registry": {
        "dataset": "register_events",
        "title": "Yritykset",
        "page": "https://example.org",
        "cadence": "Q",
        "registered_from": "2024-01-01",
    },
}


class Run(Protocol):
    """Give a command; nothing but an exit code may come out of it."""

    def __call__(self, *arguments: object, fails: bool = False) -> Result: ...


class Describe(Protocol):
    """Write a source description that points at an address; later ones replace it."""

    def __call__(self, source: dict[str, Any], base_url: str, **entry: object) -> None: ...


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tries nobody waits."""
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A live deployment of its own, as the environment says it."""
    for name in [n for n in os.environ if n.startswith("TILANNEKUVA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TILANNEKUVA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TILANNEKUVA_SOURCES", "live")
    monkeypatch.setenv("TILANNEKUVA_TODAY", "2026-11-22")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def describe(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Describe:
    directory = tmp_path / "sources"
    directory.mkdir()
    # Whoever imported the function reads the descriptions of the test.
    monkeypatch.setattr(load_sources, "__defaults__", (directory,))

    def write(source: dict[str, Any], base_url: str, **entry: object) -> None:
        text = source | {"service": source["service"] | {"base_url": base_url}}
        if "tables" in text:
            text["tables"] = [text["tables"][0] | entry]
        path = directory / f"{source['source']}.yaml"
        path.write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")

    return write


@pytest.fixture
def run() -> Run:
    def give(*arguments: object, fails: bool = False) -> Result:
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert (done.exit_code != 0) is fails, done.output
        assert "Traceback" not in done.output
        return done

    return give


@pytest.fixture
def serve() -> Iterator[Callable[[Any], Any]]:
    running: list[Any] = []

    def take(service: Any) -> Any:
        running.append(service)
        return service

    yield take
    for service in running:
        service.close()


@pytest.fixture
def office(serve: Callable[[Any], Any]) -> Callable[..., PxWebServer]:
    def start(**variables: Any) -> PxWebServer:
        server: PxWebServer = serve(PxWebServer(VARIABLES | variables, max_cells=100))
        return server

    return start


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def refresh(source: str = "statfin", dataset: str = "tyonv") -> Arrival:
    """What a refresh does with one table or register."""
    with Deliveries(Settings.load()) as deliveries:
        return deliveries.take_in(source, dataset)


def words(done: Result) -> str:
    """What was said, without line breaks and frames."""
    return " ".join(done.output.split())


def paragraph(done: Result) -> str:
    """What was said of a problem: one paragraph."""
    assert done.exit_code == 1
    text = done.stderr.strip()
    assert len(text) > 20
    assert "\n\n" not in text
    return " ".join(text.split())


def written(home: Path) -> dict[str, bytes]:
    return {
        path.as_posix(): path.read_bytes() if path.is_file() else b""
        for name in ("raw", "quarantine")
        for path in sorted((home / name).rglob("*"))
    }


# -- help ----------------------------------------------------------------------------------------


def test_help_lists_every_command(run: Run) -> None:
    listed = run("--help").output
    for name in ("refresh", "accept", "preview", "describe", "doctor", "templates", "regions"):
        assert re.search(rf"^  {name} +[A-Z]", listed, re.MULTILINE), name
        assert f"Usage: main {name} " in run(name, "--help").output


@pytest.mark.parametrize("command", ["accept", "preview", "describe"])
def test_a_command_without_its_arguments_says_what_is_missing(run: Run, command: str) -> None:
    done = run(command, fails=True)
    assert done.exit_code == 2
    assert "Missing argument 'SOURCE'" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["doctor"],
        ["preview", "statfin", "tyonv"],
        ["accept", "statfin", "tyonv", "--because", "x"],
        ["describe", "statfin", "a.px"],
        ["templates"],
        ["regions", "propose", "2026"],
    ],
)
def test_a_setting_that_cannot_be_used_is_told(
    home: Path, run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("TILANNEKUVA_TODAY", "tomorrow")
    assert "TILANNEKUVA_TODAY is 'tomorrow'" in paragraph(run(*arguments, fails=True))
    assert not home.exists()


# -- describe ------------------------------------------------------------------------------------


def test_a_table_of_a_described_source_gives_an_entry(
    describe: Describe, run: Run, office: Callable[..., PxWebServer]
) -> None:
    server = office(contentscode=["tyottomat", "tyovoima"])
    describe(SOURCE, server.base_url)
    (entry,) = yaml.safe_load(run("describe", "statfin", TABLE_ID).stdout)
    assert (entry["dataset"], entry["id"]) == ("tyonv_12r5", TABLE_ID)
    assert entry["page"] == f"{server.base_url}/fi/{TABLE_ID}"
    assert entry["variables"]["area"] == ["Alue"]
    # The limits, to keep to them, and the metadata.
    assert len(server.calls) == 2


def test_a_table_of_a_new_source_gives_a_whole_file(
    describe: Describe, run: Run, serve: Callable[[Any], Any], tmp_path: Path
) -> None:
    table = ServedTable2("TAB1", {"Region": ["01"], "ContentsCode": ["a"], "Tid": ["2025"]})
    server = serve(PxWebApi2Server(table, max_calls=50))
    done = run(
        "describe", "scb", "TAB1", "--url", server.base_url, "--kind", "pxwebapi2",
        "--language", "sv", "--dataset", "befolkning",
    )  # fmt: skip
    path = tmp_path / "scb.yaml"
    text = done.stdout.replace("indicator: CHOOSE", "indicator: population")
    text = text.replace("accept: [CHOOSE]", "accept: ['01']").replace("CHOOSE", "chosen")
    path.write_text(text, encoding="utf-8")
    source = load_source(path)
    assert (source.service.kind, source.service.language) == ("pxwebapi2", "sv")
    assert source.described_tables[0].dataset == "befolkning"


def test_the_employment_table_of_statistics_finland_is_described(
    home: Path, run: Run, serve: Callable[[Any], Any]
) -> None:
    path = DATA / "statfin-2026" / "api-metadata-employment.json"
    if not path.exists():
        pytest.skip(f"real file {path.name} is not beside the repository")
    limits = b'{"maxValues": 120000, "maxCells": 120000, "maxCalls": 40, "timeWindow": 60}'
    server = serve(Canned({"/fi/": limits, "/fi/StatFin/tyti/135z.px": path.read_bytes()}))
    done = run("describe", "tilasto", "StatFin/tyti/135z.px", "--url", server.origin)
    text = re.sub(r"(indicator: )CHOOSE", iter_names(), done.stdout)
    text = text.replace("accept: [CHOOSE]", "accept: [SSS]").replace("CHOOSE", "chosen")
    (table,) = SourceDescription.model_validate(yaml.safe_load(text)).described_tables
    assert (table.dataset, table.cadence, len(table.contents)) == ("tyti_135z", "M", 21)


def iter_names() -> Callable[[re.Match[str]], str]:
    numbers = iter(range(1000))
    return lambda gap: f"{gap[1]}measure_{next(numbers)}"


def test_describe_as_a_process_of_its_own(
    tmp_path: Path, office: Callable[..., PxWebServer]
) -> None:
    server = office()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TILANNEKUVA_")}
    done = subprocess.run(
        [
            sys.executable, "-m", "orchestration", "describe", "x", TABLE_ID,
            "--url", server.base_url,
        ],
        cwd=PROJECT_ROOT,
        env=kept | {"TILANNEKUVA_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    described = yaml.safe_load(done.stdout)
    assert (described["source"], described["service"]["base_url"]) == ("x", server.base_url)
    assert {path.name for path in (tmp_path / "home").iterdir()} == {"limits"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody", "a.px"], "'nobody' is not described yet (prh, statfin are)"),
        (["x", "a.px", "--url", "example.org"], "'example.org' is no address of a service"),
        (["prh", "a.px"], "prh is asked as prh; a table can be described"),
        (["Statfin", "a.px", "--url", "http://x"], "'Statfin' cannot be the id of a source"),
        (["statfin", "a.px", "--dataset", "Työ"], "'Työ' cannot be the id of a dataset"),
        (["statfin", "/"], "'' cannot be the id of a dataset"),
        (["statfin", "gone/1.px"], "calls the request wrong (400)"),
    ],
)
def test_what_cannot_be_described_is_told(
    describe: Describe,
    run: Run,
    office: Callable[..., PxWebServer],
    arguments: list[str],
    says: str,
) -> None:
    describe(SOURCE, office().base_url)
    describe(REGISTER, "http://127.0.0.1:9")
    assert says in paragraph(run("describe", *arguments, fails=True))


def test_a_service_that_cannot_be_reached_is_told(
    describe: Describe, run: Run, nowhere: str
) -> None:
    describe(SOURCE, nowhere)
    for arguments in (["statfin", "a.px"], ["x", "a.px", "--url", nowhere]):
        said = paragraph(run("describe", *arguments, fails=True))
        assert nowhere in said
        assert "run again later" in said


# -- doctor --------------------------------------------------------------------------------------


def test_a_deployment_that_is_well_exits_with_nought(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], serve: Callable[[Any], Any]
) -> None:
    describe(SOURCE, office().base_url)
    describe(REGISTER, serve(PrhServer(register_of(7))).base_url)
    said = words(run("doctor"))
    assert "fits tyonv: 3 areas, 6 periods (2025M01 to 2025M06), 1 call" in said
    assert "fits register_events: 7 companies registered since 2024-01-01" in said
    assert "write `confirmed_on: 2026-11-22` into its entry in statfin.yaml" in said


def test_what_does_not_fit_makes_the_exit_code_one(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], nowhere: str
) -> None:
    describe(SOURCE, office(Alue=["SSS", "[/b]"]).base_url)
    describe(REGISTER, nowhere)
    done = run("doctor", fails=True)
    assert done.exit_code == 1
    # A bracket is a bracket, and the other source was examined too.
    assert "area codes that fit no pattern: [/b]" in words(done)
    assert "look register_events: " in words(done)
    assert "run again later" in words(done)


def test_one_source_is_examined_alone_and_once(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], nowhere: str
) -> None:
    server = office()
    describe(SOURCE, server.base_url)
    describe(REGISTER, nowhere)
    assert "register_events" not in run("doctor", "statfin", "statfin").output
    assert len(server.calls) == 3


def test_a_source_that_is_not_described_is_told(describe: Describe, run: Run) -> None:
    describe(SOURCE, "http://127.0.0.1:9")
    said = paragraph(run("doctor", "statfin", "nobody", fails=True))
    assert said == "Not described: nobody. Described are statfin."


def test_a_description_that_is_wrong_is_told(describe: Describe, run: Run) -> None:
    describe(SOURCE, "http://127.0.0.1:9", cadence="yearly")
    for arguments in (["doctor"], ["preview", "statfin", "tyonv"], ["describe", "statfin", "a"]):
        assert "statfin.yaml is wrong: line" in paragraph(run(*arguments, fails=True))


# -- preview of tables ---------------------------------------------------------------------------


def test_a_table_that_was_never_taken_in_is_all_new(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], home: Path
) -> None:
    describe(SOURCE, office().base_url)
    said = words(run("preview", "statfin", "tyonv"))
    assert "Rows: 18 accepted, 18 added, 0 changed, 0 unchanged." in said
    assert written(home) == {}
    assert refresh().outcome == "new"


def test_what_the_service_answers_now_is_compared_and_not_taken_in(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], home: Path
) -> None:
    server = office()
    describe(SOURCE, server.base_url)
    assert refresh().outcome == "new"
    before = written(home)
    table = server.served[TABLE_ID]
    table.variables = VARIABLES | {"timeperiod_m": [*VARIABLES["timeperiod_m"], "2025M07"]}
    table.value = lambda codes: 1_234_567.5 if codes["timeperiod_m"] == "2025M06" else 14.0
    table.updated = "2026-11-01T06:00:00Z"

    said = words(run("preview", "statfin", "tyonv"))

    assert "3 added" in said
    # A number is told with all its digits.
    assert "value 1234567.5" in said
    assert "It would wait" not in said
    assert written(home) == before
    assert refresh().outcome == "new"


def test_an_edition_that_was_fetched_already_is_said(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], home: Path
) -> None:
    server = office()
    describe(SOURCE, server.base_url)
    refresh()
    before, calls = written(home), len(server.calls)
    assert "has the edition of tyonv that was fetched last" in words(
        run("preview", "statfin", "tyonv")
    )
    assert len(server.calls) == calls + 1
    assert written(home) == before


def test_a_changed_description_is_tried_on_the_kept_answer(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], home: Path
) -> None:
    server = office()
    describe(SOURCE, server.base_url)
    refresh()
    before, calls = written(home), len(server.calls)
    unchanged = words(run("preview", "statfin", "tyonv", "--kept"))
    assert "18 accepted, 0 added, 0 changed, 18 unchanged." in unchanged

    other = [{"codes": ["tyottomat"], "indicator": "labour_force", "unit": "persons"}]
    describe(SOURCE, server.base_url, contents=other)
    said = words(run("preview", "statfin", "tyonv", "--kept"))

    assert "18 accepted, 18 added, 0 changed, 0 unchanged, 18 of the last edition" in said
    assert "stay in force" in said
    assert "Gone" in said
    assert "labour_force" in said

    narrower = {"accept": ["SSS", r"KU\d{3}"], "leave_out": ["MA1"]}
    describe(SOURCE, server.base_url, areas=narrower)
    fewer = words(run("preview", "statfin", "tyonv", "--kept"))
    assert "6 to quarantine" in fewer
    # The kept answer was read; nobody was asked and nothing was written.
    assert len(server.calls) == calls
    assert written(home) == before


def test_nothing_that_was_kept_is_told(describe: Describe, run: Run) -> None:
    describe(SOURCE, "http://127.0.0.1:9")
    said = paragraph(run("preview", "statfin", "tyonv", "--kept", fails=True))
    assert said == "Nothing of statfin/tyonv was taken in yet."


def test_a_preview_without_network_is_told(describe: Describe, run: Run, nowhere: str) -> None:
    describe(SOURCE, nowhere)
    assert "run again later" in paragraph(run("preview", "statfin", "tyonv", fails=True))


def test_a_preview_where_the_sample_has_nothing_is_told(
    describe: Describe, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(SOURCE, "http://127.0.0.1:9")
    monkeypatch.setenv("TILANNEKUVA_SOURCES", "sample")
    said = paragraph(run("preview", "statfin", "tyonv", fails=True))
    assert "With TILANNEKUVA_SOURCES=live the service itself is asked" in said


# -- preview of files ----------------------------------------------------------------------------

PARTNER = ("employment_area", "measurements")


def dropped(home: Path, name: str, *rows: dict[str, object]) -> Path:
    path = home / "landing" / "employment_area" / "measurements" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(rows), encoding="utf-8")
    return path


def measured(region: str, value: object, note: str = "") -> dict[str, object]:
    cell = {"indicator": "unemployed", "region": region, "period": "2025-03", "value": value}
    return cell | {"note": note}


def test_a_file_is_compared_with_what_is_in_force(
    describe: Describe, run: Run, home: Path, tmp_path: Path
) -> None:
    dropped(home, "a.csv", measured("KU205", 1), measured("KU091", 2))
    assert refresh(*PARTNER).outcome == "new"
    before = written(home)
    file = tmp_path / "uusi tiedosto.csv"
    file.write_text(csv_text([measured("KU205", 3, "[/b]"), measured("KU[/i]", 4)]))

    said = words(run("preview", *PARTNER, file))

    assert "1 accepted, 1 to quarantine, 0 added, 1 changed, 0 unchanged, 1 in force" in said
    assert re.search(r"KU205 total 2025-03 value 1 value 3, note \(stays in the raw zone\)", said)
    assert "KU[/i]" in said
    answer = "quarantine/employment_area/measurements/uusi tiedosto.csv.xlsx"
    assert f"Its sender would find these rows, to be mended, in {answer}." in said
    assert written(home) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody", "measurements"], "'nobody' is not a source of the catalogue"),
        (["evk", "meetings"], "evk delivers no dataset 'meetings' as files by the catalogue"),
        (["statfin", "tyonv"], "statfin delivers no dataset 'tyonv' as files"),
    ],
)
def test_a_file_of_what_nobody_delivers_is_told(
    describe: Describe, run: Run, tmp_path: Path, arguments: list[str], says: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n")
    describe(SOURCE, "http://127.0.0.1:9")
    assert says in paragraph(run("preview", *arguments, file, fails=True))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"indicator,region\na,b\n", "a.csv would go to quarantine whole: "),
        ("a.xlsx", b"no workbook", "a.xlsx would go to quarantine whole: "),
        ("a.pdf", b"%PDF", "a delivery is a .csv, .xlsx, .xls file"),
        ("a.csv", b"", "a.csv would go to quarantine whole: "),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    describe: Describe, run: Run, home: Path, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    said = paragraph(run("preview", *PARTNER, file, fails=True))
    assert says in said
    if name != "a.pdf":
        assert f"find this in quarantine/employment_area/measurements/{name}.xlsx" in said
    assert written(home) == {}


def test_what_a_file_takes_back_is_told(
    describe: Describe, run: Run, home: Path, tmp_path: Path
) -> None:
    who = ("development_company", "advice_events")
    event = {"event_id": "E[1]", "region": "MK18", "happened_on": "2026-03-15"}
    place = home.joinpath("landing", *who)
    place.mkdir(parents=True)
    (place / "a.csv").write_text(csv_text([event]), encoding="utf-8")
    assert refresh(*who).outcome == "new"
    file = tmp_path / "b.csv"
    flagged = [event | {"withdrawn": "yes"}, event | {"event_id": "E2", "withdrawn": "yes"}]
    file.write_text(csv_text(flagged), encoding="utf-8")
    said = words(run("preview", *who, file))
    assert "1 taken back, 1 that take back nothing that is in force" in said
    assert re.search(r"Taken back .*E\[1\].* Taking back nothing .*E2", said)


def test_a_file_that_is_not_there_and_two_wishes_at_once_are_refused(
    home: Path, run: Run, tmp_path: Path
) -> None:
    assert "does not exist" in run("preview", *PARTNER, tmp_path / "no.csv", fails=True).stderr
    file = tmp_path / "a.csv"
    file.touch()
    assert "not both" in run("preview", *PARTNER, file, "--kept", fails=True).stderr


def test_a_dataset_that_comes_as_files_needs_one(home: Path, describe: Describe, run: Run) -> None:
    said = paragraph(run("preview", *PARTNER, fails=True))
    assert "`preview employment_area measurements FILE`" in said


def test_a_dataset_that_nobody_knows_is_told(describe: Describe, run: Run) -> None:
    describe(SOURCE, "http://127.0.0.1:9")
    said = paragraph(run("preview", "statfin", "other", fails=True))
    assert "those are: statfin tyonv" in said


# -- accept --------------------------------------------------------------------------------------


def test_an_edition_is_held_looked_at_accepted_and_in_use(
    describe: Describe, run: Run, office: Callable[..., PxWebServer], home: Path
) -> None:
    server = office()
    describe(SOURCE, server.base_url)
    assert refresh().outcome == "new"
    table = server.served[TABLE_ID]
    table.variables = {
        "alue_23_20260101" if code == "Alue" else code: values for code, values in VARIABLES.items()
    }
    table.value = lambda codes: 99.0
    table.updated = "2026-11-01T06:00:00Z"
    message = refresh().message or ""
    assert "python -m orchestration preview statfin tyonv" in message
    before, calls = written(home), len(server.calls)

    said = words(run("preview", "statfin", "tyonv"))

    assert said.startswith("An edition waits to be accepted. Rows: 18 accepted")
    assert "It waits because the area classification is that of 2026-01-01" in said
    assert "18 changed" in said
    assert "value 99" in said
    assert written(home) == before
    assert len(server.calls) == calls

    done = run("accept", "statfin", "tyonv", "--because", " the division of 2026 ")

    assert re.search(r"Taken in as statfin/tyonv/\S+: 18 rows, 0 to quarantine", words(done))
    assert refresh().outcome == "unchanged"
    zone = Deliveries(Settings.load()).zone
    in_use = zone.vintages_in_use("statfin", "tyonv")[-1]
    assert set(pq.read_table(zone.path_of(in_use))["value"].to_pylist()) == {99.0}
    assert (in_use.notes or "").endswith("Accepted: the division of 2026")
    again = paragraph(run("accept", "statfin", "tyonv", "--because", "again", fails=True))
    assert again == "No edition of statfin/tyonv waits to be accepted."


def test_a_register_that_shrank_is_held_looked_at_and_accepted(
    describe: Describe,
    run: Run,
    serve: Callable[[Any], Any],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = serve(PrhServer(register_of(150)))
    describe(REGISTER, server.base_url)
    assert refresh("prh", "register_events").outcome == "new"
    del server.companies[60:]
    monkeypatch.setenv("TILANNEKUVA_TODAY", "2026-11-23")
    assert refresh("prh", "register_events").outcome == "failed"
    before, asked = written(home), len(server.queries)

    said = words(run("preview", "prh", "register_events"))

    assert "60 accepted, 0 added, 0 changed, 60 unchanged, 90 of the last edition" in said
    assert "It waits because 60 rows, 40% of the 150 before" in said
    assert "Gone (the first 20 of 90)" in said
    # Whose event it was stays where it is.
    assert "business_id (stays in the raw zone)" in said
    assert (written(home), len(server.queries)) == (before, asked)

    done = run("accept", "prh", "register_events", "--because", "cleaned up")
    assert "60 rows, 0 to quarantine" in words(done)
    assert refresh("prh", "register_events").outcome == "unchanged"


def test_a_register_can_be_looked_at_before_it_is_taken_in(
    describe: Describe, run: Run, serve: Callable[[Any], Any], home: Path
) -> None:
    server = serve(PrhServer(register_of(120)))
    describe(REGISTER, server.base_url)
    assert "120 accepted, 120 added" in words(run("preview", "prh", "register_events"))
    assert written(home) == {}
    pages = sum("page" in query for query in server.queries)
    assert refresh("prh", "register_events").outcome == "new"
    # What was looked at need not be fetched again.
    assert sum("page" in query for query in server.queries) == pages


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["statfin", "tyonv"], 2, "Missing option '--because'"),
        (["statfin", "tyonv", "--because", "  "], 2, "write a few words"),
        (["statfin", "tyonv", "--because", "x"], 1, "No edition of statfin/tyonv waits"),
        (["nobody", "tyonv", "--because", "x"], 1, "is no table or register that is asked for"),
    ],
)
def test_what_cannot_be_accepted_is_told(
    describe: Describe, run: Run, arguments: list[str], code: int, says: str
) -> None:
    describe(SOURCE, "http://127.0.0.1:9")
    done = run("accept", *arguments, fails=True)
    assert done.exit_code == code
    assert says in done.stderr


# -- templates -----------------------------------------------------------------------------------


def test_templates_are_written_and_counted(home: Path, run: Run, tmp_path: Path) -> None:
    asked = ("--source", "survey", "--language", "sv", "--language", "en")
    said = words(run("templates", *asked, tmp_path / "out"))
    found = list((tmp_path / "out").iterdir())
    assert said == f"{len(found)} files in {tmp_path / 'out'}."
    assert {path.suffix for path in found} == {".csv", ".xlsx"}
    assert {path.stem.removesuffix("_example") for path in found} == {
        "measurements_sv", "measurements_en", "survey_answers_sv", "survey_answers_en",
    }  # fmt: skip


def test_templates_of_every_dataset_go_below_the_home(home: Path, run: Run) -> None:
    said = words(run("templates"))
    found = {path.name for path in (home / "templates").iterdir()}
    assert said == f"{len(found)} files in {home / 'templates'}."
    for dataset in DATASETS:
        assert {f"{dataset}_{language}.xlsx" for language in LANGUAGES} <= found
        assert f"{dataset}_fi_example.csv" in found


def test_a_folder_or_source_that_cannot_be_used_is_told(
    home: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "in the way").touch()
    below = tmp_path / "in the way" / "templates"
    assert "cannot be written to" in paragraph(run("templates", below, fails=True))
    unknown = paragraph(run("templates", "--source", "nobody", tmp_path / "out", fails=True))
    assert "'nobody' is not a source of the catalogue" in unknown


# -- regions -------------------------------------------------------------------------------------


@pytest.fixture
def seeds(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The seeds as they were after the keys of 2025."""
    directory = seeds_of(2025, tmp_path / "seeds")
    monkeypatch.setattr(regions, "SEEDS_DIR", directory)
    return directory


def test_a_new_year_is_proposed_reviewed_and_applied(
    seeds: Path, home: Path, run: Run, serve: Callable[[Any], Any]
) -> None:
    server = serve(ClassificationServer(published(2026)))
    before = files(seeds)

    done = run("regions", "propose", 2026, "--url", server.base_url, "--ended", "ELY")

    place = home / "reports" / "regions_2026"
    assert "Regions of 2026: proposed changes" in done.output
    assert done.output.rstrip().endswith(f"python -m orchestration regions apply {place}")
    assert files(seeds) == before
    # Another proposal would overwrite a review, and says so before it asks for anything.
    asked = len(server.asked)
    again = run("regions", "propose", 2026, "--url", server.base_url, fails=True)
    assert "is not empty; a review there would be lost" in paragraph(again)
    assert len(server.asked) == asked

    applied = words(run("regions", "apply", place))

    assert applied.startswith("Changed: ")
    assert "regions.csv" in applied
    after = files(seeds)
    assert after != before
    assert "EVK" in after["regions"]
    assert words(run("regions", "apply", place)) == "The seeds had all of it already."
    assert files(seeds) == after


def test_a_year_that_is_not_published_or_reachable_is_told(
    seeds: Path, home: Path, run: Run, serve: Callable[[Any], Any], nowhere: str
) -> None:
    server = serve(ClassificationServer(Published()))
    for url, says in ((server.base_url, "2027"), (nowhere, "run again later")):
        said = paragraph(run("regions", "propose", 2027, "--url", url, fails=True))
        assert says in said
    assert not (home / "reports").exists()


def test_a_folder_that_is_no_proposal_is_told(seeds: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = paragraph(run("regions", "apply", tmp_path / "empty", fails=True))
    assert "is no proposal" in said


def test_a_year_that_is_none_is_refused(home: Path, run: Run) -> None:
    assert run("regions", "propose", "26", fails=True).exit_code == 2
