"""A longer run of the oracle: `python -m tests.oracle --worlds 5000 [--seed 7]`.

Each build holds some hundreds of worlds; every second one is a single country whose sources may
cover everything. The first world that differs is made smaller and printed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from assets.settings import DBT_PROJECT_DIR
from tests.oracle.worlds import Workshop, draw_worlds, told

PER_BUILD = 600


def main(arguments: list[str]) -> int:
    """0 when the marts and the oracle agree on every world."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--worlds", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--project", type=Path, default=DBT_PROJECT_DIR, help="models to judge")
    given = parser.parse_args(arguments)
    judged = 0
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        workshop = Workshop(Path(folder), given.project)
        while judged < given.worlds:
            start = given.seed + judged
            countries = 1 if judged // PER_BUILD % 2 else 20
            verdicts = workshop.judge(
                draw_worlds(start, countries=countries, each=PER_BUILD // countries)
            )
            judged += len(verdicts)
            differing = [v for v in verdicts if v.differences]
            print(f"seed {start}: {len(verdicts)} worlds, {len(differing)} differ", flush=True)
            if differing:
                print(told(workshop.shrunk(differing[0])))
                return 1
    print(f"{judged} worlds agree")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
