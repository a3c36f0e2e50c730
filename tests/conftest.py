"""Fixtures that every layer shares: the catalogue, a deployment of its own, deliveries in it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from assets.catalogue import Catalogue
from assets.deliveries import on_the_way
from assets.settings import Settings

TODAY = date(2026, 11, 22)
#: Deliveries that are given no time arrive a minute apart from here on.
FIRST_DELIVERY = datetime(2026, 1, 2, 8, tzinfo=UTC)

Rows = Sequence[Mapping[str, object]]


class Drop(Protocol):
    """Leave a delivery in the landing zone; a later call is a later file, unless `at` says else."""

    def __call__(
        self,
        source: str,
        dataset: str,
        name: str,
        content: str | bytes | Rows,
        *,
        at: datetime | None = None,
    ) -> Path: ...


def csv_text(rows: Rows) -> str:
    """Rows as a CSV delivery; the header is the union of their keys, in order of appearance."""
    stream = io.StringIO()
    header = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(stream, header, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@pytest.fixture(scope="session", autouse=True)
def _young_files_are_looked_at_again_at_once() -> Iterator[None]:
    """Tests drop files and take them in at once; nobody is still writing them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(on_the_way, "_LOOK_AGAIN_SECONDS", 0.0)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--models", help="run the dbt unit tests of these models only, with commas")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that build something come first: what is short fills the time of a worker at the end.

    One file that looks at the refreshed copy is the very first and the others come after all other
    builds: a worker would wait for the copy that another one makes. Tests of a file stay together
    and in their order.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    looking = {item.path for item in items if "refreshed_copy" in getattr(item, "fixturenames", ())}
    first = min(looking, default=None)

    def rank(item: pytest.Item) -> int:
        if item.path in looking:
            return 0 if item.path == first else 2
        return 1 if item.path in slow else 3

    items.sort(key=rank)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A deployment in a folder of its own that takes in nothing but what a test drops."""
    return Settings(home=tmp_path / "home", sources="landing", today=TODAY, today_is_set=True)


@pytest.fixture
def drop(settings: Settings) -> Drop:
    dropped = 0

    def leave(
        source: str,
        dataset: str,
        name: str,
        content: str | bytes | Rows,
        *,
        at: datetime | None = None,
    ) -> Path:
        nonlocal dropped
        path = settings.landing_dir / source / dataset / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = csv_text(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        moment = (at or FIRST_DELIVERY + timedelta(minutes=dropped)).timestamp()
        os.utime(path, (moment, moment))
        dropped += 1
        return path

    return leave
