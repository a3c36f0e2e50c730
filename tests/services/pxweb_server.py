"""A PxWeb v1 service on this machine that behaves as the real one is known to.

403 with a web page for too many cells; 400 with plain text for a bad request and for the table
ids of before 8.6.2026; flags of the metadata that are false are left out, and so are the values
above `max_values`; variables that are left out of a query are summed away where they can be.
"""

from __future__ import annotations

import fnmatch
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.services.local_service import Fault, LocalService, Refused, Reply, Request, json_reply

Value = Callable[[dict[str, str]], float | None]
DEFAULT_TABLE = "StatFin/tyonv/12r5.px"
_PREFIX = "/PxWeb/api/v1/"


@dataclass
class ServedTable:
    """One table; its cells are `value(code of each variable)`.

    Attributes:
        path: folders and id, as in `StatFin/tyonv/12r5.px`.
        variables: values of each variable, in order; None where the service withholds them.
        elimination: variables that are summed away when left out.
        codelists: by `agg:…` or `vs:…`, the values of each of its codes.
    """

    path: str
    variables: dict[str, Any]
    elimination: Sequence[str] = ()
    value: Value = lambda codes: float(len("".join(codes.values())))
    title: str = "Table of the test service"
    updated: str = "2026-10-27T06:00:00Z"
    codelists: Mapping[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]


def is_time(code: str) -> bool:
    return code.startswith("timeperiod")


class PxWebServer(LocalService):
    """A service of tables; given `variables`, it begins with one at `DEFAULT_TABLE`.

    Attributes:
        queries: the selections that were answered, by variable code.
        config_body: what `?config` answers instead of the truth.
    """

    def __init__(
        self,
        variables: dict[str, Any] | None = None,
        *,
        max_cells: int = 1000,
        max_values: int = 100_000,
        max_calls: int = 40,
        window: float = 60.0,
        elimination: Sequence[str] = (),
        value: Value | None = None,
    ) -> None:
        self.max_cells, self.max_values = max_cells, max_values
        self.queries: list[dict[str, list[str]]] = []
        self.config_body: bytes | None = None
        self.served: dict[str, ServedTable] = {}
        if variables is not None:
            table = ServedTable(DEFAULT_TABLE, variables, elimination)
            table.value = value or table.value
            self.add(table)
        super().__init__(max_calls=max_calls, window=window)

    @property
    def base_url(self) -> str:
        return self.origin + _PREFIX.rstrip("/")

    @property
    def variables(self) -> dict[str, Any]:
        """Of the first table."""
        return next(iter(self.served.values())).variables

    @property
    def updated(self) -> str:
        """Of the first table."""
        return next(iter(self.served.values())).updated

    @updated.setter
    def updated(self, moment: str) -> None:
        next(iter(self.served.values())).updated = moment

    def add(self, table: ServedTable) -> ServedTable:
        self.served[table.path] = table
        return table

    def answer(self, request: Request) -> Reply:
        _, _, path = request.path.removeprefix(_PREFIX).partition("/")  # after the language
        if request.method == "GET" and "config" in request.query:
            if self.config_body is not None:
                return Reply(200, self.config_body)
            return json_reply(
                {
                    "maxValues": self.max_values,
                    "maxCells": self.max_cells,
                    "maxCalls": self.max_calls,
                    "timeWindow": self.window,
                    "CORS": True,
                }
            )
        table = self.served.get(path)
        if table is None:
            return self._folder(path.strip("/"))
        return self._data(table, request) if request.method == "POST" else self._metadata(table)

    def after(self, fault: Fault) -> None:
        for table in self.served.values():
            if fault == "updated":  # the office publishes right after this answer
                year = int(table.updated[:4]) + 1
                table.updated = f"{year}{table.updated[4:]}"
            elif fault == "recoded":  # its codes get a prefix
                table.variables = {
                    code: [f"new-{value}" for value in values]
                    for code, values in table.variables.items()
                }

    def _folder(self, folder: str) -> Reply:
        inside = {p.removeprefix(f"{folder}/" if folder else ""): t for p, t in self.served.items()
                  if not folder or p.startswith(f"{folder}/")}  # fmt: skip
        if not inside:
            return _bad()  # an old table id, too
        listed: dict[str, dict[str, Any]] = {}
        for rest, table in inside.items():
            step, _, below = rest.partition("/")
            if not folder:
                listed[step] = {"dbid": step, "text": step}
            elif below:
                listed[step] = {"id": step, "type": "l", "text": step}
            else:
                listed[step] = {
                    "id": step,
                    "type": "t",
                    "text": f"{table.id.removesuffix('.px')} -- {table.title}",
                    # Not the release: all tables are stamped anew together, without a zone.
                    "updated": "2026-11-01T21:04:30",
                }
        return json_reply(list(listed.values()))

    def _metadata(self, table: ServedTable) -> Reply:
        listed = []
        for code, values in table.variables.items():
            withheld = values is None or len(values) > self.max_values
            entry: dict[str, Any] = {"code": code, "text": code}
            entry["values"] = None if withheld else values
            entry["valueTexts"] = None if withheld else [f"{value} text" for value in values]
            if code in table.elimination:
                entry["elimination"] = True
            if is_time(code):
                entry["time"] = True
            listed.append(entry)
        return json_reply({"title": table.title, "variables": listed})

    def _data(self, table: ServedTable, request: Request) -> Reply:
        try:
            query = request.json
            asked = {part["code"]: part["selection"] for part in query["query"]}
            sound = query["response"]["format"] == "json-stat2"
        except (ValueError, KeyError, TypeError):
            return _bad()
        if not sound or not set(asked) <= set(table.variables):
            return _bad()
        selection: dict[str, list[str]] = {}
        members: dict[str, dict[str, list[str]]] = {}
        for code, values in table.variables.items():
            if code in asked:
                selection[code], members[code] = _chosen(table, code, asked[code])
            elif code in table.elimination:
                members[code] = {"": values}
            else:
                selection[code] = values
                members[code] = {value: [value] for value in values}
        if math.prod(len(values) for values in selection.values()) > self.max_cells:
            page = b"<html><head><title>403</title></head><body>Forbidden</body></html>"
            return Reply(403, page, "text/html")
        self.queries.append({code: selection[code] for code in asked})
        return json_reply(_dataset(table, selection, members), carries_data=True)


