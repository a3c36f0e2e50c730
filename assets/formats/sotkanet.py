"""Reading Sotkanet, the indicator bank of the Finnish institute for health and welfare (THL).

What belongs here: the CSV and JSON forms of its observations and its list of regions. What does
not: asking for them (`assets.services.sotkanet`), and what an indicator or a region means for
Tilannekuva (`assets.feeds`).

Source of the rules: the REST service version 1.1. An observation is an indicator, an internal
region id, a year, a gender (`male`, `female`, `total`), a primary value (often a rate) and an
absolute value (the count behind it). Column names are written with a space or a dot
(`primary value`, `primary.value`), in JSON `value` and `absValue`. Numbers have a decimal point;
a comma is understood too, because columns are separated by semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from assets.errors import UnreadableDelivery
from assets.formats.cube import CodedRows, Dimension, FloatArray, Int32Array

ValueColumn = Literal["primary", "absolute"]
"""Which of the two values of an observation is read."""

_ALIASES = {
    "indicator": "indicator",
    "region": "region",
    "year": "year",
    "gender": "gender",
    "primary.value": "primary",
    "value": "primary",
    "absolute.value": "absolute",
    "absvalue": "absolute",
}
_ROLES = {"indicator": "metric", "region": "geo", "year": "time"}
_NUMBER = r"^-?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,4})?$"
_LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True)
class SotkanetRegion:
    """One entry of Sotkanet's list of regions.

    Attributes:
        id: the internal id that observations carry, as text.
        code: the official code within the category, as delivered (`091`); "" where none is given.
        category: the kind of region (`KUNTA`, `MAAKUNTA`, `MAA`, ...); "" where none is given.
        title: its name.
    """

    id: str
    code: str
    category: str
    title: str

    @property
    def key(self) -> str:
        """The code that stands for the region outside Sotkanet: `KUNTA:091`.

        An internal id without an official code stays visible as `ID:<n>`.
        """
        if self.code and self.category:
            return f"{self.category}:{self.code}"
        return f"ID:{self.id}"


def read_regions(document: bytes, language: str = "fi") -> tuple[SotkanetRegion, ...]:
    """The list of regions, in the order of the document.

    Args:
        document: JSON, a list of `{"id", "code", "category", "title": {"fi", "sv", "en"}}`.
        language: language of the names; any other where the title lacks it.

    Raises:
        UnreadableDelivery: the only error; it names the entry, counted from 1.
    """
    entries = _parse(document, "list of regions")
    if not isinstance(entries, list):
        raise UnreadableDelivery(
            f"The Sotkanet list of regions is {_kind(entries)} where a list is expected."
        )
    regions: dict[str, SotkanetRegion] = {}
    for number, entry in enumerate(entries, start=1):
        region = _region(entry, f"entry {number} of the Sotkanet list of regions", language)
        known = regions.setdefault(region.id, region)
        if known.key != region.key:
            # Either of the two would put the numbers on a region that may be the wrong one.
            raise UnreadableDelivery(
                f"The Sotkanet list of regions gives id {region.id} twice: as {known.key} and, in "
                f"entry {number}, as {region.key}."
            )
    return tuple(regions.values())


def read_sotkanet(
    document: bytes, regions: bytes, value: ValueColumn = "primary", language: str = "fi"
) -> CodedRows:
    """Observations of one or more indicators, one row each, in the order of the document.

    The dimensions are, in this order and named so: `indicator`, `region` (role `geo`; the
    category and official code, `KUNTA:091`, or `ID:<n>` for an internal id that the list of
    regions lacks, so that it is seen and rejected downstream), `year` (role `time`) and `gender`;
    `indicator` and `gender` are left out where the document has no such column. An empty cell
    is the code "". A value that is no number is kept in `texts`; an empty one is a missing value.

    Args:
        document: the service's CSV or JSON answer, UTF-8.
        regions: its list of regions, see `read_regions`.
        value: which value column is read.
        language: language of the region names.

    Raises:
        UnreadableDelivery: the only error, whatever the input; it says what is wrong and where.
    """
    names = {region.id: region for region in read_regions(regions, language)}
    body = document.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise UnreadableDelivery("The Sotkanet document is empty; not even a header is there.")
    if body[:1] == b"<":
        raise UnreadableDelivery(
            "The Sotkanet document is a web page (HTML or XML), neither CSV nor JSON; it begins "
            f"with {_show(body[:60].decode('utf-8', 'replace'))}."
        )
    columns = _columns_of_json(body) if body[:1] in b"[{" else _columns_of_csv(body)
    if value not in columns:
        raise UnreadableDelivery(
            f"The Sotkanet document has no column for the {value} value; it has "
            f"{', '.join(columns)}."
        )
    texts = {name: pc.utf8_trim(column, characters='" \t') for name, column in columns.items()}
    dimensions: list[Dimension] = []
    index: list[Int32Array] = []
    for name in ("indicator", "region", "year", "gender"):
        if name in texts:
            mapping = names if name == "region" else None
            dimension, places = _dimension(name, texts[name], mapping)
            dimensions.append(dimension)
            index.append(places)
    values, other = _numbers(texts[value])
    return CodedRows(
        dimensions=tuple(dimensions),
        index=tuple(index),
        values=values,
        texts=other,
        source="Sotkanet.fi, THL",
    )


def _region(entry: Any, where: str, language: str) -> SotkanetRegion:
    if not isinstance(entry, dict):
        raise UnreadableDelivery(f"In {where} stands {_kind(entry)} instead of an object.")
    identifier = _scalar(entry.get("id"), f"'id' of {where}")
    if not identifier:
        raise UnreadableDelivery(f"There is no 'id' in {where}.")
    code = _scalar(entry.get("code"), f"'code' of {where}")
    category = _scalar(entry.get("category"), f"'category' of {where}")
    title = entry.get("title")
    if isinstance(title, dict):
        title = next((title[key] for key in (language, "fi", *title) if title.get(key)), None)
    name = _scalar(title, f"'title' of {where}") or f"{category} {code}".strip() or identifier
    return SotkanetRegion(identifier, code, category, name)


def _columns_of_csv(body: bytes) -> dict[str, pa.Array]:
    """The known columns of the CSV form, as text. No value holds a semicolon or a line end."""
    header = re.split(rb"[\r\n]", body, maxsplit=1)[0]
    try:
        written = header.decode("utf-8").split(";")
    except UnicodeDecodeError:
        raise UnreadableDelivery("The Sotkanet CSV is not UTF-8 in line 1.") from None
    names = _canonical(written)
    if len(body) == len(header):
        # Years without data: a header and no row, which Arrow does not take for a table.
        return {name: pa.array([], pa.string()) for name in names if name}
    # Arrow wants distinct names; those of columns that are not read do not matter.
    distinct = [names[column] or f"#{column}" for column in range(len(names))]
    try:
        table = pv.read_csv(
            pa.BufferReader(body),
            # A block holds whole lines, so its size bounds the longest one.
            read_options=pv.ReadOptions(
                column_names=distinct, skip_rows=1, block_size=min(len(body) + 1, _LONGEST_LINE)
            ),
            # Quotes are taken off afterwards: an unclosed one would swallow the lines behind it.
            parse_options=pv.ParseOptions(delimiter=";", quote_char=False),
            convert_options=pv.ConvertOptions(
                column_types=dict.fromkeys(distinct, pa.string()),
                include_columns=[name for name in names if name],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException as problem:
        raise UnreadableDelivery(_csv_problem(body, len(written), problem)) from None
    # Even one chunk comes as a chunked array, whose dictionaries would differ between chunks.
    return {name: pa.array(table[name].combine_chunks()) for name in table.column_names}


def _csv_problem(body: bytes, expected: int, problem: Exception) -> str:
    """What is wrong and in which line; Arrow itself says neither for every cause."""
    for number, line in enumerate(body.splitlines(), start=1):
        if line and line.count(b";") + 1 != expected:
            return (
                f"The Sotkanet CSV has {line.count(b';') + 1} columns in line {number}, but the "
                f"header has {expected}."
            )
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return f"The Sotkanet CSV is not UTF-8 in line {number}."
    return f"The Sotkanet CSV cannot be read: {_show(str(problem), 200)}."


def _columns_of_json(body: bytes) -> dict[str, pa.Array]:
    entries = _parse(body, "document")
    if not isinstance(entries, list):
        message = entries.get("error") if isinstance(entries, dict) else None
        said = f" It says {_show(message)}." if isinstance(message, str) else ""
        raise UnreadableDelivery(
            f"The Sotkanet document is {_kind(entries)} where a list of observations is expected."
            + said
        )
    written: dict[str, None] = {}
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise UnreadableDelivery(
                f"Entry {number} of the Sotkanet document is {_kind(entry)} where an object is "
                "expected."
            )
        written.update(dict.fromkeys(entry))
    if not entries:
        # An answer without observations, not one without columns.
        return {name: pa.array([], pa.string()) for name in dict.fromkeys(_ALIASES.values())}
    columns: dict[str, pa.Array] = {}
    for key, name in zip(written, _canonical(list(written)), strict=True):
        if name:
            where = f"{_show(key)} of entry"
            texts = [
                _scalar(entry.get(key), f"{where} {number} of the Sotkanet document")
                for number, entry in enumerate(entries, start=1)
            ]
            columns[name] = pa.array(texts, pa.string())
    return columns


def _canonical(written: list[str]) -> list[str | None]:
    """The meaning of each column as written; None for one that is not read."""
    names = [_ALIASES.get(re.sub(r"[^a-z]+", ".", name.lower()).strip(".")) for name in written]
    known = [name for name in names if name]
    for name in known:
        if known.count(name) > 1:
            raise UnreadableDelivery(f"The Sotkanet document has two columns for {name}.")
    lacking = [name for name in ("region", "year") if name not in known]
    if lacking or not {"primary", "absolute"} & set(known):
        raise UnreadableDelivery(
            f"The Sotkanet document has no column for {' and '.join(lacking) or 'a value'}; its "
            f"columns are {_show(', '.join(written), 200)}. Expected are indicator, region, year, "
            "gender, primary value and absolute value, separated by semicolons."
        )
    return names


def _dimension(
    name: str, column: pa.Array, regions: Mapping[str, SotkanetRegion] | None
) -> tuple[Dimension, Int32Array]:
    """A dimension and, for every row, the position of its code; codes in order of appearance."""
    encoded = column.dictionary_encode()
    codes = encoded.dictionary
    places = encoded.indices
    labels: dict[str, str] = {}
    if regions is not None:
        known = [
            regions.get(code) or SotkanetRegion(code, "", "", f"ID:{code}")
            for code in codes.to_pylist()
        ]
        labels = {region.key: region.title for region in known}
        # Several internal ids may stand for one official region.
        keys = pa.array([region.key for region in known], pa.string()).dictionary_encode()
        codes, places = keys.dictionary, keys.indices.take(places)
    found = tuple(codes.to_pylist())
    dimension = Dimension(
        code=name,
        label=name,
        codes=found,
        labels=tuple(labels.get(code, code) for code in found),
        role=_ROLES.get(name),
    )
    return dimension, places.to_numpy(zero_copy_only=False).astype(np.int32)


def _numbers(column: pa.Array) -> tuple[FloatArray, pa.Array | None]:
    """Numbers, NaN where there is none; beside them the texts that are no number."""
    nothing = pa.scalar(None, pa.string())
    numeric = pc.match_substring_regex(column, _NUMBER)
    pointed = pc.replace_substring(pc.if_else(numeric, column, nothing), ",", ".")
    numbers = pointed.cast(pa.float64())
    # 1e999 looks like a number and is none.
    endless = pc.fill_null(pc.is_inf(numbers), False)
    numbers = pc.if_else(endless, pa.scalar(None, pa.float64()), numbers)
    values: FloatArray = numbers.to_numpy(zero_copy_only=False).astype(np.float64, copy=True)
    other = pc.or_(pc.and_(pc.invert(numeric), pc.not_equal(column, "")), endless)
    if not pc.any(other).as_py():
        return values, None
    return values, pc.if_else(other, column, nothing)


def _parse(document: bytes, what: str) -> Any:
    body = document.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise UnreadableDelivery(
            f"The Sotkanet {what} is not JSON: {problem.msg} at line {problem.lineno}, column "
            f"{problem.colno}; it begins with {_show(body[:60].decode('utf-8', 'replace'))}."
        ) from None


def _scalar(raw: Any, where: str) -> str:
    """A text or number as text; "" for null."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    raise UnreadableDelivery(f"The {where} is {_kind(raw)} where a text or a number is expected.")


def _kind(raw: Any) -> str:
    """What a JSON value is, in words; never its content, which may be deep or endless."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true or false"
    for kind, words in ((str, "a text"), (dict, "an object"), (list, "a list")):
        if isinstance(raw, kind):
            return words
    return "a number"


def _show(text: str, length: int = 60) -> str:
    return repr(text if len(text) <= length else text[:length] + "...")
