"""From when what was taken in is known: knowledge changes once a publication, and only with one.

raw/_known.json    the publications, each by the newest moment of the vintages in it

A vintage that was taken in by a refresh which published nothing is known from the next publication
on. What that refresh had taken in and the next one replaced was never known, so it is no revision.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import pyarrow.parquet as pq

from assets.raw.files import write_json
from assets.settings import Settings


@dataclass(frozen=True)
class Known:
    """What is known from when.

    Attributes:
        through: moment of the newest vintage of it.
        known_from: moment from which everything up to there that was not known before is known.
    """

    through: datetime
    known_from: datetime

    @classmethod
    def from_json(cls, fields: dict[str, str]) -> Self:
        """Read back what `asdict` and JSON made of one."""
        return cls(*(datetime.fromisoformat(fields[name]) for name in ("through", "known_from")))


class Knowledge:
    """The publications of a raw zone, and the one that is being built."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._path: Path = settings.raw_dir / "_known.json"
        self._published: list[Known] = []
        self._next: Known | None = None
        self._is_kept = self._path.exists()
        if self._is_kept:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self._published = [Known.from_json(fields) for fields in kept["published"]]
            self._next = Known.from_json(kept["next"]) if kept["next"] else None

    def known_from(self, moments: Iterable[datetime]) -> dict[datetime, datetime]:
        """From when vintages of these moments are known, if the next build is published.

        In a raw zone of which nothing has been published yet, every vintage is known from its own
        moment. A second build of the same vintages means that the first one was not published: then
        they are known from now on.
        """
        ordered = sorted(set(moments))
        if not self._is_kept:
            return {moment: moment for moment in ordered}
        ends = [known.through for known in self._published]
        found = {
            moment: self._published[place].known_from
            for moment in ordered
            if (place := bisect_left(ends, moment)) < len(ends)
        }
        if waiting := [moment for moment in ordered if moment not in found]:
            through = waiting[-1]
            was_built = self._next is not None and self._next.through == through
            known_from = max(self.settings.now(), through) if was_built else through
            self._next = Known(through, known_from)
            self._write()
            found |= dict.fromkeys(waiting, known_from)
        return found

    def publish(self) -> None:
        """Note that what the index lists has been published."""
        if not self._is_kept:
            index = self.settings.raw_dir / "_index" / "vintages.parquet"
            listed = pq.read_table(index, columns=["taken_in_at"])["taken_in_at"].to_pylist()
            self._published = [Known(moment, moment) for moment in sorted(set(listed))]
        elif self._next is not None:
            self._published.append(self._next)
        self._next = None
        self._write()

    def _write(self) -> None:
        self._is_kept = True
        write_json(
            self._path,
            {
                "published": [asdict(known) for known in self._published],
                "next": asdict(self._next) if self._next else None,
            },
        )
