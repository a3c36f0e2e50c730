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
from assets.services.tables import Limits, Metadata, Selection, Variable, cells_of


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
        return f"{self.base_url.rstrip('/')}/{self.language}/{table}"

    def limits(self) -> Limits:
        """The service's own limits (`?config`); the limiter takes them over.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self.url("?config")
        config = self.caller.get_json(url)
        numbers = []
        for key in ("maxCells", "maxCalls", "timeWindow"):
            number = config.get(key) if isinstance(config, dict) else None
            if isinstance(number, bool) or not isinstance(number, int | float) or number < 1:
                raise SourceUnavailable(
                    f"The configuration at {url} has no usable {key!r}: the service's limits are "
                    "not known, so nothing is asked of it."
                )
            numbers.append(number)
        limits = Limits(int(numbers[0]), int(numbers[1]), float(numbers[2]))
        self.caller.limiter.configure(limits.max_calls, limits.window_seconds)
        return limits

    def metadata(self, table: str) -> Metadata:
        """Title, variables and value codes of a table.

        Raises:
            SourceUnavailable: no usable answer, or a variable whose values are withheld.
        """
        url = self.url(table)
        raw = self.caller.call("GET", url, explain=_explain).json
        listed = raw.get("variables") if isinstance(raw, dict) else None
        if not isinstance(listed, list) or not listed:
            raise SourceUnavailable(
                f"The answer of {url} is no table metadata: it lists no variables. Check the "
                "table's id in the source description."
            )
        title = raw.get("title")
        return Metadata(
            title=title if isinstance(title, str) else table,
            variables=tuple(_variable(entry, url) for entry in listed),
        )

    def data(self, table: str, selection: Selection) -> Answer:
        """One answer in JSON-stat 2 with the cells that were asked for.

        Raises:
            SourceUnavailable: no usable answer, or one of another size than was asked for.
        """
        query = {
            "query": [
                {"code": code, "selection": {"filter": "item", "values": list(values)}}
                for code, values in selection.items()
            ],
            "response": {"format": "json-stat2"},
        }
        answer = self.caller.call("POST", self.url(table), body=query, explain=_explain)
        expect_cells(answer, cells_of(selection))
        return answer

    def edition(self, table: str, probe: Selection) -> str | None:
        """The `updated` of the newest edition, from an answer of one cell.

        The table list says `updated` too, but is stamped anew in bulk.
        """
        updated = self.data(table, probe).json.get("updated")
        return updated if isinstance(updated, str) else None


def expect_cells(answer: Answer, asked: int) -> None:
    """Refuse a JSON-stat 2 answer whose size is not the number of cells asked for.

    Raises:
        SourceUnavailable: it is another; a service that fills in a default selection, or drops
            what it does not know, would be taken for the table.
    """
    found = answer.json.get("size") if isinstance(answer.json, dict) else None
    cells: int | None = None
    if isinstance(found, list) and all(isinstance(n, int) for n in found):
        cells = 1
        for n in found:
            cells *= n
    if cells != asked:
        raise SourceUnavailable(
            f"The answer of {answer.url} is not what was asked for: {asked} cells were selected, "
            f"and the answer has the size {str(found)[:80]}. Compare the source description with "
            "the table's metadata."
        )


def _variable(entry: Any, url: str) -> Variable:
    code = entry.get("code") if isinstance(entry, dict) else None
    if not isinstance(code, str):
        raise SourceUnavailable(f"The metadata at {url} has a variable without a code.")
    values = entry.get("values")
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        # The service leaves the list out above maxValues.
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
        elimination=entry.get("elimination") is True,
        time=entry.get("time") is True,
    )


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
