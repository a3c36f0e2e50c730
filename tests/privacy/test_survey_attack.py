"""Nobody can work out a withheld figure of a survey from what is published.

Random rounds go through the compiled models, and an attacker tries what can be tried: linear
algebra over every published count and sum of a question, and the bounds of what is left for
somebody who knows the rules, which parts are small and how many respondents each part had.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.settings import Settings
from tests.conftest import TODAY
from tests.parsed import dbt

pytestmark = pytest.mark.slow

MODELS = ("int_survey_cells", "int_survey_disclosure", "int_survey_figures")
LIMIT = 5
SCALES = {"agree": "agreement", "rate": "score", "done": "yes_no"}
ROUNDS = 30

#: Respondent (numbered), region, network, group, segment, question, kind of answer, score, agrees.
Answer = tuple[int, str, str, str, str, str, str, float | None, bool | None]


@dataclass
class Workshop:
    """The compiled models, and an empty warehouse to run them in."""

    models: Mapping[str, str] = field(repr=False)
    warehouse: duckdb.DuckDBPyConnection

    def figures(self, rounds: Sequence[Sequence[Answer]]) -> list[dict[str, Any]]:
        """The true cells of some rounds, each beside what is published of it."""
        run = self.warehouse.execute
        run("delete from warehouse.intermediate.int_survey_answers")
        rows = [
            ("s", year, f"r{who}", question, SCALES[question], kind, score, agrees, *places)
            for year, answers in enumerate(rounds)
            for who, *places, question, kind, score, agrees in answers
        ]
        if rows:
            self.warehouse.executemany(
                "insert into warehouse.intermediate.int_survey_answers "
                "(survey, year, respondent_key, question, scale, answer_kind, score, agrees, "
                f"region, network, respondent_group, segment, min_answers) "
                f"values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {LIMIT})",
                rows,
            )
        for name, sql in self.models.items():
            run(f"create or replace table warehouse.intermediate.{name} as {sql}")
        found = run(
            "select cells.*, figures.* exclude (survey, year, question, breakdown, "
            "breakdown_value, scale, min_answers, sources, taken_in_at) "
            "from warehouse.intermediate.int_survey_cells as cells "
            "join warehouse.intermediate.int_survey_figures as figures "
            "using (survey, year, question, breakdown, breakdown_value)"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    folder = tmp_path_factory.mktemp("attack")
    home = Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True).home
    home.mkdir()
    done = dbt(
        ["compile", "--select", *MODELS, "--no-write-json"],
        folder / "workshop",
        {"TILANNEKUVA_HOME": str(home), "TILANNEKUVA_TODAY": TODAY.isoformat()},
    )
    assert done.returncode == 0, done.stdout[-4000:]
    target = folder / "workshop" / "target"
    compiled = {}
    for name in MODELS:
        (path,) = target.glob(f"compiled/**/{name}.sql")
        compiled[name] = path.read_text(encoding="utf-8")
    warehouse = duckdb.connect()
    warehouse.execute("attach ':memory:' as warehouse; create schema warehouse.intermediate")
    warehouse.execute(
        "create table warehouse.intermediate.int_survey_answers (survey text, year integer, "
        "respondent_key text, question text, scale text, answer_kind text, score double, "
        "agrees boolean, region text, network text, respondent_group text, segment text, "
        "min_answers integer, "
        "source text, taken_in_at timestamptz)"
    )
    return Workshop(compiled, warehouse)


# -- what the attacker tries -------------------------------------------------------------------

#: true value, and what is published of it, None where nothing is
Known = tuple[int, Fraction | None]


def determined(parts: Mapping[str, Mapping[str, Known]], whole: Known) -> set[tuple[str, str]]:
    """Withheld unknowns that the published numbers determine, by elimination over fractions.

    Args:
        parts: by breakdown and part.
        whole: what the parts of every breakdown add up to.
    """
    unknowns = [(b, v) for b, values in parts.items() for v in values] + [("whole", "all")]
    place = {name: number for number, name in enumerate(unknowns)}
    equations: list[list[Fraction]] = []

    def equation(terms: Iterable[tuple[tuple[str, str], int]]) -> None:
        row = [Fraction(0)] * len(unknowns)
        for name, factor in terms:
            row[place[name]] = Fraction(factor)
        equations.append(row)

    hidden = set()
    for b, values in parts.items():
        equation([*(((b, v), 1) for v in values), (("whole", "all"), -1)])
        for v, (_, published) in values.items():
            if published is None:
                hidden.add((b, v))
            else:
                equation([((b, v), 1)])
    if whole[1] is None:
        hidden.add(("whole", "all"))
    else:
        equation([(("whole", "all"), 1)])

    rank = 0
    for column in range(len(unknowns)):
        pivot = next((r for r in range(rank, len(equations)) if equations[r][column]), None)
        if pivot is None:
            continue
        equations[rank], equations[pivot] = equations[pivot], equations[rank]
        head = equations[rank][column]
        equations[rank] = [value / head for value in equations[rank]]
        for r, row in enumerate(equations):
            if r != rank and row[column]:
                factor = row[column]
                equations[r] = [
                    value - factor * other
                    for value, other in zip(row, equations[rank], strict=True)
                ]
        rank += 1
    alone = {
        unknowns[next(n for n, value in enumerate(row) if value)]
        for row in equations[:rank]
        if sum(1 for value in row if value) == 1
    }
    return hidden & alone


def is_small(number: int) -> bool:
    return 0 < number < LIMIT


def possible(
    number: int, own: tuple[int, int], others: Sequence[tuple[int, int]], total: int
) -> range:
    """What a count may be: its own bounds, and what the bounds of the others leave of the total."""
    first = max(own[0], total - sum(high for _, high in others))
    last = min(own[1], total - sum(low for low, _ in others))
    assert first <= number <= last
    return range(first, last + 1)


class Piece(NamedTuple):
    """Answers that are published together: a row, or the withheld rows of a breakdown."""

    said: int
    score_sum: float | None
    agreeing: int

    @property
    def agreement(self) -> tuple[int, int]:
        """How many agree, at the least and at the most, by trying every distribution."""
        if self.score_sum is None:
            return 0, self.said
        fits = [
            agreeing
            for agreeing in range(self.said + 1)
            if 4 * agreeing + (self.said - agreeing) <= self.score_sum
            and self.score_sum <= 5 * agreeing + 3 * (self.said - agreeing)
        ]
        return min(fits), max(fits)

    @property
    def is_small(self) -> bool:
        return is_small(self.agreeing) or is_small(self.said - self.agreeing)


def together(rows: Sequence[Mapping[str, Any]]) -> Piece:
    sums = [row["score_sum"] for row in rows if row["score_sum"] is not None]
    return Piece(
        sum(row["said"] for row in rows),
        sum(sums) if sums else None,
        sum(row["agreeing"] for row in rows),
    )


def attack(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What of one question of one round can be worked out; nothing, if all is well."""
    found: list[str] = []
    (whole,) = (row for row in rows if row["breakdown"] == "whole")
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["breakdown"] != "whole":
            parts[row["breakdown"]].append(row)
        found += shown(row)

    # 1. Linear algebra: every count and sum against all the others.
    measures = {
        "said": "response_count",
        "score_sum": "mean",
        "agreeing": "agree_percent",
        "cannot_say": "cannot_say_count",
        "off_scale": "off_scale_count",
    }
    for true, published in measures.items():
        if any(row[true] is None and row["said"] for row in rows):
            continue  # a scale without this measure

        def known(row: Mapping[str, Any], true: str = true, published: str = published) -> Known:
            number = int(row[true] or 0)
            if row[published] is not None:
                return number, Fraction(number)
            nobody = row["response_count"] == 0 and true in {"score_sum", "agreeing"}
            return number, Fraction(0) if nobody else None

        if true == "agreeing" and whole["scale"] == "score":
            continue
        solved = determined(
            {b: {r["breakdown_value"]: known(r) for r in rs} for b, rs in parts.items()},
            known(whole),
        )
        found += [f"{true} of {b} {v} can be reckoned" for b, v in solved]

    # 2. What withheld rows of a breakdown add up to, and what that leaves of each.
    for breakdown, cells in parts.items():
        withheld = [row for row in cells if row["conf_status"] == "A"]
        if withheld and whole["conf_status"] == "F":
            found += bounded(breakdown, withheld)
        if whole["scale"] != "score" and whole["conf_status"] == "F":
            found += bounded_shares(breakdown, cells, whole)
        if whole["rest_conf_status"] == "F":
            for rest in ("cannot_say", "off_scale"):
                open_rows = [row for row in cells if row["rest_conf_status"] == "F"]
                left = whole[rest] - sum(row[rest] for row in open_rows)
                if open_rows and is_small(left):
                    found.append(f"{rest} of the withheld of {breakdown}: {left}")
    return found


