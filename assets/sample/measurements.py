"""Sample deliveries of measurements, of every source that uses the landing zone.

A file of an expected source holds one release and is dated on its day, so it never changes. Other
files hold all releases of a calendar year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assets.sample.cases import BY_NAME, cells_of, planted
from assets.sample.formats import Dialect, SampleFile, csv_bytes
from assets.sample.labour import unemployed_of
from assets.sample.releases import Releases
from assets.sample.series import World, chance, wobble
from assets.vocabulary.periods import Period, parse_period

_ENGLISH = ("indicator", "region", "period", "value")
_FINNISH = ("mittari", "alue", "jakso", "arvo")
_OFFICE = Dialect(delimiter=";", encoding="utf-8-sig", newline="\r\n")
_OLD_OFFICE = Dialect(delimiter=";", encoding="cp1252", newline="\r\n")
_SEMICOLON = Dialect(delimiter=";")

#: Enterprises started by quarter, per thousand inhabitants; closures follow the year's end.
_STARTS = (2.1, 1.7, 1.5, 1.7)
_CLOSURES = (1.3, 1.2, 1.1, 1.8)
#: The service falls silent after this month: a month after the first refresh it is stale.
_LAST_SERVICE_MONTH = "2026-09"
#: Share of the enterprises that the trade register of PRH knows; sole traders are not in it.
_REGISTERED = 0.62


@dataclass(frozen=True)
class _Partner:
    """A source that delivers measurements, and how it writes."""

    source: str
    header: Sequence[str]
    dialect: Dialect | None = None

    def file(self, name: str, rows: Iterable[Sequence[str]], day: date) -> SampleFile:
        """One delivery of the source."""
        return SampleFile(
            f"landing/{self.source}/measurements/sample_{name}.csv",
            csv_bytes(self.header, rows, self.dialect),
            day,
        )


_STATFIN = _Partner("statfin", (*_ENGLISH, "unit", "status", "note"))
_TE_OFFICE = _Partner("te_office", ("mittari", "aluetyyppi", "alue", "jakso", "arvo"), _OLD_OFFICE)
_EMPLOYMENT_AREA = _Partner("employment_area", _FINNISH, _OFFICE)
_BUSINESS_FINLAND = _Partner("business_finland", (*_FINNISH, "yksikkö", "tila", "salaus"), _OFFICE)
_DEVELOPMENT_COMPANY = _Partner("development_company", _ENGLISH)
_SOTKANET = _Partner("sotkanet", _ENGLISH, _SEMICOLON)
_PRH = _Partner("prh", _ENGLISH)
_TEKES = _Partner("tekes", (*_ENGLISH, "segment"))
_COORDINATOR = _Partner("coordinator", _FINNISH, _OFFICE)
_SURVEY = _Partner("survey", _ENGLISH, _SEMICOLON)
_SERVICE = _Partner("service", _ENGLISH)
_COUNCIL = _Partner("council", _FINNISH, _OLD_OFFICE)
_OWN_STUDY = _Partner("own_study", (*_ENGLISH, "processing_level", "producer_note"))


def measurement_files(world: World, releases: Releases) -> list[SampleFile]:
    """Every measurement file; the caller leaves out those dated after today."""
    return [
        *_population(world, releases),
        *_enterprises(world, releases),
        *_rd_expenditure(world, releases),
        *_change_negotiations(world, releases),
        *_unemployed_beside_statfin(world, releases),
        *_growth_enterprises(world, releases),
        *_innovation_services(world, releases),
        _funding_by_segment(),
        *_cooperation(releases),
        *_service_users(world, releases),
        *_outlooks(releases),
        SampleFile(
            "landing/council/measurements/sample_broken.csv",
            # Neither text nor a workbook, like an interrupted export.
            bytes(range(256)) * 4,
            date(2025, 3, 3),
        ),
    ]


def _decimal(tenths: int, mark: str = ".") -> str:
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}{mark}{abs(tenths) % 10}"


def _people(world: World, municipalities: Iterable[str], period: Period) -> int:
    year = period.start.year
    return sum(world.population(ku, year, period.last_day) for ku in municipalities)


# -- Statistics Finland and the sources beside it ----------------------------------------------


def _population(world: World, releases: Releases) -> list[SampleFile]:
    files = []
    for period in releases.periods("population"):
        # Population is counted by the territory of its own day, so an ended municipality is
        # there for the years it existed, and regions are exactly the sum of their parts.
        day, year = period.last_day, period.start.year
        rows = [
            ("population", ku, period.text, str(world.population(ku, year)), "persons", "", "")
            for ku in world.alive("KU", day)
        ]
        rows += [
            ("population", mk, period.text, str(_people(world, inside, period)), "persons", "", "")
            for mk, inside in world.members("MK", day).items()
        ]
        everybody = _people(world, world.alive("KU", day), period)
        rows.append(("population", "SSS", period.text, str(everybody), "persons", "", ""))
        # The office keeps Pertunmaa in its list after the merger, marked "cannot exist".
        (pertunmaa,) = cells_of("not-applicable-pertunmaa")
        if period.text >= pertunmaa.period:
            rows.append(
                ("population", pertunmaa.region, period.text, ".", "persons", "M", "merged")
            )
        files.append(
            _STATFIN.file(f"population_{period.text}", rows, releases.day("population", period))
        )
    return files + _sotkanet(world)


def _sotkanet(world: World) -> list[SampleFile]:
    rows = []
    for cell in sorted(cells_of("redundant-population") | cells_of("conflict-between-population")):
        value = world.population(cell.region, int(cell.period))
        if planted("conflict-between-population", *_key(cell)):
            value += value // 30
        else:
            value += round(0.003 * value * (chance("sotkanet", *cell) - 0.5))
        rows.append((cell.indicator, cell.region, cell.period, f"{value}.0"))
    return [_SOTKANET.file("population_2015_2022", rows, date(2023, 6, 15))]


def _key(cell: tuple[str, str, str, str]) -> tuple[str, str, str]:
    indicator, region, _, period = cell
    return indicator, region, period


def _enterprises_of(
    world: World, indicator: str, sub_region: str, inside: Sequence[str], period: Period
) -> int:
    rates = _STARTS if indicator == "enterprises_started" else _CLOSURES
    rate = rates[(period.start.month - 1) // 3]
    level = wobble(0.25, "enterprise level", indicator, sub_region)
    trend = 1.0 + 0.012 * (period.start.year - 2015)
    noise = wobble(0.08, indicator, sub_region, period.text)
    return round(_people(world, inside, period) * rate * level * trend * noise / 1000.0)


def _enterprises(world: World, releases: Releases) -> list[SampleFile]:
    files = []
    for period in releases.periods("enterprises_started"):
        day = period.last_day
        rows = []
        for indicator in ("enterprises_started", "enterprises_closed"):
            values = {
                sk: _enterprises_of(world, indicator, sk, inside, period)
                for sk, inside in world.members("SK", day).items()
            }
            # An enterprise whose municipality is unknown is in the region only.
            regions: dict[str, int] = {}
            parent = {ku: mk for mk, kus in world.members("MK", day).items() for ku in kus}
            for sk, inside in world.members("SK", day).items():
                regions[parent[inside[0]]] = regions.get(parent[inside[0]], 0) + values[sk]
            values |= {mk: n + 1 + n // 400 for mk, n in sorted(regions.items())}
            values["SSS"] = sum(values[mk] for mk in regions) + 7
            rows += [
                (indicator, region, period.text, str(value), "count", "", "")
                for region, value in values.items()
                if not planted("absent-enterprises-closed", indicator, region, period.text)
            ]
        files.append(
            _STATFIN.file(
                f"enterprises_{period.text}", rows, releases.day("enterprises_started", period)
            )
        )
    return files + _register(world)


def _register(world: World) -> list[SampleFile]:
    """The business register beside the statistics: quarters, and the half-year of one of them."""
    indicator = "enterprises_started"

    def registered(sub_region: str, quarter: str) -> int:
        period = parse_period(quarter)
        inside = world.members("SK", period.last_day)[sub_region]
        return round(_REGISTERED * _enterprises_of(world, indicator, sub_region, inside, period))

    rows = [
        (indicator, cell.region, cell.period, str(registered(cell.region, cell.period)))
        for cell in sorted(cells_of("conflict-between-enterprises-started"))
    ]
    for cell in sorted(cells_of("period-overlap-half-year")):
        halves = [registered(cell.region, quarter) for quarter in ("2024-Q1", "2024-Q2")]
        rows.append((indicator, cell.region, cell.period, str(sum(halves))))
    return [_PRH.file("enterprises_started_2024", rows, date(2025, 4, 15))]


def _rd_expenditure(world: World, releases: Releases) -> list[SampleFile]:
    files = []
    indicator = "rd_expenditure"

    def rows_of(values: dict[str, int], period: Period, note: str) -> list[tuple[str, ...]]:
        return [
            (indicator, region, period.text, _decimal(tenths), "MEUR", "", note)
            for region, tenths in values.items()
        ]

    for period in releases.periods(indicator):
        trend = 1.0 + 0.035 * (period.start.year - 2015)
        values = {
            mk: round(
                _people(world, inside, period)
                * 0.0065
                * (0.5 + 1.6 * chance("rd level", mk))
                * trend
                * wobble(0.04, indicator, mk, period.text)
            )
            for mk, inside in world.members("MK", period.last_day).items()
        }
        values["SSS"] = sum(values.values()) + 3
        day = releases.day(indicator, period)
        files.append(_STATFIN.file(f"{indicator}_{period.text}", rows_of(values, period, ""), day))
        revised = {c.region for c in cells_of("revision-rd") if c.period == period.text}
        if revised:
            more = values["MK06"] // 12
            corrected = {region: values[region] + more for region in sorted(revised)}
            files.append(
                _STATFIN.file(
                    f"{indicator}_{period.text}_corrected",
                    rows_of(corrected, period, "corrected"),
                    day + timedelta(days=56),
                )
            )
    return files


# -- Employment: TE offices until 2024, employment areas from 2025 -----------------------------


def _change_negotiations(world: World, releases: Releases) -> list[SampleFile]:
    indicator = "change_negotiations"
    name = world.catalogue.indicators[indicator].name_fi
    files = []
    for period in releases.periods(indicator):
        values = {
            mk: 20
            + round(
                _people(world, inside, period)
                * 0.0012
                * (0.3 + 1.8 * chance(indicator, mk, period.text))
            )
            for mk, inside in world.members("MK", period.last_day).items()
            if not planted("absent-change-negotiations", indicator, mk, period.text)
        }
        day = releases.day(indicator, period)
        topic = f"{indicator}_{period.text}"
        if period.start.year >= 2025:
            rows = [(indicator, mk, period.text, str(value)) for mk, value in values.items()]
            files.append(_EMPLOYMENT_AREA.file(topic, rows, day))
            continue
        compact = period.text.replace("-", "")
        office_rows = [
            (name, "maakunta", world.names[mk], compact, str(value)) for mk, value in values.items()
        ]
        for cell in cells_of("duplicate-change-negotiations"):
            if cell.period == period.text:
                office_rows += [row for row in office_rows if row[2] == world.names[cell.region]]
        if period.text in BY_NAME["late-change-negotiations"].periods:
            day += timedelta(days=20)
        files.append(_TE_OFFICE.file(topic, office_rows, day))
    return files


def _unemployed_beside_statfin(world: World, releases: Releases) -> list[SampleFile]:
    indicator = "unemployed"
    name = world.catalogue.indicators[indicator].name_fi
    office_rows = []
    for cell in sorted(cells_of("redundant-unemployed-2024")):
        month = parse_period(cell.period)
        value = _nearly(unemployed_of(world, cell.region, month), *cell)
        label = f"{cell.period[:4]}M{cell.period[5:]}"
        office_rows.append((name, "kunta", world.names[cell.region], label, str(value)))
    files = [_TE_OFFICE.file("unemployed_2024", office_rows, date(2025, 1, 30))]

    by_release_year: dict[int, list[tuple[Period, tuple[str, ...]]]] = {}
    for month in releases.periods(indicator, first="2025-01"):
        rows = by_release_year.setdefault(releases.day(indicator, month).year, [])
        for region in ("KU205", "KU290", "KU564"):
            value = _nearly(unemployed_of(world, region, month), region, month.text)
            rows.append((month, (indicator, region, month.text, str(value))))
        for cell in cells_of("conflict-between-unemployed"):
            if cell.period == month.text:
                value = unemployed_of(world, cell.region, month)
                rows.append((month, (indicator, cell.region, cell.period, str(value * 21 // 20))))
        if month.text == "2025-04":
            rows.append((month, (indicator, "Kuopio", month.text, "5 120")))
            rows.append((month, (indicator, "KU588", month.text, "61")))
    for year, dated in by_release_year.items():
        newest = max(month for month, _ in dated)
        files.append(
            _EMPLOYMENT_AREA.file(
                f"unemployed_{year}", [row for _, row in dated], releases.day(indicator, newest)
            )
        )
    return files


def _nearly(value: int, *key: str) -> int:
    """The value changed by less than the tolerance of 0.5 %."""
    return value + round(0.006 * value * (chance("nearly", *key) - 0.5))


# -- Enterprise and innovation services --------------------------------------------------------


def _growth_enterprises(world: World, releases: Releases) -> list[SampleFile]:
    files = []
    count, turnover = "growth_enterprises", "growth_enterprise_turnover"
    for period in releases.periods(count):
        rows = []
        for mk, inside in world.members("MK", period.last_day).items():
            people = _people(world, inside, period)
            level = wobble(0.3, count, mk) * wobble(0.06, count, mk, period.text)
            number = 4 + round(people * 0.00022 * level)
            thousands = number * round(6400 * wobble(0.3, turnover, mk, period.text))
            if planted("suppressed-growth-enterprises", count, mk, period.text):
                rows.append((count, mk, period.text, "", "kpl", "Q", "C"))
            else:
                rows.append((count, mk, period.text, str(number), "kpl", "", ""))
            if planted("conflict-within-growth-enterprises", count, mk, period.text):
                rows.append((count, mk, period.text, str(number + 6), "kpl", "", ""))
            if planted("not-available-turnover", turnover, mk, period.text):
                rows.append((turnover, mk, period.text, "", "1000 €", "", ""))
            else:
                amount = _decimal(thousands * 10 + int(mk[2:]) % 10, ",")
                rows.append((turnover, mk, period.text, amount, "1000 €", "", ""))
        files.append(
            _BUSINESS_FINLAND.file(f"{count}_{period.text}", rows, releases.day(count, period))
        )
    return files


def _innovation_services(world: World, releases: Releases) -> list[SampleFile]:
    indicator = "innovation_service_uses"
    own_area = world.catalogue.sources["development_company"].area
    files = []
    for period in releases.periods(indicator):
        day = releases.day(indicator, period)
        national, own = [], []
        for mk, inside in world.members("MK", period.last_day).items():
            people = _people(world, inside, period)
            uses = 3 + round(people * 0.00009 * wobble(0.4, indicator, mk, period.text))
            national.append((indicator, mk, period.text, str(uses), "kpl", "", ""))
            if mk in own_area:
                uses = 5 + round(people * 0.00012 * wobble(0.4, "own", mk, period.text))
                own.append((indicator, mk, period.text, str(uses)))
                if planted("conflict-within-innovation", indicator, mk, period.text):
                    own.append((indicator, mk, period.text, str(uses + 4)))
        for cell in cells_of("nested-region-innovation-services"):
            if cell.period == period.text:
                # Four uses have no region.
                whole = 4 + sum(int(row[3]) for row in national)
                national.append((indicator, cell.region, period.text, str(whole), "kpl", "", ""))
        topic = f"innovation_services_{period.text}"
        files.append(_BUSINESS_FINLAND.file(topic, national, day))
        files.append(_DEVELOPMENT_COMPANY.file(topic, own, day))
    return files


def _funding_by_segment() -> SampleFile:
    """A quarter's funding in one region as a total and as its parts."""
    (cell,) = cells_of("nested-segment-funding")
    parts = {"domestic_sme": 410_000, "international_sme": 265_000}
    values = {cell.segment: sum(parts.values()), **parts}
    rows = [
        (cell.indicator, cell.region, cell.period, str(value), segment)
        for segment, value in values.items()
    ]
    return _TEKES.file("funding_2016-Q3", rows, date(2016, 11, 15))


