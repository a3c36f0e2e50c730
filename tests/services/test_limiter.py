"""The shared call limiter, in one process and in several real ones."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.services.http import Caller
from assets.services.limiter import LONGEST_SILENCE, CallLimiter
from tests.services.conftest import Serve
from tests.services.local_service import Canned

ROOT = Path(__file__).resolve().parents[2]

#: Calls an address in turn, some times over; prints when each call began and ended.
PROCESS = """
import sys, time
from pathlib import Path
from assets.services.http import Caller, Patience
from assets.services.limiter import CallLimiter
directory, url, times = sys.argv[1:]
limiter = CallLimiter(Path(directory), "service")
with Caller(limiter, patience=Patience(first_wait=0.01)) as caller:
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(times)):
        caller.get_json(url)
"""


def start(state_dir: Path, url: str, times: int) -> subprocess.Popen[str]:
    """A process that is ready to call and waits for a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(state_dir), url, str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def finish(process: subprocess.Popen[str]) -> None:
    _, trouble = process.communicate(timeout=60)
    assert process.returncode == 0, trouble


def test_processes_together_never_exceed_the_window(state_dir: Path, serve: Serve) -> None:
    service = serve(Canned({"/x": b"1"}, max_calls=4, window=0.5))
    # One process was told the limits; the others have it from the shared state.
    CallLimiter(state_dir, "service").configure(4, 0.5)
    processes = [start(state_dir, f"{service.origin}/x", 5) for _ in range(3)]
    for process in processes:
        go(process)
    for process in processes:
        finish(process)
    assert len(service.calls) == 15
    assert service.refused == 0
    assert service.calls[-1] - service.calls[0] >= 1.5  # 15 calls, 4 a window
    assert all(service.calls[n + 4] - service.calls[n] >= 0.5 for n in range(11))


def test_a_refusal_in_one_process_silences_the_others(
    state_dir: Path, serve: Serve, caller: Caller
) -> None:
    service = serve(Canned({"/x": b"1"}, max_calls=100, window=0.9))
    other = start(state_dir, f"{service.origin}/x", 1)
    service.storm = 1
    mine = threading.Thread(target=lambda: caller.get_json(f"{service.origin}/x"))
    mine.start()
    while not service.refused:
        time.sleep(0.005)
    go(other)
    finish(other)
    mine.join(timeout=20)
    # A second is asked for; neither process calls within it.
    refused_at, *later = service.calls
    assert len(later) == 2
    assert later[0] - refused_at >= 0.98


def test_somebody_else_at_the_address_costs_a_silence_not_the_fetch(
    state_dir: Path, tmp_path: Path, serve: Serve, caller: Caller, limiter: CallLimiter
) -> None:
    # Another deployment: its calls count at the service, and its limiter is not ours.
    service = serve(Canned({"/x": b"1"}, max_calls=4, window=1.0))
    stranger = start(tmp_path / "elsewhere", f"{service.origin}/x", 3)
    go(stranger)
    finish(stranger)
    limiter.configure(4, 1.0)
    for _ in range(3):
        assert caller.get_json(f"{service.origin}/x") == 1
    assert service.refused == 1
    refused = 4  # three of theirs, one of ours, then this
    assert service.calls[refused + 1] - service.calls[refused] >= 0.98


def test_a_process_that_dies_leaves_the_turn_free_and_its_call_counted(state_dir: Path) -> None:
    dying = (
        "import os, sys; from pathlib import Path;"
        "from assets.services.limiter import CallLimiter;"
        "CallLimiter(Path(sys.argv[1]), 'service').call().__enter__(); os._exit(9)"
    )
    died = subprocess.run([sys.executable, "-c", dying, str(state_dir)], cwd=ROOT, timeout=60)
    assert died.returncode == 9
    limiter = CallLimiter(state_dir, "service", max_calls=1, window_seconds=60, max_wait=5)
    with pytest.raises(SourceUnavailable, match=r"only in \d+ seconds"), limiter.call():
        pass


def test_threads_take_turns(state_dir: Path) -> None:
    limiter = CallLimiter(state_dir, "x", max_calls=100)
    spans: list[tuple[float, float]] = []

    def work() -> None:
        for _ in range(3):
            with limiter.call():
                began = time.monotonic()
                time.sleep(0.005)
                spans.append((began, time.monotonic()))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spans) == 9
    assert all(ended <= later for (_, ended), (later, _) in pairwise(sorted(spans)))


