"""Stories of single rounds, from cases/recruitment_rounds.csv. Posts, programmes and people carry names there."""

import csv
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from pipeline_sim.rules.matching import match_round

TESTS = Path(__file__).resolve().parent.parent
CASES = TESTS / "cases" / "recruitment_rounds.csv"
EVIDENCE = TESTS.parent / "configs" / "evidence" / "recruitment_rules_calendar.csv"
ANSWERS = {"upgrades": 0, "firm": 1, "holds": 2, "declines": 3, "expires": 4}
PROGRAMMES = ["Cardiology", "Renal"]
OFFICES = ["London", "North", "West"]


def stories():
    with CASES.open() as lines:
        rows = list(csv.DictReader(lines))
    return [pytest.param(list(story), id=name) for name, story in groupby(rows, lambda row: row["case"])]


def named(text):
    """'Cardiology 700; Renal 600' as a mapping."""
    return dict(part.rsplit(" ", 1) for part in text.split("; "))


def round_of(story, max_runs=20):
    vacancies = np.zeros((len(PROGRAMMES), len(OFFICES)), np.int32)
    for post, number in named(story[0]["posts"]).items():
        programme, office = post.split()
        vacancies[PROGRAMMES.index(programme), OFFICES.index(office)] = int(number)
    line = np.array([int(named(story[0]["line"]).get(programme, 0)) for programme in PROGRAMMES], np.int32)
    start, entries = [0], []
    for row in story:
        for post in row["ranking"].split(" > "):
            programme, office = post.split()
            answer = ANSWERS[named(row["answers"])[programme]]
            score = int(named(row["scores"])[programme])
            entries.append((PROGRAMMES.index(programme), OFFICES.index(office), score, answer))
        start.append(len(entries))
    programme, office, score, answer = (np.array(column, np.int32) for column in zip(*entries, strict=True))
    ids = np.array([int(row["id"]) for row in story], np.int64)
    rank, first, run = (np.empty(len(story), np.int32) for _ in range(3))
    stats = np.zeros(4, np.int64)
    answer = answer.astype(np.int8)
    start = np.array(start, np.int32)
    later = np.array([row.get("order") == "later" for row in story], np.int8)
    match_round(
        ids, start, programme, office, score, line, answer, later, vacancies, 10**6, max_runs, rank, first, run, stats
    )
    return rank, first, run, stats


def expected(row):
    wishes = row["ranking"].split(" > ")
    rank = -1 if row["post"] == "none" else wishes.index(row["post"])
    first = -1 if row["first_offer"] == "none" else int(row["first_offer"]) - 1
    run = -1 if row["run"] == "none" else int(row["run"])
    return row["candidate"], rank, first, run


@pytest.mark.parametrize("story", stories())
def test_round_ends_as_told(story):
    rank, first, run, _ = round_of(story)
    told = [(row["candidate"], int(rank[c]), int(first[c]), int(run[c])) for c, row in enumerate(story)]
    assert told == [expected(row) for row in story]


def test_every_case_says_what_it_follows():
    with EVIDENCE.open() as lines:
        known = {f"{EVIDENCE.name}: {row['item']}" for row in csv.DictReader(lines)}
    for case in stories():
        source = case.values[0][0]["source"]
        assert source in known or source.startswith("convention: "), case.id
        assert case.values[0][0]["story"]


def story_named(name):
    return next(case.values[0] for case in stories() if case.id == name)


def test_a_decline_and_two_moves_are_counted_as_offers_made_again():
    """Three offers in the first run, then London, North and West again, each in a run of its own."""
    *_, stats = round_of(story_named("upgrade chain"))
    assert stats.tolist() == [6, 3, 4, 1]


def test_an_upgrade_deadline_cuts_the_chain_off_and_shows():
    """After two runs Ben has moved up; Cat still waits for the post that he left."""
    rank, _, _, stats = round_of(story_named("upgrade chain"), max_runs=2)
    assert rank.tolist() == [-1, 0, 1, -1]
    assert stats[2] == 2


def test_no_run_means_no_offer():
    rank, first, run, stats = round_of(story_named("strict order"), max_runs=0)
    assert rank.max() == first.max() == run.max() == -1
    assert stats.tolist() == [0, 0, 0, 0]
