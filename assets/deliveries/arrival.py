"""What came of asking one source for one dataset."""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.raw.attempts import Outcome
from assets.raw.delivery import SHOWN_REJECTS, Rejected
from assets.raw.vintages import Vintage


@dataclass
class Arrival:
    """What came of asking one (source, dataset).

    Attributes:
        outcome: `new` (at least one new vintage), `unchanged`, `nothing` (never delivered), or
            `failed` (its last good vintage stays in use).
        vintages: the new ones, oldest first.
        refused_files: files that cannot be read at all, with the reason.
        samples: the first rows that went to quarantine: file, line, column, reason.
        answers: paths of the answers to their senders, below the home folder.
        waiting: paths of files that are still being written, below the home folder.
        message: why it failed.
    """

    source: str
    dataset: str
    outcome: Outcome = "nothing"
    vintages: list[Vintage] = field(default_factory=list)
    refused_files: list[tuple[str, str]] = field(default_factory=list)
    samples: list[tuple[str, int, str, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    message: str | None = None

    def add(self, vintage: Vintage, rejected: list[Rejected]) -> None:
        """Count a new vintage and remember a few of its rejected rows."""
        self.outcome = "new"
        self.vintages.append(vintage)
        room = SHOWN_REJECTS - len(self.samples)
        self.samples.extend(
            (vintage.file, reject.line, reject.column, reject.reason) for reject in rejected[:room]
        )

    @property
    def rows_delivered(self) -> int:
        """Rows of the new vintages."""
        return sum(v.rows_delivered for v in self.vintages)

    @property
    def rows_quarantined(self) -> int:
        """Rows of the new vintages that went to quarantine."""
        return sum(v.rows_quarantined for v in self.vintages)