def shown(row: Mapping[str, Any]) -> list[str]:
    """Small counts that stand in a row as it is published."""
    name, found = f"{row['breakdown']} {row['breakdown_value']}", []
    found += [
        f"{column} of {name} is shown"
        for column in ("response_count", "cannot_say_count", "off_scale_count")
        if row[column] is not None and is_small(row[column])
    ]
    if row["agree_percent"] is not None:
        assert row["response_count"] is not None
        if is_small(row["agreeing"]) or is_small(row["not_agreeing"]):
            found.append(f"share of {name} is shown")
    if row["conf_status"] == "A" and any(
        row[c] is not None
        for c in ("response_count", "mean", "agree_percent", "cannot_say_count", "off_scale_count")
    ):
        found.append(f"{name} is withheld and has figures")
    return found


def bounded(breakdown: str, withheld: Sequence[Mapping[str, Any]]) -> list[str]:
    total = sum(row["said"] for row in withheld)
    if is_small(total):
        return [f"the withheld of {breakdown} add up to {total}"]
    # Respondents of other parts bound a count that is small in this question only.
    is_comparable = any(is_small(row["said"]) and row["respondents"] >= LIMIT for row in withheld)
    bounds = [
        (1, LIMIT - 1)
        if is_small(row["said"])
        else (LIMIT, row["respondents"] if is_comparable else total)
        for row in withheld
    ]
    found = []
    for number, row in enumerate(withheld):
        others = bounds[:number] + bounds[number + 1 :]
        if is_small(row["said"]) and len(possible(row["said"], bounds[number], others, total)) < 2:
            found.append(f"{breakdown} {row['breakdown_value']} can only be {row['said']}")
    return found


