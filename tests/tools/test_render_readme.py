"""Numbers in the README are those of a result, and the README names only what there is."""

import json
import re
from pathlib import Path

import pytest
from support.example_answers import full
from typer.main import get_command

from pipeline_sim.cli import app
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.files.result_files import file_digest
from pipeline_sim.records.provenance.identifiers import FIGURE
from pipeline_sim.records.provenance.lookup import KEPT, issuer
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.files.write_answer import write_answer
from pipeline_sim.report.text.headline import headline
from tools.render_readme import (
    CONTEXT,
    GAINED,
    PICTURE,
    PICTURES,
    PRICED,
    between_marks,
    difference,
    filled,
    finding_block,
    main,
)

pytestmark = pytest.mark.unit
PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CHANGELOG.md", "results/README.md", "configs/README.md")
MARKS = "before\n<!-- {0}:begin -->\nold\n<!-- {0}:end -->\nafter\n"
RECORD = """\
id,quantity,population,period,unit,passes,model,record,passes_from,passes_to,grade,role
a,Fill,England,2020,%,False,90,99,98,100,A,test
b,Doctors,England,2021,doctors,True,52000,55000,51000,59000,A,test
c,ARCP outcome 3,core,2018/19,% of outcomes,False,12,6.5,4,10,C,test
d,ARCP outcome 2,core,2018/19,% of outcomes,True,6,6.5,4,10,C,fit
"""
FORETOLD = """\
id,covers,skill
a,True,0.4
b,False,-0.2
c,False,
"""
COMPARISON = """\
world,world_label,indicator,indicator_label,unit,mean,low,high,difference_mean,difference_low,difference_high
plain,Plain,{0},What it is,doctors,1000,900,1100,,,
calm,Calm,{0},What it is,doctors,400,300,500,-600,-700,-500
money,Money,{0},What it is,doctors,900,800,1000,-100,-150,-50
paid,Paid,{0},What it is,doctors,1000,900,1100,0,0,0
"""
PRICES = """\
world,indicator,mean,low,high,can_tell
paid,spent_gbp,25000000,,,True
paid,{0},,,,False
paid,{1},,,,False
money,spent_gbp,24000000,,,True
money,{0},240000,160000,480000,True
money,{1},50000,,,False
""".format(*PRICED)
FINDING = {
    "finding_txt": "Question?\n\nMoney avoids 100.\n",
    "by_year_csv": "year\n2018\n2026\n",
    "prices_csv": PRICES,
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
    assert "| figures met, by role | all | grade A | grade B | grade C |" in text
    assert "| kept to test | 1 of 3 | 1 of 2 | - | 0 of 1 |" in text
    assert "| used to calibrate | 1 of 1 | - | - | 1 of 1 |" in text
    assert "lie around 33 % of 3 later figures (90 % would be right); 1 of 2 are foretold" in text
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
    assert text.startswith("> Money avoids 100.\n\nScale 0.1, 2 replications, seed 7.\n\n")
    assert "| 2018/19 to 2026/27 | Plain | Calm, less that |" in text
    assert text.count("| What it is, doctors | 1,000 | -600 (-700 to -500) |") == len(CONTEXT)
    *_, first, second = text.splitlines()
    assert first == (
        "| Money | 100 (50 to 150) | 100 (50 to 150) | -100 (-150 to -50) | 24.0 "
        "| £240,000 (£160,000 to £480,000) | cannot tell |"
    )
    assert second == "| Paid | none | none | none | 25.0 | none gained | none gained |"


def test_the_readme_gets_the_finding_and_the_picture(tmp_path: Path) -> None:
    folder = result(tmp_path, comparison_csv=compared(), **FINDING)
    (folder / PICTURE).parent.mkdir()
    (folder / PICTURE).write_bytes(b"drawn")
    (tmp_path / PICTURES).mkdir(parents=True)
    readme = tmp_path / "README.md"
    readme.write_text(MARKS.format("finding"))
    main([str(folder)], readme)
    assert "> Money avoids 100." in readme.read_text()
    assert "\nold\n" not in readme.read_text()
    assert (tmp_path / PICTURES / "money.png").read_bytes() == b"drawn"


def test_a_result_as_it_is_written_can_be_put_into_the_readme(tmp_path: Path) -> None:
    write_answer(tmp_path, full(), {}, [])
    held = {"study": full().study.model_dump(mode="json"), "replications": 6, "worlds": {}, "files": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(held))
    text = finding_block(tmp_path)
    assert text.splitlines()[0] == f"> {' '.join(headline(full()))}"
    assert "6 replications, seed 1." in text
    assert text.splitlines()[-1].startswith("| Just pay | none | none | none | 25.0 |")


def test_doubt_is_said() -> None:
    row = {"difference_mean": -1.0, "difference_low": -30.0, "difference_high": 28.0}
    assert difference(row) == "-1 (-30 to +28), cannot tell"
    assert difference(dict.fromkeys(row, 0.0)) == "no change"


def test_a_text_without_marks_and_a_folder_without_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="each once"):
        between_marks("<!-- record:end --><!-- record:begin -->", "record", "")
    with pytest.raises(RecordsError, match="holds neither"):
        filled(README, tmp_path)


# ---- the README itself ----------------------------------------------------------------------------------------------


def test_what_it_shows_can_be_verified() -> None:
    shown = set(re.findall(r"`([FTD][0-9]+-\w{4}-\w{4})`", README))
    assert shown
    for text in shown:
        _, found = issuer(text, PROJECT / PICTURES)
        picture = found.manifest.items[text].kind == FIGURE
        name = found.path.name.removesuffix(KEPT)
        digests = [digest for place, digest in found.manifest.places(text).items() if place.endswith(".png")]
        assert not picture or [file_digest(PROJECT / PICTURES / f"{name}.png")] == digests


def test_marks_are_there() -> None:
    for mark in ("record", "finding"):
        assert f"new\n<!-- {mark}:end -->" in between_marks(README, mark, "new")


@pytest.mark.parametrize("page", [*PAGES, *(f"docs/{each.name}" for each in (PROJECT / "docs").glob("*.md"))])
def test_links_lead_somewhere(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert [link for link in links if not ((PROJECT / page).parent / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "docs/rap.md", "docs/stress-des.md"])
def test_files_named_in_backticks_are_there(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:pipeline_sim|configs|tests|experiments|docs|results)/[\w./-]+)`", text)
    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_commands_and_engines_are_those_there_are() -> None:
    assert set(re.findall(r"pipeline-sim (\w+)", README)) == set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"--engine (\w+)", README)) <= set(ENGINES)
