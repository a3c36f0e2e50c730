"""The PxWebApi 2 client against a service on this machine, and against recorded real answers."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.errors import SourceUnavailable
from assets.services.http import Caller, Patience
from assets.services.limiter import CallLimiter
from assets.services.pxwebapi2 import Codelist, Group, PxWebApi2
from assets.services.tables import Entry, Limits
from tests.services.conftest import Serve
from tests.services.local_service import Canned, Reply
from tests.services.pxwebapi2_server import PxWebApi2Server, ServedTable2

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "pxwebapi2-scb"
VARIABLES = {
    "Region": ["00", "01", "0114", "0115"],
    "Alder": ["-14", "15-64", "65-"],
    "ContentsCode": ["000007SF"],
    "Tid": ["2025M01", "2025M02", "2025M03", "2025M04"],
}
NUMBERS = {"-14": 1.0, "15-64": 10.0, "65-": 100.0}
GROUPS = {"agg_Ålder": {"-64": ["-14", "15-64"], "65-": ["65-"]}, "vs_Gamla": {"65-": ["65-"]}}
ASKED = {"Region": ("01",), "ContentsCode": ("000007SF",), "Tid": ("2025M02", "2025M03")}


@pytest.fixture
def server(serve: Serve) -> PxWebApi2Server:
    table = ServedTable2(
        "TAB1",
        VARIABLES,
        elimination=("Alder",),
        value=lambda cell: NUMBERS[cell["Alder"]],
        units={"000007SF": "antal"},
        codelists={"Alder": ("agg_Ålder", "vs_Gamla")},
    )
    return serve(PxWebApi2Server(table, codelists=GROUPS, max_calls=1000, max_cells=20))


@pytest.fixture
def service(server: PxWebApi2Server, caller: Caller) -> PxWebApi2:
    return PxWebApi2(caller, server.base_url)


def test_the_limits_are_the_services_own_and_are_kept(
    server: PxWebApi2Server, service: PxWebApi2
) -> None:
    server.max_calls, server.window = 3, 1.0
    assert service.limits() == Limits(20, 3, 1.0)
    for _ in range(4):
        service.table("TAB1")
    assert server.refused == 0
    assert server.calls[-1] - server.calls[0] >= 1.0


def test_a_refusal_is_waited_out(server: PxWebApi2Server, service: PxWebApi2) -> None:
    server.storm, server.window = 1, 0.2
    assert service.table("TAB1").id == "TAB1"
    assert server.calls[1] - server.calls[0] >= 0.98  # a whole second in the header


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"maxDataCells": 0}', b'"x"'])
def test_unknown_limits_are_an_error(
    server: PxWebApi2Server, service: PxWebApi2, body: bytes
) -> None:
    server.config_body = body
    with pytest.raises(SourceUnavailable, match=r"no usable 'max|no JSON object"):
        service.limits()


def test_metadata_from_json_stat(server: PxWebApi2Server, service: PxWebApi2) -> None:
    metadata = service.metadata("TAB1")
    assert (metadata.title, metadata.updated) == (
        "Table of the test service",
        "2026-10-27T06:00:00Z",
    )
    region, age, contents, time = metadata.variables
    assert (region.code, region.text, region.values) == (
        "Region",
        "region",
        ("00", "01", "0114", "0115"),
    )
    assert region.labels[1] == "01 text"
    assert [v.elimination for v in metadata.variables] == [False, True, False, False]
    assert [v.time for v in metadata.variables] == [False, False, False, True]
    assert (region.units, contents.units) == ({}, {"000007SF": "antal"})
    lists = {"agg_Ålder": "agg_Ålder text", "vs_Gamla": "vs_Gamla text"}
    assert (age.codelists, time.codelists) == (lists, {})
    server.old_spelling = True
    assert service.metadata("TAB1").variables[1].codelists == lists


def test_tables_are_paged_as_the_iteration_goes_on(serve: Serve, caller: Caller) -> None:
    tables = [
        ServedTable2(f"TAB{n}", VARIABLES, title="Folkmängd" if n % 2 else "Bilar")
        for n in range(7)
    ]
    tables[1].updated = "2026-11-20T06:00:00Z"
    server = serve(PxWebApi2Server(*tables, max_calls=1000))
    service = PxWebApi2(caller, server.base_url)
    assert [entry.id for entry in service.tables(page_size=3)] == [f"TAB{n}" for n in range(7)]
    assert len(server.calls) == 3
    assert next(service.tables(page_size=3)) == Entry(
        "TAB0", "Bilar", updated="2026-10-27T06:00:00Z"
    )
    assert len(server.calls) == 4
    assert [e.id for e in service.tables("folkmängd", page_size=2)] == ["TAB1", "TAB3", "TAB5"]
    assert [e.id for e in service.tables(past_days=5)] == ["TAB1"]
    assert server.requests[-1].query["lang"] == ["sv"]
    assert list(service.tables("nothing of the kind")) == []


@pytest.mark.parametrize(
    "page",
    [
        {"tables": [], "page": {"pageNumber": 1}},
        {"tables": [{}], "page": {"pageNumber": 1, "totalPages": 2}},
        {"page": {"pageNumber": 1, "totalPages": 1}},
        {"tables": [{"id": "TAB1"}], "page": {"pageNumber": 1, "totalPages": 9}},  # always page 1
    ],
)
def test_pages_that_lead_nowhere_are_an_error(
    serve: Serve, caller: Caller, page: dict[str, Any]
) -> None:
    server = serve(Canned({"/tables": json.dumps(page).encode()}))
    with pytest.raises(SourceUnavailable, match=r"is not page \d|entry without an id"):
        list(PxWebApi2(caller, server.origin).tables())
    assert len(server.calls) <= 2


def test_cells_that_are_asked_for_come_with_the_rest_summed(
    server: PxWebApi2Server, service: PxWebApi2
) -> None:
    answer = service.data("TAB1", ASKED)
    assert answer.json["id"] == ["Region", "ContentsCode", "Tid"]
    assert answer.json["value"] == [111.0, 111.0]
    sent = server.requests[-1]
    assert (sent.method, sent.query) == ("POST", {"lang": ["sv"], "outputFormat": ["json-stat2"]})
    assert sent.json["selection"][0] == {"variableCode": "Region", "valueCodes": ["01"]}


@pytest.mark.parametrize("selection", [{}, {"Region": ()}, {**ASKED, "Tid": ()}])
def test_nothing_is_never_asked_for(
    server: PxWebApi2Server, service: PxWebApi2, selection: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(SourceUnavailable, match="no values are selected"):
        service.data("TAB1", selection)
    assert server.calls == []


def test_a_service_that_loses_the_selection_is_noticed(
    server: PxWebApi2Server, service: PxWebApi2, client: httpx.Client
) -> None:
    # It then answers with its default selection: sound data, of other cells.
    whole = client.get(f"{server.base_url}/tables/TAB1/data").json()
    assert whole["size"] == [1, 1, 1, 1]
    server.served["TAB1"].elimination = ()
    with pytest.raises(SourceUnavailable, match="Missing selection"):
        service.data("TAB1", ASKED)
    server.answer = lambda request: Reply(200, json.dumps(whole).encode())  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailable, match="2 cells were selected"):
        service.data("TAB1", ASKED)
    # One cell was asked for and one came, but it is another one.
    with pytest.raises(SourceUnavailable, match="variable 'Region' differ"):
        service.data("TAB1", {**ASKED, "Tid": ("2025M04",)})


def test_values_of_a_codelist(service: PxWebApi2) -> None:
    asked = {**ASKED, "Alder": ("-64",)}
    answer = service.data("TAB1", asked, {"Alder": "agg_Ålder"})
    assert answer.json["value"] == [11.0, 11.0]
    with pytest.raises(SourceUnavailable, match="Non-existent value"):
        service.data("TAB1", asked, {"Alder": "vs_Gamla"})
    with pytest.raises(SourceUnavailable, match="Non-existent codelist"):
        service.data("TAB1", asked, {"Alder": "agg_gone"})
    assert service.codelist("agg_Ålder") == Codelist(
        "agg_Ålder",
        "agg_Ålder text",
        True,
        (Group("-64", "-64 text", ("-14", "15-64")), Group("65-", "65- text", ("65-",))),
    )
    assert not service.codelist("vs_Gamla").is_aggregation
    with pytest.raises(SourceUnavailable, match=r"not there \(404\): Non-existent codelist"):
        service.codelist("agg_gone")


@pytest.mark.parametrize(
    ("form", "says"), [("specification", r"\(403, Forbidden"), ("reference", r"\(400, Too many")]
)
def test_both_forms_of_too_many_cells_are_explained(
    server: PxWebApi2Server, service: PxWebApi2, form: str, says: str
) -> None:
    server.too_many = form
    everything = {code: tuple(values) for code, values in VARIABLES.items()}
    with pytest.raises(SourceUnavailable, match=rf"{says}.*more cells were asked for"):
        service.data("TAB1", everything)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, b"<h1>Blocked</h1>", "text/html"),
        Reply(403, b'{"title": "Blocked"}', "application/json"),  # a gateway, not the service
    ],
)
def test_a_refusal_that_is_no_problem_document_keeps_its_words(
    serve: Serve, caller: Caller, reply: Reply
) -> None:
    server = serve(Canned({"/tables/T": reply}))
    with pytest.raises(SourceUnavailable, match=r"answered 403: .*Blocked"):
        PxWebApi2(caller, server.origin).table("T")


@pytest.mark.parametrize(
    ("table", "selection", "says"),
    [
        ("TAB9", ASKED, r"not there \(404\): Non-existent table"),
        ("TAB1", {**ASKED, "Region": ("99",)}, r"wrong \(400\): Non-existent value"),
        ("TAB1", {**ASKED, "Alue": ("1",)}, r"wrong \(400\): Non-existent variable"),
    ],
)
def test_a_bad_request_carries_the_words_of_the_service(
    server: PxWebApi2Server, service: PxWebApi2, table: str, selection: Any, says: str
) -> None:
    with pytest.raises(SourceUnavailable, match=says):
        service.data(table, selection)
    assert len(server.calls) == 1


def test_the_edition_is_told_without_reading_data(
    server: PxWebApi2Server, service: PxWebApi2
) -> None:
    probe = {code: values[:1] for code, values in ASKED.items()}
    assert service.edition("TAB1", probe) == "2026-10-27T06:00:00Z"
    server.served["TAB1"].updated = "2026-11-24T06:00:00Z"
    assert service.edition("TAB1", probe) == "2026-11-24T06:00:00Z"
    assert server.queries == []
    assert len(server.calls) == 2


@pytest.mark.parametrize(
    ("expression", "region", "time"),
    [
        ("*", VARIABLES["Region"], VARIABLES["Tid"]),
        ("TOP(2)", ["00", "01"], ["2025M03", "2025M04"]),
        ("top(1,1)", ["01"], ["2025M03"]),
        ("BOTTOM(1)", ["0115"], ["2025M01"]),
        ("?*", VARIABLES["Region"], VARIABLES["Tid"]),
    ],
)
def test_the_test_service_understands_expressions_as_the_specification_says(
    server: PxWebApi2Server,
    client: httpx.Client,
    expression: str,
    region: list[str],
    time: list[str],
) -> None:
    url = f"{server.base_url}/tables/TAB1/data"
    for code, values in (("Region", region), ("Tid", time)):
        chosen = {"Region": "00", "Tid": "2025M01", "ContentsCode": "000007SF", code: expression}
        got = client.get(url, params={f"valueCodes[{c}]": v for c, v in chosen.items()})
        assert got.status_code == 200, got.text
        assert server.queries[-1][code] == values


def test_the_test_service_keeps_queries(server: PxWebApi2Server, client: httpx.Client) -> None:
    chosen = {"Region": "TOP(1)", "ContentsCode": "*", "Tid": "FROM(2025M03)"}
    selection = {
        "selection": [{"variableCode": c, "valueCodes": [value]} for c, value in chosen.items()]
    }
    saved = client.post(
        f"{server.base_url}/savedqueries",
        json={"tableId": "TAB1", "language": "sv", "selection": selection},
    ).json()
    url = f"{server.base_url}/savedqueries/{saved['id']}"
    assert client.get(url).json()["tableId"] == "TAB1"
    assert client.get(f"{url}/selection").json() == selection
    assert client.get(f"{url}/data").json()["size"] == [1, 1, 2]
    default = client.get(f"{server.base_url}/tables/TAB1/defaultselection").json()["selection"]
    assert default[-1] == {"variableCode": "Tid", "valueCodes": ["2025M04"]}


@pytest.fixture
def recorded(serve: Serve, caller: Caller) -> tuple[Canned, PxWebApi2]:
    if not DATA.exists():
        pytest.skip("the real files are not beside the repository")
    answers = {
        "/api/v2/config": "config",
        "/api/v2/tables": "tables",
        "/api/v2/tables/TAB6471/metadata": "TAB6471_metadata",
        "/api/v2/tables/TAB6471/data": "TAB6471_data",
        "/api/v2/codelists/agg_Ålder10årJ": "agg_Ålder10årJ",
    }
    server = serve(
        Canned({path: (DATA / f"{name}.json").read_bytes() for path, name in answers.items()})
    )
    return server, PxWebApi2(caller, f"{server.origin}/api/v2")


def test_recorded_answers_of_statistics_sweden(recorded: tuple[Canned, PxWebApi2]) -> None:
    _, service = recorded
    assert service.limits() == Limits(150_000, 3, 1.0)
    # Without the limit that they have: nobody else is served here.
    service.caller.limiter.configure(1000, 1.0)
    first = list(itertools.islice(service.tables(), 20))
    assert first[0].id == "TAB4707"
    assert first[0].updated == "2026-05-29T06:00:00Z"
    metadata = service.metadata("TAB6471")
    assert [len(variable.values) for variable in metadata.variables] == [312, 134, 3, 1, 16]
    region, age, sex, contents, time = metadata.variables
    assert (region.labels[0], region.elimination, age.elimination) == ("Riket", True, False)
    assert (sex.text, time.time, contents.units) == ("kön", True, {"000007SF": "antal"})
    assert region.codelists["vs_CKM02Län"] == "län"
    codelist = service.codelist("agg_Ålder10årJ")
    assert (codelist.is_aggregation, codelist.groups[1].code) == (True, "10-19")
    assert "15" in codelist.groups[1].members


def test_recorded_data_are_taken_only_for_what_they_are(
    recorded: tuple[Canned, PxWebApi2],
) -> None:
    _, service = recorded
    document = json.loads((DATA / "TAB6471_data.json").read_bytes())
    selection = {
        code: tuple(document["dimension"][code]["category"]["index"]) for code in document["id"]
    }
    lists = {"Region": "vs_CKM02Län", "Alder": "agg_Ålder10årJ"}
    answer = service.data("TAB6471", selection, lists)
    assert answer.json["updated"] == "2026-06-08T06:00:00Z"
    assert answer.content == (DATA / "TAB6471_data.json").read_bytes()
    with pytest.raises(SourceUnavailable, match="not what was asked for"):
        service.data("TAB6471", {**selection, "Tid": selection["Tid"][:1]}, lists)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "size", "dimension", "category", "index", "label", "a", "role", "time", "unit",
             "extension", "codelists", "values", "code", "valueMap", "page", "tables", "title"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def junk(tmp_path_factory: pytest.TempPathFactory, client: httpx.Client) -> Any:
    server = Canned({}, max_calls=10**9)
    limiter = CallLimiter(tmp_path_factory.mktemp("limiter"), "junk", max_calls=10**9)
    caller = Caller(limiter, client, Patience(attempts=1, first_wait=0.001))
    yield server, PxWebApi2(caller, server.origin)
    server.close()


@settings(max_examples=80, deadline=None)
@given(JUNK, st.sampled_from([200, 400, 403, 404]))
def test_whatever_is_answered_nothing_but_a_readable_error_comes_out(
    junk: tuple[Canned, PxWebApi2], document: Any, status: int
) -> None:
    server, service = junk
    reply = Reply(status, json.dumps(document).encode(), "application/problem+json")
    paths = ("config", "tables", "tables/a", "tables/a/metadata", "tables/a/data", "codelists/a")
    server.answers = {f"/{path}": reply for path in paths}
    asks: tuple[Callable[[], object], ...] = (
        lambda: list(service.tables()),
        lambda: service.table("a"),
        lambda: service.metadata("a"),
        lambda: service.data("a", {"a": ("x",)}),
        lambda: service.codelist("a"),
    )
    for ask in asks:
        with suppress(SourceUnavailable):  # any other error fails the test
            ask()


def test_ids_cannot_leave_their_place_in_the_address(
    server: PxWebApi2Server, caller: Caller
) -> None:
    service = replace(PxWebApi2(caller, server.base_url), language="en")
    with pytest.raises(SourceUnavailable, match="404"):
        service.table("../config?x=")
    assert server.requests[-1].path == "/api/v2/tables/../config?x="
    assert server.requests[-1].query == {"lang": ["en"]}
