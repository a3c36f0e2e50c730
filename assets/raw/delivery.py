"""What a reader hands to the raw zone: accepted rows and rejected ones, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa

from assets.raw.content import Content
from assets.vocabulary.reasons import Reason

#: Rejected rows of a delivery that whoever took it in gets to see at once.
SHOWN_REJECTS = 10


class Rejected(NamedTuple):
    """One reason why a row, or (line 0, no column) a whole file, was not taken in.

    Attributes:
        line: where the row starts.
        column: which cell is meant; empty for the row as a whole.
        reason: what is wrong with it.
        delivered: the row as it was delivered, as JSON.
        part: tells apart the rows that are made of one line; empty where a line is a row.
    """

    line: int
    column: str
    reason: Reason
    delivered: str | None = None
    part: str = ""


class Batch(NamedTuple):
    """Some rows of a delivery, each one either accepted or rejected.

    Attributes:
        accepted: rows without the origin columns `source`, `dataset`, `vintage`.
        rejected: reasons, at least one for each rejected row; all reasons of a row stand in one
            batch.
        left_out: how many more rows or cells there were that are not taken by declaration.
    """

    accepted: pa.RecordBatch
    rejected: Sequence[Rejected] = ()
    left_out: int = 0

    @property
    def rows_rejected(self) -> int:
        """How many rows were rejected, whatever the number of reasons."""
        return len({(reject.line, reject.part) for reject in self.rejected})


@dataclass(frozen=True)
class Delivery:
    """What a reader hands to the raw zone.

    Attributes:
        shape: which schema of `schemas.SHAPES` the batches have.
        file: name under which the delivery is reported to people.
        origin: where it came from: a path below the home folder, or an address.
        content: what was delivered, byte for byte.
        extension: file extension of the content (`csv`, `xlsx`, `json`).
        delivered_at: when the source handed it over.
        batches: the rows, read while they are consumed, so that memory is bounded by a batch.
        structure: what the delivery looks like, kept beside the rows for the next comparison.
        notes: what a person should know (columns that were not recognised, …).
    """

    shape: str
    file: str
    origin: str
    content: Content
    extension: str
    delivered_at: datetime
    batches: Iterator[Batch]
    structure: Mapping[str, Any] | None = None
    notes: str | None = None
