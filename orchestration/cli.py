"""The command line: finds the commands, and shows what is wrong as one readable paragraph."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import Any

import click

from assets import __version__
from assets.errors import TilannekuvaError
from orchestration import commands

_EXIT_PROBLEM = 1


class _Commands(click.Group):
    """The modules of `orchestration.commands`, each imported when its command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        names = (module.name for module in pkgutil.iter_modules(commands.__path__))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        # Dagster and dbt take seconds to import: `--help` should not wait for them.
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except TilannekuvaError as error:
            click.secho(f"\n{error}", fg="red", err=True)
            sys.exit(_EXIT_PROBLEM)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tilannekuva")
def main() -> None:
    """Tilannekuva: regional indicators with the overlaps and gaps of their measurement.

    Settings come from the environment or a .env file: TILANNEKUVA_HOME, TILANNEKUVA_SOURCES
    (sample, live, landing), TILANNEKUVA_TODAY, TILANNEKUVA_POSTGRES_URL.
    """
