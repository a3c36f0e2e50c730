"""Eurostat's dissemination API on this machine, behaving as the real one is known to.

One dataset. Extractions above `sync_rows` become jobs, above `max_rows` they are refused for
good; the cost of a request is the number of positions its filters match, as the real service
estimates it.
"""

from __future__ import annotations

import gzip
import math
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.services.local_service import Fault, LocalService, Refused, Reply, Request, json_reply

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CSV = "application/vnd.sdmx.data+csv;version=1.0.0"
XML = "application/xml;charset=UTF-8"
ROOT = "/eurostat/api/dissemination"

Cell = tuple[str, ...]
"""Codes in the order of the dimensions, then the period."""


class EurostatServer(LocalService):
    """The dataset `code`; the value of a cell is `value(cell)`, None for none.

    Attributes:
        flags: flag letters of cells.
        conf: confidentiality letters of cells; None before 27.1.2025, when it had no column.
        polls: status calls that say PROCESSING before a job is AVAILABLE.
        ends_as: what a job becomes instead of AVAILABLE.
        jobs: the jobs by key.
        says_estimate: whether a refusal says how many rows there would be.
        empty_is_error: whether an empty result is an error instead of a header.
        warns: so many small questions to come are answered with "try again later".
        instead: answers that are given instead of data, each once.
    """

    def __init__(
        self,
        code: str,
        dimensions: dict[str, list[str]],
        periods: list[str],
        *,
        value: Callable[[Cell], float | None] | None = None,
        sync_rows: int = 1000,
        max_rows: int = 100_000,
        **limits: Any,
    ) -> None:
        self.code, self.dimensions, self.periods = code, dimensions, periods
        self.value = value or (lambda cell: float(sum(map(ord, "".join(cell)))))
        self.sync_rows, self.max_rows = sync_rows, max_rows
        self.flags: dict[Cell, str] = {}
        self.conf: dict[Cell, str] | None = {}
        self.updated = "2026-10-15T23:00:00+0200"
        self.polls = 2
        self.ends_as = "AVAILABLE"
        self.job_key: Callable[[], str] = lambda: str(uuid.uuid4())
        self.jobs: dict[str, dict[str, Any]] = {}
        self.says_estimate = True
        self.empty_is_error = False
        self.warns = 0
        self.warns_with_200 = False
        self.instead: list[Reply] = []
        super().__init__(**limits)

    @property
    def base_url(self) -> str:
        return f"{self.origin}{ROOT}"

    def asked_for(self, part: str = "") -> list[str]:
        """Path and query of the calls whose path holds `part` as a whole segment."""
        return [
            f"{request.path}?{urlencode(request.query, doseq=True)}"
            for request in self.requests
            if f"/{part}/" in request.path or not part
        ]

    def after(self, fault: Fault) -> None:
        if fault == "update":
            # The office publishes right after this answer.
            self.updated = self.updated.replace("2026", "2027")

    def answer(self, request: Request) -> Reply:
        match request.path.removeprefix(f"{ROOT}/").split("/"):
            case ["sdmx", "2.1", "datastructure", "ESTAT", code]:
                return self._structure(code)
            case ["sdmx", "2.1", "data", code, *key]:
                return self._data(code, key[0] if key else "", request)
            case ["1.0", "async", "status", job]:
                return self._status(job)
            case ["1.0", "async", "data", job]:
                return self._job_data(job)
            case ["statistics", "1.0", "data", code]:
                return self._statistics(code, dict(request.query))
        return Reply(404, b"<html><body>Page not found</body></html>", "text/html")

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

    def _too_big(self, cost: int) -> str:
        estimate = f"estimated {cost} rows, max authorised is {self.max_rows}, "
        return (
            "EXTRACTION_TOO_BIG: The requested extraction is too big, "
            f"{estimate if self.says_estimate else ''}please change your filters to reduce "
            "the extraction size"
        )

    def _structure(self, code: str) -> Reply:
        if code.lower() != self.code:
            return _fault(404, 100, f"ERR_NOT_FOUND_4: {code} is not available for dissemination.")
        names = list(self.dimensions)
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
        return Reply(200, body.encode(), "application/vnd.sdmx.structure+xml;version=2.1")

    def _data(self, code: str, key: str, request: Request) -> Reply:
        query = request.query
        if code.lower() != self.code:
            return _fault(404, 100, f"ERR_NOT_FOUND_2: DATA_SET:{code} is not available.")
        if query.get("format") != ["SDMX-CSV"]:
            return _fault(406, 140, "INVALID_FORMAT")
        chosen = self._chosen(key)
        first, last = query.get("startPeriod", [""])[0], query.get("endPeriod", ["9999"])[0]
        periods = [period for period in self.periods if first <= period <= last]
        cost = math.prod(len(codes) for codes in chosen.values()) * len(periods)
        compressed = query.get("compressed") == ["true"]
        if cost > self.max_rows:
            return _fault(413, 413, self._too_big(cost))
        if cost == 0 and self.empty_is_error:
            return _fault(400, 100, "No results found")
        asked = (request.path, urlencode(query, doseq=True))
        if cost <= self.sync_rows or self._is_prepared(asked):
            return self._extraction(chosen, periods, compressed)
        job = self.job_key()
        self.jobs[job] = {"asked": asked, "polls": 0, "extraction": (chosen, periods, compressed)}
        return _envelope(
            '<ns0:syncResponse xmlns:ns0="http://estat.ec.europa.eu/disschain/soap/extraction">'
            f"<processingTime>92</processingTime><queued><id>{job}</id><status>SUBMITTED</status>"
            "</queued></ns0:syncResponse>"
        )

    def _chosen(self, key: str) -> dict[str, list[str]]:
        places = key.split(".") if key else [""] * len(self.dimensions)
        if len(places) != len(self.dimensions):
            raise Refused(_fault(400, 140, "INVALID_QUERY_NB_FILTERS: Incorrect number of filters"))
        chosen = {}
        for (name, codes), place in zip(self.dimensions.items(), places, strict=True):
            chosen[name] = place.split("+") if place else codes
            if wrong := set(chosen[name]) - set(codes):
                said = f"values for dimension are not allowed: {name.upper()}={min(wrong)}"
                raise Refused(_fault(400, 150, f"INVALID_QUERY_DIMENSION_VALUE: {said}."))
        return chosen

    def _is_prepared(self, asked: tuple[str, str]) -> bool:
        """Whether the same request was prepared before: its answer comes at once."""
        return any(job["asked"] == asked and job.get("fetched") for job in self.jobs.values())

    def _status(self, key: str) -> Reply:
        job = self.jobs.get(key)
        status = "UNKNOWN_REQUEST"
        if job is not None:
            job["polls"] += 1
            status = "PROCESSING" if job["polls"] <= self.polls else self.ends_as
        return _envelope(
            '<ns0:asyncResponse xmlns:ns0="http://estat.ec.europa.eu/disschain/soap/asynchronous" '
            'xmlns:ns1="http://estat.ec.europa.eu/disschain/asynchronous"><ns1:status>'
            f"<ns1:key>{key}</ns1:key><ns1:status>{status}</ns1:status></ns1:status>"
            "</ns0:asyncResponse>"
        )

    def _job_data(self, key: str) -> Reply:
        job = self.jobs.get(key)
        if job is None or job["polls"] <= self.polls:
            return _fault(404, 100, "ERR_NOT_FOUND_1: data are not available")
        job["fetched"] = True
        return self._extraction(*job["extraction"])

    def _extraction(
        self, chosen: dict[str, list[str]], periods: list[str], compressed: bool
    ) -> Reply:
        """An attachment: the compressed file is the content itself, not its encoding."""
        if self.instead:
            return self.instead.pop(0)
        plain = self.csv(chosen, periods)
        if compressed:
            return Reply(200, gzip.compress(plain), "application/octet-stream", carries_data=True)
        return Reply(200, plain, CSV, carries_data=True)

    def _statistics(self, code: str, query: dict[str, list[str]]) -> Reply:
        if code.lower() != self.code:
            label = f"ERR_NOT_FOUND_4: {code.upper()} (DATA_FLOW:ALL,1.0) is not available."
            return error(404, 100, label)
        for name in ("format", "lang"):
            query.pop(name, None)
        level = query.pop("geoLevel", [])
        since = query.pop("sinceTimePeriod", [""])[0]
        until = query.pop("untilTimePeriod", ["9999"])[0]
        newest = int(query.pop("lastTimePeriod", ["9999"])[0])
        unknown = sorted(set(query) - set(self.dimensions))
        if unknown or (level and "geo" in query):
            wrong = ", ".join(unknown) or "geoLevel"
            return error(400, 150, f"INVALID_QUERY_DIMENSION: {wrong}")
        chosen = {name: query.get(name, codes) for name, codes in self.dimensions.items()}
        if level:
            # NUTS codes: a country has two letters, and each level one more.
            length = {"country": 2, "nuts1": 3, "nuts2": 4, "nuts3": 5}[level[0]]
            chosen["geo"] = [geo for geo in chosen["geo"] if len(geo) == length]
        periods = [p for p in self.periods if since <= p <= until][-newest:]
        cost = math.prod(len(codes) for codes in chosen.values()) * len(periods)
        if cost > self.max_rows:
            return error(413, 413, self._too_big(cost))
        if cost > self.sync_rows and self.warns:
            self.warns -= 1
            label = "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously."
            if self.warns_with_200:
                return json_reply({"warning": {"status": 413, "label": label}})
            return error(413, 413, label)
        return json_reply(self.dataset(chosen, periods), carries_data=True)


def error(status: int, code: int, label: str, under: int | None = None) -> Reply:
    """An error as the JSON services write it, sent with its own HTTP status or `under` another."""
    said = json_reply({"error": [{"status": status, "id": code, "label": label}]})
    return Reply(under or status, said.body)


def _fault(status: int, code: int, text: str) -> Reply:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><S:Fault xmlns:S="{SOAP}"><faultcode>{code}'
        f"</faultcode><faultstring>{text}</faultstring></S:Fault>"
    )
    return Reply(status, body.encode(), XML)


def _envelope(content: str) -> Reply:
    body = (
        f'<?xml version="1.0" encoding="UTF-8" ?><env:Envelope xmlns:env="{SOAP}"><env:Header/>'
        f"<env:Body>{content}</env:Body></env:Envelope>"
    )
    return Reply(200, body.encode(), XML)
