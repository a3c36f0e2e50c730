"""A longer run of the attacks: `python -m tests.privacy --worlds 5000 [--seed 7]`.

Each build holds some hundreds of worlds. Of the first figure that is found out it prints the sums
that give it away: run this after every change of the models in `disclosure`.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.privacy.attack import Equation, solved
from tests.privacy.worlds import Published, attacked, built, draw_count_worlds, equations, read

COUNTRIES, EACH = 14, 20


def main(arguments: Sequence[str]) -> int:
    """0 when nobody learned anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.privacy", description=__doc__)
    parser.add_argument("--worlds", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    given = parser.parse_args(arguments)
    judged = 0
    seed = given.seed
    while judged < given.worlds:
        batch = draw_count_worlds(seed, countries=COUNTRIES, each=EACH)
        with (
            tempfile.TemporaryDirectory(prefix="privacy-") as folder,
            built(Path(folder), batch) as (warehouse, named),
        ):
            published = read(warehouse, named)
        told = [
            (number, one, found)
            for number, (one, world) in enumerate(zip(published, named, strict=True))
            if (found := attacked(one, is_plain=world.is_plain))
        ]
        judged += len(published)
        print(f"seed {seed}: {len(published)} worlds, {len(told)} tell something", flush=True)
        for number, one, found in told[:1]:
            print(f"world {number}: {', '.join(sorted(map(str, found)))}")
            print(*derived(one, found), sep="\n")
            return 1
        seed += 1
    print(f"{judged} worlds keep their small counts")
    return 0


def derived(one: Published, found: set[Any]) -> list[str]:
    """The fewest sums that tell one of the figures, a line each; empty where bounds tell it."""
    known, _ = equations(one, one.shown)
    for figure in sorted(found, key=str):
        if figure in solved(known):
            needed: list[Equation[Any]] = list(known)
            for equation in known:
                fewer = [other for other in needed if other is not equation]
                if figure in solved(fewer):
                    needed = fewer
            return [_told(equation) for equation in needed]
    return []


def _told(equation: Equation[Any]) -> str:
    terms = [
        f"{factor:+} {'/'.join(unknown.cell) if hasattr(unknown, 'cell') else f'rest of {unknown}'}"
        for unknown, factor in equation.terms.items()
    ]
    return f"    {' '.join(terms)} = {equation.constant}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
