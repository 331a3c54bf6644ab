"""Section on scenarios: what each mix gains if events go another way, and its regret."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, estimate_cell
from pipeline_sim.report.text.figure_clauses import interval_name
from pipeline_sim.report.text.headline import GAIN_WORDS, quoted
from pipeline_sim.report.text.number_format import format_level, format_number, listed, rounded
from pipeline_sim.report.text.reading_sentences import reading_sentences
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.scenario_gains import largest_regret

TITLE = "If events go another way"


def section(answer: Answer) -> Section:
    """Gains and regret of the mixes by scenario."""
    if answer.scenarios.empty:
        return Section("scenarios", TITLE, [])
    paragraphs = [
        "In each scenario a mix is compared with the same scenario without a programme, with the same random numbers, "
        "so what a scenario changes is not counted as a gain of the money.",
        "The regret of a mix is the gain forgone by choosing it and not what gains most in that scenario, which may be "
        f"no mix. {_safest(answer)}",
        *reading_sentences(answer),
    ]
    return Section("scenarios", TITLE, paragraphs, (), [gains_table(answer)], [regret_table(answer)])


def _safest(answer: Answer) -> str:
    """Sentence on the mixes whose largest regret is smallest."""
    regret = largest_regret(answer.scenarios)
    if not regret:
        return "No mix was run in every scenario."
    least = min(regret.values())
    names = listed(quoted(answer, world) for world, value in regret.items() if value == least)
    what = GAIN_WORDS[answer.study.headline].what
    return (
        f"Of the mixes run in every scenario its largest value is smallest for {names}: about {rounded(least)} {what}."
    )


def gains_table(answer: Answer) -> Table:
    """Table of what each mix gains, a column a scenario."""
    levels = answer.scenarios["without_mean"].groupby(level="scenario", sort=False).first()
    words = GAIN_WORDS[answer.study.headline]
    first = Row(f"Without a programme: {words.what}", tuple(Cell(format_level(float(level))) for level in levels))
    note = f"Below each number is its {interval_name(answer)}. “No clear difference”: the interval includes zero."
    return Table(
        "scenarios-gains", "What each mix gains in each scenario", head(answer), [first, *rows(answer, "gain")], note
    )


def regret_table(answer: Answer) -> Table:
    """Table of regret, a column a scenario."""
    return Table("scenarios-regret", "Regret of each mix in each scenario", head(answer), rows(answer, "regret"))


def head(answer: Answer) -> tuple[str, ...]:
    """Names of the columns."""
    return ("Mix", *answer.scenarios.index.unique("scenario"))


def rows(answer: Answer, what: str) -> list[Row]:
    """Row of each mix; a cell is empty where it was not run in a scenario."""
    columns = [f"{what}_{end}" for end in Estimate._fields]
    known = {
        key: Estimate(*values)
        for key, values in zip(answer.scenarios.index, answer.scenarios[columns].to_numpy(), strict=True)
    }
    return [
        Row(
            answer.label(world),
            tuple(
                estimate_cell(known[scenario, world], format_number) if (scenario, world) in known else Cell("not run")
                for scenario in answer.scenarios.index.unique("scenario")
            ),
        )
        for world in answer.scenarios.index.unique("world")
    ]
