"""Flow of doctors through the stages of training in the baseline, over all years."""

from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.number_format import counted, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Where do doctors go between medical school and a CCT?"
NAMES = {"foundation": "Foundation", "core": "Core", "run through": "Run-through", "gp": "GP", "higher": "Higher"}
TRIO = ("core", "run through", "gp")  # stages after foundation
TO_CCT = ("higher", "run through", "gp")
COLUMNS = {"foundation": 0.0, "core": 2.1, "run through": 2.1, "gp": 2.1, "higher": 3.85}
FIRST_POOL, SECOND_POOL, CCT = 1.3, 3.3, 5.2
THICK, STUB = 0.07, 0.16  # width of a bar and of the band that leaves it
GAP, LABEL_GAP = 0.11, 0.032  # share of the height shown
SIZE = 6.8
FLOW, BAR = "#9ecae9", LINES[0].colour
LEAVES = {
    "resigned": (LINES[1].colour, "////"),
    "released": (LINES[2].colour, "xxxx"),
    "more_in_post": (frame.QUIET, "||||"),
}
VERBS = {"resigned": "resign", "released": "are released", "more_in_post": "more in training"}


class Stage(NamedTuple):
    """Numbers of doctors of one stage, over all years."""

    name: str
    started: float
    finished: float
    resigned: float
    released: float
    more_in_post: float  # change since the first year

    @property
    def leaves(self) -> list[tuple[str, float]]:
        """Doctors who leave the stage unfinished, and growth of the stage."""
        ways = {"resigned": self.resigned, "released": self.released, "more_in_post": self.more_in_post}
        return [(what, many) for what, many in ways.items() if many > 0]

    @property
    def height(self) -> float:
        """Height of its bar: all who start, or all who leave if these are more."""
        return max(self.started, self.finished + sum(many for _, many in self.leaves))


def stage_flow(answer: Answer) -> frame.Picture | None:
    """Flow diagram with bands as wide as there are doctors; None where nobody starts."""
    stages = stages_of(answer)
    if not sum(stage.started for stage in stages.values()):
        return None
    with frame.figure_style():
        drawn = frame.blank_figure(4.9)
        _bands(drawn.subplots(), stages)
        title, notes = finding(answer, stages), frame.source_note(answer, note(answer))
        return frame.captioned("flow", QUESTION, title, alt_text(answer, stages), drawn, notes)


def stages_of(answer: Answer) -> dict[str, Stage]:
    """Mean flows by stage."""
    means = answer.flows["mean"]
    return {name: Stage(name, *(float(means[(name, what)]) for what in Stage._fields[1:])) for name in NAMES}


def finding(answer: Answer, stages: dict[str, Stage]) -> str:
    """Finding: doctors who start and finish foundation, CCTs awarded, doctors who leave."""
    first, ccts = stages["foundation"], Estimate(*answer.totals.loc[(answer.study.baseline, "ccts")])
    left = sum(stage.resigned + stage.released for stage in stages.values())
    return (
        f"In {counted(len(answer.years), 'year')} {rounded(first.started)} doctors start foundation and "
        f"{rounded(first.finished)} finish it; {clause_with_interval(ccts)} CCTs are awarded; {rounded(left)} times a "
        "doctor leaves a programme unfinished"
    )


def note(answer: Answer) -> str:
    """Notes on the bands."""
    return (
        f"“{answer.label(answer.study.baseline)}”, means, all years from {answer.years[0]} together, rounded. More in "
        "training: than at first. Many who finish had started earlier, and many start a stage after years out or from "
        "abroad, so a band between stages is a number of doctors and does not follow individuals."
    )


def alt_text(answer: Answer, stages: dict[str, Stage]) -> str:
    """Alternative text with the numbers of the figure."""
    parts = [f"Bands of doctors between stages of training over {counted(len(answer.years), 'year')}."]
    for stage in stages.values():
        change = f"{rounded(abs(stage.more_in_post))} {'fewer' if stage.more_in_post < 0 else 'more'} in training"
        parts.append(
            f"{NAMES[stage.name]}: {rounded(stage.started)} start, {rounded(stage.finished)} finish,"
            f" {rounded(stage.resigned)} resign, {rounded(stage.released)} are released, {change} than at first."
        )
    return " ".join(parts)


