"""Puts the numbers of results into the README, between its marks, so that none of them is typed by hand.

    python -m tools.render_readme RESULT [RESULT ...]

A result of `validate` fills the model against the record; one of `compare` fills the finding. Both give a picture.
Their manifests are kept beside the pictures, so that what the README shows can be verified where results are not.
"""

import math
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.records.files.result_files import MANIFEST, read_manifest, write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.provenance.lookup import KEPT
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.files.write_validation import GRADES
from pipeline_sim.report.text.number_format import rounded, year_name
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.fit.targets import ROLES

if TYPE_CHECKING:
    import pandas as pd

RECORD, FORETOLD, COMPARISON, PRICES = "targets.csv", "hindcast.csv", "comparison.csv", "prices.csv"
PICTURES, PICTURE = Path("results") / "shown", Path("figures") / "mixes.png"
MET = Path("figures") / "targets.png"
FINDINGS = ((FIGURE, PICTURE), (TABLE_FILE, COMPARISON), (TABLE_FILE, PRICES))
CONTEXT = ("extensions", "extensions_10_2", "extension_months", "mean_backlog", "ccts_on_time")
GAINED = (("extensions", -1), ("months_short", -1), ("ccts_on_time", 1))
PRICED = ("per_extension_avoided_gbp", "per_month_recovered_gbp")
RANKED = (
    "mix", "extensions avoided", "months recovered", "CCTs on time", "spent, £m", "for one extension avoided",
    "for one month recovered",
)  # fmt: skip


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
    """How many published figures are met, by role and grade; the hindcast; what of grade A and B fails."""
    import pandas as pd

    targets, foretold = pd.read_csv(result / RECORD), pd.read_csv(result / FORETOLD)
    parts = [provenance(result), roles_table(targets)]
    if len(foretold):
        parts.append(hindcast_sentence(foretold))
    failed = targets[~targets["passes"] & (targets["grade"] != "C") & (targets["role"] == "test")]
    if len(failed):
        parts += [
            "Of grade A and B, kept to test and not met, those furthest off first:",
            failures(failed),
        ]
    return "\n\n".join(parts)


def provenance(result: Path) -> str:
    """Which run the numbers come from."""
    manifest = read_manifest(result)
    study = manifest["study"]
    said = f"Scale {study['scale']:g}, {study['replications']} replications, seed {study['seed']}."
    shown = identifier(manifest, FIGURE, MET.stem), identifier(manifest, TABLE_FILE, Path(RECORD).stem)
    return f"{said} Identifiers: picture `{shown[0]}`, numbers `{shown[1]}`." if all(shown) else said


def roles_table(targets: "pd.DataFrame") -> str:
    """Figures met of all there are, by role and grade."""
    rows = []
    for role, words in ROLES.items():
        mine = targets[targets["role"] == role]
        cells = [mine, *(mine[mine["grade"] == grade] for grade in GRADES)]
        rows.append((words, *(f"{int(each['passes'].sum())} of {len(each)}" if len(each) else "-" for each in cells)))
    return markdown(("figures met, by role", "all", *(f"grade {grade}" for grade in GRADES)), rows)


def hindcast_sentence(foretold: "pd.DataFrame") -> str:
    """How the hindcast went."""
    known = foretold[foretold["skill"].notna()]
    return (
        f"Hindcast, fitted to nothing after 2019/20: nine draws in ten lie around {100 * foretold['covers'].mean():.0f}"
        f" % of {len(foretold)} later figures (90 % would be right); {int((known['skill'] > 0).sum())} of {len(known)}"
        " are foretold better than by no change."
    )


def failures(failed: "pd.DataFrame") -> str:
    """One row a figure."""
    rows: list[tuple[str, ...]] = [
        (
            f"{line.quantity}, {line.unit}: {line.population}, {line.period}",
            short(line.model),
            short(line.record),
            f"{short(line.passes_from)} to {short(line.passes_to)}",
            str(line.grade),
        )
        for line in failed.itertuples()
    ]
    return markdown(("", "model", "record", "passes within", "grade"), rows)


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
        compared = (result / COMPARISON).is_file()
        name = read_manifest(result)["study"]["name"] if compared else MET.stem
        shutil.copyfile(result / (PICTURE if compared else MET), shown / f"{name}.png")
        shutil.copyfile(result / MANIFEST, shown / f"{name}{KEPT}")
    write_text(readme, text)


if __name__ == "__main__":
    main(sys.argv[1:])
