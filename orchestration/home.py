"""The home folder of a deployment: what must stand in it before Dagster starts."""

from __future__ import annotations

import os
from pathlib import Path

from assets.settings import PROJECT_ROOT, Settings

INSTANCE_TEMPLATE = PROJECT_ROOT / "deploy" / "dagster.yaml"


def prepare_home(settings: Settings) -> Path:
    """Create the home folder and Dagster's instance in it, and point this process to both.

    Returns:
        Dagster's own folder (`DAGSTER_HOME`).
    """
    settings.landing_dir.mkdir(parents=True, exist_ok=True)
    settings.dagster_dir.mkdir(parents=True, exist_ok=True)
    wanted = INSTANCE_TEMPLATE.read_text(encoding="utf-8")
    instance = settings.dagster_dir / "dagster.yaml"
    if not instance.exists() or instance.read_text(encoding="utf-8") != wanted:
        instance.write_text(wanted, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_dir)
    os.environ["TILANNEKUVA_HOME"] = str(settings.home)
    return settings.dagster_dir
