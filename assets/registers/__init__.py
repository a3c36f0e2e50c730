"""Registers: what their records mean, as events of the raw zone.

One module per register. What belongs here: which day, which region and which business an event
has, and why a record is refused. What does not: how a register is asked (`assets.services`),
where events are kept (`assets.raw`), how they are counted (dbt).
"""
