"""Opening published tables and table functions to read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assets.errors import TilannekuvaError


@contextmanager
def opened(database: Path, *functions: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A publication, or a warehouse, read-only, with its tables and functions by their plain names.

    Args:
        database: `marts.duckdb` of a publication, or a warehouse.
        functions: table functions that will be asked.

    Raises:
        TilannekuvaError: there is no such file, or it is of an older version.
    """
    if not database.exists():
        raise TilannekuvaError(
            f"There is no publication in {database.parent}. Run `make refresh` first."
        )
    with duckdb.connect(str(database), read_only=True) as marts:
        schemas = marts.execute(
            "select schema_name from duckdb_schemas() where database_name = current_database()"
        ).fetchall()
        schema = "marts" if ("marts",) in schemas else "main"
        held = marts.execute(
            "select function_name from duckdb_functions() "
            "where schema_name = ? and function_type = 'table_macro' and not internal",
            [schema],
        ).fetchall()
        if missing := sorted(set(functions) - {name for (name,) in held}):
            raise TilannekuvaError(
                f"The publication in {database.parent} is of an older version and lacks the "
                f"function {', '.join(missing)}. Run `make refresh`."
            )
        marts.execute(f"set schema = '{schema}'")
        yield marts
