"""Style of figures: colours that colour-blind readers can distinguish, lines that differ in grey."""

from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline_sim.records.files.harmless_text import harmless
from pipeline_sim.report.text.number_format import year_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

LETTERS = 4.5  # contrast that letters need
WIDTH, HEIGHT = 7.4, 5.0  # inches: a page of A4 between its margins
RULES: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "svg.hashsalt": "pipeline_sim",
    "svg.fonttype": "none",  # text stays text
    "legend.fontsize": 8,
    "lines.linewidth": 1.4,
    "text.parse_math": False,  # a dollar in a label is a dollar
    "figure.dpi": 150,
}


class Line(NamedTuple):
    """Line style of one world; colours of Okabe and Ito (2008), the last darker; neighbours differ in grey as well."""

    colour: str
    dashes: str | tuple[int, tuple[int, ...]]
    marker: str


LINES = (
    Line("#0072b2", "solid", "o"),
    Line("#d55e00", (0, (6, 2)), "s"),
    Line("#cc79a7", (0, (1, 1)), "D"),
    Line("#009e73", (0, (4, 1, 1, 1)), "^"),
    Line("#3a96cc", (0, (8, 2, 1, 2)), "v"),
)
BASELINE = Line("#000000", "solid", "x")
CONTEXT = Line("#8a8a8a", (0, (2, 2)), ".")


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1 (Web Content Accessibility Guidelines 2.2)."""
    from matplotlib.colors import to_rgb

    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour))
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(colour: str) -> float:
    """Contrast of a colour with white, 1 to 21: lines need 3, letters 4.5."""
    return 1.05 / (luminance(colour) + 0.05)


def ink(colour: str) -> str:
    """Colour for letters: as it is, or as much darker as it takes to be read on white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = to_rgb(colour)
    shades = (to_hex((part * red, part * green, part * blue)) for part in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5))
    return next(shade for shade in shades if contrast(shade) >= LETTERS)


def year_axis(axes: "Axes", years: "Sequence[int]") -> None:
    """Label an axis with training years, every other one if there are many, or every sixth of twenty."""
    step = 1 if len(years) <= 5 else 2 if len(years) <= 10 else 6
    shown = list(years)[::step]
    axes.set_xticks(shown, [year_name(year) for year in shown])
    axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)


def thousands(axis: "Axis") -> None:
    """Label an axis with thousands separators."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def figure(width: float = WIDTH, height: float = HEIGHT) -> "Figure":
    """Empty figure, independent of pyplot; size in inches."""
    from matplotlib import artist

    written, artist.kwdoc = artist.kwdoc, lambda artist: ""  # or imports write docstrings for a hundred classes
    try:
        from matplotlib.figure import Figure
    finally:
        artist.kwdoc = written
    return Figure(figsize=(width, height), layout="constrained")


def save_bytes(drawn: "Figure", kind: str, identifier: str = "") -> bytes:
    """Bytes of a figure as PNG or SVG with its identifier; the same figure gives the same bytes.

    A figure is laid out once, when it is first saved, and then drawn once for each kind.
    """
    import io
    import warnings

    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.BytesIO()
    if not isinstance(drawn.canvas, FigureCanvasAgg):  # one renderer measures texts for the layout, and draws them
        FigureCanvasAgg(drawn)
    with matplotlib.rc_context(RULES), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a letter missing from the font is drawn as a box
        engine = drawn.get_layout_engine()
        if engine is not None and drawn.axes:
            engine.execute(drawn)
            drawn.set_layout_engine("none")
        if kind == "svg":
            metadata = {"Date": None} | ({"Identifier": identifier} if identifier else {})
            dots = drawn.dpi  # which drawing as SVG sets to 72
            canvas = drawn.canvas
            FigureCanvasSVG(drawn).print_svg(buffer, metadata=metadata)  # type: ignore[no-untyped-call]
            drawn.dpi = dots
            drawn.set_canvas(canvas)
        else:
            metadata = {"Software": None} | ({"Comment": identifier} if identifier else {})
            quick = {"compress_level": 3}  # smaller than at the usual level
            drawn.canvas.print_png(buffer, metadata=metadata, pil_kwargs=quick)  # type: ignore[attr-defined]
    content = buffer.getvalue()
    return harmless(content.decode()).encode() if kind == "svg" else content
