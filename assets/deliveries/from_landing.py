"""The landing zone: the files that partners drop, each a whole delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from assets.catalogue import Catalogue
from assets.deliveries.arrival import Arrival
from assets.deliveries.known import still_holds
from assets.deliveries.on_the_way import is_leftover, still_being_written
from assets.deliveries.plausible import SHAPE, Neighbours
from assets.errors import TilannekuvaError
from assets.landing.answers import answer_to_unreadable
from assets.landing.delivery import Check, DeliveryReader
from assets.languages import Text
from assets.raw.content import Content
from assets.raw.delivery import Rejected
from assets.raw.keys import business_key_maker
from assets.raw.vintages import Vintage
from assets.raw.zone import RawZone
from assets.settings import Settings
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason

#: Parts of a file name that are numbers.
_NUMBERS = re.compile(r"([0-9]+)")

WAITING = frozenset(
    {"most_keys_twice", "column_tells_rows_apart", "unnamed_column_tells_rows_apart"}
)
"""Reasons for which a whole file waits until somebody accepts it."""
SUFFIXES = (".csv", ".xlsx", ".xls")


class LandingDeliveries:
    """Takes in what lies in the landing zone, and in the sample's in sample mode."""

    def __init__(self, settings: Settings, catalogue: Catalogue, zone: RawZone) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._zone = zone
        self.reader = DeliveryReader(catalogue, business_key_maker(settings.home), settings.today)

    @cached_property
    def on_the_way(self) -> frozenset[Path]:
        """Files that are still being written; they wait for the next run."""
        zone = self._settings.landing_dir.rglob("*")
        return still_being_written(p for p in zone if p.is_file() and not is_leftover(p.name))

    def _roots(self) -> list[tuple[Path, bool]]:
        roots = [(self._settings.landing_dir, False)]
        if self._settings.sources == "sample":
            roots.insert(0, (self._settings.sample_dir / "landing", True))
        return roots

    def _files(self, source: str, dataset: str) -> Iterator[tuple[Path, bool]]:
        """Delivered files, oldest first: by the time of the file, then by its name (v9, v10)."""
        found = [
            (path.stat().st_mtime_ns, _natural(path.name), path, is_sample)
            for root, is_sample in self._roots()
            for path in (root / source / dataset).glob("*")
            if path.is_file() and not is_leftover(path.name)
        ]
        for _, _, path, is_sample in sorted(found):
            yield path, is_sample

    def take_in(self, arrival: Arrival) -> None:
        """Take in every file of a (source, dataset) that is not known yet."""
        source, dataset = arrival.source, arrival.dataset
        vintages = self._zone.vintages(source, dataset)
        known = {v.content_hash: v for v in vintages}
        taken_in = {(v.content_hash, v.delivered_at): v for v in vintages}
        arrival.outcome = "unchanged" if known else "nothing"
        before = set(taken_in)
        read_again = False
        for path, is_sample in self._files(source, dataset):
            if path in self.on_the_way:
                arrival.waiting.append(path.relative_to(self._settings.home).as_posix())
                continue
            digest = Content(path).digest
            delivered_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if (newest := known.get(digest)) is not None:
                is_same_file = (digest, delivered_at) in taken_in
                key = digest, delivered_at if is_same_file else newest.delivered_at
                # After a delivery that is read again every later one is too: else its rows would
                # come after theirs and replace what corrected them.
                is_again = key in before and (
                    read_again or not self._zone.is_taken_in(taken_in[key])
                )
                if not is_again and (is_same_file or still_holds(self._zone, newest, delivered_at)):
                    continue
                before.discard(key)
                read_again = read_again or is_again
            with self._zone.snapshot(path) as content:
                try:
                    # What was taken in once waits for nobody when it is read again.
                    vintage, rejected = self._write(
                        source, dataset, path, content, delivered_at, is_sample,
                        is_accepted=newest is not None,
                    )  # fmt: skip
                except UnreadableDelivery as error:
                    reason = error.reason
                    self._quarantine(source, dataset, path.name, content, reason, is_sample)
                    arrival.refused_files.append((path.name, str(error)))
                    file = self._zone.quarantine.reported_name(source, dataset, path.name, digest)
                    self._note_answer(arrival, file)
                    continue
            known[vintage.content_hash] = vintage
            taken_in[vintage.content_hash, vintage.delivered_at] = vintage
            arrival.add(vintage, rejected)
            self._note_answer(arrival, vintage.file)

    def check_of(self, source: str, dataset: str, *, is_accepted: bool = False) -> Check | None:
        """What the rows of a delivery are held against beyond their contract."""
        if dataset != SHAPE:
            return None
        return Neighbours(self._zone, source, self._catalogue, is_accepted=is_accepted)

    def accept(self, source: str, dataset: str, because: str) -> list[Vintage]:
        """Take in the files that wait: somebody looked at them and they are right.

        A file waits that goes to quarantine whole because its rows come twice (`WAITING`).

        Args:
            source: who delivered.
            dataset: and what.
            because: why they are right; kept with the vintages.

        Raises:
            TilannekuvaError: none waits.
        """
        quarantine = self._zone.quarantine
        taken_in = []
        for path, is_sample in list(self._files(source, dataset)):
            if quarantine.code_of_file(source, dataset, Content(path).digest) not in WAITING:
                continue
            delivered_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            with self._zone.snapshot(path) as content:
                vintage, _ = self._write(
                    source, dataset, path, content, delivered_at, is_sample,
                    is_accepted=True, notes=f"Accepted: {because}",
                )  # fmt: skip
            taken_in.append(vintage)
        if not taken_in:
            raise TilannekuvaError(f"No file in landing/{source}/{dataset}/ waits to be accepted.")
        return taken_in

    def _write(
        self, source: str, dataset: str, path: Path, content: Content, delivered_at: datetime,
        is_sample: bool, *, is_accepted: bool, notes: str | None = None,
    ) -> tuple[Vintage, list[Rejected]]:  # fmt: skip
        """Read a file into a new vintage, with an answer to its sender where rows are rejected."""
        if path.suffix.lower() not in SUFFIXES:
            nameless = Text(
                fi="päätteetön tiedosto",
                sv="en fil utan ändelse",
                en="one without an ending",
            )
            raise UnreadableDelivery(Reason("no_delivery_suffix", suffix=path.suffix or nameless))
        delivery = self.reader.read(
            source,
            dataset,
            content,
            file=path.name,
            origin=path.relative_to(self._settings.home).as_posix(),
            delivered_at=delivered_at,
            check=self.check_of(source, dataset, is_accepted=is_accepted),
            is_accepted=is_accepted,
        )
        licence = self._catalogue.sources[source].licence
        # The answer is there before the vintage: a run that dies in between leaves the file to be
        # read again.
        with self._zone.writing(
            source, dataset, delivery, licence=licence, is_sample=is_sample, notes=notes
        ) as (vintage, rejected):
            if vintage.rows_quarantined:
                self._zone.quarantine.write_answer(
                    source, dataset, vintage.file, delivery.answer.workbook(vintage)
                )
        self._zone.quarantine.release_file(source, dataset, vintage.content_hash)
        return vintage, rejected

    def _note_answer(self, arrival: Arrival, file: str) -> None:
        path = self._zone.quarantine.answer_path(arrival.source, arrival.dataset, file)
        if path.exists():
            arrival.answers.append(path.relative_to(self._settings.home).as_posix())

    def _quarantine(
        self, source: str, dataset: str, name: str, content: Content, reason: Reason,
        is_sample: bool,
    ) -> None:  # fmt: skip
        quarantine = self._zone.quarantine
        with quarantine.adding_file(
            source, dataset, name, content, reason, is_sample=is_sample
        ) as added:
            if added is not None:
                answer = answer_to_unreadable(
                    source, dataset, content, reason, self._catalogue, *added
                )
                quarantine.write_answer(source, dataset, added.file, answer)

    def quarantine_strays(self) -> list[tuple[str, str]]:
        """Files that lie where no source or dataset of the catalogue is: whole, with the reason."""
        strays: list[tuple[str, str]] = []
        for path in sorted(self._settings.landing_dir.rglob("*")):
            if not path.is_file() or is_leftover(path.name) or path in self.on_the_way:
                continue
            parts = path.relative_to(self._settings.landing_dir).parts
            if reason := self._stray_reason(parts):
                source, dataset = [*parts[:-1], "unknown", "unknown"][:2]
                try:
                    self._quarantine(source, dataset, path.name, Content(path), reason, False)
                except OSError as error:
                    strays.append(("/".join(parts), f"{reason} It cannot be opened: {error}."))
                else:
                    strays.append(("/".join(parts), reason))
        return strays

    def _stray_reason(self, parts: tuple[str, ...]) -> Reason | None:
        if len(parts) != 3:
            return Reason("wrong_place", path="/".join(parts))
        source, dataset, _ = parts
        if source not in self._catalogue.sources:
            known = ", ".join(sorted(self._catalogue.sources))
            return Reason("not_a_source", source=source, known=known)
        allowed = self._catalogue.sources[source].datasets
        if dataset not in allowed:
            known = ", ".join(allowed)
            return Reason("not_a_dataset_of_source", source=source, dataset=dataset, known=known)
        return None


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts names as people count them: `v9` before `v10`."""
    # Every other part of a name that is split at its numbers is one of them.
    parts = enumerate(_NUMBERS.split(name))
    return [(int(part), part) if n % 2 else (-1, part) for n, part in parts]
