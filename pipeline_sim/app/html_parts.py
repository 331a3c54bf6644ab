"""Parts of the app's screens as HTML: tables as the report writes them, and a dot for each draw."""

import base64
import math
from collections.abc import Sequence
from html import escape

from pipeline_sim.app.answer_tables import Strip
from pipeline_sim.report.files.html_page import environment
from pipeline_sim.report.page_model import Table
from pipeline_sim.report.text.number_format import format_number

STYLE = """<style>
.scroll { overflow-x: auto; margin: .5rem 0; }
.scroll:focus-visible { outline: 3px solid #0b0c0c; outline-offset: 2px; }
.scroll table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; line-height: 1.35; }
.scroll caption { text-align: left; font-weight: bold; padding: .25rem 0 .5rem; color: #0b0c0c; }
.scroll :is(th, td) { padding: .4rem .5rem; border-bottom: 1px solid #b1b4b6; vertical-align: top; text-align: right; }
.scroll thead th { vertical-align: bottom; border-bottom: 2px solid #0b0c0c; }
.scroll th:first-child { text-align: left; padding-left: 0; min-width: 8rem; } .scroll tbody th { font-weight: normal; }
.interval, .mark, .note, figcaption, .identifier { font-size: .875rem; color: #4b5156; }
td .interval, td .mark { display: block; } td .interval { white-space: nowrap; } td .mark { font-style: italic; }
#row :is(th, td):last-child { text-align: left; }
.scroll img { display: block; width: 100%; min-width: 34rem; height: auto; max-width: 60rem; }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(4.5rem, 9rem)); gap: .25rem; padding: 0; }
.tiles li { padding: .4rem; border: 1px solid #b1b4b6; font-size: .8125rem; margin: 0; list-style: none; }
.tiles strong { display: block; font-size: 1rem; }
section h2 { font-size: 1.375rem; } section h3 { font-size: 1.125rem; }
</style>"""
WIDTH, LEFT, ROW, TOP = 720, 210, 46, 8
DOT, BAR = "#0b4f8a", "#0b0c0c"
TILES = (  # rows of the map of offices, the north first; a dot is sea or a neighbour
    (".", "north east", ".", "."), ("north west", "yorkshire", ".", "."),
    (".", "west midlands", "east midlands", "east of england"), (".", "thames valley", "london", "."),
    ("south west", "wessex", "kent", "."),
)  # fmt: skip


def table_html(table: Table) -> str:
    """Table as the report has it."""
    return str(environment().get_template("parts.html.j2").module.table(table, ""))  # type: ignore[attr-defined]


def strip_chart(title: str, strips: Sequence[Strip], unit: str) -> str:
    """Chart of a dot for each draw of each mix, its mean and interval, as an image with alternative text."""
    values = [0.0, *(value for each in strips for value in (*each.dots, *each.gain[:3]) if math.isfinite(value))]
    low, high = min(values), max(values)
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * (value - low) / span

    height = TOP + ROW * len(strips) + 34
    rows = [f'<line x1="{at(0):.1f}" x2="{at(0):.1f}" y1="{TOP}" y2="{height - 30}" stroke="#767676"/>']
    for place, each in enumerate(strips):
        middle = TOP + ROW * place + ROW // 2
        label = each.label if len(each.label) <= 30 else f"{each.label[:29]}…"
        rows.append(f'<text x="0" y="{middle + 4}" font-size="13">{escape(label)}</text>')
        for number, value in enumerate(each.dots):
            height_of = middle - 4 + 4 * (number % 3)
            rows.append(f'<circle cx="{at(value):.1f}" cy="{height_of}" r="4" fill="{DOT}" fill-opacity=".45"/>')
        mean, first, last = each.gain[:3]
        if math.isfinite(first):
            rows.append(f'<path d="M{at(first):.1f} {middle + 14}H{at(last):.1f}" stroke="{BAR}" stroke-width="2"/>')
        rows.append(f'<path d="M{at(mean):.1f} {middle + 8}v12" stroke="{BAR}" stroke-width="4"/>')
    for value, anchor in ((low, "start"), (0.0, "middle"), (high, "end")):
        if value in (low, high) and abs(at(value) - at(0)) < 50 and value != 0:
            continue
        where = f'x="{at(value):.1f}" y="{height - 14}" text-anchor="{anchor}"'
        rows.append(f'<text {where} font-size="12">{format_number(value)}</text>')
    said = "; ".join(f"{each.label}: mean {format_number(each.gain.mean)}, {len(each.dots)} draws" for each in strips)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="Arial, sans-serif" '
        f'fill="#0b0c0c"><rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(rows)}</svg>'
    )
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    note = f"A dot for each draw, with chance variation; below, the mean and its 95 % credible interval. {unit}"
    return (
        f'<figure><div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}">'
        f'<img alt="{escape(f"{title}. {said}.")}" src="{source}"></div>'
        f"<figcaption><strong>{escape(title)}</strong> {escape(note)}</figcaption></figure>"
    )


def office_tiles(numbers: dict[str, tuple[float, str]]) -> str:
    """Tile map of the offices: the number of each, darker for more; a list for those who listen."""
    most = max((abs(value) for value, _ in numbers.values() if math.isfinite(value)), default=0.0) or 1.0
    left, tiles = dict(numbers), []
    for row in TILES:
        for name in row:
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
