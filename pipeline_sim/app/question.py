"""Question of a user: up to four mixes and a scenario; as the text of a link, and as a study that the terminal runs."""

import base64
import binascii
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.app.mix_input import checked_mix, delayed, mix_toml, toml_tables
from pipeline_sim.app.scenario_layer import Scenario, own_layer, scenario_of, scenario_sentence
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.study.comparison.own_question import (
    CATALOGUE,
    NO_COVID,
    QUESTION,
    WITHOUT,
    OwnQuestion,
    with_question,
)
from pipeline_sim.study.comparison.study_file import Size, Study, StudyWorld, load_study, world_spec
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.repeated_draws import replications_of_draws
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.shocks.apply_shocks import SHOCKS

MOST_MIXES, DIGITS = 4, 12
MOST_LINK, MOST_STATE = 20_000, 400_000  # letters; bytes unpacked
PROVISIONAL, STUDY_SIZE, WHOLE = "provisional", "study", "whole"
PROVISIONAL_SCALE, PROVISIONAL_DRAWS = 0.05, 16
MIX, OWN, UNNAMED = "mix_", "scenario.toml", "mix of the app"


class Question(NamedTuple):
    """Mixes to compare, and the scenario in which."""

    mixes: tuple[MixSection, ...] = ()
    scenario: Scenario = Scenario()


class OwnStudy(NamedTuple):
    """Study of a question: its file and those beside it, by name."""

    files: Mapping[str, str]

    @property
    def identifier(self) -> str:
        """Twelve hex digits over all files."""
        return hashlib.sha256(json.dumps(sorted(self.files.items())).encode()).hexdigest()[:DIGITS]


def link_text(question: Question) -> str:
    """Question as the text of a link."""
    mixes = [mix.model_dump(mode="json", exclude_defaults=True, exclude_none=True) for mix in question.mixes]
    state = {"mixes": mixes, "scenario": question.scenario._asdict()}
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(state, separators=(",", ":")).encode(), 9)).decode()


def from_link(text: str) -> Question:
    """Question of the text of a link; StudyError if it is damaged."""
    try:
        if len(text) > MOST_LINK:
            raise ValueError
        unpacker = zlib.decompressobj()
        state = json.loads(unpacker.decompress(base64.urlsafe_b64decode(text), MOST_STATE))
        mixes = [dict(tree) for tree in state["mixes"]]
    except (ValueError, KeyError, TypeError, zlib.error, binascii.Error, RecursionError):
        raise StudyError("the link is damaged or cut short: ask for it again") from None
    if len(mixes) > MOST_MIXES:
        raise StudyError(f"the link has {len(mixes)} mixes, should have at most {MOST_MIXES}")
    return Question(tuple(checked_mix(mix) for mix in mixes), scenario_of(state.get("scenario", {})))


def size_of(study: Study, size: str) -> Size:
    """Size of a run; StudyError for one that the study has not."""
    if size == PROVISIONAL:
        few = replications_of_draws(PROVISIONAL_DRAWS, study.repeat_every)
        return Size(scale=min(PROVISIONAL_SCALE, study.scale), replications=min(few, study.replications))
    if size == WHOLE and study.full is not None:
        return study.full
    if size != STUDY_SIZE:
        raise StudyError("this study states no full size")
    return Size(scale=study.scale, replications=study.replications)


