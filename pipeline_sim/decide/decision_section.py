"""The section `[decision]` of a study file: what may be bought, within which limits, and to what end.

Money is in pounds, shares are parts of 1.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline_sim.study.comparison.study_file import Study, load_study
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.schema.interventions import OrderName
from pipeline_sim.world.schema.sourced_value import MOST_GBP
from pipeline_sim.world.world_error import hint, shown_path

Pounds = Annotated[float, Field(gt=0, le=MOST_GBP)]
Share = Annotated[float, Field(ge=0, le=1)]
MeasureName = Literal["extensions_avoided", "months_recovered", "ccts_on_time", "net_saving"]
Risk = Literal["mean", "lower_quartile", "worst_scenario"]
SplitName = Literal["by_trainees", "by_need", "half_by_need"]


class Decision(BaseModel):
    """What may be bought, within which limits, and to what end; an objective is more of what it names."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    budget: Pounds
    objective: MeasureName | dict[MeasureName, float] = "extensions_avoided"  # or a weighted sum
    risk: Risk = "mean"  # over the draws of the uncertain figures, or over scenarios
    target: float | None = None  # the probability of reaching so much is sought instead
    indifference: Annotated[float, Field(gt=0)]  # smallest difference that matters, in the unit of the objective
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95  # of selecting the best, or one as good
    interventions: list[str] = []  # that may be bought; none named: all that do anything
    orders: Annotated[list[OrderName], Field(min_length=1)] = ["nearest_to_line", "critical_first", "largest_gap"]
    splits: Annotated[list[SplitName], Field(min_length=1)] = ["by_trainees", "by_need"]
    groups: list[str] = ["everyone"]  # targets of which a mix may serve one: groups, or targets of the catalogue
    starts: Annotated[list[date], Field(min_length=1)]  # first days of months
    last: date  # day by which all is delivered, with lead times as stated
    months: Annotated[int, Field(ge=1, le=120)] = 10  # of delivery at most
    national: Share = 0.0  # part of every line in the national accounts
    most_interventions: Annotated[int, Field(ge=1)] = 8
    least_purchase: Annotated[float, Field(ge=0, le=MOST_GBP)] = 0.0  # of every line that is bought
    most: dict[str, Pounds] = {}  # by intervention
    least: dict[str, Pounds] = {}  # by intervention
    least_share: dict[str, Share] = {}  # of the money, by office or specialty group
    office_weights: dict[str, Annotated[float, Field(ge=0)]] = {}  # a split of one's own, instead of `splits`
    budgets: list[Pounds] = []  # of the frontier
    beside: list[str] = []  # mixes of the study that the report shows beside the best, whatever their rank

    @property
    def weights(self) -> dict[MeasureName, float]:
        """Weights of the measures in the objective."""
        return {self.objective: 1.0} if isinstance(self.objective, str) else self.objective


def decision_of(study: Study, path: str) -> Decision:
    """Section `[decision]` of a study; StudyError says what is missing or wrong in it."""
    if study.decision is None:
        raise StudyError(f"{path}: has no section [decision]: say there what may be bought, as in experiments/best_25m")
    try:
        return Decision.model_validate(study.decision)
    except ValidationError as error:
        problem = first_error(error)
        key = str(problem["loc"][-1]) if problem["loc"] else ""
        unknown = problem["type"] == "extra_forbidden"
        message = f"unknown key{hint(key, Decision.model_fields)}" if unknown else describe_error(problem, ())
        raise StudyError(f"{path}: {shown_path(('decision', *problem['loc']))}: {message}") from None


def stated_target(path: Path, objective: str) -> float | None:
    """Target in the section `[decision]` of a study file, if it has one for an objective."""
    study = load_study(path)
    decision = None if study.decision is None else decision_of(study, str(path))
    return decision.target if decision is not None and decision.objective == objective else None
