"""Landing datasets are declared once: a wrong declaration says where, and one is enough."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Kind, load_datasets
from assets.datasets.declarations import FOLDER
from assets.errors import TilannekuvaError
from assets.landing.delivery import DeliveryReader
from assets.landing.rules import derivations_of, rules_of
from assets.languages import LANGUAGES
from assets.raw.content import Content
from assets.settings import PROJECT_ROOT
from tests.conftest import TODAY
from tests.contract import LANDING


def test_every_column_that_the_contract_promises_is_declared() -> None:
    assert set(LANDING) <= set(DATASETS)
    for name, (required, optional) in LANDING.items():
        dataset = DATASETS[name]
        assert set(dataset.required) == set(required.split()), name
        assert set(optional.split()) <= set(dataset.by_name), name


def test_every_rule_of_a_declaration_exists() -> None:
    for dataset in DATASETS.values():
        assert len(rules_of(dataset)) == len(dataset.rules)
        assert len(derivations_of(dataset)) >= len(dataset.derived)


def test_every_list_of_words_that_a_column_names_is_in_the_catalogue() -> None:
    words = Catalogue.load().words
    for dataset in DATASETS.values():
        assert {column.words for column in dataset.columns if column.words} <= set(words)


@pytest.mark.parametrize("name", DATASETS)
def test_headers_of_every_language_say_the_same(name: str) -> None:
    dataset = DATASETS[name]
    reader = DeliveryReader(Catalogue.load(), lambda text: f"key of {text}", TODAY)

    def rows(headers: list[str]) -> list[dict[str, object]]:
        lines = [headers] + [
            [str(row.get(c.name, "")) for c in dataset.columns] for row in dataset.example.rows
        ]
        text = "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines)
        delivery = reader.read(
            dataset.example.source, name, Content(text.encode()), file="x.csv", origin="x.csv",
            delivered_at=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        (batch,) = delivery.batches
        assert (batch.rejected, delivery.notes) == ([], None)
        return batch.accepted.to_pylist()

    by_contract = rows([column.name for column in dataset.columns])
    for language in LANGUAGES:
        names = [column.names.of(language) for column in dataset.columns]
        for number in range(max(map(len, names))):
            assert rows([given[number % len(given)] for given in names]) == by_contract


# -- wrong declarations --------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one dataset and the shared columns."""
    for name in ("_shared", "rdi_services"):
        shutil.copy(FOLDER / f"{name}.yaml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  sv: En rad är en FUI-tjänst.\n", "", r"line \d+, row\.sv: Field required"),
        ("kind: term", "kind: thing", r"line \d+, columns\.kind\.kind: Input should be"),
        ("    words: service_kind\n", "", r"column kind: a word, a term or a flag has `words`"),
        ("like: url", "like: link", r"column url is like link, which _shared\.yaml lacks"),
        ("sv: [tjänst,", "sv: [palvelu,", r"header 'palvelu' is given to service and to service"),
        ("sv: [tjänst,", "sv: [område,", r"header 'område' is given to region and to service"),
        ("[region, service, provider]", "[region, name]", r"key names name, which is no raw"),
        ("region_lives_today: [region]", "region_lives_today: [place]", r"looks at place, which"),
        ("makes: record", "makes: rows", r"line \d+, makes: Input should be 'measurement', 'ev"),
        ("    kind: testing", "    colour: red", r"the example fills colour, which is no column"),
        ("makes: record", "makes: record\ncolour: red", r"line \d+, colour: Extra inputs"),
        ("like: region_type", "required: no", r"columns\.region_type: .* say kind, aliases, mean"),
    ],
)
def test_a_wrong_declaration_says_what_is_wrong_and_where(
    folder: Path, old: str, new: str, says: str
) -> None:
    path = folder / "rdi_services.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TilannekuvaError, match=rf"rdi_services\.yaml is wrong: .*{says}"):
        load_datasets(folder)


def test_a_rule_that_there_is_not_is_named_with_those_there_are(folder: Path) -> None:
    path = folder / "rdi_services.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("region_lives_today", "region_thrives"), encoding="utf-8")
    with pytest.raises(TilannekuvaError, match=r"names the rule region_thrives, .* in_order"):
        rules_of(load_datasets(folder)["rdi_services"])


