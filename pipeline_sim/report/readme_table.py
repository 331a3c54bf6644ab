"""Puts the numbers of results into the README, between its marks, so that none of them is typed by hand.

    python -m pipeline_sim.report.readme_table RESULT [RESULT ...]

A result of `run` fills the model against the record; one of `compare` fills the finding and gives the picture. Their
manifests are kept beside the picture, so that what the README shows can be verified where the results are not.
"""

import math
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.issued import KEPT
from pipeline_sim.records.store import MANIFEST, read_manifest, write_text
from pipeline_sim.report.style import year_name
from pipeline_sim.report.words import rounded
from pipeline_sim.study.compare import Estimate

if TYPE_CHECKING:
    import pandas as pd

RECORD, COMPARISON, PRICES = "model_against_record.csv", "comparison.csv", "prices.csv"
PICTURES, PICTURE = Path("results") / "shown", Path("figures") / "mixes.png"
FINDINGS = ((FIGURE, PICTURE), (TABLE_FILE, COMPARISON), (TABLE_FILE, PRICES))
HEAD = ("", "year", "model", "record", "difference", "grade")
CONTEXT = ("extensions", "extensions_10_2", "extension_months", "mean_backlog", "ccts_on_time")
GAINED = (("extensions", -1), ("months_short", -1), ("ccts_on_time", 1))
PRICED = ("per_extension_avoided_gbp", "per_month_recovered_gbp")
RANKED = (
    "mix", "extensions avoided", "months recovered", "CCTs on time", "spent, £m", "for one extension avoided",
    "for one month recovered",
)  # fmt: skip
TOPICS = (
    ("Doctors", "Doctors in training, in all and by family"),
    ("ARCP 10", "Outcomes 10.1 and 10.2, 2019/20 to 2022/23"),
    ("ARCP", "Other ARCP outcomes, before COVID"),
    ("", "Recruitment, after F2, CCTs"),
)


def filled(readme: str, result: Path) -> str:
    """The text of the README with the numbers of a result; RecordsError if it is no result or has no place there."""
    if (result / RECORD).is_file():
        return between_marks(readme, "record", record_block(result))
    if (result / COMPARISON).is_file():
        return between_marks(readme, "finding", finding_block(result))
    raise RecordsError(f"{result} holds neither {RECORD} nor {COMPARISON}")


