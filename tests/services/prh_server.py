"""PRH's open data (YTJ v3) on this machine, behaving as its specification says.

A hundred companies a page with `totalResults`; a page past the last one is answered with the
first; spans of registration dates include both days; 429 is plain text. On top of that a script
of faults, one taken off the list by each call, and things that happen after the n-th call.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.services.listener import Handler, Listener

Company = dict[str, Any]
PAGE = 100
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def business_id(number: int) -> str:
    """A business id for each number; where the check digit would be 10, the next one's."""
    digits = f"{1_000_000 + number * 2:07d}"
    rest = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    if rest == 1:
        digits = f"{int(digits) + 1:07d}"
        rest = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    return f"{digits}-{0 if rest == 0 else 11 - rest}"


def address(municipality: str | None, kind: Any = 1, registered: str = "2019-07-01") -> Company:
    """An address as the register writes it, its post office in two languages."""
    return {
        "type": kind,
        "street": "Koekatu",
        "postCode": "87100",
        "postOffices": [
            {"city": f"TOWN {language}", "languageCode": language, "municipalityCode": municipality}
            for language in ("1", "2")
        ],
        "buildingNumber": "7",
        "registrationDate": registered,
        "source": "0",
    }


def company(number: int = 1, registered: str | None = "2025-03-15", **changes: Any) -> Company:
    """A company as the register writes it; `...` leaves a field out."""
    record: Company = {
        "businessId": {
            "value": business_id(number),
            "registrationDate": "1978-03-15",
            "source": "3",
        },
        "names": [{"name": f"Toivo Testaaja {number} Oy", "type": "1", "version": 1}],
        "mainBusinessLine": {"type": "62100", "typeCodeSet": "TOIMI4", "source": "2"},
        "companyForms": [
            {"type": "16", "registrationDate": registered, "version": 1, "source": "1"},
        ],
        "companySituations": [],
        "registeredEntries": [{"type": "1", "register": "1", "authority": "2"}],
        "addresses": [address("205")],
        "tradeRegisterStatus": "1",
        "status": "2",
        "registrationDate": registered,
        "lastModified": "2026-08-19T10:04:06",
    }
    return {name: value for name, value in (record | changes).items() if value is not ...}


def register_of(count: int, first: date = date(2024, 1, 1), days: int = 731) -> list[Company]:
    """`count` companies whose days of registration are spread over `days`."""
    return [company(n, (first + timedelta(days=n * 7919 % days)).isoformat()) for n in range(count)]


class PrhServer(Listener):
    """The register with the given companies, listed in the order of their days and ids.

    `faults`: `429`, `503` (a web page), `cut` (half a body), `cut_json`, `html`, `again` (the page
    before once more), each for one call. `past_end`: what a page past the last one is, `first`
    (as specified) or `empty`. `then`: by number of the call, what happens after it.
    """

    def __init__(self, companies: list[Company]) -> None:
        self.companies = list(companies)
        self.faults: list[str] = []
        self.past_end = "first"
        self.retry_after: str | None = None
        self.then: dict[int, Callable[[], None]] = {}
        self.queries: list[dict[str, str]] = []
        self._lock = threading.Lock()
        super().__init__(_Handler)

    @property
    def base_url(self) -> str:
        return f"{self.origin}/opendata-ytj-api/v3"

    def pages_asked(self) -> list[int]:
        return [int(query.get("page", "1")) for query in self.queries]

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        first = query.get("registrationDateStart", "")
        last = query.get("registrationDateEnd", "9999-12-31")
        is_dated = "registrationDateStart" in query or "registrationDateEnd" in query
        found = [
            c
            for c in self.companies
            if (
                first <= c["registrationDate"] <= last
                if c.get("registrationDate")
                else not is_dated
            )
            and query.get("businessId", c["businessId"]["value"]) == c["businessId"]["value"]
            and ("location" not in query or query["location"].upper() in _towns(c))
        ]
        found.sort(key=lambda c: (c.get("registrationDate") or "", c["businessId"]["value"]))
        start = (int(query.get("page", "1")) - 1) * PAGE
        if not 0 <= start < len(found):
            start = 0 if self.past_end == "first" else len(found)
        return {"totalResults": len(found), "companies": found[start : start + PAGE]}

    def take(self, query: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """The fault of this call and the answer that it spoils."""
        with self._lock:
            self.queries.append(query)
            fault = self.faults.pop(0) if self.faults else ""
            asked = query
            if fault == "again":
                asked = query | {"page": str(max(1, int(query.get("page", "1")) - 1))}
            answer = self.answer(asked)
            if event := self.then.pop(len(self.queries), None):
                event()
            return fault, answer


def _towns(record: Company) -> set[str]:
    return {
        office["city"] for place in record["addresses"] for office in place.get("postOffices", ())
    }


class _Handler(Handler):
    service: PrhServer

    def respond(self) -> None:
        asked = urlsplit(self.path)
        if not asked.path.endswith("/companies"):
            self.send(404, b"not here", "text/plain")
            return
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        fault, answer = self.service.take(query)
        for name in ("registrationDateStart", "registrationDateEnd"):
            try:
                date.fromisoformat(query.get(name, "2025-01-01"))
            except ValueError:
                self.send(400, b'{"message": "Bad request"}', "application/json")
                return
        kind = "application/json"
        body = json.dumps(answer, ensure_ascii=False).encode()
        if fault == "429":
            wait = self.service.retry_after
            headers = {} if wait is None else {"Retry-After": wait}
            self.send(429, b"Too many requests", "text/plain", headers)
        elif fault == "503":
            page = b"<html><body><h1>Huoltokatko</h1></body></html>"
            self.send(503, page, "text/html")
        elif fault == "html":
            self.send(200, b"<html><body>Huoltokatko</body></html>", "text/html")
        elif fault == "cut_json":
            self.send(200, body[: len(body) // 2], kind)
        elif fault == "cut":
            self.send_half(body, kind)
        else:
            self.send(200, body, kind)
