"""How many figures a study uses, by grade, and which of them are drawn or held fixed."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline_sim.study.replication.parameter_draws import DRAWN_GRADE, uncertain_parameters
from pipeline_sim.study.replication.posterior_sample import is_fixed, load_sample
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.world_error import shown_path


def assumptions(
    specs: Iterable[WorldSpec], held_fixed: tuple[str, ...] = (), sampled: bool = False, posterior: str | None = None
) -> dict[str, Any]:
    """Assumption counts of some worlds as JSON; a figure that several worlds have counts once.

    `by_grade`: number of figures; `drawn`: names of those drawn within their ranges; `together`: of those drawn as rows
    of the posterior sample; `held`: of those that have a range but stay as stated because the study says so.
    """
    grades: dict[str, str] = {}
    ranged: set[str] = set()
    by_id: dict[str, str] = {}  # as the posterior sample names figures
    for spec in {(spec.layers, spec.mix): spec for spec in specs}.values():
        world = world_of(spec._replace(parameters=None))
        grades |= {shown_path(path): figure.grade for path, figure in figures(world)}
        by_id |= {named_path(world, path): shown_path(path) for path, _ in figures(world)}
        ranged |= {shown_path(parameter.path) for parameter in uncertain_parameters(world)}
    made = load_sample(posterior) if posterior else None
    names = [*made.figures, *(name for entry in made.made.open for name in entry.figures)] if made else []
    fitted = {by_id.get(name, name) for name in names}
    together = fitted & ranged if sampled else set()
    fixed = {name for name in ranged - together if is_fixed(name, held_fixed)} if sampled else set()
    return {
        "by_grade": dict(sorted(Counter(grades.values()).items())),
        "drawn_grade": DRAWN_GRADE,
        "drawn": sorted(ranged - fixed - together) if sampled else [],
        "together": sorted(together),
        "held": sorted(fixed),
    }
