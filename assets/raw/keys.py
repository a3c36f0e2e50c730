"""Keyed hashes of business ids.

Business ids are kept only in the raw zone; everything downstream links by a keyed hash
(HMAC-SHA256). The key comes from `TILANNEKUVA_HASH_KEY`, in the environment or the `.env` file;
a deployment that sets none gets a random one, kept in its home folder and readable by its owner
only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values

from assets.settings import PROJECT_ROOT

_VARIABLE = "TILANNEKUVA_HASH_KEY"


def _key(home: Path) -> bytes:
    # The same places as every other setting: two keys for one deployment would link nothing.
    if given := (os.environ.get(_VARIABLE) or dotenv_values(PROJECT_ROOT / ".env").get(_VARIABLE)):
        return given.encode()
    path = home / "hash.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        building = path.with_suffix(f".{os.getpid()}.tmp")
        building.touch(mode=0o600)
        building.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            os.link(building, path)  # fails where another process was first, whose key counts
        except FileExistsError:
            pass
        finally:
            building.unlink()
    return path.read_bytes()


def business_key_maker(home: Path) -> Callable[[str], str]:
    """A function from a business id to its keyed hash (32 hexadecimal digits)."""
    key = _key(home)

    @lru_cache(maxsize=65_536)
    def business_key(business_id: str) -> str:
        return hmac.new(key, business_id.encode(), hashlib.sha256).hexdigest()[:32]

    return business_key
