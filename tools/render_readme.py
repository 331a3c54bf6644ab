"""Puts the numbers of results into README.md and docs/validation.md, between marks, so that none is typed by hand.

    python -m tools.render_readme RESULT [RESULT ...]

A result of `compare` fills the finding in README.md, one of `optimise` what to buy; one of `validate` fills the record
in docs/validation.md. Each gives a picture. Their manifests are kept beside the pictures, so that what is shown can be
verified without the results.
"""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline_sim.records.files.result_files import MANIFEST, read_manifest, write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.provenance.lookup import MANIFEST_SUFFIX
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.text.number_format import (
    format_change,
    percent,
    rounded,
    with_unit,
    year_name,
)
from pipeline_sim.study.comparison.answer import GAIN
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.ranking import NOT_SETTLED
from tools.page_parts import identifiers_sentence, markdown, three_figures
from tools.record_block import MET, RECORD, record_block

COMPARISON, PRICES = "comparison.csv", "prices.csv"
CHANCES, BEST = "chances.csv", "best.csv"
SHOWN = "shown.csv"
FOUND = "found_"  # names of mixes that were found begin with it
BOUGHT = 4  # sentences on what to buy: the lines, what they gain, how they were selected, beside the study's own
SAID = 2  # paragraphs of the finding: the answer, and what would have been gained without COVID
LEADING, BESIDE = 5, "as_spent"  # mixes of the table: so many that lead, and what was bought
PICTURES, PICTURE = Path("results") / "shown", Path("figures") / "mixes.png"
FRONTIER = Path("figures") / "frontier.png"
README, VALIDATION = Path("README.md"), Path("docs") / "validation.md"
PICTURED = {RECORD: MET, COMPARISON: PICTURE, SHOWN: FRONTIER}
FINDINGS = ((FIGURE, PICTURE), (TABLE_FILE, COMPARISON), (TABLE_FILE, PRICES))
CONTEXT = ("extensions", "extensions_10_2", "extension_months", "mean_backlog", "ccts_on_time")
GAINED = (("extensions", -1), ("months_short", -1), ("ccts_on_time", 1))
PRICED = ("per_extension_avoided_gbp", "per_month_recovered_gbp")
RANKED = (
    "mix", "extensions avoided", "months recovered", "CCTs on time", "gains something", "gains most", "spent, £m",
    "cost per extension avoided", "cost per month recovered",
)  # fmt: skip


def page_of(result: Path) -> Path:
    """Page that shows a result, from the project's root; RecordsError if the folder is no result of these commands."""
    if (result / RECORD).is_file():
        return VALIDATION
    if (result / COMPARISON).is_file() or (result / SHOWN).is_file():
        return README
    raise RecordsError(f"{result} holds neither {RECORD} nor {COMPARISON} nor {SHOWN}")


def picture_of(result: Path) -> Path:
    """Picture of a result that is shown, from the result."""
    return next(picture for name, picture in PICTURED.items() if (result / name).is_file())


def filled(page: str, result: Path) -> str:
    """Text of the page that shows a result, with its numbers; RecordsError if the text has no marks for them."""
    if page_of(result) == VALIDATION:
        return between_marks(page, "record", record_block(result))
    if (result / SHOWN).is_file():
        return between_marks(page, "best", best_block(result))
    return between_marks(page, "finding", finding_block(result))


def between_marks(text: str, mark: str, block: str) -> str:
    """The text with what stands between a pair of marks replaced."""
    begin, end = f"<!-- {mark}:begin -->", f"<!-- {mark}:end -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise RecordsError(f"the page should hold {begin} and then {end}, each once")
    return f"{text[: text.index(begin)]}{begin}\n{block}\n{text[text.index(end) :]}"


# ---- finding --------------------------------------------------------------------------------------------------------


def finding_block(result: Path) -> str:
    """Finding in sentences, size of the study, effect of COVID, and the mixes by their gain, the best first."""
    manifest = read_manifest(result)
    study = manifest["study"]
    labels = {world["name"]: world["label"] for world in study["worlds"]}
    table = pd.read_csv(result / COMPARISON).set_index(["world", "indicator"])
    prices = pd.read_csv(result / PRICES).set_index(["world", "indicator"])
    _, *said = (result / "finding.txt").read_text(encoding="utf-8").strip().split("\n\n")
    quoted = "\n".join(f"> - {each}" for each in sentences_of(" ".join(said[:SAID])))
    size = f"Scale {study['scale']:g}, {manifest['replications']} replications, seed {study['seed']}."
    size += identifiers_sentence(manifest, *((kind, Path(name).stem) for kind, name in FINDINGS))
    if study["scale"] < 1:
        size += f" A first look: `compare experiments/{study['name']} --full` takes all of England."
    size += f" Means with 95 % credible intervals; probabilities with “?”: {NOT_SETTLED}."
    surely = probabilities(result)
    ranked = ranking(table, prices, study, labels, surely)
    return "\n\n".join([quoted, size, context(result, table, study, labels), ranked])


def sentences_of(text: str) -> list[str]:
    """Sentences of a text that has no abbreviations."""
    return re.split(r"(?<=[.?])\s+(?=[A-Z“])", text)


def probabilities(result: Path) -> "dict[str, tuple[str, str]]":
    """Probabilities that each mix gains something, and that it gains most, as text."""
    chances, best = pd.read_csv(result / CHANCES), pd.read_csv(result / BEST).set_index("world")
    gains = chances[chances["event"] == GAIN].set_index("world")
    return {name: (probability(gains.loc[name]), probability(best.loc[name])) for name in best.index}


def probability(row: "pd.Series") -> str:
    """Text of a probability, marked where its verdict is not settled."""
    return f"{percent(float(row['probability']))}{' ?' if row['verdict'] == NOT_SETTLED else ''}"


