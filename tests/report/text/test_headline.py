"""The answer in sentences says what its intervals bear and no more."""

import pytest
from support.example_answers import NOTHING, UNKNOWN, Told, full, made

from pipeline_sim.report.text.figure_clauses import verdict_clause
from pipeline_sim.report.text.headline import further, headline, payment_notes, unspent_sentence
from pipeline_sim.report.text.number_format import number_word
from pipeline_sim.report.text.waiting_sentences import waiting_sentences
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.ranking import BANDS, NOT_SETTLED, Chance
from pipeline_sim.study.estimates.waiting_lists import DIFFERENCE

GOOD = Told(Estimate(300.0, 200.0, 400.0))
LESS = Told(Estimate(100.0, 50.0, 150.0))
NONE = Ratio(UNKNOWN, UNKNOWN, UNKNOWN)
UNSURE = Told(Estimate(120.0, -80.0, 320.0), each=NONE, gains=Chance(0.8, 0.6, 0.92, NOT_SETTLED, 150))
HARM = Told(Estimate(-90.0, -140.0, -40.0), each=NONE, gains=Chance(0.0, 0.0, 0.05, BANDS[-1][1], 80))
ONE = Told(
    Estimate(70.0, UNKNOWN, UNKNOWN), Estimate(1e6, UNKNOWN, UNKNOWN), Ratio(3e5, UNKNOWN, UNKNOWN),
    gains=Chance(UNKNOWN, UNKNOWN, UNKNOWN, NOT_SETTLED, 2), pays=Chance(UNKNOWN, UNKNOWN, UNKNOWN, NOT_SETTLED, 2),
)  # fmt: skip
IDLE = Told(NOTHING, NOTHING, NONE)
WORTH = "is worth its cost if a month of training is worth £50,000, of which the training budget saves £3,600."
NET = "After savings on extensions the net cost to the training budget is £9m"
NO_PAY = "that it pays for itself in extensions saved is very unlikely (0 %). "
PAID_ANYWAY = (
    "“{}” changes nothing for any doctor: it covers about 6,900 months of extension that would be given "
    "anyway, so it adds no net cost."
)
CASES = [
    (
        {"A": GOOD},
        "“A” avoids 300 extensions (95 % credible interval 200 to 400), at £50,000 each (£40,000 to £60,000), and "
        "recovers 300 months of training (200 to 400). That it avoids any extensions is very likely (100 %) and "
        f"{NO_PAY}{NET}; “A” {WORTH}",
    ),
    (
        {"A": LESS, "B": GOOD},
        "Of two mixes “B” comes first on average: it avoids 300 extensions (95 % credible interval 200 to 400), at "
        "£50,000 each (£40,000 to £60,000), and recovers 300 months of training (200 to 400). That it avoids any "
        "extensions is very likely (100 %) and that any one mix pays for itself in extensions saved is very unlikely "
        "(0 %); not settled by these 3 draws: that it gains most of the two mixes (50 %, Monte Carlo interval 20 % "
        f"to 80 %); about 300 draws would settle it. {NET}; “B” {WORTH}",
    ),
    (
        {"A": UNSURE},
        "“A” avoids 120 extensions (95 % credible interval −80 to 320), and recovers 120 months of training (−80 to "
        "320). That it pays for itself in extensions saved is very unlikely (0 %); not settled by these 3 draws: that "
        "it avoids any extensions (80 %, Monte Carlo interval 60 % to 92 %); about 150 draws would settle it. "
        f"{NET}.",
    ),
    (
        {"A": HARM},
        "“A” means 90 more extensions (95 % credible interval 40 to 140), and adds 90 months of lost training (40 "
        f"to 140). That it avoids any extensions is very unlikely (0 %) and {NO_PAY}{NET}.",
    ),
    (
        {"A": ONE},
        "“A” avoids 70 extensions, and recovers 70 months of training in the only replication made, too few for an "
        "interval. How probable that is, is not known without draws of the uncertain figures. After savings on "
        "extensions the net cost to the training budget is £1m; “A” is worth its cost if a month of training is worth "
        "£300,000, of which the training budget saves £3,600.",
    ),
    ({"A": IDLE}, PAID_ANYWAY.format("A")),
    ({}, "This study has no programme that spends money: there is nothing to rank or to price."),
]


@pytest.mark.parametrize(("mixes", "says"), CASES)
def test_the_answer_in_words(mixes: dict[str, Told], says: str) -> None:
    assert " ".join(headline(made(mixes))) == says


def test_a_verdict_between_two_bands_names_them() -> None:
    said = verdict_clause(Chance(0.97, 0.83, 1.0, NOT_SETTLED, 40))
    assert said.startswith(
        "likely or very likely, not settled by these draws (97 %, Monte Carlo interval 83 % to 100 %"
    )


