"""Presentation that the commands share: the console, tables, short paths."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

_WIDTH = 140


def console_of(width: int = _WIDTH) -> Console:
    """The console; piped output is read by programs and pagers, so it gets a fixed width."""
    return Console(
        width=None if sys.stdout.isatty() else width, highlight=False, markup=False, emoji=False
    )


def table_of(title: str, columns: list[str]) -> Table:
    """An empty table whose cells wrap."""
    table = Table(title=title, title_justify="left", box=None)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def short_path(path: Path) -> str:
    """A path as short as it can be told from the working directory."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)
