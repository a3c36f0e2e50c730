"""Pictures for people: how complete the measurement is, at a glance."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb

#: Columns of the heat map are years; more would not be legible in the UI.
_MAX_YEARS = 14


def coverage_picture(warehouse: duckdb.DuckDBPyConnection, path: Path) -> bytes:
    """Draw the share of expected cells that were observed, indicator by period.

    Args:
        warehouse: an open connection with the schema `marts`.
        path: where the PNG is also kept.

    Returns:
        The PNG. Rows are indicators, columns quarters of the last years; a cell is the observed
        share over all levels of region, with a dot where any is missing (one cell of hundreds
        is no visible shade). Where nothing is expected the picture stays blank.
    """
    # matplotlib costs most of a second; only the step that draws pays for it.
    import matplotlib

    matplotlib.use("Agg")
    import numpy as np
    from matplotlib import pyplot as plt

    rows = warehouse.execute(
        """
        select
            coverage.indicator,
            year(periods.period_start) * 4 + quarter(periods.period_start) - 1 as quarter,
            year(periods.period_end) * 4 + quarter(periods.period_end) - 1 as last_quarter,
            sum(coverage.observed) as observed,
            sum(coverage.expected) as expected
        from marts.quality_coverage as coverage
        inner join marts.dim_period as periods on coverage.period = periods.period
        group by all
        """
    ).fetchall()
    indicators = sorted({row[0] for row in rows})
    if rows:
        last = max(row[2] for row in rows)
        first = max(min(row[1] for row in rows), last - 4 * _MAX_YEARS + 1)
    else:
        first, last = 0, 3
    observed = np.zeros((max(len(indicators), 1), last - first + 1))
    expected = np.zeros_like(observed)
    for indicator, start, end, seen, wanted in rows:
        span = slice(max(start - first, 0), max(end - first + 1, 0))
        observed[indicators.index(indicator), span] += float(seen)
        expected[indicators.index(indicator), span] += float(wanted)
    share = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > 0)

    figure, axes = plt.subplots(figsize=(8.6, 0.36 * max(len(indicators), 3) + 1.3), dpi=110)
    image = axes.imshow(share, aspect="auto", cmap="RdYlGn", vmin=0, vmax=1, interpolation="none")
    axes.set_yticks(range(len(indicators)), indicators, fontsize=9)
    ticks = [q for q in range(first, last + 1) if q % 4 == 0]
    axes.set_xticks([q - first - 0.5 for q in ticks], [str(q // 4) for q in ticks], fontsize=9)
    axes.set_xlabel("period (quarters)")
    missing_rows, missing_columns = np.nonzero(share < 1)
    axes.scatter(missing_columns, missing_rows, s=5, c="black", linewidths=0)
    axes.set_title(
        "Share of the expected cells that were observed (dot: some are missing)",
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
