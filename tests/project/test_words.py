"""Texts for readers use the standard terms of statistics, health economics and the civil service.

A table of phrases that are not used, each with its standard term, is applied to documents and templates, to the
docstrings of the whole package, and to string constants of the modules whose texts readers see.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "pipeline_sim"
TEMPLATES = PACKAGE / "report" / "templates"
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "configs/README.md",
    "results/README.md",
    "experiments/*/*.md",
)
DISPLAYED = ("app", "report", "cli", "records", "world", "study", "bench")  # whose string constants readers may see
STANDARD = {
    r"lucks?|lucky": "random numbers, replication or chance variation",
    r"(can(no|')?t|can|cannot|may) (yet )?(be told|tell)": "no clear difference, inconclusive",
    r"told": "named, given, described; distinguished",
    r"tells?( \w+)? from": "distinguish from",
    r"tells?( the( same)?)? story": "simulation engine",
    r"owed to": "due to",
    r"(put|puts) up to (England|the whole)": "scaled up to England",
    r"interval( of [\w ]+)? holds? (zero|nothing)": "the interval includes zero",
    r"(below|than) nothing": "negative; than zero",
    r"doubts?|doubted": "uncertain parameters, uncertainty",
    r"beliefs?|believes?": "own parameter values, parameter uncertainty",
    r"wears? down": "reduce random error",
    r"out of pocket": "net cost",
    r"what it does not hold": "limitations",
    r"stands? in the order": "are ranked by",
    r"the worth of": "the value of",
    r"CCTs? (are|is) gained|gains? a CCT": "CCTs are awarded",
    r"offers? of a post let go": "declined offers",
    r"means? of the censuses": "yearly average",
    r"part of what is spent": "share of spending",
    r"none gained": "no gain",
    r"more pictures": "other charts",
    r"(how )?to do it again": "how to reproduce this",
    r"(made|make|makes) (it )?again": "reproduced",
    r"indicators of the organisation": "workforce indicators",
    r"foretold|foretells?": "forecast",
    r"than by no change": "than by a no-change baseline",
    r"kept to test": "held out for testing",
    r"doctor's road|road of (a|one) doctor": "career path",
    r"by the clock": "elapsed time",
    r"made-up": "simulated",
    r"hangs? (most )?on": "depends on",
    r"rests? on": "depends on, is based on, is used by",
    r"at rest": "without shocks, in steady state",
    r"nought": "zero",
    r"lived|lives? through": "simulated, followed through",
    r"at (first|second) hand": "from a primary source, from a secondary source",
    r"whence": "the source",
    r"who (asks|watches)": "the caller, the observer",
    r"made ready": "prepared",
    r"what came of it": "the result",
    r"held (against|as stated)": "compared with; fixed at its stated value",
    r"laid from": "made of",
    r"pulled out": "redeployed",
    r"lies(?! (within|in|between|below|above))": "is, is stored",
}
ALLOWED = {  # beginning of a place and phrase: the reason
    ("docs/stress-des.md", "gains a cct"): "note of a figure in the configuration, which is part of its digest",
}
BANNED = [(re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE), standard) for phrase, standard in STANDARD.items()]
NOT_PROSE = re.compile(r"```.*?```|`[^`\n]*`|\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->|\]\([^)]*\)", re.DOTALL)
Text = tuple[str, str]  # place, text


class Offence(NamedTuple):
    """Phrase that is not used, where it is, and its standard term."""

    place: str
    phrase: str
    standard: str
    text: str


def offences(place: str, text: str) -> Iterator[Offence]:
    """Phrases of a text that are not used; code is left out."""
    line = " ".join(NOT_PROSE.sub(" ", text).split())
    for banned, standard in BANNED:
        for match in banned.finditer(line):
            phrase = match[0].lower()
            if not any(place.startswith(start) and allowed == phrase for start, allowed in ALLOWED):
                yield Offence(place, phrase, standard, line[max(0, match.start() - 40) : match.end() + 40])


def docstrings(place: str, source: str) -> Iterator[Text]:
    """Docstrings of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield f"{place}:{getattr(node, 'lineno', 1)}", ast.get_docstring(node) or ""


def constants(place: str, source: str) -> Iterator[Text]:
    """String constants of a module, literal parts of f-strings included; docstrings and single words left out."""
    tree = ast.parse(source)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in statements:
            continue
        if " " in node.value.strip():
            yield f"{place}:{node.lineno}", node.value


def documents(place: str, source: str) -> Iterator[Text]:
    """Paragraphs of a document, each with the number of its first line."""
    number = 1
    for paragraph in source.split("\n\n"):
        yield f"{place}:{number}", paragraph
        number += paragraph.count("\n") + 2


KINDS: tuple[tuple[str, Callable[[str, str], Iterator[Text]], list[Path]], ...] = (
    ("documents", documents, [path for pattern in DOCUMENTS for path in sorted(PROJECT.glob(pattern))]),
    ("templates", documents, sorted(TEMPLATES.rglob("*.j2"))),
    ("docstrings", docstrings, sorted(PACKAGE.rglob("*.py"))),
    ("constants", constants, [path for room in DISPLAYED for path in sorted((PACKAGE / room).rglob("*.py"))]),
)


@pytest.mark.parametrize(("read", "files"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS])
def test_texts_use_the_standard_terms(read: Callable[[str, str], Iterator[Text]], files: list[Path]) -> None:
    assert files
    texts = [text for path in files for text in read(str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8"))]
    found = [offence for place, text in texts for offence in offences(place, text)]
    report = [f"{place}: “{phrase}” ({text}); standard: {standard}" for place, phrase, standard, text in found]
    assert not report, "\n".join(report)


@pytest.mark.parametrize(
    ("source", "phrases"),
    [
        ('"""Extensions owed to COVID."""', ["owed to"]),
        ('said = f"Of {count} mixes {other} cannot be told apart, by luck."', ["luck", "cannot be told", "told"]),
        ("Counts are put up\nto England.\n\nThe file `luck` is `owed to` code; Luckily.\n", ["put up to england"]),
    ],
)
def test_a_planted_sentence_is_found(source: str, phrases: list[str]) -> None:
    readers = (docstrings, constants) if '"' in source else (documents,)
    texts = [text for read in readers for text in read("planted", source)]
    assert sorted(offence.phrase for place, text in texts for offence in offences(place, text)) == sorted(phrases)


def test_every_exception_is_still_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    exceptions = dict(ALLOWED)
    monkeypatch.setattr(f"{__name__}.ALLOWED", {})
    for start, phrase in exceptions:
        texts = [
            text
            for _, read, files in KINDS
            for path in files
            if str(path.relative_to(PROJECT)).startswith(start)
            for text in read(str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8"))
        ]
        assert phrase in {offence.phrase for place, text in texts for offence in offences(place, text)}
