"""One HTTP call, made well: in its turn, with time limits, tried again where that can help.

What belongs here: everything that all services share. What does not: the words of one service
(its addresses, parameters, the meaning of its refusals), which each client adds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from assets.errors import SourceUnavailable
from assets.services.limiter import LONGEST_SILENCE, CallLimiter

USER_AGENT = "Tilannekuva/0.1 (regional foresight indicators)"
JSON = ("json",)
"""Content types that hold JSON, for `Caller.call(expect=...)`."""


class PassingProblem(Exception):
    """A failure that a later try may not meet again; its text completes "the last time ..."."""


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


@dataclass(frozen=True)
class Answer:
    """What a service answered; `content` is decompressed, otherwise untouched."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def kind(self) -> str:
        """The content type without parameters, lower case; "" where none is given."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def etag(self) -> str | None:
        """The entity tag, to be sent back as `If-None-Match`."""
        return self.headers.get("etag")

    @property
    def is_unchanged(self) -> bool:
        """Whether the service says that what the given entity tag stands for is still current."""
        return self.status == 304

    @cached_property
    def json(self) -> Any:
        """The JSON value of the content.

        Raises:
            PassingProblem: it is cut short or no JSON at all.
        """
        try:
            return orjson.loads(self.content.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as problem:
            raise PassingProblem(
                f"the answer was cut short or is not JSON ({len(self.content)} bytes, "
                f"{problem.msg})"
            ) from problem

    @property
    def excerpt(self) -> str:
        """The first words of the content, without markup, as one line."""
        plain = re.sub(r"<[^>]{0,500}>", " ", self.content[:4000].decode("utf-8", "replace"))
        words = " ".join(plain.split())[:200].strip()
        return f"{words!r}." if words else "nothing else was said."


Verify = Callable[[Answer], None]
"""Looks at a good answer; raises `PassingProblem` or `SourceUnavailable` where it is not one."""
Explain = Callable[[Answer], str | None]
"""Words for a refusal that one service has its own meaning for; None for the common ones."""


def open_client(connect_seconds: float = 10.0, read_seconds: float = 60.0) -> httpx.Client:
    """An HTTP client with time limits; to be closed by whoever opened it."""
    return httpx.Client(
        timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
        headers={"User-Agent": USER_AGENT},
        follow_redirects=True,
    )


@dataclass(frozen=True)
class Caller:
    """Calls one service: in its turn, and again where a failure may pass.

    Usable as a context manager that closes its client.
    """

    limiter: CallLimiter
    client: httpx.Client = field(default_factory=open_client)
    patience: Patience = field(default_factory=Patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()

    def call(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        body: Any = None,
        expect: tuple[str, ...] = JSON,
        etag: str | None = None,
        verify: Verify | None = None,
        explain: Explain | None = None,
    ) -> Answer:
        """Make one call and return its good answer (status 200, or 304 where `etag` is given).

        Args:
            method: GET or POST.
            url: the address; `params` are added to it.
            params: query parameters; a list repeats its parameter.
            body: sent as JSON.
            expect: the content type must hold one of these words; empty for any.
            etag: entity tag of what is already there; sent as `If-None-Match`.
            verify: looks at a good answer. With `expect=JSON` the content is always parsed,
                so that a body that was cut short is noticed.
            explain: words for refusals that this service has its own meaning for.

        Raises:
            SourceUnavailable: no good answer, after all tries; one paragraph that says what was
                wrong and what to do.
        """
        address = str(httpx.URL(url, params=dict(params))) if params else url
        refusals = 0

        def once() -> Answer:
            nonlocal refusals
            while True:
                with self.limiter.call():
                    answer = self._exchange(method, address, body, etag)
                    if answer.status == 429:
                        self.limiter.silence(_retry_after(answer, self.limiter.window_seconds))
                if answer.status != 429:
                    _judge(answer, expect, explain)
                    if verify is not None and not answer.is_unchanged:
                        verify(answer)
                    return answer
                refusals += 1
                if refusals >= self.patience.refusals:
                    raise SourceUnavailable(
                        f"{address} refused {refusals} times because of too many calls (429). "
                        "Somebody else may be calling from the same network address; run again "
                        "later."
                    )

        patience = self.patience
        tries = Retrying(
            retry=retry_if_exception_type(PassingProblem),
            wait=wait_exponential(multiplier=patience.first_wait, max=patience.longest_wait)
            # Two deployments that failed together do not come back together.
            + wait_random(0, patience.first_wait),
            stop=stop_after_attempt(patience.attempts),
            reraise=True,
        )
        try:
            return tries(once)
        except PassingProblem as problem:
            raise SourceUnavailable(
                f"{address} could not be read, {patience.attempts} times in a row; the last time "
                f"{problem}. Its last good vintage stays in use; run again later."
            ) from problem

    def get_json(self, url: str, params: Mapping[str, str | list[str]] | None = None) -> Any:
        """The JSON value behind an address; see `call`."""
        return self.call("GET", url, params=params).json

    def _exchange(self, method: str, url: str, body: Any, etag: str | None) -> Answer:
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if etag is not None:
            headers["If-None-Match"] = etag
        patience = self.patience
        ends = time.monotonic() + patience.deadline
        content = bytearray()
        try:
            with self.client.stream(
                method, url, content=None if body is None else orjson.dumps(body), headers=headers
            ) as response:
                for piece in response.iter_bytes():
                    content += piece
                    # A read timeout alone never ends an answer that drips byte by byte.
                    if time.monotonic() > ends:
                        raise PassingProblem(
                            f"the answer was not complete after {patience.deadline:g} seconds"
                        )
                    if len(content) > patience.max_bytes:
                        raise SourceUnavailable(
                            f"The answer of {url} is longer than {patience.max_bytes} bytes; that "
                            "is no answer of the expected size."
                        )
        except httpx.TimeoutException as problem:
            raise PassingProblem(f"no answer came in time ({type(problem).__name__})") from problem
        except (httpx.TransportError, httpx.DecodingError, httpx.TooManyRedirects) as problem:
            raise PassingProblem(
                f"the connection failed or broke off ({type(problem).__name__}: {problem})"
            ) from problem
        except httpx.InvalidURL as problem:
            raise SourceUnavailable(f"{url} is no usable address: {problem}.") from problem
        return Answer(url, response.status_code, dict(response.headers), bytes(content))


def _judge(answer: Answer, expect: tuple[str, ...], explain: Explain | None) -> None:
    """Return for a good answer; otherwise an error that says what was wrong with it."""
    status = answer.status
    if status == 304:
        return
    if status != 200 and explain is not None and (words := explain(answer)):
        raise SourceUnavailable(words)
    if status >= 500:
        raise PassingProblem(f"the service answered {status}: {answer.excerpt}")
    if status != 200:
        raise SourceUnavailable(f"{answer.url} answered {status}: {answer.excerpt}")
    if expect and not any(word in answer.kind for word in expect):
        raise SourceUnavailable(
            f"{answer.url} answered with {answer.kind or 'no content type'} where "
            f"{' or '.join(expect)} was expected: {answer.excerpt}"
        )
    if expect == JSON:
        _ = answer.json


def _retry_after(answer: Answer, window_seconds: float) -> float:
    """Seconds of silence that a 429 asks for; a whole window where it does not say."""
    given = answer.headers.get("retry-after", "").strip()
    try:
        return max(0.0, min(float(given), LONGEST_SILENCE))
    except ValueError:
        pass
    try:
        until: float = parsedate_to_datetime(given).timestamp()
        return max(0.0, min(until - time.time(), LONGEST_SILENCE))
    except (ValueError, TypeError):
        return window_seconds
