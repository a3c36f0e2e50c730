"""The landing datasets, each declared once, in a YAML file of this folder.

    declarations   reads the files; says what their form is
    model          what a declaration says
    *.yaml         the datasets; `_shared.yaml` has the columns that several of them share

What does not belong here: how cells are understood and what rules do (`assets.landing`).
"""

from assets.datasets.declarations import DATASETS, WHETHER, load_datasets
from assets.datasets.model import Cell, Column, Dataset, Example, Kind, RawColumn, fold_header

__all__ = [
    "DATASETS",
    "WHETHER",
    "Cell",
    "Column",
    "Dataset",
    "Example",
    "Kind",
    "RawColumn",
    "fold_header",
    "load_datasets",
]
