"""A proposal as files that a person reviews, and the reviewed files put into the seeds.

The files of a proposal and their validation. Elsewhere: how a proposal is made
(`assets.reference.proposal`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import orjson

from assets.errors import TilannekuvaError
from assets.reference.proposal import Proposal
from assets.reference.rules import violations
from assets.reference.seeds import REGIONS, SEEDS, Reference, Row, read_rows, text_of

SUMMARY = "README.md"
ORIGIN = "proposal.json"
"""Year and hashes of the seeds that a proposal was made from; not for editing."""
_SHOWN = 20


def write_proposal(proposal: Proposal, directory: Path) -> None:
    """Write one CSV a seed with the added and changed rows, and a summary in plain words.

    Each file has the columns of its seed; a row stands for the row with its key, and is added
    where there is none. Rows may be edited, added and taken away before they are applied.

    Raises:
        TilannekuvaError: the folder is not empty (somebody may be reviewing it), or cannot be
            written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise TilannekuvaError(
                f"{directory} is not empty; a review there would be lost. Name another folder, or "
                "delete this one first."
            )
        for seed in SEEDS:
            text = text_of(seed, proposal.rows[seed.name])
            (directory / f"{seed.name}.csv").write_text(text, encoding="utf-8", newline="")
        origin = {"year": proposal.year, "seeds": dict(proposal.hashes)}
        (directory / ORIGIN).write_bytes(orjson.dumps(origin, option=orjson.OPT_INDENT_2) + b"\n")
        (directory / SUMMARY).write_text(summary(proposal), encoding="utf-8", newline="")
    except OSError as problem:
        raise TilannekuvaError(f"{directory} cannot be written: {problem}.") from problem


def apply_proposal(directory: Path, seeds_dir: Path) -> tuple[str, ...]:
    """Write the reviewed rows of a folder into the seeds; all rows or none.

    Existing rows keep their place and text, added ones go where the seeds' order has them.
    Applied a second time, it changes nothing.

    Returns:
        Names of the seed files that changed; () where the seeds had all of it already.

    Raises:
        TilannekuvaError: a file is missing or unreadable, the seeds have changed since the
            proposal was made, or the result would not hold together; it says what and where.
    """
    year, hashes = _origin(directory / ORIGIN)
    rows = {seed.name: read_rows(directory / f"{seed.name}.csv", seed.columns) for seed in SEEDS}
    reference = Reference.read(seeds_dir)
    _reject_twice(rows, directory)
    result = reference.merged(rows)
    fresh = {s.name: text_of(s, result.rows[s.name]) for s in SEEDS}
    changed = [s.name for s in SEEDS if result.rows[s.name] != reference.rows[s.name]]
    if not changed:
        return ()
    # A row that is in place already was written by an interrupted run.
    stale = [
        seed.name
        for seed in SEEDS
        if reference.hashes[seed.name] != hashes.get(seed.name)
        and (seed.name in changed or not rows[seed.name])
    ]
    if stale:
        raise TilannekuvaError(
            f"The seeds have changed since the proposal in {directory} was made: "
            f"{', '.join(f'{name}.csv' for name in stale)} in {seeds_dir}. Propose {year} again "
            "and review the new proposal."
        )
    if broken := [*_beside_the_year(rows, reference, year), *violations(result)]:
        more = f"\n(and {len(broken) - _SHOWN} more)" if len(broken) > _SHOWN else ""
        raise TilannekuvaError(
            f"The rows in {directory} cannot be applied, because the regions would not hold "
            "together any more. Nothing was changed. Correct the rows:\n- "
            + "\n- ".join(broken[:_SHOWN])
            + more
        )
    for name in changed:
        _replace(seeds_dir / f"{name}.csv", fresh[name])
    return tuple(f"{name}.csv" for name in changed)


def summary(proposal: Proposal) -> str:
    """The proposal in plain words, as Markdown: what to decide, what changes, how many rows."""
    lines = [f"# Regions of {proposal.year}: proposed changes", ""]
    if proposal.is_empty:
        lines += [f"The record holds the keys of {proposal.year} already. Nothing changes.", ""]
    lines += ["| file | rows added | rows changed |", "| --- | --- | --- |"]
    for seed in SEEDS:
        added, rows = proposal.added[seed.name], len(proposal.rows[seed.name])
        lines.append(f"| {seed.name}.csv | {added} | {rows - added} |")
    lines += ["", "## To decide", ""]
    lines += [f"{n}. {text}" for n, text in enumerate(proposal.questions, start=1)] or [
        "Nothing stands out. Read the rows all the same."
    ]
    for heading, facts in proposal.facts.items():
        lines += ["", f"## {heading} ({len(facts)})", ""]
        lines += [f"- {fact}" for fact in facts]
    lines += [
        "",
        "## How to go on",
        "",
        "Read the CSV files beside this page. A row replaces the row of the same key in the seed,",
        "or is added. Correct rows, add some, take some away; keep codes as text (`005`), which a",
        f"spreadsheet does not do by itself. Leave `{ORIGIN}` alone. Then apply the folder.",
        "",
    ]
    return "\n".join(lines)


def _origin(path: Path) -> tuple[int, dict[str, str]]:
    try:
        origin = orjson.loads(path.read_bytes())
        return int(origin["year"]), {str(k): str(v) for k, v in origin["seeds"].items()}
    except OSError as problem:
        raise TilannekuvaError(
            f"{path} cannot be read ({problem}); {path.parent} is no proposal."
        ) from problem
    except (ValueError, TypeError, KeyError, AttributeError):
        raise TilannekuvaError(
            f"{path} does not say which seeds the proposal was made from. Propose the year again."
        ) from None


def _reject_twice(rows: Mapping[str, tuple[Row, ...]], directory: Path) -> None:
    for seed in SEEDS:
        seen: set[tuple[str, ...]] = set()
        for number, row in enumerate(rows[seed.name], start=2):
            key = seed.key_of(row)
            if key in seen:
                raise TilannekuvaError(
                    f"Row {number} of {directory / seed.name}.csv has the key {','.join(key)} for "
                    "the second time. Leave one of the two."
                )
            seen.add(key)


def _beside_the_year(
    rows: Mapping[str, tuple[Row, ...]], reference: Reference, year: int
) -> list[str]:
    """Rows that change more than the year: a proposal does not rewrite history."""
    day = f"{year}-01-01"
    dates = ("valid_from", "valid_to", "effective_on")
    found = []
    for seed in SEEDS:
        known = {seed.key_of(row): row for row in reference.rows[seed.name]}
        for row in rows[seed.name]:
            old = known.get(seed.key_of(row), dict.fromkeys(seed.columns, ""))
            changed = [c for c in dates if c in row and row[c] != old[c]]
            found += [
                f"{seed.name}: {','.join(row.values())}: {column} is {row[column] or 'empty'}, and "
                f"a proposal for {year} sets only {day}"
                for column in changed
                if row[column] != day
            ]
            if seed is REGIONS and seed.key_of(row) in known:
                found += [
                    f"{seed.name}: {','.join(row.values())}: the {column} of a region that exists "
                    "does not change"
                    for column in ("region_type", "code")
                    if row[column] != old[column]
                ]
    return found


def _replace(path: Path, text: str) -> None:
    """Write a temporary file and rename it, so that no reader sees an incomplete file."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(path)
    except OSError as problem:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise TilannekuvaError(f"{path} cannot be written: {problem}.") from problem
