"""Taking deliveries in: from the landing zone and the statistics tables to vintages.

One function for each kind of source, no Dagster in them: what to read, what is already known,
what is new. One source failing is its own affair: the outcome says so and the last good vintage
stays in use.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from assets.catalogue import Catalogue
from assets.errors import SourceUnavailable, TilannekuvaError, UnreadableDelivery
from assets.landing.datasets import DATASETS
from assets.landing.intake import LandingIntake
from assets.raw.keys import business_key_maker
from assets.raw.zone import Delivery, Outcome, RawZone, Vintage, content_hash
from assets.sample import write_sample
from assets.settings import Settings
from assets.statistics.intake import content_of, read_fetched
from assets.statistics.pxweb import CallLimiter, open_client
from assets.statistics.tables import TableDescription, load_tables
from assets.statistics.transport import FolderTransport, LiveTransport, TableTransport

logger = logging.getLogger("tilannekuva")

#: Raised by one when a reader understands the same content differently.
READER_VERSION = 1
#: Rejected rows that an intake remembers for people to look at.
MAX_SAMPLES = 10
_SUFFIXES = (".csv", ".xlsx")


@dataclass
class Intake:
    """What came of asking one (source, dataset).

    Attributes:
        outcome: `new` (at least one new vintage), `unchanged`, `nothing` (never delivered), or
            `failed` (its last good vintage stays in use).
        vintages: the new ones, oldest first.
        refused_files: files that cannot be read at all, with the reason.
        samples: the first rows that went to quarantine: file, line, column, reason.
        message: why it failed.
    """

    source: str
    dataset: str
    outcome: Outcome = "nothing"
    vintages: list[Vintage] = field(default_factory=list)
    refused_files: list[tuple[str, str]] = field(default_factory=list)
    samples: list[tuple[str, int, str, str]] = field(default_factory=list)
    message: str | None = None

    def add(self, vintage: Vintage, delivery: Delivery) -> None:
        """Count a new vintage and remember a few of its rejected rows."""
        self.outcome = "new"
        self.vintages.append(vintage)
        room = MAX_SAMPLES - len(self.samples)
        self.samples.extend(
            (vintage.file, reject.line, reject.column, reject.reason)
            for reject in delivery.rejected[:room]
        )

    @property
    def rows_delivered(self) -> int:
        """Rows of the new vintages."""
        return sum(v.rows_delivered for v in self.vintages)

    @property
    def rows_quarantined(self) -> int:
        """Rows of the new vintages that went to quarantine."""
        return sum(v.rows_quarantined for v in self.vintages)


def catalogue_hash(catalogue: Catalogue) -> str:
    """A hash of everything that decides how a delivery is understood."""
    digest = hashlib.sha256(f"reader {READER_VERSION}".encode())
    for path in sorted(catalogue.directory.glob("*.csv")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Intakes:
    """Everything that a deployment can take in."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue | None = None,
        tables: Mapping[str, TableDescription] | None = None,
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue or Catalogue.load()
        self.tables = {
            (table.source, table.dataset): table
            for table in (load_tables() if tables is None else tables).values()
        }
        self.zone = RawZone(settings, catalogue_hash(self.catalogue))
        self._landing = LandingIntake(
            self.catalogue, business_key_maker(settings.home), settings.today
        )

    @staticmethod
    def known_deliveries(
        catalogue: Catalogue, tables: Mapping[tuple[str, str], TableDescription]
    ) -> list[tuple[str, str]]:
        """Every (source, dataset) that the platform can take in, in a fixed order."""
        landing = [
            (source.source, dataset)
            for source in catalogue.sources.values()
            for dataset in source.datasets
            if dataset in DATASETS
        ]
        return sorted({*landing, *tables})

    @property
    def deliveries(self) -> list[tuple[str, str]]:
        """Every (source, dataset) that this deployment can take in, in a fixed order."""
        return self.known_deliveries(self.catalogue, self.tables)

    def prepare(self) -> None:
        """Lay out what must exist before anything is taken in (the sample, the landing zone)."""
        self.settings.landing_dir.mkdir(parents=True, exist_ok=True)
        if self.settings.sources == "sample":
            write_sample(self.settings.sample_dir, self.catalogue, self.settings.today)

    def take_in(self, source: str, dataset: str) -> Intake:
        """Ask one (source, dataset) for what is new; never raises for what a source does wrong."""
        intake = Intake(source, dataset)
        try:
            if (source, dataset) in self.tables:
                self._take_in_table(self.tables[source, dataset], intake)
            else:
                self._take_in_landing(intake)
        except (TilannekuvaError, OSError) as error:
            intake.outcome, intake.message = "failed", str(error)
        except Exception as error:  # a fault in one reader must not cost the night the others
            logger.exception("%s/%s", source, dataset)
            intake.outcome = "failed"
            intake.message = f"an unforeseen {type(error).__name__}: {error}"
        self.zone.record_attempt(source, dataset, intake.outcome, intake.message)
        return intake

    # -- statistics tables -----------------------------------------------------------------

    def _transport(self) -> TableTransport | None:
        if self.settings.sources == "sample":
            return FolderTransport(self.settings.sample_dir / "tables")
        if self.settings.sources == "live":
            return LiveTransport(
                open_client(), CallLimiter(self.settings.home / "limits"), self.settings.now
            )
        return None

    def _take_in_table(self, table: TableDescription, intake: Intake) -> None:
        # Only the newest counts: an office that takes a correction back delivers old content anew.
        newest = self.zone.vintages_in_use(table.source, table.dataset)[-1:]
        known = {vintage.content_hash: vintage for vintage in newest}
        intake.outcome = "unchanged" if known else "nothing"
        transport = self._transport()
        if transport is None:
            return
        fetched = transport.fetch(table)
        if self.zone.is_taken_in(known, content_hash(content_of(fetched))):
            return
        try:
            delivery = read_fetched(table, fetched, self.catalogue)
        except UnreadableDelivery as error:
            self.zone.quarantine_file(
                table.source,
                table.dataset,
                f"{table.dataset}.json",
                content_of(fetched),
                str(error),
                is_sample=self.settings.sources == "sample",
            )
            raise SourceUnavailable(
                f"{table.source} answered for {table.dataset} with what cannot be read: {error}"
            ) from error
        vintage = self.zone.write(
            table.source,
            table.dataset,
            delivery,
            licence=table.licence,
            is_sample=self.settings.sources == "sample",
        )
        self.zone.release_file(table.source, table.dataset, vintage.content_hash)
        intake.add(vintage, delivery)

    # -- landing zone ----------------------------------------------------------------------

    def _landing_roots(self) -> list[tuple[Path, bool]]:
        roots = [(self.settings.landing_dir, False)]
        if self.settings.sources == "sample":
            roots.insert(0, (self.settings.sample_dir / "landing", True))
        return roots

    def _landing_files(self, source: str, dataset: str) -> Iterator[tuple[Path, bool]]:
        """Delivered files, oldest first: by the time of the file, then by its name."""
        found = [
            (path.stat().st_mtime_ns, path.name, path, is_sample)
            for root, is_sample in self._landing_roots()
            for path in (root / source / dataset).glob("*")
            if path.is_file() and not path.name.startswith((".", "~$"))
        ]
        for _, _, path, is_sample in sorted(found):
            yield path, is_sample

    def _take_in_landing(self, intake: Intake) -> None:
        source, dataset = intake.source, intake.dataset
        known = self.zone.latest_by_content(source, dataset)
        intake.outcome = "unchanged" if known else "nothing"
        before = set(known)
        read_again = False
        for path, is_sample in self._landing_files(source, dataset):
            content = path.read_bytes()
            digest = content_hash(content)
            # After a delivery that is read again every later one is too: else its rows would
            # come after theirs and replace what corrected them.
            if self.zone.is_taken_in(known, digest) and not (read_again and digest in before):
                continue
            read_again = read_again or digest in before
            origin = path.relative_to(self.settings.home).as_posix()
            try:
                if path.suffix.lower() not in _SUFFIXES:
                    raise UnreadableDelivery(
                        f"A delivery is a .csv or .xlsx file, not {path.suffix or 'without one'}."
                    )
                delivery = self._landing.read(
                    source,
                    dataset,
                    content,
                    file=path.name,
                    origin=origin,
                    delivered_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
                )
                vintage = self.zone.write(
                    source,
                    dataset,
                    delivery,
                    licence=self.catalogue.sources[source].licence,
                    is_sample=is_sample,
                )
            except UnreadableDelivery as error:
                self.zone.quarantine_file(
                    source, dataset, path.name, content, str(error), is_sample=is_sample
                )
                intake.refused_files.append((path.name, str(error)))
                continue
            self.zone.release_file(source, dataset, digest)
            known[digest] = vintage
            before.discard(digest)
            intake.add(vintage, delivery)

    def quarantine_strays(self) -> list[tuple[str, str]]:
        """Files that lie where no source or dataset of the catalogue is: whole, with the reason.

        A dataset of the contract that is not read yet waits where it lies.
        """
        strays: list[tuple[str, str]] = []
        for path in sorted(self.settings.landing_dir.rglob("*")):
            if not path.is_file() or path.name.startswith((".", "~$")):
                continue
            parts = path.relative_to(self.settings.landing_dir).parts
            if reason := self._stray_reason(parts):
                source, dataset = [*parts[:-1], "unknown", "unknown"][:2]
                try:
                    content = path.read_bytes()
                except OSError as error:
                    strays.append(("/".join(parts), f"{reason} It cannot be opened: {error}."))
                    continue
                self.zone.quarantine_file(source, dataset, path.name, content, reason)
                strays.append(("/".join(parts), reason))
        return strays

    def _stray_reason(self, parts: tuple[str, ...]) -> str | None:
        place = "put it in landing/<source>/<dataset>/"
        if len(parts) != 3:
            return f"The file lies at landing/{'/'.join(parts)}; {place}."
        source, dataset, _ = parts
        if source not in self.catalogue.sources:
            known = ", ".join(sorted(self.catalogue.sources))
            return f"{source!r} is not a source of the catalogue ({known}); {place}."
        allowed = self.catalogue.sources[source].datasets
        if dataset not in allowed:
            return (
                f"{source} delivers no dataset {dataset!r} by the catalogue "
                f"({', '.join(allowed)}); add it to sources.csv if it does."
            )
        return None
