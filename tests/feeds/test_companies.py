"""Companies of the business register as events: what is taken in, what is refused, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalogue import Catalogue
from assets.feeds import companies
from assets.feeds.companies import read_companies
from assets.raw.content import Content
from assets.raw.delivery import Delivery, Rejected
from assets.raw.schemas import SHAPES
from assets.raw.zone import RawZone
from assets.settings import Settings
from assets.vocabulary import UnreadableDelivery
from tests.conftest import TODAY
from tests.services.prh_server import address, business_id, company, register_of

Events = list[dict[str, Any]]


def hashed(business_id: str) -> str:
    return hashlib.sha256(business_id.encode()).hexdigest()[:32]


def page(*companies: object) -> bytes:
    return json.dumps({"totalResults": len(companies), "companies": companies}).encode()


def read(parts: Iterable[bytes]) -> tuple[Events, list[Rejected]]:
    accepted: Events = []
    rejected: list[Rejected] = []
    for batch in read_companies(parts, Catalogue.load(), hashed, TODAY):
        accepted += batch.accepted.to_pylist()
        rejected += batch.rejected
    return accepted, rejected


def read_one(**changes: Any) -> tuple[Events, list[Rejected]]:
    return read([page(company(1, **changes))])


def test_a_company_that_goes_on_has_started() -> None:
    accepted, rejected = read_one()
    assert rejected == []
    assert accepted == [
        {
            "line": 1,
            "event_id": f"{hashed(business_id(1))}:started",
            "region": "KU205",
            "happened_on": date(2025, 3, 15),
            "kind": "started",
            "segment": "total",
            "business_id": business_id(1),
            "business_key": hashed(business_id(1)),
            "company_form": "16",
            "industry": "TOIMI4:62100",
        }
    ]


def test_a_company_that_ended_has_started_and_closed() -> None:
    accepted, rejected = read([page(company(1), company(2, endDate="2026-01-31"))])
    assert rejected == []
    assert [(e["line"], e["kind"], e["happened_on"]) for e in accepted] == [
        (1, "started", date(2025, 3, 15)),
        (3, "started", date(2025, 3, 15)),
        (4, "closed", date(2026, 1, 31)),
    ]
    assert len({e["event_id"] for e in accepted}) == 3


def test_lines_go_on_over_all_pages() -> None:
    register = register_of(250)
    accepted, _ = read(page(*register[start : start + 100]) for start in (0, 100, 200))
    assert [e["line"] for e in accepted] == list(range(1, 501, 2))


def test_the_register_as_it_writes_a_company_of_1896() -> None:
    # Retyped from the service's answer for the largest Finnish company, shortened.
    record = {
        "businessId": {"value": "0112038-9", "registrationDate": "1978-03-15", "source": "3"},
        "names": [{"name": "Nokia Oyj", "type": "1", "version": 1}],
        "mainBusinessLine": {"type": "70100", "typeCodeSet": "TOIMI4"},
        "companyForms": [{"type": "17", "registrationDate": "1997-09-01", "version": 1}],
        "addresses": [
            {
                "type": 1,
                "postOffices": [
                    {"city": "ESBO", "languageCode": "2", "municipalityCode": "049"},
                    {"city": "ESPOO", "languageCode": "1", "municipalityCode": "049"},
                ],
                "registrationDate": "2019-07-01",
            },
            {
                "type": 2,
                "postOffices": [
                    {"city": "NOKIA GROUP", "languageCode": "1", "municipalityCode": "091"}
                ],
                "postOfficeBox": "226",
                "registrationDate": "2014-09-30",
            },
        ],
        "registrationDate": "1896-12-19",
        "lastModified": "2026-08-19T10:04:06",
    }
    accepted, rejected = read([page(record)])
    assert rejected == []
    (event,) = accepted
    # The day of the trade register, not the one on which business ids were introduced.
    assert event["happened_on"] == date(1896, 12, 19)
    assert (event["region"], event["company_form"]) == ("KU049", "17")
    assert event["industry"] == "TOIMI4:70100"


@pytest.mark.parametrize(
    ("addresses", "region"),
    [
        ([address("205"), address("091", kind=2, registered="2024-01-01")], "KU205"),
        (
            [address("091", registered="2010-01-01"), address("205", registered="2020-01-01")],
            "KU205",
        ),
        (
            [address("205", registered="2020-01-01"), address("091", registered="2010-01-01")],
            "KU205",
        ),
        ([address("091"), address("205")], "KU205"),
        ([address("205", kind="1")], "KU205"),
        ([address("5")], "KU005"),
        ([address(49)], "KU049"),
        ([address(None) | {"registrationDate": None}, address("205")], "KU205"),
    ],
)
def test_the_newest_street_address_tells_the_municipality(
    addresses: list[dict[str, Any]], region: str
) -> None:
    accepted, rejected = read_one(addresses=addresses)
    assert rejected == []
    assert accepted[0]["region"] == region


def test_an_address_in_a_municipality_that_had_ended_lies_where_it_was_merged_into() -> None:
    # Honkajoki was merged whole into Kankaanpää on 1.1.2021.
    accepted, rejected = read_one(
        addresses=[address("099")], registrationDate="2005-05-02", endDate="2023-02-01"
    )
    assert rejected == []
    assert [(e["kind"], e["region"]) for e in accepted] == [
        ("started", "KU099"),
        ("closed", "KU214"),
    ]
    (last_day,), _ = read_one(addresses=[address("099")], registrationDate="2020-12-31")
    (first_day,), _ = read_one(addresses=[address("099")], registrationDate="2021-01-01")
    assert (last_day["region"], first_day["region"]) == ("KU099", "KU214")


def seeds(tmp_path: Path, **replaced: str) -> Catalogue:
    """The project's catalogue with other rows in some of its files."""
    source = Catalogue.load().directory
    for path in source.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for name, text in replaced.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return Catalogue.load(tmp_path)


