"""Schema of a manifest that issued identifiers, as verify and explain read it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline_sim.records.files.manifest_seal import read_sealed
from pipeline_sim.records.records_error import RecordsError


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, defer_build=True)


class ItemEntry(_Entry):
    """Item: its places, and the SHA-256 of the content of each. No places: every file of the result."""

    kind: str
    name: str
    title: str
    places: list[tuple[str, str]]


class ComputingEntry(_Entry):
    """Computing time in seconds, workers, and whether finished replications were reused."""

    seconds: float
    workers: int
    reused: bool


class AssumptionsEntry(_Entry):
    """Assumptions: parameters by grade; names of those drawn, and of those with a range that were fixed."""

    by_grade: dict[str, int]
    drawn_grade: str = ""
    drawn: list[str] = []
    together: list[str] = []  # of the posterior sample
    held: list[str] = []


class LabelledWorld(_Entry):
    """World of a study: name and label."""

    name: str
    label: str


class StudyEntry(_Entry):
    """Study: its question and settings."""

    question: str = ""  # a sensitivity analysis has none
    baseline: str
    seed: int
    parameters: str
    repeat_every: int
    worlds: list[LabelledWorld]


class WorldEntry(_Entry):
    """World as it was run."""

    name: str
    mix: str | None = None
    without: list[str] = []
    scale: float
    replications: int | None = None


class Manifest(_Entry):
    """Manifest of a result; what only some commands write may be missing."""

    result: str
    command: str
    created: str
    files: dict[str, str]
    inputs: dict[str, str]
    items: dict[str, ItemEntry]
    rules_digest: str
    program_digest: str
    git_revision: str | None
    python: str
    platform: str
    processor: str
    cores: int
    packages: dict[str, str]
    engine: str = ""
    seed: int | None = None
    replications: int | None = None
    study: StudyEntry | None = None
    made_in: ComputingEntry | None = None
    assumptions: AssumptionsEntry | None = None
    worlds: dict[str, WorldEntry] = {}

    def places(self, identifier: str) -> dict[str, str]:
        """Places of an item, and the SHA-256 of each."""
        return dict(self.items[identifier].places) or self.files


def load_manifest(path: Path) -> Manifest:
    """Manifest whose seal fits; RecordsError for any other."""
    content = read_sealed(path)
    try:
        return Manifest.model_validate(content)
    except ValidationError as problem:
        where = ".".join(map(str, problem.errors()[0]["loc"]))
        raise RecordsError(f"{path} is not the manifest of a result: {where} is missing or wrong") from None
