"""Eurostat's dissemination API: SDMX-CSV for tables, JSON-stat for small questions.

How the service behaves (its guidelines for SDMX 2.1, API Statistics and the asynchronous API):
a key names the values of each dimension in the order of the data structure; a large extraction is
answered with 200 and an XML envelope that holds the key of a job, which is polled until its data
are there; one that is larger still is always rejected (EXTRACTION_TOO_BIG); API Statistics has no
jobs and says ASYNCHRONOUS_RESPONSE, which means "ask again later". Both come as 413. Errors are
XML faults or JSON objects, sometimes under 200. Addresses inside answers are never followed.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import orjson

from assets.errors import SourceUnavailable
from assets.services.http import Answer, Caller, Explain, PassingProblem
from assets.services.tables import Selection

TIME_PERIOD = "TIME_PERIOD"
"""The time dimension; it is no part of a key, `startPeriod` and `endPeriod` select from it."""

_PREPARING = frozenset({"SUBMITTED", "QUEUED", "PROCESSING", "DATA_NOT_YET_AVAILABLE"})
_LOST = frozenset({"EXPIRED", "UNKNOWN_REQUEST"})
_TIME_FILTERS = frozenset(
    {"time", "time_period", "sincetimeperiod", "untiltimeperiod", "lasttimeperiod"}
)
_ADVICE = {
    "100": "Check the dataset's code against Eurostat's table of contents.",
    "140": "The key must have one place per dimension; compare it with the data structure.",
    "150": "A code is not allowed in its dimension; compare the source description with the "
    "dataset's code lists.",
}


class ExtractionTooBig(SourceUnavailable):
    """The extraction exceeds the service's maximum; filter or split it.

    Attributes:
        estimated, allowed: numbers of rows from the service's message; None where it has none.
    """

    def __init__(self, text: str, estimated: int | None = None, allowed: int | None = None) -> None:
        super().__init__(text)
        self.estimated = estimated
        self.allowed = allowed


class NoResults(SourceUnavailable):
    """The service reports that no observation matches the request."""


class _JobLost(Exception):
    """The service does not know the job, or has deleted it."""


def _explain(answer: Answer) -> None:
    """Raise the error that a rejected request stands for, where the message names one."""
    if answer.status < 500:
        _raise_complaint(answer)


def _explain_job(answer: Answer) -> None:
    if answer.status == 404:
        raise _JobLost("gone (404)")
    _explain(answer)


@dataclass(frozen=True)
class Polling:
    """How long to wait for a job. Seconds; the wait doubles from `first_wait` to `longest_wait`."""

    first_wait: float = 5.0
    longest_wait: float = 60.0
    deadline: float = 1800.0


@dataclass(frozen=True)
class Eurostat:
    """Eurostat's dissemination service.

    Attributes:
        caller: how calls are made.
        base_url: address of the API without service and version.
        language: language of labels: EN, FR or DE; codes do not depend on it.
        polling: how long one call waits for a job.
        jobs: a folder for the keys of jobs, one small file per request; made when absent. With
            it a request whose job outlived the deadline or the process goes on waiting for the
            same job the next time; without it the job is asked for anew.
    """

    caller: Caller
    base_url: str = "https://ec.europa.eu/eurostat/api/dissemination"
    language: str = "EN"
    polling: Polling = field(default_factory=Polling)
    jobs: Path | None = None
    _dimensions: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def dimensions(self, dataflow: str) -> tuple[str, ...]:
        """The dimensions of a dataset in the order of its keys, without the time dimension.

        Asked for once per client.

        Raises:
            SourceUnavailable: no usable answer.
        """
        if dataflow not in self._dimensions:
            url = self._url(f"sdmx/2.1/datastructure/ESTAT/{_segment(dataflow)}")
            answer = self.caller.call("GET", url, expect=("xml",), explain=_explain)
            _raise_complaint(answer)
            found = _key_order(answer)
            if not found:
                raise SourceUnavailable(
                    f"The data structure at {url} lists no dimensions, so no key can be made. "
                    "Check the dataset's code in the source description."
                )
            self._dimensions[dataflow] = found
        return self._dimensions[dataflow]

    def sdmx_csv(
        self,
        dataflow: str,
        key: Selection | str = "",
        start_period: str | None = None,
        end_period: str | None = None,
        *,
        edition: str | None = None,
    ) -> Answer:
        """The observations of a dataset as SDMX-CSV 1.0, decompressed.

        Waits for the job where the service makes one. An answer without observations is a good
        one; see `is_empty`.

        Args:
            dataflow: the dataset's code (`nama_10r_3gdp`).
            key: dimension -> codes; dimensions that are left out, or given without codes, are
                not filtered. A text is used as it stands (`A.EUR_HAB.FI1C1+FI1C2`).
            start_period: the first period that is wanted; None for the first there is.
            end_period: the last period that is wanted; None for the last there is.
            edition: what `edition` said; a job that was asked for in another one is left alone.

        Raises:
            ExtractionTooBig: more rows than the service gives; `sdmx_csv_parts` splits.
            NoResults: no observation fits.
            SourceUnavailable: no usable answer, a job that failed, or one that is not done when
                the time to wait is over.
        """
        path = key if isinstance(key, str) else self._key(dataflow, key)
        if not re.fullmatch(r"[A-Za-z0-9_$@+.\-]*", path):
            raise SourceUnavailable(
                f"{path[:80]!r} is no SDMX key for {dataflow}. Correct the source description."
            )
        url = self._url("/".join(["sdmx/2.1/data", _segment(dataflow), *([path] if path else [])]))
        params = {"format": "SDMX-CSV", "compressed": "true"}
        if start_period is not None:
            params["startPeriod"] = start_period
        if end_period is not None:
            params["endPeriod"] = end_period
        request = f"{url}?{urlencode(params)}"
        if job := self._stored(request, edition):
            try:
                return self._collect(request, job)
            except _JobLost:
                pass  # The service deletes results after some days; repeat the request.
        answer = self._extraction(url, params)
        queued = _job_of(answer)
        if queued is None:
            return answer
        self._store(request, queued, edition)
        try:
            return self._collect(request, queued)
        except _JobLost as lost:
            raise SourceUnavailable(
                f"Eurostat took {request} as job {queued} and then said that the job is {lost}. "
                "Run again later."
            ) from None

    def sdmx_csv_parts(
        self,
        dataflow: str,
        key: Selection,
        periods: Sequence[str] = (),
        split: Sequence[str] = ("geo",),
        *,
        edition: str | None = None,
    ) -> Iterator[Answer]:
        """As `sdmx_csv`, cut into several answers where the service says that it is too big.

        Cut only when it must be: first over the periods, then over the dimensions of `split`,
        always in the order given, into as many even runs as the service's own estimate calls for,
        or into halves where it gives none. Every observation is in exactly one answer; parts
        without observations are left out. The calls are made as the answers are taken.

        Args:
            dataflow: the dataset's code.
            key: dimension -> codes; see `sdmx_csv`.
            periods: every period from the first to the last wanted, in order; empty for all,
                which then cannot be cut over time.
            split: dimensions of `key` that may be cut, first the one to cut first.
            edition: see `sdmx_csv`.

        Raises:
            ExtractionTooBig: too big, and nothing is left to cut.
            NoResults: no part has an observation.
            SourceUnavailable: as `sdmx_csv`, or the dataset was updated between two parts.
            ValueError: a dimension of `split` that `key` does not list.
        """
        missing = [code for code in split if code not in key]
        if missing:
            raise ValueError(f"cannot split over {', '.join(missing)}: no codes are listed")
        listed = {TIME_PERIOD: periods, **key}
        # A code that is listed twice would be requested in two parts.
        whole = {code: tuple(dict.fromkeys(values)) for code, values in listed.items()}
        first_update: str | None = None
        nothing: NoResults | None = None
        waiting = [whole]
        while waiting:
            part = waiting.pop(0)
            times = part[TIME_PERIOD]
            codes = {code: values for code, values in part.items() if code != TIME_PERIOD}
            try:
                answer = self.sdmx_csv(
                    dataflow,
                    codes,
                    times[0] if times else None,
                    times[-1] if times else None,
                    edition=edition,
                )
            except ExtractionTooBig as problem:
                over = next((c for c in (TIME_PERIOD, *split) if len(part[c]) > 1), None)
                if over is None:
                    raise
                runs = _runs(part[over], problem)
                waiting[:0] = [{**part, over: run} for run in runs]
                continue
            except NoResults as problem:
                nothing = problem
                continue
            if is_empty(answer):
                nothing = NoResults(f"{answer.url} has no observation for what was asked.")
                continue
            update = _last_update(answer.content)
            if first_update is not None and update != first_update:
                raise SourceUnavailable(
                    f"Eurostat updated {dataflow} while it was being fetched ({first_update}, then "
                    f"{update}); the parts do not belong together. Run again."
                )
            first_update = update
            yield answer
        if first_update is None and nothing is not None:
            raise nothing

    def statistics(
        self, dataset: str, params: Mapping[str, str | Sequence[str]] | None = None
    ) -> Answer:
        """A small selection of a dataset as JSON-stat 2.

        An answer without values is a good one; see `is_empty`.

        Args:
            dataset: the dataset's code.
            params: filters by dimension code, and `geoLevel`, `sinceTimePeriod`,
                `untilTimePeriod` or `lastTimePeriod`; several values repeat the parameter.

        Raises:
            ExtractionTooBig: more than the service gives.
            NoResults: the service says that nothing fits.
            SourceUnavailable: no usable answer, also when the service prepares the answer and
                did not have it after all tries.
        """
        filters: dict[str, str | list[str]] = {"format": "JSON", "lang": self.language}
        for name, value in (params or {}).items():
            filters[name] = value if isinstance(value, str) else list(value)
        url = self._url(f"statistics/1.0/data/{_segment(dataset)}")
        return self.caller.call(
            "GET", url, params=filters, verify=_verify_dataset, explain=_explain
        )

    def edition(
        self, dataset: str, params: Mapping[str, str | Sequence[str]] | None = None
    ) -> str | None:
        """The `updated` of a dataset as written, in one light call; None where it is not said.

        Two equal texts mean unchanged data. Asked is the last period alone, of the first value of
        each filter; `params` should name one geo.

        Raises:
            SourceUnavailable: no usable answer.
        """
        probe = {"lastTimePeriod": "1"}
        for name, value in (params or {}).items():
            if name.lower() not in _TIME_FILTERS and value:
                probe[name] = value if isinstance(value, str) else value[0]
        try:
            updated = self.statistics(dataset, probe).json.get("updated")
        except NoResults:
            return None
        return updated if isinstance(updated, str) else None

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"

    def _key(self, dataflow: str, selection: Selection) -> str:
        """The key of a selection: one place per dimension, empty for one that is not filtered."""
        wanted = {name.lower(): codes for name, codes in selection.items() if codes}
        if not wanted:
            return ""
        order = self.dimensions(dataflow)
        unknown = sorted(set(wanted) - {name.lower() for name in order})
        if unknown:
            raise SourceUnavailable(
                f"The dataset {dataflow} has no dimension {', '.join(unknown)}; it has "
                f"{', '.join(order)}. Correct the source description."
            )
        places = []
        for name in order:
            codes = wanted.get(name.lower(), ())
            for code in codes:
                if not re.fullmatch(r"[A-Za-z0-9_$@\-]+", code):
                    raise SourceUnavailable(
                        f"{code[:80]!r} is no SDMX code for dimension {name} of {dataflow}. "
                        "Correct the source description."
                    )
            places.append("+".join(codes))
        return ".".join(places)

    def _extraction(
        self, url: str, params: Mapping[str, str] | None = None, explain: Explain = _explain
    ) -> Answer:
        """One call that answers with SDMX-CSV, or with the envelope of a job."""
        unpacked: list[Answer] = []

        def unpack(answer: Answer) -> None:
            unpacked[:] = [_unpack(answer, self.caller.patience.max_bytes)]

        self.caller.call("GET", url, params=params, expect=(), verify=unpack, explain=explain)
        return unpacked[0]

    def _collect(self, request: str, job: str) -> Answer:
        """Wait for a job and fetch its data; its key is kept until they are there.

        Raises:
            _JobLost: the service no longer has it.
            SourceUnavailable: it failed, or is not done when the time to wait is over.
        """
        polling = self.polling
        ends = time.monotonic() + polling.deadline
        wait = polling.first_wait
        try:
            while (status := self._status(job)) != "AVAILABLE":
                if status in _LOST:
                    raise _JobLost(status)
                if status not in _PREPARING:
                    self._forget(request)
                    raise SourceUnavailable(
                        f"Eurostat could not prepare {request}: its job {job} ended as {status!r}. "
                        "Run again later; if it stays so, ask for less at a time."
                    )
                left = ends - time.monotonic()
                if left <= 0:
                    kept = "goes on waiting for the same job" if self.jobs else "asks for it anew"
                    raise SourceUnavailable(
                        f"Eurostat was still preparing {request} after {polling.deadline:g} "
                        f"seconds (job {job}, {status}). The next run {kept}."
                    )
                time.sleep(min(wait, left))
                wait = min(wait * 2, polling.longest_wait)
            url = self._url(f"1.0/async/data/{job}")
            answer = self._extraction(url, explain=_explain_job)
        except _JobLost:
            self._forget(request)
            raise
        self._forget(request)
        if _job_of(answer) is not None:
            raise SourceUnavailable(
                f"{url} answered with a job again instead of the data that it announced. Run "
                "again later."
            )
        return replace(answer, url=request)

    def _status(self, job: str) -> str:
        url = self._url(f"1.0/async/status/{job}")
        answer = self.caller.call("GET", url, expect=("xml",), explain=_explain_job)
        root = _xml(answer.content)
        found = [] if root is None else [e for e in _named(root, "status") if len(e) == 0]
        if not found:
            _raise_complaint(answer)
            raise SourceUnavailable(
                f"The answer of {url} does not say how the job stands: {answer.excerpt}"
            )
        return (found[0].text or "").strip().upper()

    def _job_file(self, request: str) -> Path | None:
        if self.jobs is None:
            return None
        name = hashlib.sha256(request.encode()).hexdigest()[:32]
        return self.jobs / f"{name}.job.json"

    def _stored(self, request: str, edition: str | None) -> str | None:
        """The job that an earlier run requested for the same request and edition."""
        file = self._job_file(request)
        if file is None:
            return None
        try:
            stored = orjson.loads(file.read_bytes())
            job = stored["job"] if stored["edition"] == edition else None
        except (OSError, ValueError, TypeError, KeyError):
            return None  # Absent or damaged: request a new job.
        return job if isinstance(job, str) and _is_job(job) else None

    def _store(self, request: str, job: str, edition: str | None) -> None:
        file = self._job_file(request)
        if file is None:
            return
        fresh = file.with_suffix(".new")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            note = {"request": request, "edition": edition, "job": job}
            fresh.write_bytes(orjson.dumps(note))
            fresh.replace(file)
        except OSError as problem:
            raise _cannot_note(file, problem) from problem

    def _forget(self, request: str) -> None:
        file = self._job_file(request)
        if file is None:
            return
        try:
            file.unlink(missing_ok=True)
        except OSError as problem:
            raise _cannot_note(file, problem) from problem


def is_empty(answer: Answer) -> bool:
    """Whether a valid answer has no observation: only a header, or a dataset without values."""
    if "json" in answer.kind:
        values = answer.json.get("value")
        given = values.values() if isinstance(values, dict) else values or ()
        return all(value is None for value in given)
    return re.search(rb"[\r\n]\s*\S", answer.content) is None


def _unpack(answer: Answer, limit: int) -> Answer:
    """The answer with plain content, if it is SDMX-CSV or the envelope of a job.

    Raises:
        PassingProblem: it was cut short.
        SourceUnavailable: it is anything else, or longer than `limit` bytes.
    """
    if answer.content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(answer.content)) as packed:
                plain = packed.read(limit + 1)
        except (EOFError, OSError, zlib.error) as problem:
            raise PassingProblem(
                f"the compressed answer was cut short or is damaged ({len(answer.content)} bytes, "
                f"{problem})"
            ) from problem
        if len(plain) > limit:
            raise SourceUnavailable(
                f"The answer of {answer.url} is longer than {limit} bytes when decompressed; that "
                "is no answer of the expected size. Ask for less at a time."
            )
        answer = replace(answer, content=plain)
    if not answer.content[:1000].strip():
        raise PassingProblem("the answer was empty; not even a header was there")
    if _job_of(answer) is not None:
        return answer
    _raise_complaint(answer)
    header = re.split(rb"[\r\n]", answer.content[:20_000], maxsplit=1)[0]
    if b"OBS_VALUE" not in header:
        raise SourceUnavailable(
            f"{answer.url} answered with {answer.kind or 'no content type'} that is no SDMX-CSV: "
            f"{answer.excerpt}"
        )
    return answer


def _verify_dataset(answer: Answer) -> None:
    _raise_complaint(answer)
    dataset = answer.json
    if not isinstance(dataset, dict) or not {"id", "size", "dimension"} <= set(dataset):
        raise SourceUnavailable(
            f"The answer of {answer.url} is no JSON-stat dataset: {answer.excerpt}"
        )


def _raise_complaint(answer: Answer) -> None:
    """Raise the error that an answer holds, whatever its HTTP status; return where it has none.

    Raises:
        PassingProblem: the service prepares the answer.
        SourceUnavailable: every other error; `ExtractionTooBig` and `NoResults` where it is that.
    """
    found = _complaint(answer)
    if found is None:
        return
    code, text = found
    if "EXTRACTION_TOO_BIG" in text:
        numbers = re.search(r"estimated (\d{1,18}) rows?, max authori[sz]ed is (\d{1,18})", text)
        raise ExtractionTooBig(
            f"{answer.url} is more than Eurostat gives at once: {text} Filter it, or list codes "
            "and periods by which it can be split, in the source description.",
            *(map(int, numbers.groups()) if numbers else ()),
        )
    if "ASYNCHRONOUS_RESPONSE" in text:
        raise PassingProblem(
            f"the service was still preparing the answer ({text}); filter more, or fetch the "
            "dataset as SDMX-CSV, which can wait for it"
        )
    if code == "100" and answer.status != 404 and "ERR_NOT_FOUND" not in text:
        raise NoResults(f"{answer.url} has no observation for what was asked: {text}")
    advice = _ADVICE.get(code, "Compare the source description with the dataset.")
    raise SourceUnavailable(
        f"{answer.url} was refused by Eurostat ({answer.status}, error {code or 'without code'}): "
        f"{text} {advice}"
    )


def _complaint(answer: Answer) -> tuple[str, str] | None:
    """Code and text of the error or warning that an answer consists of, in JSON or XML."""
    head = answer.content[:200].lstrip()
    if head[:1] == b"{":
        try:
            body = answer.json
        except PassingProblem:
            return None
        entries: list[Any] = []
        for name in ("error", "warning"):
            listed = body.get(name)
            entries += listed if isinstance(listed, list) else [listed]
        said = [entry for entry in entries if isinstance(entry, dict) and "label" in entry]
        if not said:
            return None
        code = str(said[0].get("id", said[0].get("status", "")))
        return code, _sentence(" ".join(str(entry["label"]) for entry in said))
    root = _xml(answer.content) if head[:1] == b"<" else None
    if root is None:
        return None
    for name, texts in (("Fault", "faultstring"), ("ErrorMessage", "Text"), ("Message", "Text")):
        for element in _named(root, name):
            words = " ".join((text.text or "").strip() for text in _named(element, texts))
            if words:
                codes = [(found.text or "").strip() for found in _named(element, "faultcode")]
                return (codes[0] if codes else element.get("code", "")), _sentence(words)
    return None


def _job_of(answer: Answer) -> str | None:
    """The key of the job that an answer announces; None without a job."""
    if answer.content[:200].lstrip()[:1] != b"<":
        return None
    root = _xml(answer.content)
    if root is None:
        return None
    # `queued/id` in the answer to a request, `key` in the answers of the asynchronous API.
    found = [e for queued in _named(root, "queued") for e in _named(queued, "id")]
    found += _named(root, "key") if _named(root, "asyncResponse") else []
    for element in found:
        job = (element.text or "").strip()
        if not _is_job(job):
            raise SourceUnavailable(
                f"{answer.url} announces a job with the unusable key {job[:80]!r}. Run again later."
            )
        return job
    return None


def _is_job(job: str) -> bool:
    """Whether a job key is safe to put into an address."""
    return re.fullmatch(r"[A-Za-z0-9-]{1,128}", job) is not None


def _key_order(answer: Answer) -> tuple[str, ...]:
    """Dimension codes of a data structure, by position; the time dimension is another element."""
    root = _xml(answer.content)
    placed = []
    for listed in [] if root is None else _named(root, "DimensionList"):
        for number, dimension in enumerate(_named(listed, "Dimension"), start=1):
            position = dimension.get("position", "")
            code = dimension.get("id")
            if code:
                placed.append(
                    (int(position) if re.fullmatch(r"[0-9]{1,4}", position) else number, code)
                )
    return tuple(code for _, code in sorted(placed, key=lambda entry: entry[0]))


def _xml(content: bytes) -> ElementTree.Element | None:
    """The root of an XML document; None for a web page and for anything that is not XML."""
    # The service never sends a document type; one could expand entities ("billion laughs").
    if b"<!DOCTYPE" in content[:10_000] or b"<!ENTITY" in content:
        return None
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def _named(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The elements of that name, in whatever namespace, at any depth."""
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]


