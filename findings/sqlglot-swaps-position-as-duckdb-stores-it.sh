#!/usr/bin/env bash
# sqlglot 30.30.0 and DuckDB 2.0.0: position(... in ...) looks for the text in the letter once DuckDB stored it.
#
# Expected (2026-12-01): the text of a view or macro that DuckDB keeps (duckdb_views, duckdb_functions) goes
#   through sqlglot, from DuckDB to DuckDB or to PostgreSQL, and gives what it gave.
# Seen: DuckDB stores position('n' in 'ann') as "position"('ann', 'n'), the text first. sqlglot takes the
#   first argument of that for what is looked for, and writes STRPOS('n', 'ann') for DuckDB and
#   POSITION('ann' IN 'n') for PostgreSQL: 0 where it was 2, without an error. strpos() and instr() are
#   stored and read right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 sqlglot==30.30.0
"$folder/env/bin/python" - <<'PYTHON'
import duckdb
import sqlglot

print("duckdb", duckdb.__version__, "sqlglot", sqlglot.__version__)
connection = duckdb.connect()


def through(expression: str) -> tuple[int, int, str]:
    """What an expression gives, what it gives after DuckDB and sqlglot, and as PostgreSQL."""
    (before,) = connection.execute(f"select {expression}").fetchall()[0]
    connection.execute(f"create or replace view kept as select {expression}")
    ((text,),) = connection.execute(
        "select sql from duckdb_views() where view_name = 'kept'"
    ).fetchall()
    query = text.split(" AS ", 1)[1].rstrip(";")
    print(f"{expression}: kept as {query}")
    again = sqlglot.transpile(query, read="duckdb", write="duckdb")[0]
    (after,) = connection.execute(again).fetchall()[0]
    return before, after, sqlglot.transpile(query, read="duckdb", write="postgres")[0]


found = {e: through(e) for e in ("position('n' in 'ann')", "strpos('ann', 'n')", "instr('ann', 'n')")}
for expression, (before, after, postgres) in found.items():
    print(f"{expression}: {before}, then {after}; PostgreSQL: {postgres}")
assert found["position('n' in 'ann')"] == (2, 0, "SELECT POSITION('ann' IN 'n')"), (
    "position behaves otherwise now"
)
assert [found[e][:2] for e in ("strpos('ann', 'n')", "instr('ann', 'n')")] == [(2, 2), (2, 2)], (
    "strpos or instr behaves otherwise now"
)
PYTHON
echo "Seen as described: the arguments of position change places."
