"""Wiring: definitions, the dbt step, publishing, the schedule and the command line."""
