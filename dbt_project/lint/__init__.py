"""What dbt itself gives to templates, as far as the SQL linter needs it to render the models.

sqlfluff reads this package through `library_path` in `.sqlfluff`; nothing else imports it. The
macros of the project are rendered as they are, so that what is linted is what runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


class _Adapter:
    """Finds the macro of the engine as dbt does: `duckdb__name`, else `default__name`."""

    @staticmethod
    @pass_context
    def dispatch(context: Context, name: str, package: str) -> Callable[..., str]:
        return context.resolve(f"duckdb__{name}") or context.resolve(f"default__{name}")

    @staticmethod
    def quote(name: str) -> str:
        return f'"{name}"'


class _Dbt:
    """The cross-database macros of dbt that the models use."""

    @staticmethod
    def type_string() -> str:
        return "varchar"

    @staticmethod
    def dateadd(part: str, interval: object, start: str) -> str:
        return f"({start} + cast({interval} as bigint) * interval 1 {part})"

    @staticmethod
    def datediff(first: str, second: str, part: str) -> str:
        return f"date_diff('{part}', {first}, {second})"

    @staticmethod
    def any_value(expression: str) -> str:
        return f"any_value({expression})"

    @staticmethod
    def hash(field: str) -> str:
        return f"md5(cast({field} as varchar))"


adapter = _Adapter()
dbt = _Dbt()


def env_var(name: str, default: str = "") -> str:
    """The default of an environment variable, whatever the environment holds."""
    return default


def var(name: str, default: Any = 2013) -> Any:
    """A project variable; every one of them is a year."""
    return default
