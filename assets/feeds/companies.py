"""The business register (PRH, YTJ version 3): companies as the events of their start and close.

A company *starts* on the day of its registration (`registrationDate`), which is its first entry
in the trade register, and not on the day its business id was given (`businessId.registrationDate`):
ids exist since 15.3.1978 and were given to every older company on that day. It is also the day
that the service is asked by. It *closes* on its `endDate`.

An event lies in the municipality of the company's newest street address (type 1). A postal
address (type 2) is a box or an accountant's office in another place, so it is never counted by.
The register tells only today's address, in today's division:

- A municipality that had ended by the day of the event is an address that nobody has renewed.
  It counts where the whole of it was merged into; where it was divided, nobody knows.
- A municipality that did not exist yet on that day stays: that is how statistical offices give the
  past too, and what a region is worth in another year is decided downstream.

What does not belong here: how pages are fetched (`assets.services.prh`), when (`register`), and
how events are counted (dbt).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Literal

import orjson
import pyarrow as pa

from assets.catalogue import Catalogue
from assets.formats.json_values import parsed_json
from assets.languages import AND, linked
from assets.raw.delivery import Batch, Rejected
from assets.raw.schemas import SHAPES
from assets.vocabulary import NotUnderstood, UnreadableDelivery
from assets.vocabulary.numbers import parse_business_id, parse_day
from assets.vocabulary.periods import span
from assets.vocabulary.reasons import Reason
from assets.vocabulary.regions import RegionIndex

Kind = Literal["started", "closed"]

SHAPE = "register_events"
BATCH_ROWS = 50_000
"""Events and refused records handed on at a time; bounds memory."""
STREET_ADDRESS = "1"
#: The trade register was opened at the beginning of that year; an earlier day is a placeholder.
_OPENED = date(1896, 1, 1)
#: No code, day or business id is longer; what is longer is not repeated in a reason.
_LONGEST = 40
_ORIGIN = frozenset({"source", "dataset", "vintage"})


class _Refused(Exception):
    """Why a record or an event cannot be taken in; `column` is the register's own field."""

    def __init__(self, column: str, reason: Reason) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read_companies(
    parts: Iterable[bytes],
    catalogue: Catalogue,
    business_key: Callable[[str], str],
    today: date,
) -> Iterator[Batch]:
    """Each company as a `started` event and, if it has ended, a `closed` one.

    Rows are events. The n-th company over all parts has the lines 2n−1 (started) and 2n
    (closed). A company that is refused as a whole is one rejected row, on line 2n−1; an event
    that is refused alone is one on its own line. What is kept of a refused record names no
    person: business id, form, days and municipality.

    Args:
        parts: pages as the service answered them, `{"companies": […]}`.
        catalogue: regions and their mergers.
        business_key: turns a business id into its keyed hash.
        today: an event after this day is a typing error.

    Yields:
        Batches of `register_events`, about `BATCH_ROWS` rows each.

    Raises:
        UnreadableDelivery: a part is no page of companies.
    """
    schema = pa.schema([f for f in SHAPES[SHAPE] if f.name not in _ORIGIN])
    reader = _Companies(catalogue, business_key, today)
    accepted: list[dict[str, Any]] = []
    rejected: list[Rejected] = []
    for number, company in enumerate(_companies_of(parts), start=1):
        for event in reader.events(number, company):
            if isinstance(event, Rejected):
                rejected.append(event)
            else:
                accepted.append(event)
        if len(accepted) + len(rejected) >= BATCH_ROWS:
            yield Batch(pa.RecordBatch.from_pylist(accepted, schema=schema), rejected)
            accepted, rejected = [], []
    if accepted or rejected:
        yield Batch(pa.RecordBatch.from_pylist(accepted, schema=schema), rejected)


def _companies_of(parts: Iterable[bytes]) -> Iterator[Any]:
    for number, part in enumerate(parts, start=1):
        try:
            page = parsed_json(part, "PRH")
        except UnreadableDelivery as problem:
            raise _unusable(number, problem.reason) from None
        companies = page.get("companies") if isinstance(page, dict) else None
        if not isinstance(companies, list):
            raise _unusable(number, Reason("no_companies"))
        yield from companies


def _unusable(page: int, problem: Reason) -> UnreadableDelivery:
    return UnreadableDelivery(Reason("page_of_register", number=page, problem=problem))


