"""Running the main job headless: what `make refresh` does, and what the tests run."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets.settings import Settings
from orchestration.definitions import REFRESH, build_defs
from orchestration.event_log import kept_open
from orchestration.home import prepare_home
from orchestration.summary import Summary, summarise


def refresh_log(settings: Settings) -> Path:
    """Where what the tools print during a headless refresh is kept."""
    return settings.reports_dir / "refresh.log"


def run_refresh(settings: Settings) -> Summary:
    """Run the main job once in this process, recorded in the deployment's Dagster instance.

    Returns:
        What came of it; a run that does not publish is told, not raised.
    """
    prepare_home(settings)
    log = refresh_log(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    job = build_defs(lambda: settings).resolve_job_def(REFRESH)
    with dg.DagsterInstance.get() as instance, kept_open(instance), _output_to(log):
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        return summarise(result, settings)


@contextlib.contextmanager
def _output_to(log: Path) -> Iterator[None]:
    """What tools print while the job runs goes to a file, not between the lines of progress."""
    root = logging.getLogger()
    kept = root.handlers[:]
    with log.open("w", encoding="utf-8") as stream:
        handler = logging.StreamHandler(stream)
        root.handlers = [handler]
        try:
            with contextlib.redirect_stdout(stream):
                yield
        finally:
            root.handlers = kept
