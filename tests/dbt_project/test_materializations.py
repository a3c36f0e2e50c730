"""How models and tests come into being on DuckDB: the project's own materializations and tests.

A project of three models stands beside the platform's macros, so that what is wrong can be planted:
a contract that is broken, a relation that changes its kind, cells that break their rule.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest

from assets.settings import DBT_PROJECT_DIR

pytestmark = pytest.mark.slow

PROJECT = """
name: small
version: "1.0"
profile: small
models:
  small:
    mart:
      +contract: {enforced: true}
      +persist_docs: {relation: true, columns: true}
      +materialized: table
    kind: {+materialized: "{{ var('kind', 'table') }}"}
data_tests:
  small: {+store_failures: true, +schema: findings, +limit: 4}
"""
PROFILE = """
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: warehouse.duckdb, threads: 1}
"""
MART = """
select cast(amount as decimal(18, 2)) as amount, code from {{ ref('rows') }}
"""
DESCRIBED = """
models:
  - name: mart
    description: It's what the project is about; semicolons too.
    data_tests:
      - grain: {name: mart__grain, arguments: {columns: [code]}}
    columns:
      - {name: code, data_type: varchar, description: Key of the row.}
      - {name: amount, data_type: "decimal(18,2)", description: "Euros; 'net'."}
seeds:
  - name: known
    config: {column_types: {code: varchar, part_of: varchar}}
  - name: rows
    config: {column_types: {code: varchar, amount: double, state: varchar, rank: integer}}
    data_tests:
      - cells:
          name: rows__cells
          arguments:
            filled: [amount, state]
            listed: {state: [open, "it's"], rank: [1, 2]}
      - refers:
          name: rows__refers
          arguments: {columns: {code: {to: ref('known'), field: code}}}
"""


#: Processes of their own, made of one that has imported dbt: importing takes longer than a build.
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb", __name__])


def run_dbt(folder: Path, said: Path, arguments: Sequence[str]) -> None:
    """Run dbt in a folder; what it prints goes to a file."""
    from dbt.cli.main import dbtRunner

    with said.open("wb") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    os.chdir(folder)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    done = dbtRunner().invoke(list(arguments))
    if done.exception is not None:
        print(done.exception, flush=True)


class Small:
    """A dbt project of a few models, with the platform's macros and generic tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "macros").mkdir(parents=True)
        for name in ("materializations.sql", "faulty_cells.sql", "generate_schema_name.sql"):
            shutil.copy(DBT_PROJECT_DIR / "macros" / name, folder / "macros")
        shutil.copytree(DBT_PROJECT_DIR / "tests" / "generic", folder / "tests" / "generic")
        self.write("dbt_project.yml", PROJECT)
        self.write("profiles.yml", PROFILE)
        self.write("models/mart.sql", MART)
        self.write("models/kind.sql", "select count(*) as n from {{ ref('mart') }}")
        self.write("models/described.yml", DESCRIBED)
        self.write("seeds/known.csv", "code,part_of\na,\nb,a\n")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def build(self, *lines: str, **variables: str) -> dict[str, tuple[str, int | None]]:
        """Build it all of these rows; status and failures of each node, by its name."""
        self.write("seeds/rows.csv", "\n".join(["code,amount,state,rank", *lines, ""]))
        said = self.folder / "said.txt"
        arguments = ["build", "--profiles-dir", ".", "--full-refresh"]
        process = _FORKED.Process(
            target=run_dbt,
            args=(self.folder, said, [*arguments, "--vars", json.dumps(variables)]),
        )
        process.start()
        process.join()
        self.said = said.read_text(encoding="utf-8")
        path = self.folder / "target" / "run_results.json"
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        return {
            result["unique_id"].split(".")[2]: (result["status"], result["failures"])
            for result in results
        }

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()

    def findings(self) -> set[object]:
        """The tables in which failing rows are kept."""
        sql = "select table_name from duckdb_tables() where schema_name = 'findings'"
        return {name for (name,) in self.rows(sql)}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return Small(tmp_path_factory.mktemp("small"))


GOOD = ("a,1.5,open,1", "b,2,it's,")


