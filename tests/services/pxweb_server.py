"""A PxWeb v1 service on this machine that behaves as the real one is known to.

Sliding-window limiter in which every call counts, refused ones too; 403 with a web page for
too many cells; 400 with plain text for a bad request. On top of that a script of faults: each
POST takes the next one off the list.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = str
"""`cut`, `cut_json`, `html`, `503`, `drip`, `updated`: what happens to one POST."""


class PxWebServer:
    """One table `StatFin/tyonv/12r5.px`; values are `value(cell codes)`."""

    def __init__(
        self,
        variables: dict[str, list[str]],
        *,
        max_cells: int = 1000,
        max_calls: int = 40,
        window: float = 60.0,
        elimination: tuple[str, ...] = (),
        value: Callable[[dict[str, str]], float | None] | None = None,
    ) -> None:
        self.variables = variables
        self.max_cells, self.max_calls, self.window = max_cells, max_calls, window
        self.elimination = elimination
        self.value = value or (lambda codes: float(len("".join(codes.values()))))
        self.faults: list[Fault] = []
        self.calls: list[float] = []
        self.refused = 0
        self.queries: list[dict[str, list[str]]] = []
        self.config_body: bytes | None = None
        self.updated = "2026-10-27T06:00:00Z"
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"service": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=lambda: self._http.serve_forever(poll_interval=0.01), daemon=True
        )
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/PxWeb/api/v1"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def admits(self) -> bool:
        with self._lock:
            now = time.time()
            recent = [stamp for stamp in self.calls if stamp > now - self.window]
            self.calls.append(now)
            if len(recent) >= self.max_calls:
                self.refused += 1
                return False
            return True

    def dataset(self, selection: dict[str, list[str]]) -> dict[str, Any]:
        codes = list(selection)
        cells: list[dict[str, str]] = [{}]
        for code in codes:
            cells = [{**cell, code: value} for cell in cells for value in selection[code]]
        return {
            "version": "2.0",
            "class": "dataset",
            "label": "Table of the test service",
            "updated": self.updated,
            "id": codes,
            "size": [len(selection[code]) for code in codes],
            "dimension": {
                code: {
                    "label": code,
                    "category": {"index": {v: n for n, v in enumerate(selection[code])}},
                }
                for code in codes
            },
            "value": [self.value(cell) for cell in cells],
        }


class _Handler(BaseHTTPRequestHandler):
    service: PxWebServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def _answer(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _json(self, value: Any) -> None:
        self._answer(200, json.dumps(value).encode(), "application/json; charset=utf-8")

    def _admitted(self) -> bool:
        if self.service.admits():
            return True
        self._answer(429, b"", "text/html", {"Retry-After": str(math.ceil(self.service.window))})
        return False

    def do_GET(self) -> None:
        if not self._admitted():
            return
        service = self.service
        if self.path.endswith("/?config"):
            if service.config_body is not None:
                self._answer(200, service.config_body, "application/json")
                return
            self._json(
                {
                    "maxValues": service.max_cells,
                    "maxCells": service.max_cells,
                    "maxCalls": service.max_calls,
                    "timeWindow": service.window,
                    "CORS": True,
                }
            )
        elif self.path.endswith("/StatFin/tyonv/12r5.px"):
            listed: list[dict[str, Any]] = []
            for code, values in service.variables.items():
                # Flags that are false are left out by the real service.
                entry: dict[str, Any] = {"code": code, "text": code, "values": values}
                if code in service.elimination:
                    entry["elimination"] = True
                if code.startswith("timeperiod"):
                    entry["time"] = True
                listed.append(entry | {"valueTexts": values})
            self._json({"title": "Table of the test service", "variables": listed})
        else:
            self._answer(400, b"Parameter error", "text/plain")

    def do_POST(self) -> None:
        query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._admitted():
            return
        service = self.service
        selection = {part["code"]: part["selection"]["values"] for part in query["query"]}
        for code, values in selection.items():
            if not set(values) <= set(service.variables.get(code, ())):
                self._answer(400, f"The variable {code} is wrong".encode(), "text/plain")
                return
        if math.prod(len(values) for values in selection.values()) > service.max_cells:
            page = b"<html><head><title>403</title></head><body>Forbidden</body></html>"
            self._answer(403, page, "text/html")
            return
        service.queries.append(selection)
        ordered = {code: selection[code] for code in service.variables if code in selection}
        body = json.dumps(service.dataset(ordered)).encode()
        self._faulty(service.faults.pop(0) if service.faults else "", body)

    def _faulty(self, fault: Fault, body: bytes) -> None:
        kind = "application/json"
        if fault == "cut":
            # Announces the whole body, sends half and hangs up.
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault == "cut_json":
            self._answer(200, body[: len(body) // 2], kind)
        elif fault == "html":
            self._answer(200, b"<html><body>Service break</body></html>", "text/html")
        elif fault == "503":
            self._answer(503, b"<h1>Busy</h1>", "text/html")
        elif fault == "drip":
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.close_connection = True
            try:
                for n in range(len(body)):
                    self.wfile.write(body[n : n + 1])
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                pass
        elif fault == "updated":
            # The office publishes right after this answer.
            self._answer(200, body, kind)
            self.service.updated = self.service.updated.replace("2026", "2027")
        else:
            self._answer(200, body, kind)
