"""The door: a CSV of decisions, a CSV of measurements and a workbook, beside their bare parsers."""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from assets.catalogue import Catalogue
from assets.landing.delivery import DeliveryReader
from assets.raw.content import Content

#: By file: source and dataset.
FILES = {
    "decisions.csv": ("evk", "funding_decisions"),
    "measurements.csv": ("te_office", "measurements"),
    "decisions.xlsx": ("evk", "funding_decisions"),
}
_DECISIONS = ["päätösnumero", "alue", "myönnetty", "summa", "käyttötarkoitus", "saaja"]
_TODAY = date(2026, 11, 30)


def run(rows: int, rounds: int) -> bool:
    """Measure each file `rounds` times, reader and floor in turn; the best processor time counts.

    Args:
        rows: of each CSV; the workbook has a tenth.
        rounds: how often.
    """
    with tempfile.TemporaryDirectory(prefix="tilannekuva-") as folder:
        _write(Path(folder), rows)
        for name in FILES:
            best: dict[str, float] = {}
            for _ in range(rounds):
                for what in ("floor", "ours"):
                    command = [sys.executable, "-m", "benchmarks.door", what, f"{folder}/{name}"]
                    done = subprocess.run(command, check=True, capture_output=True, text=True)
                    best[what] = min(float(done.stdout), best.get(what, float("inf")))
            ratio = best["ours"] / best["floor"]
            print(f"{name}: {best['ours']:.2f} s of processor time, {ratio:.1f} times the parser")
    return True


def _write(folder: Path, rows: int) -> None:
    chance = random.Random(7)
    today = [r for r in Catalogue.load().regions if r.region_type == "KU" and not r.valid_to]
    regions = [region.region for region in today]

    def decisions(many: int) -> Iterator[tuple[str, str, date, float, str, str]]:
        for n in range(many):
            day = date(2025, chance.randint(1, 12), chance.randint(1, 28))
            amount = chance.randint(100, 50_000_000) / 100
            beneficiary = f"Yritys {n % 5000} Oy"
            yield f"E-{n:07}", chance.choice(regions), day, amount, "kehittäminen", beneficiary

    with (folder / "decisions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(_DECISIONS)
        for number, region, day, amount, *others in decisions(rows):
            finnish_day = f"{day.day}.{day.month}.{day.year}"
            written = f"{amount:.2f}".replace(".", ",")
            writer.writerow([number, region, finnish_day, written, *others])
    with (folder / "measurements.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["mittari", "alue", "jakso", "arvo"])
        for n in range(rows):
            region, month = regions[n // 400 % len(regions)], n % 400
            period = f"{1990 + month // 12}-{month % 12 + 1:02}"
            indicator = ("unemployed", "open_vacancies", "labour_force")[n // 120_000 % 3]
            writer.writerow([indicator, region, period, chance.randint(1, 9000)])
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_DECISIONS)
    for row in decisions(rows // 10):
        sheet.append(row)
    book.save(folder / "decisions.xlsx")


def _ours(path: Path) -> None:
    source, dataset = FILES[path.name]
    reader = DeliveryReader(Catalogue.load(), str, _TODAY)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    delivery = reader.read(
        source, dataset, Content(path), file=path.name, origin=path.name, delivered_at=at
    )
    assert sum(batch.rows_rejected for batch in delivery.batches) == 0


def _floor(path: Path) -> None:
    if path.suffix == ".xlsx":
        sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())
    else:
        with path.open(encoding="utf-8", newline="") as stream:
            sum(1 for _ in csv.reader(stream, delimiter=";"))


if __name__ == "__main__":
    before = resource.getrusage(resource.RUSAGE_SELF)
    {"ours": _ours, "floor": _floor}[sys.argv[1]](Path(sys.argv[2]))
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
