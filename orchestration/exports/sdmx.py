"""SDMX-CSV 2.0: one file for each indicator, and beside it what its columns hold (CSVW).

The action is R (replace): a file is the whole of what is known of its indicator. Periods are
written as SDMX writes them; a span of its own as a time range, its first day and its length.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orchestration.exports.observed import Observations, Observed

#: The structure of the rows: agency, id and version.
STRUCTURE = "TILANNEKUVA:OBSERVATIONS(1.0)"

#: Column, what the mart says in its place, CSVW type, and what it holds.
_COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("STRUCTURE", "'dataflow'", "string", "Kind of the structure."),
    ("STRUCTURE_ID", f"'{STRUCTURE}'", "string", "Agency, id and version of the structure."),
    ("ACTION", "'R'", "string", "R: these rows replace what was there."),
    ("FREQ", "freq", "string", "Frequency (CL_FREQ)."),
    ("INDICATOR", "indicator", "string", "Id of the indicator."),
    ("REF_AREA", "region", "string", "Id of the region."),
    ("SEGMENT", "segment", "string", "Customer segment."),
    ("SOURCE", "source", "string", "Source of the value that was kept, or derived."),
    # A period such as 2025 is no number, and of one column not all are months.
    ("TIME_PERIOD", "{time}", "string", "Period, as SDMX writes it."),
    ("OBS_VALUE", "value", "double", "Value; empty where it is missing or suppressed."),
    ("OBS_STATUS", "obs_status", "string", "Status (CL_OBS_STATUS): A normal, P provisional, …"),
    ("CONF_STATUS", "conf_status", "string", "Whether it is confidential (CL_CONF_STATUS)."),
    ("UNIT_MEASURE", "unit", "string", "Unit of the value."),
    ("DECIMALS", "{decimals}", "integer", "Decimals with which it is shown."),
    ("COVERAGE_SHARE", "coverage_share", "double", "Share of what was expected that is in it."),
    ("IS_DERIVED", "is_derived", "boolean", "Whether it is computed from other figures."),
    ("HAS_OVERLAP", "has_overlap", "boolean", "Whether something was set aside for it."),
)

#: A span of whole months, else of days.
_TIME = """case
    when position('/' in period) = 0 then period
    when day(period_start) = day(period_end + interval 1 day)
        then strftime(period_start, '%Y-%m-%d') || '/P'
            || datediff('month', period_start, period_end + interval 1 day) || 'M'
    else strftime(period_start, '%Y-%m-%d') || '/P'
        || datediff('day', period_start, period_end + interval 1 day) || 'D'
end"""


def write_rows(observations: Observations, indicator: Observed, path: Path) -> None:
    """Write the observations of an indicator and, beside them, the description of the columns."""
    columns = ", ".join(
        f'{sql.format(time=_TIME, decimals=indicator.decimals)} as "{name}"'
        for name, sql, _, _ in _COLUMNS
    )
    observations.copy(
        f"select {columns} from fct_observations where indicator = '{indicator.indicator}' "
        "order by freq, region, segment, source, period_start, period",
        path,
    )
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": path.name,
        "dc:title": indicator.names["en"],
        "dc:description": indicator.definition,
        "dc:modified": observations.published_at,
        "tableSchema": {
            "columns": [
                {
                    "name": name,
                    "titles": name,
                    "datatype": kind,
                    "dc:description": text,
                    "required": name in _REQUIRED,
                }
                for name, _, kind, text in _COLUMNS
            ],
            "primaryKey": ["FREQ", "INDICATOR", "REF_AREA", "SEGMENT", "SOURCE", "TIME_PERIOD"],
        },
    }
    path.with_name(f"{path.name}-metadata.json").write_text(
        json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


_REQUIRED = frozenset(
    name for name, _, _, _ in _COLUMNS if name not in ("OBS_VALUE", "COVERAGE_SHARE")
)
