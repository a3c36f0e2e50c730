"""The catalogue, read from the dbt seeds: what is measured, by whom, in which units.

The CSV files in `dbt_project/seeds/` are the catalogue; dbt loads them into the warehouse and
this module reads the same files for ingestion, so an indicator is added once, as rows. What
belongs here: typed reading and look-ups. What does not: rules about measurements.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from math import inf
from pathlib import Path

from assets.errors import TilannekuvaError
from assets.languages import Text
from assets.settings import SEEDS_DIR


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)
    except OSError as error:
        raise TilannekuvaError(f"The catalogue file {path} cannot be read: {error}.") from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


class _Named:
    """Something that has a name in every language."""

    name_fi: str
    name_sv: str
    name_en: str

    @property
    def names(self) -> Text:
        """Its name in every language."""
        return Text(self.name_fi, self.name_sv, self.name_en)


@dataclass(frozen=True)
class Indicator(_Named):
    """One row of `indicators.csv`; see `_seeds.yml` for the meaning of each column."""

    indicator: str
    name_fi: str
    name_sv: str
    name_en: str
    unit: str
    additivity: str
    cadence: str
    levels: tuple[str, ...]
    expected_levels: tuple[str, ...]
    segments: tuple[str, ...]
    combination: str
    first_period: str
    valid_min: float | None
    valid_max: float | None
    min_count: int
    decimals: int
    event_dataset: str
    event_filter: str
    max_step: float | None = None

    @property
    def valid_range(self) -> tuple[float, float]:
        """Lowest and highest possible value in the indicator's unit; infinite where open."""
        lowest = -inf if self.valid_min is None else self.valid_min
        return lowest, inf if self.valid_max is None else self.valid_max


@dataclass(frozen=True)
class Source:
    """One row of `sources.csv`: an organisation or service that delivers measurements."""

    source: str
    name: str
    name_fi: str
    name_sv: str
    kind: str
    owner: str
    licence: str
    cadence: str
    url: str
    valid_from: date | None
    valid_to: date | None
    area: tuple[str, ...]
    datasets: tuple[str, ...]

    @property
    def names(self) -> Text:
        """Its name in every language."""
        return Text(self.name_fi, self.name_sv, self.name)


@dataclass(frozen=True)
class Region(_Named):
    """One row of `regions.csv`: a typed region code and when it is valid (half-open)."""

    region: str
    region_type: str
    code: str
    name_fi: str
    name_sv: str
    name_en: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Membership:
    """A municipality belongs to a region of another type during a half-open span of days."""

    region: str
    parent: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Unit:
    """A unit and the factor that turns it into its base unit."""

    unit: str
    base_unit: str
    factor: float


