"""What the model is held against and fitted to, for the section on validation."""

from collections import Counter
from typing import Any, NamedTuple

from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.study.fit.targets import load_targets
from pipeline_sim.study.replication.plausible_set import load_plausible

TARGETS = "evidence/targets.toml"


class Recorded(NamedTuple):
    """How many figures there are of each role, and what was fitted."""

    all: int
    publishers: int
    test: int
    fit: int
    input: int
    forecast: int
    open: int  # parameters of the plausible set
    rows: int  # positions kept


def facts(subject: Subject) -> dict[str, Any]:
    """Nothing where a world has no published figures beside it, or its study no plausible set."""
    path = next((folder / TARGETS for folder in subject.world.folders if (folder / TARGETS).is_file()), None)
    plausible = subject.study.plausible if subject.study is not None else None
    if path is None or plausible is None:
        return {"targets": None}
    found, fitted = load_targets(path).targets, load_plausible(plausible)
    roles = Counter(each.role for each in found)
    return {
        "targets": Recorded(
            all=len(found),
            publishers=len({each.publisher for each in found}),
            test=roles["test"],
            fit=roles["fit"],
            input=roles["input"],
            forecast=sum(each.forecast for each in found),
            open=len(fitted.open),
            rows=len(fitted.rows),
        )
    }
