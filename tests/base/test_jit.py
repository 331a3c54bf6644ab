"""The compiler's door: a changed source is compiled again, and the compiled code is kept where it is told to be."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline_sim.base.compiler import jit

ASK = """
from pipeline_sim.base.compiler import jit
from pipeline_sim.base.philox import philox4x32
print(jit.rules_digest())
print(jit.cache_folder())
print(philox4x32(0, 0, 0, 0, 0, 0)[0])
"""


@pytest.fixture
def copied_tree(tmp_path):
    """The compiled folders of the package, copied to where a test may change them."""
    package = tmp_path / "pipeline_sim"
    for room in ("base", "rules", "engines/batch", "world/shocks", "bench/reduced"):
        shutil.copytree(jit.PACKAGE / room, package / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(jit.PACKAGE / "__init__.py", package)
    return tmp_path


def ask(tree: Path, cache: Path, asked: str = ASK) -> list[str]:
    """Lines printed by a fresh interpreter that imports the package of `tree`."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    env = outside | {"PIPELINE_SIM_CACHE": str(cache), "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", asked], cwd=tree, env=env, capture_output=True, text=True, check=True
    )
    return answer.stdout.splitlines()


def digest_of(tree: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Digest of a copied tree, past the answer that is remembered for the package itself."""
    monkeypatch.setattr(jit, "PACKAGE", tree / "pipeline_sim")
    return jit.rules_digest.__wrapped__()


def test_digest_changes_with_a_source(copied_tree, monkeypatch):
    digests = [digest_of(copied_tree, monkeypatch)]
    for changed in ("base/philox.py", "rules/event_order.py"):
        with (copied_tree / "pipeline_sim" / changed).open("a", encoding="utf-8") as source:
            source.write("\n# one line more\n")
        digests.append(digest_of(copied_tree, monkeypatch))
    assert len(set(digests)) == 3


def test_digest_does_not_change_with_the_place(copied_tree, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(copied_tree / "pipeline_sim", elsewhere / "pipeline_sim")
    assert digest_of(copied_tree, monkeypatch) == digest_of(elsewhere, monkeypatch)


def test_compiled_code_is_kept_in_the_folder_of_the_environment(copied_tree, tmp_path):
    kept = tmp_path / "kept"
    _, folder, word = ask(copied_tree, kept)
    assert Path(folder).parent == kept / "pipeline_sim"
    assert re.fullmatch(r"[0-9a-f]{16}-numba[\d.]+", Path(folder).name)
    assert int(word) == 0x6627E8D5
    assert list(Path(folder).rglob("*philox4x32*.nbc"))


def test_an_edited_callee_is_not_run_from_the_cache(copied_tree, tmp_path):
    """Numba alone looks only at the file of the caller and would keep the old callee."""
    callee = copied_tree / "pipeline_sim" / "rules" / "callee.py"
    caller = copied_tree / "pipeline_sim" / "rules" / "caller.py"
    door = "from pipeline_sim.base.compiler.jit import rule\n"
    callee.write_text(door + "@rule\ndef amount():\n    return 1\n", encoding="utf-8")
    caller.write_text(
        door + "from pipeline_sim.rules.callee import amount\n@rule\ndef twice():\n    return 2 * amount()\n",
        encoding="utf-8",
    )
    asked = "from pipeline_sim.rules.caller import twice\nprint(twice())\n"
    assert ask(copied_tree, tmp_path / "kept", asked) == ["2"]
    callee.write_text(callee.read_text(encoding="utf-8").replace("return 1", "return 5"), encoding="utf-8")
    assert ask(copied_tree, tmp_path / "kept", asked) == ["10"]


def test_who_fetches_a_compiled_rule_does_not_ready_the_compiler(copied_tree, tmp_path):
    """What Numba loads to compile, SciPy's linear algebra among it, takes longer than the world of a run."""
    asked = ASK + "import sys\nprint('numba.np.arraymath' in sys.modules, 'scipy.linalg' in sys.modules)\n"
    assert ask(copied_tree, tmp_path, asked)[-1].split()[0] == "True"
    assert ask(copied_tree, tmp_path, asked)[-1] == "False False"


def test_the_door_leaves_the_compilers_settings_alone():
    before = jit.config.CACHE_DIR

    @jit.rule
    def one():
        return 1

    assert one() == 1
    assert before == jit.config.CACHE_DIR
