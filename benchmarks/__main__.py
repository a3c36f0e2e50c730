"""The command line of the benchmarks; one subcommand per benchmark."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import door, engine, engine_contestants, made, readers, whole_build


def main(arguments: list[str]) -> int:
    """Run a benchmark; 0 when it ran, all who could read agreed and every target was met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("readers", help=readers.__doc__)
    reading.add_argument("--areas", type=int, default=made.SIZES[0], help="6,250 cells each")
    reading.add_argument("--rounds", type=int, default=3)
    measuring = commands.add_parser("engine", help=engine.__doc__)
    measuring.add_argument("--rows", type=int, nargs="+", default=list(engine.SIZES))
    measuring.add_argument("--large", action="store_true", help=f"also {engine.LARGE:,} rows")
    measuring.add_argument("--rounds", type=int, default=3)
    measuring.add_argument("--memory", default="6GB", help="DuckDB's limit; the rest spills")
    measuring.add_argument("--folder", type=Path, help="where warehouses are written")
    topics = engine_contestants.TOPICS
    measuring.add_argument("--only", nargs="+", choices=topics, default=topics)
    building = commands.add_parser("build", help=whole_build.__doc__)
    building.add_argument("--rows", type=int, default=1_000_000, help="rows of measurements")
    building.add_argument("--rounds", type=int, default=2)
    building.add_argument("--folder", type=Path, help="where the deployment is written")
    opening = commands.add_parser("door", help=door.__doc__)
    opening.add_argument("--rows", type=int, default=1_000_000, help="of each CSV")
    opening.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    if given.command == "engine":
        sizes = (*given.rows, *([engine.LARGE] if given.large else []))
        good = engine.run(sizes, given.rounds, given.memory, given.folder, given.only)
        return 0 if good else 1
    if given.command == "door":
        return 0 if door.run(given.rows, given.rounds) else 1
    if given.command == "build":
        return 0 if whole_build.run(given.rows, given.rounds, given.folder) else 1
    return 0 if readers.run((given.areas, *made.SIZES[1:]), given.rounds) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
