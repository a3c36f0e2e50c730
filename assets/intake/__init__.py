"""Taking deliveries in: from the landing zone, tables and registers to vintages.

What to ask, what is already known, what is new, what looks different; no Dagster in it. One
source failing is its own affair: the outcome says so and the last good vintage stays in use.
"""

from assets.intake.intakes import Intakes, catalogue_hash, known_deliveries
from assets.intake.outcome import Intake

__all__ = ["Intake", "Intakes", "catalogue_hash", "known_deliveries"]
