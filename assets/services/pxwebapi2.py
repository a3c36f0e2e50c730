"""PxWebApi 2: Statistics Sweden and others.

How the service behaves: tables have ids without folders; metadata and data are JSON-stat 2, and
what JSON-stat has no words for stands in `extension`; an error is a problem document (RFC 9457);
too many cells is 403 in the specification and 400 in the reference server; `/data` without a
selection silently returns a default selection, so every request has a selection.

Source of the rules: the specification in PxTools/PxApiSpecs and the reference server in
PxTools/PxWebApi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller, PassingProblem
from assets.services.tables import (
    Codelists,
    Entry,
    Limits,
    Metadata,
    Selection,
    Variable,
    categories_of,
    expect_selected,
    read_limits,
    require_values,
)


@dataclass(frozen=True)
class Group:
    """One code of a code list: its name, and the codes of the variable that it stands for."""

    code: str
    label: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Codelist:
    """A code list: an aggregation (codes are sums of their members) or a set of values."""

    id: str
    label: str
    is_aggregation: bool
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class PxWebApi2:
    """A PxWebApi 2 service.

    Attributes:
        caller: how calls are made.
        base_url: address of the API, up to and with its version.
        language: language of labels; codes do not depend on it.
    """

    caller: Caller
    base_url: str
    language: str = "sv"

    def url(self, table: str) -> str:
        """Address of a table."""
        return self._at("tables", table)

    def limits(self) -> Limits:
        """The service's limits (`/config`); the limiter adopts them.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self._at("config")
        limits = read_limits(
            self._get(url), ("maxDataCells", "maxCallsPerTimeWindow", "timeWindow"), url
        )
        self.caller.limiter.configure(limits.max_calls, limits.window_seconds)
        return limits

    def tables(
        self, query: str | None = None, past_days: int | None = None, page_size: int = 100
    ) -> Iterator[Entry]:
        """The service's tables; each page is requested when the iteration reaches it.

        Args:
            query: words to search for.
            past_days: only tables that were updated within so many days.
            page_size: tables a call.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self._at("tables")
        asked = {"lang": self.language, "pageSize": str(page_size)}
        if query is not None:
            asked["query"] = query
        if past_days is not None:
            asked["pastDays"] = str(past_days)
        number, pages = 1, 1
        while number <= pages:
            listed = self._get(url, {**asked, "pageNumber": str(number)})
            page = _object(listed.get("page"))
            tables, pages_now = listed.get("tables"), page.get("totalPages")
            # Without this a service that ignores the page number would never end.
            if (
                not isinstance(tables, list)
                or type(pages_now) is not int
                or page.get("pageNumber") != number
            ):
                raise SourceUnavailable(f"The answer of {url} is not page {number} of its tables.")
            pages = pages_now
            for table in tables:
                yield _entry(table, url)
            number += 1

    def table(self, table: str) -> Entry:
        """The entry of one table in the list of tables.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self.url(table)
        return _entry(self._get(url), url)

    def metadata(self, table: str) -> Metadata:
        """Title, variables and value codes of a table, its units and code lists.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self._at("tables", table, "metadata")
        raw = self._get(url)
        ids = raw.get("id")
        if not isinstance(ids, list) or not ids or not all(isinstance(c, str) for c in ids):
            raise SourceUnavailable(
                f"The answer of {url} is no table metadata: it lists no variables. Check the "
                "table's id in the source description."
            )
        times = _object(raw.get("role")).get("time")
        return Metadata(
            title=_text(raw.get("label")) or table,
            variables=tuple(
                _variable(raw, code, isinstance(times, list) and code in times, url) for code in ids
            ),
            updated=_text(raw.get("updated")),
        )

    def data(self, table: str, selection: Selection, codelists: Codelists | None = None) -> Answer:
        """One answer in JSON-stat 2 with the cells that were asked for.

        Args:
            table: id of the table.
            selection: what is asked for; at least one value of each variable in it.
            codelists: `agg_…` or `vs_…` for variables whose values are codes of such a list.

        Raises:
            SourceUnavailable: no usable answer, or one of other cells than were asked for.
        """
        url = self._at("tables", table, "data")
        require_values(url, selection)
        lists = codelists or {}
        chosen = [
            {"variableCode": code, "valueCodes": list(values)}
            | ({"codelist": lists[code]} if code in lists else {})
            for code, values in selection.items()
        ]
        answer = self.caller.call(
            "POST",
            url,
            params={"lang": self.language, "outputFormat": "json-stat2"},
            body={"selection": chosen},
            explain=_explain,
        )
        expect_selected(answer, selection)
        return answer

    def edition(self, table: str, probe: Selection) -> str | None:
        """The `updated` of the newest edition, which the table's own entry says; no data is read.

        Raises:
            SourceUnavailable: no usable answer.
        """
        return self.table(table).updated

    def codelist(self, codelist: str) -> Codelist:
        """A code list, by an id that the metadata name.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self._at("codelists", codelist)
        raw = self._get(url)
        listed = raw.get("values")
        groups = [_group(entry) for entry in listed] if isinstance(listed, list) else []
        if not groups or None in groups:
            raise SourceUnavailable(
                f"The answer of {url} is no code list: it has no usable values."
            )
        return Codelist(
            id=codelist,
            label=_text(raw.get("label")) or codelist,
            is_aggregation=raw.get("type") == "Aggregation",
            groups=tuple(group for group in groups if group),
        )

    def _at(self, *path: str) -> str:
        return "/".join([self.base_url.rstrip("/"), *(quote(step, safe="") for step in path)])

    def _get(self, url: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        asked: dict[str, str | list[str]] = {"lang": self.language, **(params or {})}
        answer = self.caller.call("GET", url, params=asked, explain=_explain).json
        if not isinstance(answer, dict):
            raise SourceUnavailable(f"The answer of {url} is no JSON object, as it should be.")
        return answer


def _entry(raw: Any, url: str) -> Entry:
    table = _object(raw)
    code = table.get("id")
    if not isinstance(code, str):
        raise SourceUnavailable(f"The list of tables at {url} has an entry without an id.")
    return Entry(code, _text(table.get("label")) or code, updated=_text(table.get("updated")))


def _variable(raw: Mapping[str, Any], code: str, time: bool, url: str) -> Variable:
    values = categories_of(raw, code)
    if values is None:
        raise SourceUnavailable(
            f"The metadata at {url} does not list the values of variable {code!r}; the request "
            "cannot be planned."
        )
    dimension = _object(_object(raw.get("dimension")).get(code))
    category, extension = _object(dimension.get("category")), _object(dimension.get("extension"))
    labels = _object(category.get("label"))
    units = {
        value: _object(unit).get("base") for value, unit in _object(category.get("unit")).items()
    }
    # `codeLists` in the specification, `codelists` as Statistics Sweden answers.
    lists = extension.get("codelists", extension.get("codeLists"))
    return Variable(
        code=code,
        text=_text(dimension.get("label")) or code,
        values=values,
        labels=tuple(_text(labels.get(value)) or value for value in values),
        elimination=extension.get("elimination") is True,
        time=time,
        units={value: unit for value, unit in units.items() if isinstance(unit, str)},
        codelists={
            entry["id"]: _text(entry.get("label")) or entry["id"]
            for entry in map(_object, lists if isinstance(lists, list) else [])
            if isinstance(entry.get("id"), str)
        },
    )


def _group(raw: Any) -> Group | None:
    entry = _object(raw)
    code, members = entry.get("code"), entry.get("valueMap")
    if not isinstance(code, str) or not isinstance(members, list):
        return None
    return Group(code, _text(entry.get("label")) or code, tuple(map(str, members)))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _explain(answer: Answer) -> str | None:
    try:
        problem = _object(answer.json)
    except PassingProblem:
        return None
    said = list(dict.fromkeys(str(problem[key]) for key in ("title", "detail") if problem.get(key)))
    words = ": ".join(said)[:300] or "it does not say why"
    too_many = "too many cells" in words.lower()
    if (answer.status == 403 and "problem" in answer.kind) or (answer.status == 400 and too_many):
        return (
            f"{answer.url} refused the request ({answer.status}, {words}): more cells were asked "
            "for than it gives at once. Compare its maxDataCells with what was asked."
        )
    if answer.status == 400:
        return (
            f"{answer.url} calls the request wrong (400): {words}. Variable or value codes may "
            "have changed; compare the source description with the table's metadata."
        )
    if answer.status == 404:
        return (
            f"{answer.url} is not there (404): {words}. Ids may have changed; compare the source "
            "description with the service's own list of tables."
        )
    return None
