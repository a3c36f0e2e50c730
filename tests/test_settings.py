"""Settings: environment first, `.env` second, defaults last; what cannot be used is said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assets import settings as module
from assets.errors import TilannekuvaError
from assets.settings import HELSINKI, Settings

NAMES = ("HOME", "SOURCES", "TODAY", "POSTGRES_URL", "POSTGRES_READER")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder without a `.env` and an environment without settings."""
    for name in NAMES:
        monkeypatch.delenv(f"TILANNEKUVA_{name}", raising=False)
    monkeypatch.setattr(module, "PROJECT_ROOT", tmp_path)
    return tmp_path


def test_with_nothing_set_the_contract_defaults_hold(project: Path) -> None:
    settings = Settings.load()
    assert settings.home == project / "var"
    assert settings.sources == "sample"
    assert settings.postgres_url is None
    assert not settings.today_is_set
    assert settings.today == datetime.now(HELSINKI).date()


def test_every_written_folder_lies_below_home(project: Path) -> None:
    settings = Settings.load()
    assert [
        path.relative_to(settings.home).as_posix()
        for path in (
            settings.landing_dir,
            settings.raw_dir,
            settings.quarantine_dir,
            settings.warehouse_path,
            settings.published_dir,
            settings.reports_dir,
            settings.dagster_dir,
        )
    ] == ["landing", "raw", "quarantine", "warehouse.duckdb", "published", "reports", "dagster"]


def test_the_env_file_fills_in_what_the_environment_leaves_open(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".env").write_text(
        "# a comment\nTILANNEKUVA_SOURCES=live\nTILANNEKUVA_TODAY='2026-11-22'\n"
        "export TILANNEKUVA_POSTGRES_URL=postgresql://u@h/d\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("TILANNEKUVA_SOURCES", "landing")
    settings = Settings.load()
    assert settings.sources == "landing"
    assert settings.today == date(2026, 11, 22)
    assert settings.postgres_url == "postgresql://u@h/d"


def test_an_empty_variable_counts_as_not_set(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".env").write_text("TILANNEKUVA_SOURCES=live\n", encoding="utf-8")
    for name in NAMES:
        monkeypatch.setenv(f"TILANNEKUVA_{name}", "")
    settings = Settings.load()
    assert settings.sources == "live"
    assert settings.home == project / "var"


def test_loading_leaves_the_environment_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".env").write_text("TILANNEKUVA_SOURCES=live\n", encoding="utf-8")
    Settings.load()
    (project / ".env").unlink()
    assert Settings.load().sources == "sample"


@pytest.mark.parametrize("given", ["elsewhere", "./elsewhere"])
def test_a_relative_home_is_below_the_project_wherever_the_command_runs(
    project: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("TILANNEKUVA_HOME", given)
    monkeypatch.chdir("/")
    assert Settings.load().home == project / "elsewhere"


def test_a_home_may_be_absolute_or_start_with_a_tilde(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_HOME", str(project / "abs"))
    assert Settings.load().home == project / "abs"
    monkeypatch.setenv("HOME", str(project / "person"))
    monkeypatch.setenv("TILANNEKUVA_HOME", "~/data")
    assert Settings.load().home == project / "person" / "data"


@pytest.mark.parametrize("given", ["22.11.2026", "2026-13-01", "2026-02-30", "tomorrow"])
def test_a_today_that_is_no_date_is_refused_with_how_to_write_one(
    project: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("TILANNEKUVA_TODAY", given)
    with pytest.raises(TilannekuvaError, match=r"TILANNEKUVA_TODAY.*2026-11-22") as refused:
        Settings.load()
    assert given in str(refused.value)


def test_an_unknown_source_mode_is_refused_with_the_modes_there_are(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_SOURCES", "production")
    with pytest.raises(TilannekuvaError, match=r"production.*sample, live, landing"):
        Settings.load()


def test_now_is_in_utc_and_on_the_given_day_of_helsinki(tmp_path: Path) -> None:
    replayed = Settings(tmp_path, "landing", date(2024, 3, 31), today_is_set=True).now()
    assert replayed.tzinfo is UTC
    assert replayed.astimezone(HELSINKI).date() == date(2024, 3, 31)
    live = Settings(tmp_path, "landing", date(2024, 3, 31)).now()
    assert abs((datetime.now(UTC) - live).total_seconds()) < 60
