"""The report is one page that loads nothing, can be read out, and shows names as they stand."""

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import matplotlib.figure
import pytest
from support.example_answers import Told, full, made, renamed

from pipeline_sim import __version__
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.files.html_page import HOMES, PICTURES, SECTIONS, figures_by_section, page
from pipeline_sim.report.sections.mix_ranking import gains_table
from pipeline_sim.report.style import BASELINE, CONTEXT, LETTERS, LINES, contrast, ink
from pipeline_sim.report.text.headline import headline
from pipeline_sim.report.tidy_tables import tidy_tables
from pipeline_sim.study.comparison.study_file import Size, is_first_look
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.random_effects import Draws

ODD = "A < B & \"C\" 'D' <script>alert(1)</script> 日本"
FILES = {"brief.html", *(f"{each.name}.csv" for each in tidy_tables(full()))}
LOADED = ("src", "srcset", "data", "poster", "background", "action", "formaction")


class Reader(HTMLParser):
    """Tags in order, each with its attributes and, of tables, what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


@cache
def drawn() -> Picture:
    return Picture("mixes", "Which & why?", "This <one>.", 'A dot, "A".', matplotlib.figure.Figure((1, 1)))


@cache
def text() -> str:
    answer = renamed(full(), mix=ODD)
    return page(answer, [(drawn(), b"<svg/>"), (drawn()._replace(name="other"), b"<svg/>")], {"command": "a < b"})


@cache
def read() -> Reader:
    return Reader(text())


def test_the_page_loads_nothing() -> None:
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in read().tags}
    for _, attributes in read().tags:
        assert all((attributes[name] or "").startswith("data:") for name in LOADED if name in attributes)
        assert not [name for name in attributes if name.startswith("on")]
    style = text()[text().index("<style>") : text().index("</style>")]
    assert "@import" not in style
    assert "url(" not in style


def test_it_says_its_language_and_title() -> None:
    assert read().all("html") == [{"lang": "en-GB"}]
    assert len(read().all("title")) == 1
    assert {"charset": "utf-8"} in read().all("meta")


def test_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in read().tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_their_heads_a_scope() -> None:
    tags = [tag for tag, _ in read().tags]
    places = [place for place, tag in enumerate(tags) if tag == "table"]
    assert places
    assert all(tags[place + 1] == "caption" for place in places)
    assert {each.get("scope") for each in read().all("th")} <= {"col", "row", "rowgroup"}


def test_every_row_has_as_many_cells_as_the_head() -> None:
    for table in re.findall(r"<table.*?</table>", text(), re.S):
        heads = len(re.findall('<th scope="col"', table))
        for row in re.findall("<tr>(.*?)</tr>", table, re.S):
            assert len(re.findall("<t[hd][ >]", row)) == heads, row


def test_pictures_can_be_read_out() -> None:
    assert len(read().all("img")) == 2
    assert all(each["alt"] for each in read().all("img"))


def test_ids_are_unique_and_every_way_leads_somewhere() -> None:
    ids = [attributes["id"] for _, attributes in read().tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for each in read().all("a"):
        assert (each["href"] or "")[1:] in ids or each["href"] in FILES
    named = [attributes[name] for _, attributes in read().tags for name in attributes if name == "aria-labelledby"]
    assert set(named) <= set(ids)


def test_the_first_way_skips_to_the_answer() -> None:
    assert read().all("a")[0] == {"class": "skip", "href": "#answer"}


def test_names_stand_as_they_are() -> None:
    assert "<script" not in text()
    assert "A &lt; B &amp; &#34;C&#34;" in text()
    assert "日本" in text()
    assert "This &lt;one&gt;." in text()
    assert "<code>a &lt; b</code>" in text()


def test_letters_and_lines_stand_out_from_white() -> None:
    """Contrast of Web Content Accessibility Guidelines 2.2, AA: 4.5 for letters (on the tint as well), 3 for lines."""
    named = dict(re.findall(r"--(\w+): (#\w{6})", text()))
    tint = contrast(named["tint"])
    assert all(contrast(named[each]) / tint >= LETTERS for each in ("ink", "quiet", "link"))
    assert all(contrast(each.colour) >= 3 for each in (*LINES, BASELINE, CONTEXT))
    assert all(contrast(ink(each.colour)) >= LETTERS for each in (*LINES, BASELINE, CONTEXT))


def test_nothing_is_wider_than_a_telephone_but_what_scrolls_by_keyboard() -> None:
    style = text()[text().index("<style>") : text().index("</style>")]
    assert not re.findall(r"[^-]width: \d+(?:px|pt|mm|cm|in)", style)
    inside = re.findall(r'<div class="scroll" role="region" aria-label\w*="[^"]+" tabindex="0">\s*<(table|img)', text())
    assert len(inside) == len(read().all("table")) + len(read().all("img"))


def test_size_date_version_and_contact_stand_beside_the_answer() -> None:
    whole = Size(scale=1.0, replications=400)
    study = full().study.model_copy(update={"full": whole, "contact": "Ann <ann@example.org>"})
    quick, asked = (
        page(full()._replace(study=each), [], {"created": "2026-11-29T20"}) for each in (study, full().study)
    )
    top = quick[quick.index('id="answer"') : quick.index("</section>")]
    assert "This is a first look. From 6 replications" in top
    assert "The full size is all of England, 400 replications (option --full)." in top
    assert f"pipeline_sim {__version__}, 2026-11-29. Contact: Ann &lt;ann@example.org&gt;." in top
    assert "first look" not in asked
    assert "Contact: none is named in the study file." in asked
    done = study.model_copy(update={"scale": 1.0, "replications": 400})
    assert not is_first_look(done)


def test_the_glossary_names_the_interval_of_the_answer() -> None:
    stated = page(full()._replace(sampling=Draws.one(6)), [], {})
    assert "<dt>Credible interval</dt>" in text()
    assert "credible interval" not in stated.lower()
    assert "<dt>Monte Carlo interval of the mean</dt>" in stated


def test_the_same_answer_gives_the_same_page() -> None:
    again = page(
        renamed(full(), mix=ODD),
        [(drawn(), b"<svg/>"), (drawn()._replace(name="other"), b"<svg/>")],
        {"command": "a < b"},
    )
    assert again == text()


def test_the_answer_stands_on_top() -> None:
    plain = page(full(), [], {})
    top = plain[plain.index('id="answer"') : plain.index("</section>")]
    assert all(sentence in top for sentence in headline(full()))


def test_figures_stand_in_their_section_and_the_others_at_the_end() -> None:
    sections = [make(full()).name for make in SECTIONS]
    assert set(HOMES.values()) <= set(sections)
    placed = figures_by_section([(drawn(), b""), (drawn()._replace(name="other"), b"")], sections)
    assert [each.name for each in placed["ranking"]] == ["mixes"]
    assert [each.name for each in placed[PICTURES]] == ["other"]


def test_no_clear_difference_is_marked_beside_the_number() -> None:
    table = gains_table(made({"A": Told(Estimate(120.0, -80.0, 320.0))}))
    assert table.rows[0].cells[0] == ("120", "−80 to 320", "no clear difference")


def test_what_was_bought_stands_in_the_page() -> None:
    assert "months of extension</td>" in text()
    assert '<th scope="row">Midlands</th>' in text()
    assert ">no gain</td>" in text()


@pytest.mark.parametrize("replications", [1, 2])
def test_few_draws_make_a_page(replications: int) -> None:
    assert "</html>" in page(full(replications), [], {})