def between_marks(text: str, mark: str, block: str) -> str:
    """The text with what stands between a pair of marks replaced."""
    begin, end = f"<!-- {mark}:begin -->", f"<!-- {mark}:end -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise RecordsError(f"the README should hold {begin} and then {end}, each once")
    return f"{text[: text.index(begin)]}{begin}\n{block}\n{text[text.index(end) :]}"


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table; numbers to the right."""
    lines = [head, ("---", *("---:",) * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def short(value: float) -> str:
    """Whole numbers from a hundred on, else three figures; a dash where there is none."""
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


# ---- model against record -------------------------------------------------------------------------------------------


def record_block(result: Path) -> str:
    """How many figures lie in the range of the record, each of them, and the figures without a range."""
    import pandas as pd

    lines = pd.read_csv(result / RECORD)
    ranged, exact = lines[lines["low"] < lines["high"]], lines[lines["low"] >= lines["high"]]
    parts = [provenance(result), topics_table(ranged)]
    if len(ranged):
        parts += ["Figures with a range; those outside it are in bold:", ranged_table(ranged)]
    if len(exact):
        parts += ["Figures that have no range, year after year:", exact_table(exact)]
    return "\n\n".join(parts)


def provenance(result: Path) -> str:
    """Which run the numbers come from."""
    manifest = read_manifest(result)
    world = next(iter(manifest["worlds"].values()))
    runs = "1 replication" if world["replications"] == 1 else f"{world['replications']} replications"
    layers = " ".join(f"`{layer}`" for layer in world["layers"])
    said = f"{layers} at scale {world['scale']:g}, {runs}, seed {manifest['seed']}."
    table = identifier(manifest, TABLE_FILE, Path(RECORD).stem)
    return f"{said} Identifier: `{table}`." if table else said


def topic_of(what: str) -> str:
    """Heading under which a figure is counted."""
    return next(heading for start, heading in TOPICS if what.startswith(start))


def topics_table(ranged: "pd.DataFrame") -> str:
    """Figures with a range by topic, and how many of them the model meets."""
    inside = ranged.groupby(ranged["what"].map(topic_of))["is_inside"].agg(["sum", "count"])
    held = [heading for _, heading in TOPICS if heading in inside.index]
    rows = [(heading, *(str(int(inside.loc[heading, column])) for column in ("count", "sum"))) for heading in held]
    total = ("All", str(len(ranged)), str(int(ranged["is_inside"].sum())))
    return markdown(("figures with a range", "compared", "inside"), [*rows, total])


def ranged_table(lines: "pd.DataFrame") -> str:
    """One row a figure, the years of it joined; what lies outside its range in bold."""
    spans = lines["record"].map(short) + " (" + lines["low"].map(short) + "-" + lines["high"].map(short) + ")"
    return markdown(HEAD, joined(lines.assign(said=spans)))


def exact_table(lines: "pd.DataFrame") -> str:
    """One row a figure, the years of it joined."""
    said = lines["record"].map(short)
    return markdown(HEAD, joined(lines.assign(said=said, is_inside=True)))


def joined(lines: "pd.DataFrame") -> list[tuple[str, ...]]:
    """What, years, the model's numbers, what the record says, the differences, grades."""
    rows: list[tuple[str, ...]] = []
    for (what, unit), part in lines.sort_values("year").groupby(["what", "unit"]):
        model = ", ".join(marked(line) for line in part.itertuples())
        off = ", ".join(signed(number) for number in part["model"] - part["record"])
        grades = "".join(sorted(set(part["grade"])))
        rows.append((f"{what}, {unit}", years_of(part), model, ", ".join(part["said"]), off, grades))
    return rows


def marked(line: Any) -> str:
    """The model's number, in bold if it lies outside the range of the record."""
    return short(line.model) if line.is_inside else f"**{short(line.model)}**"


def years_of(part: "pd.DataFrame") -> str:
    """First and last year, or all if some between are missing."""
    years = [int(year) for year in part["year"]]
    if len(years) > 2 and years == list(range(years[0], years[-1] + 1)):
        return f"{year_name(years[0])} to {year_name(years[-1])}"
    return ", ".join(year_name(year) for year in years)


def identifier(manifest: dict[str, Any], kind: str, name: str) -> str:
    """Identifier of a figure or table; nothing where the result issued none."""
    entries = manifest.get("items", {}).items()
    return next((text for text, item in entries if (item["kind"], item["name"]) == (kind, name)), "")


# ---- finding --------------------------------------------------------------------------------------------------------


def finding_block(result: Path) -> str:
    """The sentences, the size of the study, what COVID did, and the mixes by what they gain, the best first."""
    import pandas as pd

    manifest = read_manifest(result)
    study = manifest["study"]
    labels = {world["name"]: world["label"] for world in study["worlds"]}
    table = pd.read_csv(result / COMPARISON).set_index(["world", "indicator"])
    prices = pd.read_csv(result / PRICES).set_index(["world", "indicator"])
    said = (result / "finding.txt").read_text(encoding="utf-8").strip().split("\n\n", 1)[-1]
    quoted = "\n".join(f"> {line}".rstrip() for line in said.splitlines())
    size = f"Scale {study['scale']:g}, {manifest['replications']} replications, seed {study['seed']}."
    picture, *tables = (identifier(manifest, kind, Path(name).stem) for kind, name in FINDINGS)
    if picture:
        size += f" Identifiers: picture `{picture}`, numbers `{'`, `'.join(tables)}`."
    return "\n\n".join([quoted, size, context(result, table, study, labels), ranking(table, prices, study, labels)])