def test_what_is_not_settled_is_said_once_with_the_draws_that_settle_all_of_it() -> None:
    """As all is open in few draws; the same words thrice would say no more."""
    doubt = UNSURE._replace(pays=Chance(0.0, 0.0, 0.19, NOT_SETTLED, 38))
    said = " ".join(headline(made({"A": doubt, "B": HARM})))
    assert said.count("not settled") + said.count("Not settled") == said.count("Monte Carlo interval") == 1
    assert (
        "(80 %, Monte Carlo interval 60 % to 92 %), that it gains most of the two mixes (50 %, 20 % to 80 %) and"
        in said
    )
    assert "(0 %, 0 % to 19 %); about 300 draws would settle it." in said


def test_intervals_are_credible_only_where_figures_are_drawn() -> None:
    stated = full()._replace(sampling=Draws.one(6))
    assert "(95 % credible interval " in headline(full())[0]
    assert "(95 % Monte Carlo interval of the mean " in headline(stated)[0]


def test_the_answer_has_five_sentences_at_most() -> None:
    assert len(headline(full())) == 5
    assert " ".join(headline(full())).count(". ") == 4


def test_harm_and_stages_stand_in_the_answer() -> None:
    harm, who = headline(full())[1:3]
    assert harm.startswith("That equals 18 % (14 % to 23 %) of the extensions that COVID caused and 18 %")
    assert harm.endswith("; 110 of 330 extensions are avoided in 2018/19.")
    assert who == "By stage of training most extensions are avoided in core (160) and higher (160)."


def test_a_gain_that_would_come_in_any_year_is_no_recovery() -> None:
    answer = full()
    same = answer.harm.copy()
    for end in Estimate._fields:
        same[f"ordinary_{end}"], same[f"beyond_{end}"] = same[f"gain_{end}"], 0.0
    assert "no clear part of the gain is recovery" in further(answer._replace(harm=same))[0]
    never = same.assign(**{f"{part}_{end}": UNKNOWN for part in ("ordinary", "beyond") for end in Estimate._fields})
    assert further(answer._replace(harm=never))[0].endswith("it was not run so.")


def test_what_would_come_without_covid_and_what_only_pays_follow() -> None:
    usual, pays, waiting, _levers = further(full())
    assert usual.startswith("Had there been no COVID, the same money would avoid 0 (0 to 0)")
    assert pays.startswith("“Just pay” changes nothing for any doctor: it covers about ")
    assert "“Just pay”" not in waiting
    assert payment_notes(full()) == [
        "“Just pay” pays for extensions that are given anyway: its payments are counted once, in the cost of "
        "extensions, so it costs no more than no programme."
    ]


def test_the_waiting_list_follows_the_answer() -> None:
    answer = full()
    assert further(answer)[-2].startswith("In August 2027 the waiting list is clearly shortened by “The mix” by 540 ")
    longer = answer.waiting.copy()
    longer[DIFFERENCE] = -longer[DIFFERENCE].to_numpy()[:, [0, 2, 1, 3]]
    said = waiting_sentences(answer._replace(waiting=longer.assign(pathways_lost=600.0)), "mix")
    assert said == [
        "In August 2027 the waiting list is clearly shortened by no mix; “The mix” lengthens it by 540 pathways "
        "(540 to 540), because doctors whom it releases leave patients untreated."
    ]
    assert waiting_sentences(answer._replace(waiting=answer.waiting.iloc[:0]), "mix") == []


def test_levers_of_supply_stand_in_the_answer() -> None:
    said = further(full())[-1]
    assert said.startswith("“No COVID” adds 4,000 posts in 2026/27, for £1.6bn in all years to then; it ")
    assert "doctors in training at its end" in said
    assert further(full()._replace(programmes=())) == [said]  # a study without a mix has them too


def test_money_left_unspent_is_named() -> None:
    assert unspent_sentence(made({"A": GOOD, "B": LESS})) == "Every mix spends all of its money."
    assert unspent_sentence(made({"A": GOOD})) == "The mix spends all of its money."
    assert unspent_sentence(made({})) == ""
    said = unspent_sentence(made({"A": GOOD, "B": LESS._replace(unspent=1_200_000.0)}))
    assert said.startswith("“B” leaves £1.2m of £25m unspent, because")


def test_the_order_is_that_of_the_gains() -> None:
    assert made({"A": HARM, "B": UNSURE, "C": GOOD}).ranked() == ["mix_2", "mix_1", "mix_0"]
    assert full().ranked()[0] == "mix"


@pytest.mark.parametrize(("number", "word"), [(0, "none"), (9, "nine"), (10, "10"), (1200, "1,200")])
def test_small_numbers_are_words(number: int, word: str) -> None:
    assert number_word(number) == word
