"""The marts agree with the brute-force oracle on random small worlds, and the oracle with reason.

Two builds hold hundreds of worlds each, of fixed seeds: what fails here fails again. The command
`python -m tests.oracle` searches worlds that nobody has seen (docs/architecture.md says when).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple

import pytest

from assets.sample.events import business_id
from tests.oracle.events import Event, LogDelivery
from tests.oracle.log_worlds import link_rules
from tests.oracle.oracle import (
    Answer,
    Counts,
    Delivery,
    Geography,
    Habit,
    Indicator,
    Member,
    Merger,
    Redefinition,
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
    draw_log_worlds,
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
        (Merger("KU972", "KU973", end),),
        # Twelve months before today, and a day less; in Finland it is the next day already.
        {
            "g97b": Habit("S", datetime(2026, 5, 19, 12, tzinfo=UTC)),
            "g97c": Habit("S", datetime(2026, 5, 19, 22, tzinfo=UTC)),
        },
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
            indicators=(
                indicator(
                    levels=("KU", "EVK", "SSS"), cadence="M", first_period=calendar("M", 2025, 1)
                ),
            ),
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


def years(name: str, values: Mapping[int, float], region: str = "KU970") -> tuple[Row, ...]:
    return tuple(
        Row(name, region, "total", calendar("A", year), value) for year, value in values.items()
    )


#: What is redefined or got other land, and the indicator, region and period that then break.
BREAKS: Mapping[str, tuple[World, set[tuple[str, str, str]]]] = {
    "a merger changes the successor, and no region above both": (
        world(
            Delivery("g97a", 0, years("x", {2024: 1, 2025: 2}, "KU973")),
            Delivery("g97b", 0, years("x", {2024: 1, 2025: 2}, "MK97")),
        ),
        {("x", "KU973", "2025")},
    ),
    "a source that restates its whole series goes on": (
        world(
            Delivery("g97a", 0, years("x", {2024: 1, 2025: 2}, "KU973")),
            indicators=(
                indicator(additivity="none", reporters=(Reporter("g97a", 1, restates=True),)),
            ),
        ),
        set(),
    ),
    "and breaks where its division is the one of before": (
        world(
            Delivery("g97a", 0, years("x", {2024: 1}, "KU973")),
            Delivery("g97b", 0, years("x", {2025: 2}, "KU973")),
            indicators=(
                indicator(
                    additivity="none",
                    reporters=(
                        Reporter("g97a", 1, restates=True, division_year=2020),
                        Reporter("g97b", 2, restates=True),
                    ),
                ),
            ),
        ),
        {("x", "KU973", "2025")},
    ),
    "a sum breaks with any of its sources": (
        replace(
            world(
                Delivery("g97a", 0, years("x", {2024: 1, 2025: 1})),
                Delivery("g97b", 0, years("x", {2024: 5, 2025: 5})),
                indicators=(
                    indicator(
                        combination="sum",
                        reporters=(Reporter("g97a", 1, "g97a"), Reporter("g97b", 2, "g97b")),
                    ),
                ),
            ),
            redefinitions=(Redefinition("x", "g97b", date(2025, 1, 1)),),
        ),
        # The region above is made of it.
        {("x", "KU970", "2025"), ("x", "MK97", "2025")},
    ),
    "a source that was not kept breaks nothing": (
        replace(
            world(
                Delivery("g97a", 0, years("x", {2024: 1, 2025: 1})),
                Delivery("g97b", 0, years("x", {2024: 5, 2025: 5})),
            ),
            redefinitions=(Redefinition("x", "g97b", date(2025, 1, 1)),),
        ),
        set(),
    ),
    "a rate breaks with the part that was redefined": (
        replace(
            world(
                Delivery("g97a", 0, years("n", {2024: 1, 2025: 1})),
                Delivery("g97b", 0, years("d", {2024: 5, 2025: 5, 2026: 5})),
                indicators=(
                    indicator("n", levels=("KU",)),
                    indicator("d", levels=("KU",)),
                    indicator(
                        "r", levels=("KU",), additivity="rate", numerator="n", denominator="d"
                    ),
                ),
            ),
            redefinitions=(
                Redefinition("d", "g97b", date(2025, 1, 1)),
                Redefinition("d", "g97a", date(2026, 1, 1)),
                Redefinition("n", "g97b", date(2025, 1, 1)),
            ),
        ),
        {("d", "KU970", "2025"), ("r", "KU970", "2025")},
    ),
}

PAIRS = 12


def chain() -> World:
    """Two organisations log one business in turn, and each time the next amount is further off.

    Only the first two are nearest to each other; with them gone the next two are, and so on.
    """
    rows: dict[str, list[Event]] = {"g97a": [], "g97b": []}
    amount = 100_000.0
    for place in range(2 * PAIRS):
        amount += place
        source = ("g97a", "g97b")[place % 2]
        # Longer ago than any drawn log.
        event = Event(
            f"chain-{place}", date(1990, 2, 1), "KU970", amount, business=business_id(999_000)
        )
        rows[source].append(replace(event, purpose="development"))
    funding = next(w.indicators[0] for w in fixed_logs() if w.indicators[0].name == "l_funding")
    reporters = (Reporter("g97a", 901, "g97a"), Reporter("g97b", 902, "g97b"))
    return World(
        country(),
        (replace(funding, reporters=reporters),),
        (),
        TODAY,
        logs=tuple(LogDelivery(s, "funding_decisions", 0, tuple(r)) for s, r in rows.items()),
        link_rules=link_rules(),
    )


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
def fixed_logs() -> list[World]:
    return draw_log_worlds(FIXED_SEED, countries=16, each=60)


@cache
def fixed_answers() -> list[Answer]:
    return [answer(world) for world in (*fixed_worlds(), *fixed_logs())]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("oracle"))


@pytest.fixture(scope="module")
def fixed(workshop: Workshop) -> list[Verdict]:
    """Verdicts on the corners, and on the worlds of the fixed seed; one build."""
    corners = [corner.world for corner in CORNERS.values()]
    corners += [broken for broken, _ in BREAKS.values()]
    return workshop.judge([*corners, *fixed_worlds(), *fixed_logs(), chain()])


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
def test_marts_agree_with_the_oracle_where_a_source_covers_everything(workshop: Workshop) -> None:
    """One country, for the whole country is the same region in all of them."""
    agree(workshop, workshop.judge(draw_worlds(FIXED_SEED, countries=1, each=200)), FIXED_SEED)


@pytest.mark.parametrize("rule", BREAKS)
def test_a_series_breaks_where_its_rule_says(rule: str) -> None:
    broken, expected = BREAKS[rule]

    said = answer(broken)

    found = {(g.indicator, g.region, g.period) for g in said.gaps if g.kind == "series_break"}
    assert found == expected


def test_a_source_is_stale_on_the_day_after_its_cadence_in_finland() -> None:
    said = answer(
        world(Delivery("g97b", 0, (row("KU970", 1),)), Delivery("g97c", 0, (row("KU971", 1),)))
    )

    stale = [gap for gap in said.gaps if gap.kind == "stale_source"]
    # Six months of 31 days after 19 May is yesterday; the other one came past midnight.
    assert [(g.source, g.due_on, g.days_late) for g in stale] == [("g97b", date(2026, 11, 21), 1)]
    assert (stale[0].region, stale[0].period) == ("SSS", "2026")


def test_logs_in_turn_are_matched_pair_by_pair() -> None:
    said = answer(chain())

    # Of each pair the first organisation's amount counts; the other is one, three, five … above it.
    pairs = sorted(o.other_value - o.kept_value for o in said.overlaps if o.kept_value)
    assert [o.kind for o in said.overlaps] == ["same_event"] * PAIRS
    assert pairs == [1 + 2 * place for place in range(PAIRS)]


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


def test_a_world_without_rows_expects_nothing() -> None:
    expecting = indicator(
        expected_levels=("KU", "MK"), reporters=(Reporter("g97a", 1, "*", date(2015, 1, 1)),)
    )

    said = answer(world(indicators=(expecting,)))

    assert not said.observations
    assert not said.gaps


def test_a_series_is_expected_from_the_first_delivered_period() -> None:
    expecting = indicator(
        cadence="M",
        expected_levels=("KU", "MK"),
        first_period=calendar("M", 2025, 1),
        last_period=calendar("M", 2025, 4),
        reporters=(Reporter("g97a", 1, "*", date(2015, 1, 1)),),
    )
    march = Row("x", "KU970", "total", calendar("M", 2025, 3), 4.0)

    said = answer(world(Delivery("g97a", 0, (march,)), indicators=(expecting,)))

    absent = {(g.region, g.period) for g in said.gaps if g.kind == "absent"}
    assert absent == {
        ("KU970", "2025-04"),
        *((region, period) for region in ("KU971", "KU973") for period in ("2025-03", "2025-04")),
        ("MK97", "2025-04"),
    }
