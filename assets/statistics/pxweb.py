"""PxWeb v1: asking a statistical office for a table, within its limits.

What belongs here: the limits (`?config`), the table's metadata, the plan of requests, the
limiter that all processes of a deployment share, and the failures worth a second try. What
does not: what the numbers mean (`tables.py`, `cells.py`) and the response format
(`jsonstat.py`).

How the service behaves: too many cells is 403 with a web page, a bad request 400 with plain
text; the limiter is a sliding window per IP address in which refused calls count too, and a
429 asks for a whole window of silence from every process.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NoReturn

import httpx
import orjson
from filelock import FileLock
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from assets.errors import SourceUnavailable
from assets.statistics.tables import TableDescription, matching_variable

Progress = Callable[[int, int, str], None]
"""Called as `progress(done, total, text)` with whole requests for table data."""

_LONGEST_SILENCE = 86_400.0
"""Seconds. A service that asks for more is taken to mean this much."""

USER_AGENT = "Tilannekuva/0.1 (regional foresight indicators)"


@dataclass(frozen=True)
class Limits:
    """What the service allows: cells of one answer, calls within a window of seconds."""

    max_cells: int
    max_calls: int
    window_seconds: float


@dataclass(frozen=True)
class Variable:
    """One variable of a table as the service describes it; `values` are category codes."""

    code: str
    text: str
    values: tuple[str, ...]
    elimination: bool = False
    time: bool = False


@dataclass(frozen=True)
class Selection:
    """What is asked of a table: variable code -> value codes, in the table's order.

    `split` names the variables that requests are split over, first the one to split first.
    """

    values: Mapping[str, tuple[str, ...]]
    split: tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """One answer: raw bytes of JSON-stat, what was asked, and the dataset's own `updated`."""

    body: bytes
    url: str
    selection: Mapping[str, tuple[str, ...]]
    updated: str | None

    @property
    def cells(self) -> int:
        """Number of cells that were asked for."""
        return math.prod(len(values) for values in self.selection.values())


@dataclass(frozen=True)
class Patience:
    """How long to try. Seconds; the wait doubles from `first_wait` to `longest_wait`.

    Attributes:
        attempts: tries of one call that fails for a passing reason.
        deadline: longest time for one answer from first to last byte.
        refusals: 429 answers to one call before giving up.
        max_bytes: longest answer that is taken.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    deadline: float = 300.0
    refusals: int = 3
    max_bytes: int = 512 * 1024 * 1024


def open_client(connect_seconds: float = 10.0, read_seconds: float = 60.0) -> httpx.Client:
    """An HTTP client with time limits; to be closed by whoever opened it."""
    return httpx.Client(
        timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
        headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
    )


class CallLimiter:
    """One call at a time, and no more than allowed within the window, over all processes.

    State is one small file of timestamps per service under `directory`, guarded by a lock
    file, so that every process and thread of a deployment counts together. A call holds the
    lock until its answer is there: calls are serialised on purpose.

    Args:
        directory: where the state lies; made when absent.
        service: name of the service, one state file each.
        max_wait: seconds; a longer silence than this is reported instead of waited out.
        clock: wall clock in seconds, the same for every process.
        sleep: how to wait.
    """

    def __init__(
        self,
        directory: Path,
        service: str = "pxweb",
        *,
        max_wait: float = 900.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9.-]", "_", service)
        self._state = directory / f"{name}.calls.json"
        self._lock = FileLock(directory / f"{name}.lock")
        self._service = service
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        # Until the service has said what it allows: less than any known service does.
        self.max_calls = 10
        self.window_seconds = 60.0

    def configure(self, limits: Limits) -> None:
        """Take over the service's own limits."""
        self.max_calls = limits.max_calls
        self.window_seconds = limits.window_seconds

    @contextmanager
    def call(self) -> Iterator[None]:
        """Wait for a turn, then hold it for the length of the block.

        Raises:
            SourceUnavailable: the turn would come only after `max_wait`.
        """
        with self._lock:
            self._wait()
            calls, silent_until = self._read()
            self._write([*calls, self._clock()], silent_until)
            try:
                yield
            finally:
                # Counted from the end: the service counts from the arrival, which is not later.
                now, silent = self._clock(), self._read()[1]
                self._write([*calls, now], silent)

    def silence(self, seconds: float) -> None:
        """The service refused: no process calls it for that long. Only within `call()`."""
        calls, silent_until = self._read()
        self._write(calls, max(silent_until, self._clock() + seconds))

    def _wait(self) -> None:
        while True:
            calls, silent_until = self._read()
            now = self._clock()
            ready = silent_until
            if len(calls) >= self.max_calls:
                ready = max(ready, sorted(calls)[-self.max_calls] + self.window_seconds)
            if ready <= now:
                return
            if ready - now > self._max_wait:
                raise SourceUnavailable(
                    f"The service {self._service} allows the next call only in "
                    f"{ready - now:.0f} seconds; that is longer than this run waits "
                    f"({self._max_wait:.0f}). Run again later."
                )
            self._sleep(ready - now + 0.001)

    def _read(self) -> tuple[list[float], float]:
        try:
            state = orjson.loads(self._state.read_bytes())
            stamps = [float(stamp) for stamp in state["calls"]]
            silent_until = float(state["silent_until"])
        except (OSError, ValueError, TypeError, KeyError):
            return [], 0.0
        now = self._clock()
        # What lies too far ahead was written before the clock was set back; it must not stop us
        # for ever.
        kept = [stamp for stamp in stamps if now - self.window_seconds < stamp <= now]
        return kept, silent_until if silent_until <= now + _LONGEST_SILENCE else 0.0

    def _write(self, calls: list[float], silent_until: float) -> None:
        fresh = self._state.with_suffix(".new")
        fresh.write_bytes(orjson.dumps({"calls": calls, "silent_until": silent_until}))
        fresh.replace(self._state)


