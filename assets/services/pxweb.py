"""PxWeb v1: Statistics Finland's StatFin and most Nordic offices.

How the service behaves: table ids and variable codes change, so both are read at run time; too
many cells is 403 with a web page, a bad request 400 with plain text; a variable that is left
out of a query is summed away where its `elimination` is true and otherwise returned whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller
from assets.services.tables import (
    Codelists,
    Entry,
    Limits,
    Metadata,
    Selection,
    Variable,
    expect_selected,
    read_limits,
    require_values,
)


@dataclass(frozen=True)
class PxWeb:
    """A PxWeb v1 service.

    Attributes:
        caller: how calls are made.
        base_url: address of the API without language and table.
        language: language of labels; codes do not depend on it.
    """

    caller: Caller
    base_url: str
    language: str = "fi"

    def url(self, table: str) -> str:
        """Address of a table: GET its metadata, POST a query."""
        return f"{self.base_url.rstrip('/')}/{self.language}/{table.lstrip('/')}"

    def limits(self) -> Limits:
        """The service's limits (`?config`); the limiter adopts them.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self.url("?config")
        limits = read_limits(self.caller.get_json(url), ("maxCells", "maxCalls", "timeWindow"), url)
        self.caller.limiter.configure(limits.max_calls, limits.window_seconds)
        return limits

    def tables(self, folder: str = "") -> list[Entry]:
        """What a folder lists: its folders and tables; an entry's `id` is a path as in `metadata`.

        `updated` of an entry has no zone and is reset for many tables at once: not a release date.

        Raises:
            SourceUnavailable: no usable answer.
        """
        folder = folder.strip("/")
        url = self.url(f"{folder}/" if folder else "")
        listed = self.caller.call("GET", url, explain=_explain).json
        if not isinstance(listed, list):
            raise SourceUnavailable(
                f"The answer of {url} is no list of tables. Check the folder's path."
            )
        entries = []
        for entry in listed:
            # The root lists databases, which have a `dbid` instead.
            code = (entry.get("id") or entry.get("dbid")) if isinstance(entry, dict) else None
            if not isinstance(code, str):
                raise SourceUnavailable(f"The list of tables at {url} has an entry without an id.")
            if entry.get("type") == "h":
                continue  # a heading between entries, not a folder or table
            entries.append(
                Entry(
                    id=f"{folder}/{code}" if folder else code,
                    title=str(entry.get("text", code)),
                    is_folder=entry.get("type") != "t",
                    updated=_text(entry.get("updated")),
                )
            )
        return entries

    def metadata(self, table: str) -> Metadata:
        """Title, variables and value codes of a table.

        Raises:
            SourceUnavailable: no usable answer, or a variable whose values are not listed.
        """
        url = self.url(table)
        raw = self.caller.call("GET", url, explain=_explain).json
        listed = raw.get("variables") if isinstance(raw, dict) else None
        if not isinstance(listed, list) or not listed:
            raise SourceUnavailable(
                f"The answer of {url} is no table metadata: it lists no variables. Check the "
                "table's id in the source description."
            )
        return Metadata(
            title=_text(raw.get("title")) or table,
            variables=tuple(_variable(entry, url) for entry in listed),
        )

    def data(self, table: str, selection: Selection, codelists: Codelists | None = None) -> Answer:
        """One answer in JSON-stat 2 with the cells that were asked for.

        Args:
            table: path of the table.
            selection: what is asked for; at least one value of each variable in it.
            codelists: `agg:…` or `vs:…` for variables whose values are codes of such a list.

        Raises:
            SourceUnavailable: no usable answer, or one of other cells than were asked for.
        """
        url = self.url(table)
        require_values(url, selection)
        filters = codelists or {}
        query = {
            "query": [
                {
                    "code": code,
                    "selection": {"filter": filters.get(code, "item"), "values": list(values)},
                }
                for code, values in selection.items()
            ],
            "response": {"format": "json-stat2"},
        }
        answer = self.caller.call("POST", url, body=query, explain=_explain)
        expect_selected(answer, selection)
        return answer

    def edition(self, table: str, probe: Selection) -> str | None:
        """The `updated` of the newest edition, from an answer of one cell.

        The table list has `updated` too, but the office resets it for many tables at once.
        """
        return _text(self.data(table, probe).json.get("updated"))


def _variable(entry: Any, url: str) -> Variable:
    code = entry.get("code") if isinstance(entry, dict) else None
    if not isinstance(code, str):
        raise SourceUnavailable(f"The metadata at {url} has a variable without a code.")
    values = entry.get("values")
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        # The service omits the list above maxValues.
        raise SourceUnavailable(
            f"The metadata at {url} does not list the values of variable {code!r}; the request "
            "cannot be planned."
        )
    texts = entry.get("valueTexts")
    given = isinstance(texts, list) and len(texts) == len(values)
    return Variable(
        code=code,
        text=str(entry.get("text", code)),
        values=tuple(values),
        labels=tuple(map(str, texts if given else values)),
        # The service omits flags that are false.
        elimination=entry.get("elimination") is True,
        time=entry.get("time") is True,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _explain(answer: Answer) -> str | None:
    if answer.status == 403 and "html" in answer.kind:
        return (
            f"{answer.url} refused the request with 403 and a web page, which is how the service "
            "says that more cells were asked for than it gives at once. Compare its maxCells "
            "with what was asked."
        )
    if answer.status == 400:
        return (
            f"{answer.url} calls the request wrong (400): {answer.excerpt} Table or variable "
            "codes may have changed; compare the source description with the service's own table "
            "list and metadata."
        )
    return None
