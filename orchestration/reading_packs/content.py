"""What is in a reading pack: its sections and what they come to, out of a publication.

What belongs here: the rows as people are told of them, and the first lines of the pack. What does
not: which rows a section has (`dbt_project/models/functions/reading_packs`), its headings and words
(`sections.yaml`, `words.yaml`), how it looks (`files`), and when a pack is frozen (`freezing`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from orchestration.reading_packs.numbers import day, number, period, with_sign
from orchestration.reading_packs.sections import Section, all_sections, words

_POINTS = "%-yks."


def pack_content(
    marts: duckdb.DuckDBPyConnection,
    manifest: Mapping[str, Any],
    region: str,
    planned_on: date,
    today: date,
) -> dict[str, Any]:
    """Everything that a pack says; days and numbers as such, not yet as JSON.

    Args:
        marts: an opened publication.
        manifest: its manifest.
        region: typed code.
        planned_on: planned day of the meeting.
        today: day on which the pack is frozen.
    """
    told = words()
    rows = {
        section.key: _rows(marts, section, [region, planned_on])
        for section in all_sections().sections
    }
    for figure in (*rows["figures"], *rows["segments"]):
        figure["change_shown"] = _change(figure)
        figure["remarks"] = "; ".join(_remarks(figure, told))
    for measure in rows["measures"]:
        measure["target_shown"] = _target(measure, told)
        measure["status_shown"] = _status(measure, told)
    names = marts.execute(
        "select own.name_fi, around.name_fi from dim_region as own "
        "left join dim_region as around on own.mk = around.region and around.is_newest "
        "where own.region = ? order by own.classification_year desc limit 1",
        [region],
    ).fetchone()
    content: dict[str, Any] = {
        "region": region,
        "region_name": names[0] if names else region,
        "mk_name": names[1] if names else None,
        "group_name": "steering_group",
        "planned_on": planned_on,
        "frozen_on": today,
        "publication": manifest["id"],
        "published_at": manifest["published_at"],
        "publication_hash": manifest["content_hash"],
        "is_sample": manifest["sources"] == "sample",
        "summary": summary(rows, planned_on),
        "words": told,
        "sections": [
            {
                **section.model_dump(exclude={"columns"}),
                "columns": [
                    {"name": name, **column.model_dump()}
                    for name, column in section.columns.items()
                ],
                "rows": rows[section.key],
            }
            for section in all_sections().sections
        ],
    }
    return content | {"content_hash": hashlib.sha256(as_json(content)).hexdigest()}


def _rows(
    marts: duckdb.DuckDBPyConnection, section: Section, asked: Sequence[Any]
) -> list[dict[str, Any]]:
    found = marts.execute(f"from reading_pack_{section.function or section.key}(?, ?)", list(asked))
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if section.segments:
        rows = [r for r in rows if (r["segment"] == "total") == (section.segments == "total")]
    return rows


def as_json(content: Mapping[str, Any]) -> bytes:
    """The bytes of `pack.json`."""

    def told(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    return (json.dumps(content, ensure_ascii=False, indent=1, default=told) + "\n").encode()


def _change(figure: Mapping[str, Any]) -> str | None:
    """The change on the year: of numbers and euros in per cent, of everything else in its unit."""
    if figure["change_on_year_pct"] is not None:
        return f"{with_sign(figure['change_on_year_pct'], 1)} %"
    if figure["change_on_year"] is None or figure["unit"] == "boolean":
        return None
    change = with_sign(figure["change_on_year"], figure["decimals"])
    return f"{change} {_POINTS}" if figure["unit"] == "percent" else change


def _remarks(figure: Mapping[str, Any], told: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What a reader must know of a figure before they use it."""
    remarks = []
    if figure["missing_because"] is not None:
        remarks.append(told["missing_because"][figure["missing_because"]])
    elif figure["is_running"]:
        remarks.append("jakso kesken")
    elif figure["obs_status"] in told["obs_status"]:
        remarks.append(told["obs_status"][figure["obs_status"]])
    share = figure["coverage_share"]
    if share is not None and share < 0.9995:
        remarks.append(f"vajaa, koossa {number(min(100 * share, 99.9), 1)} %")
    if figure["overlap_share"]:
        remarks.append(
            f"päällekkäistä {number(100 * figure['overlap_share'], 1)} %, laskettu kerran"
        )
    elif figure["has_overlap"]:
        remarks.append("mitattu useammin kuin kerran")
    if figure["breaks_in_year"]:
        remarks.append("ei verrattavissa vuoden takaiseen")
    if figure["partial_period"] is not None:
        remarks.append(f"{period(figure['partial_period'])} vielä vajaa")
    if figure["is_old"]:
        remarks.append("uudempaa ei ole")
    return remarks


