"""Writes configs/shipped_lines.csv, by which edits are found: python -m tools.render_shipped_lines."""

from pathlib import Path

from pipeline_sim.report.files.csv_files import write_rows
from pipeline_sim.world.reading.shipped_lines import LIST, listed_lines

CONFIGS = Path("configs")


def main() -> None:
    """Write the list."""
    write_rows(CONFIGS / LIST, ("file", "lines"), listed_lines(CONFIGS))


if __name__ == "__main__":
    main()