def test_a_divided_municipality_and_one_that_came_later(tmp_path: Path) -> None:
    catalogue = seeds(
        tmp_path,
        regions=(
            "region,region_type,code,name_fi,name_sv,name_en,valid_from,valid_to\n"
            "KU001,KU,001,Jaettu,,,,2020-01-01\n"
            "KU002,KU,002,Uusi,,,2020-01-01,\n"
            "KU003,KU,003,Vanha,,,,\n"
        ),
        region_changes=(
            "change,region,name_fi,successor,level,from_parent,to_parent,effective_on\n"
            "merger,KU001,Jaettu,KU002 KU003,,,,2020-01-01\n"
        ),
    )
    divided = company(1, "2010-01-01", addresses=[address("001")], endDate="2021-01-01")
    later = company(2, "2010-01-01", addresses=[address("002")])
    (batch,) = read_companies([page(divided, later)], catalogue, hashed, TODAY)
    # Which part the address lies in is not known; what lay in the new one's place then, neither.
    assert [(e["line"], e["region"]) for e in batch.accepted.to_pylist()] == [
        (1, "KU001"),
        (3, "KU002"),
    ]
    (refused,) = batch.rejected
    assert (refused.line, refused.column) == (2, "municipalityCode")
    assert "ended on 2020-01-01; report KU002 Uusi or KU003 Vanha instead" in refused.reason


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"businessId": {"value": "1234567-8"}}, "businessId", "check digit"),
        ({"businessId": {"value": "Tmi Testaaja"}}, "businessId", "not a business id"),
        ({"businessId": {"value": None}}, "businessId", "no business id"),
        ({"businessId": ...}, "businessId", "no business id"),
        ({"businessId": {"value": 12345678}}, "businessId", "no text"),
        ({"addresses": ...}, "addresses", "no street address"),
        ({"addresses": []}, "addresses", "no street address"),
        ({"addresses": [address("091", kind=2)]}, "addresses", "only a postal one"),
        ({"addresses": "Koekatu 7"}, "addresses", "no street address"),
        ({"addresses": [address(None)]}, "municipalityCode", "has no municipality"),
        ({"addresses": [address("")]}, "municipalityCode", "has no municipality"),
        ({"addresses": [address("999")]}, "municipalityCode", "'999' is not the code"),
        ({"addresses": [address("Kajaani")]}, "municipalityCode", "'Kajaani' is not the code"),
        ({"addresses": [address("²")]}, "municipalityCode", "is not the code"),
        ({"registrationDate": None}, "registrationDate", "no day of registration"),
        ({"registrationDate": "2026-11-23"}, "registrationDate", "lies in the future"),
        ({"registrationDate": "0001-01-01"}, "registrationDate", "before the trade register"),
        ({"registrationDate": "2025-02-30"}, "registrationDate", "'2025-02-30' is not a day"),
        ({"registrationDate": 20250315}, "registrationDate", "no text"),
        ({"registrationDate": "x" * 5000}, "registrationDate", "no text"),
        ({"endDate": "2025-03-14"}, "endDate", "before the registration on 2025-03-15"),
        ({"endDate": ["2025-03-14"]}, "endDate", "no text"),
    ],
)
def test_a_company_that_cannot_be_understood_is_one_refused_row(
    changes: dict[str, Any], column: str, says: str
) -> None:
    good = company(2)
    accepted, rejected = read([page(company(1, **changes), good)])
    assert [e["line"] for e in accepted] == [3]
    (refused,) = rejected
    assert (refused.line, refused.column) == (1, column)
    assert says in refused.reason


