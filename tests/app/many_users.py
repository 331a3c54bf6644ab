"""Many users at once, each in a browser of their own: whether any sees an error, or a number that is not theirs.

`PYTHONPATH=.:tests python -m app.many_users --users 20 --minutes 10`. Each opens the link of a question that nobody
else has, runs it, reads the table, thinks, and asks the next. Every table is compared with that of the brief of its
question; the last one of each user with what the terminal makes of that question in a store of its own.
"""

import argparse
import asyncio
import html
import random
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from app.served_app import CHROMIUM, Served, served_in
from playwright.async_api import Browser, Page, async_playwright
from support import CONFIGS
from support.typed_command import run_command

from pipeline_sim.app.mix_input import in_pounds, parse_mix, scaled_to
from pipeline_sim.app.question import PROVISIONAL, Question, link_text, own_study

MIXES = sorted(path for path in (CONFIGS / "mixes").glob("*.toml") if "extends" not in path.read_text(encoding="utf-8"))
CELLS = "table => [...table.querySelectorAll('th, td')].map(each => each.textContent)"
PATIENCE = 900_000  # milliseconds
THINKING = (5.0, 30.0)  # seconds


class Seen(NamedTuple):
    """Table that a user saw, the question that it answers, and the seconds that it took."""

    user: int
    question: Question
    cells: list[str]
    seconds: float


def question_of(user: int, number: int) -> Question:
    """Question that no other user has: its name and its budget say whose it is."""
    mix = in_pounds(parse_mix(MIXES[(user + number) % len(MIXES)].read_text(encoding="utf-8")))
    mix = scaled_to(mix, 5e6 + 2e6 * user + 50_000 * number)
    return Question((mix.model_copy(update={"name": f"Mix {number} of user {user}"}),))


async def one_user(browser: Browser, address: str, user: int, end: float, seen: list[Seen], errors: list[str]) -> None:
    """Ask question after question until the end."""
    chance, context = random.Random(user), await browser.new_context()
    page, number = await context.new_page(), 0
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(*THINKING))
        question, number = question_of(user, number), number + 1
        try:
            seen.append(await answered(page, address, user, question))
        except Exception as problem:
            errors.append(f"user {user}: {' '.join(str(problem).split())[:200]}")
    await context.close()


async def answered(page: Page, address: str, user: int, question: Question) -> Seen:
    """Table that the page shows for a question; raises if it shows an error."""
    begun = time.monotonic()
    await page.goto(f"{address}/compare?user={'user' * 4}{user:02}&question={link_text(question)}", timeout=PATIENCE)
    await page.get_by_role("button", name="Run: provisional").click(timeout=PATIENCE)
    await page.locator("#choices").wait_for(timeout=PATIENCE)
    found = Seen(user, question, tidy(await page.locator("#choices").evaluate(CELLS)), time.monotonic() - begun)
    for kind in ("stException", "stAlertContentError"):
        if await page.get_by_test_id(kind).count():
            raise ValueError(await page.get_by_test_id(kind).first.inner_text())
    return found


def tidy(cells: list[str]) -> list[str]:
    """Texts of cells, without the spaces between their parts."""
    return ["".join(each.split()) for each in cells]


def in_brief(folder: Path) -> list[str]:
    """Cells of the table of the brief in a result folder."""
    page = (folder / "brief.html").read_text(encoding="utf-8")
    table = re.search(r'<table id="choices".*?</table>', page, re.DOTALL)
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table[0] if table else "", re.DOTALL)
    return tidy([html.unescape(re.sub(r"<[^>]+>", "", each)) for each in cells])


def wrong_tables(served: Served, seen: list[Seen]) -> list[str]:
    """What users saw that is not what the terminal makes of their question."""
    wrong, last = [], {each.user: each for each in seen}
    for each in seen:
        with tempfile.TemporaryDirectory() as scratch:
            own = own_study(served.study, each.question, PROVISIONAL, CONFIGS, Path(scratch))
        result = served.work / "questions" / own.identifier / "result"
        while not (result / "manifest.json").exists():
            time.sleep(0.5)
        if in_brief(result) != each.cells:
            wrong.append(f"user {each.user} saw {each.cells}, not {in_brief(result)}")
        if each is last[each.user]:
            home = served.folder / f"terminal_{each.user}"
            (home / "experiments" / "own").mkdir(parents=True)
            (home / "configs").symlink_to(CONFIGS)
            for name, text in own.files.items():
                (home / "experiments" / "own" / name).write_text(text, encoding="utf-8")
            done = run_command(home, "compare", "experiments/own", "--store", "store", "--out", "r")
            if done.returncode or in_brief(home / "r") != each.cells:
                wrong.append(f"user {each.user}: the terminal has {in_brief(home / 'r')}, {done.stderr[-200:]}")
    return wrong


async def meeting(served: Served, users: int, minutes: float, seen: list[Seen], errors: list[str]) -> None:
    """All users at once."""
    end = time.monotonic() + 60 * minutes
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        await asyncio.gather(*(one_user(browser, served.address, each, end, seen, errors) for each in range(users)))
        await browser.close()


def main(words: list[str]) -> int:
    """Print what was seen; status 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m app.many_users", description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args(words)
    seen, errors = list[Seen](), list[str]()
    with tempfile.TemporaryDirectory() as folder:
        served = served_in(Path(folder))
        served.start()
        try:
            asyncio.run(meeting(served, options.users, options.minutes, seen, errors))
            wrong = wrong_tables(served, seen)
        finally:
            served.kill()
        faults = (Path(folder) / "app.log").read_text(encoding="utf-8").count("Traceback")
    took = sorted(each.seconds for each in seen)
    print(f"{len(seen)} tables seen by {len({each.user for each in seen})} users, each after")
    print(f"{took[len(took) // 2]:.0f} s (middle) to {took[-1]:.0f} s (most)")
    print(f"{len(errors)} errors, {faults} faults of the server, {len(wrong)} wrong tables", *errors, *wrong, sep="\n")
    return int(bool(errors or wrong or faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
