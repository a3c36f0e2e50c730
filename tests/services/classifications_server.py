"""A classification service on this machine that behaves as Statistics Finland's is known to.

Items come in one language at a time, and not at all (an empty list) in one that a classification
lacks; what is not published is 404; maps that are asked with parameters that select contents are
500, and without them a list of addresses. `faults` makes one address misbehave.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services.listener import Handler, Listener

LANGUAGE_NAMES = {"fi": "suomi", "sv": "ruotsi", "en": "englanti"}


@dataclass
class Published:
    """What the service has.

    `items`: names by language, by code, by classification. `maps`: pairs of codes by (source,
    target classification).
    """

    items: dict[str, dict[str, Mapping[str, str]]] = field(default_factory=dict)
    maps: dict[tuple[str, str], Sequence[tuple[str, str]]] = field(default_factory=dict)


class ClassificationServer(Listener):
    """The service; `faults` are used up one by one: (part of the address, what happens).

    `html`, `cut` (hangs up in the middle), `cut_json`, `503`, or a body that is sent as JSON.
    """

    def __init__(self, published: Published, *, maps_as_items: bool = False) -> None:
        self.published = published
        self.maps_as_items = maps_as_items
        self.faults: list[tuple[str, str]] = []
        self.asked: list[str] = []
        super().__init__(_Handler)

    @property
    def base_url(self) -> str:
        return f"{self.origin}/api/classifications/v2"

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        """Status and JSON value of an address (unquoted, below the base address)."""
        match path.split("/"):
            case ["correspondenceTables"]:
                base = f"{self.base_url}/correspondenceTables"
                return 200, [f"{base}/{a}#{b}?format=json" for a, b in self.published.maps]
            case ["correspondenceTables", table, "maps"]:
                source, _, target = table.partition("#")
                pairs = self.published.maps.get((source, target))
                if pairs is None:
                    return 404, {"error": "Not found"}
                if "content" in query:
                    return 500, {"error": "Internal error"}
                return 200, [self._map(source, target, *pair) for pair in pairs]
            case ["classifications", name, "classificationItems"]:
                items = self.published.items.get(name)
                if items is None:
                    return 404, {"error": "Not found"}
                language = query["lang"]
                return 200, [
                    _item(name, code, order, names, language)
                    for order, (code, names) in enumerate(items.items(), start=1)
                    if language in names
                ]
        return 404, {"error": "Not found"}

    def _map(self, source: str, target: str, before: str, after: str) -> Any:
        table = f"{source}#{target}"
        if self.maps_as_items:
            return {
                "correspondenceTable": {"localId": table},
                "sourceLocalId": f"{source}/{before}",
                "targetLocalId": f"{target}/{after}",
                "sourceItem": {"code": before, "level": 1.0},
                "targetItem": {"code": after, "level": "3.00"},
            }
        return f"{self.base_url}/correspondenceTables/{table}/maps/{before}/{after}?format=json"


def _item(
    classification: str, code: str, order: int, names: Mapping[str, str], language: str
) -> dict[str, Any]:
    return {
        "classification": {"localId": classification},
        "localId": f"{classification}/{code}",
        "level": 1,
        "code": code,
        "order": order,
        "modifiedDate": "2025-12-01T22:00:00Z",
        "parentItemLocalId": None,
        "parentCode": None,
        "classificationItemNames": [
            {"langName": LANGUAGE_NAMES[language], "lang": language, "name": names[language]}
        ],
        "explanatoryNotes": [],
        "classificationIndexEntry": [{"text": []}],
    }


class _Handler(Handler):
    service: ClassificationServer

    def respond(self) -> None:
        service = self.service
        parts = urlsplit(self.path)
        path = unquote(parts.path).removeprefix("/api/classifications/v2/")
        service.asked.append(f"{path}?{parts.query}")
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        status, value = service.answer(path, query)
        body = json.dumps(value, ensure_ascii=False).encode()
        kind = "application/json;charset=UTF-8"
        for fault in service.faults:
            if fault[0] in path:
                service.faults.remove(fault)
                self._misbehave(fault[1], body, kind)
                return
        self.send(status, body, kind)

    def _misbehave(self, fault: str, body: bytes, kind: str) -> None:
        match fault:
            case "html":
                self.send(200, b"<html><body>Huoltokatko</body></html>", "text/html")
            case "cut":
                self.send_half(body, kind)
            case "cut_json":
                self.send(200, body[: len(body) // 2], kind)
            case "503":
                self.send(503, b"<h1>Busy</h1>", "text/html")
            case _:
                self.send(200, fault.encode(), kind)
