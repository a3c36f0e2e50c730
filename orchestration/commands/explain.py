"""The command `explain`: why a published number is what it is.

What belongs here: understanding what is asked, and words and tables for the terminal. What does
not: which rows explain a cell (the table function `explain` of the publication), or what was
decided about them (the models).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.errors import TilannekuvaError
from assets.settings import Settings
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period
from orchestration.as_known_on import build_as_known_on
from orchestration.commands._terminal import console_of
from orchestration.published import opened


@dataclass(frozen=True)
class Step:
    """One row of the table function `explain`; what a step does not say is None.

    Attributes:
        step_no: its place, from 1.
        step: observation, rule, source, measurement, sum_of_parts, part, overlap, event_link, gap
            or version.
        depth: 0 for the cell that was asked for; 1 and 2 for numerator and denominator of a rate.
        indicator: whose step it is.
        region: typed code; of a part the part's own.
        period: as in `dim_period`; of an overlap that of the other measurement.
        source: who reported it.
        dataset: dataset of the source.
        vintage: the delivery.
        file: the delivered file.
        line: line or cell number in it; None for events.
        origin: path in the landing zone, or address of the service.
        value: in the indicator's unit; None where it is missing or withheld.
        obs_status: SDMX observation status.
        conf_status: SDMX confidentiality status.
        coverage_share: share of the parts that have a value, 0–1.
        events: number of events or records that a measurement stands for; None for one row.
        disposition: observed, superseded or overlapped.
        rule: the rule that decided, the combination, the slot, or the kind of overlap or gap.
        known_from: moment from which it is known (UTC, ISO 8601).
        known_to: moment until which it was known, exclusive; None while it is.
        detail: the same in words.
    """

    step_no: int
    step: str
    depth: int
    indicator: str
    region: str | None
    period: str | None
    source: str | None
    dataset: str | None
    vintage: str | None
    file: str | None
    line: int | None
    origin: str | None
    value: float | None
    obs_status: str | None
    conf_status: str | None
    coverage_share: float | None
    events: int | None
    disposition: str | None
    rule: str | None
    known_from: str | None
    known_to: str | None
    detail: str | None


@dataclass(frozen=True)
class Explanation:
    """Everything that is published about one cell.

    Attributes:
        indicator: id of the indicator.
        unit: unit of its values.
        region: typed code.
        name: name of the region in Finnish, in the newest division that has it.
        segment: customer segment.
        period: as in `dim_period`.
        as_known_on: day that it was asked for; None for the newest publication.
        steps: in the order in which they are told.
    """

    indicator: str
    unit: str
    region: str
    name: str
    segment: str
    period: str
    as_known_on: date | None
    steps: Sequence[Step]

    def of(self, step: str, depth: int = 0) -> list[Step]:
        """The steps of one kind."""
        return [told for told in self.steps if told.step == step and told.depth == depth]


def read_explanation(
    database: Path,
    indicator: str,
    region: str,
    period: str,
    segment: str = "total",
    *,
    as_known_on: date | None = None,
) -> Explanation:
    """Why a cell of a publication, or of a build as known on a day, is what it is.

    Args:
        database: `marts.duckdb` of a publication, or a warehouse; opened read-only.
        indicator: id of the indicator.
        region: typed code, in any case.
        period: in any of the ways in which deliveries may write it.
        segment: customer segment.
        as_known_on: the day that the database stands for; only noted down.

    Raises:
        TilannekuvaError: there is no such database, it is of an older version, or it does not know
            the indicator, the region, the period or the segment.
    """
    region = region.upper()
    try:
        period = parse_period(period).text
    except NotUnderstood as error:
        raise TilannekuvaError(f"There is no period {period!r}: {error}.") from error
    with opened(database, "explain") as marts:
        found = marts.execute(
            "select unit, segments from dim_indicator where indicator = ?", [indicator]
        ).fetchone()
        if found is None:
            raise TilannekuvaError(
                f"There is no indicator {indicator!r}; dim_indicator lists those that there are."
            )
        unit, segments = found
        if segment not in segments.split():
            raise TilannekuvaError(
                f"{indicator} is not measured in the segment {segment!r}; "
                f"it is in: {segments.replace(' ', ', ')}."
            )
        named = marts.execute(
            "select arg_max(name_fi, classification_year) from dim_region where region = ?",
            [region],
        ).fetchone()
        if named is None or named[0] is None:
            raise TilannekuvaError(
                f"There is no region {region!r}; write a typed code such as KU205, SK181, MK18 or "
                "SSS."
            )
        columns = ", ".join(field.name for field in fields(Step))
        rows = marts.execute(
            f"select {columns} from explain(?, ?, ?, ?) order by step_no",
            [indicator, region, period, segment],
        ).fetchall()
    steps = [Step(*(_plain(value) for value in row)) for row in rows]
    return Explanation(indicator, unit, region, named[0], segment, period, as_known_on, steps)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it; moments in UTC."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


# -- the command ----------------------------------------------------------------------------

#: Title and columns of each kind of step; `where` and `coverage` are written by `_cell`.
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "source": ("Order of sources", ("source", "rule", "detail")),
    "measurement": (
        "What was delivered, and what was done with it",
        ("value", "source", "vintage", "where", "detail"),
    ),
    "sum_of_parts": ("Sum of the parts", ("value", "coverage", "detail")),
    "part": ("Parts", ("region", "value", "source", "coverage", "detail")),
    "overlap": ("Overlaps", ("rule", "value", "source", "where", "detail")),
    "event_link": ("Events logged by several organisations", ("rule", "source", "detail")),
    "gap": ("Gaps", ("rule", "source", "coverage", "detail")),
    "version": ("Earlier versions", ("value", "known_from", "known_to")),
}
_HEADERS = {
    "rule": "",
    "detail": "",
    "where": "file and line",
    "known_from": "known from",
    "known_to": "until",
}


@click.command(name="explain")
@click.argument("indicator")
@click.argument("region")
@click.argument("period")
@click.option("--segment", default="total", show_default=True, help="Customer segment.")
@click.option(
    "--as-known-on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As it was known on that day; builds the marts aside, which takes a while.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with everything.")
def command(
    indicator: str, region: str, period: str, segment: str, day: datetime | None, as_json: bool
) -> None:
    """Tell why a published number is what it is.

    For example: explain unemployed MK18 2025-01. Shows the observation, the rule, every measurement
    with file and line and what was done with it, the parts of a roll-up, overlaps, gaps and earlier
    versions.
    """
    settings = Settings.load()
    with nullcontext(None) if day is None else tempfile.TemporaryDirectory() as aside:
        if day is None or aside is None:
            database = settings.published_dir / "current" / "marts.duckdb"
        else:
            database = build_as_known_on(settings, day.date(), Path(aside))
        told = read_explanation(
            database,
            *(indicator, region, period, segment),
            as_known_on=day.date() if day else None,
        )
    if as_json:
        click.echo(json.dumps(asdict(told), ensure_ascii=False, indent=1, default=str))
        return
    _show(told, console_of(160))


def _show(told: Explanation, console: Console) -> None:
    known = f", as known on {told.as_known_on}" if told.as_known_on else ""
    console.print(
        f"{told.indicator}, {told.region} {told.name}, {told.period}, {told.segment}{known}"
    )
    for depth, steps in groupby(told.steps, lambda step: step.depth):
        for kind, same in groupby(steps, lambda step: step.step):
            shown = list(same)
            if kind == "observation":
                if depth:
                    console.print(
                        f"\n{('', 'Numerator', 'Denominator')[depth]}: {shown[0].indicator}"
                    )
                for step in shown:
                    console.print(_observation(step, told.unit if depth == 0 else ""))
            elif kind == "rule":
                console.print(f"Rule     {shown[0].rule}: {shown[0].detail}")
            else:
                console.print()
                console.print(_table(kind, shown))


def _observation(step: Step, unit: str) -> Text:
    """The observation in a line or two."""
    text = f"Value    {_value(step)} {unit}".rstrip()
    if step.obs_status is not None:
        text += f" · {_status(step)}"
        text += f" · source {step.source or '–'} · coverage {_share(step.coverage_share)}"
        if step.known_from:
            text += f" · known since {_moment(step.known_from)}"
    return Text(f"{text}\n         {step.detail}")


def _table(kind: str, steps: Sequence[Step]) -> Table:
    title, columns = _TABLES[kind]
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2))
    for column in columns:
        table.add_column(
            _HEADERS.get(column, column),
            justify="right" if column == "value" else "left",
            overflow="fold",
        )
    for step in steps:
        table.add_row(*(Text(_cell(step, column)) for column in columns))
    return table


def _cell(step: Step, column: str) -> str:
    if column == "value":
        status = _status(step) if step.obs_status not in (None, "A") else ""
        return f"{_value(step)} {status}".rstrip()
    if column == "coverage":
        return _share(step.coverage_share)
    if column == "where":
        return _where(step)
    if column in ("known_from", "known_to"):
        return _moment(getattr(step, column))
    if column == "rule" and step.rule == "*":
        return "the one slot"
    return str(getattr(step, column) or "")


def _value(step: Step) -> str:
    if step.value is None:
        return "–"
    if step.events is None:
        return f"{step.value:,.10g}"
    what = "record" if (step.detail or "").startswith("records") else "event"
    return f"{step.value:,.10g} ({step.events} {what}{'' if step.events == 1 else 's'})"


def _status(step: Step) -> str:
    if step.conf_status in (None, "F"):
        return step.obs_status or ""
    return f"{step.obs_status} {step.conf_status}"


def _where(step: Step) -> str:
    """The file with its line, and where it was had from unless that ends in the file's name."""
    if step.file is None:
        return ""
    place = step.origin if step.origin and step.origin.endswith(step.file) else step.file
    at = place if step.line is None else f"{place}:{step.line}"
    return at if not step.origin or step.origin == place else f"{at}\n{step.origin}"


def _share(share: float | None) -> str:
    if share is None:
        return "–"
    return f"{share:.0%}" if share in (0, 1) else f"{share:.1%}"


def _moment(moment: str | None) -> str:
    return moment[:16].replace("T", " ") + " UTC" if moment else ""