def context(result: Path, table: "pd.DataFrame", study: dict[str, Any], labels: dict[str, str]) -> str:
    """Table of the levels of the baseline and the differences of the worlds that spend nothing."""
    base = study["baseline"]
    others = [world["name"] for world in study["worlds"] if world["mix"] is None and world["name"] != base]
    rows = []
    for indicator in CONTEXT:
        level = table.loc[(base, indicator)]
        found = (difference(table.loc[(name, indicator)]) for name in others)
        rows.append((with_unit(level["indicator_label"], level["unit"]), three_figures(level["level_mean"]), *found))
    return markdown((reported_years(result), labels[base], *(f"{labels[name]}: difference" for name in others)), rows)


def ranking(
    table: "pd.DataFrame",
    prices: "pd.DataFrame",
    study: dict[str, Any],
    labels: dict[str, str],
    surely: "dict[str, tuple[str, str]]",
) -> str:
    """Table with a row for each mix that leads, and for what was bought: gains, spending, price of a unit gained."""
    mixes = dict.fromkeys(name for name, _ in prices.index)
    change = {name: table.loc[(name, study["headline"]), "difference_mean"] for name in mixes}
    ordered = sorted(change, key=lambda each: float(change[each]))
    shown = [name for place, name in enumerate(ordered) if place < LEADING or name == BESIDE]
    rows = [
        (
            labels[name],
            *(gain(table.loc[(name, indicator)], sign) for indicator, sign in GAINED),
            *surely[name],
            f"{prices.loc[(name, 'spent_gbp'), 'amount_mean'] / 1e6:.1f}",
            *(
                pounds(prices.loc[(name, price)], table.loc[(name, indicator)])
                for price, indicator in zip(PRICED, ("extensions", "months_short"), strict=True)
            ),
        )
        for name in shown
    ]
    return markdown(RANKED, rows)


def gain(row: "pd.Series", sign: int) -> str:
    """Text of a difference with the sign of a gain, and its interval."""
    found = Estimate(*(row[f"difference_{part}"] for part in Estimate._fields))
    return estimate_text(found.negated() if sign < 0 else found)


def estimate_text(found: Estimate) -> str:
    """Text of an estimate, marked where its interval includes zero."""
    if found.is_nothing:
        return "none"
    mark = "" if found.excludes_zero else ", no clear difference"
    return f"{three_figures(found.mean)} ({three_figures(found.low)} to {three_figures(found.high)}){mark}"


def pounds(row: "pd.Series", gained: "pd.Series") -> str:
    """Text of the price of one unit gained with its interval; no price without a clear gain."""
    if gained["difference_low"] == gained["difference_high"] == 0:
        return "no gain"
    if not row["can_tell"]:
        return "no clear gain"
    return f"£{rounded(row['amount_mean'])} (£{rounded(row['amount_low'])} to £{rounded(row['amount_high'])})"


# ---- what to buy ----------------------------------------------------------------------------------------------------


def best_block(result: Path) -> str:
    """What to buy in sentences, size of the search, and the best found beside the study's own mixes."""
    manifest, shown = read_manifest(result), pd.read_csv(result / SHOWN)
    study = manifest["study"]
    said = (result / "finding.txt").read_text(encoding="utf-8").strip().split("\n\n")
    quoted = "\n".join(f"> - {each}" for each in said[:BOUGHT])
    runs = f"scale {study['scale']:g}, {study['replications']} replications that the search has not seen"
    whole = (study.get("full") or {}).get("scale") == study["scale"]
    command = f"optimise experiments/{study['name']}{' --full' * whole}"
    items = (FIGURE, FRONTIER.stem), (TABLE_FILE, Path(SHOWN).stem)
    size = f"`{command}`: {runs}.{identifiers_sentence(manifest, *items)}"
    rows: list[tuple[str, ...]] = [
        (
            str(line["label"]),
            estimate_text(Estimate(*(line[f"gain_{end}"] for end in Estimate._fields))),
            f"{line['spent_gbp'] / 1e6:.1f}",
        )
        for place, line in shown.iterrows()
        if place == 0 or not str(line["mix"]).startswith(FOUND)
    ]
    unit = str(study["decision"]["objective"]).replace("_", " ")
    part = "all" if study["scale"] == 1 else f"{study['scale']:g}"
    return "\n\n".join([quoted, size, markdown((f"on fresh draws, {part} of England", unit, "spent, £m"), rows)])


def reported_years(result: Path) -> str:
    """First and last training year of a result."""
    years = pd.read_csv(result / "by_year.csv")["year"]
    return f"{year_name(years.min())} to {year_name(years.max())}"


def difference(row: "pd.Series") -> str:
    """Text of a paired difference with its interval, marked where the interval includes zero."""
    found = Estimate(*(row[f"difference_{part}"] for part in Estimate._fields))
    if found.is_nothing:
        return "no change"
    mark = "" if found.excludes_zero else ", no clear difference"
    mean, low, high = (format_change(value, three_figures) for value in found[:3])
    return f"{mean} ({low} to {high}){mark}"


def main(results: list[str], root: Path = Path()) -> None:
    """Fill the pages of the project at `root` from result folders, and keep the picture and manifest of each."""
    for result in map(Path, results):
        page = root / page_of(result)
        write_text(page, filled(page.read_text(encoding="utf-8"), result))
        shown = root / PICTURES
        name = MET.stem if page == root / VALIDATION else read_manifest(result)["study"]["name"]
        shutil.copyfile(result / picture_of(result), shown / f"{name}.png")
        shutil.copyfile(result / MANIFEST, shown / f"{name}{MANIFEST_SUFFIX}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except RecordsError as error:
        sys.exit(f"error: {error}")
