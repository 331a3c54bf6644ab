"""Tables of a decision as files: value of information, robustness, regret and the box of futures."""

from typing import TYPE_CHECKING

from pipeline_sim.decide.information.value_study import InformationValue
from pipeline_sim.decide.robustness.robust_study import RobustChoice

if TYPE_CHECKING:
    import pandas as pd

EVERYTHING = "everything"


def worth_table(found: InformationValue) -> "pd.DataFrame":
    """Row a figure, a group, and everything: pounds by both estimates, placebo floor, whether above it."""
    import pandas as pd

    rows: list[tuple[object, ...]] = [
        (kind, each.name, each.figures, each.value, each.floor, "yes" if each.above_floor else "no", each.held_out,
         each.held_out_error, "; ".join(each.chosen))
        for kind, worths in (("figure", found.figures), ("group", found.groups))
        for each in worths
    ]  # fmt: skip
    whole = found.everything
    above = "yes" if whole.value > whole.floor else "no"
    rows.append((EVERYTHING, "EVPI", found.candidates, whole.value, whole.floor, above, None, None, ""))
    columns = ("kind", "name", "figures", "gbp", "floor_gbp", "above_floor", "second_gbp", "second_error_gbp", "of")
    return pd.DataFrame(rows, columns=list(columns)).astype({"second_gbp": float, "second_error_gbp": float})


def trials_table(found: InformationValue) -> "pd.DataFrame":
    """Row a trial: pounds, and where single doctors differ most and least."""
    import pandas as pd

    return pd.DataFrame(found.trials, columns=["figure", "doctors", "gbp", "gbp_low", "gbp_high"])


def robust_table(found: RobustChoice) -> "pd.DataFrame":
    """Row a choice, that with the lowest mean regret first."""
    return found.table.sort_values("mean_regret", kind="stable").reset_index()


def regret_table(found: RobustChoice) -> "pd.DataFrame":
    """Row a choice, column a scenario: mean regret."""
    import pandas as pd

    return pd.DataFrame(
        found.regrets.T, index=pd.Index(found.choices, name="choice"), columns=list(found.scenarios)
    ).reset_index()


def box_table(found: RobustChoice) -> "pd.DataFrame":
    """Row a bound of the box, with the box's coverage, density and the chance of one as good in shuffled futures."""
    import pandas as pd

    discovery, box = found.discovery, found.discovery.box
    whole = box.coverage, box.density, box.mass, discovery.failing, box.merit, discovery.placebo_merit, discovery.chance
    rows = [
        (found.columns[each.column], "at most" if each.upper else "at least", each.value, found.units[each.column],
         each.quasi_p, *whole)
        for each in box.bounds
    ]  # fmt: skip
    columns = ("figure", "bound", "value", "unit", "quasi_p", "coverage", "density", "mass", "failing", "merit",
               "placebo_merit", "chance")  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))
