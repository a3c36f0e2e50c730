"""When a figure of the sample would have been released.

The release calendar follows from the release lags of the catalogue. Elsewhere: which regions
report, and the figures.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta

from assets.catalogue import Catalogue
from assets.vocabulary.periods import Period, parse_period, periods_between


class Releases:
    """What has been released by a day.

    Attributes:
        today: the day in question.
    """

    def __init__(self, catalogue: Catalogue, today: date) -> None:
        self.today = today
        self._catalogue = catalogue
        with (catalogue.directory / "indicators.csv").open(encoding="utf-8", newline="") as stream:
            self._lags = {
                row["indicator"]: timedelta(days=int(row["release_lag_days"]))
                for row in csv.DictReader(stream)
            }

    def day(self, indicator: str, period: Period) -> date:
        """The release day of a period: its last day plus the lag of the indicator."""
        return period.last_day + self._lags[indicator]

    def periods(self, indicator: str, first: str = "", last: str = "") -> list[Period]:
        """Periods in the cadence of an indicator that are released by today, oldest first.

        Args:
            indicator: an id of the catalogue.
            first: the earliest period; the first one of the catalogue unless given.
            last: the latest period; the newest released one unless given.
        """
        entry = self._catalogue.indicators[indicator]
        start = parse_period(first or entry.first_period).start
        end = min(self.today, parse_period(last).last_day) if last else self.today
        if end < start:
            return []
        return [
            period
            for period in periods_between(start, end, entry.cadence)
            if self.day(indicator, period) <= self.today
        ]

    def months_ended(self, first: date, last: date) -> list[Period]:
        """Calendar months from that of `first` to that of `last` that have ended by today."""
        if last < first:
            return []
        return [p for p in periods_between(first, last, "M") if p.end <= self.today]
