"""The commands of `python -m orchestration`, one file each: `<name>.py` defines `command`.

Modules that begin with an underscore are shared by several commands.

What belongs here: arguments, and the words and tables that a terminal shows. What does not: the
work itself, which is in the definitions, in `assets` and in the published tables.
"""
