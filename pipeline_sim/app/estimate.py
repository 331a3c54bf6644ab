"""Estimate of what a mix gains without a run, from runs of other mixes; none where it was not made for the question.

gain = top x (1 - exp(-sum / top)), the sum over lines of level x part of the order x (£m that can be spent) ** power.
`tools.render_estimates` fits it, and runs mixes that the fit has not seen: they say how far it is off, and whether it
is shown at all.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.records.files.shipped_files import SHIPPED
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.replication.joint_replication import PairedReplication, run_paired_replication
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.interventions.own_mix import FIRST, MONTHS
from pipeline_sim.world.interventions.spending import PENCE_PER_GBP
from pipeline_sim.world.schema.interventions import Places
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of

TABLE = SHIPPED / "results" / "shown" / "estimates.json"
LEAST_Q2, PART = 0.9, 0.95  # below that, no estimate; of unseen mixes within the error
LAST_START = FIRST.replace(month=FIRST.month + 2)
PROBE, PROBE_SEED, PROBE_SCALE, PROBE_GBP = "probe.txt", 24, 0.05, (500_000.0, 20_000_000.0)
MILLION_IN_PENCE = 1_000_000 * PENCE_PER_GBP
FEW = 10.0  # extensions: chance varies with the root of a gain, of a smaller one no less than of this

Spent = Mapping[str, float]  # £m that can be spent, by intervention, with its order if it has places


class Estimator(NamedTuple):
    """Fit, and what runs of mixes that it had not seen gave."""

    probe: str  # digest of the probe of the program and the figures for which it was made
    levels: Mapping[str, float]  # extensions avoided, by intervention
    orders: Mapping[str, float]  # part of the level, by order of places
    power: float
    top: float
    unseen: Sequence[tuple[Spent, float]]  # what is spent, and the mean gain in runs

    def gain(self, spent: Spent) -> float:
        """Extensions avoided, on average over draws."""
        total = 0.0
        for key, millions in spent.items():
            name, _, order = key.partition(" ")
            total += self.levels.get(name, 0.0) * self.orders.get(order, 1.0) * millions**self.power
        return self.top * -math.expm1(-total / self.top)

    @property
    def q2(self) -> float:
        """Part of the variance of unseen gains that is predicted; chance in the runs counts against it."""
        seen = [gain for _, gain in self.unseen]
        mean = sum(seen) / len(seen)
        missed = sum((gain - self.gain(spent)) ** 2 for spent, gain in self.unseen)
        return 1 - missed / sum((gain - mean) ** 2 for gain in seen)

    def error(self, gain: float) -> float:
        """Distance from an estimate within which 95 in 100 unseen mixes were, in proportion to roots of gains."""
        off = sorted(abs(seen - here) / root(here) for spent, seen in self.unseen for here in (self.gain(spent),))
        return off[math.ceil(PART * len(off)) - 1] * root(gain)


def root(gain: float) -> float:
    """Measure of chance in a gain."""
    return math.sqrt(max(gain, FEW))


@cache
def estimator(path: Path = TABLE) -> Estimator:
    """The fit that ships."""
    return Estimator(**json.loads(path.read_text(encoding="utf-8")))


def spent_on(world: World, mixes: Sequence[MixSection]) -> list[dict[str, float]]:
    """£m that mixes can spend in a world, by intervention and order."""
    axes, spent = axes_of(world), []
    for mix in mixes:
        bought, found = purchases(world.model_copy(update={"mix": mix}), axes=axes), dict[str, float]()
        assert bought is not None
        for each in bought.lines:
            entry = bought.catalogue.entries[each.line.intervention]
            order = mix.order or each.line.order or entry.order if isinstance(entry, Places) else ""
            key = f"{each.line.intervention} {order}".strip()
            found[key] = found.get(key, 0.0) + int(each.spent.sum()) / MILLION_IN_PENCE
        spent.append(found)
    return spent


def why_not(world: World, mix: MixSection) -> str:
    """Why a mix is unlike all that the estimate was made from; empty if it is not."""
    catalogue = world.interventions
    assert catalogue is not None
    if mix.served_first or any(line.first for line in mix.lines):
        return "it names who is served first"
    for line in mix.lines:
        if line.intervention not in estimator().levels:
            return f"{line.intervention} was in none of the mixes that it was made from"
        entry, groups = catalogue.entries[line.intervention], catalogue.group_names(line.groups)
        if line.offices or line.regions or (groups and not set(catalogue.group_names(entry.groups)) <= set(groups)):
            return "a line is for some groups, offices or regions alone"
        if not FIRST <= line.start <= LAST_START:
            return f"a line starts before {FIRST:%B %Y} or after {LAST_START:%B %Y}"
    return ""


def probe_digest(study: Study, baseline: WorldSpec, layers: Sequence[str]) -> str:
    """Twelve hex digits over counts of two small replications without a programme and with all that can be bought.

    What changes an answer, in a figure, a rule or a range, changes them.
    """
    entries = world_of(WorldSpec(tuple(layers))).interventions
    assert entries is not None
    sampling, digest = parameter_sampling(study.model_copy(update={"seed": PROBE_SEED})), hashlib.sha256()
    mixes = [WorldSpec(tuple(layers), made=all_bought(list(entries.entries), gbp)) for gbp in PROBE_GBP]
    for number in range(2):
        specs = [sampling.for_replication(each._replace(scale=PROBE_SCALE), number) for each in (baseline, *mixes)]
        for summary in run_paired_replication(PairedReplication(tuple(specs), "batch", PROBE_SEED, number)):
            digest.update(summary.counts.tobytes() + summary.ledger.tobytes())
    return digest.hexdigest()[:12]


def all_bought(names: Sequence[str], gbp: float) -> MixSection:
    """Mix with so many pounds for everything."""
    line = {"gbp": gbp, "split": "by_trainees", "start": FIRST, "months": MONTHS}
    budget = {"value": gbp * len(names), "unit": "GBP", "spread": 0, "source": ASSUMPTION, "grade": "C"}
    lines: list[dict[str, Any]] = [{"intervention": name, **line} for name in names]
    return MixSection.model_validate({"name": "probe", "budget": budget, "lines": tuple(lines)})
