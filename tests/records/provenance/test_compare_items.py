"""What differs first between two makings is said, so that one can go and look."""

from pathlib import Path

import pytest
from support.issued_results import FILES, write_result

from pipeline_sim.records.files.result_files import MANIFEST
from pipeline_sim.records.provenance.compare_items import describe_first_difference, list_differences
from pipeline_sim.records.provenance.lookup import Result
from pipeline_sim.records.provenance.manifest import load_manifest


def made(folder: Path, **files: bytes) -> Result:
    """A result with other files."""
    write_result(folder, files={name.replace("_", "."): content for name, content in files.items()})
    return Result(folder / MANIFEST, load_manifest(folder / MANIFEST))


@pytest.mark.parametrize(
    ("name", "now", "says"),
    [
        ("mixes.csv", b"mix,gained\nmoney,4\nnothing,0\n", "line 2, gained is “4”, was “3”"),
        ("mixes.csv", b"mix,gained\nmoney,3\n", "line 3, mix is nothing, was “nothing”"),
        ("mixes.csv", b"mix,lost\nmoney,3\nnothing,0\n", "line 1 is “mix,lost”, was “mix,gained”"),
        ("mixes.csv", FILES["mixes.csv"].replace(b"\n", b"\r\n"), "its lines are the same but end in another way"),
        ("mixes.csv", b'mix,gained\n"money",3\nnothing,0\n', "line 2 is written in another way"),
        ("figures/mixes.svg", b"<svg>two dots</svg>\n", "line 1 is “<svg>two dots</svg>”, was “<svg>one dot</svg>”"),
        ("mixes.parquet", bytes(range(199)), "byte 200 is the first that differs (199 bytes, 200 then)"),
        ("mixes.parquet", b"x" + bytes(range(1, 200)), "byte 1 is the first that differs (200 bytes, 200 then)"),
    ],
)
def test_the_first_difference_is_said(name: str, now: bytes, says: str) -> None:
    assert describe_first_difference(name, FILES[name], now) == says


def test_only_the_item_itself_is_compared(tmp_path: Path) -> None:
    whole, figure, table, file = write_result(tmp_path / "was")
    was = made(tmp_path / "was")
    now = made(tmp_path / "now", report_html=FILES["report.html"].replace(b"Gains", b"Losses"), more_txt=b"more")
    assert (
        list_differences(figure, was, now)
        == list_differences(table, was, now)
        == list_differences(file, was, now)
        == []
    )
    page, more = list_differences(whole, was, now)
    assert page.startswith("report.html: line 1 is “<p>Losses")
    assert more == "more.txt is made now and was not then"


def test_what_is_not_made_any_more_is_said(tmp_path: Path) -> None:
    _, _, table, file = write_result(tmp_path / "was")
    was = made(tmp_path / "was")
    now = made(tmp_path / "now")
    (tmp_path / "now" / "mixes.parquet").unlink()
    (tmp_path / "now" / "report.html").write_bytes(b"<p>Nothing</p>")
    assert list_differences(file, was, now) == ["mixes.parquet is not made any more"]
    assert list_differences(table, was, now) == ["report.html#gains is not made any more"]


def test_of_a_manifest_kept_alone_only_sums_can_be_said(tmp_path: Path) -> None:
    _, figure, *_ = write_result(tmp_path / "was")
    kept = (tmp_path / "was" / MANIFEST).rename(tmp_path / "kept.manifest.json")
    now = made(tmp_path / "now", **{"figures/mixes_svg": b"<svg/>\n"})
    (said,) = list_differences(figure, Result(kept, load_manifest(kept)), now)
    assert said.startswith("figures/mixes.svg has sha256 ")