def fetch_limits(
    table: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    patience: Patience = Patience(),
) -> Limits:
    """The service's limits (`?config`); the limiter takes them over.

    Raises:
        SourceUnavailable: no usable answer.
    """
    _, config = _call(client, limiter, patience, "GET", table.config_url)
    limits = []
    for key in ("maxCells", "maxCalls", "timeWindow"):
        number = config.get(key) if isinstance(config, dict) else None
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 1:
            raise SourceUnavailable(
                f"The configuration at {table.config_url} has no usable {key!r}: the service's "
                "limits are not known, so nothing is asked of it."
            )
        limits.append(number)
    found = Limits(int(limits[0]), int(limits[1]), float(limits[2]))
    limiter.configure(found)
    return found


def fetch_metadata(
    table: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    patience: Patience = Patience(),
) -> tuple[Variable, ...]:
    """The table's variables and their value codes.

    Raises:
        SourceUnavailable: no usable answer, or a variable whose values are withheld.
    """
    _, raw = _call(client, limiter, patience, "GET", table.url)
    listed = raw.get("variables") if isinstance(raw, dict) else None
    if not isinstance(listed, list) or not listed:
        raise SourceUnavailable(
            f"The answer of {table.url} is no table metadata: it lists no variables. Check "
            f"'path' in the description of {table.table_id}."
        )
    variables = []
    for entry in listed:
        code = entry.get("code") if isinstance(entry, dict) else None
        if not isinstance(code, str):
            raise SourceUnavailable(f"The metadata at {table.url} has a variable without a code.")
        values = entry.get("values")
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            # The service leaves the list out above maxValues.
            raise SourceUnavailable(
                f"The metadata at {table.url} does not list the values of variable {code!r}; "
                "the request cannot be planned."
            )
        variables.append(
            Variable(
                code=code,
                text=str(entry.get("text", code)),
                values=tuple(values),
                elimination=entry.get("elimination") is True,
                time=entry.get("time") is True,
            )
        )
    return tuple(variables)


def select(table: TableDescription, variables: Sequence[Variable]) -> Selection:
    """What to ask of the table, by its description.

    All periods; every area but those that the description leaves out (an unknown kind of area
    is asked for, so that it is seen and rejected); the mapped contents only; fixed variables
    at their value. Any other variable is left out when the service then sums it up.

    Raises:
        SourceUnavailable: description and metadata do not fit together.
    """
    codes = [variable.code for variable in variables]
    by_code = {variable.code: variable for variable in variables}

    def resolve(alternatives: Sequence[str], part: str) -> Variable:
        try:
            code = matching_variable(alternatives, codes)
        except ValueError as problem:
            _misfit(table, f"which variable is the {part} cannot be told: {problem}")
        if code is None:
            _misfit(
                table,
                f"it has no {part} variable: none of {', '.join(alternatives)} is among "
                f"{', '.join(codes)}",
            )
        return by_code[code]

    area = resolve(table.variables.area, "area")
    period = resolve(table.variables.time, "time")
    contents = resolve(table.variables.contents, "contents")
    mapped = table.content_of(contents.values)
    absent = [content.indicator for content in table.contents if content not in mapped.values()]
    if absent:
        _misfit(
            table,
            f"no content code for {', '.join(absent)} is among {', '.join(contents.values)}",
        )
    chosen: dict[str, tuple[str, ...]] = {
        area.code: tuple(v for v in area.values if not table.areas.leaves_out(v)),
        period.code: period.values,
        contents.code: tuple(v for v in contents.values if v in mapped),
    }
    if len(chosen) != 3:
        _misfit(table, "one variable is described as two of area, time and contents")
    for entry in table.fixed:
        variable = resolve(entry.variable, "fixed")
        values = [v for v in variable.values if v.casefold() == entry.value.casefold()]
        if not values:
            _misfit(table, f"variable {variable.code!r} has no value {entry.value!r}")
        chosen[variable.code] = (values[0],)
    for variable in variables:
        if variable.code in chosen or variable.elimination:
            continue
        if len(variable.values) != 1:
            _misfit(
                table,
                f"variable {variable.code!r} has {len(variable.values)} values, cannot be left "
                "out, and the description does not fix it",
            )
        chosen[variable.code] = variable.values
    for code, values_of in chosen.items():
        if not values_of:
            _misfit(table, f"nothing of variable {code!r} is selected")
    ordered = {code: chosen[code] for code in codes if code in chosen}
    rest = tuple(code for code in ordered if code not in (area.code, period.code))
    return Selection(ordered, (period.code, area.code, *rest))


