"""Tables of a decision as files: value of information, robustness, regret and the box of futures."""

from typing import TYPE_CHECKING

from pipeline_sim.decide.information.value_study import InformationValue
from pipeline_sim.decide.robustness.robust_study import RobustChoice

if TYPE_CHECKING:
    import pandas as pd


def worth_table(found: InformationValue) -> "pd.DataFrame":
    """Row a figure, a group, and everything: pounds by both estimates and placebo floors, whether it is shown."""
    import pandas as pd

    rows: list[tuple[object, ...]] = [
        (each.name, kind, each.figures, *each[2:7], "yes" if each.supported else "no")
        for kind, worths in (("group", found.groups), ("figure", found.figures))
        for each in worths
    ]
    whole = found.everything
    above = "yes" if whole.value > whole.floor else "no"
    gone = float("nan")
    rows.append(("EVPI", "everything", found.candidates, whole.value, whole.floor, whole.floor, gone, gone, above))
    columns = ["name", "kind", "figures", "gbp", "floor_gbp", "floor_of_highest_gbp", "second_gbp", "second_error_gbp"]
    return pd.DataFrame(rows, columns=[*columns, "shown"])


def trials_table(found: InformationValue) -> "pd.DataFrame":
    """Row a trial: pounds, and where single doctors differ most and least; the floor is that of knowing the figure."""
    import pandas as pd

    rows = [(*each[:-1], "yes" if each.supported else "no") for each in found.trials]
    return pd.DataFrame(rows, columns=["figure", "doctors", "gbp", "low_gbp", "high_gbp", "floor_gbp", "shown"])


def box_table(found: RobustChoice) -> "pd.DataFrame":
    """Row a bound of the box, with the box's coverage, density and the chance of one as good in shuffled futures."""
    import pandas as pd

    discovery, box = found.discovery, found.discovery.box
    whole = box.coverage, box.density, box.mass, discovery.failing, box.merit, discovery.placebo_merit, discovery.chance
    rows = [
        (found.columns[each.column], "at most" if each.upper else "at least", each.value, each.quasi_p, *whole)
        for each in box.bounds
    ]
    columns = ("figure", "bound", "value", "quasi_p", "coverage", "density", "mass", "failing", "merit",
               "placebo_merit", "chance")  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))