def context(result: Path, table: "pd.DataFrame", study: dict[str, Any], labels: dict[str, str]) -> str:
    """Levels of the baseline, and what differs in the worlds that spend nothing."""
    base = study["baseline"]
    others = [world["name"] for world in study["worlds"] if world["mix"] is None and world["name"] != base]
    rows = []
    for indicator in CONTEXT:
        level = table.loc[(base, indicator)]
        found = (difference(table.loc[(name, indicator)]) for name in others)
        rows.append((f"{level['indicator_label']}, {level['unit']}", short(level["mean"]), *found))
    return markdown((reported_years(result), labels[base], *(f"{labels[name]}, less that" for name in others)), rows)


def ranking(table: "pd.DataFrame", prices: "pd.DataFrame", study: dict[str, Any], labels: dict[str, str]) -> str:
    """A row a mix: what it gains beside the baseline, what was spent, what a unit gained cost."""
    mixes = dict.fromkeys(name for name, _ in prices.index)
    change = {name: table.loc[(name, study["headline"]), "difference_mean"] for name in mixes}
    rows = [
        (
            labels[name],
            *(gain(table.loc[(name, indicator)], sign) for indicator, sign in GAINED),
            f"{prices.loc[(name, 'spent_gbp'), 'mean'] / 1e6:.1f}",
            *(
                pounds(prices.loc[(name, price)], table.loc[(name, indicator)])
                for price, indicator in zip(PRICED, ("extensions", "months_short"), strict=True)
            ),
        )
        for name in sorted(change, key=lambda each: float(change[each]))
    ]
    return markdown(RANKED, rows)


def gain(row: "pd.Series", sign: int) -> str:
    """A difference told as a gain."""
    parts = [sign * row[f"difference_{part}"] for part in Estimate._fields]
    found = Estimate(parts[0], *sorted(parts[1:]))
    if found.low == found.high == 0:
        return "none"
    mark = "" if found.can_tell else ", cannot tell"
    return f"{short(found.mean)} ({short(found.low)} to {short(found.high)}){mark}"


def pounds(row: "pd.Series", gained: "pd.Series") -> str:
    """Pounds for one of something gained with their interval, if they can be told."""
    if gained["difference_low"] == gained["difference_high"] == 0:
        return "none gained"
    if not row["can_tell"]:
        return "cannot tell"
    return f"£{rounded(row['mean'])} (£{rounded(row['low'])} to £{rounded(row['high'])})"


def reported_years(result: Path) -> str:
    """First and last training year of a result."""
    import pandas as pd

    years = pd.read_csv(result / "by_year.csv")["year"]
    return f"{year_name(years.min())} to {year_name(years.max())}"


def difference(row: "pd.Series") -> str:
    """A paired difference with its interval, marked where it cannot be told from nothing."""
    found = Estimate(row["difference_mean"], row["difference_low"], row["difference_high"])
    if found.low == found.high == 0:
        return "no change"
    mark = "" if found.can_tell else ", cannot tell"
    return f"{signed(found.mean)} ({signed(found.low)} to {signed(found.high)}){mark}"


def signed(value: float) -> str:
    """A number that says which way it goes."""
    return f"{'-' if value < 0 else '+'}{short(abs(value))}"


def main(results: list[str], readme: Path = Path("README.md")) -> None:
    """Fill the README from result folders and keep the picture of a comparison."""
    text = readme.read_text(encoding="utf-8")
    for result in map(Path, results):
        text = filled(text, result)
        shown = readme.parent / PICTURES
        name = Path(RECORD).stem
        if (result / COMPARISON).is_file():
            name = read_manifest(result)["study"]["name"]
            shutil.copyfile(result / PICTURE, shown / f"{name}.png")
        shutil.copyfile(result / MANIFEST, shown / f"{name}{KEPT}")
    write_text(readme, text)


if __name__ == "__main__":
    main(sys.argv[1:])
