"""The sensor that refreshes when a partner has dropped something into the landing zone."""

import hashlib
from collections.abc import Callable

import dagster as dg

from assets.settings import Settings

#: A file that was changed less than this ago may still be on its way.
_SETTLED_SECONDS = 30


def landing_state(settings: Settings) -> tuple[str, bool]:
    """A hash of names, sizes and times of the files in the landing zone, and whether they rest.

    Contents are not read: the zone may hold gigabytes and is looked at every few minutes.
    """
    digest = hashlib.sha256()
    newest = 0.0
    for path in sorted(settings.landing_dir.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "~$")):
            about = path.stat()
            newest = max(newest, about.st_mtime)
            digest.update(f"{path}|{about.st_size}|{about.st_mtime_ns}".encode())
    now = settings.now().timestamp()
    return digest.hexdigest(), now - newest >= _SETTLED_SECONDS or newest > now


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
            "switched on; the nightly refresh takes them in anyway."
        ),
    )
    def landing_watch(
        context: dg.SensorEvaluationContext,
    ) -> dg.RunRequest | dg.SkipReason:
        state, is_at_rest = landing_state(load_settings())
        if state == context.cursor:
            return dg.SkipReason("Nothing has changed in the landing zone.")
        if not is_at_rest:
            return dg.SkipReason("A file is still on its way.")
        context.update_cursor(state)
        return dg.RunRequest(run_key=state)

    return landing_watch
