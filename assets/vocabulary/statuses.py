"""SDMX observation status: which codes say that there is no value, which one stands for several."""

from __future__ import annotations

from collections.abc import Iterable

from assets.catalogue import Catalogue

WITHHELD = frozenset({"O", "M", "L", "H", "Q"})
"""Missing, cannot exist, not collected, break without data, suppressed."""


def strongest(statuses: Iterable[str]) -> str:
    """The status that stands for several, by the precedence of `obs_statuses.csv`."""
    return min(statuses, key=Catalogue.load().obs_status_precedence.index)
