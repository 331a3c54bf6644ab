"""Files that ship with the program: beside the package in a clone, within it where a wheel was installed.

Their paths are kept as in a clone (`configs/england.toml`), so that a result says the same wherever it was made.
"""

from pathlib import Path

from pipeline_sim.base.package import PACKAGE

INSTALLED = PACKAGE / "shipped"  # where setup.py puts them in a wheel
SHIPPED = INSTALLED if INSTALLED.is_dir() else PACKAGE.parent


def kept_path(path: Path) -> Path:
    """Path to keep in a result: from the working folder, or else from the folder of what ships, if it is in one."""
    folder = next((each for each in (Path.cwd(), SHIPPED) if path.is_relative_to(each)), None)
    return path if folder is None else path.relative_to(folder)


def found_path(kept: str | Path) -> Path:
    """File or folder of a path that was kept: in the working folder, or else among what ships."""
    return Path(kept) if Path(kept).exists() else SHIPPED / kept
