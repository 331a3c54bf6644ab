"""Sections of the validation page: figures missed, met, forecast; assumptions; how to read the page."""

from collections.abc import Sequence

import numpy as np

from pipeline_sim.report.page_model import Cell, Row, Section, Table, text_cells
from pipeline_sim.report.text.number_format import format_level
from pipeline_sim.study.fit.hindcast import Forecast, Hindcast
from pipeline_sim.study.fit.targets import ROLES
from pipeline_sim.study.fit.validate_model import Verdict

HEAD = ("Figure", "Model", "Nine draws in ten", "Record", "Accepted range", "Grade", "Role", "Publisher")
FORECAST = (
    "Figure", "Known to", "Record", "Model", "Nine in ten", "Covers the record", "CRPS", "Error of no change",
    "Error of the trend",
)  # fmt: skip


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


def hindcast_sentences(hindcast: Hindcast) -> str:
    """Coverage and skill of the hindcast."""
    low, high = hindcast.covered_between
    (better, known), (beyond, trends) = hindcast.better("no_change"), hindcast.better("trend")
    held = [each for each in hindcast.forecasts if each.verdict.target.role == "test"]
    return (
        f"90 % ranges cover {100 * hindcast.covered:.0f} % of {len(hindcast.forecasts)} later figures "
        f"({100 * low:.0f} to {100 * high:.0f} % by a bootstrap of series), {sum(each.covers for each in held)} of "
        f"{len(held)} of those held out; by mean CRPS {better} of {known} series are forecast better than by a "
        f"no-change baseline, {beyond} of {trends} than by the trend"
    )


def hindcast_section(hindcast: Hindcast) -> Section:
    """Hindcast: records after each origin."""
    paragraphs = [
        "A figure is forecast from every year before it: by the draws, and by a discrepancy of its class (below) that"
        " is estimated on records up to that year and carried on from the last record of the same series, in the part"
        " that is neither chance nor parameters. The draws are taken again by what records up to that year say of them,"
        " without what the fit knew of later years. What happened to wards and waiting lists is taken as known. Most of"
        " these figures were looked at while the model was built; only those held out are forecasts in the strict"
        " sense.",
        f"{hindcast_sentences(hindcast)}.",
    ]
    rows = [
        Row(f"{name}, known to {year}/{(year + 1) % 100}", text_cells([f"{100 * each.sd:.1f} %", str(each.records)]))
        for year, classes in hindcast.discrepancies.items()
        for name, each in classes.items()
    ]
    head = ("Class of figure", "Standard deviation of record over model", "Records")
    tables = [
        Table("forecasts", "Later figures", FORECAST, [forecast_row(each) for each in hindcast.forecasts]),
        Table("discrepancy", "Discrepancy", head, rows),
    ]
    return Section("hindcast", "How well the model forecasts", paragraphs, tables=tables)


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
    target, (low, high) = each.verdict.target, each.span
    errors = ("–" if error is None else format_level(error) for error in (each.no_change, each.trend))
    cells = text_cells(
        (
            f"{each.origin}/{(each.origin + 1) % 100}",
            format_level(target.value),
            format_level(float(np.median(each.ensemble))),
            f"{format_level(low)} to {format_level(high)}",
            "yes" if each.covers else "no",
            format_level(each.crps),
            *errors,
        )
    )
    return Row(f"{target.quantity}, {target.unit}: {target.population}, {target.period}", cells)
