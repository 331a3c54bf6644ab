"""Facts read from the source: docstrings of rules, modules that draw random numbers, attributes of a doctor.

Sources are read as text, so that nothing is compiled and no engine is imported.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline_sim.base.package import PACKAGE
from pipeline_sim.report.stress_des.table import Table, first_line, prose
from pipeline_sim.rules.codes import Purpose

RULES = PACKAGE / "rules"
REFERENCE = PACKAGE / "engines" / "reference"  # the engine written for readability
NOT_DECISIONS = ("__init__", "codes", "random_numbers", "rulebook", "event_order")
DRAWING = (RULES, REFERENCE, PACKAGE / "study")
GROUP, FIELD = re.compile(r"    # (.+)"), re.compile(r"    (\w+): [^#]*?(?:  # (.+))?")


def rules_table() -> Table:
    """Table of the rules that the engines call, by module."""
    calls = "\n".join(path.read_text(encoding="utf-8") for path in _modules(REFERENCE))
    rows = []
    for path in _modules(RULES):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.stem in NOT_DECISIONS:
            continue
        rows.append((f"**rules/{path.name}**", first_line(ast.get_docstring(tree))))
        rows += [(f"`{name}`", decision) for name, decision in _functions(tree) if re.search(rf"\b{name}\(", calls)]
    return Table(("rule", "decision"), rows)


def docstring_of(file: str, name: str) -> str:
    """Docstring of a function or method of a file; without a name, of the file after its first line."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    if not name:
        return prose(ast.get_docstring(tree))
    matches = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)
    return ast.get_docstring(next(matches)) or ""


def drawn_in(purpose: Purpose) -> list[str]:
    """Modules that draw random numbers for a purpose, as `rules/recruitment`."""
    name = re.compile(rf"\bPurpose\.{purpose.name}\b")
    matches = (path for folder in DRAWING for path in _modules(folder) if name.search(path.read_text(encoding="utf-8")))
    return [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in matches]


def modules_naming(file: str) -> list[str]:
    """Modules of rules, world and study that name a file, with or without its ending."""
    name = re.compile(rf'\b{re.escape(file)}\b|\(world, "{re.escape(Path(file).stem)}"\)')
    folders = (RULES, PACKAGE / "study", PACKAGE / "world")
    matches = (path for folder in folders for path in _modules(folder) if name.search(path.read_text(encoding="utf-8")))
    return [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in matches]


def doctor_attributes() -> Table:
    """Table of the attributes of a doctor, under the headings of the source."""
    text = (REFERENCE / "doctor.py").read_text(encoding="utf-8")
    body = text[text.index("class Doctor") : text.index("    def ", text.index("class Doctor"))]
    groups: dict[str, list[str]] = {"identity": []}
    heading = "identity"
    for line in body.splitlines():
        if group := GROUP.fullmatch(line):
            heading = group[1]
            groups[heading] = []
        elif field := FIELD.fullmatch(line):
            groups[heading].append(f"`{field[1]}` ({field[2]})" if field[2] else f"`{field[1]}`")
    return Table(("about", "attributes"), [(about, ", ".join(names)) for about, names in groups.items()])


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _functions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, first_line(ast.get_docstring(node))
