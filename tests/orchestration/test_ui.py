"""What people see in the Dagster UI after a refresh, in a real browser on the real `dev` command.

Every page that is looked at is also kept as a picture in `tests/.artifacts/`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from assets.settings import PROJECT_ROOT, Settings
from tests.orchestration.conftest import SAMPLE_DAY

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="no `chromium` on the PATH; install Debian's package chromium to see the UI tested",
    ),
]

TODAY = SAMPLE_DAY
ARTIFACTS = PROJECT_ROOT / "tests" / ".artifacts"
#: Some of the groups: the UI shortens long names, and draws only what lies in the window.
GROUPS = (
    "deliveries",
    "raw",
    "catalogue",
    "staging_records",
    "core_quality",
    "marts_quality",
)
LOCATION = "/locations/__repository__@tilannekuva"
#: Seconds that the server and its code location may take to come up, and to go away.
START_SECONDS, STOP_SECONDS = 90, 20
#: Milliseconds that a page may take to show something.
PAGE_MS = 30_000
BROWSER_ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def home(
    refreshed_sample: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A deployment after one refresh on the sample deliveries."""
    settings = refreshed_sample(tmp_path_factory.mktemp("ui") / "home")
    return settings.home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    """The address of `python -m orchestration dev` on that deployment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = home.parent / "dev.log"
    env = os.environ | {"TILANNEKUVA_HOME": str(home), "TILANNEKUVA_TODAY": TODAY.isoformat()}
    env.pop("DAGSTER_HOME", None)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration", "dev", "--port", str(port)],
            cwd=PROJECT_ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await_answer(address, process, log)
        yield address
    finally:
        left = _end(process, home)
    assert left == [], f"Ctrl-C left processes running: {left}"


def _await_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the UI did not come up:\n{log.read_text(errors='replace')[-3000:]}")


def _end(process: subprocess.Popen[bytes], home: Path) -> list[str]:
    """Ctrl-C for the server and all it has started; what is still there after it is killed.

    Returns:
        The commands that had to be killed.
    """
    for pid in [process.pid, *_running(home)]:
        _signal(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        process.poll()  # else it stays as a zombie
        if process.returncode is not None and not _running(home):
            return []
        time.sleep(0.2)
    left = _running(home)
    for pid in left:
        _signal(pid, signal.SIGKILL)
    process.wait(timeout=STOP_SECONDS)
    return list(left.values())


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _running(home: Path) -> dict[int, str]:
    """Processes whose environment names this deployment, and their commands; not this one."""
    marker = f"TILANNEKUVA_HOME={home}".encode()
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(folder.name)] = command.decode(errors="replace").strip()
        except OSError:  # it has ended, or is not ours
            continue
    found.pop(os.getpid(), None)
    return found


@pytest.fixture(scope="module")
def browser_page(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One tab of a browser that has never been here; it begins on the UI's address."""
    ARTIFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("chromium"),
            executable_path=CHROMIUM,
            args=BROWSER_ARGS,
            base_url=server,
            viewport={"width": 1500, "height": 1000},
            locale="en-GB",
            timezone_id="Europe/Helsinki",
        )
        # Dagster's invitation to its community would stand before every page.
        context.add_init_script("localStorage.setItem('communityNux', JSON.stringify('1'))")
        context.set_default_timeout(PAGE_MS)
        yield context.new_page()
        context.close()


@pytest.fixture
def page(browser_page: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The tab; how it looked at the end of a test is kept."""
    expect.set_options(timeout=PAGE_MS)
    yield browser_page
    name = request.node.name.removeprefix("test_")
    browser_page.screenshot(path=ARTIFACTS / f"{name}.png")


def graphql(page: Page, query: str) -> Any:
    answer = page.request.post("/graphql", data={"query": query}).json()
    assert "errors" not in answer, answer
    return answer["data"]


def show_whole(page: Page) -> None:
    """Make the window so high that nothing of an asset's page needs scrolling."""
    page.set_viewport_size({"width": 1500, "height": 2600})


@pytest.fixture(autouse=True)
def _usual_window(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 1500, "height": 1000})


def row_of(page: Page, first_cell: str) -> Any:
    """The table row whose first cell reads so."""
    cell = page.locator("td:first-child", has_text=re.compile(rf"^\s*{re.escape(first_cell)}\s*$"))
    return page.get_by_role("row").filter(has=cell)


def test_the_graph_shows_the_flow_in_groups(page: Page) -> None:
    # The page draws only the groups that lie in the window: those of the functions do not.
    page.set_viewport_size({"width": 2600, "height": 2000})
    page.goto("/asset-groups")
    graph = page.locator("svg foreignObject")
    for group in GROUPS:
        expect(graph.filter(has_text=re.compile(rf"^\s*{group}")).first).to_be_visible()
    # and every edge of the flow points one way
    boxes = {
        group: graph.filter(has_text=re.compile(rf"^\s*{group}")).first.bounding_box()
        for group in GROUPS
    }
    across = [boxes[group]["x"] for group in GROUPS if group != "catalogue"]
    assert across == sorted(across)


def test_the_catalogue_of_assets_says_what_is_materialised(page: Page) -> None:
    page.goto("/assets")
    expect(page.get_by_text("catalogue / indicators", exact=True).first).to_be_visible()
    expect(page.get_by_text("Loading...")).to_have_count(0)
    assert page.get_by_text("Materialized", exact=True).count() > 10
    assert page.get_by_text("Failed", exact=True).count() == 0


