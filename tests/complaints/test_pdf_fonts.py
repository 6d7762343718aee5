"""Fonts: the packaged one, its replacement, and no blank text."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfbase import ttfonts

from complaints.blocks import Document, Paragraph, Span
from complaints.pdf import fonts, render_pdf
from evidence.errors import ExitCode, MissingPart

TEXT = Document("题", "zh", "2025-06-30", "页脚", (Paragraph((Span("催收投诉"),)),))


def no_assets(sha256: str) -> Path:
    raise KeyError(sha256)


def packaged() -> Path:
    path = fonts.packaged_font()
    assert path is not None
    return path


@pytest.fixture
def other_font(tmp_path: Path) -> Path:
    folder = tmp_path / "fonts" / "truetype"
    folder.mkdir(parents=True)
    shutil.copy(packaged(), folder / "wqy-microhei.ttc")
    return folder.parent


def use_folders(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    find = fonts.system_fonts

    def found() -> Iterator[Path]:
        return find([str(folder) for folder in folders])

    monkeypatch.setattr(fonts, "system_fonts", found)


def test_the_packaged_font_is_the_expected_one() -> None:
    loaded = fonts.load_fonts()
    assert loaded.warnings == ()
    assert len(loaded.chain) == 1
    assert all(ord(c) in loaded.chain[0].advances for c in fonts.NEEDED + "赟翀臺灣￥¥“”…—")


def test_system_fonts_are_used_only_when_asked(monkeypatch: pytest.MonkeyPatch, other_font: Path) -> None:
    use_folders(monkeypatch, other_font)
    assert len(fonts.load_fonts().chain) == 1
    assert len(fonts.load_fonts(system=True).chain) == 2


def test_without_the_package_a_system_font_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other_font: Path
) -> None:
    monkeypatch.setattr(fonts, "packaged_font", lambda: None)
    use_folders(monkeypatch, other_font)
    report = render_pdf(TEXT, tmp_path / "x.pdf", no_assets)
    assert len(report.warnings) == 1
    assert (tmp_path / "x.pdf").stat().st_size > 5000


def test_other_bytes_under_the_name_are_not_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other_font: Path
) -> None:
    (tmp_path / "changed.ttc").write_bytes(packaged().read_bytes() + b"x")
    monkeypatch.setattr(fonts, "packaged_font", lambda: tmp_path / "changed.ttc")
    use_folders(monkeypatch, other_font)
    assert len(fonts.load_fonts().warnings) == 1


@pytest.mark.parametrize("content", [None, b"not a font"])
def test_without_any_font_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    monkeypatch.setattr(fonts, "packaged_font", lambda: None)
    if content is not None:
        (tmp_path / "simhei.ttf").write_bytes(content)
    use_folders(monkeypatch, tmp_path)
    with pytest.raises(MissingPart) as caught:
        render_pdf(TEXT, tmp_path / "x.pdf", no_assets)
    assert caught.value.exit_code == ExitCode.MISSING_PART
    assert "paperang" in caught.value.hint
    assert not (tmp_path / "x.pdf").exists()


def test_stretches_keep_order_and_show_codes() -> None:
    loaded = fonts.load_fonts()
    found = [(s.text, s.actual) for s in loaded.stretches("甲❤️乙\u200d\u202e😡")]
    assert found == [
        ("甲", None),
        ("[U+2764 HEAVY BLACK HEART]", "❤️"),
        ("乙", None),
        ("[U+202E RIGHT-TO-LEFT OVERRIDE]", None),
        ("[U+1F621 POUTING FACE]", "😡"),
    ]
    assert loaded.missing == {"❤", "\u202e", "😡"}


def test_the_unicode_map_writes_astral_characters_as_pairs() -> None:
    table = ttfonts.makeToUnicodeCMap("F", [0, ord("甲"), 0x20BB7])
    assert re.findall(r"<0[12]> <(\w+)>", table) == ["7532", "D842DFB7"]
