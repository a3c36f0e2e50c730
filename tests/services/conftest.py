from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

import httpx
import pytest

from assets.services.http import Caller, Patience, open_client
from assets.services.limiter import CallLimiter
from tests.services.local_service import LocalService

S = TypeVar("S", bound=LocalService)


class Serve(Protocol):
    """Hand a started service over; it ends with the test."""

    def __call__(self, service: S) -> S: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[LocalService] = []

    def take(service: S) -> S:
        running.append(service)
        return service

    yield take
    for service in running:
        service.close()


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with open_client(connect_seconds=2, read_seconds=2) as client:
        yield client


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "limiter"


@pytest.fixture
def limiter(state_dir: Path) -> CallLimiter:
    return CallLimiter(state_dir, "service", max_calls=1000)


@pytest.fixture
def caller(limiter: CallLimiter, client: httpx.Client) -> Caller:
    """Tries again at once; its deadline does not run out on a busy machine."""
    patience = Patience(attempts=3, first_wait=0.01, longest_wait=0.02, deadline=20)
    return Caller(limiter, client, patience)


@pytest.fixture
def hasty(caller: Caller) -> Caller:
    """For answers that never end."""
    return replace(caller, patience=replace(caller.patience, deadline=0.3))
