"""Checks of the dbt project itself, read from its manifest: nothing need be built for them."""
