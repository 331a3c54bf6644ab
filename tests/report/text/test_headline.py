"""The answer in sentences says what its intervals bear and no more."""

import pytest
from support.example_answers import NOTHING, UNKNOWN, Told, full, made

from pipeline_sim.report.text.headline import headline, payment_notes, unspent_sentence
from pipeline_sim.report.text.number_format import number_word
from pipeline_sim.report.text.waiting_sentences import waiting_sentences
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.waiting_lists import DIFFERENCE

pytestmark = pytest.mark.unit
GOOD = Told(Estimate(300.0, 200.0, 400.0))
LESS = Told(Estimate(100.0, 50.0, 150.0))
OPEN = Told(Estimate(120.0, -80.0, 320.0), each=Ratio(UNKNOWN, UNKNOWN, UNKNOWN, False))
HARM = Told(Estimate(-90.0, -140.0, -40.0), each=Ratio(UNKNOWN, UNKNOWN, UNKNOWN, False))
ONE = Told(Estimate(70.0, UNKNOWN, UNKNOWN), Estimate(1e6, UNKNOWN, UNKNOWN), Ratio(3e5, UNKNOWN, UNKNOWN, False))
PAYS = Estimate(-2e6, -3e6, -1e6)
EITHER = Estimate(1e6, -1e6, 3e6)
STILL = "after these savings the net cost to the training budget is £9m."
NONE_PAYS = f"None of the mixes pays for itself in extensions saved: {STILL}"
IDLE = Told(NOTHING, NOTHING, Ratio(UNKNOWN, UNKNOWN, UNKNOWN, False))
PAID_ANYWAY = (
    "“{}” changes nothing for any doctor: it covers about 6,900 months of extension that would be given "
    "anyway, so it adds no net cost."
)
CASES = [
    (
        {"A": GOOD},
        "“A” avoids 300 extensions (95 % interval 200 to 400), at £50,000 each (£40,000 to £60,000), "
        "and recovers 300 months of training (200 to 400). "
        f"“A” does not pay for itself in extensions saved: {STILL}",
    ),
    (
        {"A": LESS, "B": GOOD},
        "Highest on average: “B” avoids 300 extensions (95 % interval 200 to 400), "
        "at £50,000 each (£40,000 to £60,000), and recovers 300 months of training (200 to 400). "
        f"With 95 % confidence the better of the two mixes is “B”. {NONE_PAYS}",
    ),
    (
        {"A": OPEN, "B": LESS},
        "“B” avoids 100 extensions (95 % interval 50 to 150), at £50,000 each (£40,000 to £60,000), "
        "and recovers 100 months of training (50 to 150); "
        "“A” is higher on average, but its 95 % interval runs from 80 more to 320 fewer. "
        f"With 95 % confidence the better of the two mixes is “A”. {NONE_PAYS}",
    ),
    (
        {"A": OPEN, "B": HARM},
        "Neither of the two mixes clearly avoids extensions; highest on average: “A” has no clear effect on extensions "
        "(its 95 % interval runs from 80 more to 320 fewer), and has no clear effect on months of lost training "
        "(80 more to 320 fewer). With 95 % confidence the better of the two mixes is “A”. "
        f"None of the mixes pays for itself in extensions saved: {STILL}",
    ),
    (
        {"A": HARM, "B": HARM},
        "All mixes do harm in this model: “A” means 90 more extensions (95 % interval 40 to 140), "
        "and adds 90 months of lost training (40 to 140). "
        f"Either of the two mixes may be the best: “A” and “B”. {NONE_PAYS}",
    ),
    (
        {"A": OPEN},
        "“A” has no clear effect on extensions (its 95 % interval runs from 80 more to 320 fewer), "
        "and has no clear effect on months of lost training (80 more to 320 fewer). "
        f"“A” does not pay for itself in extensions saved: {STILL}",
    ),
    (
        {"A": ONE},
        "“A” avoids 70 extensions, and recovers 70 months of training in the only draw made, too few for an interval. "
        "One draw is too few to show whether a mix pays for itself in extensions saved.",
    ),
    ({"A": IDLE}, PAID_ANYWAY.format("A")),
    (
        {"A": IDLE, "B": GOOD},
        "“B” avoids 300 extensions (95 % interval 200 to 400), "
        "at £50,000 each (£40,000 to £60,000), and recovers 300 months of training (200 to 400). "
        "With 95 % confidence the better of the two mixes is “B”. "
        f"“B” does not pay for itself in extensions saved: {STILL[:-1]}, leaving out “A”. {PAID_ANYWAY.format('A')}",
    ),
    ({}, "This study has no programme that spends money: there is nothing to rank or to price."),
]


@pytest.mark.parametrize(("mixes", "says"), CASES)
def test_the_answer_in_words(mixes: dict[str, Told], says: str) -> None:
    assert " ".join(headline(made(mixes))) == says


@pytest.mark.parametrize(
    ("nets", "says"),
    [
        ([PAYS], "“0” pays for itself in extensions saved."),
        ([PAYS, PAYS], "“0” and “1” pay for themselves in extensions saved."),
        ([PAYS, EITHER], "“0” pays for itself in extensions saved; whether “1” pays for itself is unclear."),
        ([PAYS, GOOD.net], "“0” pays for itself in extensions saved; “1” does not."),
        (
            [EITHER, GOOD.net, GOOD.net],
            "Whether “0” pays for itself in extensions saved is unclear; the others do not.",
        ),
        ([None], "The study has no prices of time, so what a mix saves on extensions is not known."),
    ],
)
def test_whether_it_pays_for_itself(nets: list[Estimate | None], says: str) -> None:
    mixes = {str(place): GOOD._replace(net=net) for place, net in enumerate(nets)}
    assert headline(made(mixes))[-1] == says


