"""One call over real HTTP: what is tried again, what is not, and what is never taken for data."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller, PassingProblem, Patience, open_client
from assets.services.limiter import CallLimiter
from tests.services.conftest import Serve
from tests.services.local_service import Canned, Reply

DOCUMENT = {"words": ["ä" * 40] * 200, "number": 1}
BODY = json.dumps(DOCUMENT, ensure_ascii=False).encode()


@pytest.fixture
def service(serve: Serve) -> Canned:
    return serve(Canned({"/table": BODY, "/other": b'{"other": 1}'}))


@pytest.mark.parametrize(
    "fault",
    [
        "cut",
        "cut_unannounced",
        "cut_chunked",
        "cut_json",
        "gzip_cut",
        "gzip_not",
        "500",
        "503",
        "reset",
        "redirect_nowhere",
        "drip",
    ],
)
def test_a_passing_fault_is_tried_again(
    service: Canned, caller: Caller, hasty: Caller, fault: str
) -> None:
    service.faults = [fault]
    used = hasty if fault == "drip" else caller
    assert used.get_json(f"{service.origin}/table") == DOCUMENT
    assert len(service.calls) == 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("cut", "broke off"),
        ("cut_unannounced", "cut short"),
        ("cut_chunked", "broke off"),
        ("cut_json", "cut short"),
        ("gzip_cut", "compressed answer was cut short"),
        ("gzip_not", "broke off"),
        ("503", "answered 503: 'Busy'"),
        ("reset", "broke off"),
        ("drip", "not complete after 0.3 seconds"),
    ],
)
def test_a_fault_that_stays_becomes_a_readable_paragraph(
    service: Canned, caller: Caller, hasty: Caller, fault: str, says: str
) -> None:
    service.faults = [fault] * 3
    used = hasty if fault == "drip" else caller
    with pytest.raises(SourceUnavailable, match="3 times in a row") as caught:
        used.get_json(f"{service.origin}/table")
    assert says in str(caught.value)
    assert not isinstance(caught.value, PassingProblem)
    assert len(service.calls) == 3


def test_a_service_that_says_nothing_is_not_waited_for_without_end(
    service: Canned, caller: Caller
) -> None:
    service.faults = ["silent"] * 3
    with open_client(connect_seconds=1, read_seconds=0.1) as client:
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match="no answer came in time"):
            replace(caller, client=client).get_json(f"{service.origin}/table")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("html", r"text/html where json was expected: 'Service break'"),
        ("wrong_type", "text/plain where json"),
        ("no_type", "no content type where json"),
        ("400", "answered 400: 'Busy'"),
        ("403", "answered 403"),
        ("404", "answered 404"),
        ("not_modified", "answered 304"),
        ("strange_encoding", "encoding 'x-secret'"),
        ("redirect_elsewhere", "no usable address"),
    ],
)
def test_what_another_try_cannot_help_is_not_tried_again(
    service: Canned, caller: Caller, fault: str, says: str
) -> None:
    service.faults = [fault]
    with pytest.raises(SourceUnavailable, match=says):
        caller.get_json(f"{service.origin}/table")
    assert len(service.calls) == 1


def test_an_endless_answer_ends_at_the_size_that_is_taken(service: Canned, caller: Caller) -> None:
    service.faults = ["endless"]
    small = replace(caller, patience=replace(caller.patience, max_bytes=300_000))
    with pytest.raises(SourceUnavailable, match="longer than 300000 bytes"):
        small.get_json(f"{service.origin}/table")
    assert len(service.calls) == 1


def test_a_compressed_bomb_ends_at_the_size_that_is_taken(serve: Serve, caller: Caller) -> None:
    service = serve(Canned({"/bomb": b"[" + b" " * 30_000_000 + b"]"}))
    service.faults = ["gzip"]
    small = replace(caller, patience=replace(caller.patience, max_bytes=300_000))
    with pytest.raises(SourceUnavailable, match="longer than 300000 bytes"):
        small.get_json(f"{service.origin}/bomb")


@pytest.mark.parametrize("fault", ["gzip", "gzip_twice"])
def test_compressed_answers_are_unpacked(service: Canned, caller: Caller, fault: str) -> None:
    service.faults = [fault]
    assert caller.call("GET", f"{service.origin}/table").content == BODY


def test_a_cut_compressed_file_that_is_no_json_is_noticed_too(
    service: Canned, caller: Caller
) -> None:
    # Half a CSV file looks like a whole one; only the compression tells.
    service.faults = ["gzip_cut"]
    answer = caller.call("GET", f"{service.origin}/table", expect=())
    assert answer.content == BODY
    assert len(service.calls) == 2


@pytest.mark.parametrize("fault", ["redirect", "redirect_found"])
def test_a_redirect_is_followed_and_counted(
    service: Canned, caller: Caller, limiter: CallLimiter, fault: str
) -> None:
    service.faults = [fault]
    assert caller.get_json(f"{service.origin}/table") == DOCUMENT
    assert len(service.calls) == 2
    limiter.configure(3, 60)
    assert len(limiter._read().calls) == 2


def test_redirects_in_a_circle_end(service: Canned, caller: Caller) -> None:
    service.faults = ["redirect"] * 50
    with pytest.raises(SourceUnavailable, match="redirected 6 times"):
        caller.get_json(f"{service.origin}/table")
    assert len(service.calls) == 6


def test_a_query_survives_a_redirect_or_says_that_it_does_not(
    service: Canned, caller: Caller
) -> None:
    service.faults = ["redirect"]
    caller.call("POST", f"{service.origin}/table", body={"query": 1})
    assert [request.method for request in service.requests] == ["POST", "POST"]
    assert service.requests[-1].json == {"query": 1}
    service.faults = ["redirect_found"]
    with pytest.raises(SourceUnavailable, match="takes no queries any more"):
        caller.call("POST", f"{service.origin}/table", body={"query": 1})


def test_an_unchanged_document_is_not_sent_again(service: Canned, caller: Caller) -> None:
    url = f"{service.origin}/table"
    first = caller.call("GET", url)
    again = caller.call("GET", url, etag=first.etag, verify=_refuse)
    assert (first.is_unchanged, again.is_unchanged, again.content) == (False, True, b"")
    service.answers["/table"] = b"[2]"
    assert caller.call("GET", url, etag=first.etag).json == [2]


def _refuse(answer: Answer) -> None:
    raise AssertionError("an unchanged answer has nothing to verify")


def test_parameters_join_those_of_the_address(service: Canned, caller: Caller) -> None:
    caller.get_json(f"{service.origin}/table?config", {"lang": "fi", "years": ["2024", "2025"]})
    assert service.requests[0].query == {"config": [""], "lang": ["fi"], "years": ["2024", "2025"]}


def test_a_refusal_is_waited_out_before_anything_else(service: Canned, caller: Caller) -> None:
    service.storm, service.window = 1, 0.9  # a whole second in the header
    assert caller.get_json(f"{service.origin}/table") == DOCUMENT
    refused_at, next_at = service.calls
    assert next_at - refused_at >= 0.98


def test_a_busy_service_that_says_how_long_is_left_alone(service: Canned, caller: Caller) -> None:
    service.faults = ["503_later"]
    caller.get_json(f"{service.origin}/table")
    refused_at, next_at = service.calls
    assert next_at - refused_at >= 0.98


class FakeTime:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now, self.waited = time.time(), 0.0

    def sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.now += seconds


@pytest.mark.parametrize(("says_when", "silence"), [(True, 50.0), (False, 60.0)])
def test_a_storm_of_refusals_ends_in_an_error_after_whole_windows(
    service: Canned, caller: Caller, state_dir: Any, says_when: bool, silence: float
) -> None:
    clock = FakeTime()
    limiter = CallLimiter(state_dir, "storm", clock=lambda: clock.now, sleep=clock.sleep)
    service.storm, service.window, service.no_retry_after = 99, 50.0, not says_when
    with pytest.raises(SourceUnavailable, match=r"refused 3 times .*429"):
        replace(caller, limiter=limiter).get_json(f"{service.origin}/table")
    assert len(service.calls) == 3
    assert clock.waited == pytest.approx(2 * silence, abs=1)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("5", 5), ("0", 60), ("-3", 60), ("nan", 60), ("inf", 86400), ("soon", 60), ("", 60)],
)
def test_how_long_a_refusal_silences(
    service: Canned, caller: Caller, state_dir: Any, given: str, seconds: float
) -> None:
    clock = FakeTime()
    limiter = CallLimiter(
        state_dir, "g", clock=lambda: clock.now, sleep=clock.sleep, max_wait=100_000
    )
    service.answers["/busy"] = Reply(429, b"", "text/html", {"Retry-After": given})
    patience = replace(caller.patience, refusals=2)
    with pytest.raises(SourceUnavailable, match="refused 2 times"):
        replace(caller, limiter=limiter, patience=patience).get_json(f"{service.origin}/busy")
    assert clock.waited == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no address",
        "http://[::1",
        "http://a:99999/",
        "ftp://127.0.0.1/x",
        "http://\x00/",
        "//x",
    ],
)
@pytest.mark.parametrize("params", [None, {"a": "b"}])
def test_a_wrong_address_is_refused_in_words(
    caller: Caller, url: str, params: dict[str, str] | None
) -> None:
    with pytest.raises(SourceUnavailable):
        caller.call("GET", url, params=params)


def test_a_service_that_is_not_there_is_unavailable(caller: Caller) -> None:
    with pytest.raises(SourceUnavailable, match="could not be read, 3 times"):
        caller.get_json("http://127.0.0.1:9/table")


def test_a_verdict_of_the_client_is_final_and_a_passing_one_is_not(
    service: Canned, caller: Caller
) -> None:
    def never(answer: Answer) -> None:
        raise SourceUnavailable("It is another table.")

    def later(answer: Answer) -> None:
        if len(service.calls) < 3:
            raise PassingProblem("it is not ready")

    with pytest.raises(SourceUnavailable, match="another table"):
        caller.call("GET", f"{service.origin}/table", verify=never)
    assert len(service.calls) == 1
    assert caller.call("GET", f"{service.origin}/table", verify=later).json == DOCUMENT
    assert len(service.calls) == 3


@settings(max_examples=60, deadline=None)
@given(
    status=st.sampled_from([200, 201, 204, 206, 301, 304, 400, 404, 408, 418, 500, 599]),
    body=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "text/html", "", "json", "application/json;;="]),
    headers=st.dictionaries(
        st.sampled_from(["Content-Encoding", "Location", "ETag", "Retry-After"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=12),
    ),
)
def test_no_answer_raises_anything_but_a_readable_error(
    fuzzed: tuple[Canned, Caller], status: int, body: bytes, kind: str, headers: dict[str, str]
) -> None:
    service, caller = fuzzed
    sendable = {k: v.encode("latin-1", "ignore").decode("latin-1") for k, v in headers.items()}
    service.answers["/x"] = Reply(status, body if status not in (204, 304) else b"", kind, sendable)
    try:
        answer = caller.call("GET", f"{service.origin}/x", etag=headers.get("ETag"))
    except SourceUnavailable:
        pass  # any other error fails the test
    else:
        assert answer.status == 304 or answer.json == json.loads(body.removeprefix(b"\xef\xbb\xbf"))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: Any, client: httpx.Client) -> Any:
    service = Canned({}, max_calls=10**9)
    limiter = CallLimiter(tmp_path_factory.mktemp("limiter"), "fuzz", max_calls=10**9)
    yield service, Caller(limiter, client, Patience(attempts=1, first_wait=0.001))
    service.close()


def test_a_host_where_nobody_answers_is_not_asked_again_by_the_same_caller(
    caller: Caller,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(SourceUnavailable, match=r"3 times in a row; .* nobody answered there"):
        caller.call("GET", address)
    with pytest.raises(SourceUnavailable, match="could not be reached a moment ago"):
        caller.call("GET", address + "other")
    fresh = Caller(caller.limiter, caller.client, caller.patience)
    with pytest.raises(SourceUnavailable, match="3 times in a row"):
        fresh.call("GET", address)
