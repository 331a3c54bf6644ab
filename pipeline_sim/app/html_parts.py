"""Parts of the app's screens as HTML: tables as the report writes them, dots for draws, tiles for offices."""

import base64
import math
from collections.abc import Mapping, Sequence
from html import escape

from pipeline_sim.report.files.html_page import environment
from pipeline_sim.report.page_model import Table
from pipeline_sim.report.text.number_format import format_number
from pipeline_sim.study.estimates.intervals import Estimate

STYLE = """<style>
.stMainBlockContainer.stMainBlockContainer { padding-top: 4rem; }
.scroll { overflow-x: auto; margin: .5rem 0; }
.scroll:focus-visible { outline: 3px solid #0b0c0c; outline-offset: 2px; }
.scroll table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; line-height: 1.35; }
.scroll caption { text-align: left; font-weight: bold; padding: .25rem 0 .5rem; color: #0b0c0c; }
.scroll :is(th, td) { padding: .4rem .5rem; border-bottom: 1px solid #b1b4b6; vertical-align: top; text-align: right; }
.scroll thead th { vertical-align: bottom; border-bottom: 2px solid #0b0c0c; }
.scroll th:first-child { text-align: left; padding-left: 0; min-width: 8rem; } .scroll tbody th { font-weight: normal; }
.interval, .mark, .note, figcaption, .identifier { font-size: .875rem; color: #4b5156; }
td :is(.interval, .mark) { display: block; } td .interval { white-space: nowrap; } td .mark { font-style: italic; }
#row :is(th, td):last-child { text-align: left; }
figure { margin: 1rem 0; }
.scroll img { display: block; width: 100%; min-width: 34rem; max-width: 60rem; height: auto; }
.draws img { max-width: 44rem; } summary { color: #0b4f8a; text-decoration: underline; }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(4.5rem, 9rem)); gap: .25rem; padding: 0; }
.tiles li { padding: .4rem; border: 1px solid #b1b4b6; font-size: .8125rem; margin: 0; list-style: none; }
.tiles strong { display: block; font-size: 1rem; }
section h2 { font-size: 1.375rem; } section h3 { font-size: 1.125rem; }
</style>"""
WIDTH, EDGE, ROW, AXIS = 560, 24, 64, 30
DOT, BAR, LINE = "#0b4f8a", "#0b0c0c", "#767676"
TILES = (  # rows of the map of offices, the north first; a dot is sea or a neighbour
    (".", "north east", ".", "."), ("north west", "yorkshire", ".", "."),
    (".", "west midlands", "east midlands", "east of england"), (".", "thames valley", "london", "."),
    ("south west", "wessex", "kent", "."),
)  # fmt: skip


def table_html(table: Table) -> str:
    """Table as the report has it."""
    return str(environment().get_template("parts.html.j2").module.table(table, ""))  # type: ignore[attr-defined]


def strip_chart(title: str, strips: Sequence[tuple[str, Estimate, Sequence[float]]]) -> str:
    """Chart of a row a mix: its label, a dot for each draw, its mean and interval; with alternative text."""
    values = [0.0, *(each for _, gain, dots in strips for each in (*dots, *gain[:3]) if math.isfinite(each))]
    if not any(values):
        return f'<p class="note">{escape(title)}: none in any draw.</p>'
    low, span = min(values), max(values) - min(values)
    bottom = ROW * len(strips)

    def at(value: float) -> str:
        return f"{EDGE + (WIDTH - 2 * EDGE) * (value - low) / span:.1f}"

    rows = [f'<path d="M{at(0)} 22V{bottom}" stroke="{LINE}"/>']
    for place, (label, gain, dots) in enumerate(strips):
        top = ROW * place
        short = label if len(label) <= 60 else f"{label[:59]}…"
        rows.append(f'<text y="{top + 16}">{escape(short)}</text>')
        for number, value in enumerate(dots):
            rows.append(
                f'<circle cx="{at(value)}" cy="{top + 30 + 4 * (number % 3)}" r="4" fill="{DOT}" opacity=".5"/>'
            )
        if math.isfinite(gain.low):
            rows.append(f'<path d="M{at(gain.low)} {top + 50}H{at(gain.high)}" stroke="{BAR}" stroke-width="2"/>')
        rows.append(f'<path d="M{at(gain.mean)} {top + 44}v12" stroke="{BAR}" stroke-width="4"/>')
    for value in sorted({low, low + span}):
        rows.append(f'<text x="{at(value)}" y="{bottom + 20}" text-anchor="middle">{format_number(value)}</text>')
    said = "; ".join(f"{label}: mean {format_number(gain.mean)}, {len(dots)} draws" for label, gain, dots in strips)
    caption = (
        "A dot for each draw, with chance variation; below, the mean and its 95 % interval; the vertical line is zero."
    )
    return chart(title, said, rows, bottom + AXIS, caption)


