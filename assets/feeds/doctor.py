"""Whether the live services are as they are described: for a machine that can reach them.

What belongs here: a few light calls per table and what they show. What does not: fetching whole
tables (but for an address that answers with nothing less), and mending a description. Nothing is
written but the count of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assets.catalogue import Catalogue
from assets.errors import SourceUnavailable, TilannekuvaError
from assets.feeds.connectors import Connectors
from assets.feeds.descriptions import (
    RegisterDescription,
    Service,
    SourceDescription,
    TableDescription,
)
from assets.feeds.reading import format_of, read_parts
from assets.feeds.selection import question_of
from assets.feeds.structure import structure_of
from assets.formats.sotkanet import read_regions
from assets.raw.archive import NamedPart
from assets.services.eurostat import Eurostat, NoResults, is_empty
from assets.services.prh import Prh
from assets.services.pxweb import PxWeb
from assets.services.pxwebapi2 import PxWebApi2
from assets.services.sotkanet import GENDERS, Sotkanet
from assets.services.tables import Limits, TableService, plan_chunks
from assets.settings import Settings
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import is_period
from assets.vocabulary.reasons import listing
from assets.vocabulary.regions import RegionIndex


@dataclass(frozen=True)
class Diagnosis:
    """What a table or register looks like from here.

    Attributes:
        source: source id.
        dataset: dataset id; empty where the whole service cannot be asked.
        fits: it can be asked and fits its description.
        words: what was seen, or what is wrong.
        advice: what to do about it; empty where nothing is to be done.
    """

    source: str
    dataset: str
    fits: bool
    words: str
    advice: str = ""


class _Seen(NamedTuple):
    """What was seen of a table, and what raises a doubt."""

    words: str
    doubts: list[str]


def examine(
    settings: Settings, catalogue: Catalogue, connectors: Connectors, source: SourceDescription
) -> Iterator[Diagnosis]:
    """Examine everything that is described of a source, one table after the other.

    Args:
        settings: the day that is written into advice and asked up to.
        catalogue: regions that areas are compared with.
        connectors: how the services are called; to be closed by whoever opened them.
        source: what is examined.

    Yields:
        One diagnosis a table or register; a single one where a service that says what it allows
        does not even say that, because every table would only fail in the same way.
    """
    service = _service(connectors, source.service)
    limits: Limits | None = None
    if service is not None:
        try:
            limits = service.limits()
        except TilannekuvaError as problem:
            left = len(source.entries)
            advice = f"none of its {left} tables was examined" if left > 1 else ""
            yield Diagnosis(source.source, "", False, str(problem), advice)
            return
    index = RegionIndex(catalogue)
    for entry in source.entries:
        try:
            if isinstance(entry, RegisterDescription):
                words, doubts = _register(settings, connectors, source.service, entry)
            elif service is not None and limits is not None:
                words, doubts = _asked(service, limits, entry, index)
            else:
                words, doubts = _other(connectors, entry, index)
        except TilannekuvaError as problem:
            yield Diagnosis(source.source, entry.dataset, False, str(problem))
            continue
        advice = "; ".join(doubts)
        if not doubts and entry.confirmed_on is None:
            advice = (
                f"confirmed: write `confirmed_on: {settings.today}` into its entry in "
                f"{source.source}.yaml" + (", and take `unconfirmed` out" * bool(entry.unconfirmed))
            )
        yield Diagnosis(source.source, entry.dataset, not doubts, words, advice)


def _service(connectors: Connectors, service: Service) -> TableService | None:
    """The client of a service that is asked by variables and codes; None for the others."""
    match service.kind:
        case "pxweb":
            return PxWeb(connectors.caller(service), service.base_url, service.language)
        case "pxwebapi2":
            return PxWebApi2(connectors.caller(service), service.base_url, service.language)
        case _:
            return None


def _other(connectors: Connectors, table: TableDescription, index: RegionIndex) -> _Seen:
    """A table of any other kind of service.

    Raises:
        SourceUnavailable: it cannot be asked.
        UnreadableDelivery: it does not fit its description.
    """
    service, caller = table.service, connectors.caller(table.service)
    match service.kind:
        case "eurostat":
            return _eurostat(Eurostat(caller, service.base_url), table, index)
        case "sotkanet":
            return _sotkanet(Sotkanet(caller, service.base_url), table, index)
        case "file":
            url = f"{service.base_url.rstrip('/')}/{table.id}"
            return _file(caller.call("GET", url, expect=()).content, table, index)
        case kind:
            raise TilannekuvaError(f"{table.table_id}: tables are not asked for as {kind}.")


def _register(
    settings: Settings, connectors: Connectors, service: Service, register: RegisterDescription
) -> _Seen:
    prh = Prh(connectors.caller(service), service.base_url, service.max_calls)
    count = prh.count(register.registered_from, settings.today)
    words = f"{count} companies registered since {register.registered_from}"
    return _Seen(words, [] if count else ["a register without a company is none"])


def _asked(
    service: TableService, limits: Limits, table: TableDescription, index: RegionIndex
) -> _Seen:
    question = question_of(table, service.metadata(table.id))
    calls = len(plan_chunks(question.selection, question.split, limits.max_cells))
    edition = service.edition(table.id, question.probe)
    periods = question.selection[question.split[0]]
    areas = question.selection[question.split[1]] if table.variables.area else ()
    words = (
        f"{_extent(areas, periods)}, {calls} {'call' if calls == 1 else 'calls'} for all of it; "
        f"{_last_updated(edition)}"
    )
    return _Seen(words, [*_odd_periods(periods), *_unknown(areas, table, index)])


def _eurostat(service: Eurostat, table: TableDescription, index: RegionIndex) -> _Seen:
    order = service.dimensions(table.id)
    held = {entry.variable[0]: entry.values[0] for entry in table.held}
    area = table.variables.area[0] if table.variables.area else None
    contents = table.variables.contents[0] if table.variables.contents else None
    described = {*held, *(part for part in (area, contents) if part)}
    described |= {table.segments.variable[0]} if table.segments else set()
    known = {code.lower() for code in order}
    doubts = []
    if wrong := sorted(code for code in described if code.lower() not in known):
        doubts.append(f"no dimension is called {', '.join(wrong)}; there are {', '.join(order)}")
    free = [code for code in order if code.lower() not in {d.lower() for d in described}]
    if free:
        doubts.append(f"the dimensions {', '.join(free)} are not held at a value")
    edition = None
    if not doubts:
        # One area and each measure: a code that the dataset does not have has no values.
        probe = held | ({area: next(iter(table.areas.codes), "FI")} if area else {})
        for content in table.contents:
            asked = probe | ({contents: content.codes[0]} if contents else {})
            edition = _edition_with_values(service, table, asked)
            if edition is None:
                told = ", ".join(f"{name} {code}" for name, code in asked.items())
                doubts.append(f"there are no values of {told}")
    words = f"dimensions {', '.join(order)}; {_last_updated(edition)}"
    return _Seen(words, doubts + _not_in_catalogue(table.areas.codes.values(), table, index))


def _edition_with_values(
    service: Eurostat, table: TableDescription, asked: Mapping[str, str]
) -> str | None:
    """The edition of a few cells; None where there are none."""
    try:
        answer = service.statistics(table.id, asked)
    except NoResults:
        return None
    return None if is_empty(answer) else str(answer.json.get("updated") or "at an unknown time")


def _sotkanet(service: Sotkanet, table: TableDescription, index: RegionIndex) -> _Seen:
    numbers = [code for content in table.contents for code in content.codes[:1]]
    if strange := [code for code in numbers if not code.isdecimal()]:
        raise SourceUnavailable(
            f"{', '.join(strange)} is no number of an indicator. Correct the entry of "
            f"{table.dataset} in {table.source}.yaml."
        )
    told = [service.indicator(int(number)) for number in numbers]
    regions = read_regions(service.regions().content)
    doubts = [
        f"the service knows no gender {value}; there are {', '.join(GENDERS)}"
        for entry in table.held
        if (value := entry.values[0]) not in GENDERS
    ]
    words = "; ".join(
        f"{indicator.id} {indicator.title!r}, "
        + ("{} to {}".format(*indicator.years) if indicator.years else "unknown years")
        + f", {_last_updated(indicator.updated)}"
        for indicator in told
    )
    return _Seen(words, doubts + _unknown([region.key for region in regions], table, index))


def _file(content: bytes, table: TableDescription, index: RegionIndex) -> _Seen:
    cubes = list(read_parts([NamedPart(f"{table.dataset}.{format_of(table)}", content)], table))
    seen = structure_of(cubes, table)
    areas, periods = seen.codes.get("area", ()), seen.codes.get("time", ())
    mapped = table.content_of(seen.codes.get("contents", ())).values()
    absent = [c.indicator for c in table.contents if c.codes and c not in mapped]
    doubts = [f"no content code for {', '.join(absent)}"] if absent else []
    updated = max((cube.updated for cube in cubes if cube.updated), default=None)
    words = f"{_extent(areas, periods)}, {seen.values} values; {_last_updated(updated)}"
    return _Seen(words, [*doubts, *_odd_periods(periods), *_unknown(areas, table, index)])


def _extent(areas: Iterable[str], periods: Iterable[str]) -> str:
    known, named = list(areas), list(periods)
    span = f" ({named[0]} to {named[-1]})" if named else ""
    return f"{len(known)} areas, {len(named)} periods{span}"


def _last_updated(edition: str | None) -> str:
    return f"last updated {edition or 'at an unknown time'}"


def _odd_periods(periods: Iterable[str]) -> list[str]:
    odd = [period for period in periods if not is_period(period)]
    return [f"periods that are not understood: {listing(odd).en}"] if odd else []


def _unknown(areas: Iterable[str], table: TableDescription, index: RegionIndex) -> list[str]:
    """Doubts about area codes: kinds that nobody described, regions the catalogue lacks."""
    if table.areas.constant:
        return _not_in_catalogue([table.areas.constant], table, index)
    taken, undescribed = [], []
    for code in areas:
        region = table.areas.region_of(code)
        if region is not None:
            taken.append(region)
        elif not table.areas.leaves_out(code):
            undescribed.append(code)
    doubts = []
    if undescribed:
        doubts.append(f"area codes that fit no pattern: {listing(undescribed).en}")
    if not taken:
        doubts.append("no area that is taken")
    return doubts + _not_in_catalogue(taken, table, index)


def _not_in_catalogue(
    regions: Iterable[str], table: TableDescription, index: RegionIndex
) -> list[str]:
    """A doubt about regions that would go to quarantine, judged as deliveries are."""
    is_known: Callable[[str], object] = (
        (lambda name: index.resolve(name, table.areas.names))
        if table.areas.names
        else index.regions.__getitem__
    )
    unknown = []
    for region in regions:
        try:
            is_known(region)
        except (NotUnderstood, KeyError):
            unknown.append(region)
    return [f"areas that the catalogue lacks: {listing(unknown).en}"] if unknown else []
