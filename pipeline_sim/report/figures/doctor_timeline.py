"""What does it mean for one doctor? The same person with the same luck in two worlds, one timeline above the other."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipeline_sim.report.figures.doctor_timeline_data import DAYS_PER_YEAR, Road, Span, road_of
from pipeline_sim.report.figures.frame import DARK, Picture, apart, plain, rules, sheet, told, wrapped
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.doctor_story import OUTCOMES, rows_of
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.rules.codes import Event, Outcome
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.example_doctor import Roads

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "What does it mean for one doctor?"
COVID = date(2020, 3, 16)
BEFORE = timedelta(days=365)  # that is shown before COVID
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
GREYS, BLACK, WHITE = ("#e4e4e4", "#c9c9c9"), "#000000", "#ffffff"
EXTENSION, WARD, LEAVE, PLACE = LINES[1].colour, LINES[0].colour, LINES[2].colour, LINES[3].colour
HATCHES = {"extension": "////", "ward": "xxxx", "leave": "||||"}
SHORT = (Outcome.O3, Outcome.O4, Outcome.O10_1, Outcome.O10_2)  # reviews at which too little had been learnt
CIRCLES, CALL, LINE_LETTERS = -0.6, 1.28, 62
CIRCLE = 0.036  # of the years shown, that a circle takes
Shown = tuple[int, int]  # days


def road(answer: Answer, roads: Roads | None) -> Picture | None:
    """Two timelines; none where there is nobody to show."""
    if roads is None:
        return None
    both = [road_of(roads, world, label_of(answer, world)) for world in roads.rows]
    first, last = window(roads, both)
    with rules():
        drawn = sheet(4.3)
        for each, axes in zip(both, drawn.subplots(2, 1, sharex=True), strict=True):
            _timeline(axes, each, both[0], roads, (first, last))
        _years(axes, roads.first_day, first, last)
        _legend(axes, both)
        says = finding(answer, roads, both)
        return Picture("road", QUESTION, says, alt(roads, both), told(drawn, says, notes(roads, both)))


def label_of(answer: Answer, world: str) -> str:
    """Name of a world as people say it."""
    return answer.label(world) if world in answer.worlds else world


def window(roads: Roads, both: Sequence[Road]) -> tuple[int, int]:
    """From the year before COVID, or from the start of the doctor if that is later, to the end."""
    begins = min((span.start for each in both for span in each.posts), default=0)
    last = max(each.end for each in both)
    first = max((COVID - BEFORE - roads.first_day).days, begins)
    return (first if first < last else begins), max(last, begins + 1)


def months(days: float) -> str:
    """Days as months in words; below six weeks as weeks."""
    size, unit = (round(days / 7), "week") if days < 42 else (round(days / DAYS_PER_MONTH), "month")
    return f"{size} {unit}" if size == 1 else f"{size} {unit}s"


def finding(answer: Answer, roads: Roads, both: Sequence[Road]) -> str:
    """The difference in plain words."""
    base, other = both
    without, within = ("without the programme", "with it")
    if other.world not in answer.programmes:
        without, within = f"in “{base.label}”", f"in “{other.label}”"
    given = f"{months(base.extended)} of extension" if base.extended else "no extension"
    says = f"The same doctor{in_what(roads)}, the same luck: {given} {without}"
    says += f", {months(other.extended) if other.extended else 'none'} {within}"
    return f"{says}; CCT {sooner(both)}" if sooner(both) else says


def in_what(roads: Roads) -> str:
    """The programme in which the doctor was extended in the baseline."""
    rows = rows_of(next(iter(roads.rows.values())), roads.trainee)
    where = next((row.programme for row in rows if row.event == Event.EXTENDED and row.programme >= 0), None)
    return "" if where is None else f" in {roads.names.programme_names[where].split(' (')[0]}"


def sooner(both: Sequence[Road]) -> str:
    """How much sooner the CCT comes; nothing where one of the two has none."""
    base, other = (each.certified for each in both)
    if base is None or other is None:
        return ""
    return "" if base == other else f"{months(abs(base - other))} {'sooner' if other < base else 'later'}"


def when(roads: Roads, day: int) -> str:
    """A month and its year."""
    return f"{roads.first_day + timedelta(days=day):%B %Y}"


def alt(roads: Roads, both: Sequence[Road]) -> str:
    """The story, a sentence for each world."""
    return " ".join([f"Two timelines of doctor {roads.trainee}.", *(_story(roads, each) for each in both)])


def _story(roads: Roads, each: Road) -> str:
    parts = [f"{months(sum(span.end - span.start for span in each.wards))} on COVID wards"] if each.wards else []
    given = list(dict.fromkeys(name for _, name in each.places))
    parts += [f"places on {listed(given)} from {when(roads, each.places[0][0])}"] if given else []
    more = [f"{months(each.extended)} of extension from {when(roads, span.start)}" for span in each.extensions[:1]]
    parts += more or ["no extension"]
    gained = f"a CCT in {when(roads, each.certified)}" if each.certified is not None else "no CCT by the end of the run"
    return f"“{each.label}”: {', '.join(parts)}, {gained}."


def notes(roads: Roads, both: Sequence[Road]) -> str:
    """Why this doctor, and what the numbers in the circles mean."""
    first, last = window(roads, both)
    shown = {outcome for each in both for day, outcome in each.reviews if first <= day <= last}
    told_of = [f"{number_of(each)} {OUTCOMES[each].split(' (outcome')[0]}" for each in Outcome if each in shown]
    size = "all of England" if roads.scale == 1 else f"a model of England at {roads.scale:.3g} of its size"
    parts = [
        roads.rule,
        f"An example from one replication of {size}, not a finding. Leave of under a week is left out.",
    ]
    parts += [f"Outcomes of yearly reviews (ARCP): {'; '.join(told_of)}."] if told_of else []
    return " ".join(parts)


def number_of(outcome: Outcome) -> str:
    """10.1 for 101; a dash for a doctor who was not assessed."""
    return {Outcome.NOT_ASSESSED: "–", Outcome.O10_1: "10.1", Outcome.O10_2: "10.2"}.get(outcome, str(int(outcome)))


def _timeline(axes: "Axes", each: Road, base: Road, roads: Roads, span: Shown) -> None:
    plain(axes)
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


def overlays(each: Road) -> list[tuple[str, list[Span], str]]:
    """What lies over the grades."""
    return [("ward", each.wards, WARD), ("leave", each.leave, LEAVE), ("extension", each.extensions, EXTENSION)]


def _bar(axes: "Axes", one: Span, span: Shown, height: float = 1.0, **look: Any) -> None:
    start, end = max(one.start, span[0]), min(one.end, span[1])
    if end > start:
        axes.bar([start], [height], width=[end - start], align="edge", **look)


def _marks(axes: "Axes", each: Road, base: Road, roads: Roads, span: Shown) -> None:
    """Reviews below, places above, the CCT at the end, COVID across."""
    covid = (COVID - roads.first_day).days
    if span[0] <= covid <= span[1]:
        axes.axvline(covid, color=DARK, linewidth=1.0, linestyle=(0, (4, 2)))
        if each is base:
            axes.text(covid, 1.95, " March 2020: COVID", size=7, color=DARK, va="center")
    _reviews(axes, each, span)
    _places(axes, each, span)
    if each.certified is not None:
        axes.plot([each.certified], [0.5], "*", ms=15, color=BLACK, mfc="#f0e442", clip_on=False, zorder=4)
        ahead = sooner([base, each])
        text = f"CCT {roads.first_day + timedelta(days=each.certified):%b %Y}" + (f"\n{ahead}" if ahead else "")
        axes.text(each.certified + 0.018 * (span[1] - span[0]), 0.5, text, size=7.5, va="center", weight="bold")


def _reviews(axes: "Axes", each: Road, span: Shown) -> None:
    """Circles side by side, tied to their days."""
    shown = [(day, outcome) for day, outcome in each.reviews if span[0] <= day <= span[1]]
    places = apart([day for day, _ in shown], CIRCLE * (span[1] - span[0]))
    for (day, outcome), place in zip(shown, places, strict=True):
        fill = EXTENSION if outcome in SHORT else WHITE
        axes.plot([day, place], [0, CIRCLES], color=DARK, linewidth=0.7)
        axes.plot([place], [CIRCLES], "o", ms=15, color=BLACK, mfc=fill, mew=0.8)
        size = 6 if outcome > Outcome.O8 else 7.5
        axes.text(place, CIRCLES, number_of(outcome), ha="center", va="center_baseline", size=size, weight="bold")


def _places(axes: "Axes", each: Road, span: Shown) -> None:
    days = [day for day in sorted({day for day, _ in each.places} | {*each.found}) if span[0] <= day <= span[1]]
    if not days:
        return
    axes.plot(days, [1.13] * len(days), "v", ms=6.5, color=BLACK, mfc=PLACE, mew=0.6)
    kinds = list(dict.fromkeys(name for _, name in each.places))
    parts = ["a conversation finds the gap"] if each.found else []
    parts += [f"places on {listed(kinds)}"] if kinds else []
    text = wrapped(f"The programme: {', then '.join(parts)}", LINE_LETTERS)
    axes.text(days[0], CALL, text, size=7.5, va="bottom", ha="left" if days[0] < sum(span) / 2 else "right")


def _years(axes: "Axes", first_day: date, first: int, last: int) -> None:
    """Januaries below the lower timeline."""
    begins, ends = (first_day.year + int(day // DAYS_PER_YEAR) for day in (first, last))
    days = {year: (date(year, 1, 1) - first_day).days for year in range(begins, ends + 2)}
    shown = {year: day for year, day in days.items() if first <= day <= last}
    axes.set_xticks(list(shown.values()), [f"Jan {year}" if len(shown) < 10 else str(year) for year in shown])
    axes.tick_params(axis="x", labelsize=7.5)


def _legend(axes: "Axes", both: Sequence[Road]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    says = {"ward": "on a COVID ward", "leave": "on leave", "extension": "extension of training"}
    looks: dict[str, Any] = {}
    for each in both:
        for kind, spans, look in overlays(each):
            if spans:
                looks[says[kind]] = Patch(facecolor="none", edgecolor=look, hatch=HATCHES[kind])
    looks["yearly review and its outcome"] = Line2D([], [], marker="o", color=BLACK, mfc=WHITE, ls="", ms=8)
    looks["too little learnt"] = Line2D([], [], marker="o", color=BLACK, mfc=EXTENSION, ls="", ms=8)
    below: Any = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.12), "ncols": 5, "frameon": False}
    axes.legend(list(looks.values()), list(looks), fontsize=7, **below)
