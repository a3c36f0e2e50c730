"""PRH's open data of the business register (YTJ, version 3): companies, page by page.

How the service behaves, by its own specification: `totalResults` and at most 100 companies an
answer; a page past the last one is answered with the *first* page; both days of a span of
registration dates are included, and a company without such a date is in no span; `location` is
a postal town, not a municipality. Nothing can be asked by end date or by day of change. About
300 calls a minute are shared by all users, so our share is a modest part of them.

The list may shift between two pages. The pages of a window are therefore accepted only when all
report the same total and hold that many different companies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

import httpx
import orjson

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller

BASE_URL = "https://avoindata.prh.fi/opendata-ytj-api/v3"
CALLS_A_MINUTE = 60
"""Our share of the 300 that all users of the service have together."""
MAX_COMPANIES = 10_000
"""Of one planned window: a hundred pages."""
LARGEST_WINDOW = 100_000
"""Companies; no window that was planned comes near, not even a single day."""
_BOM = b"\xef\xbb\xbf"
_TRIES = 2
#: Months of the spans that a plan tries in turn: a century, a decade, a year, a quarter, a month.
_SPANS = (1200, 120, 12, 3, 1)


class Window(NamedTuple):
    """Companies by day of registration, from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """`2025-01-01_2025-01-31`: the same window has the same name in every run."""
        return f"{self.first.isoformat()}_{self.last.isoformat()}"


class Page(NamedTuple):
    """One answer of a window, byte for byte; names sort in the order of the pages."""

    name: str
    content: bytes


class PageStore(Protocol):
    """Keeps the pages of an unfinished fetch, so that it can be resumed."""

    def get(self, key: str) -> bytes | None:
        """The content of a key; None where it has none."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Store a content under a key; an earlier content is replaced."""
        ...


class _Listing(NamedTuple):
    """One page: the total number of companies of the query, and the companies on the page."""

    total: int
    companies: list[Any]

    @property
    def ids(self) -> set[Any]:
        """Identity of a company: its id, or its whole content where it has none."""
        return {_id_of(company) or _canonical(company) for company in self.companies}


@dataclass(frozen=True)
class Prh:
    """The business register as a service.

    Attributes:
        caller: how calls are made; the first call sets its limiter to `calls_a_minute`.
        base_url: address of the API.
        calls_a_minute: this deployment's share of what all users have together.
    """

    caller: Caller
    base_url: str = BASE_URL
    calls_a_minute: int = CALLS_A_MINUTE

    def url(self, window: Window) -> str:
        """Address of a window's first page."""
        return str(httpx.URL(self._companies, params=_span(*window)))

    def count(
        self,
        registered_from: date | None = None,
        registered_to: date | None = None,
        location: str | None = None,
    ) -> int:
        """How many companies there are, in one call.

        Args:
            registered_from: first day of registration; without days, companies that have none
                count too.
            registered_to: last day of registration, included.
            location: a postal town as the register writes it.

        Raises:
            SourceUnavailable: no usable answer.
        """
        asked = _span(registered_from, registered_to)
        if location is not None:
            asked["location"] = location
        return self._ask(asked)[1].total

    def pages(self, window: Window, store: PageStore | None = None) -> Iterator[Page]:
        """Every page of a window, once all of them are there and fit together.

        A list that shifted is fetched again once. Pages in the store are not asked for again,
        whatever their age: the store is one fetch's, and cleared when its pages are taken in.

        Args:
            window: what to fetch; see `plan_windows`.
            store: keeps pages while the fetch goes on; without one they are held in memory.

        Raises:
            SourceUnavailable: no usable answer, or the list shifted again.
        """
        kept = _Held() if store is None else store
        for name in self._settled(window, kept):
            content = kept.get(name)
            if content is None:
                raise SourceUnavailable(
                    f"The stored page {name} of the business register has gone while it was in "
                    "use; run again."
                )
            yield Page(name, content)

    def edition(self, window: Window) -> str | None:
        """A text that is equal as long as the window's companies are, from one call.

        None where the window has more than one page: an end date added on another page changes
        neither the total nor the first page, and the service has no search by day of change. Such
        a window is fetched, and its content shows whether it is new.

        Raises:
            SourceUnavailable: no usable answer.
        """
        listing = self._ask(_span(*window))[1]
        if len(listing.companies) != listing.total:
            return None
        # The service does not promise an order of the list.
        return hashlib.sha256(b"\n".join(sorted(map(_canonical, listing.companies)))).hexdigest()

    @property
    def _companies(self) -> str:
        return f"{self.base_url.rstrip('/')}/companies"

    def _ask(self, params: dict[str, str]) -> tuple[bytes, _Listing]:
        limiter = self.caller.limiter
        if (limiter.max_calls, limiter.window_seconds) != (self.calls_a_minute, 60.0):
            # No endpoint returns the rate limit.
            limiter.configure(self.calls_a_minute, 60.0)
        answer = self.caller.call("GET", self._companies, params=params, explain=_explain)
        return answer.content, _listing(answer.json, answer.url)

    def _settled(self, window: Window, store: PageStore) -> list[str]:
        """Names of the window's pages, once all are stored and consistent."""
        tries, resume = 0, True
        while True:
            names, was_resumed, problem = self._list(window, store, resume)
            if problem is None:
                return names
            resume = False
            # Stored pages of an earlier day may be inconsistent although today's list is not.
            tries += not was_resumed
            if tries == _TRIES:
                raise SourceUnavailable(
                    f"The companies registered from {window.first} to {window.last} could not be "
                    f"listed at {self.url(window)}: the list shifted {_TRIES} times while its "
                    f"pages were fetched ({problem}). Nothing of it is taken in; run again later."
                )

    def _list(
        self, window: Window, store: PageStore, resume: bool
    ) -> tuple[list[str], bool, str | None]:
        """Fetch the pages that the store lacks.

        Returns the page names, whether some were stored already, and what is inconsistent.
        """
        names: list[str] = []
        seen: set[Any] = set()
        was_resumed = False
        total = full = 0
        while True:
            number = len(names) + 1
            name = f"companies_{window.name}_{number:04}.json"
            stored = store.get(name) if resume else None
            listing = _readable(stored)
            if listing is None:
                content, listing = self._ask({**_span(*window), "page": str(number)})
                store.put(name, content)
            else:
                was_resumed = True
            names.append(name)
            if number == 1:
                total, full = listing.total, len(listing.companies)
                if total > LARGEST_WINDOW:
                    raise SourceUnavailable(
                        f"{self.url(window)} announces {total} companies, more than are fetched "
                        f"as one window ({LARGEST_WINDOW}); plan smaller windows."
                    )
            elif listing.total != total:
                return names, was_resumed, f"{total} companies became {listing.total}"
            new = listing.ids - seen
            seen |= new
            # A page that is not full is the last one, or the first one served again.
            if len(seen) >= total or len(new) < full or not new:
                break
        if len(seen) != total:
            return names, was_resumed, f"{total} companies were announced, {len(seen)} came"
        return names, was_resumed, None