def own_study(path: Path, question: Question, size: str, configs: Path, scratch: Path) -> OwnStudy:
    """Study of a question on the worlds of the study of `path`; StudyError or WorldError where it cannot be.

    Its paths start at a folder two below that of `configs`, as those of experiments do. `scratch` is an empty folder.
    """
    if not question.mixes:
        raise StudyError("there is no mix: add one on the screen “Mix”")
    base, scenario = load_study(path), question.scenario
    plain = [mix.model_copy(update={"name": UNNAMED}) for mix in question.mixes]  # its name changes no run
    texts = [mix_toml(delayed(mix, scenario.delay)) for mix in plain]
    names = [f"{MIX}{hashlib.sha256(text.encode()).hexdigest()[:8]}" for text in texts]
    files = {f"{name}.toml": text for name, text in zip(names, texts, strict=True)}
    if len(files) < len(texts):
        raise StudyError("two mixes are the same: change or remove one")
    for name, text in files.items():
        write_text(scratch / name, text)
    study = with_question(base, path, OwnQuestion([str(scratch / name) for name in files]), configs)
    labels = dict(zip(names, (mix.name for mix in question.mixes), strict=True))
    worlds = [relabelled(world, labels) for world in study.worlds]
    if size == PROVISIONAL:  # what the money would gain without COVID waits for a larger run
        worlds = [world for world in worlds if not world.name.endswith(NO_COVID)]
    if not scenario.is_recorded:
        own = own_layer(scenario, world_of(world_spec(base, baseline_of(base), path.parent)))
        files |= {OWN: own} if own else {}
        layers = [str((configs / "scenarios" / f"{name}.toml").resolve()) for name in scenario.shipped]
        worlds = in_scenario(study, worlds, path.parent, [*layers, *([str(scratch / OWN)] if own else [])])
    asked = QUESTION.format(" or ".join(f"“{label}”" for label in labels.values()))
    if scenario != Scenario():
        asked = f"{asked[:-1]}, in this scenario: {scenario_sentence(scenario)}?"
    study = sized(study.model_copy(update={"question": asked}), base, worlds, size)
    return OwnStudy({"study.toml": study_text(study, path.parent, scratch, configs), **files})


def plain_study(path: Path, configs: Path) -> OwnStudy:
    """Provisional study of the worlds without a mix."""
    base = load_study(path)
    study = sized(base, base, [world for world in base.worlds if world.mix is None], PROVISIONAL)
    return OwnStudy({"study.toml": study_text(study, path.parent, None, configs)})


def sized(study: Study, base: Study, worlds: list[StudyWorld], size: str) -> Study:
    """Study of these worlds alone, at a size of the study that it starts from."""
    own = {"worlds": worlds, "attribution": None, "scenarios": [], **size_of(base, size).model_dump()}
    return study.model_copy(update=own)


def baseline_of(study: Study) -> StudyWorld:
    """World with which mixes are compared."""
    return next(world for world in study.worlds if world.name == study.baseline)


def mix_layers(study: Study, folder: Path, configs: Path) -> tuple[str, ...]:
    """Layers of the baseline, with the catalogue of interventions: those of the world in which mixes are bought."""
    layers = world_spec(study, baseline_of(study), folder).layers
    return layers if any(Path(each).name == CATALOGUE for each in layers) else (*layers, str(configs / CATALOGUE))


def relabelled(world: StudyWorld, labels: Mapping[str, str]) -> StudyWorld:
    """World with the label of its mix."""
    plain = world.name.removesuffix(NO_COVID)
    if plain not in labels:
        return world
    return world.model_copy(update={"label": labels[plain] + (WITHOUT if world.name != plain else "")})


def in_scenario(study: Study, worlds: list[StudyWorld], folder: Path, layers: list[str]) -> list[StudyWorld]:
    """Worlds in a scenario; those without COVID have the same layers, and all shocks are left out."""
    of, base = {world.name: world for world in worlds}, baseline_of(study)
    changed = []
    for world in worlds:
        calm = world_of(world_spec(study, world, folder)).shocks is None
        plain = of.get(world.name.removesuffix(NO_COVID), base) if world.mix else base
        own = plain.layers if calm else world.layers
        without = sorted(SHOCKS) if calm else world.without
        changed.append(world.model_copy(update={"layers": [*own, *layers], "without": without}))
    return changed


def study_text(study: Study, folder: Path, scratch: Path | None, configs: Path) -> str:
    """Text of a study file; files in `scratch` will be beside it."""

    def moved(name: str) -> str:
        place = (folder / name).resolve()
        if scratch is not None and place.parent == scratch.resolve():
            return place.name
        home = configs.resolve().parent
        return f"../../{place.relative_to(home).as_posix()}" if place.is_relative_to(home) else place.as_posix()

    tree = study.model_dump(exclude_none=True, exclude_defaults=True)
    worlds = tree.pop("worlds")
    for world in worlds:
        world["layers"] = list(map(moved, world["layers"]))
        if "mix" in world:
            world["mix"] = moved(world["mix"])
    if study.posterior is not None:
        tree["posterior"] = moved(os.path.abspath(study.posterior))
    head = "# Question of the app. Paths start at this file, in a folder of experiments/.\n"
    return toml_tables(head, tree, "[[worlds]]", worlds)
