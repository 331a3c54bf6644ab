"""Names, units and meanings of the columns of tidy tables: one meaning a column, whatever the table."""

from pipeline_sim.report.supply_view import SUPPLY_COLUMNS, SUPPLY_LABELS
from pipeline_sim.study.estimates.harm_undone import SIGNS
from pipeline_sim.study.estimates.indicators import LABELS

LEVEL, DIFFERENCE, AMOUNT = "level_", "difference_", "amount_"  # beginnings of columns
NEITHER = "neither"
BETTER = {name: "lower" if sign > 0 else "higher" for name, sign in SIGNS.items()} | {
    "mean_backlog": "lower", "carrying_gap": "lower", "on_time_share": "higher", "late_reviews": "lower",
    "revalidations_late": "lower", "late_share": "lower", "resigned": "lower", "released": "lower",
}  # fmt: skip
MONEY = {  # label and formula
    "spent_gbp": ("Spent", "spending of the mix; ceilings may leave part of the budget unspent"),
    "unspent_gbp": ("Left unspent", "budget - spent_gbp"),
    "extension_saving_gbp": (
        "Saved on extensions",
        "extension_cost_gbp of the baseline - extension_cost_gbp of the world",
    ),
    "net_budget_gbp": (
        "Net cost to the training budget",
        "spent_gbp - extension_saving_gbp; payments for extensions are counted once",
    ),
    "net_system_gbp": (
        "Net cost to the system, discounted",
        "net_budget_gbp, plus the value of the years by which CCTs are delayed; discounted",
    ),
    "per_extension_avoided_gbp": ("Cost per extension avoided, gross", "mean spent_gbp / mean extensions avoided"),
    "per_month_recovered_gbp": ("Cost per month recovered, gross", "mean spent_gbp / mean fall of months_short"),
    "net_per_month_gbp": (
        "Net cost per month recovered",
        "mean net_budget_gbp / mean fall of months_short; a month of extension is in both",
    ),
    "extension_cost_gbp": ("Cost of extensions", "whole-time months of extension x the price of a month, by stage"),
}
NAMES = LABELS | SUPPLY_LABELS | {name: (label, "GBP") for name, (label, _) in MONEY.items()}
COLUMNS = {
    "world": "short name of the world",
    "world_label": "name of the world",
    "year": "calendar year in which the training year begins",
    "training_year": "training year, August to July",
    "indicator": "code of the indicator",
    "indicator_label": "name of the indicator",
    "unit": "unit of the numbers in the row",
    "level_mean": "mean over draws in the world, in the unit of the row",
    "difference_mean": "mean difference with the same random numbers: world less baseline, or world after less world "
    "before the step; in the unit of the row",
    "better": "which sign of the difference is a gain: lower (negative), higher (positive), or neither",
    "amount_mean": "mean over draws, pounds",
    "gain_difference_mean": "mean gain of the first mix less that of the second, in the unit of the row",
    "by": "kind of subgroup",
    "who": "subgroup of doctors",
    "stage": "kind of programme: foundation, core (CT), run through (ST1 on), higher (ST3 or ST4 on), gp",
    "suppressed": "true if the baseline has on average fewer than 10 simulated doctors in the cell: then no number",
    "group": "specialty group",
    "office": "office of postgraduate training",
    "office_label": "name of the office",
    "intervention": "short name of the intervention",
    **SUPPLY_COLUMNS,
    "intervention_label": "name of the intervention",
    "scenario": "scenario in which a mix is compared with no programme",
    "without_mean": "mean of the headline without a programme in the scenario, in the unit of the row",
    "gain_mean": "mean gain of the mix, in the unit of the row: positive is better",
    "harm_mean": "mean harm of COVID, in the unit of the row: what it adds, of CCTs on time what it takes",
    "share_mean": "mean gain / mean harm of COVID, 0 to 1; empty where COVID did no clear harm",
    "ordinary_mean": "mean gain of the same mix had there been no COVID, in the unit of the row; empty if not run so",
    "beyond_mean": "mean gain with COVID less gain without, in the unit of the row; empty if not run without COVID",
    "regret_mean": "mean gain forgone by not choosing what gains most in the scenario, in the unit of the row",
    "gbp_mean": "pounds for each unit gained; empty where no gain is clear",
    "units": "mean units bought over draws, in the unit of the row",
    "spent_gbp": "mean spending over draws, pounds",
    "unspent_gbp": "mean amount left unspent over draws, pounds",
    "month": "calendar month",
    "pathways_added": "mean pathways completed on lists and clinics of the mix, cumulative from the first month on; "
    "negative where lists on which trainees learn do fewer cases",
    "pathways_lost": "mean pathways not completed because the mix released doctors, cumulative from the first month on",
    "horizon": "planning horizon, counted from the year in which the money is spent",
    "can_tell": "true if the interval excludes zero",
    "one": "short name of the first mix",
    "one_label": "name of the first mix",
    "other": "short name of the second mix",
    "other_label": "name of the second mix",
    "gbp_a_month": "value of a month of training, pounds",
    "value": "value of the draw, in the unit of the row",
    "item": "short name of a value of time",
    "gbp": "value as stated, pounds",
    "gbp_low": "lower end of its range, pounds",
    "gbp_high": "upper end of its range, pounds",
    "price_year": "year of the prices",
    "perspective": "whose money or gain it is",
    "cash_releasing": "yes if a budget spends less by it",
    "source": "source of the value",
    "grade": "A primary source, B secondary source, C assumption within a range",
    "event": "what the mix may do",
    "probability": "share of draws without chance variation, 0 to 1",
    "probability_low": "lower end of the Monte Carlo interval (95 %) of the probability",
    "probability_high": "upper end of the Monte Carlo interval (95 %) of the probability",
    "verdict": "band of probability that contains all of its Monte Carlo interval, in words",
    "draws_to_settle": "about how many draws would settle the verdict",
    "expected_loss": "gain forgone on average beside the best mix of each draw, in the unit of the row",
    "expected_loss_gbp": "net benefit forgone on average beside the best choice of each draw, pounds",
    "on_frontier": "true if the choice has the highest mean net benefit",
    "weight": "weight of the draw; all add up to 1",
    "parameters_sd": "standard deviation due to uncertain parameters, in the unit of the row",
    "luck_sd": "standard deviation due to chance variation alone, in the unit of the row",
    "parameters_share": "share of the variance of single replications due to uncertain parameters, 0 to 1",
    "rung": "position in the order of addition",
    "label": "shock or intervention added; in the table of values what is valued",
    "kind": "shock or intervention",
    "draw": "number of the draw of uncertain parameters",
}
ENDS = {
    "low": "lower end of its 95 % credible interval; empty if there is none",
    "high": "upper end of its 95 % credible interval",
    "error": "Monte Carlo standard error of the mean",
}
