"""The sample of the employment service statistics: one JSON-stat table, as PxWeb v1 answers.

The figures of table `tyonv` 12r5 in the format of the service. A test compares the codes with
`assets/feeds/sources/statfin.yaml`.

Sub-regions and regions are the sum of their municipalities and a few persons whose
municipality is unknown, so the parts add up to a little less than the whole, as in the real table.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from assets.sample.cases import cells_of
from assets.sample.formats import SampleFile
from assets.sample.releases import Releases
from assets.sample.series import World, chance
from assets.vocabulary.periods import Period

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

PATH = "tables/statfin/tyonv_12r5.json"
AREA, TIME, CONTENTS = "Alue", "timeperiod_m", "contentscode"
INDICATORS: Mapping[str, tuple[str, str]] = {
    "unemployed": ("TYOTTOMATLOPUSSA", "Työttömät laskentapäivänä (lkm.)"),
    "labour_force": ("TYOVOIMATK", "Työvoima (lkm.)"),
    "open_vacancies": ("AVPAIKATLOPUSSA", "Avoimet työpaikat laskentapäivänä (lkm.)"),
}
SUPPRESSED, NOT_AVAILABLE, NIL = "...", "..", "-"
_SAMPLE = "SAMPLE DATA, invented figures"

#: Seasons of unemployment and of vacancies, January first.
_UNEMPLOYMENT_SEASON = (1.06, 1.02, 0.99, 0.97, 0.94, 1.03, 1.08, 0.99, 0.95, 0.96, 0.98, 1.08)
_VACANCY_SEASON = (1.02, 1.1, 1.16, 1.18, 1.14, 1.03, 0.9, 0.98, 0.97, 0.94, 0.87, 0.71)
#: The business cycle: level of unemployment by year, 2015 first; the last one goes on.
_CYCLE = (1.25, 1.2, 1.07, 0.93, 0.87, 1.15, 1.08, 0.92, 0.95, 1.08, 1.18, 1.2)
_SPRING_2020 = {(2020, 4): 1.3, (2020, 5): 1.35, (2020, 6): 1.2}


def labour_table(world: World, releases: Releases) -> list[SampleFile]:
    """The table as published by today; no file before its first month."""
    months = releases.periods("unemployed")
    if not months:
        return []
    municipalities = world.alive("KU", releases.today)
    figures = _figures(world, municipalities, months, releases.today)
    areas, cube = _with_sums(world, releases, municipalities, figures)
    released = releases.day("unemployed", months[-1])
    body = _dressed(world, areas, months, cube)
    body["updated"] = f"{released.isoformat()}T05:00:00Z"
    return [SampleFile(PATH, orjson.dumps(body), released)]


def _figures(
    world: World, municipalities: Sequence[str], months: Sequence[Period], day: date
) -> Counts:
    """Municipality x month x content, in the territory of a day over the whole series.

    A month's figures do not depend on later months.
    """
    count = len(municipalities)
    years = np.array([month.start.year for month in months])
    population = np.array(
        [
            [world.population(ku, year, day) for year in range(years[0] - 1, years[-1] + 1)]
            for ku in municipalities
        ],
        dtype=np.float64,
    )
    share = np.array([month.start.month / 12.0 for month in months])
    at = years - years[0]
    people = population[:, at] * (1.0 - share) + population[:, at + 1] * share
    activity = np.array([0.46 + 0.05 * chance("activity", ku) for ku in municipalities])
    labour_force = np.rint(people * activity[:, None])
    level = np.array([_rate_level(ku) for ku in municipalities])
    cycle = np.array([_cycle(month) for month in months])
    noise = _noise(municipalities, months)
    unemployed = labour_force * level[:, None] * cycle * (0.96 + 0.08 * noise[0])
    demand = np.array([0.006 + 0.016 * chance("demand", ku) for ku in municipalities])
    season = np.array([_VACANCY_SEASON[month.start.month - 1] for month in months])
    vacancies = labour_force * demand[:, None] * season / cycle * (0.75 + 0.5 * noise[1])
    cube = np.empty((count, len(months), len(INDICATORS)))
    cube[:, :, 0] = np.maximum(np.rint(unemployed), 1.0)
    cube[:, :, 1] = labour_force
    cube[:, :, 2] = np.rint(vacancies)
    return cube.astype(np.int64)


def _rate_level(municipality: str) -> float:
    return 0.05 + 0.075 * chance("unemployment", municipality)


def _cycle(month: Period) -> float:
    year, number = month.start.year, month.start.month
    here = _CYCLE[min(max(year - 2015, 0), len(_CYCLE) - 1)]
    after = _CYCLE[min(max(year - 2014, 0), len(_CYCLE) - 1)]
    trend = here + (after - here) * (number - 1) / 12.0
    return trend * _UNEMPLOYMENT_SEASON[number - 1] * _SPRING_2020.get((year, number), 1.0)


def _noise(keys: Sequence[str], months: Sequence[Period]) -> Floats:
    """Two numbers in [0, 1) for each key and month: a whole-number mix (SplitMix64)."""
    rows = np.array([zlib.crc32(key.encode()) for key in keys], dtype=np.uint64)
    columns = np.array([m.start.year * 12 + m.start.month for m in months], dtype=np.uint64)
    kinds = np.array([1, 2], dtype=np.uint64)
    mixed = (
        rows[None, :, None] * np.uint64(0x9E3779B97F4A7C15)
        + columns[None, None, :] * np.uint64(0xBF58476D1CE4E5B9)
        + kinds[:, None, None] * np.uint64(0x94D049BB133111EB)
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53, dtype=np.float64)


def _with_sums(
    world: World, releases: Releases, municipalities: Sequence[str], figures: Counts
) -> tuple[list[str], Counts]:
    """The whole country, regions, sub-regions and municipalities, each with its figures."""
    day = releases.today
    row = {ku: number for number, ku in enumerate(municipalities)}
    sub_regions = {
        region: _with_unknown(region, figures[[row[ku] for ku in inside]].sum(axis=0))
        for region, inside in world.members("SK", day).items()
    }
    of_municipality = {
        ku: region for region, inside in world.members("SK", day).items() for ku in inside
    }
    regions = {
        region: _with_unknown(
            region,
            _sum_of([sub_regions[sk] for sk in sorted({of_municipality[k] for k in inside})]),
        )
        for region, inside in world.members("MK", day).items()
    }
    whole = _with_unknown("SSS", _sum_of(list(regions.values())))
    areas = ["SSS", *regions, *sub_regions, *municipalities]
    stacked = np.stack([whole, *regions.values(), *sub_regions.values()])
    return areas, np.concatenate([stacked, figures])


def _sum_of(parts: Sequence[Counts]) -> Counts:
    """The sum of equally shaped parts."""
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def _with_unknown(area: str, known: Counts) -> Counts:
    """Add persons and vacancies whose municipality is unknown: about one in a thousand."""
    whole = known.copy()
    share = 700 + round(600 * chance("unknown", area))
    whole[:, (0, 2)] += 1 + known[:, (0, 2)] // share
    # A person without a known municipality is in the labour force too.
    whole[:, 1] += whole[:, 0] - known[:, 0]
    return whole


def _dressed(
    world: World, areas: Sequence[str], months: Sequence[Period], cube: Counts
) -> dict[str, Any]:
    times = [f"{m.start.year}M{m.start.month:02}" for m in months]
    values: list[int | None] = list(cube.reshape(-1).tolist())
    status: dict[str, str] = {}

    def withhold(position: int, symbol: str) -> None:
        values[position] = None
        status[str(position)] = symbol

    area_at = {area: number for number, area in enumerate(areas)}
    time_at = {month.text: number for number, month in enumerate(months)}
    content_at = {indicator: number for number, indicator in enumerate(INDICATORS)}
    for position in np.flatnonzero(cube.reshape(-1) == 0).tolist():
        withhold(position, NIL)
    for name, symbol in (
        ("suppressed-unemployed", SUPPRESSED),
        ("not-available-vacancies", NOT_AVAILABLE),
    ):
        for cell in cells_of(name):
            if cell.period in time_at and cell.region in area_at:
                position = area_at[cell.region] * len(months) + time_at[cell.period]
                withhold(position * len(INDICATORS) + content_at[cell.indicator], symbol)
    contents = dict(INDICATORS.values())
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"{_SAMPLE}: työttömät, työvoima ja avoimet työpaikat muuttujina Alue, "
        "Kuukausi ja Tiedot",
        "source": f"{_SAMPLE}, in the shape of Tilastokeskus, työnvälitystilasto",
        "note": [f"{_SAMPLE}: nothing here was published by Statistics Finland. Real area codes."],
        "role": {"time": [TIME], "geo": [AREA], "metric": [CONTENTS]},
        "id": [AREA, TIME, CONTENTS],
        "size": [len(areas), len(months), len(INDICATORS)],
        "dimension": {
            AREA: _dimension("Alue", areas, {area: world.names[area] for area in areas}),
            TIME: _dimension("Kuukausi", times, {time: time for time in times}),
            CONTENTS: _dimension("Tiedot", list(contents), contents, with_units=True),
        },
        "extension": {"px": {"tableid": "12r5", "decimals": 0, "official-statistics": False}},
        "value": values,
        "status": dict(sorted(status.items(), key=lambda entry: int(entry[0]))),
    }


def _dimension(
    label: str, codes: Sequence[str], labels: Mapping[str, str], *, with_units: bool = False
) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": {code: number for number, code in enumerate(codes)},
        "label": dict(labels),
    }
    if with_units:
        category["unit"] = {code: {"base": "lukumäärä", "decimals": 0} for code in codes}
    return {
        "label": label,
        "category": category,
        "extension": {"elimination": False, "show": "value"},
    }


def unemployed_of(world: World, municipality: str, month: Period) -> int:
    """The table's value for a municipality without mergers; other sources repeat it."""
    return int(_figures(world, [municipality], [month], month.last_day)[0, 0, 0])
