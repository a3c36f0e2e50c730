"""Checks of what was delivered and built; nothing here changes data."""
