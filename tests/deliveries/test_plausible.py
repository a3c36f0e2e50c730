"""Measurements far from their neighbours are held until a person accepts them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from assets.catalogue import Catalogue
from assets.deliveries import Arrival, Deliveries
from assets.settings import SEEDS_DIR, Settings
from orchestration.commands.accept import command as accept
from tests.conftest import Drop

WHO = ("employment_area", "measurements")
#: Municipalities with their inhabitants.
INHABITANTS = {"KU005": 9_200, "KU009": 2_400, "KU010": 10_000, "KU016": 7_900, "KU564": 211_000,
               "KU049": 305_000}  # fmt: skip
HEADER = "indicator,region,period,value,unit\n"


def series(values: dict[str, float], region: str = "KU205", unit: str = "persons") -> str:
    return "".join(
        f"unemployed,{region},{period},{value},{unit}\n" for period, value in values.items()
    )


def take_in(settings: Settings, catalogue: Catalogue | None = None) -> Arrival:
    return Deliveries(settings, catalogue).take_in(*WHO)


def held(arrival: Arrival) -> list[tuple[int, str]]:
    return [(line, column) for _, line, column, _ in arrival.samples]


def test_a_value_a_thousand_times_its_own_series_is_held(settings: Settings, drop: Drop) -> None:
    values = {"2025-01": 1250, "2025-02": 1240, "2025-03": 1_254_000, "2025-04": 1260}
    drop(*WHO, "a.csv", HEADER + series(values))
    arrival = take_in(settings)
    assert held(arrival) == [(4, "value")]
    assert "far from what unemployed measures around it (1255)" in arrival.samples[0][3]
    assert arrival.rows_delivered == 4


def test_what_was_delivered_before_tells_as_well(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "a.csv", HEADER + series({"2025-01": 1250}))
    assert held(take_in(settings)) == []
    drop(*WHO, "b.csv", HEADER + series({"2025-02": 1.25}))
    assert held(take_in(settings)) == [(2, "value")]


def per_head(share: float, regions: dict[str, int] = INHABITANTS, year: str = "2025") -> str:
    return "".join(
        series({f"{year}-01": max(1, round(share * people))}, region)
        for region, people in regions.items()
    )


def test_a_new_series_is_compared_with_the_regions_around(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "a.csv", HEADER + per_head(0.04) + series({"2025-01": 1_254_000}))
    assert held(take_in(settings)) == [(8, "value")]


def test_one_region_in_another_unit_is_held_though_its_own_series_agrees(
    settings: Settings, drop: Drop
) -> None:
    wrong = series({"2025-01": 1.2, "2025-02": 1.3, "2025-03": 1.2})
    drop(*WHO, "a.csv", HEADER + per_head(0.04) + wrong)
    assert held(take_in(settings)) == [(n, "value") for n in (8, 9, 10)]


def test_big_and_small_municipalities_are_compared_per_head(settings: Settings, drop: Drop) -> None:
    small = {"KU766": 111, "KU318": 230, "KU697": 1_100, "KU620": 2_200}
    drop(*WHO, "a.csv", HEADER + per_head(0.05, small) + series({"2025-01": 38_000}, "KU091"))
    assert held(take_in(settings)) == []


def test_a_whole_delivery_in_another_unit_is_held(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "a.csv", HEADER + per_head(0.04))
    assert held(take_in(settings)) == []
    # The same regions a year later in thousands, and other regions that are new.
    text = "".join(
        series({"2026-01": round(0.04 * people / 1000, 3)}, region)
        for region, people in INHABITANTS.items()
    )
    drop(*WHO, "b.csv", HEADER + text + series({"2026-01": 1.6}, "KU405"))
    assert held(take_in(settings)) == [(line, "value") for line in range(2, 9)]


def test_a_first_delivery_is_compared_with_what_others_delivered(
    settings: Settings, drop: Drop
) -> None:
    drop("te_office", "measurements", "a.csv", HEADER + series({"2024-12": 1250}))
    Deliveries(settings).take_in("te_office", "measurements")
    drop(*WHO, "b.csv", HEADER + series({"2025-01": 1.25, "2025-02": 1.26, "2025-03": 1.27}))
    assert held(take_in(settings)) == [(n, "value") for n in (2, 3, 4)]


def test_a_value_far_from_its_past_and_near_its_regions_is_taken_in(
    settings: Settings, drop: Drop
) -> None:
    drop(*WHO, "a.csv", HEADER + per_head(0.04) + series({"2025-01": 2, "2025-02": 3}))
    assert held(take_in(settings)) == [(8, "value")]
    drop(*WHO, "b.csv", HEADER + series({"2025-03": 1500}))
    assert held(take_in(settings)) == []


def test_what_few_regions_have_is_not_far(settings: Settings, drop: Drop) -> None:
    amounts = {"KU005": 1, "KU009": 40, "KU010": 900, "KU016": 9_000, "KU205": 60_000, "KU564": 5}
    text = "".join(f"growth_enterprises,{region},2024,{n},count\n" for region, n in amounts.items())
    drop("business_finland", "measurements", "a.csv", HEADER + text)
    arrival = Deliveries(settings).take_in("business_finland", "measurements")
    assert held(arrival) == []


@pytest.mark.parametrize(
    "text",
    [
        series({"2025-01": 1250, "2025-02": 4000, "2025-03": 300, "2025-04": 0}),
        series({"2025-01": 1_250_000}),
        series({"2025-01": 1250, "2025-02": 1260, "2025-03": 1240})
        + series({"2025-04": 1.25}, unit="1000 persons"),
    ],
)
def test_what_may_well_be_true_is_taken_in(settings: Settings, drop: Drop, text: str) -> None:
    drop(*WHO, "a.csv", HEADER + text)
    assert held(take_in(settings)) == []


def test_a_correction_of_a_wrong_unit_is_taken_in(settings: Settings, drop: Drop) -> None:
    drop(*WHO, "a.csv", HEADER + series({"2025-01": 1_250_000}))
    drop(*WHO, "b.csv", HEADER + series({"2025-01": 1250}))
    assert held(take_in(settings)) == []


def test_a_value_that_a_person_accepts_is_read_again(
    settings: Settings, drop: Drop, tmp_path: Path
) -> None:
    values = {"2025-01": 1250, "2025-02": 1240, "2025-03": 1_254_000, "2025-04": 1260}
    drop(*WHO, "a.csv", HEADER + series(values))
    assert len(held(take_in(settings))) == 1
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS_DIR, seeds)
    with (seeds / "accepted_values.csv").open("a", encoding="utf-8") as stream:
        stream.write("unemployed,KU205,,2025-03,,a camp,council,2025-05-01\n")
    again = take_in(settings, Catalogue.load(seeds))
    assert (held(again), again.rows_delivered) == ([], 4)


@pytest.mark.parametrize(("cells", "outcome"), [(4, "new"), (5, "nothing"), (12, "nothing")])
def test_a_file_in_which_most_cells_come_twice_waits(
    settings: Settings, drop: Drop, cells: int, outcome: str
) -> None:
    months = [f"2025-{n:02}" for n in range(1, cells + 1)]
    total = series(dict.fromkeys(months, 100))
    men = series(dict.fromkeys(months, 60))
    drop(*WHO, "a.csv", HEADER + total + men)
    arrival = take_in(settings)
    assert arrival.outcome == outcome
    told = f"{cells} of {cells} cells come twice with different values"
    assert [told in reason for _, reason in arrival.refused_files] == [True] * (outcome != "new")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            ["indicator,region,period,value,Sukupuoli"]
            + [f"unemployed,MK18,2025-01,{n},{who}" for n, who in ((90, "total"), (50, "men"))]
        ),
        "\n".join(
            [HEADER.strip()]
            + [
                f"unemployed,KU205,{year}-{n:02},{value},"
                for year in (2023, 2024, 2025)
                for n in range(1, 13)
                for value in (100, 60)
            ]
        ),
    ],
    ids=["a column that is not read", "most cells twice"],
)
def test_a_file_whose_rows_come_twice_waits_until_somebody_accepts_it(
    settings: Settings, drop: Drop, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(*WHO, "a.csv", text + "\n")
    waits = take_in(settings)
    assert (waits.outcome, len(waits.refused_files)) == ("nothing", 1)
    assert take_in(settings).outcome == "nothing"
    monkeypatch.setenv("TILANNEKUVA_HOME", str(settings.home))
    monkeypatch.setenv("TILANNEKUVA_SOURCES", "landing")
    accepted = CliRunner().invoke(accept, [*WHO, "--because", "two registers"])
    assert accepted.exit_code == 0, accepted.output
    assert f"{text.count(chr(10))} rows, 0 to quarantine" in accepted.output
    (vintage,) = Deliveries(settings).zone.vintages(*WHO)
    assert "two registers" in (vintage.notes or "")
    assert take_in(settings).outcome == "unchanged"
    assert not list(settings.quarantine_dir.rglob("*-file.parquet"))


def test_a_further_column_that_tells_no_rows_apart_is_only_named(
    settings: Settings, drop: Drop
) -> None:
    rows = ["90,total,1,", "60,total,2,korjattu", "60,men,3,korjattu"]
    text = "".join(f"unemployed,MK18,2025-01,{row}\n" for row in rows)
    drop(*WHO, "a.csv", f"indicator,region,period,value,Sukupuoli,nro,kommentti\n{text}")
    # The sex differs where the value does not; numbers and empty cells are no classification.
    assert take_in(settings).refused_files[0][1].startswith("The column 'Sukupuoli'")
    drop(*WHO, "a.csv", f"indicator,region,period,value,tieto,nro,kommentti\n{text}".replace(
        "men", "total"))  # fmt: skip
    assert take_in(settings).outcome == "new"
