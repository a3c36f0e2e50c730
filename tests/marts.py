"""Reading publications in tests, the way a BI tool does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from assets.settings import Settings


def query(
    settings: Settings, sql: str, parameters: list[Any] | None = None
) -> list[tuple[Any, ...]]:
    """Rows of a query on the current publication."""
    path = settings.published_dir / "current" / "marts.duckdb"
    with duckdb.connect(str(path), read_only=True) as marts:
        return marts.execute(sql, parameters or []).fetchall()


def value(settings: Settings, sql: str, parameters: list[Any] | None = None) -> Any:
    """The one value of a query."""
    ((found,),) = query(settings, sql, parameters)
    return found


def current(settings: Settings) -> Path:
    """The folder of the current publication."""
    return (settings.published_dir / "current").resolve()
