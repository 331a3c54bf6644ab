"""An answer made of counts written by hand, for tests that only read answers."""

import numpy as np
import pandas as pd

from pipeline_sim.study.answer import Answer, answer_of
from pipeline_sim.study.prepare import Assumed
from pipeline_sim.study.replicate import Replication
from pipeline_sim.study.study_file import Study, StudyWorld

KEYS = ["replication", "year", "programme", "office", "stage", "pattern", "origin", "measure", "value"]
YEARS = range(2018, 2021)


def study(replications: int = 5) -> Study:
    worlds = [("no_covid", "No COVID", None), ("none", "No programme", None), ("mix", "The mix", "mix.toml")]
    return Study(
        name="by_hand",
        question="What does it buy back?",
        baseline="none",
        scale=0.1,
        replications=replications,
        seed=1,
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


def runs(replications: int, jitter: int = 1) -> dict[str, tuple[Replication, ...]]:
    """Per replication, programme and year the mix avoids 5 extensions, give or take the jitter."""
    sizes = {"no_covid": (10, 0), "none": (40, 3000), "mix": (35, 2000)}
    return {
        name: tuple(
            Replication(counts(r, extensions - (jitter * (r % 2) if name == "mix" else 0), gap), 1, "", "", (), 1.0)
            for r in range(replications)
        )
        for name, (extensions, gap) in sizes.items()
    }


def answered(assumed: Assumed, mixed: Assumed, replications: int = 5, jitter: int = 1) -> Answer:
    """The answer; the worlds give names, prices and the ledger."""
    worlds = {"no_covid": assumed, "none": assumed, "mix": mixed}
    return answer_of(study(replications), worlds, runs(replications, jitter))
