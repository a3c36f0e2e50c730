"""The languages of the people who deliver: declared here, once.

Whatever they read or write by (meanings of columns, headers, names of words, forms of a workbook)
is an `Each`: nothing can be said in one language only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Each(NamedTuple, Generic[T]):
    """The same thing in every language; its fields are the languages."""

    fi: T
    sv: T
    en: T

    def of(self, language: str) -> T:
        """The thing in one of `LANGUAGES`."""
        found: T = getattr(self, language)
        return found


LANGUAGES: tuple[str, ...] = Each._fields
"""Codes of the languages (ISO 639-1), in the order in which files and columns of them stand."""
Text = Each[str]
"""A text for people."""


def in_each(make: Callable[[str], T]) -> Each[T]:
    """What `make` gives for each of `LANGUAGES`."""
    return Each(*map(make, LANGUAGES))


def same(thing: T) -> Each[T]:
    """What every language has alike, such as a code."""
    return in_each(lambda _: thing)


AND = Text(fi=" ja ", sv=" och ", en=" and ")
OR = Text(fi=" tai ", sv=" eller ", en=" or ")


def linked(word: Text, parts: Iterable[str]) -> Text:
    """Names or codes with a word between them."""
    given = tuple(parts)
    return in_each(lambda language: word.of(language).join(given))
