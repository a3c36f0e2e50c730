"""One HTTP call with rate limit, timeouts and retries.

Everything that all services share. Each client adds what is special to its service: addresses,
parameters, the meaning of its errors.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
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

from assets import __version__
from assets.errors import SourceUnavailable
from assets.services.limiter import LONGEST_SILENCE, CallLimiter

USER_AGENT = f"Tilannekuva/{__version__} (regional foresight indicators)"
JSON = ("json",)
"""Content types that hold JSON, for `Caller.call(expect=...)`."""


MOST_REDIRECTS = 5


class PassingProblem(SourceUnavailable):
    """A failure that a retry may not meet; its text completes "the last time ..."."""


class Unreachable(PassingProblem):
    """No server answers at the address."""


@dataclass(frozen=True)
class Patience:
    """How long to try. Seconds; the wait doubles from `first_wait` to `longest_wait`.

    Attributes:
        attempts: tries of one call that fails for a passing reason.
        deadline: longest time for the body of one answer, from first to last byte.
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
        """Whether the service confirmed that the entity tag is still current (304)."""
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
    """An HTTP client with timeouts; the caller closes it."""
    return httpx.Client(
        timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
        headers={"User-Agent": USER_AGENT},
        # `Caller` follows redirects itself, because each one counts against the limit.
        follow_redirects=False,
    )


