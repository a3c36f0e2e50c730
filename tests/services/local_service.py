"""What the services of this machine have in common: HTTP, a limiter, and faults on demand.

They listen on a port that the system gives, so that tests can run beside each other.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import socket
import struct
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services.listener import Handler, Listener

Fault = str
"""What happens to one answer that carries data; see `_Handler._faulty`."""


@dataclass(frozen=True)
class Request:
    """A call as the service saw it; `query` keeps empty parameters (`?config`)."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer; `carries_data` ones meet the faults."""

    status: int
    body: bytes
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    carries_data: bool = False


def json_reply(value: Any, carries_data: bool = False) -> Reply:
    return Reply(200, json.dumps(value).encode(), carries_data=carries_data)


class Refused(Exception):
    """Raised while a request is understood; becomes its answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


class LocalService(Listener, ABC):
    """A service with a sliding-window limiter in which every call counts, refused ones too.

    Attributes:
        faults: a script; each answer that carries data takes the next one off it.
        storm: so many calls to come are refused, whatever the window says.
        calls: when each call arrived, refused ones too.
        refused: how many calls were refused.
        requests: what was asked, without the refused calls.
        no_retry_after: 429 answers do not say how long to wait.
    """

    def __init__(self, *, max_calls: int = 1000, window: float = 60.0) -> None:
        self.max_calls, self.window = max_calls, window
        self.faults: list[Fault] = []
        self.storm = 0
        self.no_retry_after = False
        self.calls: list[float] = []
        self.refused = 0
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self._lock = threading.Lock()
        super().__init__(_Handler)

    def close(self) -> None:
        self.ended.set()
        super().close()

    def admits(self) -> bool:
        """Count a call; whether it is within the window."""
        with self._lock:
            now = time.time()
            recent = [stamp for stamp in self.calls if stamp > now - self.window]
            self.calls.append(now)
            if self.storm:
                self.storm -= 1
            elif len(recent) < self.max_calls:
                return True
            self.refused += 1
            return False

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """What a kind of service answers."""

    def refusal(self) -> Reply:
        """The 429 answer."""
        wait = {} if self.no_retry_after else {"Retry-After": str(math.ceil(self.window))}
        return Reply(429, b"", "text/html", wait)

    def after(self, fault: Fault) -> None:
        """What else a fault changes, once its answer is out."""


class Canned(LocalService):
    """Answers with what it was given, by path; every answer meets the faults."""

    def __init__(self, answers: dict[str, Reply | bytes], **limits: Any) -> None:
        self.answers = answers
        super().__init__(**limits)

    def answer(self, request: Request) -> Reply:
        found = self.answers.get(request.path)
        if found is None:
            return Reply(404, b"<h1>Not found</h1>", "text/html")
        if isinstance(found, bytes):
            return Reply(200, found, carries_data=True)
        return found


class _Handler(Handler):
    service: LocalService

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the client hung up

    def respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.service.admits():
            self._send(self.service.refusal())
            return
        parts = urlsplit(self.path)
        request = Request(
            self.command,
            unquote(parts.path),
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        self.service.requests.append(request)
        try:
            reply = self.service.answer(request)
        except Refused as refused:
            reply = refused.reply
        tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        if request.method == "GET" and reply.status == 200:
            if request.headers.get("if-none-match") == tag:
                self._send(Reply(304, b"", headers={"ETag": tag}))
                return
            reply = Reply(
                200, reply.body, reply.kind, {**reply.headers, "ETag": tag}, reply.carries_data
            )
        fault = self.service.faults.pop(0) if reply.carries_data and self.service.faults else ""
        self._faulty(fault, reply)
        self.service.after(fault)

    def _head(self, status: int, kind: str, headers: dict[str, str], length: int | None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, reply: Reply) -> None:
        self._head(reply.status, reply.kind, reply.headers, len(reply.body))
        self.wfile.write(reply.body)

    def _stop(self) -> None:
        """No more on this connection: without an announced length this is the end of the body."""
        self.close_connection = True

    def _faulty(self, fault: Fault, reply: Reply) -> None:
        body, kind = reply.body, reply.kind
        half = body[: len(body) // 2]
        match fault:
            case "cut":  # announces the whole body, sends half and hangs up
                self._head(200, kind, {}, len(body))
                self.wfile.write(half)
                self._stop()
            case "cut_unannounced":  # no length: half looks like all
                self._head(200, kind, {"Connection": "close"}, None)
                self.wfile.write(half)
                self._stop()
            case "cut_chunked":  # the last chunk never comes
                self._head(200, kind, {"Transfer-Encoding": "chunked"}, None)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
                self._stop()
            case "cut_json":  # sound HTTP around half a document
                self._send(Reply(200, half, kind))
            case "gzip" | "gzip_twice" | "gzip_cut":
                packed = gzip.compress(body)
                if fault == "gzip_twice":  # two members, one after the other
                    packed = gzip.compress(half) + gzip.compress(body[len(half) :])
                if fault == "gzip_cut":  # the right length of what was cut before it was sent
                    packed = packed[: len(packed) // 2]
                self._send(Reply(200, packed, kind, {"Content-Encoding": "gzip"}))
            case "gzip_not":
                self._send(Reply(200, body, kind, {"Content-Encoding": "gzip"}))
            case "strange_encoding":
                self._send(Reply(200, body, kind, {"Content-Encoding": "x-secret"}))
            case "html":
                self._send(Reply(200, b"<html><body>Service break</body></html>", "text/html"))
            case "wrong_type":
                self._send(Reply(200, body, "text/plain"))
            case "no_type":
                self._send(Reply(200, body, ""))
            case "not_modified":
                self._send(Reply(304, b""))
            case "500" | "503" | "400" | "403" | "404":
                self._send(Reply(int(fault), b"<h1>Busy</h1>", "text/html"))
            case "503_later":
                self._send(Reply(503, b"<h1>Busy</h1>", "text/html", {"Retry-After": "1"}))
            case "reset":
                # Lingering off: closing sends RST instead of FIN.
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.connection.close()
                self._stop()
            case "silent":
                self.service.ended.wait(10)
                self._stop()
            case "drip":
                self._head(200, kind, {}, len(body))
                self._stop()
                for n in range(len(body)):
                    self.wfile.write(body[n : n + 1])
                    if self.service.ended.wait(0.02):
                        return
            case "endless":
                self._head(200, kind, {"Connection": "close"}, None)
                self._stop()
                while not self.service.ended.is_set():
                    self.wfile.write(b" " * 65536)
            case "redirect":  # once, to the same place
                self._head(307, kind, {"Location": self.path}, 0)
            case "redirect_found":  # what a browser answers with a GET
                self._head(302, kind, {"Location": self.path}, 0)
            case "redirect_nowhere":  # httpx calls it a breach of protocol, which may pass
                self._head(307, kind, {"Location": "http://broken:port/"}, 0)
            case "redirect_elsewhere":
                self._head(307, kind, {"Location": "ftp://127.0.0.1/table"}, 0)
            case _:
                self._send(reply)
