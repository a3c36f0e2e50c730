"""Feeds: what a platform asks for by itself, table by table, and what becomes of the answers.

What belongs here: whether an answer is new, whether it still looks like the last one, and where
it goes. What does not: how it is asked (`assets.services`) and read (`assets.feeds`,
`assets.feeds`).

An edition that looks different from the last one is held: it waits in quarantine, the last good
vintage stays in use, and somebody accepts it, or the source takes it back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assets.catalogue import Catalogue
from assets.deliveries.arrival import Arrival
from assets.errors import SourceUnavailable, TilannekuvaError
from assets.feeds.connectors import Connector, Fetched, Remembered, to_json
from assets.feeds.descriptions import Drift, TableDescription
from assets.feeds.structure import Structure, differences
from assets.feeds.table import Understood, read_table
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.services.fetch import Progress
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason, joined


class Feed(Protocol):
    """One (source, dataset) that is asked for."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def dataset(self) -> str: ...  # noqa: D102
    @property
    def licence(self) -> str: ...  # noqa: D102
    @property
    def digest(self) -> str:
        """Changes with the description: the same answer must then be read again."""
        ...

    @property
    def drift(self) -> Drift: ...  # noqa: D102

    def fetch(self, last: Remembered, progress: Progress | None) -> Fetched | None:
        """Ask; None where nothing changed since `last`."""
        ...

    def read(self, fetched: Fetched) -> Understood:
        """Understand an answer."""
        ...


@dataclass(frozen=True)
class TableFeed:
    """A table of a statistical office."""

    table: TableDescription
    catalogue: Catalogue
    connector: Connector

    @property
    def source(self) -> str:
        """Source id."""
        return self.table.source

    @property
    def dataset(self) -> str:
        """Dataset id."""
        return self.table.dataset

    @property
    def licence(self) -> str:
        """Licence of the source."""
        return self.table.licence

    @property
    def digest(self) -> str:
        """See `Feed`."""
        return self.table.digest

    @property
    def drift(self) -> Drift:
        """How much an edition may differ from the last one."""
        return self.table.drift

    def fetch(self, last: Remembered, progress: Progress | None) -> Fetched | None:
        """See `Feed`."""
        return self.connector.fetch(self.table, last, progress)

    def read(self, fetched: Fetched) -> Understood:
        """See `Feed`."""
        return read_table(self.table, fetched, self.catalogue)


