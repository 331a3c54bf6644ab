"""The app in Chromium: the main journey by keyboard, no other host, axe on every screen, bad input, kill -9."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from app.served_app import CHROMIUM, Served, journey, opened, press, served_in

from pipeline_sim.app.first_look import FIRST

if CHROMIUM is None:
    pytest.skip("there is no Chromium: apt-get install chromium", allow_module_level=True)
pytest.importorskip("streamlit", reason="the app needs Streamlit: bash install.sh --all")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: bash install.sh --all")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: bash install.sh --all")

pytestmark = [pytest.mark.slow, pytest.mark.unit]
PATIENCE = 120_000  # milliseconds: machines are sometimes slow
SCREENS = ("Mix", "Scenario", "Compare", "Who", "Why", "Decide", "Take away")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """App with a small study, which is killed half way in one of the tests."""
    return served_in(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Any]:
    """Tab of a browser from which no other host can be reached."""
    served.start()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        foreign: list[str] = []

        def only_here(route: Any) -> None:
            here = route.request.url.startswith((served.address, "data:", "blob:"))
            route.continue_() if here else (foreign.append(route.request.url), route.abort())

        context.route("**/*", only_here)
        tab = context.new_page()
        tab.goto(served.address)
        yield tab
        browser.close()
    served.kill()
    assert foreign == []


@pytest.fixture(scope="module")
def brief(page: Any) -> str:
    """Brief that the main journey ends with: what is asked then is what the other tests go on from, in any order."""
    return journey(page)


def violations(page: Any) -> list[str]:
    """Violations that axe finds on a screen, in lines."""
    page.wait_for_timeout(1500)
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def test_the_main_journey_by_keyboard(brief: str) -> None:
    """Own mix, scenario, comparison and brief."""
    assert "As spent 2" in brief


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_is_accessible_and_fits(page: Any, served: Served, width: int) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    found = {}
    for name in SCREENS:
        opened(page, name)
        page.set_viewport_size({"width": width, "height": 900})
        found[name] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=served.work / f"{name}_{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.usefixtures("brief")
def test_a_reload_keeps_the_question(page: Any) -> None:
    opened(page, "Compare")
    page.reload()
    asked = page.get_by_text("Mixes: “As spent”, “As spent 2”. Scenario: waves 0.8 times as recorded.")
    asked.wait_for()
    page.get_by_role("heading", name="Result").wait_for()
    assert asked.is_visible()


def test_a_planted_violation_is_found(page: Any) -> None:
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img id=planted src=\"data:,\">')")
    assert any("image-alt" in line for line in violations(page))
    page.evaluate("document.getElementById('planted').remove()")


BAD = {
    "broken.toml": (b"[mix", "not valid TOML"),
    "binary.toml": (b"\xff\xfe", "not a UTF-8 text file"),
    "large.toml": (b"#" * 10_000_000, "File must be 1.0MB or smaller."),
}


@pytest.mark.usefixtures("brief")
def test_bad_input_is_told_in_a_line_and_nothing_is_lost(page: Any) -> None:
    opened(page, "Mix")
    for name, (content, says) in BAD.items():
        given = {"name": name, "mimeType": "text/plain", "buffer": content}
        page.locator("input[type=file]").set_input_files(given)
        told = page.get_by_text(says).first
        told.wait_for()
        assert "\n" not in told.inner_text()
    name = page.get_by_role("textbox", name="Name")
    name.fill("<script>document.title = 'taken'</script>")
    name.press("Enter")
    page.get_by_text("<script>document.title = 'taken'</script>").first.wait_for()
    assert page.title() != "taken"
    name.fill("As spent 2")
    name.press("Enter")
    page.get_by_role("spinbutton", name="Advanced paediatric life support courses, £m").fill("20")
    page.get_by_role("spinbutton", name="Advanced paediatric life support courses, £m").press("Enter")
    page.get_by_text("too much").wait_for()
    opened(page, "Compare")
    page.get_by_text("the lines do not add up to the budget").wait_for()
    opened(page, "Mix")
    press(page, "button", "Scale the lines to the budget")
    page.get_by_text("cannot be spent, because its ceiling is").first.wait_for()
    assert page.get_by_text("As spent 2", exact=True).count()


@pytest.mark.usefixtures("brief")
def test_a_run_outlives_its_browser_and_kill_9_of_all_loses_no_replication(page: Any, served: Served) -> None:
    """Replications that were finished are kept, and the app that is started again ends the run."""
    opened(page, "Compare")
    before = blocks(served)
    press(page, "button", "Run: the study’s own size")
    while not (jobs := [path for path in served.work.glob("questions/*/started.json") if lane(path) == "long"]):
        page.wait_for_timeout(100)
    address, folder = page.url, jobs[0].parent
    page.goto("about:blank")
    while blocks(served) == before and not (folder / FIRST).exists():
        time.sleep(0.02)
    run = json.loads(jobs[0].read_text())["process"]
    worker = int(Path(f"/proc/{run}/stat").read_text().rsplit(")", 1)[1].split()[1])  # its parent
    kept = blocks(served)
    for process in (worker, run):
        os.kill(process, signal.SIGKILL)
    served.kill()
    served.start()
    while not (folder / "result" / "manifest.json").exists():
        assert not (folder / "failed.txt").exists()
        time.sleep(0.2)
    assert len(kept) > len(before)
    for path, (numbers, written) in kept.items():  # a block is written again to have more replications, not the same
        now, again = blocks(served)[path]
        assert now > numbers or (now == numbers and again == written)
    page.goto(address)
    page.get_by_role("heading", name="Result").wait_for()


def blocks(served: Served) -> dict[Path, tuple[set[int], int]]:
    """Blocks of the store: numbers of the finished replications in each, and when it was written."""
    paths = (served.work / "store").rglob("0*.parquet")
    return {path: (set(pd.read_parquet(path)["replication"]), path.stat().st_mtime_ns) for path in paths}


def lane(started_file: Path) -> str:
    """Lane of a run."""
    return str(json.loads((started_file.parent / "job.json").read_text())["lane"])