def plan_chunks(selection: Selection, max_cells: int) -> list[dict[str, tuple[str, ...]]]:
    """Split a selection into requests of at most `max_cells` cells.

    The product of value counts of each request stays within the limit, every cell is in
    exactly one request, and the order is fixed: whole runs of the first split variable as long
    as a single value of it fits, otherwise value by value and each over the next variable.

    Raises:
        ValueError: `max_cells` below 1, or a split variable that is not selected.
    """
    if max_cells < 1:
        raise ValueError("max_cells must be at least 1")
    order = [*selection.split, *(code for code in selection.values if code not in selection.split)]

    def split(part: Mapping[str, tuple[str, ...]], over: Sequence[str]) -> list[Mapping[str, Any]]:
        cells = math.prod(len(values) for values in part.values())
        if cells <= max_cells:
            return [part]
        code = over[0]
        values = part[code]
        run = max(1, max_cells // (cells // len(values)))
        pieces = [
            {**part, code: values[start : start + run]} for start in range(0, len(values), run)
        ]
        return [small for piece in pieces for small in split(piece, over[1:])]

    if any(code not in selection.values for code in order):
        raise ValueError("a split variable is not selected")
    if any(not values for values in selection.values.values()):
        return []
    return [dict(part) for part in split(selection.values, order)]


def fetch_table(
    table: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    progress: Progress | None = None,
    patience: Patience = Patience(),
) -> list[Chunk]:
    """Fetch a whole table: limits, metadata, then its data in as many calls as needed.

    Raises:
        SourceUnavailable: the service cannot be reached, refuses, or does not fit the table's
            description; the text is one paragraph that says which and what to do.
    """
    limits = fetch_limits(table, client, limiter, patience)
    selection = select(table, fetch_metadata(table, client, limiter, patience))
    plan = plan_chunks(selection, limits.max_cells)
    for _ in range(2):
        chunks = []
        for done, part in enumerate(plan):
            if progress:
                progress(done, len(plan), f"{table.table_id}: part {done + 1} of {len(plan)}")
            chunks.append(_fetch_chunk(table, client, limiter, patience, part))
        # The office published in the middle of it: parts of two editions are no table.
        if len({chunk.updated for chunk in chunks}) <= 1:
            if progress:
                progress(len(plan), len(plan), f"{table.table_id}: all {len(plan)} parts")
            return chunks
    raise SourceUnavailable(
        f"The table {table.table_id} was updated twice while it was being fetched from "
        f"{table.url}; its parts do not belong together. Run again later."
    )


def _fetch_chunk(
    table: TableDescription,
    client: httpx.Client,
    limiter: CallLimiter,
    patience: Patience,
    part: Mapping[str, tuple[str, ...]],
) -> Chunk:
    query = {
        "query": [
            {"code": code, "selection": {"filter": "item", "values": list(values)}}
            for code, values in part.items()
        ],
        "response": {"format": "json-stat2"},
    }
    body, answer = _call(client, limiter, patience, "POST", table.url, orjson.dumps(query))
    size = answer.get("size") if isinstance(answer, dict) else None
    asked = math.prod(len(values) for values in part.values())
    if (
        not isinstance(size, list)
        or not all(isinstance(n, int) for n in size)
        or math.prod(size) != asked
    ):
        raise SourceUnavailable(
            f"The answer of {table.url} is not what was asked for: {asked} cells were selected, "
            f"and the answer has the size {str(size)[:80]}. Compare the description of "
            f"{table.table_id} with the table's metadata."
        )
    updated = answer.get("updated")
    return Chunk(body, table.url, part, updated if isinstance(updated, str) else None)


class _PassingProblem(Exception):
    """A failure that a later try may not meet again."""


def _call(
    client: httpx.Client,
    limiter: CallLimiter,
    patience: Patience,
    method: str,
    url: str,
    body: bytes | None = None,
) -> tuple[bytes, Any]:
    """One call with its retries: the raw body and the JSON value it holds."""
    refusals = 0

    def once() -> tuple[bytes, Any]:
        nonlocal refusals
        while True:
            with limiter.call():
                response, content = _exchange(client, patience, method, url, body)
                if response.status_code != 429:
                    return content, _judged(response, content, url)
                limiter.silence(_retry_after(response, limiter.window_seconds))
            refusals += 1
            if refusals >= patience.refusals:
                raise SourceUnavailable(
                    f"{url} refused {refusals} times because of too many calls (429). Somebody "
                    "else may be calling from the same network address; run again later."
                )

    tries = Retrying(
        retry=retry_if_exception_type(_PassingProblem),
        wait=wait_exponential(multiplier=patience.first_wait, max=patience.longest_wait)
        # Two deployments that failed together do not come back together.
        + wait_random(0, patience.first_wait),
        stop=stop_after_attempt(patience.attempts),
        reraise=True,
    )
    try:
        return tries(once)
    except _PassingProblem as problem:
        raise SourceUnavailable(
            f"{url} could not be read, {patience.attempts} times in a row; the last time "
            f"{problem}. Its last good vintage stays in use; run again later."
        ) from problem


def _exchange(
    client: httpx.Client, patience: Patience, method: str, url: str, body: bytes | None
) -> tuple[httpx.Response, bytes]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    ends = time.monotonic() + patience.deadline
    content = bytearray()
    try:
        with client.stream(method, url, content=body, headers=headers) as response:
            for piece in response.iter_bytes():
                content += piece
                # A read timeout alone never ends an answer that drips byte by byte.
                if time.monotonic() > ends:
                    raise _PassingProblem(
                        f"the answer was not complete after {patience.deadline:g} seconds"
                    )
                if len(content) > patience.max_bytes:
                    raise SourceUnavailable(
                        f"The answer of {url} is longer than {patience.max_bytes} bytes; that is "
                        "no table of this size."
                    )
    except httpx.TimeoutException as problem:
        raise _PassingProblem(f"no answer came in time ({type(problem).__name__})") from problem
    except (httpx.TransportError, httpx.DecodingError) as problem:
        raise _PassingProblem(
            f"the connection failed or broke off ({type(problem).__name__}: {problem})"
        ) from problem
    except httpx.InvalidURL as problem:
        raise SourceUnavailable(f"{url} is no usable address: {problem}.") from problem
    return response, bytes(content)


def _judged(response: httpx.Response, content: bytes, url: str) -> Any:
    """The JSON value of a good answer; an error that says what was wrong with any other."""
    status = response.status_code
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    text = _excerpt(content)
    if status >= 500:
        raise _PassingProblem(f"the service answered {status}: {text}")
    if status == 403 and "html" in kind:
        raise SourceUnavailable(
            f"{url} refused the request with 403 and a web page, which is how the service says "
            "that more cells were asked for than it gives at once. Compare its maxCells with "
            "what was asked."
        )
    if status == 400:
        raise SourceUnavailable(
            f"{url} calls the request wrong (400): {text} Table or variable codes may have "
            "changed; compare the table's description with the service's own table list and "
            "metadata."
        )
    if status != 200:
        raise SourceUnavailable(f"{url} answered {status} where a table was expected: {text}")
    if "json" not in kind:
        raise SourceUnavailable(
            f"{url} answered with {kind or 'no content type'} where JSON was expected: {text}"
        )
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as problem:
        raise _PassingProblem(
            f"the answer was cut short or is not JSON ({len(content)} bytes, {problem.msg})"
        ) from problem


def _excerpt(content: bytes) -> str:
    """The first words of an answer, without markup, as one line."""
    plain = re.sub(r"<[^>]{0,500}>", " ", content[:4000].decode("utf-8", "replace"))
    words = " ".join(plain.split())[:200].strip()
    return f"{words!r}." if words else "nothing else was said."


def _retry_after(response: httpx.Response, window_seconds: float) -> float:
    """Seconds of silence that a 429 asks for; a whole window where it does not say."""
    given: str = response.headers.get("retry-after", "").strip()
    try:
        return max(0.0, min(float(given), _LONGEST_SILENCE))
    except ValueError:
        pass
    try:
        until: float = parsedate_to_datetime(given).timestamp()
        return max(0.0, min(until - time.time(), _LONGEST_SILENCE))
    except (ValueError, TypeError):
        return window_seconds


def _misfit(table: TableDescription, problem: str) -> NoReturn:
    raise SourceUnavailable(
        f"The table {table.table_id} at {table.url} does not fit its description: {problem}. "
        f"Correct {table.source}_{table.dataset}.yaml by the table's own metadata."
    )
