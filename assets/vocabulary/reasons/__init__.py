"""Why a cell, a row or a file is rejected: every kind of reason, in every language.

One catalogue for everything that is taken in, files of partners and answers of services alike. A
reason is a *code* with parameters; it is stored so, and worded where somebody reads it. It says to
its author what to write instead. What belongs here: the wordings by subject (`cells`, `rows`,
`files`, `formats`, `services`), and which parameters may repeat what was delivered. What does not:
when something is rejected (the vocabulary's parsers, readers) and of which datasets nothing may be
repeated (`assets.raw.reasons`).

Where a refusal ends up decides how it is worded. What reaches quarantine is a `Reason`: it is what
`NotUnderstood`, `UnreadableDelivery` and `Rejected` take, so mypy rejects a sentence. What only the
engineer reads who runs the platform stays an English sentence of a `TilannekuvaError`: settings,
descriptions of tables, seeds, and services that do not answer (`SourceUnavailable`), where nothing
was delivered that could lie in quarantine. The message of a library is a parameter, never a reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from typing import Any

from assets.languages import Each, Text, in_each, same
from assets.vocabulary.reasons.cells import CELLS
from assets.vocabulary.reasons.files import FILES
from assets.vocabulary.reasons.formats import FORMATS
from assets.vocabulary.reasons.rows import ROWS
from assets.vocabulary.reasons.services import SERVICES

__all__ = [
    "DETAILS",
    "OWN",
    "REASONS",
    "Given",
    "Reason",
    "joined",
    "listing",
]

#: Reasons are published, and a whole page of text may stand in a cell.
_LONGEST_QUOTE = 200
_MOST_LISTED = 5

Given = str | int | Text
"""A parameter of a reason. A text may be quoted in it, shortened where it is long."""


class Reason(str):
    """A reason as its English text; `of` words it in another language.

    Args:
        kind: which wording of `REASONS`; the reason's code.
        given: its parameters, what fills the gaps of the wording; another reason may.
    """

    __slots__ = ("given", "kind")

    kind: str
    given: Mapping[str, Given]

    def __new__(cls, kind: str, **given: Given) -> Reason:  # noqa: D102 - see the class
        short = {name: _short(name, value) for name, value in given.items()}
        reason = super().__new__(cls, _worded(kind, short, "en"))
        reason.kind = kind
        reason.given = short
        return reason

    def of(self, language: str) -> str:
        """The reason in one of `LANGUAGES`."""
        return _worded(self.kind, self.given, language)

    def parameters(self) -> str:
        """The parameters as JSON: texts, numbers, texts by language, `{"code", "parameters"}`."""
        return json.dumps(_plain(self)["parameters"], ensure_ascii=False, sort_keys=True)

    @staticmethod
    def stored(code: str | None, parameters: str | None) -> Reason:
        """A reason as it was stored, of this release or an earlier one.

        Args:
            code: its kind; None where an earlier release stored a sentence only.
            parameters: as `parameters()` gives them.
        """
        if code is None or code not in REASONS:
            return Reason("earlier_release")
        try:
            given = json.loads(parameters or "{}")
            return Reason(code, **{name: _given(value) for name, value in given.items()})
        except (KeyError, ValueError):  # another release words it with other parameters
            return Reason("earlier_release")

    def redacted(self, is_shown: Callable[[str, str], bool], hidden: str) -> Reason:
        """The same reason without the parameters that may not be shown.

        Args:
            is_shown: whether the value of a parameter, by name and value, may be shown.
            hidden: stands for one that may not.
        """

        def shown(name: str, value: Given) -> Given:
            if isinstance(value, Reason):
                return value.redacted(is_shown, hidden)
            if isinstance(value, int):
                return value
            texts = value if isinstance(value, Each) else (str(value),)
            return value if all(is_shown(name, text) for text in texts) else hidden

        return Reason(self.kind, **{name: shown(name, value) for name, value in self.given.items()})


def joined(reasons: Sequence[Reason]) -> Reason:
    """Several reasons, at least one, as one."""
    if len(reasons) == 1:
        return reasons[0]
    half = len(reasons) // 2  # halves, for a hundred nested ones are too deep for JSON
    return Reason("both_of", first=joined(reasons[:half]), second=joined(reasons[half:]))


def listing(names: Iterable[str], most: int = _MOST_LISTED) -> Text:
    """The first few of a list of names or codes, and how many more there are."""
    listed = [str(_short("", name)) for name in names]
    shown, more = ", ".join(listed[:most]), len(listed) - most
    if more <= 0:
        return same(shown)
    return Text(
        fi=f"{shown} ja {more} muuta", sv=f"{shown} och {more} till", en=f"{shown} and {more} more"
    )


def _short(name: str, value: Given) -> Given:
    if not isinstance(value, str) or isinstance(value, Reason):
        return value
    if not value.isascii():
        # JSON can hold half of a character, which no file can.
        value = value.encode("utf-8", "backslashreplace").decode()
    if len(value) <= _LONGEST_QUOTE or name in DETAILS:
        return value
    return f"{value[: _LONGEST_QUOTE // 2]} […] {value[-_LONGEST_QUOTE // 2 :]}"


def _worded(kind: str, given: Mapping[str, Given], language: str) -> str:
    parts = {
        name: value.of(language) if isinstance(value, Each | Reason) else value
        for name, value in given.items()
    }
    wording = REASONS[kind].of(language)
    if language != "en" and ":," in wording:
        return _SPACED.vformat(wording, (), parts)
    return wording.format_map(parts)


class _Spaced(Formatter):
    """Parts thousands by a space that does not break, as Finnish and Swedish do."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return text.replace(",", "\u00a0") if format_spec == "," else str(text)


