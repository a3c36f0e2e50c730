"""The command `accept`: take in an edition that waits."""

from __future__ import annotations

import click

from assets.deliveries import Deliveries
from assets.settings import Settings


def _some_words(_: click.Context, __: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("write a few words")
    return text.strip()


@click.command(name="accept")
@click.argument("source")
@click.argument("dataset")
@click.option(
    "--because",
    required=True,
    callback=_some_words,
    help="Why it is right; kept with the vintage.",
)
def command(source: str, dataset: str, because: str) -> None:
    """Take in what waits: an edition that looks different, or files whose rows come twice.

    See first what it would change: `preview SOURCE DATASET`, of a file `preview SOURCE DATASET
    FILE`.
    """
    with Deliveries(Settings.load()) as deliveries:
        vintages = deliveries.accept(source, dataset, because)
    for vintage in vintages:
        click.echo(
            f"Taken in as {source}/{dataset}/{vintage.vintage}: {vintage.rows_accepted} rows, "
            f"{vintage.rows_quarantined} to quarantine. The next refresh builds with it."
        )
