"""One size of the engine's benchmark, in its own process so that its peak memory can be measured.

`python -m benchmarks.engine_contestants FOLDER ROWS ROUNDS MEMORY TOPIC…` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import engine_models as models

#: Topics that can be measured separately.
TOPICS = ("overlaps", "containment", "gaps")
_KEYS = "source, indicator, region, segment"
_CARRIED = f"{_KEYS}, dataset, vintage, line, period, freq, period_start, period_end, value"
_ORDER = f"order by {_KEYS}, period_start, period_end"
_STANDING = "int_candidates where source_rank = 1 and value is not null"
#: Most rows for which pandas, and the exact all-pairs result, are run.
_PANDAS_ROWS = 10_000_000
_TRUTH_ROWS = 1_000_000

#: Result by contestant: seconds, rows, and which share of the overlapping rows was found.
Results = dict[str, dict[str, Any]]


def main(arguments: list[str]) -> int:
    """Measure everything for one size and print what was found."""
    folder, rows, rounds, memory = (
        Path(arguments[0]), int(arguments[1]), int(arguments[2]), arguments[3]
    )  # fmt: skip
    topics = arguments[4:]
    fills = {"series": models.fill_series, "skewed": models.fill_skewed}
    overlapping = fills if "overlaps" in topics else {}
    data: dict[str, Results] = {}
    peak = 0.0
    with models.connect(folder, memory) as warehouse:
        for name, fill in overlapping.items():
            fill(warehouse, rows)
            data[name] = _overlaps(warehouse, folder, rounds)
        if "containment" in topics:
            models.fill_levels(warehouse, rows)
            data["levels"] = _containment(warehouse, folder, rounds)
        if "gaps" in topics:
            models.fill_calendar(warehouse, rows)
            data["calendar"] = _gaps(warehouse, folder, rounds)
        # Measured before pandas runs, whose frames would count as ours.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        for name, fill in overlapping.items():
            if rows <= _PANDAS_ROWS:
                fill(warehouse, rows)
                data[name]["pandas cummax"] = _pandas(warehouse, rounds)
            _shares(data[name])
    print(
        json.dumps(
            {"rows": rows, "rounds": rounds, "memory": memory, "peak_mb": peak, "data": data}
        )
    )
    return 0


def _in_turn(rounds: int, contestants: dict[str, Callable[[], int]]) -> Results:
    """Run the contestants in turn, so that a busy moment hits all; the fastest run counts."""
    results: Results = {}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            start = time.perf_counter()
            rows = contestant()
            seconds = time.perf_counter() - start
            before = results.get(name, {"seconds": float("inf")})
            results[name] = {"seconds": min(seconds, before["seconds"]), "rows": rows}
    return results


def _made(warehouse: duckdb.DuckDBPyConnection, name: str, sql: str) -> Callable[[], int]:
    """A contestant that keeps its result as a table; how many rows it has."""

    def run() -> int:
        warehouse.execute(f"create or replace temp table {name} as {sql}")
        return models.count(warehouse, f"select count(*) from {name}")

    return run


def _overlaps(warehouse: duckdb.DuckDBPyConnection, folder: Path, rounds: int) -> Results:
    sql = models.compiled(folder, "int_overlaps_of_periods")
    results = _in_turn(
        rounds,
        {
            # A floor sorts what its contestant has to sort: keys and bounds, or whole rows.
            "sort keys": _made(
                warehouse,
                "sorted",
                f"select {_KEYS}, period_start, period_end, line from {_STANDING} {_ORDER}",
            ),
            "sort rows": _made(warehouse, "sorted", f"select {_CARRIED} from {_STANDING} {_ORDER}"),
            "flags": _made(warehouse, "flags", models.common_table(sql, "flagged", "line")),
            "pairs": _made(warehouse, "pairs", sql),
            # Compares a row with the next one only, as the best-known test does; both are flagged.
            "next row only": _made(
                warehouse,
                "next_only",
                f"""
                select line
                from (
                    select
                        line,
                        period_start,
                        period_end,
                        lead(period_start) over series as next_start,
                        lag(period_end) over series as last_end
                    from {_STANDING}
                    window series as (partition by {_KEYS} order by period_start, period_end)
                )
                where next_start < period_end or last_end > period_start
                """,
            ),
        },
    )
    total = models.count(warehouse, f"select count(*) from {_STANDING}")
    if total <= _TRUTH_ROWS:
        # All pairs of a series: who takes part in one.
        warehouse.execute(
            f"""
            create or replace temp table truth as
            select distinct one.line
            from (select * from {_STANDING}) as one
            inner join (select * from {_STANDING}) as two using ({_KEYS})
            where
                one.line <> two.line
                and one.period_start < two.period_end
                and two.period_start < one.period_end
            """
        )
        results["truth"] = {
            "rows": models.count(warehouse, "select count(*) from truth"),
            "seconds": float("nan"),
        }
        for contestant, table in (("flags", "flags"), ("next row only", "next_only")):
            hits = models.count(
                warehouse, f"select count(*) from {table} semi join truth using (line)"
            )
            if hits != results[contestant]["rows"]:
                raise RuntimeError(f"{contestant} flags rows that overlap nothing")
            results[contestant]["hits"] = hits
        results["pairs"]["hits"] = models.count(
            warehouse,
            "select count(*) from (select kept_line as line from pairs union "
            "select other_line from pairs) semi join truth using (line)",
        )
    warehouse.execute("drop table sorted")
    return results


def _pandas(warehouse: duckdb.DuckDBPyConnection, rounds: int) -> dict[str, Any]:
    """Sort and running maximum of ends: rows that start inside an earlier one."""
    frame = warehouse.execute(
        f"""
        select
            cast(substr(region, 2) as integer) as series,
            date_diff('day', date '1970-01-01', period_start) as starts,
            date_diff('day', date '1970-01-01', period_end) as ends
        from {_STANDING}
        """
    ).df()

    def run() -> int:
        ordered = frame.sort_values(["series", "starts", "ends"], kind="stable")
        latest = ordered.groupby("series")["ends"].cummax()
        before = latest.groupby(ordered["series"]).shift()
        return int((ordered["starts"] < before).sum())

    return _in_turn(rounds, {"pandas cummax": run})["pandas cummax"]


def _shares(results: Results) -> None:
    """Which share of the truly overlapping rows each contestant found; all of them are true."""
    # Skipped for many rows: there only the peers are compared, with the sweep.
    is_known = "truth" in results
    truth = results.pop("truth", results["flags"])
    for name in ("flags", "pairs", "next row only", "pandas cummax"):
        if name in results:
            result = results[name]
            hits = result.pop("hits", None if name == "pairs" else result["rows"])
            if hits is not None and (is_known or name != "flags"):
                result["share"] = hits / truth["rows"]


def _containment(warehouse: duckdb.DuckDBPyConnection, folder: Path, rounds: int) -> Results:
    return _in_turn(
        rounds,
        {
            "distinct": _made(
                warehouse, "keys", f"select distinct {_KEYS}, period from {_STANDING}"
            ),
            "containment": _made(
                warehouse, "nested", models.compiled(folder, "int_overlaps_nested_regions")
            ),
        },
    )


def _gaps(warehouse: duckdb.DuckDBPyConnection, folder: Path, rounds: int) -> Results:
    models.fill_expected_cells(warehouse, folder)
    models.fill_slot_values(warehouse)
    return _in_turn(
        rounds,
        {
            "grid": _made(warehouse, "grid", models.compiled(folder, "int_expected_cells")),
            "gaps": _made(warehouse, "gaps", models.compiled(folder, "int_gap_cells")),
        },
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
