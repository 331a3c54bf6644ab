"""What the screens share: the question of a user, kept in the address so that a reload has it, and the queue."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from pipeline_sim.app.job_queue import JobQueue
from pipeline_sim.app.mix_input import checked_mix, in_pounds
from pipeline_sim.app.question import MOST_MIXES, Question, from_link, link_text, mix_layers
from pipeline_sim.app.server import Settings, settings
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.comparison.study_file import Study, load_study
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.layers import layer_stack, merge
from pipeline_sim.world.schema.interventions import AnyEntry
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError

LINK, OWNER, MOST_OWNER = "question", "user", 100


class Base(NamedTuple):
    """Study that questions start from, the layers and the world in which mixes are bought, and shipped mixes."""

    study: Study
    layers: tuple[str, ...]
    world: World
    mixes: dict[str, MixSection]  # by label

    @property
    def entries(self) -> Mapping[str, AnyEntry]:
        """Interventions that can be bought."""
        assert self.world.interventions is not None
        return self.world.interventions.entries


@lru_cache(maxsize=2)
def base_of(chosen: Settings) -> Base:
    """Study of the app; read once."""
    study = load_study(chosen.study)
    folder = chosen.study.parent
    layers = mix_layers(study, folder, chosen.configs)
    files: dict[Path, str] = {}  # the first label of each
    for world in study.worlds:
        if world.mix is not None:
            files.setdefault((folder / world.mix).resolve(), world.label)
    for file in sorted((chosen.configs / "mixes").glob("*.toml")):
        files.setdefault(file.resolve(), file.stem.replace("_", " ").capitalize())
    mixes = {label: checked_mix(merge(layer_stack((file,))).tree["mix"], label) for file, label in files.items()}
    return Base(study, layers, load_world(*layers), mixes)


class Session:
    """Session of a user."""

    def __init__(self) -> None:
        self.settings = settings()
        self.base, self.state = base_of(self.settings), st.session_state
        self.queue = JobQueue(self.settings.work, self.settings.home)
        self.owner = self._owner()
        if "question" not in self.state:
            self.state.question, self.state.version = Question(), 0
            with told():
                self.state.question = from_link(st.query_params[LINK]) if LINK in st.query_params else Question()
        self._keep_address()

    def _owner(self) -> str:
        """User as the sign-on names them, else a token of this browser tab's address."""
        header = self.settings.user_header
        if header:
            name = str(st.context.headers.get(header, ""))
            if not name:
                raise StudyError(f"the sign-on in front of this app has named no user in {header}")
            return name
        token = self.state.get(OWNER) or st.query_params.get(OWNER, "")
        self.state[OWNER] = token[:MOST_OWNER] if len(token) >= 16 else secrets.token_hex(12)
        return str(self.state[OWNER])

    def _keep_address(self) -> None:
        if not self.settings.user_header:
            st.query_params[OWNER] = self.owner
        if self.question != Question():
            st.query_params[LINK] = link_text(self.question)
        elif LINK in st.query_params:
            del st.query_params[LINK]

    @property
    def question(self) -> Question:
        """Question as it stands."""
        return self.state.question  # type: ignore[no-any-return]

    @property
    def names(self) -> str:
        """Names of the mixes."""
        return ", ".join(f"“{mix.name}”" for mix in self.question.mixes)

    def change(self, question: Question, anew: bool = False) -> None:
        """Take another question; `anew` makes the widgets, which carry the version in their keys, show it."""
        self.state.question = question
        self.state.version += anew
        self._keep_address()

    def add(self, mix: MixSection) -> None:
        """Add a mix under a name of its own; StudyError if there are as many as can be compared."""
        mixes = self.question.mixes
        if len(mixes) >= MOST_MIXES:
            raise StudyError(f"there are {MOST_MIXES} mixes, as many as can be compared: remove one first")
        names, name, number = {each.name for each in mixes}, mix.name, 2
        while mix.name in names:
            mix, number = mix.model_copy(update={"name": f"{name} {number}"}), number + 1
        self.change(self.question._replace(mixes=(*mixes, in_pounds(mix))), anew=True)

    def replace(self, place: int, *mixes: MixSection, anew: bool = False) -> None:
        """Put another mix in a place, or none."""
        own = self.question.mixes
        self.change(self.question._replace(mixes=(*own[:place], *mixes, *own[place + 1 :])), anew)


@contextmanager
def told() -> Iterator[None]:
    """Say on the page, in a line, what is wrong with what was given."""
    try:
        yield
    except (StudyError, WorldError, RecordsError) as problem:
        st.error(plain(str(problem)))


def plain(text: str) -> str:
    """Text that Markdown leaves as it is: a name of a user's fetches no picture and makes no link."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def value_of(key: str, start: object) -> str:
    """Key of a widget that starts with a value, and keeps what the user makes of it."""
    if key not in st.session_state:
        st.session_state[key] = start
    return key
