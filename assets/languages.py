"""The languages of the people who deliver: declared here, once.

Whatever they read or write by (meanings of columns, headers, names of words, forms of a workbook)
is an `Each`: nothing can be said in one language only.
"""

from __future__ import annotations

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
