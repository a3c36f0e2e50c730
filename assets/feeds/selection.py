"""Where a description meets a table's own metadata: what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from assets.errors import SourceUnavailable
from assets.feeds.descriptions import TableDescription, matching_variable
from assets.services.tables import Metadata, Selection, Variable
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period


class Question(NamedTuple):
    """What is asked of a table, and over which variables it may be split, first one first."""

    selection: Selection
    split: tuple[str, ...]

    @property
    def probe(self) -> Selection:
        """One cell of it."""
        return {code: values[-1:] for code, values in self.selection.items()}


def question_of(table: TableDescription, metadata: Metadata) -> Question:
    """What to ask of the table, by its description.

    Periods from `since` on; every area but those that the description leaves out (an unknown
    kind of area is asked for, so that it is seen and rejected); the mapped contents and segments
    only; fixed variables at their value. Any other variable is left out when the service then
    sums it up.

    Raises:
        SourceUnavailable: description and metadata do not fit together.
    """
    variables = metadata.variables
    codes = [variable.code for variable in variables]
    by_code = {variable.code: variable for variable in variables}

    def resolve(alternatives: Sequence[str], part: str) -> Variable:
        try:
            code = matching_variable(alternatives, codes)
        except ValueError as problem:
            _misfit(table, f"which variable is the {part} cannot be told: {problem}")
        if code is None:
            _misfit(
                table,
                f"it has no {part} variable: none of {', '.join(alternatives)} is among "
                f"{', '.join(codes)}",
            )
        return by_code[code]

    chosen: dict[str, tuple[str, ...]] = {}

    def choose(variable: Variable, keep: Callable[[str], bool]) -> None:
        if variable.code in chosen:
            _misfit(table, f"variable {variable.code!r} is described as two parts of the table")
        chosen[variable.code] = tuple(value for value in variable.values if keep(value))

    split: list[str] = []
    time = resolve(table.variables.time, "time")
    split.append(time.code)
    if table.variables.area:
        area = resolve(table.variables.area, "area")
        split.append(area.code)
        choose(area, lambda value: not table.areas.leaves_out(value))
    choose(
        time,
        lambda value: _is_asked_for(value, table.since) and not table.leaves_out(time.code, value),
    )
    if table.variables.contents:
        contents = resolve(table.variables.contents, "contents")
        mapped = table.content_of(contents.values)
        absent = [content.indicator for content in table.contents if content not in mapped.values()]
        if absent:
            _misfit(
                table,
                f"no content code for {', '.join(absent)} is among {', '.join(contents.values)}",
            )
        choose(contents, mapped.__contains__)
    if table.segments:
        choose(resolve(table.segments.variable, "segment"), table.segments.codes.__contains__)
    for entry in table.held:
        variable = resolve(entry.variable, "fixed")
        held = entry.chosen(variable.values, variable.labels if entry.leaves_out else ())
        if held is None:
            _misfit(table, f"variable {variable.code!r} has no value {' or '.join(entry.values)!r}")
        choose(variable, held.__eq__)
    for variable in variables:
        if variable.code in chosen or variable.elimination:
            continue
        if len(variable.values) != 1:
            _misfit(
                table,
                f"variable {variable.code!r} has {len(variable.values)} values, cannot be left "
                "out, and the description does not fix it",
            )
        choose(variable, lambda _: True)
    for code, values in chosen.items():
        if not values:
            _misfit(table, f"nothing of variable {code!r} is selected")
    ordered = {code: chosen[code] for code in codes if code in chosen}
    return Question(ordered, (*split, *(code for code in ordered if code not in split)))


def _is_asked_for(value: str, since: str | None) -> bool:
    """Whether a period is not before `since`; a text that is no period is asked for and seen."""
    if since is None:
        return True
    try:
        return parse_period(value).start >= parse_period(since).start
    except NotUnderstood:
        return True


def _misfit(table: TableDescription, problem: str) -> NoReturn:
    raise SourceUnavailable(
        f"The table {table.table_id} ({table.id}) does not fit its description: {problem}. "
        f"Correct the entry of {table.dataset} in {table.source}.yaml by the table's own metadata "
        f"(`python -m orchestration doctor {table.source}` compares the two)."
    )
