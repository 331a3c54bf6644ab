"""Section on method and limitations; the glossary; what is needed to reproduce the run."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline_sim.records.files.shipped_files import SHIPPED
from pipeline_sim.report.page_model import Section, runs_text
from pipeline_sim.report.text.figure_clauses import CREDIBLE, interval_name
from pipeline_sim.report.text.number_format import listed, year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.schema.sourced_value import JUDGEMENT
from pipeline_sim.world.world_error import shown_path

GLOSSARY = (
    ("Mix", "A way of sharing the money out over interventions, such as courses or paid time for supervisors."),
    ("Review (ARCP)", "The yearly look of a panel at each doctor's progress, which ends in a numbered outcome."),
    ("Extension", "Time added to a doctor's training by a review panel: outcome 3, or outcome 10.2 because of COVID."),
    ("Months of training recovered", "Fewer months of extension given, and of hidden backlog left at the end."),
    (
        "Hidden backlog",
        "Training that doctors have missed and carried past their review, in months, counted each August.",
    ),
    ("CCT on time", "A certificate of completion of training awarded without an extension in that programme."),
    ("Replication", "One run of all doctors with its own random numbers, which are the same in every world."),
    ("Draw", "One set of values of the uncertain parameters, each within its stated range."),
    ("Monte Carlo error", "How far a mean would move if other draws and random numbers were taken."),
)
CREDIBLE_TERM = (
    "Credible interval",
    "Where the true value is with a probability of 95 %, if the stated ranges are right.",
)
MEAN_TERM = (
    "Monte Carlo interval of the mean",
    "Where the mean would be with any number of replications, with every parameter at its stated value.",
)


def glossary(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Terms of the report with their meaning; the interval is that of the answer."""
    return (*GLOSSARY, CREDIBLE_TERM if interval_name(answer) == CREDIBLE else MEAN_TERM)


def contact_sentence(answer: Answer) -> str:
    """Whom to ask, as the study file says."""
    return f"Contact: {answer.study.contact or 'none is named in the study file'}."


RECORD = SHIPPED / "docs" / "validation.md"
MET = re.compile(r"^\| ([a-z ]+) \| (\d+) of (\d+) \|", re.MULTILINE)


def record_sentence() -> str:
    """Sentence on how the model did against published figures, from the page of the project that records it."""
    if not RECORD.is_file():
        return "The page docs/validation.md of the project says how the model did against published figures."
    found = MET.findall(RECORD.read_text(encoding="utf-8"))
    parts = listed(f"{met} of {of} ({words})" for words, met, of in found)
    return f"Of the published figures that it was compared with, the model meets {parts} (docs/validation.md)."


def section(answer: Answer) -> Section:
    """Method and limitations."""
    study = answer.study
    first, last = year_name(answer.years[0]), year_name(answer.years[-1])
    base = answer.label(study.baseline)
    paragraphs = [
        f"Every doctor in postgraduate training in England is followed from {first} to {last}: takes up a post, "
        f"learns, sits exams, goes on leave, is reviewed by a panel ({answer.names.review}), and progresses, is "
        "extended, waits or leaves. The same doctors with the same random numbers are followed in every world, so a "
        f"difference from “{base}” is due to the world and not to chance.",
        f"The results are from {runs_text(answer)}. {_size(study.scale)} {_stopped(answer)}",
        interval_scope(answer),
        "The intervals do not include all uncertainty: not that about the structure of the model, about parameters "
        "kept at their stated values, or about effects that the model leaves out. Levels are less certain than "
        "differences.",
        "No published source measures what any of these interventions does to outcomes of reviews. Every effect is an "
        "assumption within a stated range (grade C). The ranking of mixes depends on these assumptions.",
        *_judged_by_panels(answer),
        "The model does not match every published figure. The page docs/validation.md of the project lists which it "
        "meets and which it misses; some outcomes by stage and year are among those missed.",
        "Pounds are in prices of the year in which they fall, unless stated to be discounted.",
    ]
    return Section("method", "Method and limitations", paragraphs)


def _judged_by_panels(answer: Answer) -> list[str]:
    """Sentences on the figures that a panel of experts judged, one for each panel."""
    judged: dict[str, set[str]] = {}
    for world in map(world_of, answer.specs.values()):
        for path, figure in figures(world):
            title = world.sources[figure.source].title if figure.source in world.sources else ""
            if title.startswith(JUDGEMENT):
                judged.setdefault(title, set()).add(shown_path(path))
    return [f"These ranges are the {title}: {', '.join(sorted(names))}." for title, names in judged.items()]


def _size(scale: float) -> str:
    if scale >= 1:
        return "All of England was simulated."
    return f"A model of England at {scale:.3g} of its size was simulated, and counts were scaled up to England."


def _stopped(answer: Answer) -> str:
    study = answer.study
    if study.precision is None:
        return "The number was fixed in advance."
    limit = f"{study.precision:g} either way"
    rule = f"a rule fixed in advance: until the Monte Carlo interval of every mean gain was within {limit}"
    if answer.replications < study.replications:
        return f"It stopped by {rule}. Such intervals hold the true mean in about 94 of 100 studies, not 95."
    return f"It was to stop by {rule}; it reached its limit of {study.replications:,} first."


def interval_scope(answer: Answer) -> str:
    """Sentences on what the intervals of a comparison cover."""
    if answer.replications == 1:
        return "There is one replication, so there are no intervals and no effect can be separated from chance."
    if answer.study.parameters == "sampled" and len(answer.sampling.weights) == 1:
        return "There is one draw of the uncertain figures, so the 95 % intervals are of chance variation only."
    if answer.study.parameters == "sampled":
        chance = "Chance variation is not in them, but for what is left of it in the mean."
        if not answer.sampling.replicated:
            chance = (
                "Each draw has one replication, so chance variation is still in them: they are too wide, if anything."
            )
        fitted = " Parameters of the world fitted to records are drawn together, as they meet them."
        return (
            "The 95 % credible intervals are of the uncertainty about parameters of grade C: every draw takes its "
            f"own values within their stated ranges, except for those kept at their stated values. {chance}"
        ) + (fitted if answer.study.posterior else "")
    return "The 95 % intervals are of chance variation only. Every parameter was kept at its stated value."


def reproduction_items(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values needed to reproduce the run, as far as the manifest gives them."""
    study = manifest.get("study", {})
    packages = ", ".join(f"{name} {version}" for name, version in sorted(manifest.get("packages", {}).items()))
    items = (
        ("Command", manifest.get("command")),
        ("Identifier of the question", manifest.get("identity")),
        ("Seed", study.get("seed")),
        ("Scale", study.get("scale")),
        ("Replications run", manifest.get("replications")),
        ("Engine", manifest.get("engine")),
        ("Digest of the rules", manifest.get("rules_digest")),
        ("Digest of the program", manifest.get("program_digest")),
        ("Python", manifest.get("python")),
        ("Packages", packages),
        ("Files edited since they shipped", "; ".join(manifest.get("edited", ()))),
    )
    return [(name, str(value)) for name, value in items if value not in (None, "")]
