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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from assets.formats.cube import WEB_PAGE, CodedRows, Dimension, FloatArray, Int32Array
from assets.formats.json_values import LIST, OBJECT, of_another_kind, parsed_json
from assets.languages import AND, Text, linked
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Reason, listing

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
_NAMES = {"primary": "primary value", "absolute": "absolute value"}
"""How the service writes the columns of values."""

_FORMAT = "Sotkanet"
_TEXT_OR_NUMBER = Text(fi="teksti tai luku", sv="en text eller ett tal", en="a text or a number")
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
    entries = parsed_json(document, _FORMAT)
    if not isinstance(entries, list):
        raise UnreadableDelivery(of_another_kind(_FORMAT, "regions", entries, LIST))
    regions: dict[str, SotkanetRegion] = {}
    for number, entry in enumerate(entries, start=1):
        region = _region(entry, f"regions[{number}]", language)
        known = regions.setdefault(region.id, region)
        if known.key != region.key:
            # Either of the two would put the numbers on a region that may be the wrong one.
            raise UnreadableDelivery(
                Reason(
                    "sotkanet_region_twice",
                    text=region.id,
                    first=known.key,
                    second=region.key,
                    at=number,
                )
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
        raise UnreadableDelivery(Reason("file_empty"))
    if body[:1] == b"<":
        begins = body[:60].decode("utf-8", "replace")
        raise UnreadableDelivery(
            Reason("not_the_format", what=WEB_PAGE, format=_FORMAT, begins=begins)
        )
    columns = _columns_of_json(body) if body[:1] in b"[{" else _columns_of_csv(body)
    if value not in columns:
        raise _lacks([value], columns)
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
        raise UnreadableDelivery(of_another_kind(_FORMAT, where, entry, OBJECT))
    identifier = _scalar(entry.get("id"), f"{where}.id")
    if not identifier:
        raise UnreadableDelivery(of_another_kind(_FORMAT, f"{where}.id", None, _TEXT_OR_NUMBER))
    code = _scalar(entry.get("code"), f"{where}.code")
    category = _scalar(entry.get("category"), f"{where}.category")
    title = entry.get("title")
    if isinstance(title, dict):
        title = next((title[key] for key in (language, "fi", *title) if title.get(key)), None)
    name = _scalar(title, f"{where}.title") or f"{category} {code}".strip() or identifier
    return SotkanetRegion(identifier, code, category, name)


def _columns_of_csv(body: bytes) -> dict[str, pa.Array]:
    """The known columns of the CSV form, as text. No value holds a semicolon or a line end."""
    header = re.split(rb"[\r\n]", body, maxsplit=1)[0]
    try:
        written = header.decode("utf-8").split(";")
    except UnicodeDecodeError:
        raise UnreadableDelivery(Reason("not_utf8", format=_FORMAT, line=1)) from None
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


def _csv_problem(body: bytes, expected: int, problem: Exception) -> Reason:
    """What is wrong and in which line; Arrow itself says neither for every cause."""
    for number, line in enumerate(body.splitlines(), start=1):
        if line and line.count(b";") + 1 != expected:
            return Reason(
                "line_of_other_width",
                format=_FORMAT,
                line=number,
                found=line.count(b";") + 1,
                expected=expected,
            )
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return Reason("not_utf8", format=_FORMAT, line=number)
    message = Reason("reader_message", message=str(problem)[:200])
    return Reason("table_not_read", format=_FORMAT, problem=message)


def _columns_of_json(body: bytes) -> dict[str, pa.Array]:
    entries = parsed_json(body, _FORMAT)
    if not isinstance(entries, list):
        message = entries.get("error") if isinstance(entries, dict) else None
        if isinstance(message, str):
            raise UnreadableDelivery(
                Reason("answer_is_an_error", format=_FORMAT, message=message[:300])
            )
        raise UnreadableDelivery(of_another_kind(_FORMAT, "document", entries, LIST))
    written: dict[str, None] = {}
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise UnreadableDelivery(of_another_kind(_FORMAT, f"[{number}]", entry, OBJECT))
        written.update(dict.fromkeys(entry))
    if not entries:
        # An answer without observations, not one without columns.
        return {name: pa.array([], pa.string()) for name in dict.fromkeys(_ALIASES.values())}
    columns: dict[str, pa.Array] = {}
    for key, name in zip(written, _canonical(list(written)), strict=True):
        if name:
            texts = [
                _scalar(entry.get(key), f"[{number}].{key[:60]}")
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
            raise UnreadableDelivery(Reason("variable_twice", format=_FORMAT, text=name))
    lacking = [name for name in ("region", "year") if name not in known]
    if lacking or not {"primary", "absolute"} & set(known):
        raise _lacks(lacking or ["primary"], written)
    return names


def _lacks(missing: Sequence[str], columns: Iterable[str]) -> UnreadableDelivery:
    names = [_NAMES.get(name, name) for name in missing]
    both = linked(AND, names)
    reason = Reason("columns_missing", format=_FORMAT, missing=both, listed=listing(columns))
    return UnreadableDelivery(reason)


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


def _scalar(raw: Any, where: str) -> str:
    """A text or number as text; "" for null."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    raise UnreadableDelivery(of_another_kind(_FORMAT, where, raw, _TEXT_OR_NUMBER))
