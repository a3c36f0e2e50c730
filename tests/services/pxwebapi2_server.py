"""A PxWebApi 2 service on this machine, after its specification (PxTools/PxApiSpecs).

Where the reference server differs from the specification there is a switch: too many cells is
403 with a problem document in the one and 400 "Too many cells selected" in the other. `/data`
without a selection answers silently with the default selection.
"""

from __future__ import annotations

import fnmatch
import itertools
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.services.local_service import Fault, LocalService, Refused, Reply, Request, json_reply

_PREFIX = "/api/v2/"


@dataclass
class ServedTable2:
    """One table; its cells are `value(code of each variable)`.

    Attributes:
        elimination: variables that are summed away when left out.
        time, metric: code of the variable of that role.
        units: unit of measure of each value of the metric variable.
        codelists: for a variable, the code lists that it can be asked by.
    """

    id: str
    variables: dict[str, list[str]]
    time: str = "Tid"
    metric: str = "ContentsCode"
    elimination: Sequence[str] = ()
    value: Callable[[dict[str, str]], float] = lambda codes: float(len("".join(codes.values())))
    title: str = "Table of the test service"
    updated: str = "2026-10-27T06:00:00Z"
    units: Mapping[str, str] = field(default_factory=dict)
    codelists: Mapping[str, Sequence[str]] = field(default_factory=dict)


