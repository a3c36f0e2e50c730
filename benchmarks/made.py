"""Made-up cubes, the same one in each format, shaped like a monthly table by municipality.

The numbers, and how each format writes them. A fixed seed makes two runs read the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

SIZES = (320, 125, 10, 5)
"""Areas, months, contents, groups: two million cells."""

_NAMES = ("Alue", "Kuukausi", "Tiedot", "Ikäryhmä")
_SYMBOLS = ("..", "...")


@dataclass(frozen=True)
class MadeCube:
    """A cube in row-major order.

    Attributes:
        names: one per dimension; code and label are the same, because PX readers know only one.
        codes, labels: per dimension, its categories.
        values: a whole number, a number with one decimal, or None (about one in twenty).
        symbols: cell number -> missing-value symbol, for exactly the cells without a value.
    """

    names: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    values: list[int | float | None]
    symbols: dict[int, str]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of categories along each dimension."""
        return tuple(map(len, self.codes))


def make_cube(sizes: tuple[int, int, int, int] = SIZES, seed: int = 2026) -> MadeCube:
    """A cube of areas, months, contents and groups; half of the contents are whole numbers."""
    areas, months, contents, groups = sizes
    draw = np.random.default_rng(seed)
    count = int(np.prod(sizes))
    numbers = draw.gamma(2.0, 500.0, count)
    whole = (np.arange(count) // groups) % contents < max(1, contents // 2)
    values: list[int | float | None] = [
        int(number) if is_whole else number
        for number, is_whole in zip(numbers.round(1).tolist(), whole.tolist(), strict=True)
    ]
    missing = np.flatnonzero(draw.random(count) < 0.05).tolist()
    symbols = {cell: _SYMBOLS[cell % len(_SYMBOLS)] for cell in missing}
    for cell in missing:
        values[cell] = None
    month = [(2016 + n // 12, n % 12 + 1) for n in range(months)]
    return MadeCube(
        names=_NAMES,
        codes=(
            tuple(f"KU{n:03d}" for n in range(areas)),
            tuple(f"{year}M{number:02d}" for year, number in month),
            tuple(f"sisalto-{n}" for n in range(contents)),
            tuple(str(n) for n in range(groups)),
        ),
        labels=(
            tuple(f"Kylä {n}" for n in range(areas)),
            tuple(f"{number}/{year}" for year, number in month),
            tuple(f"Määrä {n}, 1 000 €" for n in range(contents)),
            tuple(f"{15 * n}–{15 * n + 14} v." for n in range(groups)),
        ),
        values=values,
        symbols=symbols,
    )


def write_jsonstat(cube: MadeCube, path: Path) -> None:
    """As PxWeb writes it: version 2, dense values, null and a status where there is none."""
    dimension: dict[str, Any] = {}
    for name, codes, labels in zip(cube.names, cube.codes, cube.labels, strict=True):
        index = {code: n for n, code in enumerate(codes)}
        label = dict(zip(codes, labels, strict=True))
        dimension[name] = {"label": name, "category": {"index": index, "label": label}}
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": "Made up for measuring",
        "id": cube.names,
        "size": cube.sizes,
        "role": {"geo": [cube.names[0]], "time": [cube.names[1]], "metric": [cube.names[2]]},
        "dimension": dimension,
        "value": cube.values,
        "status": {str(cell): symbol for cell, symbol in cube.symbols.items()},
    }
    path.write_bytes(orjson.dumps(document))


def write_px(cube: MadeCube, path: Path) -> None:
    """As PxWeb writes it: keyword lines, then one line of data per line of the table; UTF-8."""
    stub, heading = cube.names[:2], cube.names[2:]
    lines = [
        'CHARSET="ANSI";',
        'AXIS-VERSION="2013";',
        'CODEPAGE="utf-8";',
        'LANGUAGE="fi";',
        'MATRIX="MADE";',
        'TITLE="Made up for measuring";',
        f"STUB={_quoted(stub)};",
        f"HEADING={_quoted(heading)};",
    ]
    for keyword, lists in (("VALUES", cube.labels), ("CODES", cube.codes)):
        for name, texts in zip(cube.names, lists, strict=True):
            lines.append(f'{keyword}("{name}")={_quoted(texts)};')
    lines.append("DATA=")
    shown = [
        f'"{cube.symbols[cell]}"' if value is None else repr(value)
        for cell, value in enumerate(cube.values)
    ]
    width = len(cube.codes[2]) * len(cube.codes[3])
    lines += [" ".join(shown[start : start + width]) + " " for start in range(0, len(shown), width)]
    path.write_bytes(("\r\n".join(lines) + ";\r\n").encode())


def _quoted(texts: tuple[str, ...]) -> str:
    return ",".join(f'"{text}"' for text in texts)
