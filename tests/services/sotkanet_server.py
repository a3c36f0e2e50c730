"""Sotkanet's REST service (1.1) on this machine, behaving as the real one is known to.

Years and genders are repeated parameters; years without data are simply not in the answer;
observations carry internal region ids, one of which the list of regions lacks.
"""

from __future__ import annotations

import json
from typing import Any

from tests.services.local_service import Fault, LocalService, Reply, Request, json_reply

ROOT = "/rest/1.1"

REGIONS: list[dict[str, Any]] = [
    {"id": 658, "code": "358", "category": "MAA", "title": {"fi": "Suomi", "en": "Finland"}},
    {
        "id": 46,
        "code": "091",
        "category": "KUNTA",
        "title": {"fi": "Helsinki", "en": "Helsinki", "sv": "Helsingfors"},
        "memberOf": [658],
    },
    {
        "id": 271,
        "code": "837",
        "category": "KUNTA",
        "title": {"fi": "Tampere", "en": "Tampere", "sv": "Tammerfors"},
        "memberOf": [658],
        "uri": "http://www.yso.fi/onto/kunnat/k837",
    },
]

Observation = tuple[int, int, str, float | None, float | None]
"""Internal region id, year, gender, primary value, absolute value."""

POPULATION: list[Observation] = [
    (region, year, "total", float(base + year), float(base + year))
    for region, base in ((658, 5_000_000), (46, 600_000), (271, 200_000), (9999, 1))
    for year in range(2000, 2021)
]


class SotkanetServer(LocalService):
    """Indicators by number, each a list of observations.

    Attributes:
        updated: `data-updated` of every indicator; None leaves it out.
        header: how the columns are called.
        dislikes: user agents that begin so are refused.
        instead: answers that are given instead of data, each once.
    """

    def __init__(self, indicators: dict[int, list[Observation]], **limits: Any) -> None:
        self.indicators = indicators
        self.regions = json.dumps(REGIONS).encode()
        self.updated: str | None = "2026-05-28"
        self.header = "indicator;region;year;gender;primary value;absolute value"
        self.dislikes = "python"
        self.instead: list[Reply] = []
        super().__init__(**limits)

    @property
    def base_url(self) -> str:
        return f"{self.origin}{ROOT}"

    def after(self, fault: Fault) -> None:
        if fault == "update":
            self.updated = "2027-01-01"

    def answer(self, request: Request) -> Reply:
        if request.headers.get("user-agent", "").lower().startswith(self.dislikes):
            return Reply(403, b"<html><body>Forbidden</body></html>", "text/html")
        match request.path.removeprefix(f"{ROOT}/").split("/"):
            case ["regions"]:
                return Reply(200, self.regions, carries_data=True)
            case ["indicators", number]:
                return self._metadata(number)
            case ["csv"]:
                return self._csv(request.query)
        return Reply(404, b"<html><body>Not found</body></html>", "text/html")

    def _metadata(self, number: str) -> Reply:
        rows = self.indicators.get(int(number))
        if rows is None:
            return Reply(404, b"", "text/html")
        years = [year for _, year, *_ in rows] or [0]
        document = {
            "id": int(number),
            "title": {"fi": "Väestö 31.12.", "sv": "Befolkning 31.12"},
            "range": {"start": min(years), "end": max(years)},
            "primaryValueType": {"code": "LKM", "title": {"fi": "lukumäärä"}},
            "decimals": 0,
            "organization": {"id": 3, "title": {"fi": "Tilastokeskus"}},
            "classifications": {"sex": {"values": ["total"]}, "region": {"values": ["Kunta"]}},
        }
        if self.updated is not None:
            document["data-updated"] = self.updated
        return json_reply(document, carries_data=True)

    def _csv(self, query: dict[str, list[str]]) -> Reply:
        years, genders = query.get("years", []), query.get("genders", [])
        asked = query.get("indicator", [""])[0]
        # A list separated by commas is one parameter that is no number.
        if not all(part.isdigit() for part in [asked, *years]) or not years or not genders:
            return Reply(400, b"Bad request", "text/plain")
        if self.instead:
            return self.instead.pop(0)
        lines = [self.header]
        for region, year, gender, primary, absolute in self.indicators.get(int(asked), []):
            if str(year) in years and gender in genders:
                values = ["" if value is None else str(value) for value in (primary, absolute)]
                lines.append(";".join([asked, str(region), str(year), gender, *values]))
        body = "\n".join(lines) + "\n"
        return Reply(200, body.encode(), "text/csv;charset=UTF-8", carries_data=True)
