"""The command line of the benchmarks; one subcommand per benchmark."""

from __future__ import annotations

import argparse
import sys

from benchmarks import made, readers


def main(arguments: list[str]) -> int:
    """Run a benchmark; 0 when it ran and every reader that could read agreed with ours."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("readers", help=readers.__doc__)
    reading.add_argument("--areas", type=int, default=made.SIZES[0], help="6,250 cells each")
    reading.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    return 0 if readers.run((given.areas, *made.SIZES[1:]), given.rounds) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
