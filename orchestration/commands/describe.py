"""The command `describe`: the first description of a table, from its metadata."""

from __future__ import annotations

import re

import click

from assets.errors import TilannekuvaError
from assets.feeds.descriptions import load_sources
from assets.feeds.stub import source_stub, table_stub
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.tables import TableService
from assets.settings import Settings
from orchestration.commands._live import live_connectors, service_at

_ID = re.compile(r"[a-z0-9_]+")


@click.command(name="describe")
@click.argument("source")
@click.argument("table")
@click.option(
    "--dataset", help="Id that the platform shall use; made from the table's id if absent."
)
@click.option("--url", help="Base address of the service, for a source that is not described yet.")
@click.option(
    "--kind",
    default="pxweb",
    type=click.Choice(["pxweb", "pxwebapi2"]),
    show_default=True,
    help="With --url: the protocol.",
)
@click.option(
    "--language",
    default="fi",
    type=click.Choice(["fi", "sv", "en"]),
    show_default=True,
    help="With --url: of the labels.",
)
def command(
    source: str, table: str, dataset: str | None, url: str | None, kind: str, language: str
) -> None:
    """Read a table's metadata and write its entry for the source description.

    TABLE is what the service calls it, such as `StatFin/vaerak/11re.px`. The text goes to the
    terminal: an entry of `tables`, or a whole file where the source is not described yet. Places
    that only a person can fill in say CHOOSE.
    """
    settings = Settings.load()
    described = load_sources()
    name = dataset or _dataset_of(table)
    for what, given in (("source", source), ("dataset", name)):
        if not _ID.fullmatch(given):
            raise TilannekuvaError(
                f"{given!r} cannot be the id of a {what}: it has letters from a to z, digits and _ "
                f"only{'; name one with --dataset' * (what == 'dataset' and not dataset)}."
            )
    asked = service_at(url, kind, language) if url else None
    if asked is None:
        if source not in described:
            raise TilannekuvaError(
                f"{source!r} is not described yet ({', '.join(described)} are); give its address "
                "with --url."
            )
        asked = described[source].service
    with live_connectors(settings) as connectors:
        service: TableService
        caller = connectors.caller(asked)
        if asked.kind == "pxweb":
            service = PxWeb(caller, asked.base_url, asked.language)
        elif asked.kind == "pxwebapi2":
            service = PxWebApi2(caller, asked.base_url, asked.language)
        else:
            raise TilannekuvaError(
                f"{source} is asked as {asked.kind}; a table can be described from its metadata "
                "where it is asked as pxweb or pxwebapi2."
            )
        service.limits()
        entry = table_stub(name, table, service.metadata(table), service.url(table))
    text = entry if source in described else source_stub(source, asked, entry)
    click.echo(text, nl=False)


def _dataset_of(table: str) -> str:
    parts = [part for part in table.lower().removesuffix(".px").split("/") if part]
    return re.sub(r"[^a-z0-9]", "_", "_".join(parts[-2:]))
