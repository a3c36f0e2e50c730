"""One turn at a time for every process of a deployment, within what a service allows.

Services count calls in a sliding window per network address, refused ones too, and ask for
silence when it is exceeded. So the count must be shared by every process behind that address:
it stands in a small file per service.

What does not belong here: the calls themselves, and when to try one again (`http`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from assets.errors import SourceUnavailable

LONGEST_SILENCE = 86_400.0
"""Seconds. A service that asks for more is taken to mean this much."""


@dataclass(frozen=True)
class _State:
    """What the processes share: when was called, until when not to, what the service allows."""

    calls: tuple[float, ...] = ()
    silent_until: float = 0.0
    max_calls: int | None = None
    window_seconds: float | None = None


class CallLimiter:
    """One call at a time, and no more than allowed within the window, over all processes.

    State is one small file per service under `directory`, guarded by a lock file, so that every
    process and thread of a deployment counts together, refrains together, and knows the limits
    that any of them was told. A call holds the lock until its answer is there: calls are
    serialised on purpose. A process that dies leaves the lock free and its call counted.

    Args:
        directory: where the state lies; made when absent.
        service: name of the service, one state file each.
        max_calls, window_seconds: what is allowed until the service has said so itself; less
            than any known service allows.
        max_wait: seconds; a longer silence than this, or a turn that another process holds for
            longer, is reported instead of waited out.
        clock: wall clock in seconds, the same for every process.
        sleep: how to wait.

    Raises:
        SourceUnavailable: the directory cannot be made.
    """

    def __init__(
        self,
        directory: Path,
        service: str,
        *,
        max_calls: int = 10,
        window_seconds: float = 60.0,
        max_wait: float = 900.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        name = re.sub(r"[^A-Za-z0-9.-]", "_", service)
        self._state = directory / f"{name}.calls.json"
        self._lock = FileLock(directory / f"{name}.lock", timeout=max_wait)
        self._service = service
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        self.max_calls = max_calls
        self.window_seconds = window_seconds
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise self._cannot_count(problem) from problem

    def configure(self, max_calls: int, window_seconds: float) -> None:
        """Take over what the service itself says that it allows; every process does.

        Raises:
            SourceUnavailable: it cannot be written down.
        """
        with self._locked():
            state = self._read()
            self._write(replace(state, max_calls=max_calls, window_seconds=window_seconds))
        self.max_calls, self.window_seconds = max_calls, window_seconds

    @contextmanager
    def call(self) -> Iterator[None]:
        """Wait for a turn, then hold it for the length of the block.

        Raises:
            SourceUnavailable: the turn would come only after `max_wait`, or calls cannot be
                counted.
        """
        while True:
            with self._locked():
                state = self._read()
                wait = self._seconds_until_ready(state)
                if wait <= 0:
                    self._write(replace(state, calls=(*state.calls, self._clock())))
                    try:
                        yield
                    finally:
                        # Counted from the end: the service counts from the arrival, which is
                        # not later.
                        silent = self._read().silent_until
                        calls = (*state.calls, self._clock())
                        self._write(replace(state, calls=calls, silent_until=silent))
                    return
            # Waited out without the lock: whoever wakes first goes first, nobody starves.
            if wait > self._max_wait:
                raise SourceUnavailable(
                    f"The service {self._service} allows the next call only in {wait:.0f} "
                    f"seconds; that is longer than this run waits ({self._max_wait:.0f}). Run "
                    "again later."
                )
            self._sleep(wait + 0.001)

    def silence(self, seconds: float) -> None:
        """The service refused: no process calls it for that long. Only within `call()`."""
        state = self._read()
        until = self._clock() + min(seconds, LONGEST_SILENCE)
        self._write(replace(state, silent_until=max(state.silent_until, until)))

    def _seconds_until_ready(self, state: _State) -> float:
        now = self._clock()
        ready = state.silent_until
        if len(state.calls) >= self.max_calls:
            oldest = sorted(state.calls)[-self.max_calls]
            ready = max(ready, oldest + self.window_seconds)
        return ready - now

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._lock.acquire(poll_interval=0.02)
        except Timeout as problem:
            raise SourceUnavailable(
                f"Another process has been calling the service {self._service} for "
                f"{self._max_wait:.0f} seconds; calls are made one at a time. Run again later, "
                "or end that process if it hangs."
            ) from problem
        except OSError as problem:
            raise self._cannot_count(problem) from problem
        try:
            yield
        finally:
            self._lock.release()

    def _read(self) -> _State:
        """The shared state. A damaged file is as none; the limits in it are taken over."""
        try:
            said = orjson.loads(self._state.read_bytes())
            state = _State(
                tuple(float(stamp) for stamp in said["calls"]),
                float(said["silent_until"]),
                None if said["max_calls"] is None else int(said["max_calls"]),
                None if said["window_seconds"] is None else float(said["window_seconds"]),
            )
        except (OSError, ValueError, TypeError, KeyError, OverflowError):
            return _State()
        if state.max_calls and state.window_seconds:
            self.max_calls, self.window_seconds = state.max_calls, state.window_seconds
        now = self._clock()
        # What lies too far ahead was written before the clock was set back; it must not stop us
        # for ever.
        return replace(
            state,
            calls=tuple(c for c in state.calls if now - self.window_seconds < c <= now),
            silent_until=state.silent_until if state.silent_until <= now + LONGEST_SILENCE else 0.0,
        )

    def _write(self, state: _State) -> None:
        fresh = self._state.with_suffix(".new")
        try:
            fresh.write_bytes(orjson.dumps(asdict(state)))
            fresh.replace(self._state)
        except OSError as problem:
            raise self._cannot_count(problem) from problem

    def _cannot_count(self, problem: OSError) -> SourceUnavailable:
        return SourceUnavailable(
            f"The calls to {self._service} cannot be counted in {self._state.parent} "
            f"({problem.strerror}), so none is made. Make the folder writable, or free space."
        )
