"""How it was done, what it does not hold, and how to do it again."""

from collections.abc import Mapping
from typing import Any

from pipeline_sim.report.page_model import Section, runs
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer

WORDS = (
    ("Extension", "Time added to a doctor's training by an ARCP panel: outcome 3, or outcome 10.2 because of COVID."),
    ("Months of training recovered", "Months less of extensions given and of hidden backlog left at the end."),
    (
        "Hidden backlog",
        "Training that doctors lack and have carried past their review, in months, counted each August.",
    ),
    ("CCT on time", "A certificate of completion of training gained without an extension in that programme."),
    ("Draw", "One set of beliefs about the figures in doubt, each within its stated range."),
    ("Replication", "One run of all doctors, with luck of its own that is the same in every world."),
    ("95 % interval", "If all were run again many times, about 19 in 20 such intervals would hold the mean."),
)


def section(answer: Answer) -> Section:
    """Method and caveats in plain English."""
    study = answer.study
    first, last = year_name(answer.years[0]), year_name(answer.years[-1])
    base = answer.label(study.baseline)
    says = [
        f"Every doctor in postgraduate training in England is followed from {first} to {last}: takes up a post, "
        "learns, sits exams, goes on leave, is reviewed by an ARCP panel, and goes on, is extended, waits or leaves. "
        f"The same doctors with the same luck live through every world, so what differs from “{base}” is owed to the "
        "world and not to chance.",
        f"It rests on {runs(answer)}. {_size(study.scale)} {_stopped(answer)}",
        _holds(answer),
        "The intervals do not hold everything. They do not hold doubt about the shape of the model, about figures held "
        "as stated, or about anything that nobody thought of. Levels are less certain than differences.",
        "No published source measures what any of these interventions does to ARCP outcomes. Every effect is assumed "
        "within a stated range (grade C). The ranking is a ranking of those assumptions, carried through with care.",
        "The model does not meet every published figure. “Model against record” in the README of the project lists "
        "which it meets and which it misses; among the misses are some outcomes by stage and year.",
        "Pounds are those of the year in which they fall, unless a figure is said to be discounted.",
    ]
    return Section("method", "How it was done, and what it does not hold", says)


def _size(scale: float) -> str:
    if scale >= 1:
        return "All of England was simulated."
    return f"A model of England at {scale:.3g} of its size was simulated, and counts were put up to England."


def _stopped(answer: Answer) -> str:
    study = answer.study
    if study.precision is None:
        return "The number was fixed beforehand."
    rule = f"a rule fixed beforehand: until every mix's headline interval was within {study.precision:g} either way"
    if answer.replications < study.replications:
        return f"It stopped by {rule}. Intervals after such a rule hold the mean in about 94 of 100 studies, not in 95."
    return f"It was to stop by {rule}; it ran to its limit of {study.replications:,} first."


def _holds(answer: Answer) -> str:
    if answer.replications == 1:
        return "There is one replication, so there are no intervals and nothing can be told from luck."
    if answer.study.parameters == "sampled":
        fitted = " Figures that were fitted to records are taken together, from a set of values that fit."
        return (
            "The 95 % intervals hold chance, and doubt about the figures of grade C, which every draw takes from its "
            "own place within their stated ranges, except those held as stated."
        ) + (fitted if answer.study.plausible else "")
    return "The 95 % intervals hold chance only. Every figure was taken as stated, so doubt about them is not in them."


def repeat(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is needed to run it again, as far as the manifest says."""
    study = manifest.get("study", {})
    packages = ", ".join(f"{name} {version}" for name, version in sorted(manifest.get("packages", {}).items()))
    found = (
        ("Command", manifest.get("command")),
        ("Identity of the question", manifest.get("identity")),
        ("Seed", study.get("seed")),
        ("Scale", study.get("scale")),
        ("Replications run", manifest.get("replications")),
        ("Engine", manifest.get("engine")),
        ("Digest of the rules", manifest.get("rules_digest")),
        ("Digest of the program", manifest.get("program_digest")),
        ("Python", manifest.get("python")),
        ("Packages", packages),
    )
    return [(name, str(value)) for name, value in found if value not in (None, "")]
