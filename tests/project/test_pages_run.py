"""Commands that the pages give are those of the program; blocks of commands are run, or say why they are not."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import ROOT
from support.typed_command import run_command

from pipeline_sim.cli.app import COMMANDS, load_command
from pipeline_sim.study.study_error import StudyError

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "configs/README.md", "results/README.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(
    r"(?:<!-- not run: (?P<why>[^>]+) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)
INLINE = re.compile(r"`(pipeline-sim [^`]+)`")
PLACEHOLDER = re.compile(r"\b(NAME|FILE|FOLDER|IDENTIFIER|OUT|PANEL)\b|…|\.\.\.")
NOT_RUN = 8  # blocks of commands: installing, clusters, containers, a server; a page that needs more says why
RUN_ELSEWHERE = {  # page and language: the test that runs its blocks
    ("docs/tutorial.md", "sh"): "project/test_tutorial.py",
    ("docs/your_own_records.md", "sh"): "cli/test_own_inputs.py",
    ("docs/your_own_records.md", "text"): "cli/test_own_inputs.py",
    ("docs/servers.md", "python"): "study/execution/test_store_read_elsewhere.py",
    ("docs/servers.md", "r"): "study/execution/test_store_read_elsewhere.py",
    ("configs/README.md", "toml"): "world/test_configs_readme.py",
    ("configs/README.md", "text"): "world/test_configs_readme.py",
    ("results/README.md", "python"): "report/files/test_other_programs.py",
    ("results/README.md", "r"): "report/files/test_other_programs.py",
}
SMALL = ((r" --full", " --scale 0.005"), (r"--scale \S+", "--scale 0.005"), (r"--replications \d+", "--replications 2"))


class CodeBlock(NamedTuple):
    """Block of a page."""

    page: str
    language: str
    text: str
    why_not: str | None


def blocks() -> Iterator[CodeBlock]:
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            yield CodeBlock(name, found["language"], found["text"], found["why"])


def typed_lines() -> list[tuple[str, str]]:
    """Commands of this program in blocks and in running text, without those with a placeholder, and their pages."""
    lines = [(each.page, line) for each in blocks() if each.language == "sh" for line in each.text.splitlines()]
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        lines += [(name, line) for line in INLINE.findall(page.read_text(encoding="utf-8"))]
    return sorted(
        {(page, line) for page, line in lines if line.startswith("pipeline-sim ") and not PLACEHOLDER.search(line)}
    )


def parsed(line: str) -> Any:
    """Context of a command line, its names and options checked."""
    words = shlex.split(re.sub(r"\$\w+", "1", line), comments=True)
    return load_command(words[1]).make_context(words[1], [word for word in words[2:] if word not in (">", "|")][:99])


@pytest.mark.parametrize(("page", "line"), typed_lines())
def test_a_command_of_a_page_is_one_of_the_program(page: str, line: str) -> None:
    line = line.split(" > ", maxsplit=1)[0]
    assert line.split()[1] in COMMANDS, page
    try:
        parsed(line)
    except StudyError as problem:
        if not re.search(r"\S+\.(toml|csv)", line):  # a file that the reader has written
            pytest.fail(f"{page}: {problem}")
    except Exception as problem:
        only_named = "Missing parameter" in str(problem) or line.endswith("--out")  # as in "what `verify` does"
        if not only_named:
            pytest.fail(f"{page}: {problem}")


def test_a_mistyped_command_is_seen() -> None:
    for line in ("pipeline-sim compare recovery_25", "pipeline-sim run england --scal 1"):
        with pytest.raises(Exception, match=r"nearest|[Nn]o such option"):
            parsed(line)


def test_every_block_is_run_somewhere_or_says_why_not() -> None:
    ours = {"sh"}
    loose = [
        each for each in blocks()
        if each.language not in ("mermaid", "text") and each.why_not is None
        and each.language not in ours and (each.page, each.language) not in RUN_ELSEWHERE
    ]  # fmt: skip
    assert loose == []
    for (page, _), test in RUN_ELSEWHERE.items():
        assert Path(page).name in (ROOT / "tests" / test).read_text(encoding="utf-8")
    assert sum(each.why_not is not None for each in blocks()) == NOT_RUN


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted({each.page for each in blocks() if each.language == "sh"}))
def test_the_blocks_of_a_page_run_one_after_the_other(page: str, tmp_path: Path) -> None:
    """At a small size, in an empty folder."""
    for each in blocks():
        if each.page != page or each.language != "sh" or each.why_not or (page, "sh") in RUN_ELSEWHERE:
            continue
        for line in each.text.splitlines():
            for pattern, small in SMALL:
                line = re.sub(pattern, small, line)  # noqa: PLW2901
            words = shlex.split(line, comments=True)
            assert words[0] == "pipeline-sim", line
            said = run_command(tmp_path, *words[1:])
            assert said.returncode == 0, f"{line}: {said.stderr}"
