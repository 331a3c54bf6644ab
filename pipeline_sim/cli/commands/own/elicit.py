"""The command `elicit`: experts' judgements become the ranges of figures; the empty form for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.cli.terminal.default_paths import CONFIGS, register_folder, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import world_paths
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.world.schema.world import World

LAYERS = ("england.toml", "costs.toml", "covid.toml", "interventions.toml")
RULES = "judgements"


def elicit(
    panel: Annotated[Path, typer.Argument(help="Panel of experts (TOML), which names their judgements (CSV).")],
    form: Annotated[bool, typer.Option("--form", help="Write the empty form, panel and judgements, instead.")] = False,
    entries: Annotated[
        int, typer.Option(min=1, max=50, help="Entries of the register on the form, the most influential first.")
    ] = 2,
    world: Annotated[
        list[Path] | None,
        typer.Option("--world", help="World files; those supplied by default. May be repeated.", callback=world_paths),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Layer to write; PANEL_layer.toml by default.")] = None,
) -> None:
    """Pool experts' judgements of figures and write them as a layer.

    Distributions are fitted to each expert's percentiles; what the pool implies is printed.
    """
    from pipeline_sim.world.loading.load_world import load_world

    if panel.suffix != ".toml":
        raise StudyError(f"the panel is {panel}, should end in .toml")
    layers = world or [Path(shipped(layer)) for layer in LAYERS]
    if form:
        if out is not None:
            raise StudyError("--out names the layer that a filled panel is written to; --form writes PANEL and its CSV")
        write_form(panel, load_world(*layers), entries)
    else:
        write_layer(panel, layers, out or panel.with_name(f"{panel.stem}_layer.toml"))


def write_form(panel: Path, world: World, entries: int) -> None:
    """Write the empty form; nothing that exists is replaced."""
    from pipeline_sim.records.files.result_files import write_text
    from pipeline_sim.study.own.panel_layer import form_texts
    from pipeline_sim.world.register.assumption_register import load_register
    from pipeline_sim.world.register.recorded_influence import load_influence

    note_edited([world])
    home, files = register_folder(None), (panel, panel.with_suffix(".csv"))
    texts = form_texts(panel, world, load_register(home), load_influence(home), entries)
    for file in files:
        if file.exists():
            raise StudyError(f"{file} is there already: name another file")
    for file, text in zip(files, texts, strict=True):
        write_text(file, text)
    count = texts[1].count("\n") - 1
    console().print(f"written to {files[0]} and {files[1]}: {count} figures to ask about", soft_wrap=True)


def write_layer(panel: Path, layers: list[Path], file: Path) -> None:
    """Write the layer of a panel once it loads over the other layers, and print what it implies."""
    from pipeline_sim.records.files.result_files import write_text
    from pipeline_sim.study.own.expert_panel import judged_figures, load_panel
    from pipeline_sim.study.own.panel_layer import HEADER, feedback, layer_text
    from pipeline_sim.study.own.pooled_judgement import pool
    from pipeline_sim.world.loading.load_world import load_world
    from pipeline_sim.world.reading.table_rules import table_rules
    from pipeline_sim.world.world_error import WorldError

    if file.exists() and not file.read_text(encoding="utf-8").startswith(HEADER):
        raise StudyError(f"{file} is there already: name another file with --out")
    world, members = load_world(*layers), load_panel(panel)
    note_edited([world])
    asked = judged_figures(panel, members, world, table_rules((CONFIGS / "own",))[RULES])
    pools = [pool(each, members.weights([one.expert for one in each.judgements])) for each in asked]
    draft = file.with_name(f".{file.name}")
    write_text(draft, layer_text(members, pools, world, file.parent))
    try:
        load_world(*layers, draft)
        draft.replace(file)
    except WorldError as problem:  # such as a value outside the bounds of its figure
        raise StudyError(str(problem).replace(str(draft), str(panel))) from None
    finally:
        draft.unlink(missing_ok=True)
    for line in (line for each in pools for line in feedback(each)):
        console().print(line, soft_wrap=True)
    console().print(f"written to {file}: a layer; compare --scenario {file} takes it in", soft_wrap=True)
