"""The demo's whole way, twice: in another folder, in another language, with another number of workers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from complaints.demo.run import MARKER, run_demo
from evidence import i18n
from evidence.errors import UsageError
from evidence.log import open_case
from evidence.timeline import load_view
from evidence.verify import verify_case

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    """The name of an engine that worker processes find too."""
    import os

    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = f"{HERE}{os.pathsep}{before}"
    sys.path.insert(0, str(HERE))
    yield "no_words_engine:NoWords"
    sys.path.remove(str(HERE))
    os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def demo(engine: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    i18n.activate("en")
    return run_demo(tmp_path_factory.mktemp("one") / "demo", jobs=1, engine=engine)


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_finished_dossiers(demo: dict[str, Any]) -> None:
    assert demo["verify"]["ok"]
    assert [one["recipient"] for one in demo["dossiers"]] == ["nfra_complaint", "consumer_association"]
    for one in demo["dossiers"]:
        assert {Path(name).suffix for name in one["files"]} >= {".pdf", ".docx", ".html"}
        assert one["pages"] > 20
        assert one["exhibits"] > 10


def test_the_same_bytes_elsewhere_in_another_language(demo: dict[str, Any], engine: str, tmp_path: Path) -> None:
    i18n.activate("zh")
    again = run_demo(tmp_path / "other place", jobs=2, engine=engine)
    assert again["verify"]["head"] == demo["verify"]["head"]
    assert hashes(Path(again["folder"]) / "dossiers") == hashes(Path(demo["folder"]) / "dossiers")


def test_every_statement_leads_back_to_a_hashed_source(demo: dict[str, Any]) -> None:
    with open_case(Path(demo["case"]), "test", write=False) as case:
        view = load_view(case)
        assert verify_case(case).ok
    known = {source.sha256 for source in view.sources}
    assert {record.source for record in view.records if record.locator.split()[0] != "note"} <= known


def test_originals_along_with_a_dossier_have_the_listed_hashes(demo: dict[str, Any]) -> None:
    folder = Path(demo["folder"]) / "dossiers" / "nfra_complaint" / "原件"
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(lines) >= 4
    for line in lines:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        run_demo(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / MARKER).exists()


def test_commands_on_the_demo_case(demo: dict[str, Any]) -> None:
    def dunlog(*words: str) -> Any:
        ran = subprocess.run(
            [sys.executable, "-m", "complaints", "--case", demo["case"], *words, "--json"],
            capture_output=True, text=True, check=True, cwd=HERE.parent.parent,
        )  # fmt: skip
        return json.loads(ran.stdout)

    found = dunlog("findings")
    assert {row["status"] for row in found} >= {"confirmed", "dismissed"}
    assert all(row["basis"] or row["effect"] == "undetermined" for row in found)
    rows = dunlog("timeline", "--kind", "call")
    assert any(row["same_as"] for row in rows)
    assert dunlog("verify")["ok"]
