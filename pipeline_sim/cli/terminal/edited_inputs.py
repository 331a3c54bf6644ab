"""Notes on stderr where the files behind a result differ from those that ship."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline_sim.cli.terminal.console import print_line

if TYPE_CHECKING:
    from pipeline_sim.world.schema.world import World


def note_edited(worlds: Iterable["World"]) -> None:
    """One line for each file behind some worlds that was edited since it shipped."""
    from pipeline_sim.world.reading.shipped_lines import edited_files

    for each in edited_files(worlds):
        print_line(f"note: {each}")
