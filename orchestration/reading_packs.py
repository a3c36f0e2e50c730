"""Reading packs: the picture of a region as known some days before its steering group meets.

    reading_packs/<region>/<planned day>/pack.json   everything, machine-readable
                                        /pack.xlsx   the same in sheets
                                        /pack.html   the same on a page to print

A pack is made of published tables only, so that what is withheld there stays withheld here. It
appears by one rename, its files are read-only, and one that exists is never touched again: what a
steering group had before it when it decided can be looked up however often figures are revised.

What belongs here: which meetings get a pack and what is in it. What does not: how it looks
(`pack_files`), and how long before a meeting it is frozen (the catalogue's annual clock).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from assets.catalogue import Catalogue
from assets.errors import TilannekuvaError

FILES = ("pack.json", "pack.xlsx", "pack.html")
_READ_ONLY = 0o444


@dataclass(frozen=True)
class _Section:
    """A table of the pack.

    Attributes:
        key: its name in the JSON.
        title: its heading, in Finnish.
        needs: published tables that it reads; an older publication without one has no such section.
        sql: its rows; knows $region and $planned_on.
        columns: names of the columns and their headings, in order.
        empty: what to say when there is no row.
    """

    key: str
    title: str
    needs: tuple[str, ...]
    sql: str
    columns: Mapping[str, str]
    empty: str


_FIGURES = _Section(
    "figures",
    "Luvut",
    ("fct_observations", "dim_indicator", "dim_period"),
    """
    with placed as (
        select
            indicators.name_fi as indicator_name,
            observations.*,
            case when lag(observations.is_over) over series
                then lag(observations.period) over series end as previous_period,
            case when lag(observations.is_over) over series
                then lag(observations.value) over series end as previous_value,
            row_number() over (series rows between unbounded preceding and unbounded following)
                as place,
            count(*) over (series rows between unbounded preceding and unbounded following)
                as places
        from fct_observations as observations
        inner join dim_indicator as indicators using (indicator)
        inner join dim_period as periods using (period)
        where observations.region = $region
        window series as (
            partition by
                observations.indicator, observations.segment, observations.freq,
                case when indicators.combination = 'separate' then observations.source end
            -- A running period is no newest figure, unless there is no other.
            order by observations.is_over, periods.period_start, periods.period_end
        )
    )
    select
        indicator, indicator_name, segment, period, value, unit, previous_period, previous_value,
        case when is_over then value - previous_value end as change,
        case when not is_over then 'running' end as running,
        case
            when value is not null then null
            when obs_status = 'Q' or conf_status not in ('F', '') then 'suppressed'
            else 'not_available'
        end as missing_because,
        source, has_overlap
    from placed
    where place = places
    order by indicator, segment, period
    """,
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
)
_GAPS = _Section(
    "gaps",
    "Puutteet",
    ("quality_gaps", "quality_coverage_regions", "dim_indicator", "dim_period"),
    # What nobody is known to be expected to report is neither complete nor missing.
    """
    with gaps as (
        select
            kind, indicator, region, segment, source, period, run_start, days_late, reason,
            organisation, contact_role, is_accepted
        from quality_gaps
        union all
        select
            'unknown', coverage.indicator, coverage.region, 'total', coverage.source,
            coverage.period,
            first_value(coverage.period) over (
                partition by coverage.indicator, coverage.source
                order by periods.period_start, periods.period_end
            ),
            null, null, coverage.organisation, null, false
        from quality_coverage_regions as coverage
        inner join dim_period as periods on coverage.period = periods.period
        where coverage.region = $region and coverage.state = 'unknown'
    )
    select
        gaps.kind, gaps.indicator, indicators.name_fi as indicator_name, gaps.segment, gaps.source,
        gaps.run_start as first_period, max_by(gaps.period, periods.period_start) as last_period,
        count(*) as periods, max(gaps.days_late) as days_late,
        max_by(gaps.reason, periods.period_start) as reason,
        max_by(gaps.organisation, periods.period_start) as organisation,
        max_by(gaps.contact_role, periods.period_start) as contact_role
    from gaps
    inner join dim_indicator as indicators using (indicator)
    left join dim_period as periods on gaps.period = periods.period
    where gaps.region = $region and not gaps.is_accepted
    group by all
    order by indicator, kind, segment, source, first_period
    """,
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
)
_OVERLAPS = _Section(
    "overlaps",
    "Päällekkäisyydet",
    ("quality_overlaps", "quality_overlap_regions", "dim_indicator", "dim_period"),
    """
    select
        pairs.kind, pairs.indicator, indicators.name_fi as indicator_name, pairs.segment,
        pairs.kept_source, pairs.other_source, count(*) as cells, sum(pairs.events) as events,
        min_by(pairs.period, periods.period_start) as first_period,
        max_by(pairs.period, periods.period_start) as last_period,
        max(abs(pairs.difference)) as largest_difference
    from quality_overlaps as pairs
    inner join quality_overlap_regions as places using (overlap_id)
    inner join dim_indicator as indicators using (indicator)
    left join dim_period as periods on pairs.period = periods.period
    -- In the region, or, of events that count once in its sums, inside it.
    where places.region = $region and (pairs.region = $region or pairs.kind = 'same_event')
        and not pairs.is_accepted
    group by all
    order by indicator, kind, segment, kept_source, other_source
    """,
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
)
#: The plan of the year of the meeting, and the next one, which autumn prepares.
_PLAN = _Section(
    "plan",
    "Toimintasuunnitelma",
    ("monitoring_action_plans",),
    """
    select
        year, plan_status, approved_on, approval_due_on, objectives, objectives_reached,
        objectives_reached_pct, measures, measures_done, measures_done_pct, measures_overdue,
        measures_without_responsible, budget_eur, mission, vision, priorities, coordinator
    from monitoring_action_plans
    where region = $region and scope = 'plan'
        and year between year($planned_on) and year($planned_on) + 1
    order by year
    """,
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
)
_MEASURES = _Section(
    "measures",
    "Toimenpiteet",
    ("monitoring_action_plans",),
    """
    select
        year, section, segment, objective, measure, status, progress_pct, ends_on,
        measures_overdue > 0 as is_overdue, responsible_organisation,
        coalesce(indicator, indicator_text) as indicator,
        target, target_side, actual, observed_value, observed_until, observed_months,
        target_reached, distance_to_target, unit, target_reached_pct
    from monitoring_action_plans
    where region = $region and scope = 'measure'
        and year between year($planned_on) and year($planned_on) + 1
    order by year, section, objective, measure, segment
    """,
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
)
_MEETINGS = _Section(
    "meetings",
    "Kokoukset edellisen jälkeen",
    ("monitoring_meetings",),
    """
    with previous as (
        select max(held_on) as last_held_on
        from monitoring_meetings
        where region = $region and group_name = 'steering_group' and held_on < $planned_on
    ),
    dated as (
        select *, coalesce(held_on, planned_on, expected_until) as day
        from monitoring_meetings
        where region = $region and status <> 'not_due'
    )
    select
        group_name, status, clock_role, planned_on, held_on, expected_until, attendees,
        meeting_topic
    from dated
    cross join previous
    where day <= $planned_on and day > coalesce(last_held_on, $planned_on - interval 1 year)
    order by day, group_name, entry
    """,
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
)
_FINDINGS = _Section(
    "findings",
    "Nostot",
    ("monitoring_findings", "dim_indicator"),
    """
    select
        findings.noted_on, findings.finding, indicators.name_fi as indicator_name,
        findings.period, findings.value_then, findings.value_now,
        findings.recommended_action, findings.decision, findings.decided_on
    from monitoring_findings as findings
    left join dim_indicator as indicators using (indicator)
    where findings.region = $region and findings.noted_on <= $planned_on
    order by findings.noted_on desc, findings.finding, findings.citation_no
    """,
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
)
_SURVEYS = _Section(
    "surveys",
    "Kyselyt",
    ("monitoring_surveys",),
    """
    select
        year, survey_name_fi, question_name_fi, response_count, round(mean, 2) as mean,
        round(agree_percent, 1) as agree_percent, round(mean_change, 2) as mean_change
    from monitoring_surveys
    where breakdown = 'region' and breakdown_value = $region and year <= year($planned_on)
    order by year desc, survey_name_fi, question_name_fi
    """,
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
)
_AGREEMENT = _Section(
    "agreement",
    "Sopimus",
    ("monitoring_agreements",),
    """
    select
        signed_on, valid_to - 1 as valid_to, unbroken_since, party_count, parties, coordinator,
        has_steering_group, has_working_group
    from monitoring_agreements
    where region = $region and is_in_force
    """,
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
)
_ADVICE = _Section(
    "advice",
    "Neuvontatapahtumat vuosittain",
    ("monitoring_advice",),
    """
    select
        year, segment, events, gross_events, plan_target, plan_attainment_pct,
        case when not is_over then 'running' end as running
    from monitoring_advice
    where region = $region and freq = 'A' and advice_topic = 'all'
        and year between year($planned_on) - 2 and year($planned_on)
    order by year desc, segment
    """,
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
)
_FUNDING = _Section(
    "funding",
    "Rahoitus vuosittain",
    ("monitoring_funding",),
    """
    select
        year, purpose, sum(net_amount_eur) as net_amount_eur,
        sum(gross_amount_eur) as gross_amount_eur, sum(decisions) as decisions,
        case when not bool_and(is_over) or year = year($planned_on) then 'running' end as running
    from monitoring_funding
    where region = $region and segment = 'total' and funder = 'all' and instrument = 'all'
        and programme = 'all' and year between year($planned_on) - 2 and year($planned_on)
    group by year, purpose
    order by year desc, purpose
    """,
    {
        "year": "Vuosi",
        "purpose": "Käyttötarkoitus",
        "net_amount_eur": "Netto €",
        "gross_amount_eur": "Brutto €",
        "decisions": "Päätöksiä",
        "running": "Vuosi kesken",
    },
    "Alueelle ei ole rahoituspäätöksiä.",
)
_SECTIONS = (
    _FIGURES,
    _PLAN,
    _MEASURES,
    _MEETINGS,
    _FINDINGS,
    _SURVEYS,
    _ADVICE,
    _FUNDING,
    _AGREEMENT,
    _GAPS,
    _OVERLAPS,
)
#: Every other table of the monitoring systems that tells something of the region is added.
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
_MONITORING = "monitoring_"


@dataclass(frozen=True)
class ReadingPack:
    """A frozen pack.

    Attributes:
        region: typed code of the region.
        planned_on: day for which the steering group's meeting was planned.
        path: its folder.
    """

    region: str
    planned_on: date
    path: Path

    @property
    def content(self) -> dict[str, Any]:
        """What `pack.json` says."""
        told: dict[str, Any] = json.loads((self.path / "pack.json").read_text(encoding="utf-8"))
        return told


def reading_packs(root: Path) -> list[ReadingPack]:
    """All packs below the folder of packs, by region and day."""
    return sorted(
        (
            ReadingPack(path.parent.parent.name, date.fromisoformat(path.parent.name), path.parent)
            for path in root.glob("*/*/pack.json")
            if not path.parent.name.startswith(".")
        ),
        key=lambda pack: (pack.region, pack.planned_on),
    )


def freeze_reading_packs(publication: Path, root: Path, today: date) -> list[ReadingPack]:
    """Freeze a pack for each meeting of a steering group that is near and has none.

    Args:
        publication: folder of the publication that the packs show.
        root: folder of packs.
        today: the day in question; a meeting of today still gets its pack, one that is past does
            not.

    Returns:
        The new packs.

    Raises:
        TilannekuvaError: the folder of packs cannot be written.
    """
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    made = []
    with duckdb.connect(str(publication / "marts.duckdb"), read_only=True) as marts:
        marts.execute("set TimeZone = 'Europe/Helsinki'")
        there = _columns(marts)
        if "monitoring_meetings" not in there:  # a publication of an older version
            return []
        near = marts.execute(
            "select distinct region, planned_on from monitoring_meetings "
            "where group_name = 'steering_group' and pack_from <= $today and planned_on >= $today "
            "and (held_on is null or held_on >= $today) order by region, planned_on",
            {"today": today},
        ).fetchall()
        for region, planned_on in near:
            target = root / region / planned_on.isoformat()
            if target.exists():
                continue
            content = _content(marts, there, manifest, region, planned_on, today)
            try:
                if _write(target, content):
                    made.append(ReadingPack(region, planned_on, target))
            except OSError as error:
                raise TilannekuvaError(
                    f"The publication is complete, but the reading pack of {region} for "
                    f"{planned_on} could not be written: {error}"
                ) from error
    return made


def _columns(marts: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    there: dict[str, list[str]] = {}
    for table, column in marts.execute(
        "select table_name, column_name from duckdb_columns() order by table_name, column_index"
    ).fetchall():
        there.setdefault(table, []).append(column)
    return there


def _content(
    marts: duckdb.DuckDBPyConnection,
    there: Mapping[str, Sequence[str]],
    manifest: Mapping[str, Any],
    region: str,
    planned_on: date,
    today: date,
) -> dict[str, Any]:
    """Everything that a pack says; days and numbers as such, not yet as JSON."""
    known = {"region": region, "planned_on": planned_on}
    sections = []
    for section in _SECTIONS:
        if all(table in there for table in section.needs):
            wanted = {name: value for name, value in known.items() if f"${name}" in section.sql}
            sections.append(
                {
                    "key": section.key,
                    "title": section.title,
                    "empty": section.empty,
                    "columns": [{"name": n, "title": t} for n, t in section.columns.items()],
                    "rows": _rows(marts, section.sql, wanted),
                }
            )
    used = {table for section in _SECTIONS for table in section.needs}
    for table, columns in sorted(there.items()):
        if table.startswith(_MONITORING) and table not in used and "region" in columns:
            rows = _rows(marts, f'select * from "{table}" where region = $region',
                         {"region": region})  # fmt: skip
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
    return content | {"content_hash": hashlib.sha256(_json(content)).hexdigest()}


def _rows(
    marts: duckdb.DuckDBPyConnection, sql: str, known: Mapping[str, Any]
) -> list[dict[str, Any]]:
    found = marts.execute(sql, dict(known))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _json(content: Mapping[str, Any]) -> bytes:
    def told(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    return (json.dumps(content, ensure_ascii=False, indent=1, default=told) + "\n").encode()


def _words() -> dict[str, str]:
    """Codes in Finnish: those of the marts, and the catalogue's words."""
    from orchestration.pack_files import WORDS

    catalogue = Catalogue.load()
    given = [*catalogue.words["group"], *catalogue.words["progress"], *catalogue.segment_words]
    sources = {source.source: source.name_fi for source in catalogue.sources.values()}
    return {**WORDS, **sources, **{word.code: word.name_fi for word in given}}


def _write(target: Path, content: Mapping[str, Any]) -> bool:
    """Write a pack beside and let it appear; False where another run was first."""
    from orchestration.pack_files import page, workbook  # openpyxl is slow to import

    building = target.with_name(f".building-{target.name}-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        for name, made in zip(
            FILES, (_json(content), workbook(content), page(content)), strict=True
        ):
            (building / name).write_bytes(made)
            (building / name).chmod(_READ_ONLY)
        try:
            building.rename(target)
        except OSError:
            if not target.exists():
                raise
            return False
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True
