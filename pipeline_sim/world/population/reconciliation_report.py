"""What reconciliation did: published figures beside those of the population, to be printed and to be doubted."""

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
    raw_posts,
    settled_posts,
)
from pipeline_sim.world.population.population_inputs import PopulatedWorld, foundation_of, rows

FILLS = "evidence/posts_fill_by_specialty_year.csv"
FIRST_LEVEL = "ALL core + run-through ST1"
GP_ACCEPTED = "GP acceptances (all rounds)"
PIPELINE = "evidence/applicants_pipeline_by_year.csv"


class Reconciled(NamedTuple):
    """One line. `published` is the mode or the only figure; `settled` is what the population has."""

    what: str
    year: int
    low: float
    published: float
    high: float
    raw: float  # before reconciliation
    settled: float

    @property
    def residual(self) -> float:
        """Settled over published, less 1."""
        return self.settled / self.published - 1


def exactly(what: str, year: int, published: float, raw: float, settled: float) -> Reconciled:
    """A line about a figure without a range."""
    return Reconciled(what, year, published, published, published, raw, settled)


def reconciliation(world: PopulatedWorld) -> list[Reconciled]:
    """Doctors in post by family, foundation by year, posts and acceptances by level, GP acceptances."""
    raw, settled = raw_posts(world), settled_posts(world)
    return [
        *doctor_lines(world, raw, settled),
        *foundation_lines(world),
        *level_lines(world, raw, settled),
        *round_lines(world, raw, settled),
        *gp_lines(world, raw, settled),
    ]


def doctor_lines(world: PopulatedWorld, raw: Posts, settled: Posts) -> Iterator[Reconciled]:
    """Doctors in post by family and in all."""
    known = targets(world)
    year = known[EVERYONE].year
    before, after = family_counts(raw, year), family_counts(settled, year)
    before[FOUNDATION_FAMILY] = after[FOUNDATION_FAMILY] = float(foundation_doctors(world).at([year])[0])
    before[EVERYONE], after[EVERYONE] = sum(before.values()), sum(after.values())
    for family, target in known.items():
        if family in after:
            yield Reconciled(family, year, target.low, target.mode, target.high, before[family], after[family])


def foundation_lines(world: PopulatedWorld) -> Iterator[Reconciled]:
    """Foundation doctors in the years published; a survey of spring counts the training year begun before."""
    counts = foundation_doctors(world)
    for row in rows(world, PIPELINE):
        if row["measure"] == "Foundation trainees F1+F2":
            year = row.whole("year") - 1
            found = float(counts.at([year])[0])
            yield exactly("Foundation F1 and F2, spring after", year, row.number("value"), found, found)


def level(world: PopulatedWorld, posts: Posts, year: int, first: bool) -> tuple[float, float]:
    """Posts advertised and filled at CT1 and ST1, or at ST3 and ST4."""
    ids = streams(world)
    name, foundation = ids.ids[ids.first], foundation_of(world)
    mine = [place for place, each in enumerate(world.programmes)
            if place != foundation and (each.stream == name) == first]  # fmt: skip
    now = posts.at(year)
    return float(posts.advertised[now, mine].sum()), float(posts.accepted[now, mine].sum())


def level_lines(world: PopulatedWorld, raw: Posts, settled: Posts) -> Iterator[Reconciled]:
    """Posts at CT1 and ST1 in England; posts at ST3 and ST4 as the English part of the UK's."""
    share = english_share(world)
    for row in rows(world, FILLS):
        year = row["year"]
        if row["specialty"] == FIRST_LEVEL:
            before, after = level(world, raw, int(year), True)[0], level(world, settled, int(year), True)[0]
            yield exactly("posts at CT1 and ST1", int(year), row.number("posts"), before, after)
        if row["level"] == "ST3/ST4":
            before, after = level(world, raw, int(year), False)[0], level(world, settled, int(year), False)[0]
            yield exactly("posts at ST3 and ST4", int(year), row.number("posts") * share, before, after)


def round_lines(world: PopulatedWorld, raw: Posts, settled: Posts) -> Iterator[Reconciled]:
    """Acceptances in England: first round (beside CT1 and ST1 of all rounds) and all rounds."""
    for row in rows(world, FILLS):
        if row["geography"] != "England" or row["specialty"] != "ALL" or not row["accepted"] or len(row["year"]) != 4:
            continue
        year = row.whole("year")
        first = [level(world, posts, year, True)[1] for posts in (raw, settled)]
        second = [level(world, posts, year, False)[1] for posts in (raw, settled)]
        if row["round"] == "R1":
            yield exactly("accepted at CT1 and ST1", year, row.number("accepted"), *first)
        else:
            both = [sum(pair) for pair in zip(first, second, strict=True)]
            yield exactly("accepted, all rounds", year, row.number("accepted"), *both)


def gp_lines(world: PopulatedWorld, raw: Posts, settled: Posts) -> Iterator[Reconciled]:
    """GP acceptances in England."""
    mine = [place for place, each in enumerate(world.programmes) if each.stage == "gp"]
    for row in rows(world, PIPELINE):
        if row["measure"] == GP_ACCEPTED:
            year = row.whole("year")
            before, after = (float(posts.accepted[posts.at(year), mine].sum()) for posts in (raw, settled))
            yield exactly("GP accepted", year, row.number("value"), before, after)


def printed(lines: list[Reconciled]) -> str:
    """The lines as a table."""
    head = f"{'':<45} {'year':>4} {'low':>7} {'publ.':>7} {'high':>7} {'raw':>7} {'settled':>7} {'residual':>8}"
    body = [
        f"{each.what:<45} {each.year:>4} {each.low:7.0f} {each.published:7.0f} {each.high:7.0f} {each.raw:7.0f}"
        f" {each.settled:7.0f} {each.residual:8.1%}"
        for each in lines
    ]
    return "\n".join((head, *body))