@dataclass(frozen=True)
class Caller:
    """Calls one service, within its rate limit, with retries of passing failures.

    A caller does not call a host again that did not answer any try: the other tables of a
    service that is down would wait for nothing. Usable as a context manager
    that closes its client.
    """

    limiter: CallLimiter
    client: httpx.Client = field(default_factory=open_client)
    patience: Patience = field(default_factory=Patience)
    _gone: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

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
            url: the address; `params` are added to those that it has.
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
        address = _address(url, params)
        host = address.partition("//")[2].partition("/")[0]
        if host in self._gone:
            raise SourceUnavailable(
                f"{host} could not be reached a moment ago, so {address} was not asked. The last "
                "good vintage stays in use; run again later."
            )

        def once() -> Answer:
            target, refusals, redirects = address, 0, 0
            while True:
                with self.limiter.call():
                    answer = self._exchange(method, target, body, etag)
                    if seconds := _silence_asked_for(answer, self.limiter.window_seconds):
                        self.limiter.silence(seconds)
                if answer.status == 429:
                    refusals += 1
                    if refusals >= self.patience.refusals:
                        raise SourceUnavailable(
                            f"{target} refused {refusals} times because of too many calls (429). "
                            "Somebody else may be calling from the same network address; run "
                            "again later."
                        )
                elif answer.status in _REDIRECTS and (moved := answer.headers.get("location")):
                    redirects += 1
                    target = _follow(method, answer, moved, redirects)
                else:
                    _judge(answer, expect, explain, asked_by_tag=etag is not None)
                    if verify is not None and not answer.is_unchanged:
                        verify(answer)
                    return answer

        patience = self.patience
        tries = Retrying(
            retry=retry_if_exception_type(PassingProblem),
            wait=wait_exponential(multiplier=patience.first_wait, max=patience.longest_wait)
            # Random waits keep two deployments that failed together from retrying together.
            + wait_random(0, patience.first_wait),
            stop=stop_after_attempt(patience.attempts),
            reraise=True,
        )
        try:
            return tries(once)
        except PassingProblem as problem:
            if isinstance(problem, Unreachable):
                self._gone.add(host)
            raise SourceUnavailable(
                f"{address} could not be read, {patience.attempts} times in a row; the last time "
                f"{problem}. Its last good vintage stays in use; run again later."
            ) from problem

    def get_json(self, url: str, params: Mapping[str, str | list[str]] | None = None) -> Any:
        """The JSON value behind an address; see `call`."""
        return self.call("GET", url, params=params).json

    def _exchange(self, method: str, url: str, body: Any, etag: str | None) -> Answer:
        headers = {"Accept-Encoding": "gzip, deflate"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if etag is not None and etag.isascii() and etag.isprintable():
            headers["If-None-Match"] = etag
        patience = self.patience
        ends = time.monotonic() + patience.deadline
        content = bytearray()
        try:
            with self.client.stream(
                method,
                url,
                content=None if body is None else orjson.dumps(body),
                headers=headers,
                follow_redirects=False,
            ) as response:
                for piece in _unpacked(response, url):
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
        except (httpx.ConnectError, httpx.ConnectTimeout) as problem:
            raise Unreachable(f"nobody answered there ({problem or 'time-out'})") from problem
        except httpx.TimeoutException as problem:
            raise PassingProblem(f"no answer came in time ({type(problem).__name__})") from problem
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as problem:
            raise SourceUnavailable(f"{url} is no usable address: {problem}.") from problem
        except (httpx.TransportError, zlib.error) as problem:
            raise PassingProblem(
                f"the connection failed or broke off ({type(problem).__name__}: {problem})"
            ) from problem
        return Answer(url, response.status_code, dict(response.headers), bytes(content))


_REDIRECTS = (301, 302, 303, 307, 308)


def _address(url: str, params: Mapping[str, str | list[str]] | None) -> str:
    try:
        return str(httpx.URL(url).copy_merge_params(dict(params))) if params else url
    except httpx.InvalidURL as problem:
        raise SourceUnavailable(f"{url} is no usable address: {problem}.") from problem


def _follow(method: str, answer: Answer, moved: str, redirects: int) -> str:
    """The address that a redirect names."""
    if redirects > MOST_REDIRECTS:
        raise SourceUnavailable(
            f"{answer.url} was redirected {redirects} times without an answer. Compare the "
            "address in the source description with the service's own pages."
        )
    if method != "GET" and answer.status in (301, 302, 303):
        # A browser would come back with a GET, and the query would be lost on the way.
        raise SourceUnavailable(
            f"{answer.url} has moved to {moved[:200]} ({answer.status}) and takes no queries any "
            "more. Correct the address in the source description."
        )
    try:
        return str(httpx.URL(answer.url).join(moved))
    except (httpx.InvalidURL, ValueError) as problem:
        raise SourceUnavailable(
            f"{answer.url} redirects to {moved[:200]!r}, which is no usable address: {problem}."
        ) from problem


def _unpacked(response: httpx.Response, url: str) -> Iterator[bytes]:
    """The decompressed body, in pieces; unlike httpx it notices where compressed bytes end early.

    Raises:
        PassingProblem: the compressed bytes were cut.
        SourceUnavailable: compressed in a way that was not asked for.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    pieces: Iterable[bytes] = response.iter_raw()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise SourceUnavailable(
            f"{url} answered in the encoding {encoding[:40]!r}, which was not asked for."
        )
    # 47: the largest window, header of gzip or zlib told from the bytes.
    unpack = zlib.decompressobj(47)
    began = False
    for piece in pieces:
        began = began or bool(piece)
        while piece:
            if unpack.eof:
                # Gzip may consist of several members, one after the other.
                unpack = zlib.decompressobj(47)
            yield unpack.decompress(piece)
            piece = unpack.unused_data
    if began and not unpack.eof:
        raise PassingProblem("the compressed answer was cut short")


def _judge(
    answer: Answer, expect: tuple[str, ...], explain: Explain | None, asked_by_tag: bool
) -> None:
    """Return for a good answer; otherwise an error that says what was wrong with it."""
    status = answer.status
    if answer.is_unchanged and asked_by_tag:
        return
    if status != 200 and explain is not None and (words := explain(answer)):
        raise SourceUnavailable(words)
    if status >= 500 or status == 408:
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


def _silence_asked_for(answer: Answer, window_seconds: float) -> float:
    """Seconds of silence that a refusal asks for; 0 where it is none.

    A 429 that does not say how long means a whole window, a 503 nothing.
    """
    if answer.status not in (429, 503):
        return 0.0
    given = answer.headers.get("retry-after", "").strip()
    try:
        seconds = float(given)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(given).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            seconds = 0.0
    if seconds > 0:
        return min(seconds, LONGEST_SILENCE)
    return window_seconds if answer.status == 429 else 0.0