def bounded_shares(
    breakdown: str, cells: Sequence[Mapping[str, Any]], whole: Mapping[str, Any]
) -> list[str]:
    """Counts behind withheld shares that means and the share of the whole leave one value."""
    withheld = [row for row in cells if row["conf_status"] == "A"]
    pieces = [together([row]) for row in cells if row["conf_status"] == "F"]
    if withheld:
        pieces.append(together(withheld))
    found = []
    if whole["share_conf_status"] == "F" and any(
        row["share_conf_status"] == "F" and row["said"] for row in cells
    ):
        if any(piece.is_small for piece in pieces):
            found.append(f"a share in {breakdown} follows from the others")
        return found
    for number, piece in enumerate(pieces):
        if not piece.is_small:
            continue
        low, high = piece.agreement
        if whole["share_conf_status"] == "F":
            others = [p.agreement for p in pieces[:number] + pieces[number + 1 :]]
            numbers = possible(piece.agreeing, (low, high), others, whole["agreeing"])
        else:
            numbers = range(low, high + 1)
        if sum(1 for n in numbers if is_small(n) or is_small(piece.said - n)) < 2:
            found.append(f"{breakdown}: only {piece.agreeing} of {piece.said} can agree")
    return found


def attack_all(figures: Iterable[Mapping[str, Any]]) -> list[str]:
    questions: dict[tuple[int, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in figures:
        questions[row["year"], row["question"]].append(row)
    return [
        f"round {year}, {question}: {what}"
        for (year, question), rows in questions.items()
        for what in attack(rows)
    ]


# -- random rounds -----------------------------------------------------------------------------


def draw_round(chance: random.Random) -> list[Answer]:
    """A round: mostly small, often one-sided, on purpose near every limit."""
    respondents = chance.choice([3, 5, 6, 8, 9, 10, 12, 15, 20, 30, 60, 120])
    spread = [chance.choice([0.2, 1, 1, 3, 8]) for _ in range(chance.randint(1, 5))]
    networks = [chance.choice([0.3, 1, 4]) for _ in range(chance.randint(1, 4))]
    lean = [chance.choice([0, 0.2, 1, 4]) for _ in range(4)] + [chance.choice([1, 4, 20])]
    if chance.random() < 0.3:
        lean.reverse()
    silent, unsure = chance.choice([0, 0, 0.1, 0.4]), chance.choice([0, 0, 0.05, 0.3])
    answers: list[Answer] = []
    for who in range(respondents):
        region = chance.choices(range(len(spread)), spread)[0]
        network = chance.choices(range(len(networks)), networks)[0]
        places = (
            f"SK{region:03}" if region else "not_told",
            f"network {network}",
            chance.choice(["member", "not_told"]) if len(spread) > 2 else "not_told",
            random.Random(respondents * 1000 + who).choice(["founder", "local_small", "not_told"])
            if len(networks) > 2
            else "not_told",
        )
        for question, scale in SCALES.items():
            if chance.random() < silent:
                continue
            if chance.random() < unsure:
                kind = chance.choice(["cannot_say", "cannot_say", "off_scale"])
                answers.append((who, *places, question, kind, None, None))
                continue
            step = chance.choices(range(1, 6), lean)[0]
            answers.append(
                (
                    *(who, *places, question, "said"),
                    None if scale == "yes_no" else float(step),
                    None if scale == "score" else step >= 4,
                )
            )
    return answers


@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_no_withheld_figure_can_be_worked_out(workshop: Workshop, seed: int) -> None:
    chance = random.Random(seed)
    assert attack_all(workshop.figures([draw_round(chance) for _ in range(ROUNDS)])) == []


# -- each rule is needed, and the attack would tell --------------------------------------------

#: Rules of the models that are taken out one at a time: compiled text, and what replaces it.
WITHOUT = {
    "a mean that tells a share": ("is_small or", "is_small or false and"),
    "a sum at the limit": ("choices.said >= choices.min_answers", "true"),
    "a second possible count": ("else 0\n            end\n        ) = 1", "else 1 end) = 1"),
    "shares with a small count": ("max(case when has_small_share then 1 else 0 end)", "max(0)"),
    "others with a small count": ("max(case when has_small_rest then 1 else 0 end)", "max(0)"),
    "the whole of a hopeless question": (
        "refused.survey is not null\n        or coalesce",
        "coalesce",
    ),
}


@pytest.mark.parametrize("rule", WITHOUT)
def test_without_a_rule_something_can_be_worked_out(workshop: Workshop, rule: str) -> None:
    kept, instead = WITHOUT[rule]
    model = "int_survey_disclosure"
    assert workshop.models[model].count(kept) == 1
    changed = dict(workshop.models) | {model: workshop.models[model].replace(kept, instead)}
    weaker = Workshop(changed, workshop.warehouse)
    for seed in range(4):
        chance = random.Random(seed)
        if attack_all(weaker.figures([draw_round(chance) for _ in range(ROUNDS)])):
            return
    pytest.fail("the attack found nothing")


def test_most_of_a_round_is_published(workshop: Workshop) -> None:
    """Four regions of 30 and one of 3: no more than the small one and one other is withheld."""
    chance = random.Random(7)
    answers: list[Answer] = []
    for who in range(123):
        region = f"SK{who // 30:03}"
        step = chance.choices(range(1, 6), [1, 1, 2, 4, 4])[0]
        answers.append((who, region, "n", "g", "s", "agree", "said", float(step), step >= 4))
    figures = workshop.figures([answers])
    assert sorted(row["breakdown_value"] for row in figures if row["conf_status"] == "A") == [
        *("SK000", "SK004")
    ]
    assert attack_all(figures) == []
