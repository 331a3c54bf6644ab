"""Matching of one recruitment round, by the national rules (evidence: recruitment_rules_calendar.csv).

Every offer run walks each programme's candidates in strict score order, those who come later after all others, and
offers each the highest vacant preference that is better than the post held. Then all answer. Posts declined in a run
are offered again only in the next. When every candidate keeps asking for upgrades this is deferred acceptance with the
posts proposing (Gale and Shapley 1962).
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, rule
from pipeline_sim.base.radix_sort import fill
from pipeline_sim.rules.offer_order import Queues, Rankings, queues_of, rows_by_id, sorted_applications
from pipeline_sim.rules.recruitment import DECLINES, FIRM

NO_VACANCY = -1
NO_BETTER_CHOICE = -2


class Posts(NamedTuple):
    """Vacant posts."""

    free: np.ndarray  # [P, O]
    to_offer: np.ndarray  # [P] posts to offer in this run: all in the first, later those declined


class Holdings(NamedTuple):
    """Posts held by N candidates. Ranks count from 0; -1 none."""

    improves_until: np.ndarray  # [N] any entry ranked before this one would be an improvement
    rank: np.ndarray  # [N]
    first_rank: np.ndarray  # [N] best offer of the run that first brought one, whatever the answer
    first_run: np.ndarray  # [N]
    run: np.ndarray  # [N] offer run that brought the post held, from 1


class Offers(NamedTuple):
    """Offers of one run, at most one for each application."""

    application: np.ndarray  # [A] index of the application
    entry: np.ndarray  # [A] entry of the rankings


@allocating
def posts_of(vacancies: np.ndarray) -> Posts:
    """Vacant posts as advertised; a cell below 0 offers none."""
    posts = Posts(np.empty(vacancies.shape, np.int64), np.empty(vacancies.shape[0], np.int64))
    for programme in range(vacancies.shape[0]):
        posts.to_offer[programme] = 0
        for office in range(vacancies.shape[1]):
            posts.free[programme, office] = vacancies[programme, office]
            posts.to_offer[programme] += max(0, vacancies[programme, office])
    return posts


@allocating
def most_shortlisted(posts: Posts, shortlist: int) -> np.ndarray:
    """Most applications [P] that each programme assesses, rounded up."""
    most = np.empty(posts.to_offer.shape[0], np.int64)
    for programme in range(most.shape[0]):
        most[programme] = (posts.to_offer[programme] * shortlist + 999) // 1000
    return most


@rule
def best_free(rankings: Rankings, posts: Posts, holdings: Holdings, candidate: int, programme: int) -> int:
    """Entry of the highest vacant preference above the post held, else NO_VACANCY or NO_BETTER_CHOICE."""
    if candidate < 0:
        return NO_BETTER_CHOICE
    first = rankings.start[candidate]
    result = NO_BETTER_CHOICE
    for entry in range(first, first + holdings.improves_until[candidate]):
        if rankings.programme[entry] == programme:
            if posts.free[programme, rankings.office[entry]] > 0:
                return entry
            result = NO_VACANCY
    return result


@rule
def unlink(queues: Queues, programme: int, previous: int, place: int) -> None:
    """Remove an application from its queue."""
    if previous < 0:
        queues.first[programme] = queues.following[place]
    else:
        queues.following[previous] = queues.following[place]


@rule
def offer_down_the_rank(
    rankings: Rankings,
    queues: Queues,
    posts: Posts,
    holdings: Holdings,
    offers: Offers,
    made: int,
    programme: int,
) -> int:
    """Offers of one programme in one run, noted after the first `made`; returns the new count."""
    previous = -1
    place = queues.first[programme]
    while place >= 0 and posts.to_offer[programme] > 0:
        entry = best_free(rankings, posts, holdings, queues.candidate[place], programme)
        if entry == NO_BETTER_CHOICE:
            unlink(queues, programme, previous, place)
        else:
            previous = place
        if entry >= 0:
            posts.free[programme, rankings.office[entry]] -= 1
            posts.to_offer[programme] -= 1
            offers.application[made] = place
            offers.entry[made] = entry
            made += 1
        place = queues.following[place]
    posts.to_offer[programme] = 0
    return made


@rule
def release_post(rankings: Rankings, posts: Posts, entry: int) -> None:
    """Release a post, to be offered in the next run."""
    programme = rankings.programme[entry]
    posts.free[programme, rankings.office[entry]] += 1
    posts.to_offer[programme] += 1


@rule
def note_first_offer(holdings: Holdings, candidate: int, rank: int, run: int) -> None:
    """Note the best rank among the offers of the first run that brought any."""
    if holdings.first_run[candidate] < 0:
        holdings.first_run[candidate] = run
        holdings.first_rank[candidate] = rank
    elif holdings.first_run[candidate] == run:
        holdings.first_rank[candidate] = min(holdings.first_rank[candidate], rank)


@rule
def accept_or_release(
    rankings: Rankings, posts: Posts, holdings: Holdings, candidate: int, entry: int, run: int
) -> None:
    """Accept the better of an offer and the post held, and release the other."""
    rank = entry - rankings.start[candidate]
    if rank >= holdings.improves_until[candidate]:
        release_post(rankings, posts, entry)
        return
    if holdings.rank[candidate] >= 0:
        release_post(rankings, posts, rankings.start[candidate] + holdings.rank[candidate])
    holdings.rank[candidate] = rank
    holdings.improves_until[candidate] = rank
    holdings.run[candidate] = run


@rule
def record_answers(
    rankings: Rankings, queues: Queues, posts: Posts, holdings: Holdings, offers: Offers, made: int, run: int
) -> int:
    """Answers to the offers of a run, in any order; returns how many were declined or expired."""
    lost = 0
    for n in range(made):
        entry = offers.entry[n]
        candidate = queues.candidate[offers.application[n]]
        note_first_offer(holdings, candidate, entry - rankings.start[candidate], run)
        if rankings.answer[entry] >= DECLINES:
            queues.candidate[offers.application[n]] = -1
            release_post(rankings, posts, entry)
            lost += 1
        else:
            accept_or_release(rankings, posts, holdings, candidate, entry, run)
    for n in range(made):
        entry = offers.entry[n]
        candidate = queues.candidate[offers.application[n]]
        if rankings.answer[entry] == FIRM and rankings.start[candidate] + holdings.rank[candidate] == entry:
            holdings.improves_until[candidate] = 0
    return lost


@allocating
def match_round(
    applicant_id: np.ndarray,
    start: np.ndarray,
    pref_programme: np.ndarray,
    pref_office: np.ndarray,
    pref_score: np.ndarray,
    appointable: np.ndarray,
    answer_of: np.ndarray,
    later: np.ndarray,
    vacancies: np.ndarray,
    shortlist: int,
    max_runs: int,
    out_rank: np.ndarray,
    out_first_rank: np.ndarray,
    out_run: np.ndarray,
    stats: np.ndarray,
) -> int:
    """Match one round; returns the number of candidates placed.

    Ids are distinct and below 2**33; a ranking names a post once, and has one score (0 .. 65535) and one Answer for
    each programme. Each shortlists its best `shortlist` thousandths of an application a post; whoever is `later`
    (1, else 0) then comes after all others. Ties fall to the lower id, so the order of
    rows does not matter. `stats` becomes offers made, those of a post declined earlier, runs that made offers, and
    offers declined or expired. Fewer runs than `max_runs`: settled and stable; otherwise the upgrade deadline may have
    cut the round off.
    """
    rankings, by_id = Rankings(start, pref_programme, pref_office, answer_of), rows_by_id(applicant_id)
    keys, posts = sorted_applications(rankings, by_id, pref_score, appointable), posts_of(vacancies)
    queues = queues_of(keys, by_id, later, most_shortlisted(posts, shortlist))
    improves_until, first_run = np.empty(by_id.shape[0], np.int64), np.empty(by_id.shape[0], np.int64)
    for row in range(by_id.shape[0]):
        improves_until[row] = start[row + 1] - start[row]
    holdings = Holdings(improves_until, out_rank, out_first_rank, first_run, out_run)
    offers = Offers(np.empty(keys.shape[0], np.int64), np.empty(keys.shape[0], np.int64))
    fill(out_rank, -1)
    fill(out_first_rank, -1)
    fill(out_run, -1)
    fill(first_run, -1)
    fill(stats, 0)
    while stats[2] < max_runs:
        made = 0
        for programme in range(vacancies.shape[0]):
            made = offer_down_the_rank(rankings, queues, posts, holdings, offers, made, programme)
        if made == 0:
            break
        stats[2] += 1
        stats[0] += made
        stats[1] += made if stats[2] > 1 else 0
        stats[3] += record_answers(rankings, queues, posts, holdings, offers, made, stats[2])
    placed = 0
    for row in range(by_id.shape[0]):
        placed += int(out_rank[row] >= 0)
    return placed
