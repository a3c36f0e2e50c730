"""Clients of the services that publish data: how each is asked, within its limits.

One module per protocol. They hand over untouched bytes and what the service says about them.
What does not belong here: what the numbers mean (`assets.feeds`, `assets.feeds`), the
formats of the answers (`assets.formats`), where answers are kept (`assets.raw`).
"""
