"""The words that deliveries use: periods, regions, numbers, dates, business ids.

Each module turns what people write into what the platform means, or says in one sentence why
it cannot. What belongs here: pure functions over text and the catalogue. What does not: files,
tables, Dagster.
"""

from __future__ import annotations

from assets.errors import TilannekuvaError
from assets.vocabulary.reasons import Reason


class NotUnderstood(ValueError):
    """A cell that cannot be understood; `str()` of it tells its author what to write instead.

    Args:
        reason: why; without one where the author is told by another cell.
    """

    def __init__(self, *reason: Reason) -> None:
        super().__init__(*reason)

    @property
    def reason(self) -> Reason:
        """Why, in every language."""
        reason: Reason = self.args[0]
        return reason


class UnreadableDelivery(TilannekuvaError):
    """A delivered file or answer that cannot be read at all; it goes to quarantine whole.

    Args:
        reason: why.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)

    @property
    def reason(self) -> Reason:
        """Why, in every language."""
        reason: Reason = self.args[0]
        return reason
