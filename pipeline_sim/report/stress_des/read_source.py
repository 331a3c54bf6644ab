"""What the sources say of themselves: docstrings of rules, the luck that each module draws, what a doctor carries.

Read as text, so that nothing is compiled and the report room imports no engine.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline_sim.base.package import PACKAGE
from pipeline_sim.report.stress_des.table import Table, first_line, prose
from pipeline_sim.rules.codes import Purpose

RULES = PACKAGE / "rules"
TOLD = PACKAGE / "engines" / "reference"  # the engine that is written to be read
NOT_DECISIONS = ("__init__", "codes", "random_numbers", "rulebook", "event_order")
DRAWING = (RULES, TOLD, PACKAGE / "study")
GROUP, FIELD = re.compile(r"    # (.+)"), re.compile(r"    (\w+): [^#]*?(?:  # (.+))?")


def rules() -> Table:
    """Every rule that the engines ask, by module, with what it decides."""
    asked = "\n".join(path.read_text(encoding="utf-8") for path in _modules(TOLD))
    rows = []
    for path in _modules(RULES):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.stem in NOT_DECISIONS:
            continue
        rows.append((f"**rules/{path.name}**", first_line(ast.get_docstring(tree))))
        rows += [(f"`{name}`", says) for name, says in _functions(tree) if re.search(rf"\b{name}\(", asked)]
    return Table(("rule", "what it decides"), rows)


def discipline(file: str, name: str) -> str:
    """The docstring of a function or method of a file; for no name that of the file, after its first line."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    if not name:
        return prose(ast.get_docstring(tree))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)
    return ast.get_docstring(next(found)) or ""


def drawn_in(purpose: Purpose) -> list[str]:
    """Modules that draw luck for a purpose, as `rules/recruitment`."""
    name = re.compile(rf"\bPurpose\.{purpose.name}\b")
    found = (path for folder in DRAWING for path in _modules(folder) if name.search(path.read_text(encoding="utf-8")))
    return [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in found]


def modules_naming(file: str) -> list[str]:
    """Modules of rules, world and studies that name a file, or ask a world for it without its ending."""
    name = re.compile(rf'\b{re.escape(file)}\b|\(world, "{re.escape(Path(file).stem)}"\)')
    folders = (RULES, PACKAGE / "study", PACKAGE / "world")
    found = (path for folder in folders for path in _modules(folder) if name.search(path.read_text(encoding="utf-8")))
    return [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in found]


def carried() -> Table:
    """What is remembered of each doctor, under the headings of the source."""
    text = (TOLD / "doctor.py").read_text(encoding="utf-8")
    body = text[text.index("class Doctor") : text.index("    def ", text.index("class Doctor"))]
    groups: dict[str, list[str]] = {"identity": []}
    heading = "identity"
    for line in body.splitlines():
        if group := GROUP.fullmatch(line):
            heading = group[1]
            groups[heading] = []
        elif held := FIELD.fullmatch(line):
            groups[heading].append(f"`{held[1]}` ({held[2]})" if held[2] else f"`{held[1]}`")
    return Table(("about", "attributes"), [(about, ", ".join(names)) for about, names in groups.items()])


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _functions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, first_line(ast.get_docstring(node))
