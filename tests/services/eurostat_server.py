"""Eurostat's dissemination API on this machine, behaving as the real one is known to.

One dataset. Extractions above `sync_rows` become jobs, above `max_rows` they are refused for
good; the cost of a request is the number of positions its filters match, as the real service
estimates it. On top of that a script of faults: each answer with data takes the next one off the
list.
"""

from __future__ import annotations

import gzip
import json
import math
import threading
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Fault = str
"""`cut`, `cut_gzip`, `empty`, `reset`, `503`, `html`, `error`, `update`: what becomes of an answer."""

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CSV = "application/vnd.sdmx.data+csv;version=1.0.0"
XML = "application/xml;charset=UTF-8"


class EurostatServer:
    """The dataset `code`; the value of a cell is `value(its codes and period)`, None for none.

    Attributes:
        flags: (dimension codes..., period) -> flag letters of a cell.
        conf: likewise -> confidentiality letter; None before 27.1.2025, when it had no column.
        polls: status calls that say PROCESSING before a job is AVAILABLE.
        ends_as: what a job becomes instead of AVAILABLE.
        asked: path and query of every call, in order.
    """

    def __init__(
        self,
        code: str,
        dimensions: dict[str, list[str]],
        periods: list[str],
        *,
        value: Callable[[tuple[str, ...]], float | None] | None = None,
        sync_rows: int = 1000,
        max_rows: int = 100_000,
        max_calls: int = 1000,
        window: float = 60.0,
    ) -> None:
        self.code, self.dimensions, self.periods = code, dimensions, periods
        self.value = value or (lambda cell: float(sum(map(ord, "".join(cell)))))
        self.sync_rows, self.max_rows = sync_rows, max_rows
        self.max_calls, self.window = max_calls, window
        self.flags: dict[tuple[str, ...], str] = {}
        self.conf: dict[tuple[str, ...], str] | None = {}
        self.updated = "2026-10-15T23:00:00+0200"
        self.polls = 2
        self.ends_as = "AVAILABLE"
        self.job_key: Callable[[], str] = lambda: str(uuid.uuid4())
        self.jobs: dict[str, dict[str, Any]] = {}
        self.says_estimate = True
        self.empty_is_error = False
        self.warns = 0
        self.warns_with_200 = False
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.calls: list[float] = []
        self.refused = 0
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
        return f"http://127.0.0.1:{self._http.server_address[1]}/eurostat/api/dissemination"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def asked_for(self, part: str) -> list[str]:
        return [call for call in self.asked if f"/{part}/" in call]

    def admits(self) -> bool:
        with self._lock:
            now = time.time()
            recent = [stamp for stamp in self.calls if stamp > now - self.window]
            self.calls.append(now)
            if len(recent) >= self.max_calls:
                self.refused += 1
                return False
            return True

    def cells(self, chosen: dict[str, list[str]], periods: list[str]) -> list[tuple[str, ...]]:
        cells: list[tuple[str, ...]] = [()]
        for values in [*chosen.values(), periods]:
            cells = [(*cell, value) for cell in cells for value in values]
        return cells

    def csv(self, chosen: dict[str, list[str]], periods: list[str]) -> bytes:
        """SDMX-CSV 1.0 as Eurostat writes it; cells without value and flag are left out."""
        conf = [] if self.conf is None else ["CONF_STATUS"]
        header = [*self.dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", *conf]
        lines = [",".join(["DATAFLOW", "LAST UPDATE", *header])]
        stamp = (
            f"{self.updated[8:10]}/{self.updated[5:7]}/{self.updated[2:4]} {self.updated[11:19]}"
        )
        for cell in self.cells(chosen, periods):
            value, flag = self.value(cell), self.flags.get(cell, "")
            letter = [] if self.conf is None else [self.conf.get(cell, "")]
            if value is not None or flag or any(letter):
                number = "" if value is None else f"{value:g}"
                row = [f"ESTAT:{self.code.upper()}(1.0)", stamp, *cell, number, flag, *letter]
                lines.append(",".join(row))
        return ("\r\n".join(lines) + "\r\n").encode()

    def dataset(self, chosen: dict[str, list[str]], periods: list[str]) -> dict[str, Any]:
        """JSON-stat 2 as API Statistics writes it: sparse values, flags, and what they mean."""
        axes = {**chosen, "time": periods}
        cells = self.cells(chosen, periods)
        values = {str(n): v for n, cell in enumerate(cells) if (v := self.value(cell)) is not None}
        status = {str(n): self.flags[cell] for n, cell in enumerate(cells) if cell in self.flags}
        document = {
            "version": "2.0",
            "class": "dataset",
            "label": "Dataset of the test service",
            "source": "ESTAT",
            "updated": self.updated,
            "value": values,
            "id": list(axes),
            "size": [len(codes) for codes in axes.values()],
            "dimension": {
                code: {
                    "label": code,
                    "category": {
                        "index": {value: n for n, value in enumerate(codes)},
                        "label": {value: value for value in codes},
                    },
                }
                for code, codes in axes.items()
            },
            "extension": {"lang": "EN", "id": self.code.upper(), "agencyId": "ESTAT"},
        }
        return document | ({"status": status} if status else {})


class _Handler(BaseHTTPRequestHandler):
    service: EurostatServer
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

    def _fault(self, status: int, code: int, text: str) -> None:
        self._answer(
            status,
            f'<?xml version="1.0" encoding="UTF-8"?><S:Fault xmlns:S="{SOAP}"><faultcode>{code}'
            f"</faultcode><faultstring>{text}</faultstring></S:Fault>".encode(),
            XML,
        )

    def _error(self, status: int, code: int, label: str) -> None:
        body = {"error": [{"status": status, "id": code, "label": label}]}
        self._answer(status, json.dumps(body).encode(), "application/json")

    def _too_big(self, cost: int) -> str:
        estimate = f"estimated {cost} rows, max authorised is {self.service.max_rows}, "
        return (
            "EXTRACTION_TOO_BIG: The requested extraction is too big, "
            f"{estimate if self.service.says_estimate else ''}please change your filters to reduce "
            "the extraction size"
        )

    def do_GET(self) -> None:
        service = self.service
        service.asked.append(self.path)
        if not service.admits():
            retry = str(math.ceil(service.window))
            self._answer(429, b"<html>Too many</html>", "text/html", {"Retry-After": retry})
            return
        url = urlsplit(self.path)
        parts = url.path.removeprefix("/eurostat/api/dissemination/").split("/")
        query = parse_qs(url.query)
        match parts:
            case ["sdmx", "2.1", "datastructure", "ESTAT", code]:
                self._structure(code)
            case ["sdmx", "2.1", "data", code, *key]:
                self._data(code, unquote(key[0]) if key else "", query)
            case ["1.0", "async", "status", job]:
                self._status(job)
            case ["1.0", "async", "data", job]:
                self._job_data(job)
            case ["statistics", "1.0", "data", code]:
                self._statistics(code, query)
            case _:
                self._answer(404, b"<html><body>Page not found</body></html>", "text/html")

    def _unknown(self, code: str) -> bool:
        return code.lower() != self.service.code.lower()

    def _structure(self, code: str) -> None:
        if self._unknown(code):
            self._fault(404, 100, f"ERR_NOT_FOUND_4: {code} is not available for dissemination.")
            return
        names = list(self.service.dimensions)
        # By position, not in the order of the document.
        listed = "".join(
            f'<s:Dimension id="{name}" position="{n + 1}"><s:ConceptIdentity><Ref id="{name}"/>'
            "</s:ConceptIdentity></s:Dimension>"
            for n, name in reversed(list(enumerate(names)))
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><m:Structure xmlns:m="urn:message" '
            'xmlns:s="urn:structure"><m:Structures><s:DataStructures><s:DataStructure '
            f'id="{code.upper()}"><s:DataStructureComponents><s:DimensionList>{listed}'
            f'<s:TimeDimension id="TIME_PERIOD" position="{len(names) + 1}"/></s:DimensionList>'
            '<s:MeasureList><s:PrimaryMeasure id="OBS_VALUE"/></s:MeasureList>'
            "</s:DataStructureComponents></s:DataStructure></s:DataStructures></m:Structures>"
            "</m:Structure>"
        )
        self._answer(200, body.encode(), "application/vnd.sdmx.structure+xml;version=2.1")

    def _data(self, code: str, key: str, query: dict[str, list[str]]) -> None:
        service = self.service
        if self._unknown(code):
            self._fault(404, 100, f"ERR_NOT_FOUND_2: DATA_SET:{code} is not available.")
            return
        assert query["format"] == ["SDMX-CSV"]
        places = key.split(".") if key else [""] * len(service.dimensions)
        if len(places) != len(service.dimensions):
            self._fault(400, 140, "INVALID_QUERY_NB_FILTERS: Incorrect number of filters")
            return
        chosen = {}
        for (name, codes), place in zip(service.dimensions.items(), places, strict=True):
            wanted = place.split("+") if place else codes
            if wrong := set(wanted) - set(codes):
                said = f"{name.upper()}={min(wrong)}"
                text = f"INVALID_QUERY_DIMENSION_VALUE: values are not allowed: {said}."
                self._fault(400, 150, text)
                return
            chosen[name] = wanted
        first, last = query.get("startPeriod", [""])[0], query.get("endPeriod", ["9999"])[0]
        periods = [period for period in service.periods if first <= period <= last]
        cost = math.prod(len(codes) for codes in chosen.values()) * len(periods)
        if cost > service.max_rows:
            self._fault(413, 413, self._too_big(cost))
        elif cost == 0 and service.empty_is_error:
            self._fault(400, 100, "No results found")
        elif cost > service.sync_rows and not self._is_ready(self.path):
            job = service.job_key()
            service.jobs[job] = {"request": self.path, "polls": 0, "chosen": (chosen, periods)}
            body = (
                f'<?xml version="1.0" encoding="UTF-8" ?><env:Envelope xmlns:env="{SOAP}">'
                '<env:Header/><env:Body><ns0:syncResponse xmlns:ns0="http://estat.ec.europa.eu/'
                'disschain/soap/extraction"><processingTime>92</processingTime><queued>'
                f"<id>{job}</id><status>SUBMITTED</status></queued></ns0:syncResponse>"
                "</env:Body></env:Envelope>"
            )
            self._answer(200, body.encode(), XML)
        else:
            self._send(service.csv(chosen, periods), query.get("compressed") == ["true"])

    def _is_ready(self, request: str) -> bool:
        """Whether the same request was prepared before: its answer comes at once."""
        jobs = self.service.jobs.values()
        return any(job["request"] == request and job.get("fetched") for job in jobs)

    def _status(self, key: str) -> None:
        service = self.service
        job = service.jobs.get(key)
        status = "UNKNOWN_REQUEST"
        if job is not None:
            job["polls"] += 1
            status = "PROCESSING" if job["polls"] <= service.polls else service.ends_as
        body = (
            f'<env:Envelope xmlns:env="{SOAP}"><env:Header/><env:Body><ns0:asyncResponse '
            'xmlns:ns0="http://estat.ec.europa.eu/disschain/soap/asynchronous" '
            'xmlns:ns1="http://estat.ec.europa.eu/disschain/asynchronous"><ns1:status>'
            f"<ns1:key>{key}</ns1:key><ns1:status>{status}</ns1:status></ns1:status>"
            "</ns0:asyncResponse></env:Body></env:Envelope>"
        )
        self._answer(200, body.encode(), XML)

    def _job_data(self, key: str) -> None:
        job = self.service.jobs.get(key)
        if job is None or job["polls"] <= self.service.polls:
            self._fault(404, 100, "ERR_NOT_FOUND_1: data are not available")
            return
        job["fetched"] = True
        self._send(self.service.csv(*job["chosen"]), "compressed=true" in job["request"])

    def _statistics(self, code: str, query: dict[str, list[str]]) -> None:
        service = self.service
        if self._unknown(code):
            text = f"ERR_NOT_FOUND_4: {code.upper()} (DATA_FLOW:ALL,1.0) is not available."
            self._error(404, 100, text)
            return
        query = {name: values for name, values in query.items() if name not in ("format", "lang")}
        level = query.pop("geoLevel", [])
        since = query.pop("sinceTimePeriod", [""])[0]
        until = query.pop("untilTimePeriod", ["9999"])[0]
        newest = int(query.pop("lastTimePeriod", ["9999"])[0])
        unknown = sorted(set(query) - set(service.dimensions))
        if unknown or (level and "geo" in query):
            self._error(400, 150, f"INVALID_QUERY_DIMENSION: {', '.join(unknown) or 'geoLevel'}")
            return
        chosen = {name: query.get(name, codes) for name, codes in service.dimensions.items()}
        if level:
            # NUTS codes: a country has two letters, and each level one more.
            length = {"country": 2, "nuts1": 3, "nuts2": 4, "nuts3": 5}[level[0]]
            chosen["geo"] = [geo for geo in chosen["geo"] if len(geo) == length]
        periods = [p for p in service.periods if since <= p <= until][-newest:]
        cost = math.prod(len(codes) for codes in chosen.values()) * len(periods)
        label = "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try "
        if cost > service.max_rows:
            self._error(413, 413, self._too_big(cost))
        elif service.warns and cost > service.sync_rows:
            service.warns -= 1
            if service.warns_with_200:
                warning = {"warning": {"status": 413, "label": f"{label}again later."}}
                self._answer(200, json.dumps(warning).encode(), "application/json")
            else:
                self._error(413, 413, f"{label}again later.")
        else:
            body = json.dumps(service.dataset(chosen, periods)).encode()
            self._faulty(body, "application/json")

    def _send(self, plain: bytes, compressed: bool) -> None:
        """An attachment: the compressed file is the content itself, not its encoding."""
        if compressed:
            self._faulty(gzip.compress(plain), "application/octet-stream")
        else:
            self._faulty(plain, CSV)

    def _faulty(self, body: bytes, kind: str) -> None:
        fault = self.service.faults.pop(0) if self.service.faults else ""
        if fault == "cut":
            # Announces the whole body, sends half and hangs up.
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault == "cut_gzip":
            # Complete as far as HTTP goes.
            self._answer(200, body[: len(body) // 2], kind)
        elif fault == "empty":
            self._answer(200, b"", kind)
        elif fault == "reset":
            self.close_connection = True
        elif fault == "503":
            self._answer(503, b"<h1>Busy</h1>", "text/html")
        elif fault == "html":
            page = b"<!DOCTYPE html><html><body>Planned maintenance</body></html>"
            self._answer(200, page, "text/html")
        elif fault == "error":
            self._error(200, 150, "INVALID_SOMETHING: said under 200")
        else:
            self._answer(200, body, kind)
        if fault == "update":
            # The office publishes right after this answer.
            self.service.updated = self.service.updated.replace("2026", "2027")
