"""Numbers and names in words."""

import math
from collections.abc import Iterable


def rounded(value: float) -> str:
    """Two significant figures, thousands separated."""
    if math.isnan(value):
        return "not known"
    if abs(value) < 10:
        return f"{value:.2g}" if value else "0"
    digits = 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.0f}"


def pounds(value: float, minus: str = "minus ") -> str:
    """Two significant figures: £81,000, £1.2m, £1.1bn; minus £81,000, or whatever stands for minus."""
    if math.isnan(value):
        return "not known"
    size = abs(_two_figures(value))
    sign = minus if value < 0 and size > 0 else ""
    for unit, name in ((1e9, "bn"), (1e6, "m")):
        if size >= unit:
            return f"{sign}£{rounded(size / unit)}{name}"
    return f"{sign}£{rounded(size)}"


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`; nothing of nothing."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def plural(unit: str) -> str:
    """`months of extension` of `month of extension`."""
    first, *rest = unit.split(" ")
    return " ".join([f"{first}s", *rest])


def in_words(kind: str) -> str:
    """A kind of doctor as the head of a row: `run through` is Run through."""
    return "GP" if kind == "gp" else kind[:1].upper() + kind[1:]


def _two_figures(value: float) -> float:
    return float(f"{value:.1e}")


def year_name(year: int) -> str:
    """Training year as doctors write it: 2018/19."""
    return f"{year}/{(year + 1) % 100:02d}"