@dataclass(frozen=True)
class Word(_Named):
    """One row of `words.csv`: a word of a list that deliveries are written with."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue. `Catalogue.load()` reads it; nothing in it changes afterwards."""

    directory: Path

    @classmethod
    def load(cls, directory: Path = SEEDS_DIR) -> Catalogue:
        """The catalogue of this project (cached), or of another folder of seeds."""
        return _load(directory)

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {
            row["indicator"]: Indicator(
                indicator=row["indicator"],
                name_fi=row["name_fi"],
                name_sv=row["name_sv"],
                name_en=row["name_en"],
                unit=row["unit"],
                additivity=row["additivity"],
                cadence=row["cadence"],
                levels=tuple(row["levels"].split()),
                expected_levels=tuple(row["expected_levels"].split()),
                segments=tuple(row["segments"].split()),
                combination=row["combination"],
                first_period=row["first_period"],
                valid_min=_number(row["valid_min"]),
                valid_max=_number(row["valid_max"]),
                min_count=int(row["min_count"] or 0),
                decimals=int(row["decimals"] or 0),
                event_dataset=row["event_dataset"],
                event_filter=row["event_filter"],
                max_step=_number(row.get("max_step", "")),
            )
            for row in _rows(self.directory / "indicators.csv")
        }

    @cached_property
    def accepted_values(self) -> tuple[Mapping[str, str], ...]:
        """Values far from their neighbours that a person has accepted; an empty cell is any."""
        return tuple(_rows(self.directory / "accepted_values.csv"))

    @cached_property
    def indicator_sources(self) -> Mapping[str, tuple[str, ...]]:
        """The sources of each indicator, in order of preference."""
        ordered: dict[str, list[tuple[int, str]]] = {}
        for row in _rows(self.directory / "indicator_sources.csv"):
            ordered.setdefault(row["indicator"], []).append((int(row["preference"]), row["source"]))
        return {k: tuple(source for _, source in sorted(v)) for k, v in ordered.items()}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Sources by id."""
        return {
            row["source"]: Source(
                source=row["source"],
                name=row["name"],
                name_fi=row["name_fi"],
                name_sv=row["name_sv"],
                kind=row["kind"],
                owner=row["owner"],
                licence=row["licence"],
                cadence=row["cadence"],
                url=row["url"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                area=tuple(row["area"].split()),
                datasets=tuple(row["datasets"].split()),
            )
            for row in _rows(self.directory / "sources.csv")
        }

    @cached_property
    def source_names(self) -> Mapping[str, str]:
        """Source ids by each of their names, case-folded."""
        return {
            name.casefold(): source.source
            for source in self.sources.values()
            for name in (source.source, *source.names)
        }

    @cached_property
    def words(self) -> Mapping[str, tuple[Word, ...]]:
        """The words of each list, in the order in which they are shown."""
        lists: dict[str, list[tuple[int, Word]]] = {}
        for row in _rows(self.directory / "words.csv"):
            word = Word(
                code=row["code"],
                name_fi=row["name_fi"],
                name_sv=row["name_sv"],
                name_en=row["name_en"],
                aliases=tuple(filter(None, row["aliases"].split(";"))),
            )
            lists.setdefault(row["list"], []).append((int(row["sort_key"]), word))
        return {
            name: tuple(word for _, word in sorted(words, key=lambda pair: pair[0]))
            for name, words in lists.items()
        }

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Every region of every type and validity."""
        return tuple(
            Region(
                region=row["region"],
                region_type=row["region_type"],
                code=row["code"],
                name_fi=row["name_fi"],
                name_sv=row["name_sv"],
                name_en=row["name_en"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
            for row in _rows(self.directory / "regions.csv")
        )

    @cached_property
    def region_aliases(self) -> tuple[tuple[str, str], ...]:
        """Other spellings: (alias, region)."""
        return tuple(
            (row["alias"], row["region"]) for row in _rows(self.directory / "region_aliases.csv")
        )

    @cached_property
    def region_types(self) -> Mapping[str, Text]:
        """Region types by id, each with its name in every language."""
        return {
            row["region_type"]: Text(row["name_fi"], row["name_sv"], row["name_en"])
            for row in _rows(self.directory / "region_types.csv")
        }

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """Municipalities and the regions they belong to, by span."""
        return tuple(
            Membership(
                region=row["region"],
                parent=row["parent"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
            for row in _rows(self.directory / "region_memberships.csv")
        )

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """The regions into which an ended one was merged, by the ended one."""
        return {
            row["region"]: tuple(row["successor"].split())
            for row in _rows(self.directory / "region_changes.csv")
            if row["change"] == "merger"
        }

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Units by id; a unit of the catalogue is its own base or converts to one."""
        return {
            row["unit"]: Unit(row["unit"], row["base_unit"], float(row["factor"]))
            for row in _rows(self.directory / "units.csv")
        }

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Segment ids, `total` among them."""
        return tuple(row["segment"] for row in _rows(self.directory / "segments.csv"))

    @cached_property
    def segment_words(self) -> tuple[Word, ...]:
        """Segments with their names, `total` among them."""
        return tuple(
            Word(row["segment"], row["name_fi"], row["name_sv"], row["name_en"], ())
            for row in _rows(self.directory / "segments.csv")
        )

    @cached_property
    def segment_names(self) -> Mapping[str, str]:
        """Segment ids by each of their names, case-folded."""
        names: dict[str, str] = {}
        for row in _rows(self.directory / "segments.csv"):
            for column in ("segment", "name_fi", "name_sv", "name_en"):
                names[row[column].casefold()] = row["segment"]
        return names

    @cached_property
    def obs_statuses(self) -> frozenset[str]:
        """SDMX observation status codes in use."""
        return frozenset(row["obs_status"] for row in _rows(self.directory / "obs_statuses.csv"))

    @cached_property
    def obs_status_precedence(self) -> tuple[str, ...]:
        """SDMX observation status codes; of several the first one here stands for all."""
        rows = sorted(
            _rows(self.directory / "obs_statuses.csv"), key=lambda row: int(row["precedence"])
        )
        return tuple(row["obs_status"] for row in rows)

    @cached_property
    def conf_statuses(self) -> frozenset[str]:
        """SDMX confidentiality status codes in use."""
        return frozenset(row["conf_status"] for row in _rows(self.directory / "conf_statuses.csv"))


@lru_cache(maxsize=8)
def _load(directory: Path) -> Catalogue:
    if not directory.is_dir():
        raise TilannekuvaError(f"There is no catalogue at {directory}.")
    return Catalogue(directory)
