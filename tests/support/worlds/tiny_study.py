"""A study of the tiny world that runs in a second: no COVID, COVID, and two mixes of which one buys nothing."""

import json
from pathlib import Path

from pipeline_sim.records.files.storage import Storage
from pipeline_sim.study.comparison.run_study import StudyPlan, check_study
from pipeline_sim.study.comparison.study_file import Study
from support import CONFIGS, ROOT

MIX = """
[mix]
name = "{name}"
budget = {{ value = {budget}, unit = "GBP", source = "assumption", grade = "C", low = {budget}, high = {budget} }}
[[mix.lines]]
intervention = "locally-employed-doctors"
share = 0.5
split = "by_trainees"
start = 2021-05-01
months = 12
[[mix.lines]]
intervention = "simulation"
share = 0.5
split = "by_trainees"
payer = "national"
start = 2021-05-01
months = 12
"""
KEPT = ("no_covid", "no_programme", "as_spent", "supervision_exams_release")  # of the question of the README
LAYERS = ("tiny", "costs", "covid", "interventions")
STEPS = [
    {"label": "Lists", "shocks": ["surge", "backlog"]},
    {"label": "Wards", "shocks": ["redeployment", "changeover"]},
]


def study(folder: Path, **changes: object) -> Study:
    """Files go to the folder."""
    for name, budget in (("money", 5_000_000), ("nothing", 0)):  # for all England: 4 places at a quarter of the scale
        (folder / f"{name}.toml").write_text(MIX.format(name=name, budget=budget))
    layers = [str(CONFIGS / f"{name}.toml") for name in LAYERS]
    worlds = [
        {"name": "no_covid", "label": "No COVID", "layers": [layers[0], layers[1]]},
        {"name": "none", "label": "No programme", "layers": layers},
        {"name": "money", "label": "Money", "layers": layers, "mix": "money.toml"},
        {"name": "nothing", "label": "Nothing bought", "layers": layers, "mix": "nothing.toml"},
    ]
    plain = {
        "name": "tiny", "question": "What if?", "baseline": "none", "scale": 1.0, "replications": 4, "seed": 7,
        "repeat_every": 1, "year": 2021, "worlds": worlds,
        "attribution": {"programme": "money", "replications": 2, "steps": STEPS},
    }  # fmt: skip
    return Study.model_validate(plain | changes)


def question(folder: Path, store: Storage | None = None, engine: str = "batch", **changes: object) -> StudyPlan:
    """The study, checked, on one thread."""
    return check_study(study(folder, **changes), folder, engine, 1, store)


def written(folder: Path, replications: int = 2) -> Path:
    """The study without its attribution as study.toml in the folder, with a full size."""
    lines = ['name = "tiny"', 'question = "What if?"', 'baseline = "none"', "scale = 1.0"]
    lines += [f"replications = {replications}", "full = { scale = 1.0, replications = 3 }", "seed = 7", "year = 2021"]
    for world in study(folder).worlds:
        lines += ["[[worlds]]", f'name = "{world.name}"', f'label = "{world.label}"']
        lines += [f"layers = {json.dumps(list(world.layers))}", *([f'mix = "{world.mix}"'] if world.mix else [])]
    (folder / "study.toml").write_text("\n".join([*lines, ""]))
    return folder


def app_study(folder: Path) -> Path:
    """Two mixes of the question of the README at a two-hundredth of England, in a folder like the project's."""
    text = (ROOT / "experiments" / "recovery_25m" / "study.toml").read_text(encoding="utf-8")
    head, *worlds = text.split("[attribution]")[0].split("[[worlds]]")
    head = head.replace("scale = 0.2\nreplications = 45", "scale = 0.005\nreplications = 3")
    kept = [world for world in worlds if any(f'name = "{name}"\n' in world for name in KEPT)]
    place = folder / "experiments" / "small"
    place.mkdir(parents=True)
    (folder / "configs").symlink_to(CONFIGS)
    (place / "study.toml").write_text("[[worlds]]".join([head, *kept]), encoding="utf-8")
    return place / "study.toml"