def chart(title: str, said: str, rows: Sequence[str], height: float, caption: str) -> str:
    """Figure of the parts of an SVG, with what it says for those who listen, and a caption."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-size="14" fill="{BAR}" '
        f'font-family="Arial, sans-serif"><rect width="100%" height="100%" fill="#fff"/>{"".join(rows)}</svg>'
    )
    title, said, caption = escape(title), escape(said), escape(caption)
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return (
        f'<figure class="draws"><div class="scroll" role="region" tabindex="0" aria-label="{title}">'
        f'<img alt="{title}. {said}." src="{source}"></div><figcaption><strong>{title}</strong> {caption}</figcaption>'
        "</figure>"
    )


def estimate_chart(points: Sequence[tuple[float, float, float]], here: float, caption: str) -> str:
    """Chart of estimates with their errors by budget in £m, one of which is marked."""
    most, bottom = max(gain + error for _, gain, error in points) or 1.0, 190.0
    first, last = points[0][0], points[-1][0]

    def at(millions: float, gain: float) -> str:
        across = EDGE + (WIDTH - 2 * EDGE) * (millions - first) / (last - first)
        return f"{across:.1f} {bottom - (bottom - 30) * max(gain, 0.0) / most:.1f}"

    band = [at(x, gain + error) for x, gain, error in points] + [at(x, gain - error) for x, gain, error in points[::-1]]
    x, gain, error = next(point for point in points if point[0] == here)
    said = f"about {format_number(gain)} extensions avoided, give or take {format_number(error)}, at £{x:g}m"
    spot = at(x, gain).split()
    rows = [
        f'<path d="M{"L".join(band)}Z" fill="{DOT}" opacity=".15"/>',
        f'<path d="M{EDGE} {bottom}H{WIDTH - EDGE}" stroke="{LINE}"/>',
        f'<path d="M{"L".join(at(*point[:2]) for point in points)}" fill="none" stroke="{DOT}" stroke-width="2"/>',
        f'<path d="M{at(x, gain + error)}L{at(x, gain - error)}" stroke="{BAR}" stroke-width="2"/>',
        f'<circle cx="{spot[0]}" cy="{spot[1]}" r="6" fill="{DOT}"/>',
        *(
            f'<text x="{at(each, 0).split()[0]}" y="{bottom + 20}" text-anchor="middle">£{each:g}m</text>'
            for each in (first, last)
        ),
    ]
    return f"<p><strong>Estimate: {escape(said)}</strong></p>" + chart(
        "Estimate without a run", said, rows, bottom + AXIS, caption
    )


def office_tiles(numbers: Mapping[str, tuple[float, str]]) -> str:
    """Tile map of the offices: the number of each, darker for more; a list for those who listen."""
    most = max((abs(value) for value, _ in numbers.values() if math.isfinite(value)), default=0.0) or 1.0
    left, tiles = dict(numbers), []
    for name in (each for row in TILES for each in row):
        office = next((each for each in left if each.lower().startswith(name)), None)
        if office is None:
            tiles.append('<li aria-hidden="true" style="border: 0"></li>')
            continue
        value, text = left.pop(office)
        depth = 0.5 * max(value, 0.0) / most if math.isfinite(value) else 0.0
        shade = f"background: rgba(11, 79, 138, {depth:.2f})"
        tiles.append(f'<li style="{shade}">{escape(office)}<strong>{escape(text)}</strong></li>')
    tiles += [f"<li>{escape(office)}<strong>{escape(text)}</strong></li>" for office, (_, text) in left.items()]
    return f'<ul class="tiles">{"".join(tiles)}</ul>'
