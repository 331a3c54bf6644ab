"""How many figures a question rests on, by grade, and which of them are drawn or held."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline_sim.study.replication.parameter_draws import DRAWN_GRADE, in_doubt, is_held
from pipeline_sim.study.replication.plausible_set import load_plausible
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.world_error import shown_path


def assumptions(
    worlds: Iterable[Assumed], held: tuple[str, ...] = (), sampled: bool = False, plausible: str | None = None
) -> dict[str, Any]:
    """`by_grade`: number of figures; `drawn`: names of those drawn within their ranges; `together`: of those drawn as
    rows of the plausible set; `held`: of those that have a range and stay as stated because the study says so. A figure
    that several worlds have counts once.
    """
    grades: dict[str, str] = {}
    ranged: set[str] = set()
    for assumed in {(each.layers, each.mix): each for each in worlds}.values():
        world = world_of(assumed._replace(belief=None))
        grades |= {shown_path(path): figure.grade for path, figure in figures(world)}
        ranged |= {shown_path(each.path) for each in in_doubt(world)}
    fitted = {name for each in load_plausible(plausible).open for name in each.figures} if plausible else set()
    together = fitted & ranged if sampled else set()
    kept = {name for name in ranged - together if is_held(name, held)} if sampled else set()
    return {
        "by_grade": dict(sorted(Counter(grades.values()).items())),
        "drawn_grade": DRAWN_GRADE,
        "drawn": sorted(ranged - kept - together) if sampled else [],
        "together": sorted(together),
        "held": sorted(kept),
    }
