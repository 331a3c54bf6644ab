"""Makes results/shown/estimates.json, from which the app estimates gains of mixes: python -m tools.render_estimates.

Mixes of £5m to £60m of two kinds, half each: random lines, and mixes that ship, changed. The fit is to some, in blocks
with draws of their own; the others, and the mixes that ship as they are, run on further draws and are never fitted to.
Takes about twelve minutes of one core; what has been run is kept below results/estimates.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from pipeline_sim.app.estimate import TABLE, Estimator, Spent, probe_digest, spent_on, why_not
from pipeline_sim.app.mix_input import LEAST_GBP, MOST_GBP, in_pounds
from pipeline_sim.decide.decision_section import decision_of
from pipeline_sim.decide.search.candidates import mix_with
from pipeline_sim.decide.search.evaluate import Evaluator, Place
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import load_study, world_spec
from pipeline_sim.study.estimates.random_effects import Reals
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.run_setting import Setting
from pipeline_sim.world.interventions.own_mix import FIRST, MONTHS
from pipeline_sim.world.schema.interventions import AnyEntry, OrderName, Places
from pipeline_sim.world.schema.mix import MixSection

STUDY, DECISION, FOLDER = Path("experiments/recovery_25m/study.toml"), "experiments/best_25m/study.toml", "estimates"
SCALE, BLOCK, BLOCKS, REPLICATIONS = 0.2, 24, 9, 12  # mixes of a block; blocks of the fit; replications of a block
UNSEEN, UNSEEN_REPLICATIONS = 48, 32  # beside the mixes that ship
FIT, SEEN_NEVER = 1, 2  # sets of mixes and draws
LEAST_LINE, LATER, MOST_LINES = 20_000, 2, 8  # pounds; months; lines of a random mix
CHANCE = 8.0  # extensions: what the form of the fit misses, beside chance


class Shop:
    """What can be bought, and the mixes that ship."""

    def __init__(self) -> None:
        self.study = load_study(STUDY)
        specs = {world.name: world_spec(self.study, world, STUDY.parent) for world in self.study.worlds}
        self.place = Place(specs[self.study.baseline], specs["as_spent"].layers)
        self.world = world_of(specs["as_spent"])
        assert self.world.interventions is not None
        self.entries = {name: entry for name, entry in self.world.interventions.entries.items() if lead(entry) < MONTHS}
        own = [world_of(spec).mix for spec in specs.values() if spec.layers == self.place.layers]
        self.shipped = [mix for mix in own if mix is not None and not mix.served_first]

    def line(self, name: str, gbp: float, random: np.random.Generator) -> dict[str, Any]:
        """Random line of an intervention."""
        entry = self.entries[name]
        later = LATER if random.random() < 0.25 and lead(entry) < 9 else 0
        split = "by_need" if random.random() < 0.3 else "by_trainees"
        order = str(random.choice(get_args(OrderName))) if isinstance(entry, Places) else None
        start, months = FIRST.replace(month=FIRST.month + later), MONTHS - later - lead(entry)
        return {
            "intervention": name,
            "gbp": float(gbp),
            "split": split,
            "start": start,
            "months": months,
            "order": order,
        }

    def random_lines(self, budget: float, random: np.random.Generator) -> list[dict[str, Any]]:
        """Lines of random interventions with random parts of a budget."""
        chosen = random.choice(len(self.entries), int(random.integers(1, MOST_LINES + 1)), replace=False)
        shares, names = random.dirichlet(np.ones(len(chosen))), list(self.entries)
        parts = [(names[at], round(share * budget)) for at, share in zip(chosen, shares, strict=True)]
        return [self.line(name, gbp, random) for name, gbp in parts if gbp >= LEAST_LINE]

    def changed_lines(self, budget: float, random: np.random.Generator) -> list[dict[str, Any]]:
        """Lines of a mix that ships, some left out, with other sums and orders, and perhaps one more."""
        mix = self.shipped[int(random.integers(len(self.shipped)))]
        own = [line.model_dump(exclude_defaults=True) for line in in_pounds(mix).lines]
        lines = [line for line in own if random.random() < 0.8] or own[:1]
        for line in lines:
            line["gbp"] *= float(np.exp(random.normal(0, 0.7)))
            if isinstance(self.entries[line["intervention"]], Places):
                line["order"] = mix.order or line.get("order")
                if random.random() < 0.3:
                    line["order"] = str(random.choice(get_args(OrderName)))
        if random.random() < 0.6:
            name = list(self.entries)[int(random.integers(len(self.entries)))]
            lines.append(self.line(name, random.uniform(0.05, 0.4) * sum(line["gbp"] for line in lines), random))
        total = sum(line["gbp"] for line in lines)
        lines = [{**line, "gbp": float(round(line["gbp"] / total * budget))} for line in lines]
        return [line for line in lines if line["gbp"] >= LEAST_LINE]

    def mixes(self, count: int, which: int) -> list[MixSection]:
        """So many mixes of a set."""
        random, found = np.random.Generator(np.random.Philox(key=which)), list[MixSection]()
        while len(found) < count:
            budget = float(np.exp(random.uniform(np.log(LEAST_GBP), np.log(MOST_GBP))))
            lines = self.random_lines if len(found) % 2 else self.changed_lines
            if own := lines(budget, random):
                found.append(mix_with("mix", own))
        return found

    def gains(self, mixes: Sequence[MixSection], which: int, numbers: range) -> Reals:
        """Mean gains [N] of mixes over replications of a set of draws."""
        own = self.study.model_copy(update={"seed": self.study.seed + which - FIT, "repeat_every": 0})
        decision = decision_of(load_study(Path(DECISION)), DECISION)
        evaluator = Evaluator(own, decision, [self.place], Path("results") / FOLDER, 1)
        setting = Setting("batch", own.seed, SCALE, parameter_sampling(own))
        return np.asarray(evaluator.gains(mixes, setting, numbers)[:, 0].mean(axis=-1))

    def spent(self, mixes: Sequence[MixSection]) -> list[dict[str, float]]:
        """What is spent of mixes."""
        return [{key: round(gbp, 4) for key, gbp in each.items()} for each in spent_on(self.world, mixes)]


def lead(entry: AnyEntry) -> int:
    """Months before an intervention delivers."""
    return round(entry.lead.value)


def fitted(spent: Sequence[Spent], gains: Reals, probe: str) -> Estimator:
    """Fit [N] by least squares; levels are not below zero, and drawn in towards it a little."""
    from scipy.optimize import least_squares

    names = sorted({key.partition(" ")[0] for each in spent for key in each})
    orders = [name for name in get_args(OrderName) if name != "nearest_to_line"]

    def estimator(values: Reals) -> Estimator:
        parts = iter(values.tolist())
        levels = {name: 10 * next(parts) for name in names}
        return Estimator(probe, levels, {name: next(parts) for name in orders}, next(parts), 1000 * next(parts), ())

    def misfit(values: Reals) -> Reals:
        fit = estimator(values)
        off = np.array([fit.gain(each) for each in spent]) - gains
        return np.concatenate([off / np.sqrt(CHANCE**2 + np.maximum(gains, 10.0)), 0.1 * values[: len(names)]])

    start = np.concatenate([np.ones(len(names)), [0.5, 0.5, 0.5, 0.9, 1.0]])
    lowest = np.concatenate([np.zeros(len(names) + 3), [0.3, 0.2]])
    highest = np.concatenate([np.full(len(names) + 3, 50.0), [1.2, 50.0]])
    return estimator(least_squares(misfit, start, bounds=(lowest, highest)).x.round(5))


def main() -> None:
    """Run what is missing, fit, and write the file."""
    shop = Shop()
    known = shop.mixes(BLOCK * BLOCKS, FIT)
    blocks = [
        shop.gains(known[BLOCK * at : BLOCK * (at + 1)], FIT, range(REPLICATIONS * at, REPLICATIONS * (at + 1)))
        for at in range(BLOCKS)
    ]
    unseen = [*map(in_pounds, shop.shipped), *shop.mixes(UNSEEN, SEEN_NEVER)]
    gains = shop.gains(unseen, SEEN_NEVER, range(UNSEEN_REPLICATIONS))
    probe = probe_digest(shop.study, shop.place.baseline, shop.place.layers)
    fit = fitted(shop.spent(known), np.concatenate(blocks), probe)
    fit = fit._replace(unseen=list(zip(shop.spent(unseen), gains.round(2).tolist(), strict=True)))
    rows = {key: json.dumps(value) for key, value in fit._asdict().items() if key != "unseen"}
    rows["unseen"] = "[\n  " + ",\n  ".join(json.dumps(each) for each in fit.unseen) + "\n]"
    write_text(TABLE, "{\n" + ",\n".join(f'"{key}": {text}' for key, text in rows.items()) + "\n}\n")
    print(f"Q2 on {len(unseen)} mixes not fitted to: {fit.q2:.3f}; an estimate of 100 is off by {fit.error(100):.0f}")
    assert not any(why_not(shop.world, mix) for mix in unseen), "a mix that the app would not estimate"


if __name__ == "__main__":
    main()
