"""Pictures for people: how complete the measurement is, at a glance."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb

#: Columns of the heat map are years; more would not be legible in the UI.
_MAX_YEARS = 14


def coverage_picture(warehouse: duckdb.DuckDBPyConnection, path: Path) -> bytes:
    """Draw the coverage calendar: the share of expected cells that were observed.

    Args:
        warehouse: an open connection with the schema `marts`.
        path: where the PNG is also kept.

    Returns:
        The PNG. Rows are indicators by level of region, columns quarters of the last years; a
        cell is the observed share, with a dot where any is missing (one cell of hundreds is no
        visible shade), hollow where all that is missing is accepted as known and right. Where
        nothing is expected the picture stays blank.
    """
    # matplotlib costs most of a second; only the step that draws pays for it.
    import matplotlib

    matplotlib.use("Agg")
    import numpy as np
    from matplotlib import pyplot as plt

    rows = warehouse.execute(
        """
        select
            coverage.indicator || ' ' || coverage.region_type as series,
            year(periods.period_start) * 4 + quarter(periods.period_start) - 1 as quarter,
            year(periods.period_end) * 4 + quarter(periods.period_end) - 1 as last_quarter,
            sum(coverage.observed) as observed,
            sum(coverage.expected) as expected,
            sum(coverage.accepted) as accepted
        from marts.quality_coverage as coverage
        inner join marts.dim_period as periods on coverage.period = periods.period
        inner join marts.dim_indicator as indicators
            on coverage.indicator = indicators.indicator
        where coverage.expected > 0
        group by all
        order by
            any_value(coverage.indicator),
            any_value(
                list_position(string_split(indicators.levels, ' '), coverage.region_type)
            ),
            quarter
        """
    ).fetchall()
    # the levels of an indicator stay together, the finest first
    series = list(dict.fromkeys(row[0] for row in rows))
    if rows:
        last = max(row[2] for row in rows)
        first = max(min(row[1] for row in rows), last - 4 * _MAX_YEARS + 1)
    else:
        first, last = 0, 3
    observed = np.zeros((max(len(series), 1), last - first + 1))
    expected = np.zeros_like(observed)
    excused = np.zeros_like(observed)
    for name, start, end, seen, wanted, accepted in rows:
        span = slice(max(start - first, 0), max(end - first + 1, 0))
        row = series.index(name)
        observed[row, span] += float(seen)
        expected[row, span] += float(wanted)
        excused[row, span] += float(accepted)
    share = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > 0)

    figure, axes = plt.subplots(figsize=(8.6, 0.26 * max(len(series), 4) + 1.3), dpi=110)
    image = axes.imshow(share, aspect="auto", cmap="RdYlGn", vmin=0, vmax=1, interpolation="none")
    axes.set_yticks(range(len(series)), series, fontsize=8)
    ticks = [q for q in range(first, last + 1) if q % 4 == 0]
    axes.set_xticks([q - first - 0.5 for q in ticks], [str(q // 4) for q in ticks], fontsize=9)
    axes.set_xlabel("period (quarters)")
    is_open = observed + excused < expected
    for marked, face in ((is_open, "black"), ((share < 1) & ~is_open, "none")):
        marked_rows, marked_columns = np.nonzero(marked)
        axes.scatter(
            marked_columns, marked_rows, s=6, facecolors=face, edgecolors="black", linewidths=0.5
        )
    axes.set_title(
        "Share of the expected cells that were observed (dot: some are missing; hollow: accepted)",
        loc="left",
        fontsize=10,
    )
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, fraction=0.025, pad=0.015)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", bbox_inches="tight")
    plt.close(figure)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn.getvalue())
    return drawn.getvalue()
