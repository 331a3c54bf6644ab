"""The app as a process of its own, for tests in a browser and for what is tried by hand."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from support import ROOT
from support.worlds.tiny_study import app_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOST, TRIES = "127.0.0.1", 50
TITLES = {"Mix": "Build a mix", "Who": "Who gains"}


class Served(NamedTuple):
    """App in a folder, on a port of its own."""

    address: str
    folder: Path
    study: Path
    command: list[str]
    running: "list[subprocess.Popen[bytes]]"

    @property
    def work(self) -> Path:
        """Folder of its runs."""
        return self.folder / "work"

    def start(self) -> "subprocess.Popen[bytes]":
        """Process of the app, once it answers."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        with (self.folder / "app.log").open("ab") as log:
            process = subprocess.Popen(self.command, env=environment, stdout=log, stderr=log)
        self.running.append(process)
        while not answers(int(self.address.rsplit(":", 1)[1])):
            assert process.poll() is None
            time.sleep(0.1)
        return process

    def kill(self) -> None:
        """Kill the app, and nothing else."""
        self.running[-1].kill()
        self.running[-1].wait()


def served_in(folder: Path, study: Path | None = None) -> Served:
    """App with a small study, or with another, not yet started."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    study = study or app_study(folder)
    words = ["app", str(study), "--port", str(port), "--no-browser", "--work", str(folder / "work")]
    return Served(f"http://{HOST}:{port}", folder, study, [sys.executable, "-m", "pipeline_sim.cli", *words], [])


def answers(port: int) -> bool:
    """Whether a server listens."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def press(page: Any, role: str, name: str, *keys: str) -> None:
    """Keys on an element that the keyboard can reach."""
    element = page.get_by_role(role, name=name, exact=role != "slider").first  # which says its name twice
    reached = "each => { each.focus(); return each === document.activeElement && each.tabIndex >= 0; }"
    for _ in range(TRIES):  # a page that is just made anew takes the focus away
        if element.evaluate(reached):
            break
        page.wait_for_timeout(100)
    assert element.evaluate(reached)
    for key in keys or ("Enter",):
        page.keyboard.press(key)


def opened(page: Any, name: str) -> None:
    """A screen, opened by keyboard."""
    press(page, "link", name)
    page.get_by_role("heading", level=1, name=TITLES.get(name, name), exact=True).wait_for()


def journey(page: Any) -> str:
    """The main journey by keyboard alone, from an empty page: own mixes, scenario, comparison; the brief."""
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
    with page.expect_download() as got:
        press(page, "button", "Brief of two pages (HTML)")
    return Path(got.value.path()).read_text(encoding="utf-8")
