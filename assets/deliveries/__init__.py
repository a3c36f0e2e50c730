"""From deliveries to vintages: what is asked, what is new, what looks different.

    deliveries    everything that a deployment can take in, one (source, dataset) at a time
    from_landing  the files that partners drop: which are new, and where each goes
    from_feeds    the tables and registers that are asked for: which answer is new, which waits
    arrival       the outcome of asking one (source, dataset)
    preview       the rows that a delivery would change

What does not belong here: reading a delivery (`assets.landing`, `assets.feeds`), storing it
(`assets.raw`), Dagster (`assets.ingestion`). One source failing is its own affair: the arrival
says so and the last good vintage stays in use.
"""

from assets.deliveries.arrival import Arrival
from assets.deliveries.deliveries import Deliveries, catalogue_hash, known_deliveries

__all__ = ["Arrival", "Deliveries", "catalogue_hash", "known_deliveries"]
