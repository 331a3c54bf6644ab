"""The model against the record: what a result of `validate` puts into docs/validation.md."""

from pathlib import Path

import pandas as pd

from pipeline_sim.records.files.result_files import read_manifest
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.study.fit.targets import RECORD_GRADES, ROLES
from pipeline_sim.study.replication.posterior_sample import load_sample
from tools.page_parts import identifiers_sentence, markdown, three_figures

RECORD, FORECASTS, MET = "targets.csv", "hindcast.csv", Path("figures") / "targets.png"


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
    return size + identifiers_sentence(manifest, (FIGURE, MET.stem), (TABLE_FILE, Path(RECORD).stem))


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
