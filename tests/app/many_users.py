"""Many users at once: whether any sees an error, or a number that is not theirs.

`PYTHONPATH=.:tests python -m app.many_users --users 20 --minutes 10`. Each has a WebSocket of their own, as a browser
has, opens the link of a question that nobody else has, runs it, reads the table, thinks, and asks the next. Every table
is compared with that of the brief of its question; the last of each user with what the terminal makes.
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
from typing import Any, NamedTuple

from app.served_app import Served, served_in
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from support import CONFIGS
from support.typed_command import run_command
from websockets.asyncio.client import connect

from pipeline_sim.app.mix_input import in_pounds, parse_mix, scaled_to
from pipeline_sim.app.question import PROVISIONAL, Question, link_text, own_study

MIXES = sorted(path for path in (CONFIGS / "mixes").glob("*.toml") if "extends" not in path.read_text(encoding="utf-8"))
THINKING, BETWEEN_LOOKS, PATIENCE = (5.0, 30.0), 1.0, 600.0  # seconds


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


class Tab:
    """Page of a user as the server sends it: buttons by label, and parts of HTML; an error is raised."""

    def __init__(self, socket: Any, query: str) -> None:
        self.socket, self.query = socket, query
        self.buttons, self.parts, self.fragment, self.page = dict[str, str](), list[str](), "", ""

    async def run(self, pressed: str = "", fragment: str = "") -> None:
        """Have the page run, perhaps with a button pressed, or a fragment of it as it looks anew by itself."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id, state.page_script_hash = self.query, fragment, self.page
        state.page_name = "" if self.page else "compare"
        state.is_auto_rerun = bool(fragment)
        if pressed:
            state.widget_states.widgets.add(id=self.buttons[pressed], trigger_value=True)
        await self.socket.send(message.SerializeToString())

    async def read(self) -> None:
        """Take what the server sends, for as long as it does."""
        async for message in self.socket:
            got = ForwardMsg.FromString(message)
            if got.WhichOneof("type") == "navigation":
                self.page = got.navigation.page_script_hash
            if got.WhichOneof("type") == "auto_rerun":
                self.fragment = got.auto_rerun.fragment_id
            if got.WhichOneof("type") == "delta":
                self._take(got.delta.new_element)

    def _take(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "button":
            self.buttons[element.button.label] = element.button.id
        if kind == "html":
            self.parts.append(element.html.body)
        if kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR):
            raise ValueError(str(element)[:200])


async def one_user(served: Served, user: int, end: float, seen: list[Seen], errors: list[str]) -> None:
    """Ask question after question until the end."""
    chance, number = random.Random(user), 0
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(*THINKING))
        question, number = question_of(user, number), number + 1
        try:
            seen.append(await asyncio.wait_for(answered(served, user, question), PATIENCE))
        except Exception as problem:
            errors.append(f"user {user}: {type(problem).__name__} {problem}")


async def answered(served: Served, user: int, question: Question) -> Seen:
    """Table that the page shows for a question; raises if it shows an error."""
    begun, query = time.monotonic(), f"user={'user' * 4}{user:02}&question={link_text(question)}"
    address = served.address.replace("http", "ws", 1)
    how: dict[str, Any] = {
        "subprotocols": ["streamlit"],
        "max_size": None,
        "ping_timeout": None,
    }  # browsers are patient
    async with connect(f"{address}/_stcore/stream", **how) as socket:
        tab, run = Tab(socket, query), "Run: provisional"
        reading, found = asyncio.create_task(tab.read()), list[list[str]]()
        await tab.run()
        while not found:
            await asyncio.sleep(BETWEEN_LOOKS)
            if run in tab.buttons:
                await tab.run(pressed=run)
                run = "pressed"
            elif tab.fragment:
                await tab.run(fragment=tab.fragment)
            if reading.done():
                await reading
            found = [cells for part in tab.parts if (cells := cells_of(part))]
        reading.cancel()
    return Seen(user, question, found[-1], time.monotonic() - begun)


def cells_of(page: str) -> list[str]:
    """Texts of the cells of the table of mixes in a page; none if it has no such table."""
    table = re.search(r'<table id="choices".*?</table>', page, re.DOTALL)
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table[0] if table else "", re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", each)).strip() for each in cells]


def wrong_tables(served: Served, seen: list[Seen]) -> list[str]:
    """What users saw that is not what the terminal makes of their question."""
    wrong, last = [], {each.user: each for each in seen}
    for each in seen:
        with tempfile.TemporaryDirectory() as scratch:
            own = own_study(served.study, each.question, PROVISIONAL, CONFIGS, Path(scratch))
        briefs = [served.work / "questions" / own.identifier / "result" / "brief.html"]
        while not briefs[0].with_name("manifest.json").exists():
            time.sleep(0.5)
        if each is last[each.user]:
            home = served.folder / f"terminal_{each.user}"
            (home / "experiments" / "own").mkdir(parents=True)
            (home / "configs").symlink_to(CONFIGS)
            for name, text in own.files.items():
                (home / "experiments" / "own" / name).write_text(text, encoding="utf-8")
            done = run_command(home, "compare", "experiments/own", "--store", "store", "--out", "r")
            assert done.returncode == 0, done.stderr
            briefs.append(home / "r" / "brief.html")
        for brief in briefs:
            if (right := cells_of(brief.read_text(encoding="utf-8"))) != each.cells:
                wrong.append(f"user {each.user} saw {each.cells}, not {right} of {brief}")
    return wrong


async def meeting(served: Served, users: int, minutes: float, seen: list[Seen], errors: list[str]) -> None:
    """All users at once."""
    end = time.monotonic() + 60 * minutes
    await asyncio.gather(*(one_user(served, each, end, seen, errors) for each in range(users)))


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
        faults = (Path(folder) / "app.log").read_text(encoding="utf-8").count("/pipeline_sim/app/")
    took = sorted(each.seconds for each in seen)
    print(f"{len(seen)} tables seen by {len({each.user for each in seen})} users, each after")
    print(f"{took[len(took) // 2]:.0f} s (middle) to {took[-1]:.0f} s (most)")
    print(f"{len(errors)} errors, {faults} faults of the server, {len(wrong)} wrong tables", *errors, *wrong, sep="\n")
    return int(bool(errors or wrong or faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