def _last_update(content: bytes) -> str:
    """`LAST UPDATE` of the first row of an SDMX-CSV document; "" where there is none."""
    lines = content[:100_000].decode("utf-8-sig", "replace").splitlines()[:2]
    first = next(csv.DictReader(lines), {})
    return first.get("LAST UPDATE") or ""


def _runs(values: tuple[str, ...], problem: ExtractionTooBig) -> list[tuple[str, ...]]:
    """Split values into at least two even runs, in order.

    The service's estimate sets their length; without one there are two halves.
    """
    longest = -(-len(values) // 2)
    if problem.estimated and problem.allowed and problem.allowed < problem.estimated:
        longest = max(1, len(values) * problem.allowed // problem.estimated)
    count = -(-len(values) // longest)
    edges = [len(values) * n // count for n in range(count + 1)]
    return [values[start:stop] for start, stop in pairwise(edges)]


def _cannot_note(file: Path, problem: OSError) -> SourceUnavailable:
    return SourceUnavailable(
        f"The key of a job of Eurostat cannot be kept in {file.parent} ({problem.strerror}). Make "
        "the folder writable, or free space."
    )


def _segment(code: str) -> str:
    """A code, escaped as one segment of an address."""
    return quote(code, safe="$")


def _sentence(text: str) -> str:
    words = " ".join(text.split())[:500]
    return words if words.endswith((".", "!", "?")) else f"{words}."
