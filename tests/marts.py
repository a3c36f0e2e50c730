"""Reading publications in tests, the way a BI tool does."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from assets.settings import Settings


def query(
    settings: Settings, sql: str, parameters: list[Any] | None = None
) -> list[tuple[Any, ...]]:
    """Rows of a query on the current publication."""
    return _opened(current(settings) / "marts.duckdb").execute(sql, parameters or []).fetchall()


@lru_cache(maxsize=1)
def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    """A publication is never changed, and to open one takes longer than most queries."""
    return duckdb.connect(str(path), read_only=True)


def value(settings: Settings, sql: str, parameters: list[Any] | None = None) -> Any:
    """The one value of a query."""
    ((found,),) = query(settings, sql, parameters)
    return found


def current(settings: Settings) -> Path:
    """The folder of the current publication."""
    return (settings.published_dir / "current").resolve()
