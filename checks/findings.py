"""The result of a check, for the person who has to act on it.

The result type of every check. Elsewhere: the checks themselves, and Dagster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

#: Most offending rows that a finding shows; the others are only counted.
MAX_SAMPLES = 10
#: Characters of one cell that a sample table shows.
MAX_CELL = 80

_MARKDOWN = str.maketrans(
    {
        "\\": "\\\\",
        "|": "\\|",
        "`": "\\`",
        "*": "\\*",
        "[": "\\[",
        "]": "\\]",
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
    }
)


@dataclass(frozen=True)
class Finding:
    """The result of one rule on one asset.

    Attributes:
        asset_key: the asset that was judged, e.g. `("raw", "measurements")`.
        check: name of the rule, in snake_case.
        description: what the rule demands, and how much of the data was looked at.
        passed: whether every row that was looked at keeps the rule.
        is_blocking: whether a failure must stop the publication (severity error), or is only
            reported (severity warn).
        count: rows that break the rule; a delivery that breaks it without having a row counts
            as one.
        checked: rows that were looked at.
        samples: at most `MAX_SAMPLES` offending rows: source, file, line and the offending
            cells, as text.
        what_to_do: one or two sentences that a data engineer can act on.
    """

    asset_key: tuple[str, ...]
    check: str
    description: str
    passed: bool
    is_blocking: bool
    count: int
    checked: int
    samples: list[dict[str, str]] = field(default_factory=list)
    what_to_do: str = ""


def to_markdown(samples: Sequence[Mapping[str, str]], max_cell: int = MAX_CELL) -> str:
    """A Markdown table of sample rows, the empty text where there is none.

    Cells come from deliveries: whatever Markdown or HTML would read as markup is escaped, line
    breaks become blanks, and long text is cut to `max_cell` characters. Columns stand in the
    order in which the rows first mention them; one that is empty in all rows is left out.
    """
    mentioned = dict.fromkeys(name for row in samples for name in row)
    columns = [name for name in mentioned if any(row.get(name) for row in samples)]
    if not columns:
        return ""
    table = [
        columns,
        *([row.get(name, "") for name in columns] for row in samples),
    ]
    lines = ["| " + " | ".join(_cell(text, max_cell) for text in row) + " |" for row in table]
    lines.insert(1, "|" + " --- |" * len(columns))
    return "\n".join(lines)


def _cell(text: str, max_cell: int) -> str:
    flat = " ".join(text.split())
    cut = flat if len(flat) <= max_cell else flat[: max_cell - 1] + "…"
    return cut.translate(_MARKDOWN)


def remembered_findings(
    path: Path, fingerprint: str, judge: Callable[[], list[Finding]]
) -> list[Finding]:
    """Findings of a state of the data: computed once, then read from the file until it changes.

    Args:
        path: where they are kept.
        fingerprint: of everything that the findings rest on.
        judge: makes them.
    """
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["fingerprint"] == fingerprint:
            return [Finding(**{**f, "asset_key": tuple(f["asset_key"])}) for f in kept["findings"]]
    findings = judge()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"fingerprint": fingerprint, "findings": [asdict(f) for f in findings]}),
        encoding="utf-8",
    )
    return findings
