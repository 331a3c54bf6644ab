"""A question asked in options, without files: mixes by name or file, another budget, scenarios by name.

The worlds without a mix are those of a study; every mix asked for is compared with its baseline, and is also run
without COVID, so that what it would gain in any year is known.
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.study.comparison.attribution import mix_interventions
from pipeline_sim.study.comparison.named_files import TOML, as_name, mix_budget, named_file
from pipeline_sim.study.comparison.scenarios import programmes_of, without_covid
from pipeline_sim.study.comparison.study_file import Study, StudyScenario, StudyWorld, check_study_names, world_spec
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.interventions.own_mix import amount_text, gbp_of
from pipeline_sim.world.interventions.spending import PENCE_PER_GBP
from pipeline_sim.world.loading.load_world import mix_and_budget
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.schema.sourced_value import JUDGEMENT

MIXES, SCENARIOS, CATALOGUE = "mixes", "scenarios", "interventions.toml"
QUESTION = "What does {} buy back, in extensions avoided and months of training recovered, and how sure are we?"
NO_COVID, WITHOUT = "_no_covid", ", had there been no COVID"


class OwnQuestion(NamedTuple):
    """Options of a question: mixes and scenarios as typed, a budget as typed."""

    mixes: Sequence[str] = ()
    budget: str | None = None
    scenarios: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.mixes or self.budget or self.scenarios)


def with_question(study: Study, path: Path, asked: OwnQuestion, configs: Path) -> Study:
    """Study with the mixes, budget and scenarios that are asked for; StudyError where one cannot be."""
    folder = path.parent
    specs = {world.name: world_spec(study, world, folder) for world in study.worlds}
    scenarios = [*study.scenarios, *(scenario_of(name, folder, configs / SCENARIOS) for name in asked.scenarios)]
    study = study.model_copy(update={"scenarios": scenarios})
    if asked.mixes or asked.budget:
        names = asked.mixes or programmes_of(study, specs)
        if not names:
            raise StudyError(f"--budget {asked.budget}: there is no mix to give it to in {path}: name one with --mix")
        worlds = [world for world in study.worlds if world.mix is None]
        for mix in mix_files(study, names, asked.budget, folder, configs / MIXES):
            worlds += worlds_of_mix(study, specs, mix, configs)
        labels = [f"“{world.label}”" for world in worlds if world.mix and not world.name.endswith(NO_COVID)]
        question = QUESTION.format(" or ".join(labels))
        study = study.model_copy(update={"worlds": worlds, "question": question})
        kept = {world.name for world in worlds}
        if study.attribution is not None and study.attribution.programme not in kept:
            study = study.model_copy(update={"attribution": None})
        for world in worlds:
            check_money(world, world_spec(study, world, folder))
    check_study_names(path, study)
    return study


def check_parts(study: Study, path: Path) -> None:
    """Refuse, with StudyError, the parts of mixes where there is no mix, or none of several interventions."""
    mixes = [world for world in study.worlds if world.mix is not None]
    if not mixes:
        raise StudyError(f"--parts: there is no mix to take parts of in {path}: name one with --mix")
    if all(len(mix_interventions(world_spec(study, world, path.parent))) < 2 for world in mixes):
        raise StudyError("--parts: no mix has more than one intervention, so there are no parts: leave it out")


class MixFile(NamedTuple):
    """Mix of a question: its name and label in the study, its file relative to the study, its budget as typed."""

    name: str
    label: str
    file: str
    budget: str | None = None


def mix_files(study: Study, names: Sequence[str], budget: str | None, folder: Path, shipped: Path) -> list[MixFile]:
    """Mixes as typed; one that is asked for with several budgets has them in its names. StudyError if one is twice."""
    found, names = list[MixFile](), [each for name in names for each in files_of_folder(name)]
    for plain, own in (mix_budget(name, budget) for name in names):
        found.append(mix_file(study, plain, folder, shipped)._replace(budget=own))
    stems = [mix.name for mix in found]
    for place, mix in enumerate(found):
        if mix.budget is not None and stems.count(mix.name) > 1:
            found[place] = mix._replace(name=f"{mix.name}_{slug(amount_text(gbp_of(mix.budget)))}")
        if found[place].name in {other.name for other in found[:place]}:
            raise StudyError(f"--mix {names[place]}: there is a mix {found[place].name} before it: give each one once")
    return found


def files_of_folder(name: str) -> list[str]:
    """Mix as typed, or every mix of a folder, such as that of a result of `optimise`; StudyError if it has none."""
    if not Path(name).is_dir():
        return [name]
    files = sorted(map(str, Path(name).glob(f"*{TOML}")))
    if not files:
        raise StudyError(f"--mix {name}: is a folder without mixes (*{TOML})")
    return files


def mix_file(study: Study, name: str, folder: Path, shipped: Path) -> MixFile:
    """Mix of a world of the study, of the project or of a file; StudyError names the nearest."""
    for world in study.worlds:
        if world.mix is not None and world.name == as_name(name):
            return MixFile(world.name, world.label, world.mix)
    file = named_file("--mix", name, shipped, "mix")
    check_own_name(file, shipped)
    label = file.stem.replace("_", " ").replace("-", " ")
    return MixFile(slug(file.stem), f"{label[:1].upper()}{label[1:]}", relative(file, folder))


def check_own_name(file: Path, shipped: Path) -> None:
    """Refuse, with StudyError, a changed copy of a shipped mix that has kept its name and would pass for it."""
    own = read_toml(file).get("mix", {})
    for other in sorted(shipped.glob(f"*{TOML}")):
        theirs = read_toml(other)["mix"]
        if own.get("name") == theirs["name"] and own != theirs:
            copied = f"{file}: mix.name: is “{theirs['name']}”, that of {other.name}"
            raise StudyError(f"{copied}, but the mix is another: give it its own name")


def scenario_of(name: str, folder: Path, shipped: Path) -> StudyScenario:
    """Scenario of the project or of a file, by name; StudyError names the nearest."""
    file = named_file("--scenario", name, shipped, "scenario")
    if "mix" in read_toml(file):
        raise StudyError(f"--scenario {name} is a mix, no scenario: should be --mix {name}")
    label = judgement_in(file) or file.stem.replace("_", " ").replace("-", " ")
    return StudyScenario(name=slug(file.stem), label=f"{label[:1].upper()}{label[1:]}", layers=[relative(file, folder)])


def judgement_in(file: Path) -> str | None:
    """Title of the panel whose judgement a layer is; None if it is no panel's."""
    sources = read_toml(file).get("sources")
    parts = sources.values() if isinstance(sources, dict) else ()
    titles = (str(part.get("title")) for part in parts if isinstance(part, dict))
    return next((title for title in titles if title.startswith(JUDGEMENT)), None)


