"""The documentation site is built without a warning, asks no other host, and its reference is that of the code."""

import shutil
from pathlib import Path

import pytest
from support import ROOT

from tools import build_site


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("zensical") is None, reason="needs zensical: bash install.sh --all")
def test_the_site_is_built_without_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From copies, as the pages are staged and built in the working folder."""
    for page in build_site.pages():
        for file in (page, *build_site.linked_files(page)):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / file, tmp_path / file)
    shutil.copyfile(ROOT / "zensical.toml", tmp_path / "zensical.toml")
    monkeypatch.chdir(tmp_path)
    assert build_site.main() == 0
    assert (tmp_path / "build/site/docs/tutorial.html").is_file()
    page = tmp_path / "docs" / "limits.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[nowhere](no_such_page.md)\n", encoding="utf-8")
    assert build_site.main() == 1


def test_files_of_other_hosts_are_seen(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="https://nhs.uk"></a><script src=https://other.host/x.js></script>')
    assert build_site.remote_files(tmp_path) == ["https://other.host/x.js"]


def test_the_reference_has_every_command_key_and_column() -> None:
    options, keys = build_site.options(), build_site.keys()
    assert all(f"## {name}\n" in options for name in build_site.COMMANDS)
    assert "`--replications`" in options
    assert "`repeat_every`" in keys
    assert "`absence_limit` | figure" in keys
    assert "| `day` | days |" in build_site.columns()
    assert "extended | training was extended |" in build_site.codes()


def test_every_page_is_in_the_navigation() -> None:
    named = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    assert [page for page in build_site.pages() if f'"{page}"' not in named] == []
