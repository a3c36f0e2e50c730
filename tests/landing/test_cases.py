"""Small deliveries made after public bug reports, end to end: file, figure, quarantine, ledger.

Each folder of `../shared/data/cases` says in `expected.md` how to deliver its files and what is
right. Cases that do not touch each other share a warehouse; the figures they share are sums.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.settings import Settings
from tests.conftest import FIRST_DELIVERY
from tests.engine import Engine

CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="no cases beside the repository"),
]

Figure = tuple[str, str, str]
#: For each warehouse: who delivers the files of which case as what.
DELIVERED: Mapping[str, list[tuple[str, str]]] = {
    "first": [
        ("business-id-as-vat-number", "evk/funding_decisions"),
        ("csv-one-foreign-byte", "business_finland/funding_decisions"),
        ("csv-two-stray-quotes", "development_company/advice_events"),
        ("dates-in-utc", "proagria/advice_events"),
        ("finnish-day-with-time", "development_company/advice_events"),
        ("ids-in-scientific-notation", "finnvera/funding_decisions"),
        ("ids-of-sixteen-digits", "evk/funding_decisions"),
        ("ids-with-invisible-characters", "ely/funding_decisions"),
        ("period-of-another-frequency", "statfin/measurements"),
        ("periods-from-finnish-spreadsheets/avoimet.csv", "te_office/measurements"),
        ("periods-from-finnish-spreadsheets/neljannekset.csv", "prh/measurements"),
        ("quarters-with-k/neljannes.csv", "prh/measurements"),
        ("share-as-fraction", "coordinator/measurements"),
        ("xlsx-as-registers-write-it/ilman_viitteita.xlsx", "development_company/advice_events"),
        ("xlsx-formula-stored-as-zero/tyottomat.xlsx", "employment_area/measurements"),
        ("xlsx-formula-stored-as-zero/paatokset.xlsx", "business_finland/funding_decisions"),
        ("xlsx-scaled-number-format", "business_finland/measurements"),
    ],
    "second": [
        ("reverted-correction", "te_office/measurements"),
        ("total-row-with-region", "evk/funding_decisions"),
        ("xlsx-as-registers-write-it/kenoviivat.xlsx", "development_company/advice_events"),
    ],
}
FIGURES: Mapping[str, dict[Figure, float | None]] = {
    "first": {
        # Four decisions of one business, one of sixteen digits, two beside a foreign byte.
        ("development_funding", "KU205", "2026-Q1"): 400 + 12_000 + 30_000,
        ("development_funding", "KU092", "2026-Q2"): 1_000,
        ("development_funding", "KU205", "2025-Q1"): 10_000,
        ("investment_financing", "KU205", "2026-Q1"): None,
        # Stray quotation marks 12, UTC 8, days with a time 3, cells without references 8.
        ("advice_events", "SK181", "2025-Q1"): 12 + 8 + 3 + 8,
        ("rd_expenditure", "MK18", "2012"): 6,
        ("rd_expenditure", "MK18", "2011-12"): None,
        **{("open_vacancies", "KU205", f"2024-0{n}"): 10 + n for n in range(1, 8)},
        **{("enterprises_started", "SK181", f"2024-Q{n}"): 20 + n for n in range(1, 5)},
        ("enterprises_started", "SK181", "2025-Q1"): 40,
        ("plan_measures_done", "SS07", "2025"): None,
        ("plan_measures_done", "SS08", "2025"): 85,
        ("unemployed", "KU091", "2026-03"): None,
        ("unemployed", "KU049", "2026-03"): 9_000,
        ("growth_enterprise_turnover", "MK18", "2019"): 1_234_567,
        ("growth_enterprise_turnover", "MK18", "2020"): 1_235_000,
        ("growth_enterprise_turnover", "MK18", "2021"): 1_234_567,
    },
    "second": {
        ("open_vacancies", "KU205", "2024-03"): 100,
        ("development_funding", "KU205", "2026-Q1"): 300,
        ("advice_events", "SK181", "2025-Q1"): 8,
    },
}
#: File, line and column of every row in quarantine.
QUARANTINED = {
    "first": {
        ("2_taydennys.csv", 4, ""), ("6_neuvonta.csv", 5, "happened_on"),
        ("fv.csv", 2, "decision_id"), ("fv.csv", 3, "decision_id"), ("fv.csv", 4, "decision_id"),
        ("rd.csv", 2, "period"), ("osuudet.csv", 2, "value"), ("tyottomat.xlsx", 2, "value"),
        ("paatokset.xlsx", 2, "amount_eur"),
    },
    "second": {("paatokset.csv", 4, "decision_id")},
}  # fmt: skip


@pytest.fixture(scope="module", params=list(DELIVERED))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The name of a warehouse and the warehouse, with the cases of that name taken in."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = replace(
        Settings.load(), home=folder / "home", sources="landing", today=date(2026, 11, 30),
        today_is_set=True, postgres_url=None,
    )  # fmt: skip
    minute = 0
    for case, place in DELIVERED[request.param]:
        path = CASES / case
        for file in [path] if path.is_file() else sorted(path.glob("*.*")):
            if file.suffix != ".md":
                minute += 1
                target = settings.landing_dir / place / file.name
                if target.exists():
                    target = target.with_name(f"{minute}_{file.name}")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
                moment = (FIRST_DELIVERY + timedelta(minutes=minute)).timestamp()
                os.utime(target, (moment, moment))
    engine = Engine(settings, folder)
    engine.take_in()
    engine.build("fct_observations", "quality_quarantine", "quality_ledger")
    return request.param, engine


def test_the_figures_are_right(built: tuple[str, Engine]) -> None:
    name, engine = built
    found = {
        figure: next(
            (value for (value,) in engine.rows(
                "select value from fct_observations where indicator = ? and region = ? "
                "and period = ? and segment = 'total'", *figure)),
            None,
        )
        for figure in FIGURES[name]
    }  # fmt: skip
    assert found == FIGURES[name]


def test_what_is_doubtful_lies_in_quarantine_with_its_own_line(built: tuple[str, Engine]) -> None:
    name, engine = built
    rows = engine.rows('select file, line, "column" from quality_quarantine')
    assert {(file.split("/")[-1], line, column) for file, line, column in rows} == {
        (file, line, column) for file, line, column in QUARANTINED[name]
    }


def test_the_ledger_counts_every_line_of_every_file(built: tuple[str, Engine]) -> None:
    _, engine = built
    rows = engine.rows(
        "select origin, rows_delivered, rows_observed + rows_superseded + rows_overlapped "
        "+ rows_quarantined from quality_ledger"
    )
    for origin, delivered, settled in rows:
        path = engine.settings.home / origin
        if path.suffix == ".csv":
            lines = [line for line in path.read_bytes().splitlines() if line.strip()]
            assert delivered == len(lines) - 1, origin
        assert delivered == settled, origin