def test_mixes_that_do_not_differ_clearly_are_said_to_be_so() -> None:
    two, many = {"A": GOOD, "B": LESS}, dict.fromkeys("ABCDE", GOOD)
    assert headline(made(two, doubt=250.0))[1] == "Either of the two mixes may be the best: “A” and “B”."
    assert headline(made(many))[1] == "Any of the five mixes may be the best: “A” and “B” are ahead on average."
    three = headline(made(two | {"C": HARM}, doubt=250.0))[1]
    assert three == "With 95 % confidence the best of the three mixes is one of two: “A” and “B”."
    one = {"A": ONE, "B": ONE}
    assert headline(made(one, doubt=UNKNOWN))[1] == "One draw is too few to compare “A” with the other mixes."


def test_there_are_four_sentences_at_most() -> None:
    nets = (PAYS, EITHER, GOOD.net, GOOD.net)
    mixes = {name: GOOD._replace(net=net) for name, net in zip("ABCD", nets, strict=True)}
    said = " ".join(headline(made({"Top": OPEN._replace(gain=Estimate(900.0, -1.0, 1801.0)), "Idle": IDLE, **mixes})))
    assert said.count(". ") == 3


def test_what_covid_cost_stands_beside_the_gain() -> None:
    share, ordinary = headline(full())[1:3]
    assert share.startswith(
        "What “The mix” gains equals 18 % (18 % to 18 %) of the extensions that COVID caused, and 18 %"
    )
    assert ordinary.startswith("Had there been no COVID, the same money would avoid 0 (0 to 0)")
    assert ordinary.endswith("beyond that it gains 330 extensions (330 to 330) and 990 months (990 to 990).")


def test_a_gain_that_would_come_in_any_year_is_no_recovery() -> None:
    answer = full()
    same = answer.harm.copy()
    for end in Estimate._fields:
        same[f"ordinary_{end}"], same[f"beyond_{end}"] = same[f"gain_{end}"], 0.0
    assert "no clear part of the gain is recovery" in headline(answer._replace(harm=same))[2]
    never = same.assign(**{f"{part}_{end}": UNKNOWN for part in ("ordinary", "beyond") for end in Estimate._fields})
    assert headline(answer._replace(harm=never))[2].endswith("it was not run so.")


def test_a_mix_that_only_pays_is_said_to_change_nothing() -> None:
    *_, money, pays, waiting, _levers = headline(full())
    assert "“Just pay”" not in money or money.endswith(", leaving out “Just pay”.")
    assert pays.startswith("“Just pay” changes nothing for any doctor: it covers about ")
    assert "“Just pay”" not in waiting
    assert payment_notes(full()) == [
        "“Just pay” pays for extensions that are given anyway: its payments are counted once, in the cost of "
        "extensions, so it costs no more than no programme."
    ]


def test_the_waiting_list_stands_in_the_answer() -> None:
    answer = full()
    assert headline(answer)[-2].startswith("In August 2027 the waiting list is clearly shortened by “The mix” by 540 ")
    longer = answer.waiting.copy()
    longer[DIFFERENCE] = -longer[DIFFERENCE].to_numpy()[:, [0, 2, 1]]
    said = waiting_sentences(answer._replace(waiting=longer.assign(pathways_lost=600.0)), "mix")
    assert said == [
        "In August 2027 the waiting list is clearly shortened by no mix; “The mix” lengthens it by 540 pathways "
        "(540 to 540), because doctors whom it releases leave patients untreated."
    ]
    assert waiting_sentences(answer._replace(waiting=answer.waiting.iloc[:0]), "mix") == []


def test_levers_of_supply_stand_in_the_answer() -> None:
    said = headline(full())[-1]
    assert said.startswith("“No COVID” adds 4,000 posts in 2026/27, for £1.6bn in all years to then; it ")
    assert "doctors in training at its end" in said
    assert headline(full()._replace(programmes=()))[-1] == said  # a study without a mix has them too


def test_money_left_unspent_is_named() -> None:
    assert unspent_sentence(made({"A": GOOD, "B": LESS})) == "Every mix spends all of its money."
    assert unspent_sentence(made({"A": GOOD})) == "The mix spends all of its money."
    assert unspent_sentence(made({})) == ""
    said = unspent_sentence(made({"A": GOOD, "B": LESS._replace(unspent=1_200_000.0)}))
    assert said.startswith("“B” leaves £1.2m of £25m unspent, because")


def test_the_order_is_that_of_the_gains() -> None:
    assert made({"A": HARM, "B": OPEN, "C": GOOD}).ranked() == ["mix_2", "mix_1", "mix_0"]
    assert full().ranked()[0] == "mix"


@pytest.mark.parametrize(("number", "word"), [(0, "none"), (9, "nine"), (10, "10"), (1200, "1,200")])
def test_small_numbers_are_words(number: int, word: str) -> None:
    assert number_word(number) == word