class FeedDeliveries:
    """Takes in what feeds deliver.

    Args:
        zone: the raw zone.
        is_sample: whether the answers are the sample's.
        progress: called with whole calls of a fetch.
    """

    def __init__(
        self, zone: RawZone, *, is_sample: bool = False, progress: Progress | None = None
    ) -> None:
        self._zone = zone
        self._is_sample = is_sample
        self._progress = progress

    def take_in(self, feed: Feed, arrival: Arrival) -> None:
        """Ask a feed for what is new.

        Raises:
            SourceUnavailable: it cannot be had, cannot be read, or looks different from the
                last edition and waits in quarantine.
        """
        zone = self._zone
        newest = self._newest(feed)
        arrival.outcome = "unchanged" if newest else "nothing"
        record = zone.attempts.last_fetch(feed.source, feed.dataset)
        held = record.get("held")
        # Under another description, or after an embargo, the same answer says something else.
        again = record.get("read_again")
        is_same = again is None or zone.settings.now() < datetime.fromisoformat(again)
        is_known = is_same and record.get("digest") == feed.digest and bool(newest or held)
        last = Remembered(**record["remember"]) if is_known else Remembered()
        fetched = feed.fetch(last, self._progress)
        if fetched is None:
            if is_known and held:
                raise SourceUnavailable(_waiting(feed, held["reason"]))
            return
        content = fetched.content
        if is_known and held and held["content_hash"] == content.digest:
            raise SourceUnavailable(_waiting(feed, held["reason"]))
        if (
            newest
            and is_same
            and record.get("digest") in (None, feed.digest)
            and newest.content_hash == content.digest
            and zone.is_taken_in(newest)
        ):
            self._remember(feed, fetched, read_again=again)
            return
        understood = self._read(feed, fetched)
        if found := self._differences(feed, newest, understood):
            reason = Reason("looks_different", changes=joined(found))
            zone.quarantine.add_file(
                feed.source,
                feed.dataset,
                f"{feed.dataset}.{fetched.extension}",
                content,
                reason,
                is_sample=self._is_sample,
            )
            self._remember(
                feed,
                fetched,
                {
                    "content_hash": content.digest,
                    "extension": fetched.extension,
                    "url": fetched.url,
                    "retrieved_at": fetched.retrieved_at.isoformat(),
                    "reason": reason,
                },
            )
            raise SourceUnavailable(_waiting(feed, reason))
        arrival.add(*self._write(feed, fetched, understood))

    def accept(self, feed: Feed, because: str) -> Vintage:
        """Take in the edition that waits: somebody looked at the difference and it is right.

        Args:
            feed: whose edition waits.
            because: why it is right; kept with the vintage.

        Raises:
            TilannekuvaError: nothing waits, or it cannot be read.
        """
        held = self._held(feed)
        fetched = self._kept(feed, held)
        understood = self._read(feed, fetched)
        vintage, _ = self._write(feed, fetched, understood, f"{held['reason']} Accepted: {because}")
        return vintage

    def waiting(self, feed: Feed) -> Fetched:
        """The edition that waits, as it was fetched.

        Raises:
            TilannekuvaError: nothing waits.
        """
        return self._kept(feed, self._held(feed))

    # -- steps -----------------------------------------------------------------------------

    def _newest(self, feed: Feed) -> Vintage | None:
        # Only the newest counts: an office that takes a correction back delivers old content anew.
        found = self._zone.vintages_in_use(feed.source, feed.dataset)
        return found[-1] if found else None

    def _read(self, feed: Feed, fetched: Fetched) -> Understood:
        try:
            return feed.read(fetched)
        except UnreadableDelivery as error:
            self._zone.quarantine.add_file(
                feed.source,
                feed.dataset,
                f"{feed.dataset}.{fetched.extension}",
                fetched.content,
                error.reason,
                is_sample=self._is_sample,
            )
            raise SourceUnavailable(
                f"{feed.source} answered for {feed.dataset} with what cannot be read: {error}"
            ) from error

    def _differences(
        self, feed: Feed, newest: Vintage | None, understood: Understood
    ) -> list[Reason]:
        # Unchanged content that is only described otherwise needs nobody's look.
        if newest is None or newest.content_hash == understood.delivery.content.digest:
            return []
        kept = self._zone.structure_of(newest)
        if kept is None:
            return []
        return differences(Structure.from_dict(kept), understood.structure, feed.drift)

    def _write(
        self, feed: Feed, fetched: Fetched, understood: Understood, notes: str | None = None
    ) -> tuple[Vintage, list[Any]]:
        delivery = understood.delivery
        vintage, rejected = self._zone.write(
            feed.source,
            feed.dataset,
            delivery,
            licence=feed.licence,
            is_sample=self._is_sample,
            notes=notes,
        )
        self._zone.quarantine.release_file(feed.source, feed.dataset, vintage.content_hash)
        if held := self._zone.attempts.last_fetch(feed.source, feed.dataset).get("held"):
            # What waited is overtaken by an edition that looks right, or was accepted just now.
            self._zone.quarantine.release_file(feed.source, feed.dataset, held["content_hash"])
        again = understood.read_again.isoformat() if understood.read_again else None
        self._remember(feed, fetched, read_again=again)
        return vintage, rejected

    def _remember(
        self,
        feed: Feed,
        fetched: Fetched,
        held: dict[str, Any] | None = None,
        read_again: str | None = None,
    ) -> None:
        record = {"digest": feed.digest, "remember": to_json(fetched.remember), "held": held}
        if read_again:
            record["read_again"] = read_again
        self._zone.attempts.remember_fetch(feed.source, feed.dataset, record)

    def _held(self, feed: Feed) -> dict[str, Any]:
        held: dict[str, Any] | None = self._zone.attempts.last_fetch(feed.source, feed.dataset).get(
            "held"
        )
        if held is None:
            raise TilannekuvaError(
                f"No edition of {feed.source}/{feed.dataset} waits to be accepted."
            )
        return held

    def _kept(self, feed: Feed, held: dict[str, Any]) -> Fetched:
        content = self._zone.quarantine.file(feed.source, feed.dataset, held["content_hash"])
        if content is None:
            raise TilannekuvaError(
                f"The edition of {feed.source}/{feed.dataset} that waited is no longer in "
                "quarantine; the next refresh fetches it again."
            )
        record = self._zone.attempts.last_fetch(feed.source, feed.dataset)
        return Fetched(
            content,
            held["extension"],
            held["url"],
            datetime.fromisoformat(held["retrieved_at"]),
            remember=Remembered(**record["remember"]),
        )


def _waiting(feed: Feed, reason: str) -> str:
    place = f"{feed.source} {feed.dataset}"
    return (
        f"{reason} It waits in quarantine and the last good vintage stays in use. See what it "
        f"would change with `python -m orchestration preview {place}`; if it is right, take it in "
        f'with `python -m orchestration accept {place} --because "…"`.'
    )


OpenFeed = Callable[[str, str], Feed | None]
"""The feed of a (source, dataset); None where there is none to ask in this deployment."""
