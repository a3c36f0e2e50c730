"""The command `series`: a published series in the regional division of another year.

What does not belong here: how figures are carried over (the table functions `series` and
`series_parts` of the publication).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import duckdb
from rich.table import Table

from assets.errors import TilannekuvaError
from assets.settings import Settings
from orchestration.commands._terminal import console_of
from orchestration.published import opened

#: Parts of a cell that the terminal shows; `--json` has all of them.
_SHOWN_PARTS = 4


@dataclass(frozen=True)
class Part:
    """A published figure that a cell is made of.

    Attributes:
        region: whose figure it is, as a typed code of `division`.
        division: classification year that the figure stands in.
        share: share of it that counts, 0–1; None where nothing says how it is divided.
        value: the figure, in the indicator's unit; None where it is missing or withheld.
        obs_status: its SDMX observation status.
        conf_status: its SDMX confidentiality status.
        source: whose measurement it is.
    """

    region: str
    division: int
    share: float | None
    value: float | None
    obs_status: str
    conf_status: str
    source: str


@dataclass(frozen=True)
class Cell:
    """One period of a series in the division that was asked for.

    Attributes:
        period: as in `dim_period`.
        cell_slot: the source for indicators combined as `separate`, otherwise `*`.
        value: in the indicator's unit; None where it is impossible, missing or withheld.
        obs_status: the strongest flag of the parts (SDMX precedence).
        conf_status: F, or why the value is withheld.
        method: exact, summed, estimated or impossible.
        coverage_share: share of the parts that have a value, 0–1; None where it is unknown.
        parts: what it is made of. For a recomputed rate those of its numerator and denominator,
            by indicator.
    """

    period: str
    cell_slot: str
    value: float | None
    obs_status: str
    conf_status: str
    method: str
    coverage_share: float | None
    parts: Mapping[str, list[Part]]


@dataclass(frozen=True)
class Series:
    """A series of one region in the division of one year, in order of period."""

    indicator: str
    region: str
    name: str
    segment: str
    division: int
    unit: str
    cells: list[Cell]


def read_series(
    publication: Path, indicator: str, region: str, division: int, segment: str = "total"
) -> Series:
    """A published series, carried into the regional division of a year.

    Args:
        publication: folder of a publication (`published/current`).
        indicator: id of the indicator.
        region: typed code of a region of that division.
        division: classification year.
        segment: customer segment.

    Raises:
        TilannekuvaError: there is no publication that can be asked, or it does not know the
            indicator, or not the region in that year.
    """
    with opened(publication / "marts.duckdb", "series", "series_parts") as marts:
        found = marts.execute(
            "select unit from dim_indicator where indicator = ?", [indicator]
        ).fetchone()
        if found is None:
            raise TilannekuvaError(
                f"There is no indicator {indicator!r}; dim_indicator lists those that there are."
            )
        name = _name_of(marts, region, division)
        asked = [indicator, region, division, segment]
        cells = marts.execute(
            "select period, cell_slot, value, obs_status, conf_status, method, coverage_share "
            "from series(?, ?, ?, ?) order by sort_key, cell_slot",
            asked,
        ).fetchall()
        rows = marts.execute(
            "select period, cell_slot, indicator, part, from_year, share, value, obs_status, "
            "conf_status, source from series_parts(?, ?, ?, ?) order by all",
            asked,
        ).fetchall()
    parts: dict[tuple[str, str], dict[str, list[Part]]] = {}
    for period, cell_slot, of, *columns in rows:
        parts.setdefault((period, cell_slot), {}).setdefault(of, []).append(Part(*columns))
    answers = []
    for period, cell_slot, *columns in cells:
        made_of = parts.get((period, cell_slot), {})
        value, obs_status, conf_status, method, coverage_share = columns
        answers.append(
            Cell(period, cell_slot, value, obs_status, conf_status, method, coverage_share, made_of)
        )
    return Series(indicator, region, name, segment, division, found[0], answers)


def _name_of(marts: duckdb.DuckDBPyConnection, region: str, division: int) -> str:
    years = marts.execute(
        "select classification_year, name_fi from dim_region where region = ? order by 1", [region]
    ).fetchall()
    names = dict(years)
    if division in names:
        return str(names[division])
    first, last = _division_years(marts)
    if not first <= division <= last:
        raise TilannekuvaError(
            f"There is no regional division of {division}; those of {first} to {last} are known."
        )
    if not names:
        raise TilannekuvaError(
            f"There is no region {region!r}; write a typed code such as KU205, SK181, MK18 or SSS."
        )
    raise TilannekuvaError(
        f"{region} ({years[-1][1]}) is no region of the division of {division}; it is one of "
        f"{min(names)} to {max(names)}."
    )


def _division_years(marts: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    row = marts.execute(
        "select min(classification_year), max(classification_year) from dim_region"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


@click.command(name="series")
@click.argument("indicator")
@click.argument("region")
@click.option("--division", type=int, required=True, help="Year of the regional division.")
@click.option("--segment", default="total", show_default=True, help="Customer segment.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all parts.")
def command(indicator: str, region: str, division: int, segment: str, as_json: bool) -> None:
    """Show a published series in the regional division of another year.

    REGION is a code of that division, such as KU413 with --division 2014. Every cell says how it
    came about: exact (the same territory), summed (several regions make it up), estimated (one is
    divided by a key) or impossible (one is divided and there is no key).
    """
    current = Settings.load().published_dir / "current"
    found = read_series(current, indicator, region.upper(), division, segment)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    if not found.cells:
        click.echo(
            f"Nothing that was published of {indicator} reaches {found.region} ({found.name}) "
            f"in the division of {division}."
        )
        return
    console = console_of()
    table = Table(
        title=f"{indicator}, {found.region} {found.name}, {segment}, in the division of "
        f"{division} ({found.unit})",
        title_justify="left",
        box=None,
    )
    table.add_column("period")
    table.add_column("value", justify="right")
    for column in ("status", "method", "coverage", "made of"):
        table.add_column(column)
    for cell in found.cells:
        table.add_row(
            cell.period if cell.cell_slot == "*" else f"{cell.period} {cell.cell_slot}",
            "–" if cell.value is None else f"{cell.value:,.10g}",
            cell.obs_status if cell.conf_status == "F" else f"{cell.obs_status} {cell.conf_status}",
            cell.method,
            _share(cell.coverage_share),
            _told(cell.parts),
        )
    console.print(table)


def _share(coverage: float | None) -> str:
    """A coverage as a percentage; unknown where nobody is known to be expected to report."""
    if coverage is None:
        return "unknown"
    return f"{coverage:.0%}" if coverage in (0, 1) else f"{coverage:.1%}"


def _told(parts: Mapping[str, list[Part]]) -> str:
    """What a cell is made of, in a few words."""
    told = []
    for indicator, figures in parts.items():
        shown = " + ".join(_told_part(part) for part in figures[:_SHOWN_PARTS])
        if len(figures) > _SHOWN_PARTS:
            shown += f" + {len(figures) - _SHOWN_PARTS} more"
        divisions = ", ".join(str(year) for year in sorted({part.division for part in figures}))
        told.append(f"{indicator + ': ' if len(parts) > 1 else ''}{shown} ({divisions})")
    return "; ".join(told)


def _told_part(part: Part) -> str:
    value = part.obs_status if part.value is None else f"{part.value:,.10g}"
    if part.share is None:
        return f"a part of {part.region} {value}"
    return f"{part.region} {value}" + ("" if part.share == 1 else f" × {part.share:.4g}")