def _target(measure: Mapping[str, Any], told: Mapping[str, Mapping[str, str]]) -> str | None:
    if measure["target"] is None:
        return None
    side = told["target_side"].get(measure["target_side"] or "", "")
    return f"{side} {measure['target']}".strip()


def _status(measure: Mapping[str, Any], told: Mapping[str, Mapping[str, str]]) -> str | None:
    parts = [
        *([told["progress"][measure["status"]]] if measure["status"] is not None else []),
        *(["myöhässä"] if measure["is_overdue"] else []),
    ]
    return ", ".join(parts) or None


def _plan(plan: Mapping[str, Any], planned_on: date) -> str:
    """How a plan stands: when it was approved, or by when it must be."""
    year, due = plan["year"], plan["approval_due_on"]
    if plan["plan_status"] in ("approved", "late"):
        when = "myöhässä " if plan["plan_status"] == "late" else ""
        return f"Toimintasuunnitelma {year} on hyväksytty {when}{day(plan['approved_on'])}."
    if due is None:  # the annual clock does not reach its year
        return f"Toimintasuunnitelmaa {year} ei ole hyväksytty."
    if plan["plan_status"] in ("not_approved", "not_delivered"):
        verb = "oli" if due < planned_on else "on"
        return f"Toimintasuunnitelmaa {year} ei ole hyväksytty; määräpäivä {verb} {day(due)}."
    return f"Toimintasuunnitelma {year} on hyväksyttävä viimeistään {day(due)}."


def summary(rows: Mapping[str, Sequence[Mapping[str, Any]]], planned_on: date) -> list[str]:
    """The first lines of a pack: what a chair looks for before the tables."""
    lines = []
    for plan in rows["plan"]:
        text = _plan(plan, planned_on)
        if plan["measures"]:
            text += (
                f" Toimenpiteistä {plan['measures_done']}/{plan['measures']} on tehty, "
                f"{plan['measures_overdue']} on myöhässä."
            )
        lines.append(text)
    missing = sum(meeting["status"] == "missing" for meeting in rows["meetings"])
    held = sum(meeting["status"] == "held" for meeting in rows["meetings"])
    lines.append(
        f"Pidettyjä kokouksia edellisen ohjausryhmän jälkeen: {held}"
        + (f"; vuosikellon kokouksia puuttuu: {missing}." if missing else ".")
    )
    waiting = {
        finding["finding"]
        for finding in rows["findings"]
        if finding["recommended_action"] is not None and finding["decision"] is None
    }
    if waiting:
        lines.append(f"Päätöstä odottavia toimintasuosituksia: {len(waiting)}.")
    late = [gap for gap in rows["gaps"] if gap["kind"] in ("absent", "late", "partial")]
    nobody = [gap for gap in rows["gaps"] if gap["kind"] == "unknown"]
    if late:
        lines.append(
            f"Lukuja puuttuu, on myöhässä tai on vajaana {len(late)} kohdassa; "
            "lopussa on, kenen ne on määrä toimittaa."
        )
    if nobody:
        indicators = {gap["indicator_name"] for gap in nobody}
        lines.append(
            f"{len(indicators)} mittarista ei ole sovittu, kenen on määrä toimittaa ne: puuttuuko "
            "jotain, ei tiedetä."
        )
    if rows["overlaps"]:
        lines.append(f"Samaa asiaa on mitattu päällekkäin {len(rows['overlaps'])} kohdassa.")
    return lines
