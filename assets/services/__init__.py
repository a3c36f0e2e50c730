"""Clients of the services that publish data: one per protocol, each within its service's limits.

They return the untouched bytes and the metadata that the service sent with them.
Elsewhere: what the numbers mean (`assets.feeds`), the formats of the answers (`assets.formats`),
storage of the answers (`assets.raw`).
"""
