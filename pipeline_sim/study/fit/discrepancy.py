"""Discrepancy: how far the model is from the record beyond parameters, chance and sources, by class of figure.

The log of record over model is taken as normal around zero with one variance for all figures of a class (M. C. Kennedy
and A. O'Hagan, 2001, J. R. Stat. Soc. B 63, 425-464). Its prior is a scaled inverse chi-squared worth `PRIOR_RECORDS`
records, at half of the median tolerance of the class: tolerances say, with a reason and before the model is compared,
how far off it may be, which is read as two standard deviations. Records that entered the model are left out, for they
are met however wrong it is. Where a series has been recorded before, the part of its discrepancy that stays from one
year to the next is `RETAINED`: what a model gets wrong about general practice this year, it mostly does next year.

The estimate is that of the highest posterior density: squared differences less what draws and sources explain of them,
added up over the class and cut off at next to nothing once, so that single records of no discrepancy do not raise it. A
record counts for less where draws and its source leave more open than the discrepancy itself, and as the part of an
independent one that it is beside others of its series. Degrees of freedom are what the records are worth together: few
make the tails wide.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.fit.validate_model import Verdict

Reals = npt.NDArray[np.float64]
PRIOR_RECORDS = 4
LEAST_SD = 0.01  # of the prior: a hundredth of the figure
RETAINED = 0.9  # of a discrepancy, a year later; assumed
STEPS = 60  # to the estimate
PARTS = 19  # quantiles that stand for a discrepancy
SOURCE_ENDS = 4.0  # standard deviations between the ends of a source's interval


class Discrepancy(NamedTuple):
    """Student t of the log of record over model."""

    sd: float
    freedom: float
    records: int  # that it was estimated from

    def quantiles(self, middle: float = 0.0, part: float = 1.0) -> Reals:
        """Quantiles [PARTS] around a middle, with a part of the standard deviation."""
        from scipy.special import stdtrit

        places = (np.arange(PARTS) + 0.5) / PARTS
        return middle + part * self.sd * np.asarray(stdtrit(self.freedom, places))


def discrepancies(
    verdicts: Sequence[Verdict], classes: Mapping[str, Sequence[str]], until: int
) -> dict[str, Discrepancy]:
    """Discrepancy of each class by the records up to a training year."""
    by_class: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        target = verdict.target
        if target.is_record and target.world == "covid" and target.role != "input":
            by_class.setdefault(class_of(target, classes), []).append(verdict)
    return {name: estimated(members, until) for name, members in by_class.items()}


def class_of(target: Target, classes: Mapping[str, Sequence[str]]) -> str:
    """Class of a target by its topic; its topic if no class has it."""
    return next((name for name, topics in classes.items() if target.topic in topics), target.topic)


def estimated(verdicts: Sequence[Verdict], until: int) -> Discrepancy:
    """Discrepancy of one class: prior from all tolerances, estimate from records up to a training year."""
    prior = prior_sd([each.target for each in verdicts])
    known = [each for each in verdicts if each.target.year <= until and comparable(each)]
    parts = independent_parts([each.target for each in known])
    apart, explained = np.array([differences(each) for each in known]).reshape(-1, 2).T
    variance, freedom = max(prior, float(np.sqrt(np.mean(apart**2))) if known else 0.0) ** 2, 0.0
    for _ in range(STEPS):
        weights = parts * (variance / (variance + explained)) ** 2
        freedom = PRIOR_RECORDS + float(weights.sum())
        squares = PRIOR_RECORDS * prior**2 + float(weights @ (apart**2 - explained))
        variance = max(squares / freedom, LEAST_SD**2)
    return Discrepancy(float(np.sqrt(variance)), freedom, len(known))


def differences(verdict: Verdict) -> tuple[float, float]:
    """Log of record over model, and the variance that draws and the source explain of it."""
    logs = np.log(verdict.draws)
    spread = float(logs.var()) * (len(logs) + 1) / max(len(logs) - 1, 1)
    return float(np.log(verdict.target.value) - logs.mean()), source_sd(verdict.target) ** 2 + spread


def prior_sd(targets: Sequence[Target]) -> float:
    """Standard deviation that tolerances of a class say."""
    tolerances = [each.tolerance / each.value for each in targets if each.value > 0]
    return max(float(np.median(tolerances)) / 2 if tolerances else 0.0, LEAST_SD)


def source_sd(target: Target) -> float:
    """Standard deviation of the log of a record by the interval of its source."""
    low, high = target.ends
    return float(np.log(high) - np.log(low)) / SOURCE_ENDS if low > 0 else 0.0


def independent_parts(targets: Sequence[Target]) -> Reals:
    """Part [N] of an independent record that each is: those of a series are alike in what the model gets wrong."""
    alike = np.array([[_alike(one, other) for other in targets] for one in targets])
    return np.asarray(1 / np.square(alike).reshape(len(targets), len(targets)).sum(axis=1))


def _alike(one: Target, other: Target) -> float:
    same = (one.quantity, one.population, one.unit) == (other.quantity, other.population, other.unit)
    return RETAINED ** abs(one.year - other.year) if same else 0.0


def comparable(verdict: Verdict) -> bool:
    """True if record and every draw are above zero, so that their logs can be compared."""
    return verdict.target.value > 0 and bool((verdict.draws > 0).all())
