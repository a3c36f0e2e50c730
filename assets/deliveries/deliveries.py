"""Everything that a deployment can take in, asked one (source, dataset) at a time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from assets.catalogue import Catalogue
from assets.datasets import DATASETS
from assets.datasets.declarations import FOLDER
from assets.deliveries.arrival import Arrival
from assets.deliveries.from_feeds import Feed, FeedDeliveries, TableFeed
from assets.deliveries.from_landing import LandingDeliveries
from assets.errors import TilannekuvaError
from assets.feeds.connectors import (
    Connector,
    Connectors,
    Fetched,
    FolderConnector,
    fetched_from_folder,
)
from assets.feeds.descriptions import SourceDescription, load_sources, tables_of
from assets.feeds.register import Ask, AskPrh, RegisterFeed
from assets.raw.keys import business_key_maker
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.sample import write_sample
from assets.services.prh import Prh
from assets.settings import Settings

logger = logging.getLogger("tilannekuva")

#: Raised by one when a reader understands the same content differently.
READER_VERSION = 5


def catalogue_hash(catalogue: Catalogue) -> str:
    """A hash of everything that decides how a delivery is understood."""
    digest = hashlib.sha256(f"reader {READER_VERSION}".encode())
    for path in [*sorted(catalogue.directory.glob("*.csv")), *sorted(FOLDER.glob("*.yaml"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def known_deliveries(
    catalogue: Catalogue, sources: Iterable[SourceDescription]
) -> dict[tuple[str, str], str]:
    """Every (source, dataset) that the platform can take in, in a fixed order, and its shape."""
    shapes = {
        (source.source, dataset): dataset
        for source in catalogue.sources.values()
        for dataset in source.datasets
        if dataset in DATASETS
    }
    for source in sources:
        shapes |= {(t.source, t.dataset): "table_cells" for t in source.described_tables}
        if source.registry:
            shapes[source.source, source.registry.dataset] = "register_events"
    return dict(sorted(shapes.items()))


class Deliveries:
    """What one deployment takes in. Usable as a context manager that closes its connections."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue | None = None,
        sources: Mapping[str, SourceDescription] | None = None,
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue or Catalogue.load()
        self.sources = load_sources() if sources is None else sources
        self._tables = {(t.source, t.dataset): t for t in tables_of(self.sources).values()}
        self.zone = RawZone(settings, catalogue_hash(self.catalogue))
        self.landing = LandingDeliveries(settings, self.catalogue, self.zone)
        self.connectors = Connectors(
            settings.home / "limits", settings.home / "fetching", settings.today, settings.now
        )
        self._feeds = FeedDeliveries(
            self.zone, is_sample=settings.sources == "sample", progress=self._say
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connectors.close()

    @property
    def datasets(self) -> list[tuple[str, str]]:
        """Every (source, dataset) that this deployment can take in, in a fixed order."""
        return list(known_deliveries(self.catalogue, self.sources.values()))

    def prepare(self) -> None:
        """Lay out what must exist before anything is taken in (the sample, the landing zone)."""
        self.settings.landing_dir.mkdir(parents=True, exist_ok=True)
        if self.settings.sources == "sample":
            write_sample(self.settings.sample_dir, self.catalogue, self.settings.today)

    def take_in(self, source: str, dataset: str) -> Arrival:
        """Ask one (source, dataset) for what is new; never raises for what a source does wrong."""
        arrival = Arrival(source, dataset)
        try:
            if self._is_feed(source, dataset):
                if feed := self._open(source, dataset):
                    self._feeds.take_in(feed, arrival)
                elif self.zone.vintages_in_use(source, dataset):
                    arrival.outcome = "unchanged"
            else:
                self.landing.take_in(arrival)
        except (TilannekuvaError, OSError) as error:
            arrival.outcome, arrival.message = "failed", str(error)
        except Exception as error:  # a fault in one reader must not cost the night the others
            logger.exception("%s/%s", source, dataset)
            arrival.outcome = "failed"
            arrival.message = f"an unforeseen {type(error).__name__}: {error}"
        self.zone.attempts.record(source, dataset, arrival.outcome, arrival.message)
        return arrival

    def accept(self, source: str, dataset: str, because: str) -> list[Vintage]:
        """Take in what waits: an edition (`FeedDeliveries`) or files (`LandingDeliveries`)."""
        if (source, dataset) in self.datasets and not self._is_feed(source, dataset):
            return self.landing.accept(source, dataset, because)
        return [self._feeds.accept(self.feed(source, dataset), because)]

    def waiting(self, source: str, dataset: str) -> Fetched:
        """The edition that waits; see `FeedDeliveries.waiting`."""
        return self._feeds.waiting(self.feed(source, dataset))

    def feed(self, source: str, dataset: str) -> Feed:
        """The feed of a (source, dataset), live also where the deployment does not ask it.

        Raises:
            TilannekuvaError: it is none: a landing dataset, or nothing that is known.
        """
        if not self._is_feed(source, dataset):
            feeds = ", ".join(f"{s} {d}" for s, d in self.datasets if self._is_feed(s, d))
            raise TilannekuvaError(
                f"{source} {dataset} is no table or register that is asked for; those are: {feeds}."
            )
        return self._open(source, dataset) or self._live(source, dataset)

    # -- feeds -----------------------------------------------------------------------------

    def _is_feed(self, source: str, dataset: str) -> bool:
        register = self.sources[source].registry if source in self.sources else None
        return (source, dataset) in self._tables or (
            register is not None and register.dataset == dataset
        )

    def _open(self, source: str, dataset: str) -> Feed | None:
        """The feed as this deployment asks it; None where it asks nothing."""
        if self.settings.sources == "live":
            return self._live(source, dataset)
        if self.settings.sources == "landing":
            return None
        folder = self.settings.sample_dir / "tables"
        if (source, dataset) in self._tables:
            return self._table(source, dataset, FolderConnector(folder, self.settings.now))
        return self._register(
            source, lambda *_: fetched_from_folder(folder, source, dataset, self.settings.now)
        )

    def _live(self, source: str, dataset: str) -> Feed:
        if table := self._tables.get((source, dataset)):
            return self._table(source, dataset, self.connectors.of(table))
        description = self.sources[source]
        assert description.registry is not None
        prh = Prh(
            self.connectors.caller(description.service),
            description.service.base_url,
            description.service.max_calls,
        )
        ask = AskPrh(prh, description.registry, self.connectors.parts, self.settings.now)
        return self._register(source, ask)

    def _table(self, source: str, dataset: str, connector: Connector) -> Feed:
        return TableFeed(self._tables[source, dataset], self.catalogue, connector)

    def _register(self, source: str, ask: Ask) -> Feed:
        description = self.sources[source]
        assert description.registry is not None
        return RegisterFeed(
            source,
            description.licence,
            description.registry,
            ask,
            self.catalogue,
            business_key_maker(self.settings.home),
            self.settings.today,
        )

    @staticmethod
    def _say(done: int, total: int, text: str) -> None:
        if total > 1:
            logger.info("%s", text)
