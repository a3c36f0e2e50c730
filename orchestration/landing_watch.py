"""The sensor that refreshes when a partner has dropped something into the landing zone."""

import hashlib
import time
from collections.abc import Callable

import dagster as dg

from assets.deliveries.on_the_way import SETTLED_SECONDS, is_leftover
from assets.settings import Settings

#: How often a run is asked for, for files that stay as they are, while it fails.
_ATTEMPTS = 3
_FAILED = frozenset({dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED})


def landing_state(settings: Settings) -> tuple[str, bool]:
    """A hash of names, sizes and times of the files in the landing zone, and whether they rest.

    Contents are not read: the zone may hold gigabytes and is looked at every few minutes.
    """
    digest = hashlib.sha256()
    newest = 0.0
    for path in sorted(settings.landing_dir.rglob("*")):
        if path.is_file() and not is_leftover(path.name):
            about = path.stat()
            newest = max(newest, about.st_mtime)
            digest.update(f"{path}|{about.st_size}|{about.st_mtime_ns}".encode())
    now = time.time()
    return digest.hexdigest(), now - newest >= SETTLED_SECONDS or newest > now


def build_landing_watch(
    load_settings: Callable[[], Settings], job_name: str
) -> dg.SensorDefinition:
    """A sensor, off until somebody switches it on, that runs the main job on new deliveries."""

    @dg.sensor(
        name="landing_watch",
        job_name=job_name,
        minimum_interval_seconds=300,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description=(
            "Refreshes when files in the landing zone have changed and come to rest. Off until "
            "switched on; the nightly refresh takes them in anyway. A run that fails is asked for "
            "again, three times in all."
        ),
    )
    def landing_watch(
        context: dg.SensorEvaluationContext,
    ) -> dg.RunRequest | dg.SkipReason:
        state, is_at_rest = landing_state(load_settings())
        known, _, attempt = (context.cursor or "").partition(" ")
        number = 1
        if state == known:
            number = int(attempt or 1) + 1
            if number > _ATTEMPTS or not _has_failed(context, state, number - 1):
                return dg.SkipReason("Nothing has changed in the landing zone.")
        if not is_at_rest:
            return dg.SkipReason("A file is still on its way.")
        context.update_cursor(f"{state} {number}")
        return dg.RunRequest(run_key=_run_key(state, number))

    return landing_watch


def _run_key(state: str, attempt: int) -> str:
    return state if attempt == 1 else f"{state} {attempt}"


def _has_failed(context: dg.SensorEvaluationContext, state: str, attempt: int) -> bool:
    """Whether the run that was asked for last has ended without a publication."""
    runs = context.instance.get_runs(
        dg.RunsFilter(tags={"dagster/run_key": _run_key(state, attempt)}), limit=1
    )
    return bool(runs) and runs[0].status in _FAILED
