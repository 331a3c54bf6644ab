"""Career path of one doctor in two worlds with the same random numbers, one timeline above the other."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipeline_sim.base.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from pipeline_sim.report.figures import frame
from pipeline_sim.report.figures.doctor_timeline_data import Span, Timeline, timeline_of
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.doctor_story import OUTCOMES, doctor_rows
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.rules.codes import Event, Outcome
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.example_doctor import ExampleDoctor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "What does it mean for one doctor?"
COVID = date(2020, 3, 16)
BEFORE = timedelta(days=365)  # shown before COVID
GREYS, BLACK, WHITE = ("#e4e4e4", "#c9c9c9"), "#000000", "#ffffff"
EXTENSION, WARD, LEAVE, PLACE = LINES[1].colour, LINES[0].colour, LINES[2].colour, LINES[3].colour
HATCHES = {"extension": "////", "ward": "xxxx", "leave": "||||"}
SHORT = (Outcome.O3, Outcome.O4, Outcome.O10_1, Outcome.O10_2)  # reviews at which too few competences had been gained
CIRCLES, CALL, LINE_LETTERS = -0.6, 1.28, 62
CIRCLE = 0.036  # width of a circle, as a share of the years shown
Shown = tuple[int, int]  # days


def doctor_timeline(answer: Answer, roads: ExampleDoctor | None) -> frame.Picture | None:
    """Two timelines of one doctor; None without an example doctor."""
    if roads is None:
        return None
    both = [timeline_of(roads, world, label_of(answer, world)) for world in roads.rows]
    first, last = window(roads, both)
    with frame.figure_style():
        drawn = frame.blank_figure(4.3)
        for each, axes in zip(both, drawn.subplots(2, 1, sharex=True), strict=True):
            _timeline(axes, each, both[0], roads, (first, last))
        _years(axes, roads.first_day, first, last)
        _legend(axes, both)
        sentence = finding(answer, roads, both)
        return frame.captioned("road", QUESTION, sentence, alt_text(roads, both), drawn, caption_notes(roads, both))


def label_of(answer: Answer, world: str) -> str:
    """Label of a world of the study, else its name."""
    return answer.label(world) if world in answer.worlds else world


def window(roads: ExampleDoctor, both: Sequence[Timeline]) -> tuple[int, int]:
    """First and last day shown: from a year before COVID, or the start of the doctor if later, to the end."""
    begins = min((span.start for each in both for span in each.posts), default=0)
    last = max(each.end for each in both)
    first = max((COVID - BEFORE - roads.first_day).days, begins)
    return (first if first < last else begins), max(last, begins + 1)


def duration_text(days: float) -> str:
    """Duration in months, below six weeks in weeks."""
    size, unit = (round(days / 7), "week") if days < 42 else (round(days / DAYS_PER_MONTH), "month")
    return f"{size} {unit}" if size == 1 else f"{size} {unit}s"


def finding(answer: Answer, roads: ExampleDoctor, both: Sequence[Timeline]) -> str:
    """Finding: months of extension in both worlds, and by how much the CCT comes earlier."""
    base, other = both
    without, within = ("without the programme", "with it")
    if other.world not in answer.programmes:
        without, within = f"in “{base.label}”", f"in “{other.label}”"
    given = f"{duration_text(base.extended)} of extension" if base.extended else "no extension"
    sentence = f"The same doctor{programme_clause(roads)}, the same random numbers: {given} {without}"
    sentence += f", {duration_text(other.extended) if other.extended else 'none'} {within}"
    return f"{sentence}; CCT {cct_difference(both)}" if cct_difference(both) else sentence


def programme_clause(roads: ExampleDoctor) -> str:
    """Clause on the programme in which the doctor was extended in the baseline."""
    rows = doctor_rows(next(iter(roads.rows.values())), roads.trainee)
    where = next((row.programme for row in rows if row.event == Event.EXTENDED and row.programme >= 0), None)
    return "" if where is None else f" in {roads.names.programme_names[where].split(' (')[0]}"


def cct_difference(both: Sequence[Timeline]) -> str:
    """How much earlier the CCT comes; nothing where one of the two has none."""
    base, other = (each.certified for each in both)
    if base is None or other is None:
        return ""
    return "" if base == other else f"{duration_text(abs(base - other))} {'earlier' if other < base else 'later'}"


def month_name(roads: ExampleDoctor, day: int) -> str:
    """Month and year of a day of the run."""
    return f"{roads.first_day + timedelta(days=day):%B %Y}"


def alt_text(roads: ExampleDoctor, both: Sequence[Timeline]) -> str:
    """Alternative text: the career path, a sentence for each world."""
    return " ".join([f"Two timelines of doctor {roads.trainee}.", *(_story(roads, each) for each in both)])


def _story(roads: ExampleDoctor, each: Timeline) -> str:
    parts = [f"{duration_text(sum(span.end - span.start for span in each.wards))} on COVID wards"] if each.wards else []
    given = list(dict.fromkeys(name for _, name in each.places))
    parts += [f"places on {listed(given)} from {month_name(roads, each.places[0][0])}"] if given else []
    more = [
        f"{duration_text(each.extended)} of extension from {month_name(roads, span.start)}"
        for span in each.extensions[:1]
    ]
    parts += more or ["no extension"]
    gained = (
        f"a CCT in {month_name(roads, each.certified)}"
        if each.certified is not None
        else "no CCT by the end of the run"
    )
    return f"“{each.label}”: {', '.join(parts)}, {gained}."


def caption_notes(roads: ExampleDoctor, both: Sequence[Timeline]) -> str:
    """Notes: why this doctor was chosen, and what the outcome numbers mean."""
    first, last = window(roads, both)
    shown = {outcome for each in both for day, outcome in each.reviews if first <= day <= last}
    meanings = [f"{outcome_number(each)} {OUTCOMES[each].split(' (outcome')[0]}" for each in Outcome if each in shown]
    size = "all of England" if roads.scale == 1 else f"a model of England at {roads.scale:.3g} of its size"
    parts = [
        roads.rule,
        f"An example from one replication of {size}, not a result. Leave of less than a week is not shown.",
    ]
    parts += [f"Outcomes of annual reviews: {'; '.join(meanings)}."] if meanings else []
    return " ".join(parts)


def outcome_number(outcome: Outcome) -> str:
    """Outcome number as printed: 10.1 for 101, a dash for not assessed."""
    return {Outcome.NOT_ASSESSED: "–", Outcome.O10_1: "10.1", Outcome.O10_2: "10.2"}.get(outcome, str(int(outcome)))


def _timeline(axes: "Axes", each: Timeline, base: Timeline, roads: ExampleDoctor, span: Shown) -> None:
    frame.bare_axes(axes)
    axes.set_xlim(span[0], span[1] + 0.17 * (span[1] - span[0]))
    axes.set_ylim(-1.05, 2.25)
    for place, post in enumerate(each.posts):
        _bar(axes, post, span, color=GREYS[place % 2])
        seen = (max(post.start, span[0]), min(post.end, span[1]))
        if seen[1] - seen[0] > 0.035 * (span[1] - span[0]):
            axes.text(sum(seen) / 2, 0.83, post.what, ha="center", va="center", size=7.5)
    for kind, spans, look in overlays(each):
        for one in spans:
            height = 1.0 if kind == "extension" else 0.62
            _bar(axes, one, span, height=height, facecolor="none", edgecolor=look, hatch=HATCHES[kind], linewidth=0.8)
    _marks(axes, each, base, roads, span)
    axes.set_title(each.label, weight="bold", size=9, y=0.92)


def overlays(each: Timeline) -> list[tuple[str, list[Span], str]]:
    """Spans drawn over the grades, with their kind and colour."""
    return [("ward", each.wards, WARD), ("leave", each.leave, LEAVE), ("extension", each.extensions, EXTENSION)]


def _bar(axes: "Axes", one: Span, span: Shown, height: float = 1.0, **look: Any) -> None:
    start, end = max(one.start, span[0]), min(one.end, span[1])
    if end > start:
        axes.bar([start], [height], width=[end - start], align="edge", **look)


def _marks(axes: "Axes", each: Timeline, base: Timeline, roads: ExampleDoctor, span: Shown) -> None:
    """Draw reviews below, places above, the CCT at the end, and the start of COVID."""
    covid = (COVID - roads.first_day).days
    if span[0] <= covid <= span[1]:
        axes.axvline(covid, color=frame.DARK, linewidth=1.0, linestyle=(0, (4, 2)))
        if each is base:
            axes.text(covid, 1.95, " March 2020: COVID", size=7, color=frame.DARK, va="center")
    _reviews(axes, each, span)
    _places(axes, each, span)
    if each.certified is not None:
        axes.plot([each.certified], [0.5], "*", ms=15, color=BLACK, mfc="#f0e442", clip_on=False, zorder=4)
        ahead = cct_difference([base, each])
        text = f"CCT {roads.first_day + timedelta(days=each.certified):%b %Y}" + (f"\n{ahead}" if ahead else "")
        axes.text(each.certified + 0.018 * (span[1] - span[0]), 0.5, text, size=7.5, va="center", weight="bold")


def _reviews(axes: "Axes", each: Timeline, span: Shown) -> None:
    """Draw reviews as circles side by side, connected to their days."""
    shown = [(day, outcome) for day, outcome in each.reviews if span[0] <= day <= span[1]]
    places = frame.spread_labels([day for day, _ in shown], CIRCLE * (span[1] - span[0]))
    for (day, outcome), place in zip(shown, places, strict=True):
        fill = EXTENSION if outcome in SHORT else WHITE
        axes.plot([day, place], [0, CIRCLES], color=frame.DARK, linewidth=0.7)
        axes.plot([place], [CIRCLES], "o", ms=15, color=BLACK, mfc=fill, mew=0.8)
        size = 6 if outcome > Outcome.O8 else 7.5
        axes.text(place, CIRCLES, outcome_number(outcome), ha="center", va="center_baseline", size=size, weight="bold")


def _places(axes: "Axes", each: Timeline, span: Shown) -> None:
    marked = sorted({day for day, _ in each.places} | {*each.gaps_identified})
    days = [day for day in marked if span[0] <= day <= span[1]]
    if not days:
        return
    axes.plot(days, [1.13] * len(days), "v", ms=6.5, color=BLACK, mfc=PLACE, mew=0.6)
    kinds = list(dict.fromkeys(name for _, name in each.places))
    parts = ["a meeting identifies the gap"] if each.gaps_identified else []
    parts += [f"places on {listed(kinds)}"] if kinds else []
    text = frame.wrapped(f"The programme: {', then '.join(parts)}", LINE_LETTERS)
    axes.text(days[0], CALL, text, size=7.5, va="bottom", ha="left" if days[0] < sum(span) / 2 else "right")


def _years(axes: "Axes", first_day: date, first: int, last: int) -> None:
    """Draw the first days of years below the lower timeline."""
    begins, ends = (first_day.year + int(day // DAYS_PER_YEAR) for day in (first, last))
    days = {year: (date(year, 1, 1) - first_day).days for year in range(begins, ends + 2)}
    shown = {year: day for year, day in days.items() if first <= day <= last}
    axes.set_xticks(list(shown.values()), [f"Jan {year}" if len(shown) < 10 else str(year) for year in shown])
    axes.tick_params(axis="x", labelsize=7.5)


def _legend(axes: "Axes", both: Sequence[Timeline]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    names = {"ward": "on a COVID ward", "leave": "on leave", "extension": "extension of training"}
    looks: dict[str, Any] = {}
    for each in both:
        for kind, spans, look in overlays(each):
            if spans:
                looks[names[kind]] = Patch(facecolor="none", edgecolor=look, hatch=HATCHES[kind])
    looks["annual review"] = Line2D([], [], marker="o", color=BLACK, mfc=WHITE, ls="", ms=8)
    looks["competences not met"] = Line2D([], [], marker="o", color=BLACK, mfc=EXTENSION, ls="", ms=8)
    below: Any = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.12), "ncols": 5, "frameon": False}
    axes.legend(list(looks.values()), list(looks), fontsize=7, **below)
