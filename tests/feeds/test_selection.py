"""What is asked of a table: its description meets its metadata."""

from __future__ import annotations

from typing import Any

import pytest

from assets.errors import SourceUnavailable
from assets.feeds.descriptions import FixedVariable, SegmentVariable, TableDescription
from assets.feeds.selection import question_of
from assets.services.tables import Metadata, Variable

MONTHS = tuple(f"2025M{month:02d}" for month in range(1, 13))
VARIABLES: dict[str, tuple[str, ...]] = {
    "Alue": ("SSS", "KU091", "ELY01", "XX9"),
    "timeperiod_m": MONTHS,
    "contentscode": ("TYOTOSUUS", "TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"),
}


def metadata(variables: dict[str, tuple[str, ...]], elimination: tuple[str, ...] = ()) -> Metadata:
    return Metadata(
        "A table",
        tuple(
            Variable(code, code, values, values, elimination=code in elimination)
            for code, values in variables.items()
        ),
    )


def test_asked_is_what_is_described_and_what_nobody_has_seen_yet(tyonv: TableDescription) -> None:
    question = question_of(tyonv, metadata(VARIABLES))
    assert dict(question.selection) == {
        "Alue": ("SSS", "KU091", "XX9"),
        "timeperiod_m": MONTHS,
        "contentscode": ("TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"),
    }
    assert question.split == ("timeperiod_m", "Alue", "contentscode")
    assert question.probe == {
        "Alue": ("XX9",),
        "timeperiod_m": ("2025M12",),
        "contentscode": ("AVPAIKATLOPUSSA",),
    }


def test_fixed_variables_are_held_and_others_summed_by_the_service(tyonv: TableDescription) -> None:
    variables = VARIABLES | {"sukupuoli_9": ("SSS", "1"), "ika": ("a", "b"), "laji": ("x",)}
    table = tyonv.model_copy(
        update={"fixed": [FixedVariable(variable=["sukupuoli*"], value=["yht", "sss"])]}
    )
    selection = question_of(table, metadata(variables, elimination=("ika",))).selection
    assert selection["sukupuoli_9"] == ("SSS",)
    assert selection["laji"] == ("x",)
    assert "ika" not in selection


def test_only_periods_from_the_first_one_on_and_only_mapped_segments(
    tyonv: TableDescription,
) -> None:
    table = tyonv.model_copy(
        update={
            "since": "2025-11",
            "segments": SegmentVariable(variable=["koko*"], codes={"1-9": "local_small"}),
        }
    )
    variables = VARIABLES | {"timeperiod_m": (*MONTHS, "soon"), "koko": ("SSS", "1-9")}
    selection = question_of(table, metadata(variables)).selection
    assert selection["timeperiod_m"] == ("2025M11", "2025M12", "soon")
    assert selection["koko"] == ("1-9",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ika": ("a", "b")}, "'ika' has 2 values, cannot be left out"),
        ({"contentscode": ()}, "no content code for unemployed"),
        ({"contentscode": ("TYOVOIMATK",)}, "no content code for unemployed, open_vacancies"),
        ({"Alue": ("ELY01",)}, "nothing of variable 'Alue'"),
        ({"alue_2": ("SSS",), "alue_3": ("SSS",), "Alue": None}, "which variable is the area"),
        ({"timeperiod_m": None}, "it has no time variable"),
    ],
)
def test_a_table_that_does_not_fit_its_description_says_why(
    tyonv: TableDescription, change: dict[str, Any], says: str
) -> None:
    variables = {
        code: values for code, values in (VARIABLES | change).items() if values is not None
    }
    with pytest.raises(SourceUnavailable, match=says) as caught:
        question_of(tyonv, metadata(variables))
    assert "statfin.yaml" in str(caught.value)
