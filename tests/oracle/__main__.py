"""A longer run of the oracle: `python -m tests.oracle --worlds 5000 [--seed 7]`.

So many worlds of measurements and so many of logs, of seeds that nobody has seen. Each build holds
some hundreds of both; every second one is a single country whose sources may cover everything. The
first world that differs is printed, one of measurements made smaller before.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from assets.deliveries import on_the_way
from assets.settings import DBT_PROJECT_DIR
from tests.oracle.worlds import Workshop, draw_log_worlds, draw_worlds, told

PER_BUILD = 600


def main(arguments: list[str]) -> int:
    """0 when the marts and the oracle agree on every world."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--worlds", type=int, default=5000, help="of each kind")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--project", type=Path, default=DBT_PROJECT_DIR, help="models to judge")
    given = parser.parse_args(arguments)
    builds = of_measurements = of_logs = 0
    on_the_way._LOOK_AGAIN_SECONDS = 0.0  # nobody is still writing these files
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        workshop = Workshop(Path(folder), given.project)
        while min(of_measurements, of_logs) < given.worlds:
            start = given.seed + builds * PER_BUILD
            countries = 1 if builds % 2 else 20
            builds += 1
            worlds = draw_worlds(start, countries=countries, each=PER_BUILD // countries)
            logs = draw_log_worlds(start, countries=countries, each=PER_BUILD // 4)
            verdicts = workshop.judge([*worlds, *logs])
            of_measurements += len(worlds)
            of_logs += len(logs)
            differing = [v for v in verdicts if v.differences]
            print(
                f"seed {start}: {len(worlds)} worlds of measurements and {len(logs)} of logs, "
                f"{len(differing)} differ",
                flush=True,
            )
            if differing:
                print(told(workshop.shrunk(differing[0])))
                return 1
    print(f"{of_measurements} worlds of measurements and {of_logs} of logs agree")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
