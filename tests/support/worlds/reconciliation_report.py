"""Report of the reconciliation: published figures beside those of the population."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline_sim.world.population.applicant_preferences import streams
from pipeline_sim.world.population.applicants import english_share
from pipeline_sim.world.population.headcount_targets import EVERYONE, targets
from pipeline_sim.world.population.national_posts import (
    FOUNDATION_FAMILY,
    Posts,
    family_counts,
    foundation_doctors,
    reconciled_posts,
    unreconciled_posts,
)
from pipeline_sim.world.population.population_inputs import foundation_index, rows
from pipeline_sim.world.schema.world import World

FILLS = "evidence/posts_fill_by_specialty_year.csv"
FIRST_LEVEL = "ALL core + run-through ST1"
GP_ACCEPTED = "GP acceptances (all rounds)"
PIPELINE = "evidence/applicants_pipeline_by_year.csv"


class ReconciliationRow(NamedTuple):
    """Row of the report. `published` is the mode or the only figure; `reconciled` is that of the population."""

    label: str
    year: int
    low: float
    published: float
    high: float
    raw: float  # before reconciliation
    reconciled: float

    @property
    def residual(self) -> float:
        """Relative residual: reconciled over published, less 1."""
        return self.reconciled / self.published - 1


def row_without_range(label: str, year: int, published: float, raw: float, reconciled: float) -> ReconciliationRow:
    """Row of a figure without a range."""
    return ReconciliationRow(label, year, published, published, published, raw, reconciled)


def reconciliation(world: World) -> list[ReconciliationRow]:
    """Rows of doctors in post by family, foundation by year, posts and acceptances by level, GP acceptances."""
    raw, reconciled = unreconciled_posts(world), reconciled_posts(world)
    return [
        *doctor_lines(world, raw, reconciled),
        *foundation_lines(world),
        *level_lines(world, raw, reconciled),
        *round_lines(world, raw, reconciled),
        *gp_lines(world, raw, reconciled),
    ]


def doctor_lines(world: World, raw: Posts, reconciled: Posts) -> Iterator[ReconciliationRow]:
    """Rows of doctors in post by family and in total."""
    known = targets(world)
    year, began = known[EVERYONE].year, known[EVERYONE].training_year
    before, after = family_counts(raw, began), family_counts(reconciled, began)
    before[FOUNDATION_FAMILY] = after[FOUNDATION_FAMILY] = float(foundation_doctors(world).at([began])[0])
    before[EVERYONE], after[EVERYONE] = sum(before.values()), sum(after.values())
    for family, target in known.items():
        if family in after:
            yield ReconciliationRow(family, year, target.low, target.mode, target.high, before[family], after[family])


def foundation_lines(world: World) -> Iterator[ReconciliationRow]:
    """Rows of foundation doctors; a spring survey counts the training year begun before."""
    counts = foundation_doctors(world)
    for row in rows(world, PIPELINE):
        if row["measure"] == "Foundation trainees F1+F2":
            year = row.whole("year") - 1
            doctors = float(counts.at([year])[0])
            yield row_without_range("Foundation F1 and F2, spring after", year, row.number("value"), doctors, doctors)


def level(world: World, posts: Posts, year: int, first: bool) -> tuple[float, float]:
    """Posts advertised and filled at CT1 and ST1 (first), or at ST3 and ST4."""
    ids = streams(world)
    name, foundation = ids.ids[ids.first], foundation_index(world)
    programmes = enumerate(world.programmes)
    own = [index for index, each in programmes if index != foundation and (each.stream == name) == first]
    now = posts.at(year)
    return float(posts.advertised[now, own].sum()), float(posts.accepted[now, own].sum())


def level_lines(world: World, raw: Posts, reconciled: Posts) -> Iterator[ReconciliationRow]:
    """Rows of posts at CT1 and ST1 in England, and of the English share of UK posts at ST3 and ST4."""
    share = english_share(world)
    for row in rows(world, FILLS):
        year = row["year"]
        if row["specialty"] == FIRST_LEVEL:
            before, after = level(world, raw, int(year), True)[0], level(world, reconciled, int(year), True)[0]
            yield row_without_range("posts at CT1 and ST1", int(year), row.number("posts"), before, after)
        if row["level"] == "ST3/ST4":
            before, after = level(world, raw, int(year), False)[0], level(world, reconciled, int(year), False)[0]
            yield row_without_range("posts at ST3 and ST4", int(year), row.number("posts") * share, before, after)


def round_lines(world: World, raw: Posts, reconciled: Posts) -> Iterator[ReconciliationRow]:
    """Rows of acceptances in England: first round (beside CT1 and ST1 of all rounds) and all rounds."""
    for row in rows(world, FILLS):
        if row["geography"] != "England" or row["specialty"] != "ALL" or not row["accepted"] or len(row["year"]) != 4:
            continue
        year = row.whole("year")
        first = [level(world, posts, year, True)[1] for posts in (raw, reconciled)]
        second = [level(world, posts, year, False)[1] for posts in (raw, reconciled)]
        if row["round"] == "R1":
            yield row_without_range("accepted at CT1 and ST1", year, row.number("accepted"), *first)
        else:
            both = [sum(pair) for pair in zip(first, second, strict=True)]
            yield row_without_range("accepted, all rounds", year, row.number("accepted"), *both)


def gp_lines(world: World, raw: Posts, reconciled: Posts) -> Iterator[ReconciliationRow]:
    """Rows of GP acceptances in England."""
    own = [index for index, each in enumerate(world.programmes) if each.stage == "gp"]
    for row in rows(world, PIPELINE):
        if row["measure"] == GP_ACCEPTED:
            year = row.whole("year")
            before, after = (float(posts.accepted[posts.at(year), own].sum()) for posts in (raw, reconciled))
            yield row_without_range("GP accepted", year, row.number("value"), before, after)


def format_table(lines: list[ReconciliationRow]) -> str:
    """Text of the report as a table."""
    head = f"{'':<45} {'year':>4} {'low':>7} {'publ.':>7} {'high':>7} {'raw':>7} {'reconciled':>10} {'residual':>8}"
    body = [
        f"{row.label:<45} {row.year:>4} {row.low:7.0f} {row.published:7.0f} {row.high:7.0f} {row.raw:7.0f}"
        f" {row.reconciled:10.0f} {row.residual:8.1%}"
        for row in lines
    ]
    return "\n".join((head, *body))
