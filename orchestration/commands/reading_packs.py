"""The command `reading-packs`: where the frozen packs are."""

from __future__ import annotations

from datetime import datetime

import click

from assets.errors import TilannekuvaError
from assets.settings import Settings
from orchestration.reading_packs import FILES, reading_packs


@click.command(name="reading-packs")
@click.argument("region", required=False)
@click.argument("planned_on", required=False, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--open", "opened", is_flag=True, help="Open the page of the pack.")
def command(region: str | None, planned_on: datetime | None, opened: bool) -> None:
    """List the frozen reading packs; with REGION and PLANNED_ON say where the files of one are.

    REGION is a typed code such as SS07, PLANNED_ON the day of the meeting such as 2026-12-03.
    """
    root = Settings.load().reading_packs_dir
    found = [
        pack
        for pack in reading_packs(root)
        if (region is None or pack.region == region.upper())
        and (planned_on is None or pack.planned_on == planned_on.date())
    ]
    if not found:
        raise TilannekuvaError(
            f"There is no such reading pack in {root}. A refresh freezes one when a planned "
            "meeting of a steering group is near."
        )
    if planned_on is None and not opened:
        for pack in found:
            told = pack.content
            click.echo(
                f"{pack.region:<6} {told['region_name']:<28} meeting {pack.planned_on}  "
                f"as known on {told['frozen_on']}  {pack.path}"
            )
        return
    if opened and len(found) > 1:
        raise TilannekuvaError("Name the region and the day of the one pack to open.")
    for name in FILES:
        click.echo(found[0].path / name)
    if opened:
        click.launch(str(found[0].path / "pack.html"))
