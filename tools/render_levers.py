"""Puts the tables of levers into docs/levers.md: every intervention alone, every shock left out, orders, readings.

    python -m tools.render_levers [SECONDS]

Runs the replications that are missing, one after another, beginning none after SECONDS (by default, none at all), keeps
them below results/levers and, once all are there, runs experiments/readings and fills the page between its marks.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pipeline_sim.records.files.result_files import file_digest, write_text
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.report.text.reading_sentences import reading_sentences
from pipeline_sim.rules.codes import SeatOrder
from pipeline_sim.study.comparison.answer import Answer, parameter_sampling
from pipeline_sim.study.comparison.run_study import check_study, run_study
from pipeline_sim.study.comparison.study_file import Study, draws_of, load_study
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.run_setting import Setting, world_spec_digest
from pipeline_sim.world.shocks.apply_shocks import SHOCKS
from tools import lever_counts
from tools.lever_counts import ALONE, BASE, STUDY, WITHOUT, Found, first_count, lever_worlds, lost_count, run_one
from tools.page_parts import markdown
from tools.render_readme import between_marks

PAGE, FOLDER, READINGS_STUDY = Path("docs/levers.md"), Path("results/levers"), Path("experiments/readings/study.toml")
SCALE, REPLICATIONS = 0.05, 16
NO_COVID, BY_ORDER, READINGS, MADE = "no_covid", "order", "readings", "made"
MIXES = ("as_spent", "supervision_exams_release")
GAINS = ("extensions", "months")
ORDERS = tuple(order.name.lower() for order in SeatOrder)


def specs(study: Study, folder: Path) -> dict[str, WorldSpec]:
    """All worlds by name, the baseline first; mixes that are in no file are written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    worlds = lever_worlds(study, folder)
    base, bought = worlds[BASE], worlds[f"{ALONE} wellbeing"]
    worlds[NO_COVID] = base._replace(without=frozenset(SHOCKS))
    for mix in MIXES:
        shipped = Path(os.path.relpath(f"configs/mixes/{mix}.toml", folder)).as_posix()
        for order in ORDERS:
            file = folder / f"{mix}.{order}.toml"
            text = f'extends = ["{shipped}"]\n\n[mix]\nname = "{mix}, {order}"\norder = "{order}"\n'
            file.write_text(text, encoding="utf-8")
            worlds[f"{BY_ORDER} {mix} {order}"] = bought._replace(mix=str(file))
    return worlds


def levers_study() -> Study:
    """The study in whose worlds levers are tried, at the size of the page."""
    return load_study(STUDY).model_copy(update={"scale": SCALE, "replications": REPLICATIONS})


def digest_of(study: Study, worlds: Mapping[str, WorldSpec]) -> str:
    """Twelve hex digits over all that decides a replication and what is counted of it; the page states them."""
    setting = Setting("batch", study.seed, study.scale, parameter_sampling(study))
    each = [(name, world_spec_digest(spec)) for name, spec in worlds.items()]
    asked = Path("configs/scenarios/gaps_read_exactly.toml"), *sorted(READINGS_STUDY.parent.iterdir())
    counted = [file_digest(file) for file in (Path(lever_counts.__file__), *asked)]
    return hashlib.sha256(repr((setting.digest, each, counted)).encode()).hexdigest()[:12]


def run_missing(study: Study, worlds: Mapping[str, WorldSpec], seconds: float) -> dict[int, dict[str, Found]]:
    """Replications that are there after running some of those that are missing."""
    began, folder = time.monotonic(), FOLDER / digest_of(study, worlds)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{replication}.json" for replication in range(REPLICATIONS)]
    for replication, file in enumerate(files):
        if not file.exists() and time.monotonic() - began < seconds:
            write_text(file, json.dumps(run_one(study, worlds, replication), indent=1))
    return {n: json.loads(file.read_text(encoding="utf-8")) for n, file in enumerate(files) if file.exists()}


def estimates(done: Mapping[int, dict[str, Found]], draws: Draws, name: str, less: str | None, key: str) -> Estimate:
    """Mean and interval over draws of a value of a world, or of what another world has more of it."""
    values = [each[name][key] if less is None else each[less][key] - each[name][key] for each in done.values()]
    return estimate(np.array(values, np.float64), draws)


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
        return estimates(done, draws_of(study, len(done)), name, less, key)

    alone, shocks, orders = [], [], []
    for name, entry in world.interventions.entries.items():
        key, count = f"{ALONE} {name}", first_count(world, entry)
        gains = [cell(key, BASE, which) for which in GAINS]
        row = f"`{name}`", rounded(cell(key, None, "spent").mean), count.unit, shown(cell(key, None, "first"))
        alone.append((gains[0].mean, (*row, *map(shown, gains))))
    for shock in SHOCKS:
        key = f"{WITHOUT} {shock}"
        taken = [cell(BASE, key, which).negated() for which in GAINS]
        first = shown(cell(key, None, "first"))
        shocks.append((taken[0].mean, (f"`{shock}`", lost_count(world, shock).unit, first, *map(shown, taken))))
    for order in ORDERS:
        ordered = [f"{BY_ORDER} {mix} {order}" for mix in MIXES]
        orders.append((f"`{order}`", *(shown(cell(name, BASE, each)) for name in ordered for each in GAINS)))
    both = "extensions avoided", "months recovered"
    heads = [f"`{mix}`: {what}" for mix in MIXES for what in ("avoided", "months")]
    return {
        ALONE: markdown(("£25m for", "spent, £m", "first count", "change", *both), in_order(alone)),
        WITHOUT: markdown(("shock", "first count", "change", "its extensions", "its months"), in_order(shocks)),
        BY_ORDER: markdown(("order of places", *heads), orders),
        MADE: f"Made of {digest_of(study, worlds)}.",
    }


def readings_block(answer: Answer) -> str:
    """What each order avoids where gaps are misread and where they are read exactly, and the verdict of the report."""
    (_, read), parts = answer.scenarios.index.unique("scenario"), ("gain", "change")
    there, rows = answer.scenarios.loc[read], list[tuple[str, ...]]()
    for world in there.index:
        gain, change = (Estimate(*(there.loc[world, f"{part}_{end}"] for end in Estimate._fields)) for part in parts)
        rows.append((f"`{there.loc[world, 'orders']}`", shown(answer.avoided(world)), shown(gain), shown(change)))
    table = markdown(("order of places", "misread: avoided", "read exactly: avoided", "change"), rows)
    return "\n\n".join([table, *reading_sentences(answer)])


def in_order(rows: list[tuple[float, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """Rows, that with the highest number first."""
    return [row for _, row in sorted(rows, key=lambda each: -each[0])]


def main(arguments: Sequence[str], page: Path = PAGE) -> None:
    """Run what is missing for as long as is said, and fill the page."""
    study = levers_study()
    worlds = specs(study, FOLDER)
    done = run_missing(study, worlds, float(arguments[0]) if arguments else 0.0)
    if len(done) < REPLICATIONS:
        sys.exit(f"{len(done)} of {REPLICATIONS} replications are there")
    answer = run_study(check_study(load_study(READINGS_STUDY), READINGS_STUDY.parent))
    text = page.read_text(encoding="utf-8")
    for mark, block in {**blocks(study, worlds, done), READINGS: readings_block(answer)}.items():
        text = between_marks(text, mark, block)
    write_text(page, text)


if __name__ == "__main__":
    main(sys.argv[1:])
