"""The pages for people: what they name exists, and what they show works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from assets import __version__
from assets import settings as settings_module
from assets.datasets import DATASETS
from assets.deliveries import Deliveries
from assets.landing.pages import GUIDES, generated
from assets.services.http import USER_AGENT
from assets.settings import DBT_PROJECT_DIR, PROJECT_ROOT, SETTING_NAMES, Settings
from assets.vocabulary.reasons import REASONS
from orchestration.cli import main
from tests.conftest import Drop

DOCS = PROJECT_ROOT / "docs"
PAGES = sorted([*PROJECT_ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DELIVERIES = (DOCS / "deliveries.md").read_text(encoding="utf-8")
README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
MAX_PICTURE = 300_000

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(
    r"^```csv landing/([a-z_]+)/([a-z_]+)/(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def section(text: str, heading: str) -> str:
    """What stands below a heading of the second level."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"there is no section {heading!r}"
    return found[1]


def rows_of_table(text: str) -> list[list[str]]:
    """Cells of the first table of a text, without header and rule."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a page, as code hosts make them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }


def test_what_is_generated_from_the_declarations_is_what_is_committed() -> None:
    for path, text in generated().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is not as declared: run python -m assets.landing.pages"
        )


@pytest.mark.parametrize(
    ("source", "dataset", "name", "content"),
    [
        example.groups()
        for page in PAGES
        for example in _EXAMPLE.finditer(page.read_text(encoding="utf-8"))
    ],
)
def test_an_example_of_a_delivery_is_taken_in_as_it_stands(
    settings: Settings, drop: Drop, source: str, dataset: str, name: str, content: str
) -> None:
    drop(source, dataset, name, content)
    arrival = Deliveries(settings).take_in(source, dataset)
    assert arrival.outcome == "new", arrival.message
    assert arrival.refused_files == []
    assert arrival.samples == []
    assert arrival.rows_delivered == len(content.splitlines()) - 1


@pytest.mark.parametrize(
    ("language", "heading"),
    [("fi", "Mitä vastaukset tarkoittavat"), ("sv", "Vad svaren betyder")],
)
def test_a_guide_explains_answers_in_the_words_in_which_they_are_given(
    language: str, heading: str
) -> None:
    table = section(GUIDES[language].page.read_text(encoding="utf-8"), heading)
    wordings = "\n".join(wording.of(language) for wording in REASONS.values())
    assert [quoted for quoted, _ in rows_of_table(table) if quoted not in wordings] == []


def test_both_pages_for_partners_show_an_example() -> None:
    assert _EXAMPLE.search(README)
    assert {example[2] for example in _EXAMPLE.finditer(DELIVERIES)} == set(DATASETS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_decision_is_listed_under_its_title() -> None:
    listed = section((DOCS / "architecture.md").read_text(encoding="utf-8"), "Decisions")
    expected = []
    for number, path in enumerate(sorted((DOCS / "decisions").glob("*.md")), start=1):
        title = path.read_text(encoding="utf-8").splitlines()[0]
        assert path.name.startswith(f"{number:04}-")
        assert title.startswith(f"# {number}. ")
        expected.append(f"{number}. [{title.partition('. ')[2]}](decisions/{path.name})")
    assert listed.strip().splitlines() == expected


def test_readme_and_the_example_list_every_setting() -> None:
    told = {names(row[0])[0] for row in rows_of_table(section(README, "Settings"))}
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    used = {
        name
        for folder in ("assets", "checks", "orchestration", "dbt_project")
        for path in (PROJECT_ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql", ".yml") and "target" not in path.parts
        for name in re.findall(r"\bTILANNEKUVA_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    assert told == used == set(SETTING_NAMES)
    assert re.findall(r"^#(TILANNEKUVA_[A-Z_]+)=", example, re.MULTILINE) == list(SETTING_NAMES)


def test_the_example_sets_nothing_as_it_stands_and_every_value_of_it_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings_module, "PROJECT_ROOT", tmp_path)
    unset = Settings.load()
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(example, encoding="utf-8")
    assert Settings.load() == unset

    (tmp_path / ".env").write_text(re.sub(r"^#(?=TILANN)", "", example, flags=re.MULTILINE))
    everything = Settings.load()
    assert (everything.home, everything.sources) == (unset.home, unset.sources)
    assert everything.today_is_set
    assert everything.postgres_url is not None


def test_there_is_one_version() -> None:
    dbt_version = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text())["version"]
    package = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
    assert package["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "assets.__version__"}
    assert dbt_version == __version__
    assert USER_AGENT.startswith(f"Tilannekuva/{__version__} ")
    assert CliRunner().invoke(main, ["--version"]).output.split()[-1] == __version__
    assert f"## {__version__} " in (PROJECT_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_owners_are_named_for_paths_that_exist() -> None:
    lines = (PROJECT_ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    paths = [line.split()[0] for line in lines if line.startswith("/")]
    assert len(paths) > 5
    assert [path for path in paths if not (PROJECT_ROOT / path.lstrip("/")).exists()] == []


def test_every_page_is_listed_in_the_index() -> None:
    index = DOCS / "README.md"
    listed = {
        (DOCS / link.partition("#")[0]).resolve()
        for link in _LINK.findall(index.read_text(encoding="utf-8"))
    }
    assert {path for path in DOCS.glob("*.md") if path != index} <= listed


def test_commands_in_the_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {
        command
        for page in PAGES
        for command in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(), re.MULTILINE)
    }
    assert "refresh" in told
    assert told <= targets


def test_pictures_are_small_and_shown() -> None:
    shown = {(PROJECT_ROOT / link).resolve() for link in _LINK.findall(README)}
    for picture in (DOCS / "pictures").iterdir():
        assert picture.stat().st_size < MAX_PICTURE
        assert picture in shown