class _Companies:
    """Understands companies one by one and remembers which ids came."""

    def __init__(
        self, catalogue: Catalogue, business_key: Callable[[str], str], today: date
    ) -> None:
        self._regions = RegionIndex(catalogue)
        self._business_key = business_key
        self._today = today
        # The eighth digit follows from the seven before it, so a flag for each seven will do.
        self._came = bytearray(10_000_000)

    def events(self, number: int, company: Any) -> Iterator[dict[str, Any] | Rejected]:
        """The events of the `number`-th company, or why there are none."""
        line = 2 * number - 1
        try:
            business_id = self._business_id(company)
            municipality = self._municipality(company)
            days = _days(company)
        except _Refused as refused:
            yield Rejected(line, refused.column, refused.reason, _delivered(company))
            return
        key = self._business_key(business_id)
        for offset, (kind, column, given) in enumerate(days):
            try:
                day = self._plausible(column, given)
                region = self._region_on(municipality, day)
            except _Refused as refused:
                yield Rejected(line + offset, refused.column, refused.reason, _delivered(company))
                continue
            yield {
                "line": line + offset,
                "event_id": f"{key}:{kind}",
                "region": region,
                "happened_on": day,
                "kind": kind,
                "segment": "total",
                "business_id": business_id,
                "business_key": key,
                "company_form": _company_form(company),
                "industry": _industry(company),
            }

    def _business_id(self, company: Any) -> str:
        if not isinstance(company, dict):
            raise _Refused("", Reason("not_a_company"))
        text = _text(company.get("businessId"), "value", "businessId")
        if text is None:
            raise _Refused("businessId", Reason("no_business_id"))
        try:
            business_id = parse_business_id(text)
        except NotUnderstood as reason:
            raise _Refused("businessId", reason.reason) from None
        digits = int(business_id[:7])
        if self._came[digits]:
            raise _Refused("businessId", Reason("business_id_again"))
        self._came[digits] = True
        return business_id

    def _municipality(self, company: dict[str, Any]) -> str:
        addresses = _records(company, "addresses")
        street = [a for a in addresses if str(a.get("type")) == STREET_ADDRESS]
        if not street:
            postal = Reason("only_a_postal_address")
            raise _Refused("addresses", postal if addresses else Reason("no_street_address"))
        codes = _municipality_codes(_newest(street))
        if not codes:
            raise _Refused("municipalityCode", Reason("no_municipality"))
        if len(codes) > 1:
            both = linked(AND, codes)
            raise _Refused("municipalityCode", Reason("two_municipalities", municipalities=both))
        # A name would be understood too, and might be the name of a region of another type.
        if not (codes[0].isascii() and codes[0].isdigit()):
            raise _Refused("municipalityCode", Reason("not_a_municipality", text=codes[0]))
        try:
            return self._regions.resolve(codes[0], "KU")
        except NotUnderstood as reason:
            raise _Refused("municipalityCode", reason.reason) from None

    def _plausible(self, column: str, given: str | date) -> date:
        if isinstance(given, str):
            raise _Refused(column, Reason("not_a_day", text=given))
        if given > self._today:
            raise _Refused(column, Reason("day_in_the_future", day=given.isoformat()))
        if given < _OPENED:
            raise _Refused(column, Reason("before_the_register", day=given.isoformat()))
        return given

    def _region_on(self, region: str, day: date) -> str:
        """The municipality that an address of today, or one never renewed, lay in on a day."""
        while (ended := self._regions.regions[region][-1].valid_to) is not None and ended <= day:
            successors = self._regions.successors.get(region, ())
            if len(successors) != 1:
                reason = self._regions.why_ended(region, span(day, day + timedelta(days=1)))
                assert reason is not None
                raise _Refused("municipalityCode", reason)
            region = successors[0]
        return region


def _days(company: dict[str, Any]) -> list[tuple[Kind, str, str | date]]:
    """Kind, field and day of each event; the text instead where it is no day."""
    registered, ended = (_day(company, name) for name in ("registrationDate", "endDate"))
    if registered is None:
        raise _Refused("registrationDate", Reason("no_registration_day"))
    days: list[tuple[Kind, str, str | date]] = [("started", "registrationDate", registered)]
    if ended is not None:
        days.append(("closed", "endDate", ended))
        if isinstance(registered, date) and isinstance(ended, date) and ended < registered:
            raise _Refused(
                "endDate",
                Reason("ended_before_registered", end=str(ended), start=str(registered)),
            )
    return days


def _day(company: dict[str, Any], name: str) -> str | date | None:
    text = _text(company, name, name)
    try:
        return None if text is None else parse_day(text)
    except NotUnderstood:
        return text


def _company_form(company: dict[str, Any]) -> str | None:
    """Code of the current form in the register's list YRMU (`16` is a limited company)."""
    forms = _records(company, "companyForms")
    current = [form for form in forms if not form.get("endDate")]
    return _code(_newest(current or forms).get("type")) if forms else None


def _industry(company: dict[str, Any]) -> str | None:
    """`TOIMI4:70100`: code set and code, for a code means something else in another edition."""
    line = company.get("mainBusinessLine")
    code = _code(line.get("type")) if isinstance(line, dict) else None
    code_set = _code(line.get("typeCodeSet")) if isinstance(line, dict) else None
    return f"{code_set}:{code}" if code and code_set else code


def _municipality_codes(address: dict[str, Any]) -> list[str]:
    """The codes that an address gives, once for each language of its post office."""
    offices = _records(address, "postOffices")
    return sorted({c for office in offices if (c := _code(office.get("municipalityCode")))})


def _delivered(company: Any) -> str | None:
    """What is told of a refused record: nothing that could name a person."""
    if not isinstance(company, dict):
        return None
    business_id = company.get("businessId")
    told = {
        "businessId": business_id.get("value") if isinstance(business_id, dict) else None,
        "companyForm": _company_form(company),
        "registrationDate": company.get("registrationDate"),
        "endDate": company.get("endDate"),
        "municipalityCode": " ".join(
            sorted({c for a in _records(company, "addresses") for c in _municipality_codes(a)})
        ),
    }
    return orjson.dumps({name: code for name, v in told.items() if (code := _code(v))}).decode()


def _text(record: Any, name: str, column: str) -> str | None:
    """A text of a record; None where it is absent, null or blank."""
    value = record.get(name) if isinstance(record, dict) else None
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = _code(value) if isinstance(value, str) else None
    if text is None:
        raise _Refused(column, Reason("not_a_text"))
    return text


def _code(value: Any) -> str | None:
    """A code as text, also where it was written as a number; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = value.strip() if isinstance(value, str) else ""
    return text if 0 < len(text) <= _LONGEST else None


def _records(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = record.get(name)
    return [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []


def _newest(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The record that was registered last; of several such, the last one listed."""
    days = [_code(record.get("registrationDate")) or "" for record in records]
    return max(zip(days, range(len(days)), records, strict=True))[2]
