"""The command `as-known-on`: every mart as it was known on a day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import duckdb

from assets.settings import Settings
from orchestration.as_known_on import build_as_known_on


@click.command(name="as-known-on")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option(
    "--into",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the DuckDB file; not the home of a deployment.",
)
def command(day: datetime, into: Path) -> None:
    """Build every mart as it was known on DAY, into a DuckDB file of its own.

    The warehouse and the publications stay as they are.
    """
    built = build_as_known_on(Settings.load(), day.date(), into)
    with duckdb.connect(str(built), read_only=True) as warehouse:
        counted = warehouse.execute("select count(*) from marts.fct_observations").fetchone()
    assert counted is not None
    click.echo(f"{counted[0]:,} observations as known on {day.date()}: {built}, schema marts.")
