"""Puts what stands beside the package into a wheel, as `pipeline_sim/shipped`; all else is in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = (
    "configs",
    "experiments",
    "docs/validation.md",
    "results/shown/bench.json",
    "results/shown/estimates.json",
    "requirements.lock",
    "pyproject.toml",
)


class WithShippedFiles(build_py):
    """Build of the package and of the files that it reads; an editable installation reads them where they are."""

    def run(self) -> None:
        super().run()
        for name in () if self.editable_mode else SHIPPED:
            source, target = Path(name), Path(self.build_lib, "pipeline_sim", "shipped", name)
            for file in source.rglob("*") if source.is_dir() else [source]:
                copy = target / file.relative_to(source)
                if file.is_file():
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    self.copy_file(str(file), str(copy))


setup(cmdclass={"build_py": WithShippedFiles})