class PxWebApi2Server(LocalService):
    """A service of tables and code lists.

    Attributes:
        too_many: `specification` or `reference`: how too many cells are refused.
        old_spelling: `codeLists` in the metadata, as in the specification.
        codelists: by `agg_…` or `vs_…`, the values of each of its codes.
        queries: the selections that were answered, by variable code, expressions expanded.
        now: the day that `pastDays` counts back from.
    """

    def __init__(
        self,
        *tables: ServedTable2,
        codelists: Mapping[str, dict[str, list[str]]] | None = None,
        max_cells: int = 1000,
        max_calls: int = 3,
        window: float = 1.0,
        too_many: str = "specification",
    ) -> None:
        self.served = {table.id: table for table in tables}
        self.codelists = codelists or {}
        self.max_cells, self.too_many = max_cells, too_many
        self.old_spelling = False
        self.queries: list[dict[str, list[str]]] = []
        self.saved: dict[str, Any] = {}
        self.config_body: bytes | None = None
        self.now = datetime.fromisoformat("2026-11-22T00:00:00Z")
        super().__init__(max_calls=max_calls, window=window)

    @property
    def base_url(self) -> str:
        return self.origin + _PREFIX.rstrip("/")

    def refusal(self) -> Reply:
        late = super().refusal()
        return _problem(429, "Too many requests", late.headers)

    def after(self, fault: Fault) -> None:
        if fault == "updated":
            for table in self.served.values():
                year = int(table.updated[:4]) + 1
                table.updated = f"{year}{table.updated[4:]}"

    def answer(self, request: Request) -> Reply:
        match request.method, request.path.removeprefix(_PREFIX).split("/"):
            case "GET", ["config"]:
                return self._config()
            case "GET", ["tables"]:
                return self._tables(request.query)
            case "GET", ["tables", table]:
                return json_reply({"language": "sv", **self._entry(self._table(table))})
            case "GET", ["tables", table, "metadata"]:
                return json_reply(self._metadata(self._table(table)))
            case "GET", ["tables", table, "defaultselection"]:
                return json_reply({"language": "sv", "selection": _default(self._table(table))})
            case _, ["tables", table, "data"]:
                return self._data(self._table(table), _selection_of(request))
            case "GET", ["codelists", codelist]:
                return self._codelist(codelist)
            case "POST", ["savedqueries"]:
                name = str(len(self.saved) + 1)
                self.saved[name] = {**request.json, "id": name}
                return Reply(201, json.dumps(self.saved[name]).encode())
            case "GET", ["savedqueries", name, *what] if name in self.saved:
                saved = self.saved[name]
                if what == ["data"]:
                    return self._data(
                        self._table(saved["tableId"]), saved["selection"]["selection"]
                    )
                return json_reply(saved["selection"] if what == ["selection"] else saved)
        return _problem(404, "Not found")

    def _config(self) -> Reply:
        if self.config_body is not None:
            return Reply(200, self.config_body)
        return json_reply(
            {
                "apiVersion": "2.2.0",
                "defaultLanguage": "sv",
                "maxDataCells": self.max_cells,
                "maxCallsPerTimeWindow": self.max_calls,
                "timeWindow": self.window,
                "defaultDataFormat": "json-stat2",
                "dataFormats": ["json-stat2", "csv", "px"],
            }
        )

    def _table(self, table: str) -> ServedTable2:
        if table not in self.served:
            raise Refused(_problem(404, "Non-existent table"))
        return self.served[table]

    def _tables(self, query: dict[str, list[str]]) -> Reply:
        found = list(self.served.values())
        if words := query.get("query"):
            found = [table for table in found if words[0].lower() in table.title.lower()]
        if days := query.get("pastDays"):
            since = self.now - timedelta(days=int(days[0]))
            found = [table for table in found if datetime.fromisoformat(table.updated) >= since]
        size = int(query.get("pageSize", ["20"])[0])
        number = int(query.get("pageNumber", ["1"])[0])
        pages = max(1, math.ceil(len(found) / size))
        if not 1 <= number <= pages:
            return _problem(404, "Non-existent page")
        page = found[(number - 1) * size : number * size]
        return json_reply(
            {
                "language": "sv",
                "tables": [self._entry(table) for table in page],
                "page": {
                    "pageNumber": number,
                    "pageSize": size,
                    "totalElements": len(found),
                    "totalPages": pages,
                },
            }
        )

    def _entry(self, table: ServedTable2) -> dict[str, Any]:
        periods = table.variables[table.time]
        return {
            "id": table.id,
            "label": table.title,
            "updated": table.updated,
            "firstPeriod": periods[0],
            "lastPeriod": periods[-1],
            "variableNames": list(table.variables),
        }

    def _metadata(self, table: ServedTable2) -> dict[str, Any]:
        document = _dataset(table, table.variables)
        document["value"] = []
        for code, dimension in document["dimension"].items():
            if code == table.metric:
                dimension["category"]["unit"] = {
                    value: {"base": table.units[value], "decimals": 0}
                    for value in table.variables[code]
                    if value in table.units
                }
            dimension["extension"] = {
                "elimination": code in table.elimination,
                "codeLists" if self.old_spelling else "codelists": [
                    {"id": name, "label": f"{name} text", "type": _kind(name)}
                    for name in table.codelists.get(code, ())
                ],
            }
        return document

    def _codelist(self, codelist: str) -> Reply:
        if codelist not in self.codelists:
            return _problem(404, "Non-existent codelist")
        return json_reply(
            {
                "id": codelist,
                "label": f"{codelist} text",
                "language": "sv",
                "languages": ["sv"],
                "type": _kind(codelist),
                "values": [
                    {"code": code, "label": f"{code} text", "valueMap": members}
                    for code, members in self.codelists[codelist].items()
                ],
            }
        )

    def _data(self, table: ServedTable2, asked: list[dict[str, Any]]) -> Reply:
        chosen = {part["variableCode"]: part for part in asked or _default(table)}
        if not set(chosen) <= set(table.variables):
            return _problem(400, "Non-existent variable")
        selection: dict[str, list[str]] = {}
        members: dict[str, dict[str, list[str]]] = {}
        for code, values in table.variables.items():
            wanted = chosen.get(code, {}).get("valueCodes", [])
            if wanted:
                known = self._known(table, code, chosen[code].get("codelist"))
                selection[code] = _expanded(wanted, list(known), code == table.time)
                members[code] = known
            elif code in table.elimination:
                members[code] = {"": values}
            else:
                return _problem(400, "Missing selection for mandatory variable")
        if math.prod(len(values) for values in selection.values()) > self.max_cells:
            if self.too_many == "reference":
                return _problem(400, "Too many cells selected")
            return _problem(403, "Forbidden", detail="The number of cells exceeds the limit")
        self.queries.append(selection)
        document = _dataset(table, selection)
        eliminated = [code for code in table.variables if code not in selection]

        def cell(codes: Sequence[str]) -> float:
            held = dict(zip(selection, codes, strict=True))
            behind = [
                members[code][""] if code in eliminated else members[code][held[code]]
                for code in table.variables
            ]
            return sum(
                table.value(dict(zip(table.variables, combination, strict=True)))
                for combination in itertools.product(*behind)
            )

        document["value"] = [cell(codes) for codes in itertools.product(*selection.values())]
        return Reply(200, json.dumps(document).encode(), carries_data=True)

    def _known(self, table: ServedTable2, code: str, codelist: str | None) -> dict[str, list[str]]:
        if codelist is None:
            return {value: [value] for value in table.variables[code]}
        if codelist not in table.codelists.get(code, ()):
            raise Refused(_problem(400, "Non-existent codelist"))
        return self.codelists[codelist]


