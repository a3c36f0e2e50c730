"""When each source was last asked, with what outcome, and what to ask with next time.

raw/<source>/<dataset>/last_attempt.json    when it was last asked, and the outcome
/last_fetch.json      what to ask a service with next time
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from assets.raw.files import write_json
from assets.settings import Settings

Outcome = Literal["new", "unchanged", "nothing", "failed"]


class Attempts:
    """The attempts of one deployment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._root = settings.raw_dir

    def record(
        self, source: str, dataset: str, outcome: Outcome, message: str | None = None
    ) -> None:
        """Remember when a (source, dataset) was last asked; staleness is judged from it."""
        path = self._root / source / dataset / "last_attempt.json"
        record = {
            "source": source,
            "dataset": dataset,
            "attempted_at": self._settings.now().isoformat(),
            "outcome": outcome,
            "message": message,
        }
        write_json(path, record)

    def all(self) -> list[dict[str, Any]]:
        """The last attempt of each (source, dataset)."""
        found = []
        for path in sorted(self._root.glob("[!_]*/*/last_attempt.json")):
            record = json.loads(path.read_text(encoding="utf-8"))
            record["attempted_at"] = datetime.fromisoformat(record["attempted_at"])
            found.append(record)
        return found

    def last_fetch(self, source: str, dataset: str) -> dict[str, Any]:
        """What was written down after the last fetch of a (source, dataset); empty if nothing."""
        path = self._root / source / dataset / "last_fetch.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def remember_fetch(self, source: str, dataset: str, record: Mapping[str, Any]) -> None:
        """Write down what the next fetch needs to know."""
        path = self._root / source / dataset / "last_fetch.json"
        write_json(path, record)
