"""Every mart as it was known on a day, built by dbt aside, beside the warehouse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

from assets.errors import TilannekuvaError
from assets.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings

#: The end of dbt's output that is shown when a build fails.
_SHOWN_OUTPUT = 3000


def build_as_known_on(
    settings: Settings, day: date, into: Path, tables: Sequence[str] = ()
) -> Path:
    """Build every mart as it was known at the end of a day in Finland, beside the warehouse.

    Only vintages and quarantine of that day or before are seen, and what is due or late is
    judged on it. Catalogue and models are those of today. Nothing but `into` is written.

    Args:
        settings: the deployment whose deliveries are read.
        day: of what was known at its end.
        into: a folder that holds nothing else.
        tables: marts to build, with all that they are made of; without them, all.

    Returns:
        The DuckDB file: `warehouse.duckdb` in `into`, with the schema `marts`.

    Raises:
        TilannekuvaError: the day is still to come, `into` is a deployment's home or in use for
            something else, or dbt could not build.
    """
    if day > settings.today:
        raise TilannekuvaError(f"{day} is still to come; today is {settings.today}.")
    into = into.resolve()
    target = into / "warehouse.duckdb"
    if into == settings.home.resolve() or (into / "raw").exists():
        raise TilannekuvaError(
            f"{into} is the home of a deployment, whose warehouse would be overwritten. "
            "Name another folder."
        )
    if target.exists() and not (into / "as_known_on.json").exists():
        raise TilannekuvaError(f"{target} was not made by this command. Name another folder.")
    if not (settings.raw_dir / "_index" / "vintages.parquet").exists():
        raise TilannekuvaError(f"Nothing was taken in yet in {settings.home}.")
    building = into / f".building-{os.getpid()}"
    building.mkdir(parents=True)
    try:
        _dbt_build(settings, day, building, tables)
        (building / target.name).replace(target)
        (into / "as_known_on.json").write_text(
            json.dumps({"as_known_on": day.isoformat(), "built_at": settings.now().isoformat()})
            + "\n",
            encoding="utf-8",
        )
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def _dbt_build(settings: Settings, day: date, workshop: Path, tables: Sequence[str]) -> None:
    """Seeds and models into `workshop/warehouse.duckdb`, by the project's own profile otherwise."""
    profiles = yaml.safe_load((DBT_PROJECT_DIR / "profiles.yml").read_text(encoding="utf-8"))
    for output in profiles["tilannekuva"]["outputs"].values():
        if "path" in output:
            output["path"] = str(workshop / "warehouse.duckdb")
    (workshop / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "build"),
            "--no-write-json",
            *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
            *("--profiles-dir", str(workshop), "--project-dir", str(DBT_PROJECT_DIR)),
            *("--target-path", str(workshop / "target"), "--log-path", str(workshop / "logs")),
            *(("--select", *(f"+{table}" for table in tables)) if tables else ()),
            *("--vars", json.dumps({"as_known_on": day.isoformat()})),
        ],
        cwd=PROJECT_ROOT,
        env=os.environ
        | {
            "TILANNEKUVA_HOME": str(settings.home),
            "TILANNEKUVA_TODAY": day.isoformat(),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-_SHOWN_OUTPUT:]
        raise TilannekuvaError(f"dbt could not build the marts as known on {day}:\n{said}")
