"""Whether published figures give away a withheld one: exact linear algebra over unknown parts.

An attacker knows how figures add up. Each published figure is an equation over the parts that it is
the sum of; a withheld figure is found out when its own sum is a combination of those equations.
Coefficients are rational numbers, so that nothing is found or missed by rounding.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction

Part = Hashable
Row = dict[Part, Fraction]


class Attacker:
    """Everything that can be worked out from sums that are known.

    Args:
        impossible: parts that are known to be nothing.
    """

    def __init__(self, impossible: Iterable[Part] = ()) -> None:
        self._nothing = frozenset(impossible)
        self._solved: dict[Part, Row] = {}

    def learn(self, parts: Iterable[Part] | Mapping[Part, int]) -> None:
        """A figure is published: the sum of the parts, or each times its number."""
        row = self._reduced(self._row(parts))
        if not row:
            return
        pivot = min(row, key=repr)
        scale = row[pivot]
        row = {part: factor / scale for part, factor in row.items()}
        for known in self._solved.values():
            if factor := known.get(pivot):
                _subtract(known, row, factor)
        self._solved[pivot] = row

    def finds(self, parts: Iterable[Part]) -> bool:
        """Whether the sum of the parts follows from what was learnt."""
        return not self._reduced(self._row(parts))

    def _row(self, parts: Iterable[Part] | Mapping[Part, int]) -> Row:
        counted = parts if isinstance(parts, Mapping) else dict.fromkeys(parts, 1)
        return {p: Fraction(n) for p, n in counted.items() if p not in self._nothing}

    def _reduced(self, row: Row) -> Row:
        for part in list(row):
            factor = row.get(part)
            if factor and part in self._solved:
                _subtract(row, self._solved[part], factor)
        return row


def _subtract(row: Row, other: Row, factor: Fraction) -> None:
    for part, value in other.items():
        left = row.get(part, Fraction(0)) - factor * value
        if left:
            row[part] = left
        else:
            row.pop(part, None)
