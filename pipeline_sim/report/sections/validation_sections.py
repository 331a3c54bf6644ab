"""Sections of the validation page: figures missed, met, forecast; assumptions; how to read the page."""

from collections.abc import Sequence

from pipeline_sim.report.page_model import Cell, Row, Section, Table, text_cells
from pipeline_sim.report.text.number_format import format_level
from pipeline_sim.study.fit.hindcast import Forecast, Hindcast
from pipeline_sim.study.fit.targets import ROLES
from pipeline_sim.study.fit.validate_model import Verdict

HEAD = ("Figure", "Model", "Nine draws in ten", "Record", "Accepted range", "Grade", "Role", "Publisher")
FORECAST = (
    "Figure",
    "Record",
    "Model",
    "Nine draws in ten",
    "Covers the record",
    "CRPS",
    "Error of the no-change baseline",
)


def failures_section(verdicts: Sequence[Verdict]) -> Section:
    """Figures that are not met, largest deviation first, with what is known of each."""
    failed = [each for each in verdicts if not each.passes]
    paragraphs = [
        "The largest deviations come first. A figure that is missed does not prove the model wrong: the record may be"
        " for another country, year or group of doctors, and the last table gives what is known of each. Nor does a"
        " figure that is met prove the model right."
    ]
    if not failed:
        paragraphs = ["Every figure is met."]
    why = [
        Row(
            f"{each.target.quantity}: {each.target.population}, {each.target.period}",
            text_cells([each.target.because or ""]),
        )
        for each in failed
    ]
    return Section(
        "failures",
        "What is not met",
        paragraphs,
        tables=[
            Table("failed", "Figures that are not met", HEAD, target_rows(failed)),
            Table("why", "Notes on these figures", ("Figure", "Tolerance and notes"), why),
        ],
    )


def passes_section(verdicts: Sequence[Verdict]) -> Section:
    """Figures that are met, by role."""
    tables = [
        Table(f"passed-{role}", f"{words[0].upper()}{words[1:]}", HEAD, target_rows(of_role))
        for role, words in ROLES.items()
        if (of_role := [each for each in verdicts if each.passes and each.target.role == role])
    ]
    paragraphs = [
        "Figures held out for testing are the strongest evidence. Those looked at in building or fitting show"
        " how close the model was brought, those that are inputs that it reproduces them. “?” marks a mean whose 95 %"
        " interval crosses the limit."
    ]
    return Section("passes", "What is met", paragraphs, tables=tables)


def hindcast_section(hindcast: Hindcast) -> Section:
    """Hindcast: figures of later years that are held out."""
    better, known = hindcast.better
    paragraphs = [
        "These figures are of years after 2019/20, and were not looked at in building or fitting the model; others of"
        " those years were. What happened to wards and waiting lists is taken as known.",
        f"The range of nine draws in ten covers {100 * hindcast.covered:.0f} % of the {len(hindcast.forecasts)} "
        f"figures, and overlaps the interval of {100 * hindcast.met:.0f} %. With well-calibrated uncertainty it would "
        "be about 90 %: below that, the model is more certain than it should be.",
        f"Of the {known} figures with an earlier value to compare with, {better} are forecast better by the model"
        " than by a no-change baseline (CRPS against absolute error).",
    ]
    table = Table("forecasts", "Figures after 2019/20", FORECAST, [forecast_row(each) for each in hindcast.forecasts])
    return Section("hindcast", "How well the model forecasts", paragraphs, tables=[table])


def assumptions_section(verdicts: Sequence[Verdict]) -> Section:
    """Ranges of analysts beside the model, without a verdict."""
    paragraphs = [
        "No record of these has been published. The ranges are assumptions (grade C): nothing is tested with them."
    ]
    table = Table("assumed", "The model beside assumptions", HEAD, target_rows(verdicts))
    return Section("assumptions", "Assumptions, no record", paragraphs, tables=[table])


def reading_section() -> Section:
    """Explanation of the terms of the page."""
    return Section(
        "reading",
        "How to read this",
        [
            "Grade A is from a primary source, B from a secondary source, C is an assumption within a range, "
            "with which nothing is tested.",
            "The number of the model is a mean over draws of the uncertain parameters, with its 95 % interval. A figure"
            " is met where the mean is within the interval of the source, widened by a stated tolerance.",
            "CRPS, the continuous ranked probability score, is the error of a probabilistic forecast in the unit of the"
            " figure; for a point forecast it is the absolute error.",
        ],
    )


def target_rows(verdicts: Sequence[Verdict]) -> list[Row]:
    """Rows of targets, under a heading for each topic."""
    rows: list[Row] = []
    for topic in dict.fromkeys(each.target.topic for each in verdicts):
        rows.append(Row(topic))
        rows += [target_row(each) for each in verdicts if each.target.topic == topic]
    return rows


def target_row(verdict: Verdict) -> Row:
    """Row of a target."""
    target = verdict.target
    ends, span, reach = target.ends, verdict.span, target.reach
    interval = f"{format_level(ends[0])} to {format_level(ends[1])}" if ends[0] < ends[1] else ""
    low, high = verdict.interval
    cells = (
        Cell(
            format_level(verdict.mean),
            f"{format_level(low)} to {format_level(high)}",
            "?" if target.is_record and not verdict.is_sure else "",
        ),
        Cell(f"{format_level(span[0])} to {format_level(span[1])}"),
        Cell(format_level(target.value), interval),
        Cell(f"{format_level(reach[0])} to {format_level(reach[1])}" if target.is_record else "–"),
        *text_cells((target.grade, ROLES[target.role] if target.is_record else "assumption", target.publisher)),
    )
    return Row(f"{target.quantity}, {target.unit}: {target.population}, {target.period}", cells)


def forecast_row(each: Forecast) -> Row:
    """Row of a forecast."""
    verdict, target = each.verdict, each.verdict.target
    ends, span = target.ends, verdict.span
    around = "yes" if each.covers else "its interval" if each.meets else "no"
    cells = (
        Cell(
            format_level(target.value),
            f"{format_level(ends[0])} to {format_level(ends[1])}" if ends[0] < ends[1] else "",
        ),
        *text_cells(
            (
                format_level(verdict.mean),
                f"{format_level(span[0])} to {format_level(span[1])}",
                around,
                format_level(each.crps),
            )
        ),
        Cell("–" if each.no_change is None else format_level(each.no_change)),
    )
    return Row(f"{target.quantity}, {target.unit}: {target.population}, {target.period}", cells)
