"""Numbers of targets and of calibrated parameters, for the section on validation."""

from collections import Counter
from typing import Any, NamedTuple

from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.study.fit.targets import load_targets
from pipeline_sim.study.replication.posterior_sample import load_sample

TARGETS, LAST_FITTED = "evidence/targets.toml", 2019  # the last training year of what is fitted


class TargetCounts(NamedTuple):
    """Numbers of records by role, of assumptions, of calibrated parameters and of rows."""

    all: int
    publishers: int
    test: int
    fit: int
    input: int
    forecast: int
    assumed: int  # of grade C, in no other number
    open: int  # parameters of the posterior sample
    rows: int  # of the posterior sample
    effective: int  # size of the sample, by its weights


def facts(subject: Subject) -> dict[str, Any]:
    """Facts on validation; `targets` is None without published figures or a posterior sample."""
    path = next((folder / TARGETS for folder in subject.world.folders if (folder / TARGETS).is_file()), None)
    posterior = subject.study.posterior if subject.study is not None else None
    if path is None or posterior is None:
        return {"targets": None}
    known, fitted = load_targets(path).targets, load_sample(posterior)
    targets = [each for each in known if each.is_record]
    roles = Counter(each.role for each in targets)
    return {
        "targets": TargetCounts(
            all=len(targets),
            publishers=len({each.publisher for each in targets}),
            test=roles["test"],
            fit=roles["fit"],
            input=roles["input"],
            forecast=sum(each.role == "test" and each.year > LAST_FITTED for each in targets),
            assumed=len(known) - len(targets),
            open=len(fitted.names),
            rows=len(fitted.weights),
            effective=round(fitted.effective_size),
        )
    }