def test_what_is_right_leaves_tables_with_comments_and_no_findings(small: Small) -> None:
    results = small.build(*GOOD)

    assert results["mart__grain"] == ("pass", 0)
    assert results["rows__cells"] == ("pass", 0)
    assert results["kind"] == ("success", None)
    assert small.findings() == set()
    # The order and the types of the contract, not of the query.
    assert small.rows("select * from mart order by code") == [("a", 1.5), ("b", 2)]
    assert small.rows("select comment from duckdb_tables() where table_name = 'mart'") == [
        ("It's what the project is about; semicolons too.",)
    ]
    assert small.rows(
        "select column_name, comment, data_type from duckdb_columns() "
        "where table_name = 'mart' order by column_index"
    ) == [
        ("code", "Key of the row.", "VARCHAR"),
        ("amount", "Euros; 'net'.", "DECIMAL(18,2)"),
    ]
    # Nothing is left of the building.
    assert {name for (name,) in small.rows("select table_name from duckdb_tables()")} == {
        *("known", "rows", "mart", "kind")
    }


def test_what_is_wrong_is_kept_until_it_is_right(small: Small) -> None:
    results = small.build("a,,open,1", "b,2,gone,3", "x,3,open,", "b,4,,2", ",5,open,1")

    assert results["rows__cells"] == ("fail", 4)
    assert results["rows__refers"] == ("fail", 1)
    # Nothing is built of a seed that is refused: what was built before stays.
    assert results["mart"] == ("skipped", None)
    assert small.findings() == {"rows__cells", "rows__refers"}
    named = "select faulty_column, fault, code, amount from findings.{} order by all"
    assert small.rows(named.format("rows__cells")) == [
        ("amount", "is empty", "a", None),
        ("rank", "is not in the list", "b", 2),
        ("state", "is empty", "b", 4),
        ("state", "is not in the list", "b", 2),
    ]
    assert small.rows(named.format("rows__refers")) == [("code", "refers to nothing", "x", 3)]
    assert small.rows("select * from mart order by code") == [("a", 1.5), ("b", 2)]

    results = small.build("b,2,open,1", "b,3,open,", "a,4,it's,2", "a,4,it's,2", *[",5,open,1"] * 6)
    assert results["rows__cells"] == results["rows__refers"] == ("pass", 0)
    assert results["mart__grain"] == ("fail", 3)
    assert small.findings() == {"mart__grain"}
    assert small.rows("select * from findings.mart__grain order by code nulls last") == [
        *(("a", 2), ("b", 2)),
        (None, 6),
    ]


def test_an_empty_table_keeps_every_rule(small: Small) -> None:
    results = small.build()
    tests = ("rows__cells", "rows__refers", "mart__grain")
    assert [results[test] for test in tests] == [("pass", 0)] * 3
    # What an earlier build has found does not stand for this one.
    assert small.findings() == set()
    assert small.rows("select * from mart") == []


@pytest.mark.parametrize(
    ("mart", "told"),
    [
        ("select 1.5::double as amount, code from {{ ref('rows') }}", "DECIMAL(18,2)"),
        ("select 1.5::decimal(18, 2) as amount from {{ ref('rows') }}", "code"),
        ("select 1.5::decimal(18, 2) as amount, code, 1 as more from {{ ref('rows') }}", "more"),
    ],
    ids=["another type", "a column too few", "a column too many"],
)
def test_a_broken_contract_leaves_the_table_as_it_was(small: Small, mart: str, told: str) -> None:
    before = small.rows("select * from mart")
    small.write("models/mart.sql", mart)
    results = small.build(*GOOD)

    assert results["mart"] == ("error", None)
    assert "contract" in small.said
    assert told in small.said
    assert results["kind"] == ("skipped", None)
    assert small.rows("select * from mart") == before


def test_a_model_that_fails_leaves_table_and_connection_whole(small: Small) -> None:
    before = small.rows("select * from mart")
    small.write("models/mart.sql", f"{MART} where error(code) is null")
    small.write("models/other.sql", "select count(*) as n from {{ ref('rows') }}")
    results = small.build(*GOOD)

    assert results["mart"] == ("error", None)
    assert results["other"] == ("success", None)
    assert small.rows("select n from other") == [(2,)]
    assert small.rows("select * from mart") == before


def test_a_relation_may_change_its_kind(small: Small) -> None:
    small.write("models/mart.sql", MART)
    kinds = "select table_type from information_schema.tables where table_name = 'kind'"
    for kind, told in (("view", "VIEW"), ("table", "BASE TABLE")):
        assert small.build(*GOOD, kind=kind)["kind"] == ("success", None)
        assert small.rows(kinds) == [(told,)]
        assert small.rows("select n from kind") == [(2,)]