# -- Co-operation, services and own studies ----------------------------------------------------


def _cooperation(releases: Releases) -> list[SampleFile]:
    files = []
    for period in releases.periods("plan_current", first="2022"):
        year = period.text
        rows = []
        for region in ("SK064", "SK171", "SK181", "SK182"):
            done = 550 + round(420 * chance("measures", region, year))
            held = 500 + 100 * round(5 * chance("meetings", region, year))
            mark = 28 + round(18 * chance("assessment", region, year))
            rows += [
                ("plan_current", region, year, "1" if chance("plan", region, year) < 0.9 else "0"),
                ("plan_measures_done", region, year, _decimal(done, ",")),
                ("meeting_activity", region, year, _decimal(held, ",")),
                ("steering_self_assessment", region, year, _decimal(mark, ",")),
            ]
        files.append(
            _COORDINATOR.file(f"cooperation_{year}", rows, releases.day("plan_current", period))
        )
    rolling = [
        (cell.indicator, cell.region, cell.period, "87,5")
        for cell in cells_of("period-overlap-rolling-year")
    ]
    files.append(_COORDINATOR.file("meetings_2024-07_2025-06", rolling, date(2025, 8, 29)))

    for period in releases.periods("network_survey_score", first="2021"):
        if period.start.year % 2 == 0:
            continue  # the surveys are made every other year
        rows = [
            (
                indicator,
                region,
                period.text,
                _decimal(30 + round(15 * chance(indicator, region, period.text))),
            )
            for indicator in ("network_survey_score", "customer_survey_score")
            for region in ("SK011", "SK064", "SK171", "SK182")
        ]
        for cell in cells_of("duplicate-customer-survey"):
            rows += [row for row in rows if row[:3] == _key(cell)]
        day = releases.day("network_survey_score", period)
        files.append(_SURVEY.file(f"surveys_{period.text}", rows, day))
    return files