def test_two_municipalities_in_one_address_are_refused() -> None:
    both = address("205")
    both["postOffices"][1]["municipalityCode"] = "091"
    accepted, (refused,) = read_one(addresses=[both])
    assert accepted == []
    assert "two municipalities: 091 and 205" in refused.reason


@pytest.mark.parametrize("end", ["2026-11-23", "31.2.2026"])
def test_an_end_that_cannot_be_is_refused_alone(end: str) -> None:
    accepted, (refused,) = read_one(endDate=end)
    assert [(e["line"], e["kind"]) for e in accepted] == [(1, "started")]
    assert (refused.line, refused.column) == (2, "endDate")


@pytest.mark.parametrize("day", ["1896-01-01", "2026-11-22"])
def test_the_first_day_of_the_register_and_today_are_days(day: str) -> None:
    (event,), rejected = read_one(registrationDate=day)
    assert (event["happened_on"].isoformat(), rejected) == (day, [])
    started_and_closed, rejected = read_one(registrationDate=day, endDate=day)
    assert (len(started_and_closed), rejected) == (2, [])


@pytest.mark.parametrize("empty", [None, "", "  ", ...])
def test_an_empty_end_is_no_end(empty: Any) -> None:
    accepted, rejected = read_one(endDate=empty)
    assert ([e["kind"] for e in accepted], rejected) == (["started"], [])


def test_of_two_records_of_one_company_the_second_is_refused() -> None:
    accepted, (refused,) = read([page(company(1)), page(company(2), company(1))])
    assert [e["line"] for e in accepted] == [1, 3]
    assert (refused.line, refused.column) == (5, "businessId")
    assert "another record" in refused.reason


def test_what_is_told_of_a_refused_company_names_nobody() -> None:
    _, (refused,) = read_one(addresses=[address("999"), address("091", kind=2)])
    assert refused.delivered is not None
    assert json.loads(refused.delivered) == {
        "businessId": business_id(1),
        "companyForm": "16",
        "registrationDate": "2025-03-15",
        "municipalityCode": "091 999",
    }
    assert business_id(1) not in refused.reason


@pytest.mark.parametrize(
    ("changes", "form", "industry"),
    [
        ({"companyForms": ..., "mainBusinessLine": ...}, None, None),
        ({"companyForms": [], "mainBusinessLine": None}, None, None),
        ({"companyForms": ["16"], "mainBusinessLine": {"type": "01110"}}, None, "01110"),
        ({"mainBusinessLine": {"typeCodeSet": "TOIMI3"}}, "16", None),
        (
            {
                "companyForms": [
                    {"type": "17", "registrationDate": "2020-01-01", "endDate": None},
                    {"type": "16", "registrationDate": "2022-01-01", "endDate": "2024-01-01"},
                ]
            },
            "17",
            "TOIMI4:62100",
        ),
    ],
)
def test_form_and_industry_are_the_current_ones_where_there_are_any(
    changes: dict[str, Any], form: str | None, industry: str | None
) -> None:
    (event,), rejected = read_one(**changes)
    assert rejected == []
    assert (event["company_form"], event["industry"]) == (form, industry)


@pytest.mark.parametrize("record", [None, 7, "Oy", [], [company(1)], True])
def test_what_is_no_record_is_refused(record: object) -> None:
    accepted, (refused,) = read([page(record, company(1))])
    assert [e["line"] for e in accepted] == [3]
    assert (refused.line, refused.delivered) == (1, None)


@pytest.mark.parametrize(
    "part", [b"", b"\xff", b"[]", b"7", b"{}", b'{"companies": {}}', b"[" * 5000, page(1)[:-3]]
)
def test_a_part_that_is_no_page_stops_the_reading_with_its_number(part: bytes) -> None:
    with pytest.raises(UnreadableDelivery, match="Page 2 of the business register"):
        read([page(company(1)), part])


