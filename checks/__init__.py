"""Judging what was delivered and what was built; nothing here changes data."""
