"""Two figures of a comparison made again from its tables: python two_figures.py FOLDER OUT."""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
rows, years = pd.read_csv(folder / "comparison.csv"), pd.read_csv(folder / "by_year.csv")
mixes = pd.read_csv(folder / "prices.csv")["world"].unique()

gains = rows[(rows["indicator"] == "extensions") & rows["world"].isin(mixes)].sort_values(
    "difference_mean", ascending=False
)
figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
axes.hlines(gains["world_label"], -gains["difference_high"], -gains["difference_low"])
axes.plot(-gains["difference_mean"], gains["world_label"], "o")
axes.axvline(0, linestyle=":")
axes.set_xlabel("Extensions avoided, with 95 % credible interval")
figure.savefig(out / "gains.svg")

figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
plain = years[(years["indicator"] == "extensions") & ~years["world"].isin(mixes)]
for label, each in plain.groupby("world_label"):
    axes.plot(each["year"], each["level_mean"], label=label)
axes.set_xlabel("Training year from")
axes.set_ylabel("Extensions")
axes.legend()
figure.savefig(out / "years.svg")

gains[["world", "difference_mean"]].to_csv(out / "gains.csv", index=False)
