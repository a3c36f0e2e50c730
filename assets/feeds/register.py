"""The business register as a feed: when it is asked, in which windows, and how it is read.

What does not belong here: how a page is fetched (`assets.services.prh`) and what a company means
(`companies`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError
from assets.feeds.companies import SHAPE, read_companies
from assets.feeds.connectors import Fetched, Remembered
from assets.feeds.descriptions import Drift, RegisterDescription
from assets.feeds.structure import Structure
from assets.feeds.table import Understood
from assets.raw.archive import NamedPart, pack_to
from assets.raw.content import Content
from assets.raw.delivery import Delivery
from assets.services.fetch import PartStore, Progress
from assets.services.prh import Prh, Window, plan_windows
from assets.settings import HELSINKI
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

_BOM = b"\xef\xbb\xbf"

Ask = Callable[[Remembered, Progress | None], Fetched | None]
"""Asks a register; None where there is nothing new."""


@dataclass(frozen=True)
class RegisterFeed:
    """One register of one source.

    Attributes:
        source: source id.
        licence: of the source.
        register: what is followed.
        ask: how it is asked.
        catalogue: regions and their mergers.
        business_key: turns a business id into its keyed hash.
        today: an event after this day is a typing error.
    """

    source: str
    licence: str
    register: RegisterDescription
    ask: Ask
    catalogue: Catalogue
    business_key: Callable[[str], str]
    today: date

    @property
    def dataset(self) -> str:
        """Dataset id."""
        return self.register.dataset

    @property
    def digest(self) -> str:
        """Changes with what is asked for."""
        return f"since {self.register.registered_from.isoformat()}"

    @property
    def drift(self) -> Drift:
        """How much an edition may differ from the last one."""
        return self.register.drift

    def fetch(self, last: Remembered, progress: Progress | None) -> Fetched | None:
        """Ask the register."""
        return self.ask(last, progress)

    def read(self, fetched: Fetched) -> Understood:
        """The companies of a fetch as events.

        Raises:
            UnreadableDelivery: a page is none; also while the batches are consumed.
        """
        pages = (part.content for part in fetched.parts())
        structure = Structure(rows=sum(_totals(fetched)))
        delivery = Delivery(
            shape=SHAPE,
            file=f"{self.dataset}.{fetched.extension}",
            origin=fetched.url,
            content=fetched.content,
            extension=fetched.extension,
            delivered_at=fetched.updated or fetched.retrieved_at,
            batches=read_companies(pages, self.catalogue, self.business_key, self.today),
            structure=structure.to_dict(),
        )
        return Understood(delivery, structure)


def _totals(fetched: Fetched) -> Iterator[int]:
    """How many companies each window announced, from its first page."""
    for part in fetched.parts():
        if part.name.endswith("_0001.json") or fetched.extension != "zip":
            try:
                yield int(orjson.loads(part.content.removeprefix(_BOM))["totalResults"])
            except (ValueError, TypeError, KeyError) as problem:
                raise UnreadableDelivery(Reason("no_total", part=part.name)) from problem


@dataclass(frozen=True)
class AskPrh:
    """Asks PRH for every company registered since a day, window by window, resumable.

    Closings show nowhere but in the companies themselves, so everything is asked for again
    when the last fetch is old enough, and at once when the number of companies has changed.

    What was fetched lies below `parts` until the next call, which finds out whether it was taken
    in: a run that dies before that, even after the last page, costs no page again on that day.

    Attributes:
        service: how the register is called.
        register: what is followed.
        parts: folder of the parts of unfinished fetches.
        now: the present moment, aware; its day in Finland decides what is old.
    """

    service: Prh
    register: RegisterDescription
    parts: Path
    now: Callable[[], datetime]

    def __call__(self, last: Remembered, progress: Progress | None) -> Fetched | None:
        """See `Ask`.

        Raises:
            SourceUnavailable: no usable answer; the pages before it are kept.
            TilannekuvaError: pages cannot be kept.
        """
        first, today = self.register.registered_from, self.now().astimezone(HELSINKI).date()
        folder = self.parts / "prh" / self.register.dataset
        known, _, fetched_on = (last.edition or "").partition(" on ")
        # Yesterday's pages say nothing of today's closings; today's are done with once taken in.
        self._forget(folder, but=None if fetched_on == today.isoformat() else today)
        total = self.service.count(first, today)
        if known == str(total) and (
            today - date.fromisoformat(fetched_on) < timedelta(days=self.register.ask_again_days)
        ):
            return None
        windows = plan_windows(first, today, self.service.count)
        pages = self._pages(windows, PartStore(folder / today.isoformat()), progress)
        content, extension = self._packed(folder, pages)
        return Fetched(
            content,
            extension,
            self.service.url(Window(first, today)),
            self.now(),
            remember=Remembered(f"{total} on {today.isoformat()}"),
        )

    def _pages(
        self, windows: list[Window], store: PartStore, progress: Progress | None
    ) -> Iterator[NamedPart]:
        for done, window in enumerate(windows):
            if progress:
                progress(done, len(windows), f"prh: registered {window.first} to {window.last}")
            for page in self.service.pages(window, store):
                # Without the last day, which is today's: an equal register has an equal digest.
                number = page.name.rpartition("_")[2]
                yield NamedPart(f"companies_{window.first}_{number}", page.content)

    @staticmethod
    def _packed(folder: Path, pages: Iterator[NamedPart]) -> tuple[Content, str]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return pack_to(folder / "packed.zip", pages)
        except OSError as problem:
            raise TilannekuvaError(
                f"The pages of the business register cannot be kept in {folder} "
                f"({problem.strerror}). Make the folder writable, or free space."
            ) from problem

    @staticmethod
    def _forget(folder: Path, but: date | None) -> None:
        """Remove what earlier calls left, but the pages of a day."""
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir():
                if but is None or path.name != but.isoformat():
                    shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
