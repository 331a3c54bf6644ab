"""The commands that write files, each run in forks of one warm process, and what they leave behind."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from fuzz.forked_command import forked, load_program

from reliability.trials import CONFIGS, Workspace

TINY, OWN = str(CONFIGS / "tiny.toml"), CONFIGS / "own"
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", TINY, "--scale", "0.1", "--out", "out/run"),
    "compare": ("compare", ".", "--workers", "1", "--out", "out/compare"),
    "batch": ("batch", ".", "--replications", "3", "--workers", "1", "--store", "out/store"),
    "sensitivity": ("sensitivity", ".", "--only", "returning", "--trajectories", "2", "--out", "out/moves"),
    "warmup": ("warmup", TINY, "--years", "8", "--replications", "2", "--scale", "0.1", "--out", "out/warmup"),
    "mixes": ("mixes", "new", "out/mix.toml", "simulation=10m"),
    "evidence": ("evidence", "add", str(OWN / "example_records.csv"), "--role", "test", "--to", "out/records"),
    "elicit": ("elicit", str(OWN / "example_panel.toml"), "--out", "out/layer.toml"),
    "describe": ("describe", TINY, "--format", "stress-des"),
}
NEW = ("mixes", "evidence")  # refuse to write where something is


def new_home() -> Path:
    """Folder with a small study and an empty folder `out`."""
    folder = Path(tempfile.mkdtemp(prefix="pipeline_sim.")) / "home"
    workspace = Workspace(2)  # removes its folder when it is forgotten
    shutil.copytree(workspace.folder, folder)
    (folder / "out").mkdir()
    return folder


def used_home() -> Path:
    """Folder in which every command has been run, but those that write only where nothing is."""
    load_program()
    folder = new_home()
    for name in COMMANDS.keys() - set(NEW):
        said = forked(folder, *COMMANDS[name], seconds=600)
        assert said.returncode == 0, (name, said.stderr)
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file below a folder, but for stores, in which half of a run may be kept."""
    files = (path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
