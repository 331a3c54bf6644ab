"""An answer made of counts written by hand, for tests that only read answers."""

import numpy as np
import pandas as pd

from pipeline_sim.records.count_measures import MeasureAxes, measure_names
from pipeline_sim.records.event_log import Counts
from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.comparison.answer import Answer, answer_of
from pipeline_sim.study.comparison.study_file import Study, StudyWorld
from pipeline_sim.study.replication.mix_spending import LIST_COUNTS, listed_groups, mix_spending, reported_months
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import Numbers, Summary, WorldReplications, summary_of
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.schema.names import names_of
from pipeline_sim.world.schema.world import World

KEYS = ["replication", "year", "programme", "office", "stage", "pattern", "origin", "measure", "value"]
YEARS = range(2018, 2021)


def counts_of(measures: pd.DataFrame, frame: MeasureAxes) -> Counts:
    """Counts of one replication from its table of measures, in the form in which an engine counts."""
    codes = {name: code for code, name in enumerate(measure_names())}

    def column(name: str) -> np.ndarray:
        return measures[name].to_numpy(np.int64)

    return Counts(
        year=column("year") - frame.first_year,
        programme=column("programme"),
        office=column("office"),
        pattern=column("pattern"),
        origin=column("origin"),
        measure=measures["measure"].map(codes).to_numpy(np.int64),
        value=column("value"),
    )


def study(replications: int = 5) -> Study:
    worlds = [("no_covid", "No COVID", None), ("none", "No programme", None), ("mix", "The mix", "mix.toml")]
    return Study(
        name="by_hand",
        question="What does it buy back?",
        baseline="none",
        scale=0.1,
        replications=replications,
        seed=1,
        parameters="mode",
        worlds=[StudyWorld(name=name, label=label, layers=["x.toml"], mix=mix) for name, label, mix in worlds],
    )


def counts(replication: int, extensions: int, gap: int) -> pd.DataFrame:
    """The same luck in every world: it depends on the replication alone."""
    luck = int(np.random.default_rng(replication).integers(0, 40))
    rows = [
        (replication, year, programme, office, 1 + 2 * programme, pattern, 1, measure, value)
        for year in YEARS
        for programme, office, pattern in ((0, 0, 0), (1, 1, 1))
        for measure, value in (
            ("extensions", extensions + luck), ("extension_days", 91 * (extensions + luck)), ("headcount", 500),
            ("gap_carried_days", gap + 10 * luck), ("o1", 400), ("o10_2", extensions), ("ccts", 60),
        )
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=KEYS)


def samples(assumed: WorldSpec, mixed: WorldSpec, replications: int, jitter: int = 1) -> dict[str, WorldReplications]:
    """Per replication, programme and year the mix avoids 5 extensions, give or take the jitter."""
    sizes = {"no_covid": (10, 0), "none": (40, 3000), "mix": (35, 2000)}
    world = world_of(assumed)
    frame, names = frame_by_hand(world), names_of(world)

    def summary(name: str, r: int) -> Summary:
        extensions, gap = sizes[name]
        table = counts(r, extensions - (jitter * (r % 2) if name == "mix" else 0), gap)
        found = summary_of([counts_of(table, frame)], frame, names)
        found = found._replace(waiting=waiting(name))
        return found._replace(ledger=money.ledger, bought=money.bought) if name == "mix" else found

    def waiting(name: str) -> Numbers:
        """A thousand wait in every group; the mix adds one pathway a month."""
        table = np.zeros((len(listed_groups(world)), len(reported_months(world)), len(LIST_COUNTS)), np.int64)
        table[..., 0] = 1000
        if name == "mix":
            table[..., 1] = 1
            table[..., 0] -= table[..., 1].cumsum(axis=1)
        return table

    spends = world_of(mixed)
    money = mix_spending(spends, purchases(spends))
    assert money is not None

    def sample_of(summaries: list[Summary]) -> WorldReplications:
        return WorldReplications(*(np.stack(each) for each in zip(*summaries, strict=True)))

    return {name: sample_of([summary(name, r) for r in range(replications)]) for name in sizes}


def frame_by_hand(world: World) -> MeasureAxes:
    """The first programme is core, the others are higher."""
    first = world.period.first_year - world.period.warm_up_years
    stage = np.full(len(world.programmes), int(Stage.HIGHER), np.int32)
    stage[0] = Stage.CORE
    return MeasureAxes(world.dates.year_start, first, world.period.warm_up_years, stage)


def answered(assumed: WorldSpec, mixed: WorldSpec, replications: int = 5, jitter: int = 1, **changes: object) -> Answer:
    """The answer; the worlds give names, prices and the ledger. `changes` are those of the study."""
    worlds = {"no_covid": assumed, "none": assumed, "mix": mixed}
    asked = study(replications).model_copy(update=changes)
    return answer_of(asked, worlds, samples(assumed, mixed, replications, jitter))