_SPACED = _Spaced()


def _plain(value: Given) -> Any:
    if isinstance(value, Reason):
        return {
            "code": value.kind,
            "parameters": {name: _plain(given) for name, given in value.given.items()},
        }
    return value._asdict() if isinstance(value, Each) else value


def _given(value: Any) -> Given:
    if not isinstance(value, dict):
        return value
    if "code" in value:
        parameters = value["parameters"].items()
        return Reason(value["code"], **{name: _given(given) for name, given in parameters})
    # An earlier release had fewer languages.
    return in_each(lambda language: str(value.get(language, value["en"])))


#: Parameters that the platform knows itself: names and codes of the catalogue, limits, days that
#: were understood, numbers of rows. Any other may repeat what was delivered, so a new one is
#: shown only where a quotation may be.
OWN = frozenset(
    {
        "at", "bound", "cadence", "cells", "codes", "column", "columns", "count", "dataset", "day",
        "end", "expected", "format", "found", "given", "held", "hint", "indicator", "instead",
        "into", "known", "length", "line", "lines", "missing", "most", "names", "near", "nearest",
        "of", "one_list", "other_list", "packed", "period", "planned", "ratio", "reason", "region",
        "required", "rows", "size", "source", "start", "status", "table", "type", "types", "unit",
        "unpacked", "until", "values", "what", "width",
    }
)  # fmt: skip
#: Parameters in which a reader or a library says what it found: in a sentence, a list of codes, or
#: the beginning of a text.
DETAILS = frozenset({"begins", "changes", "fault", "listed", "message", "problem"})

_PARTS: Mapping[str, Text] = {
    # -- not from this catalogue -------------------------------------------------------------------
    "reader_message": Text(
        fi="englanniksi: {message}",
        sv="på engelska: {message}",
        en="{message}",
    ),
    "earlier_release": Text(
        fi="syyn on kirjannut ohjelman aiempi versio; se on karanteenikansiossa",
        sv="orsaken har antecknats av en tidigare version av programmet; den finns i "
        "karantänmappen",
        en="an earlier release recorded the reason as a sentence; it stands in the quarantine "
        "folder",
    ),
    # -- parts of other reasons --------------------------------------------------------------------
    "in_column": Text(
        fi="{column}: {problem}",
        sv="{column}: {problem}",
        en="{column}: {problem}",
    ),
    "both_of": Text(fi="{first}; {second}", sv="{first}; {second}", en="{first}; {second}"),
    "did_you_mean": Text(
        fi=" (tarkoititko: {near}?)",
        sv=" (menade du {near}?)",
        en=" (did you mean {near}?)",
    ),
    "report_instead": Text(
        fi="; ilmoita sen sijaan {into}",
        sv="; ange i stället {into}",
        en="; report {into} instead",
    ),
}

REASONS: Mapping[str, Text] = {**_PARTS, **CELLS, **ROWS, **FILES, **FORMATS, **SERVICES}
