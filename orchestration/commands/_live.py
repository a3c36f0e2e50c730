"""Connections to live services, for the commands that ask them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from assets.errors import TilannekuvaError
from assets.feeds.connectors import Connectors
from assets.feeds.descriptions import Service
from assets.services.http import Patience
from assets.settings import Settings

#: Somebody waits at the terminal: what is down now may be asked again by hand.
_PATIENCE = Patience(attempts=2, deadline=60)


@contextmanager
def live_connectors(settings: Settings) -> Iterator[Connectors]:
    """Connections to the live services, closed at the end."""
    home = settings.home
    connectors = Connectors(
        home / "limits", home / "fetching", settings.today, settings.now, _PATIENCE
    )
    try:
        yield connectors
    finally:
        connectors.close()


def service_at(url: str, kind: str, language: str) -> Service:
    """A service by its address.

    Raises:
        TilannekuvaError: the address is none.
    """
    try:
        return Service.model_validate({"kind": kind, "base_url": url, "language": language})
    except ValidationError:
        raise TilannekuvaError(
            f"{url!r} is no address of a service; one begins with https:// or http://."
        ) from None
