"""Sample deliveries of transfers: what senders and receivers of customers log, a file a year.

Most transfers are in both logs, the receiver's some days later; some are logged by one side only.
In some the receiver states whether it accepted the customer. Days, places and businesses are
invented, as in the other events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assets.sample.events import business_id
from assets.sample.formats import SampleFile, csv_bytes
from assets.sample.releases import Releases
from assets.sample.series import chance, pick
from assets.vocabulary.periods import Period

_FIRST = date(2024, 1, 1)
_PER_MONTH = 15
#: First number of the invented business ids. Every second number is used, because a number without
#: a valid id is replaced by the next one. No other event uses them.
_IDS = 800_000
#: Sender and receiver with their weights; the last pair is rare enough to be suppressed.
_PAIRS: Mapping[str, float] = {
    "development_company enterprise_agency": 4.0,
    "development_company proagria": 2.5,
    "development_company business_finland": 2.0,
    "enterprise_agency development_company": 4.0,
    "enterprise_agency proagria": 1.5,
    "proagria development_company": 3.0,
    "proagria enterprise_agency": 1.5,
    "business_finland development_company": 2.0,
    "business_finland proagria": 0.2,
}
#: Who logs a transfer.
_LOGGED: Mapping[str, float] = {"both": 6.0, "sender": 2.5, "receiver": 1.5}
_ANSWERS: Mapping[str, float] = {"yes": 6.0, "no": 2.0, "": 2.0}
_PLACES: Mapping[str, float] = {"SK011": 5.0, "SK064": 4.0, "SK171": 4.0, "SK182": 2.5}


@dataclass(frozen=True)
class Transfer:
    """One log entry of a transfer; the fields of the landing contract."""

    transfer_id: str
    from_actor: str
    to_actor: str
    happened_on: date
    business_id: str
    region: str
    accepted: str


def transfer_files(releases: Releases) -> list[SampleFile]:
    """One file per organisation that logs and year, of the months that are over."""
    entries: dict[tuple[str, int], list[Transfer]] = {}
    delivered: dict[int, date] = {}
    for month in releases.months_ended(_FIRST, releases.today):
        delivered[month.start.year] = month.end
        for source, entry in _entries(month):
            entries.setdefault((source, month.start.year), []).append(entry)
    header = (
        "transfer_id", "from_actor", "to_actor", "happened_on", "business_id", "region", "accepted",
    )  # fmt: skip
    return [
        SampleFile(
            f"landing/{source}/transfers/sample_transfers_{year}.csv",
            csv_bytes(
                header,
                [
                    [
                        e.transfer_id,
                        e.from_actor,
                        e.to_actor,
                        e.happened_on.isoformat(),
                        e.business_id,
                        e.region,
                        e.accepted,
                    ]
                    for e in sorted(logged, key=lambda e: (e.happened_on, e.transfer_id))
                ],
            ),
            delivered[year],
        )
        for (source, year), logged in sorted(entries.items())
    ]


def _entries(month: Period) -> list[tuple[str, Transfer]]:
    """Who logged what in a month."""
    found = []
    months = 12 * (month.start.year - _FIRST.year) + month.start.month
    for number in range(1, _PER_MONTH + 1):
        key = ("transfer", month.text, number)
        sender, receiver = pick(_PAIRS, "pair", *key).split()
        logged = pick(_LOGGED, "logged", *key)
        sent = Transfer(
            transfer_id=f"S-{month.start:%Y%m}-{number:02}",
            from_actor=sender,
            to_actor=receiver,
            # Both logs fall in the same month, so that no file has days in the future.
            happened_on=month.start + timedelta(days=int(21 * chance("day", *key))),
            business_id=business_id(_IDS + 2 * (_PER_MONTH * months + number)),
            region=pick(_PLACES, "place", *key),
            accepted="",
        )
        if logged != "receiver":
            found.append((sender, sent))
        if logged != "sender":
            received = replace(
                sent,
                transfer_id=f"V-{month.start:%Y%m}-{number:02}",
                happened_on=sent.happened_on + timedelta(days=int(6 * chance("delay", *key))),
                accepted=pick(_ANSWERS, "answer", *key),
            )
            found.append((receiver, received))
    return found
