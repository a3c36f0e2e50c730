"""The raw zone: what sources delivered, kept for ever, exactly once.

What belongs here: writing and finding vintages and quarantined rows. What does not: reading
formats (landing, statistics) and judging values (checks).
"""
