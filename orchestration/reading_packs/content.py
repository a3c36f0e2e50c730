"""What is in a reading pack: its sections, out of the table functions of a publication.

What belongs here: the order of sections and their headings, in Finnish. What does not: which rows
a section has (`dbt_project/models/functions/reading_packs`), how they look (`files`), and when a
pack is frozen (`freezing`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from assets.catalogue import Catalogue
from orchestration.reading_packs.words import WORDS


@dataclass(frozen=True)
class Section:
    """A table of the pack.

    Attributes:
        key: its name in the JSON; its rows come from the function `reading_pack_<key>`.
        title: its heading, in Finnish.
        columns: names of the columns and their headings, in order.
        empty: what to say when there is no row.
    """

    key: str
    title: str
    columns: Mapping[str, str]
    empty: str


SECTIONS = (
    Section(
        "figures",
        "Luvut",
        {
            "indicator_name": "Mittari",
            "segment": "Segmentti",
            "period": "Jakso",
            "value": "Arvo",
            "unit": "Yksikkö",
            "previous_period": "Edellinen jakso",
            "previous_value": "Edellinen arvo",
            "change": "Muutos",
            "running": "Jakso kesken",
            "missing_because": "Miksi ei arvoa",
            "source": "Lähde",
            "has_overlap": "Useita tietoja",
        },
        "Alueelta ei ole lukuja.",
    ),
    Section(
        "plan",
        "Toimintasuunnitelma",
        {
            "year": "Vuosi",
            "plan_status": "Tila",
            "approved_on": "Hyväksytty",
            "approval_due_on": "Hyväksyttävä viimeistään",
            "objectives": "Tavoitteita",
            "objectives_reached": "Saavutettu",
            "objectives_reached_pct": "Saavutettu %",
            "measures": "Toimenpiteitä",
            "measures_done": "Tehty",
            "measures_done_pct": "Tehty %",
            "measures_overdue": "Myöhässä",
            "measures_without_responsible": "Ilman vastuutahoa",
            "budget_eur": "Budjetti €",
            "mission": "Missio",
            "vision": "Visio",
            "priorities": "Painopisteet",
            "coordinator": "Koordinaattori",
        },
        "Alueelta ei ole toimintasuunnitelmaa.",
    ),
    Section(
        "measures",
        "Toimenpiteet",
        {
            "year": "Vuosi",
            "section": "Osio",
            "segment": "Segmentti",
            "objective": "Tavoite",
            "measure": "Toimenpide",
            "status": "Tila",
            "progress_pct": "Valmiina %",
            "ends_on": "Päättyy",
            "is_overdue": "Myöhässä",
            "responsible_organisation": "Vastuuorganisaatio",
            "indicator": "Mittari",
            "target": "Tavoitearvo",
            "target_side": "Tavoite on",
            "actual": "Toteuma",
            "observed_value": "Havaittu",
            "observed_until": "Havaittu jaksoon",
            "observed_months": "Kuukausia",
            "target_reached": "Saavutettu",
            "distance_to_target": "Matkaa tavoitteeseen",
            "unit": "Yksikkö",
            "target_reached_pct": "Tavoitteesta %",
        },
        "Toimenpiteitä ei ole toimitettu.",
    ),
    Section(
        "meetings",
        "Kokoukset edellisen jälkeen",
        {
            "group_name": "Ryhmä",
            "status": "Tila",
            "clock_role": "Vuosikellossa",
            "planned_on": "Suunniteltu",
            "held_on": "Pidetty",
            "expected_until": "Vuosikello viimeistään",
            "attendees": "Osallistujia",
            "meeting_topic": "Aihe",
        },
        "Edellisen ohjausryhmän kokouksen jälkeen ei ole kokouksia.",
    ),
    Section(
        "findings",
        "Nostot",
        {
            "noted_on": "Kirjattu",
            "finding": "Nosto",
            "indicator_name": "Mittari",
            "period": "Jakso",
            "value_then": "Silloin",
            "value_now": "Nyt",
            "recommended_action": "Toimintasuositus",
            "decision": "Päätös",
            "decided_on": "Päätetty",
        },
        "Alueesta ei ole kirjattu nostoja.",
    ),
    Section(
        "surveys",
        "Kyselyt",
        {
            "year": "Vuosi",
            "survey_name_fi": "Kysely",
            "question_name_fi": "Kysymys",
            "response_count": "Vastauksia",
            "mean": "Keskiarvo",
            "agree_percent": "Samaa mieltä %",
            "mean_change": "Muutos edellisestä",
        },
        "Alueelta ei ole kyselyvastauksia.",
    ),
    Section(
        "advice",
        "Neuvontatapahtumat vuosittain",
        {
            "year": "Vuosi",
            "segment": "Segmentti",
            "events": "Tapahtumia",
            "gross_events": "Kirjauksia",
            "plan_target": "Tavoite",
            "plan_attainment_pct": "Tavoitteesta %",
            "running": "Vuosi kesken",
        },
        "Alueelta ei ole neuvontatapahtumia.",
    ),
    Section(
        "funding",
        "Rahoitus vuosittain",
        {
            "year": "Vuosi",
            "purpose": "Käyttötarkoitus",
            "net_amount_eur": "Netto €",
            "gross_amount_eur": "Brutto €",
            "decisions": "Päätöksiä",
            "running": "Vuosi kesken",
        },
        "Alueelle ei ole rahoituspäätöksiä.",
    ),
    Section(
        "agreement",
        "Sopimus",
        {
            "signed_on": "Allekirjoitettu",
            "valid_to": "Voimassa asti",
            "unbroken_since": "Yhtäjaksoisesti",
            "party_count": "Osapuolia",
            "parties": "Osapuolet",
            "coordinator": "Koordinaattori",
            "has_steering_group": "Ohjausryhmä",
            "has_working_group": "Työryhmä",
        },
        "Alueella ei ole voimassa olevaa sopimusta.",
    ),
    Section(
        "gaps",
        "Puutteet",
        {
            "kind": "Puute",
            "indicator_name": "Mittari",
            "segment": "Segmentti",
            "source": "Lähde",
            "first_period": "Jaksosta",
            "last_period": "Jaksoon",
            "periods": "Jaksoja",
            "days_late": "Päiviä myöhässä",
            "reason": "Syy",
            "organisation": "Kenen vastuulla",
            "contact_role": "Keneltä kysytään",
        },
        "Puutteita ei ole tiedossa.",
    ),
    Section(
        "overlaps",
        "Päällekkäisyydet",
        {
            "kind": "Päällekkäisyys",
            "indicator_name": "Mittari",
            "segment": "Segmentti",
            "kept_source": "Käytetty lähde",
            "other_source": "Toinen lähde",
            "cells": "Lukuja",
            "events": "Tapahtumia",
            "first_period": "Jaksosta",
            "last_period": "Jaksoon",
            "largest_difference": "Suurin ero",
        },
        "Mittauksissa ei ole päällekkäisyyksiä.",
    ),
)
#: Tables that the sections read.
_IN_SECTIONS = frozenset(
    {
        "monitoring_action_plans",
        "monitoring_advice",
        "monitoring_agreements",
        "monitoring_findings",
        "monitoring_funding",
        "monitoring_meetings",
        "monitoring_surveys",
    }
)
#: Every other table of the monitoring systems that has rows of the region is added.
_TITLES = {
    "monitoring_agreement_coverage": "Sopimusten kattavuus",
    "monitoring_documents": "Tietopohja",
    "monitoring_document_regions": "Aineistojen alueet",
    "monitoring_network_coverage": "Verkostojen kattavuus",
    "monitoring_network_events": "Verkostojen tapahtumat",
    "monitoring_rdi_cities": "TKI-palvelut kaupungeittain",
    "monitoring_rdi_services": "TKI-palvelut",
    "monitoring_strategy_goals": "Strategian tehtävät",
    "monitoring_transfers": "Siirrot",
}


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
    sections: list[dict[str, Any]] = [
        {
            "key": section.key,
            "title": section.title,
            "empty": section.empty,
            "columns": [{"name": n, "title": t} for n, t in section.columns.items()],
            "rows": _rows(marts, f"from reading_pack_{section.key}(?, ?)", [region, planned_on]),
        }
        for section in SECTIONS
    ]
    for table, columns in _monitoring_tables(marts).items():
        if "region" in columns:
            rows = _rows(marts, f'select * from "{table}" where region = ?', [region])
            if not rows:
                continue
            sections.append(
                {
                    "key": table,
                    "title": _TITLES.get(table, table),
                    "empty": "",
                    "columns": [{"name": c, "title": c} for c in columns if c != "region"],
                    "rows": rows,
                }
            )
    name = marts.execute(
        "select name_fi from dim_region where region = ? order by classification_year desc limit 1",
        [region],
    ).fetchone()
    content: dict[str, Any] = {
        "region": region,
        "region_name": name[0] if name else region,
        "group_name": "steering_group",
        "planned_on": planned_on,
        "frozen_on": today,
        "publication": manifest["id"],
        "published_at": manifest["published_at"],
        "publication_hash": manifest["content_hash"],
        "is_sample": manifest["sources"] == "sample",
        "words": _words(),
        "sections": sections,
    }
    return content | {"content_hash": hashlib.sha256(as_json(content)).hexdigest()}


def _monitoring_tables(marts: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Columns of the tables of the monitoring systems that no section reads, by table."""
    columns: dict[str, list[str]] = {}
    for table, column in marts.execute(
        "select table_name, column_name from duckdb_columns() "
        "where table_name like 'monitoring\\_%' escape '\\' order by table_name, column_index"
    ).fetchall():
        if table not in _IN_SECTIONS:
            columns.setdefault(table, []).append(column)
    return columns


def _rows(marts: duckdb.DuckDBPyConnection, sql: str, asked: Sequence[Any]) -> list[dict[str, Any]]:
    found = marts.execute(sql, list(asked))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def as_json(content: Mapping[str, Any]) -> bytes:
    """The bytes of `pack.json`."""

    def told(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    return (json.dumps(content, ensure_ascii=False, indent=1, default=told) + "\n").encode()


def _words() -> dict[str, str]:
    """Codes in Finnish: those of the marts, and the catalogue's words."""
    catalogue = Catalogue.load()
    given = [*catalogue.words["group"], *catalogue.words["progress"], *catalogue.segment_words]
    sources = {source.source: source.name_fi for source in catalogue.sources.values()}
    return {**WORDS, **sources, **{word.code: word.name_fi for word in given}}
