"""Templates and examples: what partners are handed is taken in as it stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from assets.catalogue import Catalogue
from assets.datasets import DATASETS, Dataset, Kind, fold_header
from assets.errors import TilannekuvaError
from assets.landing.delivery import DeliveryReader
from assets.landing.guidance import EXAMPLES, WRITING
from assets.landing.templates import write_templates
from assets.languages import LANGUAGES
from assets.raw.content import Content
from assets.raw.delivery import Batch
from tests.conftest import TODAY

FORMATS = ("csv", "xlsx")


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Every file by its name."""
    written = write_templates(tmp_path_factory.mktemp("templates"), Catalogue.load())
    return {path.name: path for path in written}


def taken_in(dataset: str, path: Path, source: str) -> list[Batch]:
    reader = DeliveryReader(Catalogue.load(), lambda text: f"key of {text}", TODAY)
    delivery = reader.read(
        source,
        dataset,
        Content(path),
        file=path.name,
        origin=path.name,
        delivered_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert delivery.notes is None
    assert delivery.extension == path.suffix[1:]
    return list(delivery.batches)


def headers(path: Path) -> list[str]:
    if path.suffix == ".csv":
        text = path.read_text(encoding="utf-8-sig")
        delimiter = ";" if ";" in text.splitlines()[0] else ","
        return next(csv.reader(io.StringIO(text), delimiter=delimiter))
    return [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]


def test_each_dataset_has_a_template_and_an_example_in_each_language_and_format(
    templates: Mapping[str, Path],
) -> None:
    assert list(templates) == [
        f"{dataset}_{language}{example}.{ending}"
        for dataset in DATASETS
        for language in LANGUAGES
        for example in ("", "_example")
        for ending in FORMATS
    ]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
class TestEachFile:
    def test_an_empty_template_is_a_delivery_without_rows(
        self, templates: Mapping[str, Path], dataset: Dataset, language: str, ending: str
    ) -> None:
        path = templates[f"{dataset.name}_{language}.{ending}"]
        assert taken_in(dataset.name, path, EXAMPLES[dataset.name].source) == []

    def test_an_example_is_taken_in_without_a_quarantined_row(
        self, templates: Mapping[str, Path], dataset: Dataset, language: str, ending: str
    ) -> None:
        example = EXAMPLES[dataset.name]
        path = templates[f"{dataset.name}_{language}_example.{ending}"]
        (batch,) = taken_in(dataset.name, path, example.source)
        assert batch.rejected == []
        assert batch.accepted.num_rows == len(example.rows)
        for given, row in zip(example.rows, batch.accepted.to_pylist(), strict=True):
            for name in ("amount_eur", "happened_on", "segment", "status", "region", "year"):
                if name in given and name in row:
                    assert row[name] == given[name]

    def test_the_headers_are_those_of_the_language_one_for_each_column(
        self, templates: Mapping[str, Path], dataset: Dataset, language: str, ending: str
    ) -> None:
        found = headers(templates[f"{dataset.name}_{language}.{ending}"])
        by_header = dataset.by_header
        assert [by_header[fold_header(header)] for header in found] == list(dataset.columns)
        assert (found == [column.name for column in dataset.columns]) == (language == "en")


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_language_and_format_of_an_example_says_the_same(
    templates: Mapping[str, Path], dataset: str
) -> None:
    source = EXAMPLES[dataset].source
    first, *others = (
        taken_in(dataset, templates[f"{dataset}_{language}_example.{ending}"], source)[0].accepted
        for language in LANGUAGES
        for ending in FORMATS
    )
    for batch in others:
        assert batch.to_pylist() == first.to_pylist()


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_required_columns_stand_out_and_cells_are_checked_while_they_are_written(
    templates: Mapping[str, Path], dataset: Dataset
) -> None:
    book = openpyxl.load_workbook(templates[f"{dataset.name}_fi.xlsx"])
    page = book.worksheets[0]
    assert page.freeze_panes == "A2"
    fills = {True: set(), False: set()}
    for cell, column in zip(page[1], dataset.columns, strict=True):
        assert cell.font.bold == column.required
        fills[column.required].add(cell.fill.fgColor.rgb)
        assert page.column_dimensions[cell.column_letter].width >= len(cell.value) + 2
    assert not fills[True] & fills[False]
    rules = {str(rule.sqref)[0]: rule for rule in page.data_validations.dataValidation}
    lists = book["Lists"]
    assert lists.sheet_state == "hidden"
    wanted = {
        Kind.WORD, Kind.TERM, Kind.FLAG, Kind.SEGMENT, Kind.REGION, Kind.REGION_TYPE,
        Kind.INDICATOR, Kind.UNIT, Kind.OBS_STATUS, Kind.CONF_STATUS, Kind.ACTOR,
        Kind.OUTER_REGION, Kind.DATASET,
    }  # fmt: skip
    for letter, column in zip("ABCDEFGHIJKLMNOP", dataset.columns, strict=False):
        assert rules[letter].prompt
        assert len(rules[letter].prompt) <= 255
        assert (rules[letter].type == "list") == (column.kind in wanted), column.name
        if rules[letter].type == "list":
            place = rules[letter].formula1.removeprefix("Lists!")
            offered = [cell.value for (cell,) in lists[place]]
            assert all(offered)
            assert len(offered) == len(set(offered)) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_list_offers_is_understood(
    templates: Mapping[str, Path], language: str, tmp_path: Path
) -> None:
    seen: set[tuple[Kind, str]] = set()
    for dataset in DATASETS.values():
        example = EXAMPLES[dataset.name]
        path = templates[f"{dataset.name}_{language}_example.xlsx"]
        page = openpyxl.load_workbook(path).worksheets[0]
        lists = openpyxl.load_workbook(path)["Lists"]
        first = [cell.value for cell in page[2]]
        rows = []
        for rule in page.data_validations.dataValidation:
            number = openpyxl.utils.column_index_from_string(str(rule.sqref)[0]) - 1
            kind, words = dataset.columns[number].kind, dataset.columns[number].words
            # What a dataset's rules say of the words does not depend on their language.
            if language != "fi" and (kind, words) in seen:
                continue
            seen.add((kind, words))
            # Which indicators and types fit depends on the source and the region of the row.
            if rule.type == "list" and kind not in (
                Kind.INDICATOR, Kind.REGION_TYPE, Kind.UNIT, Kind.OBS_STATUS, Kind.CONF_STATUS,
            ):  # fmt: skip
                for (cell,) in lists[rule.formula1.removeprefix("Lists!")]:
                    rows.append([*first[:number], cell.value, *first[number + 1 :]])
        if not rows:
            continue
        book = openpyxl.Workbook()
        for row in [[cell.value for cell in page[1]], *rows]:
            book.active.append(row)
        book.save(tmp_path / "offered.xlsx")
        source = "evk" if dataset.name == "funding_decisions" else example.source
        batches = taken_in(dataset.name, tmp_path / "offered.xlsx", source)
        assert [reject for batch in batches for reject in batch.rejected] == []
        assert sum(batch.accepted.num_rows for batch in batches) == len(rows)


@pytest.mark.parametrize(
    ("language", "name"), [("fi", "Ohje"), ("sv", "Anvisningar"), ("en", "Help")]
)
@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_the_second_sheet_explains_every_column(
    templates: Mapping[str, Path], dataset: Dataset, language: str, name: str
) -> None:
    book = openpyxl.load_workbook(templates[f"{dataset.name}_{language}.xlsx"])
    assert book.sheetnames == [dataset.name, name, "Lists"]
    told = [[cell.value for cell in row] for row in book[name].iter_rows()]
    assert told[1][0] == dataset.row.of(language)
    assert re.search(rf"landing/<(lähde|källa|source)>/{dataset.name}/", told[2][0])
    assert [row[0] for row in told[5:]] == [cell.value for cell in book.worksheets[0][1]]
    for row, column in zip(told[5:], dataset.columns, strict=True):
        assert row[2] == column.meaning.of(language)
        assert row[3] == WRITING[column.kind].of(language)
        assert (row[1] in ("kyllä", "ja", "yes")) == column.required


def test_a_template_for_a_source_offers_what_that_source_delivers(tmp_path: Path) -> None:
    catalogue = Catalogue.load()
    written = write_templates(tmp_path, catalogue, ("en",), source="service")
    assert [path.name for path in written] == ["measurements_en.csv", "measurements_en.xlsx"]
    lists = openpyxl.load_workbook(written[1])["Lists"]
    assert [lists[f"A{row}"].value for row in range(1, 5)] == [
        *(
            catalogue.indicators[f"service_users{channel}"].name_en
            for channel in ("", "_web", "_phone")
        ),
        None,
    ]
    names = [path.name for path in write_templates(tmp_path, catalogue, source="evk")]
    assert "funding_decisions_fi_example.xlsx" in names
    assert not any(name.startswith("plan_") for name in names)


def test_the_same_catalogue_gives_the_same_bytes(
    templates: Mapping[str, Path], tmp_path: Path
) -> None:
    for path in write_templates(tmp_path / "again", Catalogue.load(), ("sv",)):
        assert path.read_bytes() == templates[path.name].read_bytes()


def test_a_language_or_source_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TilannekuvaError, match="no templates in xx; choose from fi, sv, en"):
        write_templates(tmp_path, Catalogue.load(), ("fi", "xx"))
    with pytest.raises(TilannekuvaError, match="'nobody' is not a source"):
        write_templates(tmp_path, Catalogue.load(), source="nobody")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TilannekuvaError, match="cannot be written"):
        write_templates(tmp_path / "file", Catalogue.load())
