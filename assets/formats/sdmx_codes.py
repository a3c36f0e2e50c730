"""The SDMX code lists of the observation and the confidentiality status.

What belongs here: what a letter of OBS_STATUS and CONF_STATUS says of a value. What does not:
Eurostat's own flags (`eurostat_flags.py`), which are small letters.

Source of the rules: the SDMX cross-domain code lists CL_OBS_STATUS and CL_CONF_STATUS.
"""

from __future__ import annotations

from assets.vocabulary import NotUnderstood
from assets.vocabulary.reasons import Reason

_OBSERVED = frozenset("ABDEFGHIJKLMNOPQSUVW")
_CONFIDENTIAL = frozenset("ACDEFGMNOPRST")
#: Letters that some offices write for a value that is simply there.
_FREE = frozenset({"", "F", "Z", "_Z"})


def sdmx_status_of(status: str) -> tuple[str, str]:
    """The observation and the confidentiality status of a row.

    Args:
        status: OBS_STATUS, with a confidentiality status behind a bar (`A|N`, `|C`).

    Returns:
        `obs_status`: as delivered, A where it is empty; Q for a value that the source restricts.
        `conf_status`: as delivered, F where it is empty.

    Raises:
        NotUnderstood: a code that is in neither list.
    """
    observed, _, confidential = status.partition("|")
    observed, confidential = observed.strip() or "A", confidential.strip()
    if observed not in _OBSERVED:
        raise NotUnderstood(Reason("symbol_without_meaning", symbol=observed))
    if confidential in _FREE:
        return observed, "F"
    if confidential not in _CONFIDENTIAL:
        raise NotUnderstood(Reason("symbol_without_meaning", symbol=confidential))
    return "Q", confidential
