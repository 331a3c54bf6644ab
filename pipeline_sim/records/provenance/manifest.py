"""What a manifest that issued identifiers says, in the shape in which verify and explain read it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline_sim.records.provenance.manifest_seal import unsealed
from pipeline_sim.records.records_error import RecordsError


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Entry(_Said):
    """An item: where it stands, and the SHA-256 of what stands there. No places: every file of the result."""

    kind: str
    name: str
    title: str
    places: list[tuple[str, str]]


class MadeIn(_Said):
    """How long computing took, and whether replications finished before were used."""

    seconds: float
    workers: int
    reused: bool


class Assumed(_Said):
    """Figures by grade; names of those drawn, and of those with a range that were held."""

    by_grade: dict[str, int]
    drawn_grade: str = ""
    drawn: list[str] = []
    together: list[str] = []  # of the plausible set
    held: list[str] = []


class Labelled(_Said):
    """A world of a study."""

    name: str
    label: str


class StudySaid(_Said):
    """The study that was asked."""

    question: str
    baseline: str
    seed: int
    parameters: str
    lucks: int
    worlds: list[Labelled]


class WorldSaid(_Said):
    """A world as it was run."""

    name: str
    mix: str | None = None
    without: list[str] = []
    scale: float
    replications: int | None = None


class Manifest(_Said):
    """A result. What only some commands say may be missing."""

    result: str
    command: str
    created: str
    files: dict[str, str]
    inputs: dict[str, str]
    items: dict[str, Entry]
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
    study: StudySaid | None = None
    made_in: MadeIn | None = None
    assumptions: Assumed | None = None
    worlds: dict[str, WorldSaid] = {}

    def places(self, identifier: str) -> dict[str, str]:
        """Where an item stands, and the SHA-256 of it."""
        return dict(self.items[identifier].places) or self.files


def read_sealed(path: Path) -> Manifest:
    """A manifest whose seal fits; RecordsError for any other."""
    content = unsealed(path)
    try:
        return Manifest.model_validate(content)
    except ValidationError as problem:
        where = ".".join(map(str, problem.errors()[0]["loc"]))
        raise RecordsError(f"{path} is not the manifest of a result: {where} is missing or wrong") from None
