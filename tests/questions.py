"""The documented questions of a steering group (`docs/questions.md`): queries by their heading."""

from __future__ import annotations

import re

from assets.settings import PROJECT_ROOT

_SQL = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def questions() -> dict[str, str]:
    """SQL of every question, by the question; each has one."""
    text = (PROJECT_ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    found = {}
    for section in text.split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        (found[title],) = _SQL.findall(rest)
    return found
