"""The sections of the validation page: what fails, what passes, how well the model foretells, how to read it."""

from collections.abc import Sequence

from pipeline_sim.report.page_model import Cell, Row, Section, Table, level, plain
from pipeline_sim.study.fit.hindcast import Forecast, Hindcast
from pipeline_sim.study.fit.targets import ROLES
from pipeline_sim.study.fit.validate_model import Verdict

HEAD = ("Figure", "Model", "Nine draws in ten", "Record", "Passes within", "Grade", "Role", "Found by")
FORECAST = ("Figure", "Record", "Model", "Nine draws in ten", "Around the record", "CRPS", "No change is off by")


def failures(verdicts: Sequence[Verdict]) -> Section:
    """Figures that are not met, those furthest off first, and why they may not be."""
    failed = [each for each in verdicts if not each.passes]
    says = [
        "Those furthest off come first. A failure is no proof against the model, whose record may be of another"
        " country, year or kind of doctor; the last table says what to know of each. Nor is a pass a proof for it."
    ]
    if not failed:
        says = ["Every figure is met."]
    why = [
        Row(f"{each.target.quantity}: {each.target.population}, {each.target.period}", plain([each.target.because]))
        for each in failed
    ]
    return Section(
        "failures",
        "What is not met",
        says,
        tables=[
            Table("failed", "Figures that are not met", HEAD, rows_of(failed)),
            Table("why", "What to know of them", ("Figure", "Tolerance, and what else to know"), why),
        ],
    )


def passes(verdicts: Sequence[Verdict]) -> Section:
    """Figures that are met, role by role."""
    tables = [
        Table(f"passed-{role}", f"{words[0].upper()}{words[1:]}", HEAD, rows_of(mine))
        for role, words in ROLES.items()
        if (mine := [each for each in verdicts if each.passes and each.target.role == role])
    ]
    says = [
        "Figures kept to test say most. Those used to calibrate are met if the fit is good, those that entered"
        " the model in another way if it arrived. “?” marks a mean whose 95 % interval reaches over the limit."
    ]
    return Section("passes", "What is met", says, tables=tables)


def foretold(found: Hindcast) -> Section:
    """The hindcast."""
    better, known = found.better
    says = [
        "Parameters were fitted to figures of 2019/20 and before; these are of later years. What happened to wards and"
        " lists is taken as known.",
        f"Nine draws in ten lie around {100 * found.covered:.0f} % of the {len(found.forecasts)} figures, and have"
        f" something in common with the interval of {100 * found.met:.0f} %. If the doubt were told right it would be"
        " about 90 %: where it is less, the model is surer than it should be.",
        f"Of the {known} figures that have one of 2019/20 or before to repeat, {better} are foretold better by the"
        " model than by no change (CRPS against absolute error).",
    ]
    table = Table("forecasts", "Figures after 2019/20", FORECAST, [forecast_row(each) for each in found.forecasts])
    return Section("hindcast", "How well the model foretells", says, tables=[table])


def reading() -> Section:
    """Words of the page."""
    return Section(
        "reading",
        "How to read this",
        [
            "Grade A was found at first hand, B at second hand, C is an assumption within a range: to meet a C is to"
            " agree with what analysts expected, no more.",
            "The model's number is a mean over draws of the figures in doubt, with its 95 % interval. It passes where"
            " it lies within the interval of the source, widened by a tolerance that is stated for each figure.",
            "CRPS, the continuous ranked probability score, is the error of a forecast with its doubt, in the unit of"
            " the figure; for a forecast without doubt it is the absolute error.",
        ],
    )


def rows_of(verdicts: Sequence[Verdict]) -> list[Row]:
    """Lines by topic."""
    rows: list[Row] = []
    for topic in dict.fromkeys(each.target.topic for each in verdicts):
        rows.append(Row(topic))
        rows += [row_of(each) for each in verdicts if each.target.topic == topic]
    return rows


def row_of(verdict: Verdict) -> Row:
    """One figure."""
    target = verdict.target
    ends, span, reach = target.ends, verdict.span, target.reach
    interval = f"{level(ends[0])} to {level(ends[1])}" if ends[0] < ends[1] else ""
    low, high = verdict.interval
    cells = (
        Cell(level(verdict.mean), f"{level(low)} to {level(high)}", "" if verdict.is_sure else "?"),
        Cell(f"{level(span[0])} to {level(span[1])}"),
        Cell(level(target.value), interval),
        Cell(f"{level(reach[0])} to {level(reach[1])}"),
        *plain((target.grade, ROLES[target.role], target.publisher)),
    )
    return Row(f"{target.quantity}, {target.unit}: {target.population}, {target.period}", cells)


def forecast_row(each: Forecast) -> Row:
    """One forecast."""
    verdict, target = each.verdict, each.verdict.target
    ends, span = target.ends, verdict.span
    around = "yes" if each.covers else "its interval" if each.meets else "no"
    cells = (
        Cell(level(target.value), f"{level(ends[0])} to {level(ends[1])}" if ends[0] < ends[1] else ""),
        *plain((level(verdict.mean), f"{level(span[0])} to {level(span[1])}", around, level(each.crps))),
        Cell("–" if each.no_change is None else level(each.no_change)),
    )
    return Row(f"{target.quantity}, {target.unit}: {target.population}, {target.period}", cells)
