"""What the exports are made of: the observations of a publication and the names of their codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

Names = Mapping[str, str]
"""A name in each language (ISO 639-1)."""


@dataclass(frozen=True)
class Observed:
    """An indicator of which a publication holds observations.

    Attributes:
        indicator: its id.
        names: of it.
        definition: in English.
        unit: id of the unit of its values.
        decimals: with which it is shown.
        cadence: code of the frequency at which it is measured (SDMX CL_FREQ).
        freqs: codes of the frequencies that there are figures of.
        sources: ids of the sources that figures rest on, and under which licence each stands.
        is_by_source: whether several sources have a figure for one cell, each of its own.
        first: first day of the earliest period, ISO 8601.
        last: last day of the latest one, included.
    """

    indicator: str
    names: Names
    definition: str
    unit: str
    decimals: int
    cadence: str
    freqs: tuple[str, ...]
    sources: Mapping[str, str]
    is_by_source: bool
    first: str
    last: str


class Observations:
    """Reads one publication."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.regions = self._names_of("dim_region_current", "region")
        self.segments = self._names_of("dim_segment", "segment")
        ((self.id, self.published_at, self.is_sample),) = self.rows(
            "select id, strftime(published_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'), is_sample "
            "from publication"
        )

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a query over the published tables."""
        return self._con.execute(sql, parameters).fetchall()

    def copy(self, sql: str, path: Path) -> None:
        """Write the rows of a query as CSV (RFC 4180, UTF-8)."""
        self._con.execute(f"copy ({sql}) to '{path}' (format csv, header true)")

    def indicators(self) -> list[Observed]:
        """Every indicator with observations, ordered by its id."""
        licences = dict(self.rows("select source, licence from dim_source"))
        found = self.rows(
            """
            with cells as (
                select indicator, region, segment, period, count(*) as sources
                from fct_observations group by all
            )
            select indicators.indicator, name_fi, name_sv, name_en, definition, indicators.unit,
                decimals, cadence, list_sort(list(distinct observed.freq)),
                list_sort(list_distinct(flatten(list(string_split(observed.sources, ','))))),
                (select max(sources) > 1 from cells where cells.indicator = indicators.indicator),
                cast(min(observed.period_start) as varchar),
                cast(max(observed.period_end) as varchar)
            from fct_observations as observed
            inner join dim_indicator as indicators using (indicator)
            group by all
            order by indicators.indicator
            """
        )
        return [
            Observed(
                indicator=row[0],
                names=dict(zip(("fi", "sv", "en"), row[1:4], strict=True)),
                definition=row[4],
                unit=row[5],
                decimals=row[6],
                cadence=row[7],
                freqs=tuple(row[8]),
                sources={source: licences.get(source) or "" for source in row[9]},
                is_by_source=row[10],
                first=row[11],
                last=row[12],
            )
            for row in found
        ]

    def _names_of(self, table: str, code: str) -> Mapping[str, Names]:
        return {
            key: {"fi": fi, "sv": sv or fi, "en": en or fi}
            for key, fi, sv, en in self.rows(
                f"select {code}, name_fi, name_sv, name_en from {table}"
            )
        }


@contextmanager
def observations(publication: Path) -> Iterator[Observations]:
    """Open a publication's folder for reading."""
    with duckdb.connect(str(publication / "marts.duckdb"), read_only=True) as con:
        yield Observations(con)
