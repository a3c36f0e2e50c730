"""A whole table in parts: planned by the limits, resumable, all of one edition.

Executes a plan on any `TableService` and keeps the parts of an interrupted fetch. Elsewhere: what
is requested of a table and why (`assets.feeds`), storage of a complete delivery (`assets.raw`).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from assets.errors import SourceUnavailable, TilannekuvaError
from assets.formats.moments import parse_updated
from assets.services.tables import (
    Selection,
    TableService,
    plan_chunks,
    require_values,
)

Progress = Callable[[int, int, str], None]
"""Told how far a fetch is: parts done, parts in all, a text for people."""
Reselect = Callable[[], Selection]
"""Asks anew what to fetch, by the metadata of the edition that is there now."""


@dataclass(frozen=True)
class Part:
    """One answer of a fetch.

    Attributes:
        name: file name of the part, in the order of the plan.
        content: the JSON-stat document as it came.
        updated: its time of update as written; None where it has none.
    """

    name: str
    content: bytes
    updated: str | None


class PartStore:
    """The parts of one unfinished fetch, in a folder of their own.

    A part is written atomically, with its SHA-256 in front. A damaged file counts as absent.

    Args:
        directory: where the parts lie; made when the first one is kept.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, key: str) -> bytes | None:
        """The part of that key; None where it is absent or damaged."""
        try:
            digest, _, content = self._path(key).read_bytes().partition(b"\n")
        except OSError:
            return None
        return content if digest == _digest(content) else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a part; what was there under its key is replaced in one step.

        Raises:
            TilannekuvaError: it cannot be written.
        """
        path = self._path(key)
        fresh = path.with_name(f".{key}.{uuid4().hex}")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as stream:
                stream.write(_digest(content) + b"\n" + content)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(path)
        except OSError as problem:
            fresh.unlink(missing_ok=True)
            raise TilannekuvaError(
                f"A part of a table cannot be kept in {self._directory} ({problem.strerror}). "
                "Make the folder writable, or free space."
            ) from problem

    def discard(self, key: str) -> None:
        """Delete a part if it exists."""
        self._path(key).unlink(missing_ok=True)

    def keys(self) -> list[str]:
        """Keys of what is kept, in alphabetical order."""
        return sorted(path.name for path in self._files() if path.name[0] != ".")

    def clear(self) -> None:
        """Delete all parts, also those that an interrupted writer left incomplete."""
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        return [path for path in self._directory.iterdir() if path.is_file()]

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"\w[\w.-]*", key):
            raise ValueError(f"{key!r} is no key of a part")
        return self._directory / key


def part_key(url: str, selection: Selection) -> str:
    """The key of the answer to a question: equal for equal questions, in every process."""
    question = [url, [[code, list(values)] for code, values in selection.items()]]
    return hashlib.sha256(orjson.dumps(question)).hexdigest()


def fetch_parts(
    service: TableService,
    table: str,
    selection: Selection,
    split: Sequence[str],
    store: PartStore,
    progress: Progress | None = None,
    *,
    reselect: Reselect | None = None,
) -> list[Part]:
    """Fetch a selection in as few calls as the service's limits allow.

    A part that an earlier fetch left in the store is taken instead of asked for, if it is of the
    edition that the service has now. Each part is stored as it comes, and stays: the caller
    clears the store when the parts are safe elsewhere.

    Args:
        service: who is asked.
        table: which table, in the words of the service.
        selection: what is asked for.
        split: variables to split over, first the one to split first.
        store: a folder of this table alone.
        progress: called after every part.
        reselect: asks anew what to fetch when a new edition appeared in the middle; a new
            edition has new periods. Without it the same selection is fetched again.

    Returns:
        The parts in the order of the plan, all of one edition; at least one.

    Raises:
        SourceUnavailable: a part cannot be had (those before it stay in the store), or the table
            was updated twice while it was being fetched.
        TilannekuvaError: a part cannot be stored.
    """
    max_cells = service.limits().max_cells
    parts = _attempt(service, table, selection, split, max_cells, store, progress)
    if parts is None:
        selection = reselect() if reselect else selection
        parts = _attempt(service, table, selection, split, max_cells, store, progress)
    if parts is None:
        raise SourceUnavailable(
            f"The table {service.url(table)} was updated twice while it was being fetched. Run "
            "again when its publisher has finished."
        )
    return parts


def _attempt(
    service: TableService,
    table: str,
    selection: Selection,
    split: Sequence[str],
    max_cells: int,
    store: PartStore,
    progress: Progress | None,
) -> list[Part] | None:
    """All parts. None where the edition changed; then only parts of the new edition stay stored."""
    url = service.url(table)
    require_values(url, selection)
    plan = plan_chunks(selection, split, max_cells)
    keys = [part_key(url, chunk) for chunk in plan]
    names = [f"part-{number:04d}.json" for number in range(1, len(plan) + 1)]
    held = _stored_parts(service, table, selection, dict(zip(keys, names, strict=True)), store)
    edition = next(iter(held.values())).updated if held else None
    parts: list[Part] = []

    def tell(text: str) -> None:
        if progress:
            progress(len(parts), len(plan), text)

    tell(f"{len(plan)} parts of {table}, {len(held)} of them already here")
    for chunk, key, name in zip(plan, keys, names, strict=True):
        part = held.get(key)
        if part is None:
            content = service.data(table, chunk).content
            part = Part(name, content, _updated(content))
            if (parts or held) and part.updated != edition:
                for old in keys:
                    store.discard(old)
                store.put(key, content)
                return None
            store.put(key, content)
            edition = part.updated
        parts.append(part)
        tell(f"part {len(parts)} of {len(plan)} of {table}")
    return parts


def _stored_parts(
    service: TableService,
    table: str,
    selection: Selection,
    names: dict[str, str],
    store: PartStore,
) -> dict[str, Part]:
    """Stored parts of this plan that are of the newest edition; all others are deleted."""
    found: dict[str, Part] = {}
    for key, name in names.items():
        content = store.get(key)
        if content is not None:
            found[key] = Part(name, content, _updated(content))
    if not found:
        return {}
    newest = service.edition(table, {code: values[-1:] for code, values in selection.items()})
    # Store one spelling of the moment: two spellings would look like two editions.
    texts = [part.updated for part in found.values() if _is_of(part.updated, newest)]
    kept = {key: part for key, part in found.items() if texts and part.updated == texts[0]}
    for key in found.keys() - kept.keys():
        store.discard(key)
    return kept


def _is_of(updated: str | None, newest: str | None) -> bool:
    """Whether a part is of the newest edition; False for a part without a time of update."""
    if updated is None or newest is None:
        return False
    moment = parse_updated(updated)
    return updated == newest or (moment is not None and moment == parse_updated(newest))


def _updated(content: bytes) -> str | None:
    try:
        document: Any = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    updated = document.get("updated") if isinstance(document, dict) else None
    return updated if isinstance(updated, str) else None


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
