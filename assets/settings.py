"""Settings of a deployment: environment variables, with a `.env` file beside the project.

What belongs here: names, defaults and derived paths. What does not: anything that touches the
network, a database or the catalogue. Loading settings reads the environment and nothing else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from assets.errors import TilannekuvaError
from assets.postgres_address import PostgresAddress

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
SEEDS_DIR = DBT_PROJECT_DIR / "seeds"
HELSINKI = ZoneInfo("Europe/Helsinki")

#: Every setting. The key of business ids is read where it is used (`assets/raw/keys.py`).
SETTING_NAMES = (
    "TILANNEKUVA_HOME",
    "TILANNEKUVA_SOURCES",
    "TILANNEKUVA_TODAY",
    "TILANNEKUVA_POSTGRES_URL",
    "TILANNEKUVA_POSTGRES_READER",
    "TILANNEKUVA_HASH_KEY",
)

SourcesMode = Literal["sample", "live", "landing"]
SOURCES_MODES: tuple[SourcesMode, ...] = ("sample", "live", "landing")


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two deployments.

    Attributes:
        home: root of all that is written.
        sources: where ingestion gets its data: the bundled sample, the live services, or
            nothing but the landing zone.
        today: the day that "due", "late" and "as known on" are judged against.
        today_is_set: whether the day was given, or is the calendar's.
        postgres_url: where every publication also goes, or None.
        postgres_reader: a role that may read the publication there, or None.
    """

    home: Path
    sources: SourcesMode
    today: date
    today_is_set: bool = False
    postgres_url: str | None = field(default=None, repr=False)
    postgres_reader: str | None = None

    @classmethod
    def load(cls) -> Settings:
        """Read the environment; a `.env` file fills in what the environment does not set.

        Raises:
            TilannekuvaError: a setting has a value that cannot be used.
        """
        env = {k: v for k, v in dotenv_values(PROJECT_ROOT / ".env").items() if v} | {
            k: v for k, v in os.environ.items() if v
        }
        home = Path(env.get("TILANNEKUVA_HOME", "var")).expanduser()
        sources = env.get("TILANNEKUVA_SOURCES", "sample")
        if sources not in SOURCES_MODES:
            raise TilannekuvaError(
                f"TILANNEKUVA_SOURCES is {sources!r}; it must be one of {', '.join(SOURCES_MODES)}."
            )
        given = env.get("TILANNEKUVA_TODAY")
        try:
            today = date.fromisoformat(given) if given else datetime.now(HELSINKI).date()
        except ValueError:
            raise TilannekuvaError(
                f"TILANNEKUVA_TODAY is {given!r}; write it as a date such as 2026-11-22."
            ) from None
        postgres_url = env.get("TILANNEKUVA_POSTGRES_URL")
        if postgres_url is not None:
            PostgresAddress.parse(postgres_url)  # an address that cannot be used stops here
        return cls(
            home=home if home.is_absolute() else PROJECT_ROOT / home,
            sources=cast(SourcesMode, sources),
            today=today,
            today_is_set=bool(given),
            postgres_url=postgres_url,
            postgres_reader=env.get("TILANNEKUVA_POSTGRES_READER"),
        )

    def now(self) -> datetime:
        """The present moment in UTC; on the given day when `TILANNEKUVA_TODAY` is set.

        A replay of a past day must date its vintages on that day, or nothing could be asked
        for "as known on" it.
        """
        moment = datetime.now(HELSINKI)
        if self.today_is_set:
            clock = time(moment.hour, moment.minute, moment.second, moment.microsecond)
            moment = datetime.combine(self.today, clock, tzinfo=HELSINKI)
        return moment.astimezone(UTC)

    @property
    def landing_dir(self) -> Path:
        """Where partners drop deliveries: `landing/<source>/<dataset>/<file>`."""
        return self.home / "landing"

    @property
    def sample_dir(self) -> Path:
        """Where the sample deliveries are laid out, in the same shape as the real ones."""
        return self.home / "sample"

    @property
    def raw_dir(self) -> Path:
        """Immutable vintages: `raw/<source>/<dataset>/<vintage>/`."""
        return self.home / "raw"

    @property
    def quarantine_dir(self) -> Path:
        """Rows and files that could not be understood, with the reason."""
        return self.home / "quarantine"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that dbt, and only dbt, writes."""
        return self.home / "warehouse.duckdb"

    @property
    def published_dir(self) -> Path:
        """Complete publications; `published/current` is the newest."""
        return self.home / "published"

    @property
    def reading_packs_dir(self) -> Path:
        """Frozen pictures for steering groups: `reading_packs/<region>/<planned day>/`."""
        return self.home / "reading_packs"

    @property
    def exports_dir(self) -> Path:
        """The newest publication in the formats of exchange: `exports/<publication>/`."""
        return self.home / "exports"

    @property
    def reports_dir(self) -> Path:
        """Data Docs and pictures for people."""
        return self.home / "reports"

    @property
    def dagster_dir(self) -> Path:
        """Dagster's own storage (`DAGSTER_HOME`)."""
        return self.home / "dagster"
