"""Surveys from the delivered file to the mart, on figures counted by hand.

One world is delivered and built. Every scenario has a survey or a year of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assets.settings import Settings
from tests.conftest import TODAY, Rows
from tests.engine import Engine

pytestmark = pytest.mark.slow

#: Marts that are read here; what they are made of is built as well.
READ = (
    "monitoring_surveys",
    "int_survey_values",
    "quality_quarantine",
)

BAROMETER = "Kumppanuusbarometri"
#: As the barometer words it; in the round before the region is named.
MAIN = "Tulevaisuutta rakennetaan yhteistyöllä ja kumppanuudella"
WORDS = {
    5: "täysin samaa mieltä",
    4: "Jokseenkin samaa mieltä",
    3: "Varken av samma eller annan åsikt",
    2: "disagree",
    1: "Täysin eri mieltä",
    0: "EOS",
}


def answer(
    survey: str, respondent: str, question: str, given: object, day: str, **more: object
) -> dict[str, object]:
    return {
        "survey": survey,
        "respondent": respondent,
        "question": question,
        "answer": given,
        "answered_on": day,
    } | more


def answers(
    survey: str, question: str, day: str, given: Sequence[object], start: int = 1, **more: object
) -> list[dict[str, object]]:
    """One answer each of respondents who are numbered from `start`."""
    return [
        answer(survey, f"{more.get('region', '')}-{number}", question, one, day, **more)
        for number, one in enumerate(given, start)
    ]


def barometer() -> Iterator[dict[str, object]]:
    """125 said something, 110 of them agree: 88 %. Two networks told, one of three answers."""
    steps = [5] * 60 + [4] * 50 + [3] * 8 + [2] * 5 + [1] * 2 + [0] * 6
    for number, step in enumerate(steps, 1):
        network = ("Kestävä ruoka", " kestävä  RUOKA ")[number % 2] if number > 3 else "Matkailu"
        yield answer(
            (BAROMETER, "Partnerskapsbarometer")[number % 2],
            f"V-{number}",
            MAIN,
            WORDS[step],
            "2025-11-03",
            region="MK02",
            network=network,
        )


DELIVERIES: Sequence[tuple[str, str, Rows]] = (
    ("survey", "survey_answers", list(barometer())),
    # The round before: 40 of 50 agree, in numbers and under another wording.
    (
        "survey",
        "survey_answers",
        answers(
            BAROMETER,
            "Varsinais-Suomen tulevaisuutta rakennetaan yhteistyöllä ja kumppanuudella",
            "2023-11-03",
            [5] * 20 + [4] * 20 + [2] * 10,
            region="MK02",
        ),
    ),
    # Municipalities count in their sub-region: Raisio and Naantali in that of Turku (SK023), which
    # has 4 + 4 = 8 answers of mean 3.5; Kajaani (SK181) 6 of mean 4; nobody knows where 5 are.
    (
        "survey",
        "survey_answers",
        [
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2024-10-01", [3] * 4, region="KU680"),
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2024-10-01", [4] * 4, region="KU529"),
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2024-10-01", [4] * 6, region="SK181"),
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2024-10-01", [1] * 5),
            # Not on the scale of 1 to 5, and in no figure.
            *answers(
                "Verkostokysely",
                "Arvio yhteistyöstä",
                "2024-10-01",
                ["7", "0", "hyvin meni", "4,5 tai 5", "3-4"],
                start=90,
                region="SK181",
            ),
            # Malformed: no day, a day in the future, no answer.
            answer("Verkostokysely", "x-1", "Arvio yhteistyöstä", 5, "lokakuussa"),
            answer("Verkostokysely", "x-2", "Arvio yhteistyöstä", 5, "2099-01-01"),
            answer("Verkostokysely", "x-3", "Arvio yhteistyöstä", "", "2024-10-01"),
        ],
    ),
    # The year after, one region has four answers: it is withheld and so is the next by its code.
    (
        "survey",
        "survey_answers",
        [
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2025-10-01", [2] * 4, region="SK181"),
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2025-10-01", [4] * 7, region="SK023"),
            *answers("Verkostokysely", "Arvio yhteistyöstä", "2025-10-01", [5] * 9, region="SK171"),
        ],
    ),
    # The customer survey of one region: respondent 1 corrects the answer, the organiser the file.
    (
        "survey",
        "survey_answers",
        answers("Asiakaskysely", "Betyg på servicen du fick", "2024-05-01", [1] * 6, region="MK18"),
    ),
    (
        "survey",
        "survey_answers",
        answers("Asiakaskysely", "Betyg på servicen du fick", "2024-05-01", [3] * 6, region="MK18"),
    ),
    (
        "survey",
        "survey_answers",
        [
            answer(
                "Asiakaskysely",
                "MK18-1",
                "Arvio saamastasi palvelusta",
                5,
                "2024-05-20",
                region="MK18",
            )
        ],
    ),
    # A steering group of six, delivered by its coordinator; the organiser of the network survey
    # delivers one of the six again. Two questions feed the indicator: means 4 and 3.
    (
        "coordinator",
        "survey_answers",
        [
            *answers(
                "Itsearviointi",
                "Ohjausryhmän työ on ollut tuloksellista",
                "2025-12-01",
                [5, 5, 5, 3, 3, 3],
                region="SK181",
            ),
            *answers(
                "Itsearviointi",
                "Tavoitteet ovat selvät",
                "2025-12-01",
                [5, 5, 4, 2, 1, 1],
                region="SK181",
            ),
        ],
    ),
    (
        "survey",
        "survey_answers",
        answers(
            "Itsearviointi",
            "Tavoitteet ovat selvät",
            "2025-12-01",
            [5],
            region="SK181",
        ),
    ),
    # Not a source of the indicator: its answers are in the mart, and feed nothing.
    (
        "coordinator",
        "survey_answers",
        answers("Asiakaskysely", "Betyg på servicen du fick", "2025-05-01", [4] * 8, region="MK18"),
    ),
    # Outlooks in signs: 2, 1, 0, -1, -2 and 2 more of 2; 4/7.
    (
        "own_study",
        "survey_answers",
        answers(
            "Suhdannekysely",
            "Näkymät 6 kk",
            "2025-03-01",
            ["++", "+", "0", "-", "−−", "++", "erittäin hyvä"],
            region="MK18",
        ),
    ),
    # Neither survey nor question is known, in two spellings.
    (
        "own_study",
        "survey_answers",
        [
            *answers("Kuntakierros", "Mitä kuuluu?", "2025-03-01", ["hyvää"] * 4, region="MK18"),
            *answers("kuntakierros", "mitä  kuuluu?", "2025-03-01", ["5", "kyllä"], start=5),
        ],
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("surveys")
    engine = Engine(
        Settings(home=folder / "home", sources="landing", today=TODAY, today_is_set=True), folder
    )
    for source, dataset, rows in DELIVERIES:
        engine.drop(source, dataset, rows)
    engine.take_in()
    engine.build(*READ)
    return engine


def figures(engine: Engine, survey: str, year: int, question: str = "%") -> dict[str, tuple]:
    """Count, mean and status by part."""
    return {
        part: rest
        for part, *rest in engine.rows(
            "select case breakdown when 'whole' then 'whole' else breakdown_value end, "
            "response_count, mean, conf_status from monitoring_surveys "
            "where survey = ? and year = ? and question like ? "
            "and breakdown in ('whole', 'region')",
            *(survey, year, question),
        )
    }


def test_the_barometer_says_88_per_cent(world: Engine) -> None:
    assert world.row(
        "select question, is_main, response_count, agree_percent, mean, cannot_say_count, "
        "off_scale_count, conf_status, sources from monitoring_surveys "
        "where survey = 'partnership_barometer' and year = 2025 and breakdown = 'whole'"
    ) == (
        *("future_built_together", True, 125, 88.0),
        pytest.approx((60 * 5 + 50 * 4 + 8 * 3 + 5 * 2 + 2) / 125),
        *(6, 0, "F", "survey"),
    )


def test_change_since_the_round_before(world: Engine) -> None:
    assert world.row(
        "select previous_year, previous_response_count, agree_percent_change, mean_change "
        "from monitoring_surveys "
        "where survey = 'partnership_barometer' and year = 2025 and breakdown = 'whole'"
    ) == (2023, 50, pytest.approx(8.0), pytest.approx(536 / 125 - 4.0))


def test_a_network_of_three_answers_and_what_would_tell_it_are_withheld(world: Engine) -> None:
    rows = world.rows(
        "select breakdown_value, response_count, mean, agree_percent, cannot_say_count, "
        "previous_response_count, mean_change, conf_status from monitoring_surveys "
        "where survey = 'partnership_barometer' and year = 2025 and breakdown = 'network' "
        "order by 1"
    )
    names = {row[0].lower() for row in rows}
    assert {" ".join(name.split()) for name in names} == {"kestävä ruoka", "matkailu"}
    assert {row[1:] for row in rows} == {(None, None, None, None, None, None, "A")}


def test_regions_count_at_the_smallest_measured_level(world: Engine) -> None:
    assert figures(world, "network", 2024) == {
        "whole": [19, pytest.approx((12 + 16 + 24 + 5) / 19), "F"],
        "SK023": [8, 3.5, "F"],
        "SK181": [6, 4.0, "F"],
        "not_told": [5, 1.0, "F"],
    }


def test_answers_off_the_scale_are_counted_and_nothing_else(world: Engine) -> None:
    assert dict(
        world.rows(
            "select breakdown_value, off_scale_count from monitoring_surveys "
            "where survey = 'network' and year = 2024"
        )
    ) == {"all": 5, "SK023": 0, "SK181": 5, "not_told": 0}


def test_malformed_answers_are_in_quarantine_with_their_reason(world: Engine) -> None:
    assert world.rows(
        """select "column", count(*) from quality_quarantine """
        "where dataset = 'survey_answers' group by all order by all"
    ) == [("answer", 1), ("answered_on", 2)]


def test_a_small_region_takes_the_first_other_one_with_it(world: Engine) -> None:
    assert figures(world, "network", 2025) == {
        "whole": [20, pytest.approx((8 + 28 + 45) / 20), "F"],
        "SK023": [None, None, "A"],
        "SK171": [9, 5.0, "F"],
        "SK181": [None, None, "A"],
    }
    assert world.rows(
        "select region, value, records, obs_status, conf_status "
        "from intermediate.int_survey_values where indicator = 'network_survey_score' "
        "and period = '2025' order by region"
    ) == [
        ("SK023", None, None, "Q", "A"),
        ("SK171", 5.0, 9, "A", "F"),
        ("SK181", None, None, "Q", "A"),
    ]


def test_a_corrected_file_and_a_respondent_who_answers_again(world: Engine) -> None:
    # Five answers of 3, and one of 5 under another wording of the same question.
    assert figures(world, "customer", 2024) == {
        "whole": [6, pytest.approx(20 / 6), "F"],
        "MK18": [6, pytest.approx(20 / 6), "F"],
    }
    assert world.rows(
        "select indicator, region, period, source, dataset, value, records, obs_status "
        "from intermediate.int_survey_values where indicator = 'customer_survey_score'"
    ) == [
        (
            *("customer_survey_score", "MK18", "2024", "survey", "survey_answers"),
            *(pytest.approx(20 / 6), 6, "A"),
        )
    ]


def test_answers_of_a_source_that_does_not_measure_it_feed_nothing(world: Engine) -> None:
    assert figures(world, "customer", 2025)["MK18"] == [8, 4.0, "F"]


def test_a_respondent_delivered_by_two_sources_is_one(world: Engine) -> None:
    assert figures(world, "steering_self_assessment", 2025, "goals_clear")["whole"] == [
        *(6, 3.0, "F")
    ]
    assert world.row(
        "select sources from monitoring_surveys "
        "where question = 'goals_clear' and breakdown = 'whole'"
    ) == ("coordinator,survey",)


def test_the_indicator_is_the_mean_of_its_questions(world: Engine) -> None:
    # Every mark of the first is 5 or 3 (4.0), the second adds up to 18 (3.0).
    assert world.rows(
        "select region, period, source, value, records from intermediate.int_survey_values "
        "where indicator = 'steering_self_assessment'"
    ) == [("SK181", "2025", "coordinator", 3.5, 12)]


def test_shares_of_few_are_withheld_while_the_mean_is_told(world: Engine) -> None:
    # Three of six agree, in both questions.
    assert world.rows(
        "select distinct agree_percent, share_conf_status, conf_status, mean is not null "
        "from monitoring_surveys where survey = 'steering_self_assessment'"
    ) == [(None, "A", "F", True)]


def test_outlooks_are_scored_from_minus_two_to_two(world: Engine) -> None:
    assert figures(world, "outlook", 2025, "outlook_6_months")["whole"] == [
        *(7, pytest.approx(4 / 7), "F")
    ]


def test_an_unknown_survey_is_counted_under_its_own_name(world: Engine) -> None:
    (row,) = world.rows(
        "select lower(survey), lower(question), is_catalogued, scale, response_count, mean "
        "from monitoring_surveys where breakdown = 'whole' and lower(survey) = 'kuntakierros'"
    )
    assert (row[0], " ".join(row[1].split())) == ("kuntakierros", "mitä kuuluu?")
    assert row[2:] == (False, None, 6, None)


def test_no_respondent_and_no_answer_as_written_is_published(world: Engine) -> None:
    columns = {
        row[0]
        for row in world.rows(
            "select column_name from information_schema.columns "
            "where table_schema = 'marts' and table_name = 'monitoring_surveys'"
        )
    }
    assert columns.isdisjoint({"respondent", "respondent_key", "answer", "answer_code"})
    texts = [str(row) for row in world.rows("select * from monitoring_surveys")]
    assert texts
    assert not [text for text in texts if "hyvin meni" in text or "V-1" in text]