def test_a_call_counts_from_its_end(state_dir: Path) -> None:
    # The service counts from the arrival, which lies somewhere within the call.
    limiter = CallLimiter(state_dir, "x", max_calls=1, window_seconds=0.3)
    with limiter.call():
        time.sleep(0.2)
    ended = time.time()
    with limiter.call():
        assert time.time() - ended >= 0.28


def test_a_call_that_fails_counts_too(state_dir: Path) -> None:
    limiter = CallLimiter(state_dir, "x", max_calls=1, max_wait=5)
    with pytest.raises(ZeroDivisionError), limiter.call():
        _ = 1 / 0
    with pytest.raises(SourceUnavailable, match="only in"), limiter.call():
        pass


def test_services_do_not_wait_for_each_other(state_dir: Path) -> None:
    one = CallLimiter(state_dir, "a.example:80", max_calls=1, max_wait=1)
    other = CallLimiter(state_dir, "b.example:80", max_calls=1, max_wait=1)
    with one.call():
        one.silence(3600)
        with other.call():
            pass


def test_a_long_silence_is_reported_not_waited_out(state_dir: Path) -> None:
    first, second = CallLimiter(state_dir, "x"), CallLimiter(state_dir, "x", max_wait=5)
    with first.call():
        first.silence(3600)
    with pytest.raises(SourceUnavailable, match="only in 3600 seconds"), second.call():
        pass


def test_a_turn_that_is_never_given_back_is_reported(state_dir: Path) -> None:
    first, second = CallLimiter(state_dir, "x"), CallLimiter(state_dir, "x", max_wait=0.2)
    with (
        first.call(),
        pytest.raises(SourceUnavailable, match="Another process has been calling"),
        second.call(),
    ):
        pass


def test_limits_that_one_was_told_hold_for_all_and_survive(state_dir: Path) -> None:
    CallLimiter(state_dir, "x").configure(1, 30)
    with CallLimiter(state_dir, "x").call():
        pass
    later = CallLimiter(state_dir, "x", max_calls=1000, window_seconds=0.001, max_wait=5)
    with pytest.raises(SourceUnavailable, match="only in 30 seconds"), later.call():
        pass
    assert (later.max_calls, later.window_seconds) == (1, 30)


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"calls":[1e300],"silent_until":1e300,"max_calls":null,"window_seconds":null}',
        b'{"calls":["x"],"silent_until":0,"max_calls":null,"window_seconds":null}',
        b'{"calls":[],"silent_until":0,"max_calls":0,"window_seconds":-1}',
    ],
)
def test_a_damaged_state_file_does_not_stop_calls(state_dir: Path, state: bytes) -> None:
    limiter = CallLimiter(state_dir, "x", max_calls=1, max_wait=5)
    (state_dir / "x.calls.json").write_bytes(state)
    with limiter.call():
        pass
    with pytest.raises(SourceUnavailable, match="only in"), limiter.call():
        pass


def test_a_folder_that_cannot_be_written_stops_calls_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceUnavailable, match="cannot be counted"):
        CallLimiter(tmp_path / "file", "x")
    limiter = CallLimiter(tmp_path / "gone", "x")
    (tmp_path / "gone").rmdir()
    (tmp_path / "gone").write_text("")
    with pytest.raises(SourceUnavailable, match="cannot be counted"), limiter.call():
        pass


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5),
    st.floats(0.5, 100),
    st.lists(st.tuples(st.floats(0, 30), st.floats(0, 3), st.floats(0, 40)), max_size=15),
)
def test_no_window_ever_holds_more_calls_than_allowed(
    tmp_path_factory: pytest.TempPathFactory,
    most: int,
    window: float,
    steps: list[tuple[float, float, float]],
) -> None:
    """Each step: time that passes before, how long the call takes, a silence that it asks for."""
    now = [1_000_000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    limiter = CallLimiter(
        tmp_path_factory.mktemp("limiter"),
        "x",
        max_calls=most,
        window_seconds=window,
        max_wait=LONGEST_SILENCE,
        clock=lambda: now[0],
        sleep=sleep,
    )
    begun: list[float] = []
    ended: list[float] = []
    silent_until = 0.0
    for pause, length, silence in steps:
        now[0] += pause
        with limiter.call():
            begun.append(now[0])
            assert now[0] >= silent_until
            now[0] += length
            if silence > 20:
                limiter.silence(silence)
                silent_until = now[0] + silence
        ended.append(now[0])
    # Even if the service counts a call only when it answers.
    assert all(begun[n + most] - ended[n] >= window for n in range(len(begun) - most))