# -- one declaration is enough -------------------------------------------------------------------

COLUMN = """\
  price_eur:
    kind: money
    aliases:
      fi: [hinta, hinta eur]
      sv: [pris]
    private: true
    meaning:
      fi: Palvelun hinta euroina.
      sv: Tjänstens pris i euro.
      en: Price of the service in euros.
"""

#: Takes in one file and says what became of its columns, in whatever checkout it runs.
REPORT = """
import json, sys
from datetime import date
from pathlib import Path
import pyarrow.parquet as pq
from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.deliveries import Deliveries
from assets.landing.pages import table_of_columns
from assets.landing.templates import write_templates
from assets.raw.schemas import RAW_ONLY, SHAPES, description
from assets.settings import Settings
from checks.raw_suites import RAW_CHECKS, judge_raw
home, file, text = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
settings = Settings(home=home, sources="landing", today=date(2026, 11, 20))
path = settings.landing_dir / "council" / "rdi_services" / file
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(text, encoding="utf-8")
deliveries = Deliveries(settings)
arrival = deliveries.take_in("council", "rdi_services")
vintage = arrival.vintages[-1]
rows = pq.read_table(deliveries.zone.path_of(vintage)).to_pylist()
dataset = DATASETS["rdi_services"]
template = write_templates(home / "templates", Catalogue.load(), ("fi",), "council")
(csv,) = [p for p in template if p.name == "rdi_services_fi.csv"]
print(json.dumps({
    "rows": [row.get("price_eur") for row in rows],
    "quarantined": [sample[2:] for sample in arrival.samples],
    "notes": vintage.notes,
    "type": str(SHAPES["rdi_services"].field("price_eur").type) if "price_eur" in SHAPES[
        "rdi_services"].names else None,
    "private": sorted(RAW_ONLY.get("rdi_services", ())),
    "suite": [d for s, c, d, _ in RAW_CHECKS if (s, c) == ("rdi_services", "ranges")],
    "failed": [f.check for f in judge_raw(settings, Catalogue.load()) if not f.passed],
    "template": csv.read_text(encoding="utf-8-sig"),
    "docs": table_of_columns(dataset),
}, default=str))
"""


def report(checkout: Path, home: Path, file: str, text: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", REPORT, str(home), file, text],
        cwd=checkout, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_column_more_is_its_declaration_and_nothing_else(tmp_path: Path) -> None:
    checkout, home = tmp_path / "checkout", tmp_path / "home"
    for name in ("assets", "checks", "dbt_project/seeds"):
        shutil.copytree(
            PROJECT_ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    head = "alue;palvelu;palveluntarjoaja;hinta\n"
    before = report(checkout, home, "a.csv", head + "KU205;lab;UAS;12,50\n")
    assert before["notes"] == "columns not in the contract: hinta"
    assert (before["type"], before["private"], before["suite"]) == (None, [], [])

    declared = checkout / "assets" / "datasets" / "rdi_services.yaml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("  url:", f"{COLUMN}  url:", 1), encoding="utf-8")
    after = report(checkout, home, "b.csv", head + "KU205;lab;UAS;12,50\nKU205;lab 2;UAS;kallis\n")
    assert (after["notes"], after["rows"]) == (None, ["12.50"])
    assert after["type"] == "decimal128(18, 2)"
    assert after["private"] == ["price_eur"]
    ((column, reason),) = after["quarantined"]
    assert column == "price_eur"
    assert reason.startswith("'kallis' is not a number")
    assert after["suite"] == ["Price_eur is not negative."]
    # Vintages of before it was declared stay good.
    assert after["failed"] == []
    assert "Hinta" in after["template"].split("\n")[0].split(";")
    assert "| `price_eur` | no | `hinta`, `hinta eur` | `pris` | Price of the" in after["docs"]


def test_kinds_are_all_used() -> None:
    # One that no dataset uses would be read, typed and explained by nobody.
    used = {column.kind for dataset in DATASETS.values() for column in dataset.columns}
    assert used == set(Kind)
