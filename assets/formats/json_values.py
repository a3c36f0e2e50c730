"""What the readers of JSON formats share: parsing, and how a value of another kind is refused."""

from __future__ import annotations

from typing import Any

import orjson

from assets.formats.cube import WEB_PAGE
from assets.languages import Text
from assets.vocabulary import UnreadableDelivery
from assets.vocabulary.reasons import Given, Reason

OBJECT = Text(fi="objekti", sv="ett objekt", en="an object")
LIST = Text(fi="luettelo", sv="en lista", en="a list")
TEXT = Text(fi="teksti", sv="en text", en="a text")
WHOLE_NUMBER = Text(fi="kokonaisluku", sv="ett heltal", en="a whole number from 0 on")
_NUMBER = Text(fi="luku", sv="ett tal", en="a number")
_BOM = b"\xef\xbb\xbf"


def parsed_json(document: bytes, name: str) -> Any:
    """The value that a JSON document is.

    Args:
        document: UTF-8, with or without a byte order mark.
        name: of the format, for reasons.

    Raises:
        UnreadableDelivery: it is empty, a web page or otherwise no JSON.
    """
    body = document.removeprefix(_BOM).strip()
    if not body:
        raise UnreadableDelivery(Reason("file_empty"))
    begins = body[:60].decode("utf-8", "replace")
    if body[:1] == b"<":
        raise UnreadableDelivery(
            Reason("not_the_format", what=WEB_PAGE, format=name, begins=begins)
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise UnreadableDelivery(
            Reason(
                "not_json",
                format=name,
                problem=problem.msg,
                line=problem.lineno,
                at=problem.colno,
                begins=begins,
            )
        ) from None


def of_another_kind(name: str, place: str, found: Any, expected: Given) -> Reason:
    """Why a value is refused that is of another kind than the format wants.

    Args:
        name: of the format.
        place: path of the value in the document.
        found: the value; only its kind is repeated, it may be deep or endless.
        expected: in words.
    """
    return Reason(
        "json_of_another_kind", format=name, place=place, found=kind_of_json(found),
        expected=expected,
    )  # fmt: skip


def kind_of_json(raw: Any) -> Text:
    """What a JSON value is, in words."""
    if raw is None:
        return Text(fi="tyhjä arvo", sv="ett tomt värde", en="nothing")
    if isinstance(raw, bool):
        return Text(fi="totuusarvo", sv="ett sanningsvärde", en="true or false")
    for kind, words in ((str, TEXT), (dict, OBJECT), (list, LIST)):
        if isinstance(raw, kind):
            return words
    if isinstance(raw, int | float):
        return _NUMBER
    return Text(fi="muu arvo", sv="ett annat värde", en=f"a {type(raw).__name__}")
