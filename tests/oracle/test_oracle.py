"""The marts agree with the brute-force oracle on random small worlds, and the oracle with reason.

Two builds hold hundreds of worlds each: one from a fixed seed, one from a seed that is drawn anew
and printed when it fails. `python -m tests.oracle --worlds 5000` goes on for longer.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from tests.oracle.oracle import (
    Answer,
    Counts,
    Delivery,
    Geography,
    Indicator,
    Member,
    Region,
    Reporter,
    Row,
    World,
    answer,
    balances,
    calendar,
    free_span,
)
from tests.oracle.worlds import (
    GAP_KINDS,
    OVERLAP_KINDS,
    TODAY,
    Verdict,
    Workshop,
    differences,
    draw_worlds,
    told,
)

FIXED_SEED = 20261122
YEAR = calendar("A", 2025)


# -- worlds made by hand -----------------------------------------------------------------------


@cache
def country() -> Geography:
    """MK97 of SK970 (KU970, KU971) and SK971 (KU972, which ended in 2025 and went to KU973)."""
    homes = {"KU970": "SK970", "KU971": "SK970", "KU972": "SK971", "KU973": "SK971"}
    end = date(2025, 1, 1)
    ends = {"KU972": end}
    members = [
        Member(ku, parent, None, ends.get(ku))
        for ku, sk in homes.items()
        for parent in (sk, "MK97", "SSS")
    ]
    members += [Member(ku, "EVK97", date(2026, 1, 1)) for ku in homes if ku not in ends]
    return Geography(
        (
            *(Region(ku, "KU", None, ends.get(ku)) for ku in homes),
            Region("SK970", "SK"),
            Region("SK971", "SK"),
            Region("MK97", "MK"),
            Region("EVK97", "EVK", date(2026, 1, 1)),
            Region("SSS", "SSS"),
        ),
        tuple(members),
        {"g97a": ("MK97",), "g97b": ("MK97",), "g97c": ("SK970",)},
        dict.fromkeys(
            ("g97a", "g97b", "g97c"), (date(2025, 6, 1), date(2026, 2, 1), date(2026, 5, 1))
        ),
    )


def indicator(name: str = "x", **more: object) -> Indicator:
    """An additive yearly indicator of municipalities and the region; nothing is expected."""
    usual: dict[str, object] = {
        "additivity": "additive",
        "combination": "prefer",
        "cadence": "A",
        "levels": ("KU", "MK"),
        "expected_levels": (),
        "segments": ("total",),
        "reporters": (Reporter("g97a", 1), Reporter("g97b", 2), Reporter("g97c", 3)),
        "first_period": YEAR,
    }
    return Indicator(name=name, **(usual | more))  # type: ignore[arg-type]


def row(region: str, value: float | None, status: str = "", name: str = "x") -> Row:
    return Row(name, region, "total", YEAR, value, status)


def world(*deliveries: Delivery, indicators: tuple[Indicator, ...] = (indicator(),)) -> World:
    return World(country(), indicators, deliveries, TODAY)


class Corner(NamedTuple):
    """The smallest world of a rule that random ones need seldom, and what it comes to.

    Attributes:
        cell: indicator, region and period.
        says: value, status and coverage of the cell.
    """

    world: World
    cell: tuple[str, str, str]
    says: tuple[float | None, str, float]


CORNERS: Mapping[str, Corner] = {
    "a part that cannot exist (M) lowers no coverage": Corner(
        world(Delivery("g97a", 0, (row("KU970", 10), row("KU971", None, "M"), row("KU973", 5)))),
        ("x", "MK97", "2025"),
        (15, "A", 1),
    ),
    "a slot that cannot exist (M) lowers no coverage": Corner(
        world(
            Delivery("g97a", 0, (row("KU970", 10),)),
            Delivery("g97b", 0, (row("KU970", None, "M"),)),
            indicators=(
                indicator(
                    combination="sum",
                    levels=("KU",),
                    reporters=(Reporter("g97a", 1, "g97a"), Reporter("g97b", 2, "g97b")),
                ),
            ),
        ),
        ("x", "KU970", "2025"),
        (10, "A", 1),
    ),
    "a part outside the area of the sources does not stand in for a missing one": Corner(
        world(
            Delivery("g97c", 0, (row("KU970", 10), row("KU973", 5))),
            indicators=(indicator(reporters=(Reporter("g97c", 1),)),),
        ),
        ("x", "MK97", "2025"),
        (15, "A", 2 / 3),
    ),
    "the country is made of the largest level, derived or not": Corner(
        world(
            Delivery("g97a", 0, (row("KU970", 10)._replace(period=calendar("M", 2026, 1)),)),
            indicators=(indicator(levels=("KU", "EVK", "SSS")),),
        ),
        ("x", "SSS", "2026-01"),
        (10, "A", 1 / 3),
    ),
    "a rate of incomplete parts rests on the same municipalities above and below": Corner(
        world(
            Delivery("g97a", 0, (row("KU970", 10, name="n"), row("KU971", 50, name="d"))),
            indicators=(
                indicator("n"),
                indicator("d"),
                indicator(
                    "r", additivity="rate", numerator="n", denominator="d", rate_factor=100.0
                ),
            ),
        ),
        ("r", "MK97", "2025"),
        (None, "O", 1 / 3),
    ),
}


# -- the oracle against reason -----------------------------------------------------------------


def test_sources_are_preferred_and_the_rest_is_overlap() -> None:
    said = answer(
        world(
            Delivery("g97a", 0, (row("KU970", 100), row("KU970", 1000), row("KU970", None))),
            Delivery("g97b", 0, (row("KU970", 1005),)),
            Delivery("g97c", 0, (row("KU970", 1005.5),)),
        )
    )

    found = said.observations["x", "KU970", "total", "2025", "*"]
    assert (found.value, found.source, found.sources) == (1000, "g97a", ("g97a", "g97b", "g97c"))
    assert found.has_overlap
    # The row without a value contradicts nothing; 1005 lies within half a per cent of 1000.
    assert sorted((o.kind, o.other_value) for o in said.overlaps if o.other_value) == [
        ("conflict", 100),
        ("conflict", 1005.5),
        ("redundant", 1005),
    ]
    assert sum(said.overlaps.values()) == 4
    assert said.ledger["g97a", 0] == Counts(3, 1, 0, 2, 0)


def test_a_roll_up_names_what_it_lacks_and_forgets_who_had_ended() -> None:
    said = answer(
        world(Delivery("g97a", 0, (row("KU970", 10), row("KU971", None, "Q"), row("KU972", 7))))
    )

    whole = said.observations["x", "MK97", "total", "2025", "*"]
    # KU972 ended before 2025: its row is quarantined, and only KU970, KU971 and KU973 are parts.
    assert (whole.value, whole.is_derived) == (10, True)
    assert whole.coverage_share == pytest.approx(1 / 3)
    assert sorted((g.kind, g.region) for g in said.gaps) == [
        ("partial", "MK97"),
        ("suppressed", "KU971"),
    ]
    assert said.ledger["g97a", 0] == Counts(3, 2, 0, 0, 1)


def test_every_pair_of_intersecting_periods_is_told_once() -> None:
    periods = [YEAR, calendar("S", 2025), calendar("Q", 2025, 2), calendar("Q", 2025, 3)]
    periods.append(free_span(date(2025, 12, 1), date(2026, 2, 1)))
    rows = tuple(Row("x", "KU970", "total", period, 5.0) for period in periods)

    said = answer(world(Delivery("g97a", 0, rows)))

    assert sorted((o.period, o.other_period) for o in said.overlaps) == [
        ("2025", "2025-12-01/2026-01-31"),
        ("2025", "2025-Q2"),
        ("2025", "2025-Q3"),
        ("2025", "2025-S1"),
        ("2025-Q2", "2025-S1"),
    ]


def test_a_later_delivery_replaces_and_one_after_the_due_day_is_late() -> None:
    monthly = indicator(
        cadence="M",
        expected_levels=("KU",),
        first_period=calendar("M", 2025, 5),
        last_period=calendar("M", 2025, 8),
        reporters=(Reporter("g97a", 1, "*", date(2015, 1, 1)),),
    )
    may, august = calendar("M", 2025, 5), calendar("M", 2025, 8)
    first = (Row("x", "KU970", "total", may, 4.0),)
    second = (Row("x", "KU970", "total", may, 5.0), Row("x", "KU970", "total", august, 6.0))

    said = answer(
        world(Delivery("g97a", 0, first), Delivery("g97a", 1, second), indicators=(monthly,))
    )

    assert not said.overlaps
    assert said.ledger == {("g97a", 0): Counts(1, 0, 1, 0, 0), ("g97a", 1): Counts(2, 2, 0, 0, 0)}
    kinds = {(g.period, g.kind) for g in said.gaps if g.region == "KU970"}
    assert kinds == {("2025-06", "absent"), ("2025-07", "absent"), ("2025-08", "late")}
    (late,) = (g for g in said.gaps if g.kind == "late")
    assert (late.due_on, late.days_late) == (date(2025, 9, 30), 124)


def test_a_comparison_notices_whatever_is_missing() -> None:
    rows = (row("KU970", 10), row("KU970", 20), row("KU971", None, "Q"))
    full = answer(world(Delivery("g97a", 0, rows)))

    for left_out in range(len(rows)):
        less = rows[:left_out] + rows[left_out + 1 :]
        assert list(differences(full, answer(world(Delivery("g97a", 0, less)))))
    assert not list(differences(full, answer(world(Delivery("g97a", 0, rows)))))


# -- the marts against the oracle --------------------------------------------------------------


@cache
def fixed_worlds() -> list[World]:
    return draw_worlds(FIXED_SEED, countries=16, each=25)


@cache
def fixed_answers() -> list[Answer]:
    return [answer(world) for world in fixed_worlds()]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("oracle"))


@pytest.fixture(scope="module")
def fixed(workshop: Workshop) -> list[Verdict]:
    """Verdicts on the corners, and on the worlds of the fixed seed; one build."""
    return workshop.judge([*(corner.world for corner in CORNERS.values()), *fixed_worlds()])


def agree(workshop: Workshop, verdicts: list[Verdict], start: int) -> None:
    """Fails with the smallest world that still differs, and the seed that leads to it."""
    differing = [verdict for verdict in verdicts if verdict.differences]
    if differing:
        smallest = told(workshop.shrunk(differing[0]))
        pytest.fail(f"{len(differing)} worlds of seed {start} differ; one of them:\n{smallest}")


@pytest.mark.slow
def test_marts_agree_with_the_oracle_on_the_worlds_of_a_fixed_seed(
    workshop: Workshop, fixed: list[Verdict]
) -> None:
    agree(workshop, fixed, FIXED_SEED)


@pytest.mark.slow
def test_marts_agree_with_the_oracle_on_worlds_never_seen_before(workshop: Workshop) -> None:
    # One country, so that a source may cover all of it.
    start = random.SystemRandom().randrange(10**9)

    agree(workshop, workshop.judge(draw_worlds(start, countries=1, each=250)), start)


@pytest.mark.parametrize("rule", CORNERS)
def test_a_corner_comes_to_what_its_rule_says(rule: str) -> None:
    corner = CORNERS[rule]
    name, region, period = corner.cell

    found = answer(corner.world).observations[name, region, "total", period, "*"]

    assert (found.value, found.obs_status) == corner.says[:2]
    assert found.coverage_share == pytest.approx(corner.says[2])


@pytest.mark.parametrize("kind", [*OVERLAP_KINDS, *GAP_KINDS])
def test_worlds_have_every_kind(kind: str) -> None:
    having = [
        said
        for said in fixed_answers()
        if kind in {o.kind for o in said.overlaps} | {g.kind for g in said.gaps}
    ]

    assert len(having) >= 5


def test_every_ledger_of_the_oracle_balances() -> None:
    counts = [counts for said in fixed_answers() for counts in said.ledger.values()]

    assert all(map(balances, counts))
    totals = [sum(column) for column in zip(*counts, strict=True)]
    assert min(totals) > 50, totals


def test_a_world_without_rows_has_gaps_only() -> None:
    expecting = indicator(
        expected_levels=("KU", "MK"), reporters=(Reporter("g97a", 1, "*", date(2015, 1, 1)),)
    )

    said = answer(world(indicators=(expecting,)))

    assert not said.observations
    assert {g.region for g in said.gaps} == {"KU970", "KU971", "KU973", "MK97"}
    assert {g.kind for g in said.gaps} == {"absent"}
