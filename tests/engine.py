"""The models of the warehouse on deliveries of a test: taken in, built, read back.

Nothing is replaced: files lie in a landing zone, the deliveries read them, dbt builds the warehouse
in a process of its own and runs its data tests, and tests read the marts as the publication does.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from assets.deliveries import Deliveries
from assets.settings import DBT_PROJECT_DIR, Settings
from orchestration.dbt import manifest
from tests.conftest import FIRST_DELIVERY, Rows, csv_text
from tests.parsed import Done, dbt

#: The end of dbt's output that a failed build shows; failures are summed up there.
_SHOWN = 8000


class Engine:
    """A deployment that is built and read by a test.

    Args:
        settings: where it lies and which day it is.
        workshop: a folder for what dbt leaves behind.
        project: a copy of the dbt project that differs in nothing but its seeds.
    """

    def __init__(self, settings: Settings, workshop: Path, project: Path = DBT_PROJECT_DIR) -> None:
        self.settings = settings
        self.workshop = workshop
        self.project = project
        self._dropped = 0
        # Kept open between builds: to open it takes longer than most queries.
        self._warehouse: duckdb.DuckDBPyConnection | None = None

    def drop(self, source: str, dataset: str, rows: Rows) -> str:
        """Leave a CSV delivery in the landing zone, a minute after the one before; its name."""
        self._dropped += 1
        path = self.settings.landing_dir / source / dataset / f"delivery_{self._dropped}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(csv_text(rows), encoding="utf-8")
        moment = (FIRST_DELIVERY + timedelta(minutes=self._dropped)).timestamp()
        os.utime(path, (moment, moment))
        return path.name

    def take_in(self) -> None:
        """Take in everything that was dropped since; a delivery that fails is an error."""
        deliveries = Deliveries(self.settings)
        deliveries.prepare()
        for source, dataset in deliveries.datasets:
            arrival = deliveries.take_in(source, dataset)
            assert arrival.outcome != "failed", f"{source}/{dataset}: {arrival.message}"
            assert arrival.refused_files == []
        assert deliveries.landing.quarantine_strays() == []
        deliveries.zone.write_index()

    def build(self, *wanted: str) -> Counter[str]:
        """Build the warehouse and run the data tests; how many nodes came out with each status.

        Args:
            wanted: tables that the test reads. They are built with all that they are made of, and
                every data test that needs no more than that is run. Without them, everything.

        Raises:
            AssertionError: a model could not be built, or a test of severity error found rows;
                the message is dbt's output.
        """
        built = [*wanted, *_marts_beside(wanted)]
        selected = ("--select", *(f"+{name}" for name in built)) if wanted else ()
        done = self.dbt(
            *("build", "--exclude-resource-type", "unit_test", "--no-write-json"),
            *(*selected, "--indirect-selection", "cautious"),
        )
        # An exposure is listed, and nothing is done for it.
        return Counter(
            status for node, status in done.statuses.items() if not node.startswith("exposure.")
        )

    def dbt(self, *arguments: str) -> Done:
        """Run dbt on the warehouse.

        Raises:
            AssertionError: it failed; the message is its output.
        """
        self._close()
        done = dbt(
            arguments,
            self.workshop,
            {
                "TILANNEKUVA_HOME": str(self.settings.home),
                "TILANNEKUVA_TODAY": self.settings.today.isoformat(),
            },
            self.project,
        )
        assert done.returncode == 0, f"dbt failed:\n{(done.stdout + done.stderr)[-_SHOWN:]}"
        return done

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a query; tables without a schema are the published ones."""
        if self._warehouse is None:
            self._warehouse = duckdb.connect(str(self.settings.warehouse_path), read_only=True)
            self._warehouse.execute("use marts")
        return self._warehouse.execute(sql, list(parameters)).fetchall()

    def _close(self) -> None:
        """Leave the warehouse to another process."""
        if self._warehouse is not None:
            self._warehouse.close()
            self._warehouse = None

    def row(self, sql: str, *parameters: object) -> tuple[Any, ...]:
        """The one row of a query."""
        (found,) = self.rows(sql, *parameters)
        return found

    def values(
        self, indicator: str, period: str, segment: str = "total"
    ) -> dict[str, float | None]:
        """Observed value by region; not for indicators with an observation for each source."""
        found = self.rows(
            "select region, value from fct_observations "
            "where indicator = ? and period = ? and segment = ?",
            *(indicator, period, segment),
        )
        assert len(found) == len(dict(found)), found
        return dict(found)

    def overlaps(
        self, indicator: str, period: str = "%", region: str = "%"
    ) -> list[tuple[Any, ...]]:
        """Kind, region, kept source and value, other source and value, in order."""
        return self.rows(
            "select kind, region, kept_source, kept_value, other_source, other_value "
            "from quality_overlaps where indicator = ? and period like ? and region like ? "
            "order by region, kind, other_source, other_value nulls last",
            *(indicator, period, region),
        )

    def whole_overlaps(self, indicator: str, period: str) -> list[tuple[Any, ...]]:
        """Overlaps before small counts of customers are suppressed."""
        return self.rows(
            "select kind, region, kept_source, kept_value, other_source, other_value "
            "from intermediate.int_overlaps where indicator = ? and period = ? "
            "order by region, kind, other_source, other_value nulls last",
            *(indicator, period),
        )

    def gaps(self, indicator: str, period: str) -> dict[str, list[str]]:
        """Regions with a gap, by kind of gap."""
        return dict(
            self.rows(
                "select kind, list(region order by region) from quality_gaps "
                "where indicator = ? and period = ? group by kind",
                *(indicator, period),
            )
        )

    def ledger(self, source: str, dataset: str = "measurements") -> list[tuple[int, ...]]:
        """Rows of each vintage: delivered, observed, superseded, overlapped, quarantined."""
        return self.rows(
            "select rows_delivered, rows_observed, rows_superseded, rows_overlapped, "
            "rows_quarantined from quality_ledger where source = ? and dataset = ? "
            "order by vintage",
            *(source, dataset),
        )


def _marts_beside(wanted: Sequence[str]) -> list[str]:
    """Marts of the core tables that the wanted ones are made of: tests look things up in them."""
    nodes = manifest()["nodes"]
    ids = {node["name"]: key for key, node in nodes.items() if node["resource_type"] == "model"}
    ahead, found = [ids[name] for name in wanted if name in ids], set[str]()
    while ahead:
        for parent in nodes[ahead.pop()]["depends_on"].get("nodes", ()):
            if parent in nodes and parent not in found:
                found.add(parent)
                ahead.append(parent)
    cores = {nodes[key]["name"] for key in found if nodes[key]["fqn"][1] == "core"}
    return sorted(core.removeprefix("core_") for core in cores)
