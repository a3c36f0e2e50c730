"""What was delivered, byte for byte: held in memory, or a file that is read in pieces."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20
"""Bytes read at a time."""


@dataclass(frozen=True)
class Content:
    """Delivered bytes. A file must not change while it is used; see `RawZone.snapshot`."""

    held: bytes | Path

    def open(self) -> BinaryIO:
        """The bytes as a stream from their beginning; to be closed by the caller."""
        return io.BytesIO(self.held) if isinstance(self.held, bytes) else self.held.open("rb")

    def pieces(self) -> Iterator[bytes]:
        """The bytes in order, at most `PIECE` at a time."""
        with self.open() as stream:
            while piece := stream.read(PIECE):
                yield piece

    def head(self, length: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(length)

    def read(self) -> bytes:
        """All bytes at once; only where a format cannot be read in pieces."""
        return self.held if isinstance(self.held, bytes) else self.held.read_bytes()

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hexadecimal; equal content has an equal digest."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    @cached_property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.held) if isinstance(self.held, bytes) else self.held.stat().st_size
