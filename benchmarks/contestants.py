"""The readers that are compared, one at a time in a process of its own.

`python -m benchmarks.contestants FORMAT READER FILE --first SMALL` reads the small file, so that
whatever libraries import late is there, then the file, and prints as JSON the seconds from opening
the file to the finished table and the peak memory of the process in MB (10^6 bytes). With `--cells
OUT` it also writes the cells it read (`benchmarks.cells`), after everything was measured.

The other readers run under another interpreter, so this module imports nothing but numpy and
leaves every library to the reader that needs it.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.cells import Axis, Cells


class Reader(NamedTuple):
    """One contestant.

    Attributes:
        prepare: imports what it needs (not measured) and gives the function that reads a file.
        cells: what that function's result holds, cell by cell; categories are codes in JSON-stat
            and labels in PX, where pyaxis gives no codes. None for a floor, which names none.
    """

    prepare: Callable[[], Callable[[Path], Any]]
    cells: Callable[[Any], Cells] | None


def _floor_jsonstat() -> Callable[[Path], Any]:
    """Parsing alone and the plainest expansion with numpy: no labels, no status, no checks."""
    import orjson

    def read(path: Path) -> Any:
        dataset = orjson.loads(path.read_bytes())
        return _axis_numbers(dataset["size"]), np.array(dataset["value"], dtype=np.float64)

    return read


def _floor_px() -> Callable[[Path], Any]:
    """The numbers of the data block and the plainest expansion with numpy; no keyword but sizes."""

    def read(path: Path) -> Any:
        head, _, body = path.read_bytes().partition(b"\nDATA=")
        sizes = [values.count(b'","') + 1 for values in re.findall(rb"VALUES\(.*?\)=(.*);", head)]
        plain = body.replace(b'"..."', b"nan").replace(b'".."', b"nan").rstrip(b"\r\n; ")
        return _axis_numbers(sizes), np.fromstring(plain.decode(), dtype=np.float64, sep=" ")

    return read


def _axis_numbers(sizes: list[int]) -> list[Any]:
    cells, inner, axes = np.arange(np.prod(sizes)), 1, []
    for size in reversed(sizes):
        axes.append(cells // inner % size)
        inner *= size
    return axes[::-1]


def _tilannekuva_jsonstat() -> Callable[[Path], Any]:
    from assets.formats.jsonstat import read_dataset

    return lambda path: read_dataset(path.read_bytes()).to_arrow()


def _tilannekuva_px() -> Callable[[Path], Any]:
    from assets.formats.px import read_px

    return lambda path: read_px(path.read_bytes()).to_arrow(labels=True)


def _codes_of_arrow(table: Any) -> Cells:
    return _cells_of_columns(table, table.column_names[: -len(("value", "status"))])


def _labels_of_arrow(table: Any) -> Cells:
    return _cells_of_columns(table, [n for n in table.column_names if n.endswith("_label")])


def _cells_of_columns(table: Any, names: list[str]) -> Cells:
    axes = []
    for name in names:
        column = table[name].combine_chunks()
        axes.append(Axis(column.dictionary.to_pylist(), column.indices.to_numpy()))
    return Cells(axes, table["value"].to_numpy())


def _pyjstat() -> Callable[[Path], Any]:
    from pyjstat import pyjstat  # type: ignore[import-not-found]

    def read(path: Path) -> Any:
        text = path.read_text(encoding="utf-8")
        return pyjstat.Dataset.read(text).write("dataframe", naming="id")

    return read


def _pxwebpy() -> Callable[[Path], Any]:
    import pandas as pd

    # Its public functions read from a service only; this is what they call on the answer.
    from pxweb._internal.functions import unpack_table_data  # type: ignore[import-not-found]

    def read(path: Path) -> Any:
        return pd.DataFrame(unpack_table_data(json.loads(path.read_bytes()), show="code"))

    return read


def _pyaxis() -> Callable[[Path], Any]:
    from pyaxis import pyaxis  # type: ignore[import-not-found]

    return lambda path: pyaxis.parse(str(path), encoding="utf-8")["DATA"]


def _cells_of_frame(frame: Any) -> Cells:
    import pandas as pd

    axes = []
    for name in frame.columns[:-1]:
        numbers, texts = pd.factorize(frame[name])
        axes.append(Axis([str(text) for text in texts], numbers))
    # pyaxis gives texts, its own signs for missing values among them.
    values = pd.to_numeric(frame.iloc[:, -1], errors="coerce")
    return Cells(axes, values.to_numpy(dtype=np.float64))


READERS = {
    "jsonstat": {
        "floor": Reader(_floor_jsonstat, None),
        "tilannekuva": Reader(_tilannekuva_jsonstat, _codes_of_arrow),
        "pxwebpy": Reader(_pxwebpy, _cells_of_frame),
        "pyjstat": Reader(_pyjstat, _cells_of_frame),
    },
    "px": {
        "floor": Reader(_floor_px, None),
        "tilannekuva": Reader(_tilannekuva_px, _labels_of_arrow),
        "pyaxis": Reader(_pyaxis, _cells_of_frame),
    },
}
"""Format -> name -> reader. `floor` and `tilannekuva` run under the platform's own interpreter."""


def main(arguments: list[str]) -> None:
    """Measure one reader on one file; see the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contestants")
    parser.add_argument("format", choices=READERS)
    parser.add_argument("reader")
    parser.add_argument("file", type=Path)
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--cells", type=Path)
    given = parser.parse_args(arguments)
    reader = READERS[given.format][given.reader]
    read = reader.prepare()
    read(given.first)
    started = time.perf_counter()
    result = read(given.file)
    seconds = time.perf_counter() - started
    # Linux gives kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    if given.cells and reader.cells:
        reader.cells(result).save(given.cells)
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1:])
