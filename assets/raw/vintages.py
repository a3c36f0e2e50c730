"""A vintage: one delivery as it was taken in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True)
class Vintage:
    """One delivery as it was taken in; the fields of `vintage.json` (see `schemas.VINTAGES`)."""

    source: str
    dataset: str
    shape: str
    vintage: str
    sequence: int
    taken_in_at: datetime
    delivered_at: datetime
    origin: str
    file: str
    content_hash: str
    licence: str
    is_sample: bool
    rows_delivered: int
    rows_accepted: int
    rows_quarantined: int
    catalogue_hash: str
    notes: str | None = None
    rows_left_out: int = 0

    def to_json(self) -> str:
        """The text of `vintage.json`."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Vintage:
        """Read back what `to_json` wrote."""
        fields = json.loads(text)
        for name in ("taken_in_at", "delivered_at"):
            fields[name] = datetime.fromisoformat(fields[name])
        return cls(**fields)
