"""Readers of statistical formats: bytes in, coded cells out, as fast as the format allows.

What does not belong here: fetching the bytes (`assets.services`) and what a code means for
Tilannekuva (`assets.feeds`).
"""