def test_the_coverage_heat_map_can_be_seen(page: Page) -> None:
    page.goto("/assets/marts/quality_coverage")
    row_of(page, "coverage").get_by_text("Show Markdown").click()
    picture = page.get_by_role("dialog").locator("img")
    expect(picture).to_be_visible()
    assert str(picture.get_attribute("src")).startswith("data:image/png;base64,")
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    width, height = picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert width > 600
    assert height > 300
    colours = picture.evaluate(
        """image => {
            const canvas = document.createElement('canvas');
            canvas.width = image.naturalWidth;
            canvas.height = image.naturalHeight;
            const pen = canvas.getContext('2d');
            pen.drawImage(image, 0, 0);
            const bytes = pen.getImageData(0, 0, canvas.width, canvas.height).data;
            const seen = new Set();
            for (let i = 0; i < bytes.length; i += 4 * 97) {
                seen.add(`${bytes[i]},${bytes[i + 1]},${bytes[i + 2]}`);
            }
            return seen.size;
        }"""
    )
    assert colours > 20  # a blank picture has one


def test_a_conflict_is_a_warning_with_what_to_do_and_sample_rows(page: Page) -> None:
    page.goto("/assets/marts/quality_overlaps?view=checks&checkDetail=no_conflict")
    expect(page.get_by_text("differ by more than the indicator's tolerance")).to_be_visible()
    expect(page.get_by_text("what_to_do", exact=True)).to_be_visible()
    expect(page.get_by_text("Ask the two sources which is right")).to_be_visible()
    # a warning carries the triangle, an error would carry the cross
    tag = page.locator(".BaseTag, [class*=BaseTag]").filter(has_text=re.compile(r"^\s*Failed"))
    expect(tag.first.get_by_role("img")).to_have_attribute("aria-label", re.compile("warning"))
    page.screenshot(path=ARTIFACTS / "check_no_conflict.png")
    page.get_by_text("Show Markdown").click()
    table = page.get_by_role("dialog").get_by_role("table")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    header = table.get_by_role("row").first.inner_text().split()
    assert {"indicator", "region", "kept_source", "kept_value", "other_value"} <= set(header)
    found = graphql(
        page,
        """{assetChecksOrError: assetNodeOrError(assetKey: {path: ["marts", "quality_overlaps"]})
        {... on AssetNode {assetChecksOrError {... on AssetChecks {checks {name
         executionForLatestMaterialization {evaluation {success severity}}}}}}}}""",
    )
    checks = {
        check["name"]: check["executionForLatestMaterialization"]["evaluation"]
        for check in found["assetChecksOrError"]["assetChecksOrError"]["checks"]
    }
    assert checks["no_conflict"] == {"success": False, "severity": "WARN"}


def test_observations_show_row_count_columns_and_where_columns_come_from(page: Page) -> None:
    page.goto("/assets/marts/fct_observations")
    show_whole(page)
    expect(page.get_by_text("Row count", exact=True)).to_be_visible()
    (node,) = graphql(
        page,
        """{assetNodes(assetKeys: [{path: ["marts", "fct_observations"]}]) {
        assetMaterializations(limit: 1) {metadataEntries {label
        ... on IntMetadataEntry {intValue}
        ... on TableColumnLineageMetadataEntry {lineage {columnName
            columnDeps {assetKey {path} columnName}}}}}}}""",
    )["assetNodes"]
    entries = {
        entry["label"]: entry for entry in node["assetMaterializations"][0]["metadataEntries"]
    }
    rows = entries["dagster/row_count"]["intValue"]
    assert rows > 1000
    expect(page.get_by_text(f"{rows:,}", exact=True).first).to_be_visible()

    # the table of columns, not the one of where they come from
    described = row_of(page, "value").filter(has_text="DOUBLE").first
    expect(described).to_contain_text("The value in the indicator's unit")
    described = row_of(page, "obs_status").filter(has_text="VARCHAR").first
    expect(described).to_contain_text("SDMX")

    # The open-source UI draws the lineage of assets, and serves that of columns to its API.
    lineage = {
        column["columnName"]: {
            ("/".join(dep["assetKey"]["path"]), dep["columnName"]) for dep in column["columnDeps"]
        }
        for column in entries["dagster/column_lineage"]["lineage"]
    }
    assert ("core/fct_observations", "value") in lineage["value"]
    page.get_by_text("Upstream assets", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_role("link", name="disclosure / masked_fct_observations")).to_be_visible()


def test_a_statistics_table_shows_kinds_owner_and_its_source(page: Page) -> None:
    page.goto("/assets/raw/statfin/tyonv_12r5")
    show_whole(page)
    definition = page.locator("body")
    for text in ("json", "Parquet", "data-platform", "deliveries"):
        expect(definition.get_by_text(text, exact=True).first).to_be_visible()
    expect(page.get_by_text("Työnvälitystilasto").first).to_be_visible()
    link = row_of(page, "link_to_source").get_by_role("link").first
    expect(link).to_be_visible()
    assert str(link.get_attribute("href")).startswith("https://stat.fi/")
    expect(row_of(page, "licence")).to_contain_text("CC BY 4.0")
    expect(row_of(page, "is_sample")).to_contain_text("true")


def test_the_nightly_refresh_is_listed_and_running(page: Page) -> None:
    page.goto("/automation")
    expect(page.get_by_text("nightly_refresh", exact=True).first).to_be_visible()
    expect(page.get_by_text("At 02:30").first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "automation.png")
    page.goto(f"{LOCATION}/schedules/nightly_refresh")
    for text in ("Running", "Europe/Helsinki"):
        expect(page.get_by_text(text, exact=True).first).to_be_visible()
    expect(page.get_by_text("30 2 * * *").first).to_be_visible()
    expect(page.get_by_role("link", name="refresh", exact=True).first).to_be_visible()
