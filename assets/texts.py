"""Texts as people see them: what looks the same is the same.

A text that was copied from a web page, a PDF or another computer may hold characters that nobody
sees (zero-width spaces, soft hyphens, byte order marks), an `ä` that is an `a` and two dots, or
blanks of other widths. Compared byte by byte such an id is a new one.
"""

from __future__ import annotations

import re
import unicodedata

#: Format and control characters, and the others that Unicode says are not displayed. Blanks stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
#: Hyphens that look like the one of the keyboard.
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
_WIDE_BLANK = re.compile(r"[^\S\t\n\v\f\r ]")
#: UTF-8 that was read as Windows-1252 and saved: two signs for one letter.
_GARBLED = re.compile("Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Â[\u00a0-\u00bf]|\ufffd")


def visible(text: str) -> str:
    """A text in Unicode NFC, without invisible characters, blanks of every width plain.

    Line breaks and tabs stay; outer blanks do not.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _WIDE_BLANK.sub(" ", text).strip()


def visible_key(text: str) -> str:
    """A text that identifies something: as `visible`, on one line, with single blanks."""
    return " ".join(visible(text).translate(_HYPHENS).split())


def is_garbled(text: str) -> bool:
    """Whether the letters of a text went through a wrong encoding (`PÃ¤Ã¤tÃ¶s` for `Päätös`)."""
    return not text.isascii() and _GARBLED.search(text) is not None
