"""Statistics Finland's classifications: the regions of a year, and who belongs where.

How the service behaves: a classification is named by series, version and date
(`kunta_1_20260101`), a correspondence table by two of them with `#` between; items come in one
language at a time; names may carry stray blanks. What is not published is 404 or an empty list.
The maps of a table are requested without the parameters that select contents: in 2026 the service
answered those with 500. Without them it returns addresses that end in the two codes, not items.
Both forms are read.

Elsewhere: which classification stands for which type of region, and what a new year changes
(`assets.reference`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller

_MAP = re.compile(r"/maps/([^/]+)/([^/]+)$")
_TABLE = re.compile(r"/correspondenceTables/([^/#]+)#([^/#]+)$")


class NotPublishedYet(SourceUnavailable):
    """The classification or table is not published, or not yet."""


@dataclass(frozen=True)
class Item:
    """One class of a classification.

    Attributes:
        code: as written, leading zeros included.
        name: in the language asked for, without stray blanks; "" where there is none.
        level: depth in the classification from 1; None where the service does not give it.
        parent: code of the class above, None at the top.
    """

    code: str
    name: str
    level: int | None
    parent: str | None


@dataclass(frozen=True)
class Classifications:
    """The service of classifications.

    Attributes:
        caller: how calls are made.
        base_url: address of the service with its version.
    """

    caller: Caller
    base_url: str = "https://data.stat.fi/api/classifications/v2"

    def items(self, classification: str, language: str = "fi") -> tuple[Item, ...]:
        """The classes of a classification in the service's order, each code once.

        Args:
            classification: such as `kunta_1_20260101`.
            language: of the names: fi, sv or en.

        Raises:
            NotPublishedYet: there is no such classification, or none in that language.
            SourceUnavailable: no usable answer.
        """
        url = f"classifications/{quote(classification, safe='')}/classificationItems"
        params = {"content": "data", "format": "json", "lang": language, "meta": "max"}
        listed = self._list(url, params, classification)
        items = tuple(_item(entry, language) for entry in listed)
        if any(item is None for item in items) or len({i.code for i in items if i}) != len(items):
            raise _unusable(f"{self._url(url)} lists a class that has no code, or one code twice")
        return tuple(item for item in items if item is not None)

    def correspondence(self, source: str, target: str) -> tuple[tuple[str, str], ...]:
        """The maps of a correspondence table: (source code, target code), each pair once.

        One source code has several targets where it was divided, or where the target
        classification has several levels (NUTS).

        Raises:
            NotPublishedYet: there is no such table.
            SourceUnavailable: no usable answer.
        """
        url = f"correspondenceTables/{quote(f'{source}#{target}', safe='')}/maps"
        listed = self._list(url, {"format": "json"}, f"{source}#{target}")
        pairs = tuple(dict.fromkeys(map(_pair, listed)))
        if None in pairs:
            raise _unusable(f"{self._url(url)} lists a map that does not say its two codes")
        return tuple(pair for pair in pairs if pair is not None)

    def tables(self) -> tuple[tuple[str, str], ...]:
        """The correspondence tables that the service has: (source, target classification).

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = "correspondenceTables"
        listed = self._list(url, {"format": "json"}, "the list of correspondence tables")
        found = [match for entry in listed if (match := _TABLE.search(_address(entry)))]
        if not found:
            raise _unusable(f"{self._url(url)} lists no table between two classifications")
        return tuple((match[1], match[2]) for match in found)

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"

    def _list(self, path: str, params: dict[str, str], what: str) -> list[Any]:
        answer = self.caller.call("GET", self._url(path), params=params, explain=_not_found(what))
        listed = answer.json
        if not isinstance(listed, list):
            raise _unusable(f"{answer.url} answered with something other than a list")
        if not listed:
            raise NotPublishedYet(_words(what, f"{answer.url} answers with an empty list"))
        return listed


def _not_found(what: str) -> Callable[[Answer], str | None]:
    def explain(answer: Answer) -> str | None:
        if answer.status == 404:
            raise NotPublishedYet(_words(what, f"{answer.url} answered 404"))
        return None

    return explain


def _words(what: str, said: str) -> str:
    return (
        f"Statistics Finland has not published {what} yet ({said}). The keys of a year come out "
        "around its first of January; run again later."
    )


def _unusable(what: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"{what}. The service may have changed; nothing was taken from this answer."
    )


def _item(entry: Any, language: str) -> Item | None:
    if not isinstance(entry, dict):
        return None
    code = _code(entry)
    if code is None:
        return None
    return Item(
        code, _name(entry, language), _level(entry.get("level")), _text(entry, "parentCode")
    )


def _pair(entry: Any) -> tuple[str, str] | None:
    """The two codes of a map: the end of its address, or its items where those are given."""
    if isinstance(entry, dict) and "targetItem" in entry:
        source, target = _code(entry.get("sourceItem")), _code(entry["targetItem"])
    elif isinstance(entry, dict) and "targetLocalId" in entry:
        source, target = _tail(entry, "sourceLocalId"), _tail(entry, "targetLocalId")
    else:
        match = _MAP.search(_address(entry))
        return (match[1], match[2]) if match else None
    return (source, target) if source and target else None


def _address(entry: Any) -> str:
    """A listed address without its parameters; "" where the entry is none."""
    if isinstance(entry, dict):
        entry = entry.get("value") or entry.get("url")
    return unquote(entry).split("?")[0].rstrip("/") if isinstance(entry, str) else ""


def _code(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    return _text(item, "code") or _tail(item, "localId")


def _tail(entry: dict[str, Any], key: str) -> str | None:
    """The code in a local id such as `kunta_1_20260101/005`."""
    local_id = _text(entry, key)
    return local_id.rsplit("/", 1)[1] or None if local_id and "/" in local_id else None


def _text(entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _name(entry: dict[str, Any], language: str) -> str:
    names = entry.get("classificationItemNames")
    for name in names if isinstance(names, list) else []:
        if isinstance(name, dict) and name.get("lang", language) == language:
            text = name.get("name")
            if isinstance(text, str):
                return " ".join(text.split())
    return ""


def _level(raw: Any) -> int | None:
    """A level as an integer; the service also writes 3.00, or a text."""
    try:
        number = float(raw)
        return int(number) if number == int(number) else None
    except (TypeError, ValueError, OverflowError):
        return None
