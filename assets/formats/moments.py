"""The times that statistical formats carry."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time


def parse_updated(text: str | None) -> datetime | None:
    """The `updated` of a dataset as aware UTC datetime; None where it is absent or unreadable.

    PxWeb writes `2026-04-01T05:00:00Z` and, in another format, `2025-06-03T05.00.00Z`; others
    give a date alone. A time without a zone is taken as UTC.
    """
    if not text:
        return None
    dotted = re.fullmatch(r"(\d{4}-\d\d-\d\dT)(\d\d)\.(\d\d)\.(\d\d)(.*)", text.strip())
    if dotted:
        head, hour, minute, second, tail = dotted.groups()
        text = f"{head}{hour}:{minute}:{second}{tail}"
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            moment = datetime.combine(date.fromisoformat(text.strip()), time())
        except ValueError:
            return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
