"""Builds the documentation site into build/site: python -m tools.build_site.

The pages keep their places, so a link holds in a clone as on the site; what they link to is copied beside them. The
reference is made from the code. Any warning, such as a link that leads nowhere, ends the build with status 1.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any

from pipeline_sim.cli.app import COMMANDS, load_command
from pipeline_sim.cli.commands.own.schema import FileKind, schema_of
from pipeline_sim.records.code_meanings import EVENTS, ORIGINS, PHASES, PLACES, PURPOSES, STATES
from pipeline_sim.records.columns import LOG
from pipeline_sim.records.measure_catalogue import MEASURE_CATALOGUE
from pipeline_sim.report.stress_des.table import Table
from pipeline_sim.report.table_columns import COLUMNS

SOURCE = Path("build/site_source")
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "configs/README.md", "results/README.md")
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")
REMOTE = re.compile(r'<(?:link|script|img)[^>]*(?:href|src)="?(https?://[^"> ]+)')


def pages() -> list[Path]:
    """Pages of the site that are kept in the project."""
    return [*map(Path, PAGES), *sorted(Path("docs").glob("*.md"))]


def linked_files(page: Path) -> Iterator[Path]:
    """Files other than pages that a page links to."""
    for name in LINK.findall(page.read_text(encoding="utf-8")):
        file = Path(page.parent, name).resolve()
        if file.is_file() and file.suffix != ".md" and file.is_relative_to(Path.cwd()):
            yield file.relative_to(Path.cwd())


def stage(folder: Path) -> None:
    """Copy the pages and what they link to, and write the reference."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in pages():
        for file in (page, *linked_files(page)):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / file)
    shutil.copyfile("README.md", folder / "index.md")
    reference = folder / "reference"
    reference.mkdir()
    for name, text in (("options", options()), ("keys", keys()), ("columns", columns()), ("codes", codes())):
        (reference / f"{name}.md").write_text(text, encoding="utf-8")
    for kind in FileKind:
        (reference / f"{kind.value}.schema.json").write_text(json.dumps(schema_of(kind), indent=1), encoding="utf-8")


def options() -> str:
    """Page of every command with its arguments and options."""
    parts = ["# Options of every command", "As `--help` prints them."]
    for name, line in COMMANDS.items():
        rows = [
            (f"`{' '.join(each.opts) if each.param_type_name == 'option' else each.name.upper()}`", each.help or "")
            for each in load_command(name).params
        ]
        parts += [f"## {name}", line, str(Table(("", "what"), rows))]
    return "\n\n".join(parts) + "\n"


def keys() -> str:
    """Page of the keys of TOML files."""
    parts = [
        "# Keys of TOML files",
        "As JSON Schema, for editors that check and complete: [study.schema.json](study.schema.json) and "
        "[world.schema.json](world.schema.json); `pipeline-sim schema study` and `schema world` print them. A file "
        "names its schema in its first line: `#:schema world.schema.json`.",
    ]
    for kind in FileKind:
        made = schema_of(kind)
        tables = {"(top)": made, **dict(sorted(made["$defs"].items()))}
        parts.append(f"## {kind.value.capitalize()} files")
        for name, table in tables.items():
            rows = [(f"`{key}`", kind_of(part), limits(part)) for key, part in table.get("properties", {}).items()]
            if rows and not name.startswith("Sourced_"):
                about = (table.get("description") or "").split("\n")[0]
                parts += [f"### {name} ({kind.value})", about, str(Table(("key", "kind", "limits"), rows))]
    return "\n\n".join(parts) + "\n"


def kind_of(part: dict[str, Any]) -> str:
    """Kind of the values of a key, in words."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return "figure" if name.startswith("Sourced_") else f"table {name}"
    if "anyOf" in part:
        return " or ".join(dict.fromkeys(kind_of(each) for each in part["anyOf"] if each.get("type") != "null"))
    if "enum" in part or "const" in part:
        return ", ".join(f"`{value}`" for value in part.get("enum", [part.get("const")]))
    if part.get("type") == "array" and "items" in part:
        return f"list of {kind_of(part['items'])}"
    return str(part.get("format") or part.get("type") or "any")


def limits(part: dict[str, Any]) -> str:
    """Default and limits of the values of a key."""
    words = {"default": "default", "minimum": "from", "maximum": "to", "exclusiveMinimum": "above"}
    return ", ".join(f"{word} {part[key]}" for key, word in words.items() if part.get(key) not in (None, [], {}))


def columns() -> str:
    """Page of the columns of tables, of the event log, and of the measures."""
    tables = Table(("column", "meaning"), [(f"`{name}`", text) for name, text in COLUMNS.items()])
    log = Table(("column", "unit", "meaning"), [(f"`{each.name}`", each.unit, each.description) for each in LOG])
    counts = [(f"`{name}`", each.unit, each.description) for name, each in MEASURE_CATALOGUE.items()]
    measures = Table(("measure", "unit", "what is counted in a training year"), counts)
    parts = [
        "# Columns and measures",
        "## Tables of a comparison",
        tables,
        "## Event log",
        log,
        "## Measures",
        measures,
    ]
    return "\n\n".join(map(str, parts)) + "\n"


def codes() -> str:
    """Page of the codes of the event log."""
    catalogues: tuple[tuple[str, dict[Any, Any]], ...] = (
        ("Events", EVENTS), ("Phases of a day", PHASES), ("States", STATES), ("Origins", ORIGINS),
        ("Places of qualification", PLACES), ("Purposes of random numbers", PURPOSES),
    )  # fmt: skip
    return "# Codes\n\n" + "\n".join(f"## {title}\n\n{code_table(known.items())}\n" for title, known in catalogues)


def code_table(known: Iterable[tuple[IntEnum, Any]]) -> Table:
    """Table of codes with their meanings."""
    rows = [
        (str(int(code)), code.name.lower(), "; ".join((text,) if isinstance(text, str) else text))
        for code, text in known
    ]
    return Table(("code", "name", "meaning"), rows)


def remote_files(site: Path) -> list[str]:
    """Files that pages of the site would fetch from other hosts."""
    return sorted({url for page in site.rglob("*.html") for url in REMOTE.findall(page.read_text(encoding="utf-8"))})


def main() -> int:
    """Stage and build; the status of the build."""
    stage(SOURCE)
    done = subprocess.run(["zensical", "build", "--strict", "--clean"], check=False)
    remote = remote_files(Path("build/site"))
    if remote:
        print(f"pages fetch from other hosts: {', '.join(remote)}", file=sys.stderr)
    return done.returncode or int(bool(remote))


if __name__ == "__main__":
    sys.exit(main())