def _kind(codelist: str) -> str:
    return "Aggregation" if codelist.startswith("agg_") else "Valueset"


def _problem(
    status: int, title: str, headers: Mapping[str, str] | None = None, detail: str = ""
) -> Reply:
    body = {"type": "Parameter error", "title": title, "status": status, "detail": detail or title}
    return Reply(status, json.dumps(body).encode(), "application/problem+json", dict(headers or {}))


def _default(table: ServedTable2) -> list[dict[str, Any]]:
    """The first value of each variable, the last period, everything that is measured."""
    chosen = {code: values[:1] for code, values in table.variables.items()}
    chosen |= {table.time: table.variables[table.time][-1:]}
    chosen |= {table.metric: table.variables[table.metric]}
    return [{"variableCode": code, "valueCodes": values} for code, values in chosen.items()]


def _selection_of(request: Request) -> list[dict[str, Any]]:
    if request.method == "POST":
        try:
            return list(request.json.get("selection", [])) if request.body else []
        except (ValueError, AttributeError):
            raise Refused(_problem(400, "Illegal selection")) from None
    chosen: dict[str, dict[str, Any]] = {}
    for name, (value, *_) in request.query.items():
        if found := re.fullmatch(r"(valuecodes|codelist)\[(.+)\]", name, re.IGNORECASE):
            part = chosen.setdefault(found[2], {"variableCode": found[2], "valueCodes": []})
            # A comma inside the parentheses of an expression does not separate.
            if found[1].lower() == "valuecodes":
                part["valueCodes"] = re.split(r",(?![^(]*\))", value)
            else:
                part["codelist"] = value
    return list(chosen.values())


def _expanded(asked: Sequence[str], known: list[str], is_time: bool) -> list[str]:
    """The values that codes and expressions stand for, in the table's order."""
    found: set[str] = set()
    for text in asked:
        if text in known:
            found.add(text)
        elif expression := re.fullmatch(r"(\w+)\(([^)]*)\)", text):
            found.update(
                _expression(expression[1].upper(), expression[2].split(","), known, is_time)
            )
        elif "*" in text or "?" in text:
            found.update(fnmatch.filter(known, text))
        else:
            raise Refused(_problem(400, "Non-existent value"))
    if not found:
        raise Refused(_problem(400, "Non-existent value"))
    return [value for value in known if value in found]


def _expression(name: str, given: list[str], known: list[str], is_time: bool) -> list[str]:
    try:
        if name in ("TOP", "BOTTOM"):
            count, offset = int(given[0]), int(given[1]) if len(given) > 1 else 0
            # The newest periods are on top.
            ordered = known[::-1] if is_time == (name == "TOP") else known
            return ordered[offset : offset + count]
        first = known.index(given[0]) if name in ("FROM", "RANGE") else 0
        last = known.index(given[-1]) if name in ("TO", "RANGE") else len(known) - 1
    except (ValueError, IndexError):
        raise Refused(_problem(400, "Illegal selection expression")) from None
    if name not in ("FROM", "TO", "RANGE"):
        raise Refused(_problem(400, "Illegal selection expression"))
    return known[first : last + 1]


def _dataset(table: ServedTable2, selection: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.title,
        "updated": table.updated,
        "role": {
            role: [code]
            for role, code in (("time", table.time), ("metric", table.metric))
            if code in selection
        },
        "id": list(selection),
        "size": [len(values) for values in selection.values()],
        "dimension": {
            code: {
                "label": code.lower(),
                "category": {
                    "index": {value: n for n, value in enumerate(values)},
                    "label": {value: f"{value} text" for value in values},
                },
            }
            for code, values in selection.items()
        },
    }
