"""Codes that two lists share: ISO 3166-2 and NUTS, and NUTS of one version and another."""

from __future__ import annotations

import pytest

from assets.catalogue import Catalogue
from assets.vocabulary import NotUnderstood
from assets.vocabulary.periods import parse_period
from assets.vocabulary.regions import RegionIndex

REGIONS = RegionIndex(Catalogue.load())


@pytest.mark.parametrize("text", ["FI-19", "fi-19", " FI-19 ", "FI 19", "FI_19"])
def test_a_code_of_iso_3166_is_refused_unless_the_file_names_the_list(text: str) -> None:
    with pytest.raises(NotUnderstood, match="MK02 Varsinais-Suomi"):
        REGIONS.resolve(text)
    assert REGIONS.resolve(text, REGIONS.region_type("ISO 3166-2")) == "MK02"
    assert REGIONS.resolve("FI19") == "FI19"


def test_each_maakunta_has_one_code_of_iso_3166() -> None:
    found = {REGIONS.resolve(f"FI-{n:02}", "ISO3166-2") for n in range(1, 20)}
    assert found == {code for code in REGIONS.regions if code.startswith("MK")}
    assert REGIONS.resolve("05", "ISO3166-2") == "MK18"


@pytest.mark.parametrize(
    ("code", "period", "holds"),
    [
        ("FI197", "2023", True),
        ("FI197", "2024", False),
        ("FI19B", "2024", True),
        ("FI19B", "2023", False),
        ("FI1D4", "2017-Q4", True),
        ("FI1D4", "2018-Q1", False),
        ("FI1D8", "2018", True),
        ("FI1D8", "2017", False),
        ("FI1B1", "1995", True),
        # A region of the platform's own is measured on its territory in earlier years as well.
        ("EVK05", "2020", True),
    ],
)
def test_a_code_of_nuts_holds_for_the_years_of_its_version(
    code: str, period: str, holds: bool
) -> None:
    assert (REGIONS.why_ended(code, parse_period(period)) is None) == holds
