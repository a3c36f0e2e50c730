"""A text in the languages of the platform's readers."""

from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    """A wording, or a part of one, that differs between the languages."""

    en: str
    fi: str
