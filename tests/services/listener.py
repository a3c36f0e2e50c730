"""A port of this machine that answers HTTP while a test runs: what the local services stand on."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler, ABC):
    """Answers one connection; `service` is the listener that it belongs to."""

    service: Any
    protocol_version = "HTTP/1.1"
    # Head and body are two packets; without this the second waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self.respond()

    def do_POST(self) -> None:
        self.respond()

    @abstractmethod
    def respond(self) -> None:
        """Answer a call; every service does that in its own way."""

    def send(
        self,
        status: int,
        body: bytes,
        kind: str,
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        """A whole answer; `length` announces another one than the body has."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def send_half(self, body: bytes, kind: str) -> None:
        """Announce the whole body, send half of it and hang up."""
        self.send(200, body[: len(body) // 2], kind, length=len(body))
        self.close_connection = True


class Listener:
    """Listens from its making to `close`, on a port that the system gives."""

    def __init__(self, handler: type[Handler]) -> None:
        self._http = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (handler,), {"service": self})
        )
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=lambda: self._http.serve_forever(poll_interval=0.01), daemon=True
        )
        self._thread.start()

    @property
    def origin(self) -> str:
        """The address, without a path."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
