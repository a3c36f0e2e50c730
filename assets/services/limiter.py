"""One turn at a time for every process of a deployment, within what a service allows.

Services count calls in a sliding window per network address, refused ones too, and ask for
silence when it is exceeded. So the count must be shared by every process behind that address:
it stands in a small file per service.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from filelock import FileLock

from assets.errors import SourceUnavailable

LONGEST_SILENCE = 86_400.0
"""Seconds. A service that asks for more is taken to mean this much."""


class CallLimiter:
    """One call at a time, and no more than allowed within the window, over all processes.

    State is one small file of timestamps per service under `directory`, guarded by a lock
    file, so that every process and thread of a deployment counts together. A call holds the
    lock until its answer is there: calls are serialised on purpose.

    Args:
        directory: where the state lies; made when absent.
        service: name of the service, one state file each.
        max_calls, window_seconds: what is allowed until the service has said so itself; less
            than any known service allows.
        max_wait: seconds; a longer silence than this is reported instead of waited out.
        clock: wall clock in seconds, the same for every process.
        sleep: how to wait.
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
        directory.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9.-]", "_", service)
        self._state = directory / f"{name}.calls.json"
        self._lock = FileLock(directory / f"{name}.lock")
        self._service = service
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        self.max_calls = max_calls
        self.window_seconds = window_seconds

    def configure(self, max_calls: int, window_seconds: float) -> None:
        """Take over what the service itself says that it allows."""
        self.max_calls = max_calls
        self.window_seconds = window_seconds

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
        return kept, silent_until if silent_until <= now + LONGEST_SILENCE else 0.0

    def _write(self, calls: list[float], silent_until: float) -> None:
        fresh = self._state.with_suffix(".new")
        fresh.write_bytes(orjson.dumps({"calls": calls, "silent_until": silent_until}))
        fresh.replace(self._state)
