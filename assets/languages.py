"""The languages of the people who deliver: declared here, once.

Whatever they read or write by (meanings of columns, headers, names of words, forms of a workbook)
is an `Each`: nothing can be said in one language only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Each(NamedTuple, Generic[T]):
    """The same thing in every language; its fields are the languages."""

    fi: T
    sv: T
    en: T

    def of(self, language: str) -> T:
        """The thing in one of `LANGUAGES`."""
        found: T = getattr(self, language)
        return found

    def mapped(self, change: Callable[[T], U]) -> Each[U]:
        """The same, changed in every language."""
        return Each(*map(change, self))


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


COMMA = same(", ")
AND = Text(fi=" ja ", sv=" och ", en=" and ")
OR = Text(fi=" tai ", sv=" eller ", en=" or ")


def linked(link: Text, parts: Iterable[Text | str]) -> Text:
    """Codes, or names in every language, with a comma or a word between them."""
    given = [part if isinstance(part, Each) else same(part) for part in parts]
    return in_each(lambda language: link.of(language).join(part.of(language) for part in given))
