"""SDMX observation status: which codes say that there is no value."""

WITHHELD = frozenset({"O", "M", "L", "H", "Q"})
"""Missing, cannot exist, not collected, break without data, suppressed."""
