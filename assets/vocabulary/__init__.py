"""The words that deliveries use: periods, regions, numbers, dates, business ids.

Each module turns what people write into what the platform means, or says in one sentence why
it cannot. What belongs here: pure functions over text and the catalogue. What does not: files,
tables, Dagster.
"""


class NotUnderstood(ValueError):
    """A cell that cannot be understood; `str()` of it tells its author what to write instead."""

    @property
    def reason(self) -> str:
        """Why; in both languages where it is one of the catalogue (`assets.vocabulary.reasons`)."""
        return self.args[0] if self.args else ""
