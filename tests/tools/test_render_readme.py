"""Numbers on the pages are those of a result, and the pages name only what there is."""

import json
import re
from pathlib import Path

import pytest
from support import ROOT
from support.example_answers import full

from pipeline_sim.cli.app import COMMANDS, load_command
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.files.result_files import file_digest
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.provenance.lookup import MANIFEST_SUFFIX, find_result
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.files.write_answer import write_answer
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.study.fit.targets import ROLES
from tools.render_readme import (
    CONTEXT,
    GAINED,
    MET,
    PICTURE,
    PICTURES,
    PRICED,
    VALIDATION,
    between_marks,
    difference,
    filled,
    finding_block,
    main,
)

SHOWN = {
    "finding": "README.md",
    "best": "README.md",
    "record": "docs/validation.md",
}  # the page that shows each kind of result
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in SHOWN.values()}
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "results/README.md", "configs/README.md")
DOCUMENTS = (*PAGES, *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
MARKS = "before\n<!-- {0}:begin -->\nold\n<!-- {0}:end -->\nafter\n"
RECORD = """\
id,quantity,population,period,unit,passes,model,record,passes_from,passes_to,grade,role
a,Fill,England,2020,%,False,90,99,98,100,A,test
b,Doctors,England,2021,doctors,True,52000,55000,51000,59000,A,test
c,ARCP outcome 3,core,2018/19,% of outcomes,,12,6.5,,,C,test
d,ARCP outcome 2,core,2018/19,% of outcomes,True,6,6.5,4,10,B,fit
"""
FORETOLD = """\
id,series,role,covers,crps,no_change,trend
a,a,test,True,0.4,1.0,0.2
b,a,test,False,0.6,0.5,
c,c,fit,False,0.3,,
"""
COMPARISON = """\
world,world_label,indicator,indicator_label,unit,level_mean,level_low,level_high,difference_mean,difference_low,difference_high,difference_error
plain,Plain,{0},What it is,doctors,1000,900,1100,,,,
calm,Calm,{0},What it is,doctors,400,300,500,-600,-700,-500,9
money,Money,{0},What it is,doctors,900,800,1000,-100,-150,-50,9
paid,Paid,{0},What it is,doctors,1000,900,1100,0,0,0,0
"""
PRICES = """\
world,indicator,amount_mean,amount_low,amount_high,can_tell
paid,spent_gbp,25000000,,,True
paid,{0},,,,False
paid,{1},,,,False
money,spent_gbp,24000000,,,True
money,{0},240000,160000,480000,True
money,{1},50000,,,False
""".format(*PRICED)
FINDING = {
    "finding_txt": "Question?\n\nMoney avoids 100.\n\nWithout COVID it avoids 90.\n\nThe list is long.\n",
    "by_year_csv": "year\n2018\n2026\n",
    "prices_csv": PRICES,
    "chances_csv": "world,event,probability,verdict\nmoney,gains something,1.0,very likely\npaid,gains "
    "something,0.0,very likely\n",
    "best_csv": "world,probability,verdict\nmoney,0.7,not settled by these draws\npaid,0.3,unlikely\n",
}


def result(folder: Path, **files: str) -> Path:
    """A result folder with a manifest of one world or a study."""
    worlds = {"England": {"layers": ["a.toml"], "scale": 0.05, "replications": 2}}
    mixes = {"plain": None, "calm": None, "money": "m.toml", "paid": "p.toml"}
    told = [{"name": name, "label": name.capitalize(), "mix": mix} for name, mix in mixes.items()]
    study = {
        "name": "money", "baseline": "plain", "scale": 0.1, "replications": 3, "seed": 7,
        "worlds": told, "headline": "extensions",
    }  # fmt: skip
    manifest = {"files": {}, "seed": 7, "replications": 2, "worlds": worlds, "study": study}
    for name, text in {"manifest_json": json.dumps(manifest), **files}.items():
        (folder / name.replace("_csv", ".csv").replace("_json", ".json").replace("_txt", ".txt")).write_text(text)
    return folder


def test_the_record_is_counted_and_what_fails_is_named(tmp_path: Path) -> None:
    text = filled(MARKS.format("record"), result(tmp_path, targets_csv=RECORD, hindcast_csv=FORETOLD))
    assert "Scale 0.1, 3 replications, seed 7." in text
    assert "| figures met, by role | all | grade A | grade B |" in text
    assert f"| {ROLES['test']} | 1 of 2 | 1 of 2 | - |" in text
    assert f"| {ROLES['fit']} | 1 of 1 | - | 1 of 1 |" in text
    assert "90 % ranges cover 33 % of 3 later figures (1 of 2 of those held out)" in text
    assert "1 of 1 series are forecast better than by a no-change baseline, 0 of 1 than by the trend" in text
    assert "| Fill, %: England, 2020 | 90 | 99 | 98 to 100 | A |" in text
    assert "ARCP outcome 3" not in text
    assert "\nold\n" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def compared() -> str:
    """Every indicator that the README shows, in every world."""
    head, *rows = COMPARISON.splitlines(keepends=True)
    shown = dict.fromkeys([*CONTEXT, *(name for name, _ in GAINED)])
    return head + "".join("".join(rows).format(name) for name in shown)


def test_the_finding_is_said_with_what_covid_did_and_the_mixes_in_order(tmp_path: Path) -> None:
    text = finding_block(result(tmp_path, comparison_csv=compared(), **FINDING))
    assert text.startswith(
        "> - Money avoids 100.\n> - Without COVID it avoids 90.\n\nScale 0.1, 2 replications, seed 7. A first look: "
        "`compare experiments/money --full` takes all of England. Means with 95 % credible intervals; "
    )
    assert "| 2018/19 to 2026/27 | Plain | Calm: difference |" in text
    assert text.count("| What it is, doctors | 1,000 | -600 (-700 to -500) |") == len(CONTEXT)
    *_, first, second = text.splitlines()
    assert first == (
        "| Money | 100 (50 to 150) | 100 (50 to 150) | -100 (-150 to -50) | 100 % | 70 % ? | 24.0 "
        "| £240,000 (£160,000 to £480,000) | no clear gain |"
    )
    assert second == "| Paid | none | none | none | 0 % | 30 % | 25.0 | no gain | no gain |"


def test_the_readme_gets_the_finding_and_the_picture(tmp_path: Path) -> None:
    folder = result(tmp_path, comparison_csv=compared(), **FINDING)
    (folder / PICTURE).parent.mkdir()
    (folder / PICTURE).write_bytes(b"drawn")
    (tmp_path / PICTURES).mkdir(parents=True)
    readme = tmp_path / "README.md"
    readme.write_text(MARKS.format("finding"))
    main([str(folder)], tmp_path)
    assert "> - Money avoids 100.\n" in readme.read_text()
    assert "\nold\n" not in readme.read_text()
    assert (tmp_path / PICTURES / "money.png").read_bytes() == b"drawn"


def test_what_to_buy_is_the_best_found_beside_the_mixes_of_the_study(tmp_path: Path) -> None:
    row = "{0},{1},24000000,{2},50,150,9,0,0,0,0,1,x\n"
    names = ("found_1", "Best found", 390), ("found_2", "Found 2", 380), ("as_spent", "As spent", 30)
    head = "mix,label,spent_gbp,gain_mean,gain_low,gain_high,gain_error,a,b,c,d,e,verdict\n"
    shown = head + "".join(row.format(*each) for each in names)
    folder = result(tmp_path, shown_csv=shown, finding_txt="Buy it.\n\nIt avoids.\n\nSelected.\n\nAhead.\n\nMore.\n")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["study"]["decision"] = {"objective": "extensions_avoided"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    text = filled(MARKS.format("best"), folder)
    assert "> - Buy it.\n> - It avoids.\n> - Selected.\n> - Ahead.\n\n" in text
    assert "scale 0.1, 3 replications that the search has not seen" in text
    assert "| on fresh draws, 0.1 of England | extensions avoided | spent, £m |" in text
    assert "| Best found | 390 (50 to 150) | 24.0 |\n| As spent | 30 (50 to 150) | 24.0 |" in text
    assert "Found 2" not in text
    assert "Identifiers" not in text
    items = {"F1": {"kind": FIGURE, "name": "frontier"}, "D1": {"kind": TABLE_FILE, "name": "shown"}}
    manifest["study"] |= {"full": {"scale": 1.0}, "scale": 1.0}
    manifest |= {"items": items, "git_revision": "0123456789abcdef"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    text = filled(MARKS.format("best"), folder)
    assert "`optimise experiments/money --full`: scale 1, 3 replications" in text
    assert "Identifiers: figure `F1`, numbers `D1`, made at revision `01234567`." in text
    assert "| on fresh draws, all of England |" in text


def test_the_page_on_validation_gets_the_record_and_the_picture(tmp_path: Path) -> None:
    folder = result(tmp_path, targets_csv=RECORD, hindcast_csv=FORETOLD)
    (folder / MET).parent.mkdir()
    (folder / MET).write_bytes(b"drawn")
    (tmp_path / PICTURES).mkdir(parents=True)
    (tmp_path / VALIDATION).parent.mkdir()
    (tmp_path / VALIDATION).write_text(MARKS.format("record"))
    main([str(folder)], tmp_path)
    assert f"| {ROLES['test']} | 1 of 2 |" in (tmp_path / VALIDATION).read_text()
    assert (tmp_path / PICTURES / "targets.png").read_bytes() == b"drawn"


def test_a_result_as_it_is_written_can_be_put_into_the_readme(tmp_path: Path) -> None:
    write_answer(tmp_path, full(), {}, [])
    held = {"study": full().study.model_dump(mode="json"), "replications": 6, "worlds": {}, "files": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(held))
    text = finding_block(tmp_path)
    said = " ".join(line.removeprefix("> - ") for line in text.splitlines() if line.startswith("> - "))
    assert said == " ".join([*headline(full()), further(full())[0]])
    assert "6 replications, seed 1." in text
    assert text.splitlines()[-1].startswith("| Just pay | none | none | none | 0 % | 0 % ? | 25.0 |")


def test_a_difference_that_is_not_clear_is_marked() -> None:
    row = {"difference_mean": -1.0, "difference_low": -30.0, "difference_high": 28.0, "difference_error": 1.0}
    assert difference(row) == "-1 (-30 to +28), no clear difference"
    assert difference(dict.fromkeys(row, 0.0)) == "no change"


def test_a_text_without_marks_and_a_folder_without_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="each once"):
        between_marks("<!-- record:end --><!-- record:begin -->", "record", "")
    with pytest.raises(RecordsError, match="holds neither"):
        filled("", tmp_path)


# ---- the pages themselves --------------------------------------------------------------------------------------------


def test_what_it_shows_can_be_verified() -> None:
    shown = {text for page in TEXTS.values() for text in re.findall(r"`([FTD][0-9]+-\w{4}-\w{4})`", page)}
    assert len(shown) > 3
    for text in shown:
        _, found = find_result(text, ROOT / PICTURES)
        picture = found.manifest.items[text].kind == FIGURE
        name = found.path.name.removesuffix(MANIFEST_SUFFIX)
        digests = [digest for place, digest in found.manifest.places(text).items() if place.endswith(".png")]
        assert not picture or [file_digest(ROOT / PICTURES / f"{name}.png")] == digests


def test_marks_are_there() -> None:
    for mark, page in SHOWN.items():
        assert f"new\n<!-- {mark}:end -->" in between_marks(TEXTS[page], mark, "new")


@pytest.mark.parametrize("page", DOCUMENTS)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def commands_in(text: str) -> list[tuple[str, list[str]]]:
    """Commands of the program that a page shows, each with the options on the same line."""
    found = re.findall(r"pipeline-sim ([a-z]\w*)([^`\n]*)", text)
    return [(command, re.findall(r"(?<!\S)--[\w-]+", rest)) for command, rest in found]


def test_the_page_of_commands_has_all_of_them() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert {command for command, _ in commands_in(text)} == set(COMMANDS)


@pytest.mark.parametrize("page", DOCUMENTS)
def test_commands_options_and_engines_are_those_there_are(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for command, options in commands_in(text):
        assert command in COMMANDS
        known = {name for parameter in load_command(command).params for name in parameter.opts}
        assert set(options) <= known, command
    assert set(re.findall(r"--engine (\w+)", text)) <= set(ENGINES)
