"""The planted cases: the errors in the sample, and the published rows that report them.

The generator plants them, the tests compare the deliveries and a whole refresh with them, and
`docs/sample.md` explains them. `where` is a condition on the published table that finds exactly
`rows` rows after the first refresh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NamedTuple


class Cell(NamedTuple):
    """One cell that a case is about."""

    indicator: str
    region: str
    segment: str
    period: str


@dataclass(frozen=True)
class Case:
    """One planted error.

    Attributes:
        name: what the documentation calls it; unique.
        kind: overlap or gap kind of the contract; `revision`, `not_due` and `quarantine` are
            the cases that must not become one; every other kind is of records.
        file: where it was planted, below the sample folder; `*` stands for several files.
        table: the published table (schema `marts`) that shows it.
        where: condition on that table.
        rows: how many rows it finds on a first refresh; None when that grows with time.
        indicator, regions, segment, periods: the cells; no periods means every released one.
        sources: who reports; where two do, the one that is kept comes first.
        column: for quarantine, the offending column.
    """

    name: str
    kind: str
    file: str
    table: str
    where: str
    rows: int | None
    indicator: str = ""
    regions: tuple[str, ...] = ()
    segment: str = "total"
    periods: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    column: str = ""

    @property
    def cells(self) -> Iterator[Cell]:
        """Every region in every period of the case."""
        for region in self.regions:
            for period in self.periods:
                yield Cell(self.indicator, region, self.segment, period)


def _months(year: int) -> tuple[str, ...]:
    return tuple(f"{year}-{month:02}" for month in range(1, 13))


_OVERLAPS = (
    Case(
        name="duplicate-change-negotiations",
        kind="duplicate",
        file="landing/te_office/measurements/sample_change_negotiations_2022-Q4.csv",
        table="quality_overlaps",
        where="kind = 'duplicate' and indicator = 'change_negotiations' and region = 'MK02'",
        rows=1,
        indicator="change_negotiations",
        regions=("MK02",),
        periods=("2022-Q4",),
        sources=("te_office",),
    ),
    Case(
        name="duplicate-customer-survey",
        kind="duplicate",
        file="landing/survey/measurements/sample_surveys_2023.csv",
        table="quality_overlaps",
        where="kind = 'duplicate' and indicator = 'customer_survey_score' and region = 'SK064'",
        rows=1,
        indicator="customer_survey_score",
        regions=("SK064",),
        periods=("2023",),
        sources=("survey",),
    ),
    Case(
        name="conflict-within-growth-enterprises",
        kind="conflict",
        file="landing/business_finland/measurements/sample_growth_enterprises_2022.csv",
        table="quality_overlaps",
        where=(
            "kind = 'conflict' and indicator = 'growth_enterprises' and region = 'MK13' "
            "and kept_source = other_source"
        ),
        rows=1,
        indicator="growth_enterprises",
        regions=("MK13",),
        periods=("2022",),
        sources=("business_finland",),
    ),
    Case(
        name="conflict-within-innovation-services",
        kind="conflict",
        file="landing/development_company/measurements/sample_innovation_services_2024.csv",
        table="quality_overlaps",
        where=(
            "kind = 'conflict' and indicator = 'innovation_service_uses' and region = 'MK17' "
            "and kept_source = other_source"
        ),
        rows=1,
        indicator="innovation_service_uses",
        regions=("MK17",),
        periods=("2024",),
        sources=("development_company",),
    ),
    Case(
        name="conflict-between-population",
        kind="conflict",
        file="landing/sotkanet/measurements/sample_population_2015_2022.csv",
        table="quality_overlaps",
        where=(
            "kind = 'conflict' and indicator = 'population' and kept_source = 'statfin' "
            "and other_source = 'sotkanet'"
        ),
        rows=1,
        indicator="population",
        regions=("KU205",),
        periods=("2019",),
        sources=("statfin", "sotkanet"),
    ),
    Case(
        name="conflict-between-unemployed",
        kind="conflict",
        file="landing/employment_area/measurements/sample_unemployed_2025.csv",
        table="quality_overlaps",
        where=(
            "kind = 'conflict' and indicator = 'unemployed' and kept_source = 'statfin' "
            "and other_source = 'employment_area'"
        ),
        rows=2,
        indicator="unemployed",
        regions=("KU837",),
        periods=("2025-03", "2025-09"),
        sources=("statfin", "employment_area"),
    ),
    Case(
        name="conflict-between-enterprises-started",
        kind="conflict",
        file="landing/prh/measurements/sample_enterprises_started_2024.csv",
        table="quality_overlaps",
        where=(
            "kind = 'conflict' and indicator = 'enterprises_started' and kept_source = 'statfin' "
            "and other_source = 'prh'"
        ),
        rows=12,
        indicator="enterprises_started",
        regions=("SK064", "SK171", "SK181"),
        periods=("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"),
        sources=("statfin", "prh"),
    ),
    Case(
        name="redundant-population",
        kind="redundant",
        file="landing/sotkanet/measurements/sample_population_2015_2022.csv",
        table="quality_overlaps",
        where="kind = 'redundant' and indicator = 'population' and other_source = 'sotkanet'",
        rows=32,
        indicator="population",
        regions=("KU091", "KU179", "KU564", "KU837"),
        periods=tuple(str(year) for year in range(2015, 2023)),
        sources=("statfin", "sotkanet"),
    ),
    Case(
        name="redundant-unemployed-2024",
        kind="redundant",
        file="landing/te_office/measurements/sample_unemployed_2024.csv",
        table="quality_overlaps",
        where="kind = 'redundant' and indicator = 'unemployed' and other_source = 'te_office'",
        rows=36,
        indicator="unemployed",
        regions=("KU205", "KU290", "KU564"),
        periods=_months(2024),
        sources=("statfin", "te_office"),
    ),
    Case(
        name="redundant-unemployed-since-2025",
        kind="redundant",
        file="landing/employment_area/measurements/sample_unemployed_*.csv",
        table="quality_overlaps",
        where=(
            "kind = 'redundant' and indicator = 'unemployed' and other_source = 'employment_area'"
        ),
        rows=None,
        indicator="unemployed",
        regions=("KU205", "KU290", "KU564"),
        sources=("statfin", "employment_area"),
    ),
    Case(
        name="period-overlap-half-year",
        kind="period_overlap",
        file="landing/prh/measurements/sample_enterprises_started_2024.csv",
        table="quality_overlaps",
        where=(
            "kind = 'period_overlap' and indicator = 'enterprises_started' and region = 'SK181' "
            "and '2024-S1' in (period, other_period)"
        ),
        rows=2,
        indicator="enterprises_started",
        regions=("SK181",),
        periods=("2024-S1",),
        sources=("prh",),
    ),
    Case(
        name="period-overlap-rolling-year",
        kind="period_overlap",
        file="landing/coordinator/measurements/sample_meetings_2024-07_2025-06.csv",
        table="quality_overlaps",
        where=(
            "kind = 'period_overlap' and indicator = 'meeting_activity' and region = 'SK182' "
            "and '2024-07-01/2025-06-30' in (period, other_period)"
        ),
        rows=2,
        indicator="meeting_activity",
        regions=("SK182",),
        periods=("2024-07-01/2025-06-30",),
        sources=("coordinator",),
    ),
    Case(
        name="nested-region-innovation-services",
        kind="nested_region",
        file="landing/business_finland/measurements/sample_innovation_services_2020.csv",
        table="quality_overlaps",
        where="kind = 'nested_region' and indicator = 'innovation_service_uses' "
        "and region = 'SSS' and period = '2020'",
        rows=1,
        indicator="innovation_service_uses",
        regions=("SSS",),
        periods=("2020",),
        sources=("business_finland",),
    ),
    Case(
        name="nested-segment-funding",
        kind="nested_segment",
        file="landing/tekes/measurements/sample_funding_2016-Q3.csv",
        table="quality_overlaps",
        where="kind = 'nested_segment' and indicator = 'development_funding' "
        "and region = 'MK16' and period = '2016-Q3'",
        rows=1,
        indicator="development_funding",
        regions=("MK16",),
        periods=("2016-Q3",),
        sources=("tekes",),
    ),
    Case(
        name="accepted-enterprises-started",
        kind="accepted",
        file="landing/prh/measurements/sample_enterprises_started_2024.csv",
        table="quality_acceptances",
        where="acceptance = 'register-without-sole-traders' and state = 'used' and matches = 12",
        rows=1,
    ),
    Case(
        name="successor-conflict",
        kind="conflict",
        file="landing/ely/funding_decisions/sample_decisions_2026.csv",
        table="quality_overlaps",
        where=(
            "kind = 'conflict' and indicator = 'development_funding' and region = 'KU205' "
            "and segment = 'local_small' and kept_source = 'evk' and other_source = 'ely'"
        ),
        rows=1,
        indicator="development_funding",
        regions=("KU205",),
        segment="local_small",
        periods=("2026-Q1",),
        sources=("evk", "ely"),
    ),
    Case(
        name="successor-redundant",
        kind="redundant",
        file="landing/ely/funding_decisions/sample_decisions_2026.csv",
        table="quality_overlaps",
        where=(
            "kind = 'redundant' and indicator = 'investment_financing' and region = 'KU564' "
            "and segment = 'domestic_sme' and kept_source = 'evk' and other_source = 'ely'"
        ),
        rows=1,
        indicator="investment_financing",
        regions=("KU564",),
        segment="domestic_sme",
        periods=("2026-Q1",),
        sources=("evk", "ely"),
    ),
    Case(
        name="same-event-funding",
        kind="same_event",
        file="landing/finnvera/funding_decisions/sample_decisions_2025.csv",
        table="quality_overlaps",
        where=(
            "kind = 'same_event' and indicator = 'investment_financing' and region = 'KU297' "
            "and kept_source = 'ely' and other_source = 'finnvera'"
        ),
        rows=1,
        indicator="investment_financing",
        regions=("KU297",),
        segment="domestic_sme",
        periods=("2025-Q2",),
        sources=("ely", "finnvera"),
    ),
    Case(
        name="same-event-advice",
        kind="same_event",
        file="landing/proagria/advice_events/sample_advice_2025.csv",
        table="quality_overlaps",
        where=(
            "kind = 'same_event' and indicator = 'advice_events' "
            "and kept_source = 'development_company' and other_source = 'proagria'"
        ),
        rows=1,
        indicator="advice_events",
        regions=("SK182",),
        segment="local_small",
        periods=("2025-Q1",),
        sources=("development_company", "proagria"),
    ),
    Case(
        name="same-event-transfers",
        kind="same_event",
        file="landing/*/transfers/sample_transfers_*.csv",
        table="quality_overlaps",
        where="kind = 'same_event' and indicator = 'transfers'",
        rows=None,
        indicator="transfers",
    ),
    Case(
        name="transfers-of-one-side",
        kind="one_side_only",
        file="landing/*/transfers/sample_transfers_2024.csv",
        table="monitoring_transfers",
        where=(
            "period = '2024' and from_actor = 'all' and to_actor = 'all' "
            "and sender_only > 0 and receiver_only > 0"
        ),
        rows=1,
        indicator="transfers",
        regions=("SSS",),
        periods=("2024",),
    ),
    Case(
        name="withheld-transfers",
        kind="withheld",
        file="landing/business_finland/transfers/sample_transfers_2024.csv",
        table="monitoring_transfers",
        where=(
            "period = '2024' and from_actor = 'business_finland' and to_actor = 'proagria' "
            "and transfers is null and conf_status = 'A'"
        ),
        rows=1,
        indicator="transfers",
        regions=("SSS",),
        periods=("2024",),
    ),
)

_REVISIONS = (
    Case(
        name="revision-rd-expenditure",
        kind="revision",
        file="landing/statfin/measurements/sample_rd_expenditure_2023_corrected.csv",
        table="quality_ledger",
        where="source = 'statfin' and dataset = 'measurements' and rows_superseded > 0",
        rows=1,
        indicator="rd_expenditure",
        regions=("MK06", "SSS"),
        periods=("2023",),
        sources=("statfin",),
    ),
)

_GAPS = (
    Case(
        name="absent-enterprises-closed",
        kind="absent",
        file="landing/statfin/measurements/sample_enterprises_2023-Q3.csv",
        table="quality_gaps",
        where=(
            "kind = 'absent' and indicator = 'enterprises_closed' and region = 'SK194' "
            "and period = '2023-Q3'"
        ),
        rows=1,
        indicator="enterprises_closed",
        regions=("SK194",),
        periods=("2023-Q3",),
        sources=("statfin",),
    ),
    Case(
        name="absent-change-negotiations-2024",
        kind="absent",
        file="landing/te_office/measurements/sample_change_negotiations_2024-Q2.csv",
        table="quality_gaps",
        where=(
            "kind = 'absent' and indicator = 'change_negotiations' and region = 'MK16' "
            "and period = '2024-Q2'"
        ),
        rows=1,
        indicator="change_negotiations",
        regions=("MK16",),
        periods=("2024-Q2",),
        sources=("te_office",),
    ),
    Case(
        name="absent-change-negotiations-2025",
        kind="absent",
        file="landing/employment_area/measurements/sample_change_negotiations_2025-Q3.csv",
        table="quality_gaps",
        where=(
            "kind = 'absent' and indicator = 'change_negotiations' and region = 'MK05' "
            "and period = '2025-Q3'"
        ),
        rows=1,
        indicator="change_negotiations",
        regions=("MK05",),
        periods=("2025-Q3",),
        sources=("employment_area",),
    ),
    Case(
        name="partial-change-negotiations-2024",
        kind="partial",
        file="landing/te_office/measurements/sample_change_negotiations_2024-Q2.csv",
        table="quality_gaps",
        where=(
            "kind = 'partial' and indicator = 'change_negotiations' and region = 'SSS' "
            "and period = '2024-Q2'"
        ),
        rows=1,
        indicator="change_negotiations",
        regions=("SSS",),
        periods=("2024-Q2",),
        sources=("te_office",),
    ),
    Case(
        name="partial-change-negotiations-2025",
        kind="partial",
        file="landing/employment_area/measurements/sample_change_negotiations_2025-Q3.csv",
        table="fct_observations",
        where=(
            "indicator = 'change_negotiations' and region = 'SSS' and period = '2025-Q3' "
            "and coverage_share < 1"
        ),
        rows=1,
        indicator="change_negotiations",
        regions=("SSS",),
        periods=("2025-Q3",),
        sources=("employment_area",),
    ),
    Case(
        name="late-change-negotiations",
        kind="late",
        file="landing/te_office/measurements/sample_change_negotiations_2023-Q3.csv",
        table="quality_gaps",
        where="kind = 'late' and indicator = 'change_negotiations' and period = '2023-Q3'",
        rows=19,
        indicator="change_negotiations",
        periods=("2023-Q3",),
        sources=("te_office",),
    ),
    Case(
        name="suppressed-unemployed",
        kind="suppressed",
        file="tables/statfin/tyonv_12r5.json",
        table="quality_gaps",
        where="kind = 'suppressed' and indicator = 'unemployed'",
        rows=4,
        indicator="unemployed",
        regions=("KU318", "KU766"),
        periods=("2021-02", "2023-06"),
        sources=("statfin",),
    ),
    Case(
        name="suppressed-growth-enterprises",
        kind="suppressed",
        file="landing/business_finland/measurements/sample_growth_enterprises_2021.csv",
        table="quality_gaps",
        where="kind = 'suppressed' and indicator = 'growth_enterprises'",
        rows=1,
        indicator="growth_enterprises",
        regions=("MK21",),
        periods=("2021",),
        sources=("business_finland",),
    ),
    Case(
        name="not-available-vacancies",
        kind="not_available",
        file="tables/statfin/tyonv_12r5.json",
        table="quality_gaps",
        where="kind = 'not_available' and indicator = 'open_vacancies'",
        rows=2,
        indicator="open_vacancies",
        regions=("KU035",),
        periods=("2019-07", "2022-01"),
        sources=("statfin",),
    ),
    Case(
        name="not-available-turnover",
        kind="not_available",
        file="landing/business_finland/measurements/sample_growth_enterprises_2019.csv",
        table="quality_gaps",
        where="kind = 'not_available' and indicator = 'growth_enterprise_turnover'",
        rows=1,
        indicator="growth_enterprise_turnover",
        regions=("MK21",),
        periods=("2019",),
        sources=("business_finland",),
    ),
    Case(
        name="not-due-enterprises-started",
        kind="not_due",
        file="landing/statfin/measurements/sample_enterprises_*.csv",
        table="quality_gaps",
        where="kind = 'absent' and indicator = 'enterprises_started'",
        rows=0,
        indicator="enterprises_started",
        sources=("statfin",),
    ),
    Case(
        name="not-applicable-pertunmaa",
        kind="not_applicable",
        file="landing/statfin/measurements/sample_population_2025.csv",
        table="quality_gaps",
        where=(
            "indicator = 'population' and region = 'KU588' and period >= '2025' "
            "and kind <> 'not_applicable'"
        ),
        rows=0,
        indicator="population",
        regions=("KU588",),
        periods=("2025",),
        sources=("statfin",),
    ),
    Case(
        name="not-applicable-honkajoki",
        kind="not_applicable",
        file="landing/statfin/measurements/sample_population_2021.csv",
        table="quality_gaps",
        where=(
            "indicator = 'population' and region = 'KU099' and period >= '2021' "
            "and kind <> 'not_applicable'"
        ),
        rows=0,
        indicator="population",
        regions=("KU099",),
        sources=("statfin",),
    ),
)

_MONITORING = (
    Case(
        name="absent-working-group",
        kind="monitoring",
        file="landing/coordinator/meetings/sample_calendar_2025.csv",
        table="quality_gaps",
        where=(
            "kind = 'absent' and indicator = 'meeting_activity' and region = 'SS12' "
            "and period = '2025-03'"
        ),
        rows=1,
    ),
    Case(
        name="meeting-extra",
        kind="monitoring",
        file="landing/coordinator/meetings/sample_held_2025.csv",
        table="monitoring_meetings",
        where="region = 'SS23' and year = 2025 and extra_meetings = 1",
        rows=1,
    ),
    Case(
        name="plan-not-delivered",
        kind="monitoring",
        file="landing/coordinator/plan_basics/sample_plans_2026.csv",
        table="monitoring_action_plans",
        where="region = 'SS41' and year = 2026 and plan_status = 'not_delivered'",
        rows=1,
    ),
    Case(
        name="plan-not-approved",
        kind="monitoring",
        file="landing/coordinator/plan_basics/sample_plans_2026.csv",
        table="monitoring_action_plans",
        where=(
            "scope = 'plan' and region = 'SK103' and year = 2026 and plan_status = 'not_approved'"
        ),
        rows=1,
    ),
    Case(
        name="measure-overdue",
        kind="monitoring",
        file="landing/coordinator/plan_items/sample_measures_2026_follow_up.csv",
        table="monitoring_action_plans",
        where=(
            "scope = 'measure' and region = 'SS07' and year = 2026 and measures_overdue = 1 "
            "and measure = 'Palvelukartan päivitys'"
        ),
        rows=1,
    ),
)


def _quarantined(name: str, file: str, column: str, reason: str) -> Case:
    return Case(
        name=name,
        kind="quarantine",
        file=f"landing/{file}",
        table="quality_quarantine",
        where=(
            f"file like '%{file.rpartition('/')[2]}' and \"column\" = '{column}' "
            f"and reason like '%{reason}%'"
        ),
        rows=1,
        sources=(file.partition("/")[0],),
        column=column,
    )


_QUARANTINE = (
    _quarantined(
        "quarantine-ambiguous-name",
        "employment_area/measurements/sample_unemployed_2025.csv",
        "region",
        "Kuopio",
    ),
    _quarantined(
        "quarantine-unknown-indicator",
        "service/measurements/sample_service_users_2025.csv",
        "indicator",
        "service_usres",
    ),
    _quarantined(
        "quarantine-check-digit",
        "development_company/advice_events/sample_advice_2025.csv",
        "business_id",
        "check digit",
    ),
    _quarantined(
        "quarantine-impossible-date",
        "proagria/advice_events/sample_advice_2025.csv",
        "happened_on",
        "31.2.2025",
    ),
    _quarantined(
        "quarantine-amount-is-text",
        "ely/funding_decisions/sample_decisions_2019.csv",
        "amount_eur",
        "is not a number",
    ),
    _quarantined(
        "quarantine-ended-honkajoki",
        "ely/funding_decisions/sample_decisions_2021.csv",
        "region",
        "Honkajoki",
    ),
    _quarantined(
        "quarantine-ended-pertunmaa",
        "employment_area/measurements/sample_unemployed_2025.csv",
        "region",
        "Pertunmaa",
    ),
    _quarantined(
        "quarantine-unreadable-file",
        "council/measurements/sample_broken.csv",
        "",
        "file",
    ),
)

_NETWORKS = (
    Case(
        name="rdi-dropped-service",
        kind="stale_entry",
        file="landing/coordinator/rdi_services/sample_services_2026.csv",
        table="monitoring_rdi_services",
        where="is_dropped = true",
        rows=1,
    ),
    Case(
        name="rdi-city-without-lead",
        kind="missing_role",
        file="landing/coordinator/network_members/sample_cities.csv",
        table="monitoring_rdi_cities",
        where="missing = 'service and lead'",
        rows=1,
    ),
    Case(
        name="task-without-responsible",
        kind="missing_role",
        file="landing/coordinator/strategy_goals/sample_tasks_2025.xlsx",
        table="monitoring_strategy_goals",
        where="level = 'city' and is_current = true and has_responsible = false",
        rows=1,
    ),
    Case(
        name="event-never-confirmed",
        kind="missing_meeting",
        file="landing/coordinator/network_events/sample_sixnet_2023.csv",
        table="monitoring_network_events",
        where="network = 'SIXNET' and state = 'unconfirmed'",
        rows=3,
    ),
    Case(
        name="network-meeting-missing",
        kind="missing_meeting",
        file="landing/coordinator/networks/sample_networks_2025.xlsx",
        table="monitoring_network_clock",
        where="state = 'missing' and expected_from = date '2026-05-01'",
        rows=1,
    ),
    Case(
        name="city-without-strategy",
        kind="missing_document",
        file="landing/coordinator/documents/sample_strategies_2025.csv",
        table="monitoring_rdi_cities",
        where="lacks_strategy = true",
        rows=2,
    ),
    Case(
        name="project-without-result",
        kind="missing_document",
        file="landing/coordinator/projects/sample_projects_2026.csv",
        table="monitoring_projects",
        where="lacks_result = true",
        rows=1,
    ),
    Case(
        name="report-late",
        kind="late_report",
        file="landing/council/situation_reports/sample_reports_2024.csv",
        table="monitoring_situation_reports",
        where="region = 'MK18' and year = 2024 and state = 'confirmed' and days_late = 22",
        rows=1,
    ),
    Case(
        name="report-missing",
        kind="missing_document",
        file="landing/council/situation_reports/sample_reports_pirkanmaa_2024.csv",
        table="monitoring_situation_reports",
        where="region = 'MK06' and year = 2025 and state = 'missing'",
        rows=1,
    ),
    Case(
        name="choice-not-measured",
        kind="not_measured",
        file="landing/coordinator/indicator_choices/sample_choices_2025.csv",
        table="monitoring_indicator_choices",
        where="region = 'SS07' and indicator = 'growth_enterprise_turnover' "
        "and is_measured = false",
        rows=1,
    ),
)


_KNOWLEDGE = (
    Case(
        name="agreement-too-few-parties",
        kind="agreement",
        file="landing/coordinator/agreements/sample_agreements_2026-03.csv",
        table="monitoring_agreements",
        where="region = 'SS29' and state = 'in_force' and parties_state = 'too_few'",
        rows=1,
    ),
    Case(
        name="agreement-party-twice",
        kind="agreement",
        file="landing/coordinator/agreements/sample_agreements_2024-06.csv",
        table="monitoring_agreements",
        where="region = 'SS17' and party_count = 3 and parties_state = 'enough'",
        rows=1,
    ),
    Case(
        name="agreement-expired",
        kind="agreement",
        file="landing/coordinator/agreements/sample_agreements_2024-06.csv",
        table="monitoring_agreements",
        where="region = 'SS44' and state = 'expired'",
        rows=1,
    ),
    Case(
        name="agreement-none",
        kind="agreement",
        file="landing/coordinator/agreements/sample_agreements_*.csv",
        table="monitoring_agreements",
        where="state = 'none'",
        rows=56,
    ),
    Case(
        name="agreement-without-coordinator",
        kind="agreement",
        file="landing/council/network_members/sample_contract_areas_2024.csv",
        table="monitoring_agreements",
        where=(
            "region = 'SS05' and state = 'in_force' and coordinator is null "
            "and chair_organisation is not null"
        ),
        rows=1,
    ),
    Case(
        name="agreement-without-chair",
        kind="agreement",
        file="landing/council/network_members/sample_contract_areas_2024.csv",
        table="monitoring_agreements",
        where=(
            "region = 'SS07' and state = 'in_force' and chair_organisation is null "
            "and coordinator is not null"
        ),
        rows=1,
    ),
    Case(
        name="document-from-two-organisations",
        kind="document",
        file="landing/own_study/documents/sample_documents_2025.xlsx",
        table="monitoring_documents",
        where="publisher = 'Kainuun liitto' and source = 'own_study'",
        rows=1,
    ),
    Case(
        name="finding-without-citation",
        kind="finding",
        file="landing/council/findings/sample_findings_*.csv",
        table="monitoring_findings",
        where="indicator = 'none' and citation = 'none'",
        rows=None,
    ),
    Case(
        name="finding-on-nothing-measured",
        kind="finding",
        file="landing/council/findings/sample_findings_*.csv",
        table="monitoring_findings",
        where="region = 'SK181' and citation = 'not_known_then' and newest_period is null",
        rows=None,
    ),
    Case(
        name="finding-on-a-lost-document",
        kind="finding",
        file="landing/council/findings/sample_findings_*.csv",
        table="monitoring_findings",
        where="documents_missing > 0",
        rows=None,
    ),
)


_SURVEYS = (
    Case(
        name="survey-few-answers",
        kind="few_answers",
        file="landing/survey/survey_answers/sample_network_*.csv",
        table="monitoring_surveys",
        where="survey = 'network' and breakdown_value = 'SK044' and conf_status = 'A'",
        rows=8,
        sources=("survey",),
    ),
    Case(
        name="survey-unknown-question",
        kind="unknown_question",
        file="landing/survey/survey_answers/sample_network_*.csv",
        table="monitoring_surveys",
        where="question = 'Mikä yhteistyössä toimi parhaiten?' and breakdown = 'whole'",
        rows=2,
        sources=("survey",),
    ),
)

#: Who was expected to report a log, and what became of it.
_DUTIES = (
    Case(
        name="duty-complete",
        kind="duty",
        file="landing/evk/advice_events/sample_advice_2026-Q1.csv",
        table="quality_coverage_regions",
        where="indicator = 'advice_events' and region = 'SK091' and period = '2026-Q1' "
        "and state = 'complete' and late = 0",
        rows=1,
    ),
    Case(
        name="duty-late",
        kind="duty",
        file="landing/evk/advice_events/sample_advice_2026-Q2.csv",
        table="quality_gaps",
        where="kind = 'late' and indicator = 'advice_events' and source = 'evk' "
        "and period = '2026-Q2' and days_late = 20",
        rows=2,
    ),
    Case(
        name="duty-absent",
        kind="duty",
        file="landing/coordinator/reporting_duties/sample_duties_2026.csv",
        table="quality_gaps",
        where="kind = 'absent' and indicator = 'advice_events' and source = 'finnvera' "
        "and region = 'SK093' and period <= '2026-Q3'",
        rows=3,
    ),
    Case(
        name="duty-zero",
        kind="duty",
        file="landing/evk/advice_events/sample_advice_2026-Q*.csv",
        table="fct_observations",
        where="indicator = 'advice_events' and region = 'SK093' and segment = 'total' "
        "and period <= '2026-Q3' and value = 0 and coverage_share = 0.5",
        rows=3,
    ),
    Case(
        name="duty-missing-in-the-country",
        kind="duty",
        file="landing/coordinator/reporting_duties/sample_duties_2026.csv",
        table="quality_gaps",
        where="kind = 'partial' and indicator = 'advice_events' and region = 'SSS' "
        "and segment = 'total' and period = '2026-Q1' and organisation = 'finnvera'",
        rows=1,
    ),
    Case(
        name="duty-of-nobody",
        kind="duty",
        file="landing/ely/funding_decisions/sample_decisions_2024.csv",
        table="fct_observations",
        where="indicator = 'development_funding' and region = 'SSS' and segment = 'total' "
        "and period = '2024-Q4' and coverage_share is null",
        rows=1,
    ),
)

CASES: tuple[Case, ...] = (
    *_OVERLAPS,
    *_REVISIONS,
    *_GAPS,
    *_MONITORING,
    *_QUARANTINE,
    *_NETWORKS,
    *_KNOWLEDGE,
    *_SURVEYS,
    *_DUTIES,
)

BY_NAME: Mapping[str, Case] = MappingProxyType({case.name: case for case in CASES})


@cache
def cells_of(name: str) -> frozenset[Cell]:
    """The cells of the cases whose name is `name` or begins with it."""
    found = [case for case in CASES if case.name.startswith(name)]
    if not found:
        raise KeyError(name)
    return frozenset(cell for case in found for cell in case.cells)


def planted(name: str, indicator: str, region: str, period: str) -> bool:
    """Whether a case whose name is `name`, or begins with it, is about the cell."""
    return Cell(indicator, region, "total", period) in cells_of(name)
