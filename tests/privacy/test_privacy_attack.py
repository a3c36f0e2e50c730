"""Nobody who adds and subtracts what is published learns a small count of customers.

Hundreds of random worlds are built at once; three attackers take every published figure for exact.
That they are able to find something is shown on the same worlds with less withheld. The seeds are
fixed, so that a run fails only for what was changed; `python -m tests.privacy` draws new ones.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.privacy.attack import Equation, Span, pinned, solved
from tests.privacy.worlds import (
    Published,
    attacked,
    built,
    draw_count_worlds,
    found_by_bounds,
    found_by_equations,
    found_by_territory,
    read,
)

FIXED_SEED = 20261122
#: A total beside a segment that its source withheld, and the rest of a region in other periods.
ONCE_FOUND = 1000010
Attack = Callable[[Published, set[Any]], set[Any]]


# -- the attackers can do what they should -----------------------------------------------------


def test_a_hidden_part_is_solved_from_its_total() -> None:
    known = [Equation({"a": 1, "b": 1}, 12), Equation({"b": 1, "c": 2}, 9), Equation({"c": 3}, 6)]

    assert solved(known) == {"a", "b", "c"}
    assert solved(known[:2]) == set()


def test_two_hidden_parts_of_a_small_sum_are_pinned() -> None:
    known = [Equation({"a": 1, "b": 1}, 2), Equation({"c": 1, "d": 1}, 3)]

    assert pinned(known, dict.fromkeys("abcd", 1)) == {"a", "b"}
    assert pinned(known, {}) == set()


def test_a_span_has_the_differences_of_what_was_added() -> None:
    span: Span[str] = Span([{"a": 1, "b": 1, "c": 1}, {"b": 2, "c": 2}])

    assert span.has({"a": 1})
    assert not span.has({"b": 1})


# -- worlds ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Published, bool]]:
    """Worlds of the fixed seed, and whether each has one frequency only."""
    return published(tmp_path_factory.mktemp("fixed"), FIXED_SEED)


def published(folder: Path, start: int) -> list[tuple[Published, bool]]:
    with built(folder, draw_count_worlds(start, countries=14, each=20)) as (warehouse, named):
        return [
            (one, world.is_plain) for one, world in zip(read(warehouse, named), named, strict=True)
        ]


def breaches(worlds: list[tuple[Published, bool]]) -> list[str]:
    """What the attackers find out, a line a world."""
    return [
        f"world {number}: {sorted(told, key=str)[:3]}"
        for number, (one, is_plain) in enumerate(worlds)
        if (told := attacked(one, is_plain=is_plain))
    ]


@pytest.mark.slow
def test_nothing_small_is_found_in_the_worlds_of_a_fixed_seed(
    fixed: list[tuple[Published, bool]],
) -> None:
    assert breaches(fixed) == []


@pytest.mark.slow
def test_nothing_small_is_found_where_a_longer_search_once_found_something(tmp_path: Path) -> None:
    assert breaches(published(tmp_path, ONCE_FOUND)) == []


@pytest.mark.slow
@pytest.mark.parametrize("attack", [found_by_equations, found_by_bounds, found_by_territory])
def test_the_attackers_find_many_where_only_small_counts_are_withheld(
    attack: Attack, fixed: list[tuple[Published, bool]]
) -> None:
    found = sum(len(attack(one, set(one.truth) - one.small)) for one, _ in fixed)

    assert found > 300


@pytest.mark.slow
def test_the_attackers_find_some_where_earlier_versions_are_shown(
    fixed: list[tuple[Published, bool]],
) -> None:
    found = 0
    for one, _ in fixed:
        earlier = {figure for figure in one.truth if one.until[figure] is not None}
        found += len(found_by_equations(one, one.shown | (earlier - one.small)))

    assert found > 5


@pytest.mark.slow
def test_much_is_published_all_the_same(fixed: list[tuple[Published, bool]]) -> None:
    """Worlds are small and mean: most of their cells are small or stand beside a small one."""
    present = [(one, figure) for one, _ in fixed for figure in one.now.values()]
    shown = sum(figure in one.shown for one, figure in present)
    small = sum(figure in one.small for one, figure in present)

    assert small > len(present) / 8
    assert shown > len(present) / 8
