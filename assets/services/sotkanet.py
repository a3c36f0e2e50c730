"""Sotkanet, the indicator bank of the Finnish institute for health and welfare (THL).

How the service behaves (REST version 1.1): years and genders are repeated parameters, a list
separated by commas is rejected; observations carry internal region ids, which the list of regions
translates; years without data are simply not in the answer; an indicator's metadata say when its
data last changed (`data-updated`). Clients without a User-Agent are rejected with 403.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assets.errors import SourceUnavailable
from assets.formats.sotkanet import read_regions
from assets.services.http import Answer, Caller, PassingProblem
from assets.vocabulary import UnreadableDelivery

GENDERS = ("male", "female", "total")
"""What the service knows as gender."""


@dataclass(frozen=True)
class Indicator:
    """An indicator as the service describes it.

    Attributes:
        id: its number.
        title: its name, in the language asked for.
        updated: when its data last changed, as written; None where it is not said.
        years: first and last year with data; None where it is not said.
        decimals: digits behind the point of the primary value; None where it is not said.
        value_type: what the primary value is, in words (a percentage, per 1,000 inhabitants);
            None where it is not said.
    """

    id: int
    title: str
    updated: str | None
    years: tuple[int, int] | None
    decimals: int | None
    value_type: str | None


@dataclass(frozen=True)
class Sotkanet:
    """The Sotkanet service.

    Attributes:
        caller: how calls are made.
        base_url: address of the service with its version.
        language: language of names: fi, sv or en.
    """

    caller: Caller
    base_url: str = "https://sotkanet.fi/rest/1.1"
    language: str = "fi"

    def indicator_url(self, indicator: int) -> str:
        """Address of an indicator's metadata."""
        return self._url(f"indicators/{indicator}")

    def indicator(self, indicator: int) -> Indicator:
        """Metadata of an indicator, in one light call.

        Raises:
            SourceUnavailable: no usable answer.
        """
        url = self.indicator_url(indicator)
        raw = self.caller.call("GET", url, explain=_explain).json
        if not isinstance(raw, dict) or str(raw.get("id")) != str(indicator):
            raise SourceUnavailable(
                f"The answer of {url} does not describe indicator {indicator}. Check the "
                "indicator's number in the source description."
            )
        years = raw.get("range")
        first = _whole(years.get("start")) if isinstance(years, dict) else None
        last = _whole(years.get("end")) if isinstance(years, dict) else None
        kind = raw.get("primaryValueType")
        updated = raw.get("data-updated")
        return Indicator(
            id=indicator,
            title=self._name(raw.get("title")) or str(indicator),
            updated=updated if isinstance(updated, str) else None,
            years=(first, last) if first and last and first <= last <= 9999 else None,
            decimals=_whole(raw.get("decimals")),
            value_type=self._name(kind.get("title")) if isinstance(kind, dict) else None,
        )

    def edition(self, indicator: int) -> str | None:
        """The `data-updated` of an indicator, in one light call; None where it is not said.

        Two equal texts mean unchanged data.

        Raises:
            SourceUnavailable: no usable answer.
        """
        return self.indicator(indicator).updated

    def regions(self) -> Answer:
        """The list of regions, untouched; `read_regions` says what it holds.

        Raises:
            SourceUnavailable: no usable answer, or an empty list.
        """
        return self.caller.call(
            "GET", self._url("regions"), verify=_verify_regions, explain=_explain
        )

    def csv(
        self, indicator: int, years: Sequence[int], genders: Sequence[str] = ("total",)
    ) -> Answer:
        """The observations of all regions in one answer, as CSV.

        A header without rows is a good answer: there are no data for those years.

        Raises:
            SourceUnavailable: no usable answer, or nothing was asked for.
        """
        unknown = [gender for gender in genders if gender not in GENDERS]
        if not years or not genders or unknown:
            raise SourceUnavailable(
                f"Nothing can be asked of {self._url('csv')}: it takes at least one year and at "
                f"least one of {', '.join(GENDERS)}; given were {len(years)} years and "
                f"{', '.join(genders) or 'no gender'}. Correct the source description."
            )
        params: dict[str, str | list[str]] = {
            "indicator": str(indicator),
            "years": [str(year) for year in years],
            "genders": list(genders),
        }
        return self.caller.call(
            "GET", self._url("csv"), params=params, expect=(), verify=_verify_csv, explain=_explain
        )

    def csv_parts(
        self,
        indicator: int,
        years: Sequence[int],
        genders: Sequence[str] = ("total",),
        years_at_once: int = 10,
    ) -> Iterator[Answer]:
        """As `csv`, in calls of at most `years_at_once` years, in the order given.

        Every year is in exactly one answer. Each call is made when the iteration reaches it, so
        an answer can be stored before the next call.

        Raises:
            SourceUnavailable: as `csv`.
            ValueError: `years_at_once` below 1.
        """
        if years_at_once < 1:
            raise ValueError("years_at_once must be at least 1")
        wanted = list(dict.fromkeys(years))
        for start in range(0, len(wanted), years_at_once):
            yield self.csv(indicator, wanted[start : start + years_at_once], genders)

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"

    def _name(self, title: Any) -> str | None:
        """A name in the client's language, or in any other."""
        if not isinstance(title, dict):
            return None
        for key in (self.language, "fi", *title):
            name = title.get(key)
            if isinstance(name, str) and name.strip():
                return name.strip()
        return None


def _verify_regions(answer: Answer) -> None:
    try:
        regions = read_regions(answer.content)
    except UnreadableDelivery as problem:
        raise SourceUnavailable(f"The answer of {answer.url} is of no use. {problem}") from None
    if not regions:
        raise SourceUnavailable(
            f"The list of regions at {answer.url} is empty; no observation could be placed."
        )


def _verify_csv(answer: Answer) -> None:
    """Reject an answer that is not a table of observations, or ends within a line."""
    head = answer.content[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise PassingProblem("the answer was empty; not even a header was there")
    header = re.split(rb"[\r\n]", head, maxsplit=1)[0].lower()
    if b"region" not in header or b"year" not in header or b";" not in header:
        raise SourceUnavailable(
            f"{answer.url} answered with {answer.kind or 'no content type'} that is no CSV of "
            f"observations: {answer.excerpt}"
        )
    lines = answer.content.rstrip().splitlines()
    # HTTP detects a truncated body, except where the end of the connection ends the body.
    has_end = {"content-length", "transfer-encoding", "content-encoding"} & set(answer.headers)
    is_open = not has_end and not answer.content.endswith((b"\n", b"\r"))
    if is_open or lines[-1].count(b";") != header.count(b";"):
        raise PassingProblem(
            f"the answer was cut short in line {len(lines)} ({len(answer.content)} bytes)"
        )


def _explain(answer: Answer) -> str | None:
    if answer.status == 403:
        return (
            f"{answer.url} refused the call (403): {answer.excerpt} The service turns away "
            "programs whose User-Agent it does not like, and addresses that call too much."
        )
    if answer.status == 400:
        return (
            f"{answer.url} calls the request wrong (400): {answer.excerpt} Check the indicator's "
            "number, its years and genders in the source description."
        )
    if answer.status == 404:
        return (
            f"{answer.url} does not exist (404). Check the indicator's number in the source "
            "description against the service's own list of indicators."
        )
    return None


def _whole(raw: Any) -> int | None:
    """A whole number from 0, also written as text; None for anything else."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= 9:
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None
