"""What a new year's published keys would change in the region seeds, as rows for a person.

Compares a year with the seeds and lists the differences. Elsewhere: where the keys come from
(`assets.reference.yearly`), files and application (`assets.reference.review`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assets.errors import TilannekuvaError
from assets.reference.rules import MOVE_LEVELS, violations
from assets.reference.seeds import (
    ALIASES,
    CHANGES,
    MEMBERSHIPS,
    REGIONS,
    SEEDS,
    TYPES,
    Reference,
    Row,
    code_of,
    holds,
)

YEARLY_TYPES = ("KU", "SK", "MK", "ELY", "EVK", "TA", "NUTS3", "NUTS2", "NUTS1")
"""Types that the yearly keys tell; contract areas and the whole country are not among them."""
WHOLE_COUNTRY = "SSS"
#: Their names repeat those of the maakunta, so deliveries name them by code only.
_NAMELESS = ("NUTS1", "NUTS2", "NUTS3")
_NAMED_AT_ONCE = 5


@dataclass(frozen=True)
class Names:
    """Names of a region as published; `sv` and `en` are "" where there is none."""

    fi: str
    sv: str = ""
    en: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a year would change, for review.

    Attributes:
        year: the classification year; everything changes on its first of January.
        rows: by seed name, the rows that are added or replace the row of their key.
        hashes: SHA-256 by seed name of the files that the year was compared with.
        facts: what changes, in plain words, by heading; empty where nothing does.
        questions: what a reviewer must decide or look up before the rows are applied.
        added: number of rows by seed name that are new, the others replace one.
    """

    year: int
    rows: Mapping[str, tuple[Row, ...]]
    hashes: Mapping[str, str]
    facts: Mapping[str, tuple[str, ...]]
    questions: tuple[str, ...]
    added: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether the seeds have the year already."""
        return not any(self.rows.values())


def proposed_year(
    reference: Reference,
    year: int,
    items_by_type: Mapping[str, Mapping[str, Names]],
    memberships: Mapping[str, Mapping[str, str]],
    *,
    successors: Mapping[str, Collection[str]] | None = None,
    ended_types: Collection[str] = (),
) -> Proposal:
    """Compare a year's regions with the record and say what would change on 1 January.

    A region that is no longer listed ends; a new one begins; a municipality that changes parent
    has its membership closed and another opened, and a change of SK or MK is also a row of
    `region_changes`, because it breaks series. The name of a region is its latest; the former one
    becomes an alias. A type that the year does not list stays unchanged and becomes a question.

    Args:
        reference: the seeds as they are; a year that they hold already changes nothing.
        year: the classification year.
        items_by_type: published regions by type and typed code (`{"KU": {"KU005": Names(...)}}`).
        memberships: parents by municipality and type (`{"KU005": {"SK": "SK146", ...}}`).
        successors: municipalities that took over the territory, by municipality before.
        ended_types: types that end with the year before (ELY in 2026).

    Raises:
        TilannekuvaError: the seeds do not hold together, the year tells no municipalities or a
            type that is said to have ended, or the record already says something else from that
            year on.
    """
    if "KU" not in items_by_type:
        raise TilannekuvaError(f"The keys of {year} tell no municipalities: nothing to propose.")
    wrong = [kind for kind in ended_types if kind not in YEARLY_TYPES or kind in items_by_type]
    if wrong:
        raise TilannekuvaError(
            f"{', '.join(wrong)} cannot have ended by {year}: only a type that the year's keys do "
            f"not tell can, of {', '.join(YEARLY_TYPES)}."
        )
    if broken := violations(reference):
        raise TilannekuvaError(
            f"The region seeds do not hold together as they are ({len(broken)} reasons; the first: "
            f"{broken[0]}). Mend them before a year is taken in."
        )
    draft = _Draft(reference, year, items_by_type, memberships, successors or {}, ended_types)
    draft.compare_regions()
    draft.compare_memberships()
    draft.ask_about_the_record()
    return draft.proposal()


@dataclass
class _Draft:
    """A proposal in the making."""

    reference: Reference
    year: int
    items: Mapping[str, Mapping[str, Names]]
    memberships: Mapping[str, Mapping[str, str]]
    successors: Mapping[str, Collection[str]]
    ended_types: Collection[str]
    rows: dict[str, list[Row]] = field(default_factory=lambda: {seed.name: [] for seed in SEEDS})
    facts: dict[str, list[str]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    @property
    def day(self) -> str:
        return f"{self.year}-01-01"

    @cached_property
    def aliases(self) -> dict[str, str]:
        """The region that each alias means, by the alias in lower case; the new ones too."""
        return {row["alias"].casefold(): row["region"] for row in self.reference.rows[ALIASES.name]}

    def compare_regions(self) -> None:
        for kind in TYPES:
            if kind not in self.items and kind not in self.ended_types:
                continue
            known = self.reference.alive(kind, self.day)
            published = self.items.get(kind, {})
            for region in sorted(known.keys() - published.keys()):
                self._end(known[region])
            for region in sorted(published.keys() - known.keys()):
                self._begin(kind, region, published[region])
            for region in sorted(known.keys() & published.keys()):
                self._rename(known[region], published[region])
        self._ask_about_territory()

    def _end(self, row: Row) -> None:
        region, kind = row["region"], row["region_type"]
        self._close(REGIONS.name, row)
        if kind != "KU":
            self._say("Regions that end", f"{kind}: {_named(row)}")
            return
        into = sorted(set(self.successors.get(region, ())) - {region})
        change = {"change": "merger", "region": region, "name_fi": row["name_fi"]}
        self._change(change | {"successor": " ".join(into)})
        names = ", ".join(self._called(successor) for successor in into)
        self._say("Municipalities that end", f"{_named(row)} → {names or 'successor not known'}")
        if not into:
            self.questions.append(
                f"{_named(row)} ends and no correspondence table tells its successor. Look the "
                "government's decision up and write the successor into region_changes.csv."
            )
        elif len(into) > 1:
            self.questions.append(
                f"{_named(row)} is divided between {names}. Its former values belong to neither "
                "alone: check that all of them took over territory, and leave only one where the "
                "others got an insignificant part."
            )

    def _begin(self, kind: str, region: str, names: Names) -> None:
        if region in self.reference.types:
            self.questions.append(
                f"{region} {names.fi} is in the keys of {self.year}, but the record has it in "
                "other years only. One code cannot stand for two spans: decide by hand what "
                "regions.csv shall say."
            )
            return
        row = {
            "region": region,
            "region_type": kind,
            "code": code_of(kind, region),
            "name_fi": names.fi,
            "name_sv": names.sv or names.fi,
            "name_en": names.en or names.fi,
            "valid_from": self.day,
            "valid_to": "",
        }
        self.rows[REGIONS.name].append(row)
        self._say("New regions", f"{kind}: {_named(row)} ({row['name_sv']}, {row['name_en']})")

    def _rename(self, row: Row, names: Names) -> None:
        """The published name where it differs, in Finnish or Swedish.

        English names are the catalogue's own for most types, so they change only with the others.
        """

        def is_new(name: str, known: str) -> bool:
            spelt_so = self.aliases.get(name.casefold()) == row["region"]
            return bool(name) and name != known and not spelt_so

        fi = names.fi if is_new(names.fi, row["name_fi"]) else row["name_fi"]
        sv = row["name_sv"]
        # A Finnish name in the Swedish list means that there is no Swedish name.
        if is_new(names.sv, sv) and (names.sv != names.fi or fi != row["name_fi"]):
            sv = names.sv
        elif fi != row["name_fi"] and sv == row["name_fi"]:
            sv = fi
        if (fi, sv) == (row["name_fi"], row["name_sv"]):
            return
        en = row["name_en"] if fi == row["name_fi"] else names.en or fi
        fresh = {**row, "name_fi": fi, "name_sv": sv, "name_en": en}
        self.rows[REGIONS.name].append(fresh)
        self._say(
            "Renamed",
            f"{_named(row)} ({row['name_sv']}, {row['name_en']}) → {fi} ({sv}, {en})",
        )
        if row["region_type"] not in _NAMELESS:
            self._keep_former_names(row, fresh)

    def _keep_former_names(self, row: Row, fresh: Row) -> None:
        """Keep a former name as an alias where it is free, because deliveries still use it."""
        kind, region = row["region_type"], row["region"]
        others = {
            name.casefold()
            for other, names in self.items.get(kind, {}).items()
            if other != region
            for name in (names.fi, names.sv)
        }
        kept = {fresh["name_fi"].casefold(), fresh["name_sv"].casefold()}
        for name in dict.fromkeys((row["name_fi"], row["name_sv"])):
            folded = name.casefold()
            if folded in kept or self.aliases.get(folded) == region:
                continue
            if folded in others or folded in self.aliases:
                self.questions.append(
                    f"{name!r} was a name of {region} and now stands for "
                    f"{self.aliases.get(folded, f'another region of type {kind}')}. Deliveries "
                    "that go on using it may mean either."
                )
                continue
            self.aliases[folded] = region
            self.rows[ALIASES.name].append({"alias": name, "region": region})

    def _ask_about_territory(self) -> None:
        """Question about territory that moved between two municipalities that still exist.

        No seed has rows for it.
        """
        going_on = self.items.get("KU", {}).keys() & self.reference.alive("KU", self.day).keys()
        for region in sorted(going_on):
            others = sorted(set(self.successors.get(region, ())) - {region})
            if others:
                self.questions.append(
                    f"Part of {self._called(region)} passes to "
                    f"{', '.join(map(self._called, others))} while it goes on. The seeds cannot "
                    "say so: check how large the part is, and whether series still compare."
                )

    def compare_memberships(self) -> None:
        open_rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.reference.rows[MEMBERSHIPS.name]:
            if holds(row, self.day):
                open_rows[row["region"]].append(row)
        told = [kind for kind in TYPES if kind in self.items and kind != "KU"]
        moves: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        joined: defaultdict[str, int] = defaultdict(int)
        for municipality in sorted(self.items["KU"].keys() | open_rows.keys()):
            goes_on = municipality in self.items["KU"]
            fresh = {WHOLE_COUNTRY: WHOLE_COUNTRY, **self.memberships.get(municipality, {})}
            before: dict[str, str] = {}
            for row in open_rows[municipality]:
                kind = self.reference.types[row["parent"]]
                before[kind] = row["parent"]
                left = kind in told and fresh.get(kind) != row["parent"]
                if left or not goes_on or kind in self.ended_types:
                    self._close(MEMBERSHIPS.name, row)
            for kind in (*told, WHOLE_COUNTRY) if goes_on else ():
                after = fresh.get(kind)
                if after is None or after == before.get(kind):
                    continue
                self.rows[MEMBERSHIPS.name].append(
                    {
                        "region": municipality,
                        "parent": after,
                        "valid_from": self.day,
                        "valid_to": "",
                    }
                )
                if kind in before:
                    moves[kind, before[kind], after].append(municipality)
                else:
                    joined[kind] += 1
        self._record_moves(moves)
        for kind, count in joined.items():
            self._say("Memberships without a former one", f"{kind}: {count} municipalities")

    def _record_moves(self, moves: Mapping[tuple[str, str, str], Sequence[str]]) -> None:
        known = self.reference.alive("KU", self.day)
        for (kind, before, after), municipalities in sorted(moves.items()):
            first = ", ".join(map(self._called, municipalities[:_NAMED_AT_ONCE]))
            more = len(municipalities) - _NAMED_AT_ONCE
            self._say(
                "Municipalities that change region",
                f"{kind}: {self._called(before)} → {self._called(after)}: {first}"
                + (f" and {more} more" if more > 0 else ""),
            )
            for municipality in municipalities if kind in MOVE_LEVELS else ():
                name = known[municipality]["name_fi"]
                change = {"change": "move", "region": municipality, "name_fi": name}
                self._change(change | {"level": kind, "from_parent": before, "to_parent": after})

    def ask_about_the_record(self) -> None:
        newest = int(self.reference.days[-1][:4])
        if newest < self.year - 1:
            self.questions.append(
                f"The newest change on record is of {newest}. If the years after it were not taken "
                f"in, take them in first: everything here would be dated {self.day}."
            )
        for kind in YEARLY_TYPES:
            known = self.reference.alive(kind, self.day)
            if known and kind not in self.items and kind not in self.ended_types:
                self.questions.append(
                    f"The keys of {self.year} do not tell the type {kind}, of which the record "
                    f"has {len(known)} regions. They were left as they are. If the type has ended, "
                    f"propose the year again and say so; otherwise its key may come later."
                )
            if not known and self.items.get(kind):
                self.questions.append(
                    f"{kind} is on record for the first time in {self.year}. Add other spellings "
                    "of its regions to region_aliases.csv, and look at its Swedish and English "
                    "names."
                )

    def proposal(self) -> Proposal:
        merged = self.reference.merged(self.rows)
        broken = violations(merged)
        self.questions += [
            f"As it stands this could not be applied: {sentence}."
            for sentence in broken[:_NAMED_AT_ONCE]
        ]
        if len(broken) > _NAMED_AT_ONCE:
            self.questions.append(f"And for {len(broken) - _NAMED_AT_ONCE} more such reasons.")
        rows = {}
        added = {}
        for seed in SEEDS:
            wanted = {seed.key_of(row) for row in self.rows[seed.name]}
            known = {seed.key_of(row) for row in self.reference.rows[seed.name]}
            rows[seed.name] = tuple(r for r in merged.rows[seed.name] if seed.key_of(r) in wanted)
            added[seed.name] = len(wanted - known)
        return Proposal(
            year=self.year,
            rows=rows,
            hashes=self.reference.hashes,
            facts={heading: tuple(lines) for heading, lines in self.facts.items()},
            questions=tuple(self.questions),
            added=added,
        )

    def _close(self, seed: str, row: Row) -> None:
        if row["valid_to"] or row["valid_from"] >= self.day:
            raise TilannekuvaError(
                f"The keys of {self.year} contradict what the record says from {self.day} on: "
                f"{seed}.csv has {','.join(row.values())}. Years are taken in one after another; "
                "one that was taken in already is corrected by hand."
            )
        self.rows[seed].append({**row, "valid_to": self.day})

    def _change(self, cells: Mapping[str, str]) -> None:
        blank = dict.fromkeys(CHANGES.columns, "")
        self.rows[CHANGES.name].append({**blank, **cells, "effective_on": self.day})

    def _called(self, region: str) -> str:
        for published in self.items.values():
            if region in published:
                return f"{region} {published[region].fi}"
        for row in self.reference.rows[REGIONS.name]:
            if row["region"] == region:
                return _named(row)
        return region

    def _say(self, heading: str, line: str) -> None:
        self.facts.setdefault(heading, []).append(line)


def _named(row: Row) -> str:
    return f"{row['region']} {row['name_fi']}"