def test_a_byte_order_mark_is_no_fault() -> None:
    accepted, rejected = read([b"\xef\xbb\xbf" + page(company(1))])
    assert (len(accepted), rejected) == (1, [])


def test_no_companies_are_no_rows() -> None:
    assert read([page()]) == ([], [])
    assert read([]) == ([], [])


def test_batches_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companies, "BATCH_ROWS", 50)
    batches = list(read_companies([page(*register_of(120), 7, 7)], Catalogue.load(), hashed, TODAY))
    assert [b.accepted.num_rows + b.rows_rejected for b in batches] == [50, 50, 22]
    assert all(
        b.accepted.schema.names
        == [n for n in SHAPES["register_events"].names if n not in companies._ORIGIN]
        for b in batches
    )


def test_a_delivery_balances(settings: Settings, catalogue: Catalogue) -> None:
    closing = [company(n, endDate="2026-06-30") for n in range(900, 910)]
    pages = [
        page(*register_of(100), company(800, addresses=[])),
        page(*closing, company(801, endDate="2027-01-01")),
    ]
    delivery = Delivery(
        shape=companies.SHAPE,
        file="companies.zip",
        origin="http://register.test/companies",
        content=Content(b"".join(pages)),
        extension="zip",
        delivered_at=datetime(2026, 11, 22, 3, tzinfo=UTC),
        batches=read_companies(pages, catalogue, hashed, TODAY),
    )
    zone = RawZone(settings, "hash")
    vintage, _ = zone.write("prh", "companies", delivery, licence="CC BY 4.0", is_sample=False)
    # 100 + 10 × 2 + 1 events; a company without an address and an end in the future are refused.
    assert (vintage.rows_accepted, vintage.rows_quarantined) == (121, 2)
    assert vintage.rows_delivered == 123
    written = pq.read_table(zone.path_of(vintage))
    assert written.schema == SHAPES["register_events"]
    assert len(set(written["line"].to_pylist())) == written.num_rows
    assert len(set(written["event_id"].to_pylist())) == written.num_rows
    told = " ".join(written["event_id"].to_pylist())
    assert not any(one in told for one in written["business_id"].to_pylist())


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
days = st.one_of(
    st.dates(date(1850, 1, 1), date(2050, 1, 1)).map(date.isoformat), anything, st.just(...)
)
addresses = st.lists(
    st.builds(
        address,
        st.sampled_from(["205", "099", "999", "", None, "KU205"]) | anything,
        st.sampled_from([1, 2, "1"]) | anything,
        days,
    )
    | anything,
    max_size=3,
)
records = st.one_of(
    anything,
    st.builds(
        lambda number, **changes: company(number, **changes),
        st.integers(1, 6),
        registrationDate=days,
        endDate=days,
        addresses=addresses | anything,
        companyForms=st.lists(st.dictionaries(st.sampled_from(["type", "endDate"]), anything))
        | anything,
        mainBusinessLine=st.dictionaries(st.sampled_from(["type", "typeCodeSet"]), anything)
        | anything,
    ),
)


def without_ellipsis(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_ellipsis(v) for k, v in value.items() if v is not ...}
    return (
        [without_ellipsis(v) for v in value if v is not ...] if isinstance(value, list) else value
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(records, max_size=8), st.integers(1, 8))
def test_every_company_is_an_event_or_has_a_reason(companies: list[Any], size: int) -> None:
    sent = [without_ellipsis(c) for c in companies]
    accepted, rejected = read(page(*sent[i : i + size]) for i in range(0, len(sent), size))
    lines = [e["line"] for e in accepted] + [r.line for r in rejected]
    assert len(lines) == len(set(lines))
    assert {(line + 1) // 2 for line in lines} == set(range(1, len(sent) + 1))
    known = Catalogue.load()
    municipalities = {r.region for r in known.regions if r.region_type == "KU"}
    for event in accepted:
        assert event["region"] in municipalities
        assert date(1896, 1, 1) <= event["happened_on"] <= TODAY
        assert event["event_id"] == f"{event['business_key']}:{event['kind']}"
    for refused in rejected:
        assert refused.reason
        assert len(refused.reason) < 300
        assert "Testaaja" not in (refused.delivered or "")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | anything.map(lambda value: json.dumps(value).encode()))
def test_arbitrary_bytes_are_read_or_refused(part: bytes) -> None:
    try:
        accepted, rejected = read([part])
    except UnreadableDelivery:
        return
    assert accepted == []
    assert all(refused.reason for refused in rejected)