def _bad(text: str = "Parameter error") -> Reply:
    return Reply(400, text.encode(), "text/plain")


def _chosen(
    table: ServedTable, code: str, selection: Any
) -> tuple[list[str], dict[str, list[str]]]:
    """The codes of the answer, in the table's order, and the values behind each."""
    try:
        kind, asked, served = selection["filter"], selection["values"], table.variables[code]
        lists = table.codelists[kind] if kind.startswith(("agg:", "vs:")) else None
    except (KeyError, TypeError, AttributeError):
        raise Refused(_bad()) from None
    known = lists if lists is not None else {value: [value] for value in served}
    match kind:
        case "all":
            found = [v for v in served if any(fnmatch.fnmatchcase(v, p) for p in asked)]
        case "top" if str(asked[0]).isdigit():
            number = int(asked[0])
            found = served[-number:] if is_time(code) else served[:number]
        case _ if kind == "item" or lists is not None:
            found = [value for value in known if value in asked]
            if set(asked) - set(found):
                raise Refused(_bad(f"The variable {code} is wrong"))
        case _:
            raise Refused(_bad())
    if not found:
        raise Refused(_bad())
    return found, {value: known[value] for value in found}


def _dataset(
    table: ServedTable, selection: dict[str, list[str]], members: dict[str, dict[str, list[str]]]
) -> dict[str, Any]:
    def cell(codes: Sequence[str]) -> float | None:
        chosen = iter(codes)
        behind = [
            members[code][next(chosen) if code in selection else ""] for code in table.variables
        ]
        found = [
            table.value(dict(zip(table.variables, combination, strict=True)))
            for combination in itertools.product(*behind)
        ]
        return found[0] if len(found) == 1 else sum(value or 0 for value in found)

    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.title,
        "updated": table.updated,
        "id": list(selection),
        "size": [len(values) for values in selection.values()],
        "dimension": {
            code: {
                "label": code,
                "category": {"index": {value: n for n, value in enumerate(values)}},
            }
            for code, values in selection.items()
        },
        "value": [cell(codes) for codes in itertools.product(*selection.values())],
    }
