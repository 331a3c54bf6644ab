"""The app in Chromium: the main journey by keyboard, no other host, axe on every screen, narrow and wide, kill -9."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import ROOT
from support.worlds.tiny_study import app_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("there is no Chromium: apt-get install chromium", allow_module_level=True)
pytest.importorskip("streamlit", reason="the app needs Streamlit: bash install.sh --all")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: bash install.sh --all")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: bash install.sh --all")

pytestmark = [pytest.mark.slow, pytest.mark.unit]
PATIENCE = 120_000  # milliseconds: machines are sometimes slow
TITLES = {"Mix": "Build a mix", "Who": "Who gains"}
SCREENS = ("Mix", "Scenario", "Compare", "Who", "Why", "Decide", "Take away")


class Served(NamedTuple):
    """App that runs, and its folder."""

    address: str
    work: Path
    command: list[str]
    running: "list[subprocess.Popen[bytes]]"


def started(served: Served) -> "subprocess.Popen[bytes]":
    """Process of the app, once it answers."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(served.command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    port = int(served.address.rsplit(":", 1)[1])
    served.running.append(process)
    while not answers(port):
        assert process.poll() is None
        time.sleep(0.1)
    return process


def answers(port: int) -> bool:
    """Whether a server listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """App with a small study, which is killed half way in one of the tests."""
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["app", str(app_study(folder)), "--port", str(port), "--no-browser", "--work", str(folder / "work")]
    one = Served(f"http://127.0.0.1:{port}", folder / "work", [sys.executable, "-m", "pipeline_sim.cli", *words], [])
    return one


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Any]:
    """Tab of a browser from which no other host can be reached."""
    process = started(served)
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
    process.kill()
    process.wait()
    assert foreign == []


def press(page: Any, role: str, name: str, *keys: str) -> None:
    """Keys on an element that the keyboard can reach."""
    element = page.get_by_role(role, name=name, exact=role != "slider").first  # which says its name twice
    element.focus()
    assert element.evaluate("each => each === document.activeElement && each.tabIndex >= 0")
    for key in keys or ("Enter",):
        page.keyboard.press(key)


def violations(page: Any) -> list[str]:
    """Violations that axe finds on a screen, in lines."""
    page.wait_for_timeout(1500)
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def opened(page: Any, name: str) -> None:
    """A screen, opened by keyboard."""
    press(page, "link", name)
    page.get_by_role("heading", level=1, name=TITLES.get(name, name), exact=True).wait_for()


def test_the_main_journey_by_keyboard(page: Any, served: Served) -> None:
    """Own mix, scenario, comparison and brief."""
    for _ in range(2):
        press(page, "button", "Add this mix")
        page.get_by_text("can be spent.", exact=False).first.wait_for()
    page.get_by_text("As spent 2", exact=True).first.wait_for()
    press(page, "slider", "Budget, £m", "ArrowRight", "ArrowRight")
    page.get_by_text("is left to give").wait_for()
    press(page, "button", "Scale the lines to the budget")
    page.get_by_text("The lines have all of £26m").wait_for()
    opened(page, "Scenario")
    press(page, "slider", "Size of the waves, times as recorded", "ArrowLeft", "ArrowLeft")
    page.get_by_text("waves 0.8 times as recorded").wait_for()
    opened(page, "Compare")
    press(page, "button", "Run: provisional")
    page.get_by_role("heading", name="Result").wait_for()
    page.get_by_text("Provisional: good for a first look").wait_for()
    opened(page, "Take away")
    while not list(served.work.glob("questions/*/result/brief.html")):
        page.wait_for_timeout(500)
    page.reload()
    with page.expect_download() as got:
        press(page, "button", "Brief of two pages (HTML)")
    assert "As spent 2" in Path(got.value.path()).read_text(encoding="utf-8")


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


def test_kill_9_of_the_app_loses_no_run(page: Any, served: Served) -> None:
    """The run goes on without the app, and the app that is started again has it."""
    opened(page, "Compare")
    press(page, "button", "Run: the study’s own size")
    while not (jobs := [path for path in served.work.glob("questions/*/started.json") if "long" in lane(path)]):
        page.wait_for_timeout(100)
    served.running[-1].kill()
    served.running[-1].wait()
    process = started(served)
    try:
        while not (jobs[0].parent / "result" / "manifest.json").exists():
            assert not (jobs[0].parent / "failed.txt").exists()
            page.wait_for_timeout(500)
        page.reload()
        page.get_by_role("heading", name="Result").wait_for()
    finally:
        process.kill()
        process.wait()


def lane(started_file: Path) -> str:
    """Lane of a run."""
    return str(json.loads((started_file.parent / "job.json").read_text())["lane"])
