"""The landing datasets under their earlier module name; see `assets.datasets`."""

from assets.datasets import DATASETS, Column, Dataset, Kind, fold_header

__all__ = ["DATASETS", "Column", "Dataset", "Kind", "fold_header"]