def worlds_of_mix(study: Study, specs: Mapping[str, WorldSpec], mix: MixFile, configs: Path) -> list[StudyWorld]:
    """World of a mix in the scenario of the baseline, and without COVID where the study has such a world."""
    base, calm = study.baseline, without_covid(study, specs)
    file, label = mix.file, mix.label
    if mix.budget is not None:
        own, _ = mix_and_budget(file)
        file, label = f"{own}@{mix.budget}", f"{label}, {amount_text(gbp_of(mix.budget))}"
    worlds = [study_world(study, specs, base, mix.name, label, file, configs)]
    if calm is not None:
        worlds.append(study_world(study, specs, calm, f"{mix.name}{NO_COVID}", f"{label}{WITHOUT}", file, configs))
    return worlds


def study_world(
    study: Study, specs: Mapping[str, WorldSpec], plain: str, name: str, label: str, mix: str, configs: Path
) -> StudyWorld:
    """World with a mix, over the layers of a world without one and the catalogue of what can be bought."""
    layers = next(world.layers for world in study.worlds if world.name == plain)
    if world_of(specs[plain]).interventions is None:
        bought = [layer for world in study.worlds for layer in world.layers if world.mix is not None]
        layers = [*layers, next((each for each in bought if Path(each).name == CATALOGUE), str(configs / CATALOGUE))]
    return StudyWorld(name=name, label=label, layers=list(layers), mix=mix)


def check_money(world: StudyWorld, spec: WorldSpec) -> None:
    """Refuse, with StudyError, a budget of which no line of the mix can spend its part, for ceilings."""
    _, budget = mix_and_budget(world.mix)
    bought = purchases(world_of(spec)) if budget is not None else None
    if bought is not None and all((line.budget - line.spent).sum() > PENCE_PER_GBP for line in bought.lines):
        most = sum(int(line.spent.sum()) for line in bought.lines) / PENCE_PER_GBP
        given = f"{world.label}: budget is {amount_text(budget or 0.0)}"
        raise StudyError(f"{given}, beyond all ceilings: no more than £{most / 1e6:.0f}m can be spent on this mix")


def slug(stem: str) -> str:
    """Name of a world from the stem of a file."""
    return "_".join(re.findall(r"[a-z0-9]+", stem.lower())) or "mix"


def relative(file: Path, folder: Path) -> str:
    """Path of a file, from the folder of the study."""
    return os.path.relpath(file.resolve(), folder.resolve())
