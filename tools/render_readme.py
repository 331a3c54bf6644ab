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
    whole_or_rounded,
    with_unit,
    year_name,
)
from pipeline_sim.study.comparison.answer import GAIN
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.ranking import NOT_SETTLED
from pipeline_sim.study.fit.targets import RECORD_GRADES, ROLES
from pipeline_sim.study.replication.posterior_sample import load_sample

RECORD, FORECASTS, COMPARISON, PRICES = "targets.csv", "hindcast.csv", "comparison.csv", "prices.csv"
CHANCES, BEST = "chances.csv", "best.csv"
SHOWN = "shown.csv"
FOUND = "found_"  # names of mixes that were found begin with it
BOUGHT = 4  # sentences on what to buy: the lines, what they gain, how they were selected, beside the study's own
SAID = 2  # paragraphs of the finding: the answer, and what would have been gained without COVID
LEADING, BESIDE = 5, "as_spent"  # mixes of the table: so many that lead, and what was bought
PICTURES, PICTURE = Path("results") / "shown", Path("figures") / "mixes.png"
MET, FRONTIER = Path("figures") / "targets.png", Path("figures") / "frontier.png"
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


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Markdown table; numbers to the right."""
    lines = [head, ("---", *("---:",) * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def three_figures(value: float) -> str:
    """Whole number from a hundred on, else three significant figures; a dash for NaN."""
    return whole_or_rounded(value, 3)


# ---- model against record -------------------------------------------------------------------------------------------


def record_block(result: Path) -> str:
    """Records that are met, by role and grade; the hindcast; the failures of those held out."""
    targets, forecasts = pd.read_csv(result / RECORD), pd.read_csv(result / FORECASTS)
    targets = targets[targets["grade"].isin(RECORD_GRADES)].astype({"passes": bool})
    parts = [provenance(result), roles_table(targets)]
    if len(forecasts):
        parts.append(hindcast_sentence(forecasts))
    parts += fitted_lines(result)
    failed = targets[~targets["passes"] & (targets["role"] == "test")]
    if len(failed):
        parts += ["Held out for testing and not met, largest deviation first:", failures(failed)]
    return "\n\n".join(parts)


def provenance(result: Path) -> str:
    """Sentence on the run that the numbers are from."""
    manifest = read_manifest(result)
    study = manifest["study"]
    size = f"Scale {study['scale']:g}, {study['replications']} replications, seed {study['seed']}."
    shown = identifier(manifest, FIGURE, MET.stem), identifier(manifest, TABLE_FILE, Path(RECORD).stem)
    return f"{size} Identifiers: figure `{shown[0]}`, numbers `{shown[1]}`." if all(shown) else size


def fitted_lines(result: Path) -> list[str]:
    """Draws that pass on all figures fitted to, and what `calibrate` noted of the sample that they are from."""
    posterior = read_manifest(result)["study"].get("posterior")
    if posterior is None:
        return []
    draws = pd.read_csv(result / "draws.csv")
    passing = f"{int(draws['passes'].sum())} of {len(draws)} draws pass on all figures fitted to"
    held = f"on average a draw passes on {100 * draws['held_out'].mean():.0f} % of those held out."
    return [f"{passing}; {held}", "\n".join(f"- {line}" for line in load_sample(posterior).made.note.splitlines())]


def roles_table(targets: "pd.DataFrame") -> str:
    """Table of the published figures that are met, by role and grade."""
    rows = []
    for role, words in ROLES.items():
        mine = targets[targets["role"] == role]
        cells = [mine, *(mine[mine["grade"] == grade] for grade in RECORD_GRADES)]
        rows.append((words, *(f"{int(each['passes'].sum())} of {len(each)}" if len(each) else "-" for each in cells)))
    return markdown(("figures met, by role", "all", *(f"grade {grade}" for grade in RECORD_GRADES)), rows)


def hindcast_sentence(forecasts: "pd.DataFrame") -> str:
    """Sentence on the coverage and skill of the hindcast."""
    gains = [forecasts[name] - forecasts["crps"] for name in ("no_change", "trend")]
    means = [gain.dropna().groupby(forecasts["series"]).mean() for gain in gains]
    held = forecasts[forecasts["role"] == "test"]["covers"]
    return (
        f"Hindcast from 2018/19, 2019/20 and 2020/21: 90 % ranges cover {100 * forecasts['covers'].mean():.0f} % of "
        f"{len(forecasts)} later figures ({int(held.sum())} of {len(held)} of those held out); by mean CRPS "
        f"{int((means[0] > 0).sum())} of {len(means[0])} series are forecast better than by a no-change baseline, "
        f"{int((means[1] > 0).sum())} of {len(means[1])} than by the trend."
    )


def failures(failed: "pd.DataFrame") -> str:
    """Table of the figures that are not met, a row each."""
    rows: list[tuple[str, ...]] = [
        (
            f"{line.quantity}, {line.unit}: {line.population}, {line.period}",
            three_figures(line.model),
            three_figures(line.record),
            f"{three_figures(line.passes_from)} to {three_figures(line.passes_to)}",
            str(line.grade),
        )
        for line in failed.itertuples()
    ]
    return markdown(("", "model", "record", "accepted range", "grade"), rows)


def identifier(manifest: dict[str, Any], kind: str, name: str) -> str:
    """Identifier of a figure or table; empty where the result issued none."""
    entries = manifest.get("items", {}).items()
    return next((text for text, item in entries if (item["kind"], item["name"]) == (kind, name)), "")


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
    picture, *tables = (identifier(manifest, kind, Path(name).stem) for kind, name in FINDINGS)
    if picture:
        size += f" Identifiers: figure `{picture}`, numbers `{'`, `'.join(tables)}`."
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
    items = identifier(manifest, FIGURE, FRONTIER.stem), identifier(manifest, TABLE_FILE, Path(SHOWN).stem)
    runs = f"scale {study['scale']:g}, {study['replications']} replications that the search has not seen"
    size = f"`optimise experiments/{study['name']}`: {runs}. Identifiers: figure `{items[0]}`, numbers `{items[1]}`."
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
    return "\n\n".join(
        [quoted, size, markdown((f"on fresh draws, {study['scale']:g} of England", unit, "spent, £m"), rows)]
    )


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
