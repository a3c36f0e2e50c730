from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assets.feeds.descriptions import (
    SOURCES_DIR,
    SourceDescription,
    TableDescription,
    load_source,
)
from tests.services.pxweb_server import PxWebServer


@pytest.fixture(scope="session")
def statfin() -> SourceDescription:
    return load_source(SOURCES_DIR / "statfin.yaml")


@pytest.fixture(scope="session")
def tyonv(statfin: SourceDescription) -> TableDescription:
    return next(t for t in statfin.described_tables if t.dataset == "tyonv_12r5")


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
