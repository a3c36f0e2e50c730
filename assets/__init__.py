"""Sources to raw: everything that brings measurements into the platform.

What belongs here: settings, the catalogue, readers, the raw zone, and the thin Dagster assets
that wire them. What does not: combining measurements (dbt), judging them (checks), publishing
(orchestration).
"""

#: Version of the platform: the command line, the package and the HTTP clients take it from here.
__version__ = "0.1.0"
