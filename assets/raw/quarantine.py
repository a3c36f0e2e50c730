"""Quarantine: rejected rows and unreadable files, with the reason, and the answers to senders.

    quarantine/<source>/<dataset>/<id>.parquet  rejected rows with line, column and reason
                                 /<hash>/<file> files that could not be read at all
                                 /<file>.xlsx   the answer to the sender of a file

What does not belong here: why a row is rejected, and what an answer says (`assets.landing`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

import pyarrow as pa
import pyarrow.parquet as pq

from assets.raw.content import Content
from assets.raw.delivery import Rejected
from assets.raw.schemas import QUARANTINE
from assets.raw.vintages import Vintage
from assets.settings import Settings
from assets.vocabulary.reasons import Reason

#: In bytes.
_LONGEST_FILE_NAME = 255


class AddedFile(NamedTuple):
    """A file in quarantine: the name under which it is reported, and since when."""

    file: str
    added_at: datetime


class Quarantine:
    """The quarantine of one deployment.

    Args:
        settings: where it lies.
        vintages: the vintages of a (source, dataset), whose files it must tell apart.
    """

    def __init__(self, settings: Settings, vintages: Callable[[str, str], list[Vintage]]) -> None:
        self._settings = settings
        self._vintages = vintages
        self.root = settings.quarantine_dir

    def reported_name(self, source: str, dataset: str, name: str, digest: str) -> str:
        """The name under which lines are reported; another content under a used name gets `~2`."""
        vintages = ((v.file, v.content_hash) for v in self._vintages(source, dataset))
        unread = (
            (row["file"].removeprefix(f"{source}/{dataset}/"), row["content_hash"])
            for path in sorted((self.root / source / dataset).glob("*-file.parquet"))
            for row in pq.read_table(path, columns=["file", "content_hash"]).to_pylist()
        )
        return _name_of_content(name, digest, (*unread, *vintages))

    def answer_path(self, source: str, dataset: str, file: str) -> Path:
        """Where the answer to the sender of a file lies, if there is one.

        Args:
            source: who delivered.
            dataset: and what.
            file: the name under which it is reported, as in `quality_quarantine`.
        """
        return self.root / source / dataset / _answer_name(Path(file).name)

    def write_answer(self, source: str, dataset: str, file: str, content: bytes) -> None:
        """Lay down the answer to the sender of a file."""
        path = self.answer_path(source, dataset, file)
        building = path.with_name(f".{os.getpid()}.tmp")
        building.write_bytes(content)
        building.replace(path)

    def add_file(
        self,
        source: str,
        dataset: str,
        name: str,
        content: Content,
        reason: Reason,
        *,
        is_sample: bool = False,
    ) -> str | None:
        """Keep a file that cannot be read at all; see `adding_file`.

        Returns:
            The name under which it is reported; None if it is there for the same reason.
        """
        with self.adding_file(source, dataset, name, content, reason, is_sample=is_sample) as added:
            return added.file if added else None

    @contextmanager
    def adding_file(
        self,
        source: str,
        dataset: str,
        name: str,
        content: Content,
        reason: Reason,
        *,
        is_sample: bool = False,
    ) -> Iterator[AddedFile | None]:
        """Keep a file that cannot be read at all, with the reason; it counts when the block ends.

        Args:
            source: where it lay.
            dataset: and for what.
            name: of the file.
            content: the file.
            reason: why it cannot be read.
            is_sample: whether it is invented.

        Yields:
            How it is reported; None if it is there already for the same reason.
        """
        digest = content.digest
        place = self.root / source / dataset
        folder = place / digest[:12]
        record = f"{digest[:12]}-file"
        known = place / f"{record}.parquet"
        if known.exists():
            recorded = pq.read_table(known).to_pylist()[0]
            # Another release or description may find something else wrong with the file.
            told = recorded.get("reason_code"), recorded.get("reason_parameters")
            if told == (reason.kind, reason.parameters()):
                yield None
                return
        file = self.reported_name(source, dataset, name, digest)
        now = self._settings.now()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / Path(name).name).open("wb") as stream:
            for piece in content.pieces():
                stream.write(piece)
        origin = {
            "source": source,
            "dataset": dataset,
            "vintage": None,
            "file": f"{source}/{dataset}/{file}",
            "content_hash": digest,
            "quarantined_at": now,
            "is_sample": is_sample,
        }
        with RejectedRows(folder / ".rejected", origin) as quarantine:
            quarantine.add([Rejected(0, "", reason)])
        yield AddedFile(file, now)
        (folder / ".rejected").replace(known)

    def file(self, source: str, dataset: str, digest: str) -> Content | None:
        """A whole file that lies in quarantine; None where it does not."""
        folder = self.root / source / dataset / digest[:12]
        return next((Content(path) for path in sorted(folder.glob("*"))), None)

    def code_of_file(self, source: str, dataset: str, digest: str) -> str | None:
        """The code of the reason why a file lies whole in quarantine; None where it does not."""
        record = self.root / source / dataset / f"{digest[:12]}-file.parquet"
        if not record.exists():
            return None
        codes = pq.read_table(record).to_pylist()
        return codes[0].get("reason_code") if codes else None

    def release_file(self, source: str, dataset: str, digest: str) -> None:
        """A file that could not be read before has been read now: it leaves the quarantine list."""
        folder = self.root / source / dataset
        record = folder / f"{digest[:12]}-file.parquet"
        if record.exists():
            (row,) = pq.read_table(record, columns=["file"]).to_pylist()
            file = row["file"].removeprefix(f"{source}/{dataset}/")
            # Read under the same name it has an answer of its own, or none.
            if file not in {v.file for v in self._vintages(source, dataset)}:
                self.answer_path(source, dataset, file).unlink(missing_ok=True)
            record.unlink()
        shutil.rmtree(folder / digest[:12], ignore_errors=True)

    def in_use(self, vintages: Sequence[Vintage], sample: bool) -> Iterator[Path]:
        """The files of rejected rows that belong into the index, each of one delivery.

        Of a content that was read twice only the second reading counts: it tells what is wrong
        now.
        """
        newest = {(v.source, v.dataset, v.content_hash): v.vintage for v in vintages}
        for path in sorted(self.root.glob("*/*/*.parquet")):
            (row,) = next(pq.ParquetFile(path).iter_batches(1)).to_pylist()
            if row["vintage"] is None:
                counts = sample or not row["is_sample"]
            else:
                key = (row["source"], row["dataset"], row["content_hash"])
                counts = newest.get(key) == row["vintage"]
            if counts:
                yield path


def _name_of_content(name: str, digest: str, known: Iterable[tuple[str, str]]) -> str:
    """A name that stands for one content: another content under a known name gets `~2`."""
    suffixed = re.compile(re.escape(name) + r"(~[0-9]+)?")
    contents = {content: file for file, content in known if suffixed.fullmatch(file)}
    if digest in contents:
        return contents[digest]
    taken = set(contents.values())
    if name not in taken:
        return name
    number = 2
    while f"{name}~{number}" in taken:
        number += 1
    return f"{name}~{number}"


def _answer_name(file: str) -> str:
    """`<file>.xlsx`, as short as file systems want it."""
    name = f"{file}.xlsx"
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    digest = hashlib.sha256(file.encode()).hexdigest()[:12]
    kept = file.encode()[: _LONGEST_FILE_NAME - len(f"~{digest}.xlsx")].decode(errors="ignore")
    return f"{kept}~{digest}.xlsx"


class RejectedRows:
    """Rejected rows of one delivery, written as they come; no file where there are none."""

    def __init__(self, path: Path, origin: Mapping[str, Any]) -> None:
        self._path = path
        self._origin = origin
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def add(self, rejected: Sequence[Rejected]) -> None:
        """Write some more."""
        if not rejected:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, QUARANTINE, compression="zstd")
        rows = [
            {
                **self._origin,
                "line": reject.line,
                "column": reject.column,
                "delivered": reject.delivered,
                "reason": str(reject.reason),
                "reason_code": reject.reason.kind,
                "reason_parameters": reject.reason.parameters(),
            }
            for reject in rejected
        ]
        self._writer.write_table(pa.Table.from_pylist(rows, schema=QUARANTINE))
