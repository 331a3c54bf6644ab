"""Puts the tables of levers into docs/levers.md: every intervention alone, every shock left out, two mixes by order.

    python -m tools.render_levers [SECONDS]

Runs the replications that are missing, one after another, beginning none after SECONDS (by default, none at all), keeps
them below results/levers and fills the page, between its marks, from those that are there.
"""

import hashlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.engines import SHARED_PREFIX_ENGINES
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.rules.codes import SeatOrder
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import Study, load_study, world_spec
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.joint_replication import summarise_log
from pipeline_sim.study.replication.paired_worlds import WorldInputs, inputs_of
from pipeline_sim.study.replication.prepare import WorldSpec, frame_of, world_of
from pipeline_sim.study.replication.run_setting import Setting, world_spec_digest
from pipeline_sim.world.interventions.own_mix import mix_text, own_line
from pipeline_sim.world.schema.names import names_of
from pipeline_sim.world.shocks.apply_shocks import SHOCKS
from tools.lever_counts import Run, first_count, lost_count
from tools.render_readme import between_marks, markdown

STUDY, PAGE, FOLDER = Path("experiments/recovery_25m/study.toml"), Path("docs/levers.md"), Path("results/levers")
SCALE, REPLICATIONS, BUDGET, HALF = 0.05, 16, "25m", "12.5m"
BASE, NO_COVID, ALONE, WITHOUT, BY_ORDER = "base", "no_covid", "alone", "without", "order"
MISREAD, EXACT = "misread", "exact"
READINGS = {MISREAD: 25, EXACT: 0}  # days by which gaps may be misread
MIXES = ("as_spent", "supervision_exams_release")
PENCE_PER_MILLION = 1e8
Found = dict[str, float]


def specs(study: Study, folder: Path) -> dict[str, WorldSpec]:
    """All worlds by name, the baseline first; mixes that are in no file are written into a folder."""
    stated = {world.name: world_spec(study, world, STUDY.parent) for world in study.worlds}
    base, bought = stated["no_programme"], stated[MIXES[0]]
    world = world_of(bought)
    assert world.interventions is not None
    worlds = {BASE: base, NO_COVID: base._replace(without=frozenset(SHOCKS))}
    worlds |= {f"{WITHOUT} {shock}": base._replace(without=frozenset({shock})) for shock in SHOCKS}
    folder.mkdir(parents=True, exist_ok=True)
    for name in world.interventions.entries:
        file = folder / f"{name}.toml"
        file.write_text(mix_text(name, [own_line(world, f"{name}={BUDGET}")], None), encoding="utf-8")
        worlds[f"{ALONE} {name}"] = bought._replace(mix=str(file))
    for mix in MIXES:
        for order in SeatOrder:
            name = order.name.lower()
            file = folder / f"{mix}.{name}.toml"
            text = f'extends = ["../../configs/mixes/{mix}.toml"]\n\n[mix]\nname = "{mix}, {name}"\norder = "{name}"\n'
            file.write_text(text, encoding="utf-8")
            worlds[f"{BY_ORDER} {mix} {name}"] = bought._replace(mix=str(file))
    return worlds | readings(bought, folder)


def readings(bought: WorldSpec, folder: Path) -> dict[str, WorldSpec]:
    """Courses and release under every order, gaps misread and read exactly."""
    world, worlds = world_of(bought), dict[str, WorldSpec]()
    lines = [own_line(world, f"{name}={HALF}") for name in ("protected-time", "boot-camps")]
    for what, days in READINGS.items():
        layer = folder / f"{what}.toml"
        error = (
            f'value = {days}, low = {days}, high = {days}, unit = "curriculum days", source = "assumption", grade = "C"'
        )
        layer.write_text(f"[interventions]\nreading_error = {{ {error} }}\n", encoding="utf-8")
        for order in (each.name.lower() for each in SeatOrder):
            file = folder / f"readings.{order}.toml"
            text = mix_text(f"courses and release, {order}", lines, None)
            file.write_text(text.replace("[mix]\n", f'[mix]\norder = "{order}"\n'), encoding="utf-8")
            worlds[f"{what} {order}"] = bought._replace(layers=(*bought.layers, str(layer)), mix=str(file))
    return worlds


@lru_cache(maxsize=1)
def prepared(drawn: tuple[WorldSpec, ...]) -> list[WorldInputs]:
    """Inputs of all worlds, kept for the next replication with the same draw."""
    return inputs_of(drawn)


def run_one(study: Study, worlds: Mapping[str, WorldSpec], replication: int) -> dict[str, Found]:
    """What every world moves in one replication, scaled up to England."""
    sampling = parameter_sampling(study)
    inputs = prepared(tuple(sampling.for_replication(spec, replication) for spec in worlds.values()))
    logs = [EventLog() for _ in inputs]
    SHARED_PREFIX_ENGINES["batch"]([each.rulebook for each in inputs], study.seed, replication, logs, None)
    first = inputs[0]
    frame, names = frame_of(first.world, first.rulebook), names_of(first.world)
    found, base = dict[str, Found](), None
    for name, each, log in zip(worlds, inputs, logs, strict=True):
        counts = summarise_log(log, frame, names).counts
        run = Run(each, log.columns(), dict(zip(measure_names(), counts.sum(axis=0).tolist(), strict=True)))
        last = dict(zip(measure_names(), counts[-1].tolist(), strict=True))
        short = (run.counts["extension_days"] + last["gap_carried_days"]) / DAYS_PER_MONTH
        base = base or run
        found[name] = {"extensions": run.counts["extensions"] / study.scale, "months": short / study.scale}
        found[name] |= moved_by(name, run, base, study.scale)
        log.restart()
    return found


