#!/usr/bin/env bash
# DuckDB 2.0 (Python): after fetchone() of a result with one row the connection is still busy.
#
# Expected (2026-11-30): a query of one row, its row fetched, leaves nothing behind. The next call on
#   the connection works, whichever it is, as in DuckDB 1.x.
# Seen: execute() works, and register() and sql() raise ResourceInUseException, "connection has an
#   unfinished result from execute()". fetchone() has given the only row and does not end the result;
#   fetchall() does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 pyarrow==26.0.1
"$folder/env/bin/python" - <<'PYTHON'
import duckdb
import pyarrow

print("duckdb", duckdb.__version__, "pyarrow", pyarrow.__version__)
table = pyarrow.table({"a": [1, 2]})


def after(fetch: str) -> dict[str, str]:
    found = {}
    for name, call in {
        "execute": lambda c: c.execute("select 2").fetchall(),
        "register": lambda c: c.register("t", table),
        "sql": lambda c: c.sql("select 1").fetchall(),
    }.items():
        connection = duckdb.connect()
        getattr(connection.execute("select count(*) from range(3)"), fetch)()
        try:
            call(connection)
            found[name] = "works"
        except duckdb.Error as problem:
            found[name] = type(problem).__name__
    return found


print("after fetchone:", one := after("fetchone"))
print("after fetchall:", many := after("fetchall"))
busy = "ResourceInUseException"
assert one == {"execute": "works", "register": busy, "sql": busy}, "fetchone() behaves otherwise now"
assert set(many.values()) == {"works"}, "fetchall() behaves otherwise now"
PYTHON
echo "Seen as described: a connection is busy after the only row of a result was fetched."
