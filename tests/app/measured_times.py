"""How long the app takes: the main journey, a change of a slider, a provisional run in a warm process, a cancelled run.

`PYTHONPATH=.:tests python -m app.measured_times`, on a machine that does nothing else; no test asserts a time.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.served_app import CHROMIUM, Served, journey, press, served_in
from playwright.sync_api import sync_playwright
from support import CONFIGS, ROOT

from pipeline_sim.app.job_queue import LONG, RUNNING, SHORT, Job, JobQueue
from pipeline_sim.app.mix_input import in_pounds, parse_mix
from pipeline_sim.app.question import PROVISIONAL, Question, own_study, plain_study
from pipeline_sim.app.queue_worker import load_program, start

STUDY = ROOT / "experiments" / "recovery_25m" / "study.toml"
CHANGES = 110
MIXES = ("as_spent", "even_split")


def slider_changes(page: Any) -> list[float]:
    """Seconds from a key on the slider of the budget to its sums and ceilings on the page, change by change."""
    press(page, "link", "Mix")
    seconds = list[float]()
    for change in range(CHANGES):
        key = "ArrowRight" if change % 60 < 30 else "ArrowLeft"
        before = page.get_by_text("The lines have").inner_text()
        begun = time.monotonic()
        press(page, "slider", "Budget, £m", key)
        page.wait_for_function("text => !document.body.innerText.includes(text)", arg=before, polling=10)
        page.get_by_text("The lines have").wait_for()
        seconds.append(time.monotonic() - begun)
    return seconds


def provisional_run(folder: Path) -> None:
    """Print the time of a provisional run of two mixes in a warm process, those without a mix being kept."""
    load_program(STUDY)
    queue = JobQueue(folder, ROOT)
    mixes = [in_pounds(parse_mix((CONFIGS / "mixes" / f"{name}.toml").read_text(encoding="utf-8"))) for name in MIXES]
    (folder / "scratch").mkdir()
    plain, store = plain_study(STUDY, CONFIGS), str(folder / "store")
    asked = own_study(STUDY, Question(tuple(mixes)), PROVISIONAL, CONFIGS, folder / "scratch")
    for study, kinds in ((plain, ("batch",)), (asked, ("batch", "compare"))):
        at = queue.questions / study.identifier
        out = {"batch": (), "compare": ("--out", str(at / "result"))}
        job = queue.submit(study, "user", [[kind, str(at), "--store", store, *out[kind]] for kind in kinds], SHORT, "")
        begun = time.time()
        _, status, used = os.wait4(start(job), 0)
        assert status == 0, job.problem
        first = (job.folder / "first.html").stat().st_mtime - begun if len(kinds) > 1 else float("nan")
        processor = used.ru_utime + used.ru_stime
        print(f"{kinds}: first look {first:.1f} s, all {time.time() - begun:.1f} s, processor {processor:.1f} s")


def cancelled(page: Any, served: Served) -> float:
    """Seconds from the key on Cancel to the end of the process of a run of all of England."""
    press(page, "button", "Scale the lines to the budget")
    page.get_by_text("The lines have all of").wait_for()
    press(page, "link", "Compare")
    press(page, "button", "Run: all of England, the study’s full size")
    queue = JobQueue(served.work, ROOT)
    while not (running := [job for job in queue.jobs() if job.about["lane"] == LONG and job.state == RUNNING]):
        page.wait_for_timeout(100)
    page.wait_for_timeout(5000)
    begun = time.monotonic()
    press(page, "button", "Cancel")
    while group_lives(running[0]):
        page.wait_for_timeout(20)
    return time.monotonic() - begun


def group_lives(job: Job) -> bool:
    """Whether any process of a run is left."""
    try:
        os.killpg(json.loads((job.folder / "started.json").read_text())["process"], 0)
    except ProcessLookupError:
        return False
    return True


def quantiles(seconds: Sequence[float]) -> str:
    """Middle, the 95th of 100 and the longest."""
    cut = statistics.quantiles(seconds, n=100)
    return (
        f"{len(seconds)} changes: middle {cut[49]:.2f} s, 95 in 100 within {cut[94]:.2f} s, most {max(seconds):.2f} s"
    )


def main() -> None:
    """Print all of it."""
    with tempfile.TemporaryDirectory() as folder:
        provisional_run(Path(folder))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = served_in(Path(folder), STUDY)
        served.start()
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]).new_page()
        page.set_default_timeout(300_000)
        try:
            page.goto(served.address)
            begun = time.monotonic()
            journey(page)
            print(f"journey by keyboard: {time.monotonic() - begun:.0f} s")
            print(f"slider of the budget, {quantiles(slider_changes(page))}")
            print(f"cancelled: {cancelled(page, served):.1f} s")
        finally:
            served.kill()


if __name__ == "__main__":
    sys.exit(main())