def plan_windows(
    first: date,
    last: date,
    total_of: Callable[[date, date], int],
    max_companies: int = MAX_COMPANIES,
) -> list[Window]:
    """Windows in order of time that together hold every company registered in a span of days.

    Spans follow the calendar (century, decade, year, quarter, month, day) and become shorter
    only where one holds too much, so that a window is called the same in the next run. Spans
    without companies are left out; a single day is never cut.

    Args:
        first: first day of registration.
        last: last day of registration, included.
        total_of: how many companies were registered between two days, both included, such as
            `Prh.count`; asked once a span.
        max_companies: most that a window may hold, save for a single day.

    Raises:
        ValueError: `last` lies before `first`, or `max_companies` is below 1.
    """
    if last < first or max_companies < 1:
        raise ValueError("a plan needs days in order and room for a company")

    def cut(window: Window, spans: tuple[int, ...]) -> Iterator[Window]:
        total = total_of(*window)
        if total == 0:
            return
        if total <= max_companies or window.first == window.last:
            yield window
            return
        parts = [window]
        while parts == [window]:  # a span within one month does not become smaller by quarters
            parts = list(_by_calendar(window, spans[0]) if spans else _by_day(window))
            spans = spans[1:]
        for part in parts:
            yield from cut(part, spans)

    return list(cut(Window(first, last), _SPANS))


def _by_calendar(window: Window, months: int) -> Iterator[Window]:
    start = window.first
    while start <= window.last:
        year, month = divmod(((start.year * 12 + start.month - 1) // months + 1) * months, 12)
        # The span after the last year of the calendar cannot be written as a date.
        end = window.last if year > window.last.year else date(year, month + 1, 1) - _DAY
        yield Window(start, min(end, window.last))
        if end >= window.last:
            return
        start = end + _DAY


def _by_day(window: Window) -> Iterator[Window]:
    for offset in range((window.last - window.first).days + 1):
        day = window.first + offset * _DAY
        yield Window(day, day)


_DAY = timedelta(days=1)


class _Held:
    """Pages in memory."""

    def __init__(self) -> None:
        self._pages: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._pages.get(key)

    def put(self, key: str, content: bytes) -> None:
        self._pages[key] = content


def _span(first: date | None, last: date | None) -> dict[str, str]:
    asked = {"registrationDateStart": first, "registrationDateEnd": last}
    return {name: day.isoformat() for name, day in asked.items() if day is not None}


def _listing(given: Any, url: str) -> _Listing:
    total = given.get("totalResults") if isinstance(given, dict) else None
    companies = given.get("companies") if isinstance(given, dict) else None
    if type(total) is not int or total < 0 or not isinstance(companies, list):
        raise SourceUnavailable(
            f"The answer of {url} is no list of companies: it has no usable 'totalResults' and "
            "'companies'. The service may have changed; compare with its specification."
        )
    return _Listing(total, companies)


def _readable(stored: bytes | None) -> _Listing | None:
    """A stored page; None where it is absent or damaged."""
    if stored is None:
        return None
    try:
        return _listing(orjson.loads(stored.removeprefix(_BOM)), "a stored page")
    except (orjson.JSONDecodeError, SourceUnavailable):
        return None


def _id_of(company: Any) -> str | None:
    found = company.get("businessId") if isinstance(company, dict) else None
    value = found.get("value") if isinstance(found, dict) else None
    return value if isinstance(value, str) else None


def _canonical(company: Any) -> bytes:
    return orjson.dumps(company, option=orjson.OPT_SORT_KEYS)


def _explain(answer: Answer) -> str | None:
    if answer.status == 400:
        return (
            f"{answer.url} calls the request wrong (400): {answer.excerpt} The service may have "
            "changed its parameters; compare with its specification."
        )
    return None
