"""The command `refresh`: the main job, headless, with its progress and a summary."""

from __future__ import annotations

import logging
import shutil
import sys
import time

import click

from assets.settings import Settings
from orchestration.commands._terminal import short_path

_EXIT_NOT_PUBLISHED = 1


@click.command(name="refresh")
def command() -> None:
    """Ingest every source, build, check and publish; exit 0 when published."""
    started = time.monotonic()
    settings = Settings.load()
    _show_progress(started)
    logging.getLogger("tilannekuva").info("starting (home %s)", short_path(settings.home))

    # Dagster and dbt take seconds to import; `--help` and wrong settings should not wait for them.
    from orchestration.refresh import refresh_log, run_refresh

    summary = run_refresh(settings)
    click.echo(summary.text)
    click.echo(f"\n{time.monotonic() - started:.0f} s · log {short_path(refresh_log(settings))}")
    if not summary.is_published:
        sys.exit(_EXIT_NOT_PUBLISHED)


def _show_progress(started: float) -> None:
    """Show what the platform says of its progress on the terminal, with seconds."""

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            colour = {"WARNING": "yellow", "ERROR": "red"}.get(record.levelname)
            seconds = f"{time.monotonic() - started:6.1f} s  "
            width = max(shutil.get_terminal_size((100, 24)).columns - len(seconds), 60)
            text = record.getMessage()
            if record.levelno < logging.WARNING and len(text) > width:
                text = text[: width - 1] + "…"
            click.secho(seconds + text, fg=colour, file=sys.__stderr__)

    logger = logging.getLogger("tilannekuva")
    logger.handlers = [Lines()]
    logger.setLevel(logging.INFO)
    logger.propagate = False
