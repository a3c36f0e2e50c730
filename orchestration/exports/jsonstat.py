"""JSON-stat 2.0 (json-stat.org/format): one cube for each indicator and frequency.

Values and statuses stand by their place in the cube, so that a cell that nobody has figures of
takes no room. A cell without a key was never observed; a null with status Q is suppressed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orchestration.exports.observed import Names, Observations, Observed

#: Under which the platform's own keys stand, as the format asks for.
_OWN = "tilannekuva"


def write_cube(observations: Observations, indicator: Observed, freq: str, path: Path) -> int:
    """Write the observations of an indicator of one frequency; how many there are."""
    cells = observations.rows(
        """
        select region, segment, period, source, value, obs_status
        from fct_observations
        where indicator = ? and freq = ?
        order by region, segment, period_start, period, source
        """,
        indicator.indicator,
        freq,
    )
    codes: dict[str, list[str]] = {
        "indicator": [indicator.indicator],
        "region": _codes(cell[0] for cell in cells),
        "segment": _codes(cell[1] for cell in cells),
        "time": [
            period
            for (period,) in observations.rows(
                "select period from fct_observations where indicator = ? and freq = ? "
                "group by period order by min(period_start), period",
                indicator.indicator,
                freq,
            )
        ],
    }
    if indicator.is_by_source:
        codes["source"] = _codes(cell[3] for cell in cells)
    labels: dict[str, dict[str, Names]] = {
        "indicator": {indicator.indicator: indicator.names},
        "region": {code: observations.regions[code] for code in codes["region"]},
        "segment": {code: observations.segments[code] for code in codes["segment"]},
    }
    place = {name: {code: n for n, code in enumerate(given)} for name, given in codes.items()}
    value: dict[str, float | None] = {}
    status: dict[str, str] = {}
    for region, segment, period, source, number, obs_status in cells:
        at = place["region"][region]
        at = at * len(codes["segment"]) + place["segment"][segment]
        at = at * len(codes["time"]) + place["time"][period]
        if indicator.is_by_source:
            at = at * len(codes["source"]) + place["source"][source]
        value[str(at)] = number
        if obs_status != "A":
            status[str(at)] = obs_status
    cube: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": indicator.names["fi"],
        "source": ", ".join(indicator.sources),
        "updated": observations.published_at,
        "note": [indicator.definition],
        "id": list(codes),
        "size": [len(given) for given in codes.values()],
        "role": {"time": ["time"], "geo": ["region"], "metric": ["indicator"]},
        "dimension": {
            name: {
                "label": _DIMENSIONS[name],
                "category": {"index": place[name]}
                | (
                    {"label": {c: n["fi"] for c, n in labels[name].items()}}
                    if name in labels
                    else {}
                ),
            }
            for name in codes
        },
        "value": value,
        "extension": {
            _OWN: {
                "publication": observations.id,
                "is_sample": observations.is_sample,
                "freq": freq,
                "licences": indicator.sources,
                "labels": {
                    language: {
                        name: {code: names[language] for code, names in given.items()}
                        for name, given in labels.items()
                    }
                    for language in ("sv", "en")
                },
            }
        },
    }
    if status:
        cube["status"] = status
    cube["dimension"]["indicator"]["category"]["unit"] = {
        indicator.indicator: {"label": indicator.unit, "decimals": indicator.decimals}
    }
    path.write_text(json.dumps(cube, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return len(cells)


_DIMENSIONS = {
    "indicator": "Mittari",
    "region": "Alue",
    "segment": "Asiakassegmentti",
    "time": "Jakso",
    "source": "Lähde",
}


def _codes(found: Any) -> list[str]:
    return sorted(set(found))
