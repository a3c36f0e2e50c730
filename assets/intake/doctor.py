"""Whether the live services are as they are described: for a machine that can reach them.

What belongs here: a few light calls per table and what they show. What does not: fetching whole
tables. Nothing is written but the count of calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError
from assets.formats.sotkanet import read_regions
from assets.services.eurostat import Eurostat
from assets.services.prh import Prh
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.sotkanet import Sotkanet
from assets.services.tables import TableService, plan_chunks
from assets.settings import Settings
from assets.statistics.connectors import Connectors
from assets.statistics.descriptions import (
    SourceDescription,
    TableDescription,
)
from assets.statistics.selection import question_of
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period
from assets.vocabulary.regions import RegionIndex


@dataclass(frozen=True)
class Diagnosis:
    """What a table or register looks like from here.

    Attributes:
        fits: it can be asked and fits its description.
        words: what was seen, or what is wrong.
        advice: what to do about it; empty where nothing is to be done.
    """

    source: str
    dataset: str
    fits: bool
    words: str
    advice: str = ""


def examine(
    settings: Settings, catalogue: Catalogue, connectors: Connectors, source: SourceDescription
) -> Iterator[Diagnosis]:
    """Examine everything that is described of a source, one table after the other."""
    for entry in source.entries:
        try:
            if isinstance(entry, TableDescription):
                words, doubts = _table(connectors, catalogue, entry)
            else:
                prh = Prh(connectors.caller(source.service), source.service.base_url)
                count = prh.count(entry.registered_from, settings.today)
                words, doubts = f"{count} companies registered since {entry.registered_from}", []
        except TilannekuvaError as problem:
            yield Diagnosis(source.source, entry.dataset, False, str(problem))
            continue
        advice = "; ".join(doubts)
        if not doubts and entry.confirmed_on is None:
            advice = (
                f"confirmed: write `confirmed_on: {settings.today}` into {source.source}.yaml"
                + (" and take `unconfirmed` out" if entry.unconfirmed else "")
            )
        yield Diagnosis(source.source, entry.dataset, not doubts, words, advice)


def _table(
    connectors: Connectors, catalogue: Catalogue, table: TableDescription
) -> tuple[str, list[str]]:
    """What was seen of a table, and what raises a doubt.

    Raises:
        SourceUnavailable: it cannot be asked, or does not fit its description.
    """
    service, caller = table.service, connectors.caller(table.service)
    match service.kind:
        case "pxweb":
            return _asked(PxWeb(caller, service.base_url, service.language), table, catalogue)
        case "pxwebapi2":
            return _asked(PxWebApi2(caller, service.base_url, service.language), table, catalogue)
        case "eurostat":
            return _eurostat(Eurostat(caller, service.base_url), table)
        case "sotkanet":
            return _sotkanet(Sotkanet(caller, service.base_url), table, catalogue)
        case _:
            answer = caller.call("GET", f"{service.base_url.rstrip('/')}/{table.id}", expect=())
            return f"{len(answer.content)} bytes of {answer.kind}", []


def _asked(
    service: TableService, table: TableDescription, catalogue: Catalogue
) -> tuple[str, list[str]]:
    limits = service.limits()
    question = question_of(table, service.metadata(table.id))
    calls = len(plan_chunks(question.selection, question.split, limits.max_cells))
    edition = service.edition(table.id, question.probe)
    time, area = question.split[:2]
    periods, areas = question.selection[time], question.selection[area]
    words = (
        f"{len(areas)} areas, {len(periods)} periods ({periods[0]} to {periods[-1]}), "
        f"{calls} calls for all of it; last updated {edition or 'at an unknown time'}"
    )
    doubts = []
    if odd := [period for period in periods if not _is_period(period)]:
        doubts.append(f"periods that are not understood: {', '.join(odd[:5])}")
    doubts += _unknown(areas, table, catalogue)
    return words, doubts


def _eurostat(service: Eurostat, table: TableDescription) -> tuple[str, list[str]]:
    order = service.dimensions(table.id)
    described = {entry.variable[0] for entry in table.fixed} | {table.variables.area[0]}
    described |= set(table.variables.contents[:1])
    edition = service.edition(
        table.id,
        {table.variables.area[0]: next(iter(table.areas.codes), "FI")},
    )
    doubts = []
    if wrong := described - set(order):
        doubts.append(f"no dimension is called {', '.join(sorted(wrong))}; there are {order}")
    if free := [code for code in order if code not in described]:
        doubts.append(f"the dimensions {', '.join(free)} are not held at a value")
    return f"dimensions {', '.join(order)}; last updated {edition or 'at an unknown time'}", doubts


def _sotkanet(
    service: Sotkanet, table: TableDescription, catalogue: Catalogue
) -> tuple[str, list[str]]:
    told = [service.indicator(int(content.codes[0])) for content in table.contents]
    regions = read_regions(service.regions().content)
    words = "; ".join(
        f"{indicator.id} {indicator.title!r}, {indicator.years or 'unknown years'}, "
        f"updated {indicator.updated or 'at an unknown time'}"
        for indicator in told
    )
    return words, _unknown([region.key for region in regions], table, catalogue)


def _unknown(areas: Iterable[str], table: TableDescription, catalogue: Catalogue) -> list[str]:
    """Doubts about area codes: kinds that nobody described, regions the catalogue lacks."""
    index = RegionIndex(catalogue)
    undescribed, unknown = [], []
    for code in areas:
        region = table.areas.region_of(code)
        if region is None:
            if not table.areas.leaves_out(code):
                undescribed.append(code)
            continue
        try:
            index.resolve(region, table.areas.names)
        except NotUnderstood:
            unknown.append(code)
    doubts = []
    if undescribed:
        doubts.append(f"area codes that fit no pattern: {_some(undescribed)}")
    if unknown:
        doubts.append(f"areas that the catalogue lacks: {_some(unknown)}")
    return doubts


def _some(codes: list[str]) -> str:
    more = len(codes) - 5
    return ", ".join(codes[:5]) + (f" and {more} more" if more > 0 else "")


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except NotUnderstood:
        return False
    return True