def moved_by(name: str, run: Run, base: Run, scale: float) -> Found:
    """First count that the lever of a world moves, and millions spent."""
    kind, _, lever = name.partition(" ")
    spent: Found = {}
    if run.inputs.spending is not None:
        spent = {"spent": float(run.inputs.spending.ledger[..., 0].sum() / PENCE_PER_MILLION)}
    if kind not in (ALONE, WITHOUT):
        return spent
    if kind == ALONE:
        count = first_count(run.inputs.world, run.inputs.world.interventions.entries[lever])  # type: ignore[union-attr]
        change = count.of(run, base)
    else:
        count = lost_count(run.inputs.world, lever)
        change = count.of(base, run)  # the baseline has the shock
    return {**spent, "first": change / scale if count.counted else change}


def digest_of(study: Study, worlds: Mapping[str, WorldSpec]) -> str:
    """Twelve hex digits over all that decides a replication, so that those of another program or world are not used."""
    setting = Setting("batch", study.seed, study.scale, parameter_sampling(study))
    each = [(name, world_spec_digest(spec)) for name, spec in worlds.items()]
    return hashlib.sha256(repr((setting.digest, each)).encode()).hexdigest()[:12]


def run_missing(study: Study, worlds: Mapping[str, WorldSpec], seconds: float) -> dict[int, dict[str, Found]]:
    """Replications that are there after running some of those that are missing."""
    began, folder = time.monotonic(), FOLDER / digest_of(study, worlds)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{replication}.json" for replication in range(REPLICATIONS)]
    for replication, file in enumerate(files):
        if not file.exists() and time.monotonic() - began < seconds:
            write_text(file, json.dumps(run_one(study, worlds, replication), indent=1))
    return {n: json.loads(file.read_text(encoding="utf-8")) for n, file in enumerate(files) if file.exists()}


def estimates(done: Mapping[int, dict[str, Found]], per_draw: int, name: str, less: str | None, key: str) -> Estimate:
    """Mean and interval over draws of a value of a world, or of what another world has more of it."""
    values = [each[name][key] if less is None else each[less][key] - each[name][key] for each in done.values()]
    return estimate(np.array(values, np.float64), Draws.even(len(values), per_draw))


def shown(found: Estimate) -> str:
    """Text of an estimate; in italics where the interval includes zero."""
    if found.mean == found.low == found.high == 0:
        return "0"
    text = f"{rounded(found.mean)} ({rounded(found.low)} to {rounded(found.high)})"
    return text if found.excludes_zero else f"*{text}*"


def blocks(study: Study, worlds: Mapping[str, WorldSpec], done: Mapping[int, dict[str, Found]]) -> dict[str, str]:
    """Tables by mark."""
    world = world_of(worlds[f"{ALONE} wellbeing"])
    assert world.interventions is not None

    def cell(name: str, less: str | None, key: str) -> Estimate:
        return estimates(done, study.lucks, name, less, key)

    alone, shocks, orders = [], [], []
    for name, entry in world.interventions.entries.items():
        key, count = f"{ALONE} {name}", first_count(world, entry)
        gains = [cell(key, BASE, which) for which in ("extensions", "months")]
        row = f"`{name}`", rounded(cell(key, None, "spent").mean), count.unit, shown(cell(key, None, "first"))
        alone.append((gains[0].mean, (*row, *map(shown, gains))))
    for shock in SHOCKS:
        key = f"{WITHOUT} {shock}"
        taken = [cell(BASE, key, which).negated() for which in ("extensions", "months")]
        first = shown(cell(key, None, "first"))
        shocks.append((taken[0].mean, (f"`{shock}`", lost_count(world, shock).unit, first, *map(shown, taken))))
    for order in (each.name.lower() for each in SeatOrder):
        ordered = [f"{BY_ORDER} {mix} {order}" for mix in MIXES]
        cells = [shown(cell(name, BASE, which)) for name in ordered for which in ("extensions", "months")]
        misread, exact = f"{MISREAD} {order}", f"{EXACT} {order}"
        cells += [shown(cell(misread, BASE, "extensions")), shown(cell(exact, misread, "extensions"))]
        orders.append((f"`{order}`", *cells))
    both = "extensions avoided", "months recovered"
    heads = [f"`{mix}`: {what}" for mix in MIXES for what in ("avoided", "months")]
    return {
        ALONE: markdown(("£25m for", "spent, £m", "first count", "change", *both), in_order(alone)),
        WITHOUT: markdown(("shock", "first count", "change", "its extensions", "its months"), in_order(shocks)),
        BY_ORDER: markdown(("order of places", *heads, "misread: avoided", "exact: more"), orders),
    }


def in_order(rows: list[tuple[float, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """Rows, that with the highest number first."""
    return [row for _, row in sorted(rows, key=lambda each: -each[0])]


def main(arguments: Sequence[str], page: Path = PAGE) -> None:
    """Run what is missing for as long as is said, and fill the page."""
    study = load_study(STUDY).model_copy(update={"scale": SCALE, "replications": REPLICATIONS})
    worlds = specs(study, FOLDER)
    done = run_missing(study, worlds, float(arguments[0]) if arguments else 0.0)
    if len(done) < REPLICATIONS:
        sys.exit(f"{len(done)} of {REPLICATIONS} replications are there")
    text = page.read_text(encoding="utf-8")
    for mark, block in blocks(study, worlds, done).items():
        text = between_marks(text, mark, block)
    write_text(page, text)


if __name__ == "__main__":
    main(sys.argv[1:])
