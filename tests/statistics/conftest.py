from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assets.statistics.tables import TABLES_DIR, TableDescription, load_table
from tests.statistics.pxweb_server import PxWebServer


@pytest.fixture(scope="session")
def tyonv() -> TableDescription:
    return load_table(TABLES_DIR / "statfin_tyonv_12r5.yaml")


@pytest.fixture
def serve() -> Iterator[Callable[..., PxWebServer]]:
    """Start test services with `serve(variables, ...)`; they end with the test."""
    running: list[PxWebServer] = []

    def start(*args: Any, **kwargs: Any) -> PxWebServer:
        running.append(PxWebServer(*args, **kwargs))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "limiter"
