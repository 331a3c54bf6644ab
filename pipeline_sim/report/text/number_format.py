"""Numbers, money, counts and names as text: every number that a reader sees is formatted here."""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pipeline_sim.world.schema.sourced_value import Sourced

SAME_SHARE = 1e-9  # a sum of shares this close to none or all is exactly that, but for rounding
MINUS, DASH = "−", "–"  # a screen reader says minus; it does not for a hyphen
NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def rounded(value: float, figures: int = 2, missing: str = "not known") -> str:
    """Number to so many significant figures, thousands separated; `missing` for NaN."""
    if math.isnan(value):
        return missing
    shown = float(f"{value:.{figures}g}") + 0.0
    return f"{shown:,.0f}" if abs(shown) >= 10 ** (figures - 1) else f"{shown:.{figures}g}"


def whole_or_rounded(value: float, figures: int = 2) -> str:
    """Whole number where it has at least `figures` digits, else so many significant figures; a dash for NaN."""
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10 ** (figures - 1) else f"{value:.{figures}g}"


def format_number(value: float) -> str:
    """Number of the report page: two significant figures, a true minus, a dash for NaN."""
    return rounded(value, missing=DASH).replace("-", MINUS)


def format_level(value: float) -> str:
    """Level of an indicator on the report page: three significant figures."""
    return rounded(value, 3, DASH).replace("-", MINUS)


def format_change(value: float, write: Callable[[float], str] = format_number) -> str:
    """Difference with its sign, plus included; zero has none."""
    text = write(value)
    return f"+{text}" if value > 0 and text != "0" else text


def format_money(value: float) -> str:
    """Pounds on the report page; a dash for NaN."""
    return DASH if math.isnan(value) else pounds(value, MINUS)


def pounds(value: float, minus: str = "minus ") -> str:
    """Pounds to two significant figures: £81,000, £1.2m, £1.1bn; `minus` before a negative amount."""
    if math.isnan(value):
        return "not known"
    size = abs(float(f"{value:.1e}"))
    sign = minus if value < 0 and size > 0 else ""
    for unit, name in ((1e9, "bn"), (1e6, "m")):
        if size >= unit:
            return f"{sign}£{rounded(size / unit)}{name}"
    return f"{sign}£{rounded(size)}"


def percent(share: float, missing: str = "not known") -> str:
    """Share from 0 to 1 in whole per cent; < 1 % and > 99 % for what is almost, but not exactly, none or all."""
    if math.isnan(share):
        return missing
    share = float(round(share)) + 0.0 if abs(share - round(share)) < SAME_SHARE else share
    if 0 < share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def counted(number: int, noun: str) -> str:
    """Count with its noun: 1 draw, 2 draws."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def verb(word: str, number: int) -> str:
    """Verb in the present tense, of one or of several: shows, show."""
    return f"{word}s" if number == 1 else word


def plural(unit: str) -> str:
    """Plural of a unit: `months of extension` of `month of extension`."""
    first, *rest = unit.split(" ")
    return " ".join([f"{first}s", *rest])


def number_word(number: int) -> str:
    """Count as a word below ten, in digits from ten on."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else f"{number:,}"


def listed(names: Iterable[str]) -> str:
    """Names as an enumeration: `a`, `a and b`, `a, b and c`."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def in_words(kind: str) -> str:
    """Subgroup of doctors as the head of a row: `run through` is Run through."""
    return "GP" if kind == "gp" else kind[:1].upper() + kind[1:]


def code_words(code: str) -> str:
    """Name of a code in words: `LEFT_POOL` is left pool."""
    return code.lower().replace("_", " ")


def figure_words(name: str) -> str:
    """Key path in words, without the section of the catalogue."""
    for section in ("interventions.places.", "interventions.weather.", "interventions.payments."):
        name = name.removeprefix(section)
    return name.replace(".", ", ").replace("_", " ").replace("-", " ")


def month_name(month: str) -> str:
    """Month in words: `2023-05` is May 2023."""
    return date.fromisoformat(f"{month}-01").strftime("%B %Y")


def with_unit(label: str, unit: str) -> str:
    """Label of an indicator with its unit, unless the label names it."""
    return label if unit in label.lower() else f"{label}, {unit}"


def year_name(year: int) -> str:
    """Training year from August of `year`: 2018/19."""
    return f"{year}/{(year + 1) % 100:02d}"


def value_text(value: Any) -> str:
    """Value of the configuration on one line: a number to ten figures, a row, or a table of rows."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_text(part)}" for key, part in value.items())
    if isinstance(value, tuple | list):
        return " ".join(map(value_text, value))
    return f"{value:,.10g}" if isinstance(value, int | float) and abs(value) >= 1e6 else f"{value:.10g}"


def range_text(figure: Sourced[Any]) -> str:
    """Plausible range of a figure of the configuration; empty where it has none."""
    bounds = figure.bounds()
    if bounds is None:
        return ""
    if figure.spread is not None and not isinstance(figure.value, int | float):
        return f"all {figure.spread * 100:g} % lower to higher"
    return " to ".join(value_text(round(bound, 12) if isinstance(bound, float) else bound) for bound in bounds)


def with_range(figure: Sourced[Any]) -> str:
    """Value of a figure of the configuration, with its range in brackets."""
    span = range_text(figure)
    return f"{value_text(figure.value)} ({span})" if span else value_text(figure.value)