def _service_users(world: World, releases: Releases) -> list[SampleFile]:
    indicator = "service_users"
    by_release_year: dict[int, list[tuple[str, ...]]] = {}
    newest: dict[int, date] = {}
    for month in releases.periods(indicator, first="2025-01"):
        if month.text > _LAST_SERVICE_MONTH:
            break
        day = releases.day(indicator, month)
        rows = by_release_year.setdefault(day.year, [])
        newest[day.year] = max(day, newest.get(day.year, day))
        for mk, inside in world.members("MK", month.last_day).items():
            users = 12 + round(
                _people(world, inside, month) * 0.0011 * wobble(0.2, indicator, mk, month.text)
            )
            rows.append((indicator, mk, month.text, str(users)))
            # Some use both, so that the two add up to more than the users of either.
            callers = round(users * (0.2 + 0.2 * chance("callers", mk, month.text)))
            rows.append((f"{indicator}_phone", mk, month.text, str(callers)))
            rows.append((f"{indicator}_web", mk, month.text, str(users - callers // 2)))
        if month.text == "2025-02":  # the case `quarantine-unknown-indicator`
            rows.append(("service_usres", "MK18", month.text, "84"))
    return [
        _SERVICE.file(f"{indicator}_{year}", rows, newest[year])
        for year, rows in by_release_year.items()
    ]


def _outlooks(releases: Releases) -> list[SampleFile]:
    indicator = "outlook_score"
    files = []
    for period in releases.periods(indicator, first="2023-S1"):
        day = releases.day(indicator, period)
        scores = {
            region: round(30 * chance(indicator, region, period.text)) - 14
            for region in ("MK17", "MK18", "SK171", "SK181", "SK182")
        }
        council = [
            (indicator, region, period.text, _decimal(scores[region], ","))
            for region in ("MK17", "MK18")
        ]
        # The study has another question and other respondents, so another score.
        note = "Other question and respondents than the council's"
        study = [
            (indicator, region, period.text, _decimal(min(20, score + 3)), "computed", note)
            for region, score in scores.items()
            if region != "MK17"
        ]
        files.append(_COUNCIL.file(f"outlook_{period.text}", council, day))
        files.append(_OWN_STUDY.file(f"outlook_{period.text}", study, day))
    return files
