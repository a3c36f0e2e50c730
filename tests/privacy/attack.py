"""Somebody who subtracts: what follows from published figures about those that are withheld.

Exact arithmetic on whole numbers; equations are dictionaries from unknowns to coefficients. What
belongs here: solving. What does not: which equations a publication gives (`worlds`).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

U = TypeVar("U", bound=Hashable)


@dataclass(frozen=True)
class Equation(Generic[U]):
    """The sum of coefficient times unknown is the constant."""

    terms: Mapping[U, int]
    constant: int


class Span(Generic[U]):
    """All sums and differences of some vectors of whole numbers."""

    def __init__(self, vectors: Iterable[Mapping[U, int]] = ()) -> None:
        self._pivots: dict[U, dict[U, int]] = {}
        for vector in vectors:
            self.add(vector)

    def add(self, vector: Mapping[U, int]) -> None:
        """One more vector."""
        rest = self._reduced(vector)
        if rest:
            self._pivots[next(iter(rest))] = rest

    def has(self, vector: Mapping[U, int]) -> bool:
        """Whether the vector is a combination of those that were added."""
        return not self._reduced(vector)

    def _reduced(self, vector: Mapping[U, int]) -> dict[U, int]:
        rest = {unknown: n for unknown, n in vector.items() if n}
        while True:
            pivot = next((unknown for unknown in rest if unknown in self._pivots), None)
            if pivot is None:
                return rest
            other = self._pivots[pivot]
            ours, theirs = rest[pivot], other[pivot]
            rest = {
                unknown: n
                for unknown in {**rest, **other}
                if (n := rest.get(unknown, 0) * theirs - other.get(unknown, 0) * ours)
            }
            if rest and (common := reduce(math.gcd, rest.values())) > 1:
                rest = {unknown: n // common for unknown, n in rest.items()}


def solved(equations: Iterable[Equation[U]]) -> set[U]:
    """The unknowns that the equations determine."""
    equations = list(equations)
    span = Span(equation.terms for equation in equations)
    unknowns = {unknown for equation in equations for unknown in equation.terms}
    return {unknown for unknown in unknowns if span.has({unknown: 1})}


def pinned(equations: Iterable[Equation[U]], least: Mapping[U, int], rounds: int = 60) -> set[U]:
    """The unknowns that have one value left, knowing the least that each can be.

    Bounds are carried from each equation to its unknowns and back until nothing changes: whole
    numbers, nothing negative.

    Args:
        equations: what is known.
        least: by unknown; 0 where nothing is said.
        rounds: after so many everything that can be found in small systems is.
    """
    equations = list(equations)
    low = {u: least.get(u, 0) for equation in equations for u in equation.terms}
    high: dict[U, float] = dict.fromkeys(low, math.inf)
    for _ in range(rounds):
        before = (dict(low), dict(high))
        for equation in equations:
            for unknown, factor in equation.terms.items():
                others = [(u, n) for u, n in equation.terms.items() if u != unknown]
                # factor * unknown = constant - others
                most = equation.constant - sum(
                    n * (low[u] if n > 0 else high[u]) for u, n in others
                )
                fewest = equation.constant - sum(
                    n * (high[u] if n > 0 else low[u]) for u, n in others
                )
                if factor < 0:
                    most, fewest = -fewest, -most
                size = abs(factor)
                if most < math.inf:
                    high[unknown] = min(high[unknown], math.floor(most / size))
                if fewest > -math.inf:
                    low[unknown] = max(low[unknown], math.ceil(fewest / size))
        if (low, high) == before:
            break
    return {unknown for unknown in low if low[unknown] == high[unknown]}
