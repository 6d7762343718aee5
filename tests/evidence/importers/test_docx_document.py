"""Word documents: order of words, what a reader does not see, pictures, properties, hostile packages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from evidence.errors import Unreadable
from evidence.formats.documents.docxtext import part_text
from evidence.importers.docx_document import IMPORTER
from evidence.models import Problem, Record

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="x"><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
Run = Callable[..., tuple[Record, dict[str, Problem]]]


def package(path: Path, body: str | bytes, types: str = TYPES, **more: str | bytes) -> Path:
    data = f"<w:document {W}><w:body>{body}</w:body></w:document>" if isinstance(body, str) else body
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", data)
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.fixture
def run(read_all: Callable[..., list[Any]]) -> Run:
    def read(path: Path, **changes: Any) -> tuple[Record, dict[str, Problem]]:
        record, *rest = read_all(IMPORTER, path, **changes)
        return record, {problem.code: problem for problem in rest}

    return read


def test_as_word_writes_it(run: Run, tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("借款合同", 1)
    made.add_paragraph("甲方：云杉小贷。")
    table = made.add_table(2, 2)
    for n, text in enumerate(("期数", "金额", "1", "500.00")):
        table.cell(n // 2, n % 2).text = text
    made.add_paragraph("乙方签字")
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    made.add_picture(picture)
    made.sections[0].header.paragraphs[0].text = "机密"
    made.core_properties.author = "某某"
    made.core_properties.created = datetime(2026, 3, 10, 1, 15, tzinfo=UTC)
    made.save(str(tmp_path / "a.docx"))
    record, problems = run(tmp_path / "a.docx")
    assert record.text == "借款合同\n甲方：云杉小贷。\n期数\t金额\n1\t500.00\n乙方签字\n\n机密"
    assert [m.mime for m in record.media] == ["image/png"]
    assert (record.time.utc, record.time.basis) == ("2026-03-10T01:15:00.000Z", "metadata")
    assert record.extras["creator"] == "某某"
    header = record.extras["sections"][1]
    assert (header["part"], record.text[header["from"] : header["to"]]) == ("word/header1.xml", "机密")
    assert not problems


def test_changes_and_hidden_words_stand_apart(run: Run, tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:t>年利率</w:t></w:r><w:del w:author="甲"><w:r><w:delText>24%</w:delText></w:r></w:del>'
        '<w:ins w:author="乙"><w:r><w:t>36%</w:t></w:r></w:ins>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>"
    )
    comments = (
        f'<w:comments {W}><w:comment w:author="丙" w:date="2026-03-10T09:00:00Z">{p("不合理")}</w:comment></w:comments>'
    )
    record, problems = run(package(tmp_path / "a.docx", body, **{"word/comments.xml": comments}))
    assert record.text == "年利率36%\n\n[丙 2026-03-10T09:00:00Z] 不合理"
    assert (record.extras["deleted"], record.extras["hidden_text"], record.extras["inserted"]) == (["24%"], ["隐藏"], 1)
    assert record.extras["authors"] == ["甲", "乙", "丙"]
    assert {"tracked_changes", "hidden_text"} <= set(problems)


def test_text_boxes_once_tabs_and_breaks(run: Run, tmp_path: Path) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>"
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"
        f"<mc:AlternateContent {mc}><mc:Choice>{p('box')}</mc:Choice>"
        f"<mc:Fallback>{p('box')}</mc:Fallback></mc:AlternateContent>"
    )
    record, _problems = run(package(tmp_path / "a.docx", body))
    assert record.text == "a\tb\nc\nbox"


def test_nothing_outside_is_looked_at(run: Run, tmp_path: Path) -> None:
    rels = '<R><Relationship Target="http://t.example/x.dotm?a=1&amp;b=2" TargetMode="External"/></R>'
    field = '<w:p><w:r><w:instrText> DDEAUTO c:\\\\cmd.exe "/k calc" </w:instrText></w:r></w:p>'
    more = {"word/_rels/settings.xml.rels": rels, "word/vbaProject.bin": b"macro", "word/embeddings/x.exe": b"MZ"}
    record, problems = run(package(tmp_path / "a.docx", p("x") + field, **more))
    assert record.text == "x"
    assert record.extras["external"] == ["http://t.example/x.dotm?a=1&b=2"]
    assert record.extras["fields"][0].startswith("DDEAUTO")
    assert {m.name for m in record.media} == {"x.exe", "vbaProject.bin"}
    assert "attachment_dangerous" in problems


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">' + "".join(
            f'<!ENTITY c{n} "{"&b;" * 9 if n == 0 else f"&c{n - 1};" * 9}">' for n in range(12)
        ),
        '<!ENTITY c11 SYSTEM "file:///etc/passwd">',
        '<!ENTITY c11 SYSTEM "http://127.0.0.1:9/x">',
    ],
)  # fmt: skip
def test_entities_open_nothing(run: Run, tmp_path: Path, entities: str) -> None:
    data = f"<!DOCTYPE w [{entities}]><w:document {W}><w:body>{p('first')}{p('&c11;')}{p('last')}</w:body></w:document>"
    path = package(tmp_path / "a.docx", data.encode())
    try:
        record, _problems = run(path)
    except Unreadable:
        return
    assert len(record.text or "") < 100
    assert "root:" not in (record.text or "")


def test_a_part_that_unpacks_to_gigabytes_is_bounded(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.formats.documents.docxtext.MAX_XML", 3 << 20)
    record, problems = run(package(tmp_path / "a.docx", p("start") + p("x" * 1000) * 5000))
    assert (record.text or "").startswith("start")
    assert "docx_text_cut" in problems


def test_damage_in_a_side_part_loses_only_that(run: Run, tmp_path: Path) -> None:
    record, problems = run(
        package(tmp_path / "a.docx", p("words"), **{"word/header1.xml": f"<w:hdr {W}>{p('top')}<w:p"})
    )
    assert (record.text or "").startswith("words")
    assert problems["docx_part_damaged"].locator == "word/header1.xml"


def test_a_damaged_main_part_is_unreadable(tmp_path: Path, read_all: Any) -> None:
    with pytest.raises(Unreadable):
        read_all(IMPORTER, package(tmp_path / "a.docx", b"no xml"))


@pytest.mark.parametrize(
    ("types", "claimed"),
    [
        (TYPES, True),
        (
            TYPES.replace(
                "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
            ),
            True,
        ),
        (TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet"), False),
        (TYPES.replace("/word/document.xml", "/word/absent.xml"), False),
        ("", False),
    ],
)
def test_claims(types: str, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = package(tmp_path / "renamed.bin", p("x"), types)
    assert IMPORTER.claims(make_probe(path)) is claimed


def test_cut_packages_are_not_claimed(tmp_path: Path, make_probe: Any) -> None:
    path = package(tmp_path / "a.docx", p("x") * 50)
    path.write_bytes(path.read_bytes()[:-40])
    assert IMPORTER.claims(make_probe(path)) is False


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=15))
def test_no_bytes_break_it(tmp_path: Path, read_all: Any, make_probe: Any, edits: list[tuple[float, int]]) -> None:
    path = package(
        tmp_path / "a.docx",
        p("words") * 9,
        **{"word/media/a.png": b"\x89PNG\r\n\x1a\n" * 20, "docProps/core.xml": "<x/>"},
    )
    data = bytearray(path.read_bytes())
    for place, value in edits:
        data[int(place * len(data))] = value
    path.write_bytes(bytes(data))
    if IMPORTER.claims(make_probe(path)):
        try:
            items = read_all(IMPORTER, path)
        except Unreadable:
            return
        assert isinstance(items[0], Record)


@given(
    st.lists(
        st.sampled_from(
            [
                "<w:p>",
                "</w:p>",
                "<w:r>",
                "</w:r>",
                "<w:t>",
                "</w:t>",
                "<w:tbl>",
                "<w:tr>",
                "</w:tr>",
                "<w:tc>",
                "</w:tc>",
                "x",
                "<w:del>",
                "</w:del>",
                "&amp;",
                "<w:comment>",
            ]
        ),
        max_size=30,
    )
)
def test_words_never_raise(pieces: list[str]) -> None:
    part_text(io.BytesIO(f"<w:document {W}>{''.join(pieces)}</w:document>".encode()))