def _bands(axes: "Axes", stages: dict[str, Stage]) -> None:
    gap = GAP * sum(stages[name].height for name in TRIO)
    tops = {"foundation": 0.0, "higher": 0.0}
    bottom = 0.0
    for name in TRIO:
        tops[name] = bottom
        bottom += stages[name].height + gap
    frame.bare_axes(axes)
    axes.set_xlim(-0.05, CCT + 0.75)
    axes.set_ylim(max(bottom, stages["foundation"].height, stages["higher"].height), -0.9 * gap)
    _into(axes, stages, FIRST_POOL, ("foundation",), TRIO, tops)
    _into(axes, stages, SECOND_POOL, ("core",), ("higher",), tops)
    for name in TO_CCT:
        _certified(axes, stages[name], tops[name])
    for name, stage in stages.items():
        _stage(axes, stage, tops[name], LABEL_GAP * bottom)
    total = sum(stages[name].finished for name in TO_CCT)
    axes.text(CCT + THICK, -0.15 * gap, f"CCTs: {rounded(total)}", ha="left", va="bottom", size=8, weight="bold")


def _stage(axes: "Axes", stage: Stage, top: float, least: float) -> None:
    """Draw the bar of a stage, and the bands of those who leave it."""
    left = COLUMNS[stage.name]
    _box(axes, left, top, stage.height, BAR)
    text = f"{NAMES[stage.name]}: {rounded(stage.started)} start"
    axes.text(left, top - 0.4 * least, text, ha="left", va="bottom", size=8, weight="bold")
    edge, middles = top + stage.finished, []
    for what, many in stage.leaves:
        colour, hatch = LEAVES[what]
        axes.bar(
            [left + THICK], [many], width=STUB, bottom=edge, align="edge", fc="white", ec=colour, hatch=hatch, lw=0.5
        )
        middles.append(edge + many / 2)
        edge += many
    for (what, many), middle, at in zip(stage.leaves, middles, frame.spread_labels(middles, least), strict=True):
        right = left + THICK + STUB
        axes.plot([right, right + 0.06], [middle, at], color=frame.QUIET, linewidth=0.6)
        axes.text(right + 0.08, at, f"{rounded(many)} {VERBS[what]}", va="center", size=SIZE, color=frame.DARK)


def _certified(axes: "Axes", stage: Stage, top: float) -> None:
    """Draw the band of those who finish with a CCT."""
    left = COLUMNS[stage.name] + THICK
    _band(axes, (left, top), (CCT, top), stage.finished)
    _box(axes, CCT, top, stage.finished, BAR)
    axes.text(CCT + THICK + 0.04, top + stage.finished / 2, f"{rounded(stage.finished)} CCTs", va="center", size=SIZE)


def _into(
    axes: "Axes", stages: dict[str, Stage], at: float, before: tuple[str, ...], after: tuple[str, ...],
    tops: dict[str, float],
) -> None:  # fmt: skip
    """Draw those who finish, a bar for all who may apply, and those who start the next stage."""
    arrived, gone = sum(stages[name].finished for name in before), sum(stages[name].started for name in after)
    edge = 0.0
    for name in before:
        left = COLUMNS[name] + THICK
        _band(axes, (left, tops[name]), (at, edge), stages[name].finished)
        axes.text(
            left + 0.08, tops[name] + stages[name].finished / 2, f"{rounded(stages[name].finished)} finish", size=SIZE
        )
        edge += stages[name].finished
    edge = 0.0
    for name in after:
        _band(axes, (at + THICK, edge), (COLUMNS[name], tops[name]), stages[name].started)
        edge += stages[name].started
    _box(axes, at, 0.0, max(arrived, gone), "#c9c9c9")
    more = gone - arrived
    reason = "more come\nfrom elsewhere" if more >= 0 else "more finish\nthan continue"
    side, x = ("right", at + THICK) if at == FIRST_POOL else ("left", at)
    if rounded(abs(more)) != "0":
        text = f"{rounded(abs(more))} {reason}"
        axes.text(x, 1.02 * max(arrived, gone), text, ha=side, va="top", size=SIZE, color=frame.DARK)


def _box(axes: "Axes", left: float, top: float, height: float, colour: str) -> None:
    axes.bar([left], [height], width=THICK, bottom=top, align="edge", color=colour)


def _band(axes: "Axes", start: tuple[float, float], end: tuple[float, float], thick: float) -> None:
    """Draw a band of doctors from one bar to another."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (left, top), (right, other) = start, end
    middle = (left + right) / 2
    points = [
        (left, top), (middle, top), (middle, other), (right, other),
        (right, other + thick), (middle, other + thick), (middle, top + thick), (left, top + thick), (left, top),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), facecolor=FLOW, edgecolor="none", alpha=0.55))
