"""Pictures: upright, modest, cut when long, and never silently absent."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from complaints.blocks import Block, Document, Figure, Heading, Paragraph, Span
from complaints.pdf import Made, PdfReport, Substitute, render_pdf
from complaints.pdf.pictures import COLUMN, LEGIBLE, ROOM, Unprintable, plan, prepare, without_metadata
from complaints.pdf.sheet import BODY_WIDTH

ORIENTATION = 0x0112


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def render(folder: Path, *figures: Block) -> tuple[Path, PdfReport]:
    path = folder / "out.pdf"
    document = Document("图", "zh", "2025-06-30", "页脚", figures)
    return path, render_pdf(document, path, lambda sha256: folder / sha256)


def drawn(path: Path) -> list[pikepdf.PdfImage]:
    with pikepdf.open(path) as pdf:
        return [
            (int(image.Width), int(image.Height), image.read_raw_bytes())
            for page in pdf.pages
            for image in page.Resources.get("/XObject", {}).values()
            if image.Subtype == "/Image"
        ]


@pytest.mark.parametrize("size", [(1080, 2340), (4000, 3000), (100, 80), (2000, 50)])
def test_ordinary_pictures_have_room_on_a_page(size: tuple[int, int]) -> None:
    width = plan(*size)
    assert width <= BODY_WIDTH
    assert width * size[1] / size[0] <= ROOM + 0.01


def test_long_screenshots_are_as_wide_as_a_column() -> None:
    assert plan(1080, 20000) == COLUMN > LEGIBLE


def test_a_ribbon_is_refused(tmp_path: Path) -> None:
    Image.new("1", (100, 90000)).save(tmp_path / "a.png")
    with pytest.raises(Unprintable, match="too_large"):
        prepare(tmp_path / "a.png", "x")


def test_a_modest_jpeg_passes_untouched_without_its_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "MakerOfThePhone"
    noise(300, 200).save(tmp_path / "a.jpg", exif=exif, comment=b"at home")
    path, _ = render(tmp_path, Figure("a.jpg", "图"))
    ((width, height, data),) = drawn(path)
    original = (tmp_path / "a.jpg").read_bytes()
    assert (width, height) == (300, 200)
    assert data[-20000:] == original[-20000:]
    assert b"MakerOfThePhone" not in data
    assert b"at home" not in data
    assert Image.open(io.BytesIO(data)).tobytes() == Image.open(tmp_path / "a.jpg").tobytes()


def test_metadata_of_a_cut_header_is_damage() -> None:
    with pytest.raises(Unprintable, match="damaged"):
        without_metadata(b"\xff\xd8\xff\xe1\x00\x10abc")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_turned_pictures_stand_upright(tmp_path: Path, name: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    Image.new("RGB", (400, 200), "white").save(tmp_path / name, exif=exif)
    picture = prepare(tmp_path / name, "x")
    assert (picture.width, picture.height) == (200, 400)
    assert Image.open(picture.jpeg.jpeg_fh()).size == (200, 400)


def test_an_impossible_orientation_is_ignored(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 77
    Image.new("RGB", (400, 200)).save(tmp_path / "a.jpg", exif=exif)
    assert prepare(tmp_path / "a.jpg", "x").width == 400


def test_heic_is_read(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(noise(320, 240)).save(tmp_path / "a.heic")
    assert (prepare(tmp_path / "a.heic", "x").width, prepare(tmp_path / "a.heic", "x").height) == (320, 240)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_a_jpeg(tmp_path: Path, mode: str) -> None:
    name = "a.jpg" if mode == "CMYK" else "a.png"
    Image.new(mode, (60, 40)).save(tmp_path / name)
    jpeg = Image.open(prepare(tmp_path / name, "x").jpeg.jpeg_fh())
    assert jpeg.mode in ("L", "RGB")


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert Image.open(prepare(tmp_path / "a.png", "x").jpeg.jpeg_fh()).getpixel((5, 5)) == (255, 255, 255)


def test_large_pictures_are_made_smaller(tmp_path: Path) -> None:
    noise(2400, 1800).save(tmp_path / "a.jpg")
    path, _ = render(tmp_path, Figure("a.jpg", "图"))
    assert drawn(path)[0][0] < 1200


def test_the_same_picture_twice_is_stored_once(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "a.png")
    path, _ = render(tmp_path, Figure("a.png", "图一"), Figure("a.png", "图二"))
    with pikepdf.open(path) as pdf:
        images = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
    assert len(images) == 1


def placed(path: Path) -> list[list[tuple[float, float, float, float]]]:
    """The clip rectangles in which each page shows pictures."""
    with pikepdf.open(path) as pdf:
        found = []
        for page in pdf.pages:
            rects, last = [], (0.0, 0.0, 0.0, 0.0)
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "re":
                    x, y, w, h = (float(v) for v in operands)
                    last = (x, y, w, h)
                elif str(operator) in ("W", "W*"):
                    rects.append(last)
            found.append(rects)
        return found


@pytest.mark.parametrize("height", [2600, 5000, 12000])
def test_long_pictures_stand_in_two_strips_and_lose_no_row(tmp_path: Path, height: int) -> None:
    Image.new("RGB", (540, height), "white").save(tmp_path / "long.png")
    path, report = render(tmp_path, Figure("long.png", "长图", "f1", ((10.0, 2000.0, 500.0, 2100.0),)))
    found = placed(path)
    strips = [strip for page in found for strip in page]
    assert report.pages == len(found)
    assert all(len(page) == 2 for page in found)
    assert {round(w, 2) for _x, _y, w, _h in strips} == {round(COLUMN, 2)}
    overlapping = sum(h for _x, _y, _w, h in strips) - height * COLUMN / 540
    assert overlapping == pytest.approx(26 * (len(strips) - 1), abs=2)
    assert report.anchors == {"f1": 1}
    assert len(drawn(path)) == report.pages  # one stored picture, named on each page


def test_two_screenshots_share_a_row(tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        Image.new("RGB", (1080, 2340), "white" if name == "a.png" else "black").save(tmp_path / name)
    path, report = render(tmp_path, *(Figure(f"{n}.png", f"图{n}", n) for n in "abc"))
    assert [len(page) for page in placed(path)] == [2, 1]
    assert report.anchors == {"a": 1, "b": 1, "c": 2}


@pytest.mark.parametrize("lines", range(4, 40, 5))
def test_a_heading_stays_with_its_picture_and_leaves_no_empty_page(tmp_path: Path, lines: int) -> None:
    Image.new("RGB", (1080, 2340), "white").save(tmp_path / "a.png")
    filler = [Paragraph((Span("行"),), "plain")] * lines
    note = Paragraph((Span("说明"),), "small")
    path, report = render(tmp_path, *filler, Heading(3, (Span("证据"),), "e"), note, note, Figure("a.png", "图", "f"))
    assert report.anchors["e"] == report.anchors["f"]
    if report.pages == 2:
        assert lines * 21 > 711 * 0.4
    assert all(w >= LEGIBLE - 0.1 for page in placed(path) for _x, _y, w, _h in page)


def test_boxes_are_drawn_where_they_lie(tmp_path: Path) -> None:
    Image.new("RGB", (400, 400), "white").save(tmp_path / "a.png")
    path, _ = render(tmp_path, Figure("a.png", "", None, ((100.0, 100.0, 300.0, 200.0),)))
    with pikepdf.open(path) as pdf:
        rects = [
            [float(v) for v in operands]
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "re"
        ]
    frame = max(rects, key=lambda r: r[3])
    scale = frame[2] / 400
    box = rects[-1]
    assert box[0] == pytest.approx(frame[0] + 100 * scale - 1, abs=0.1)
    assert box[1] == pytest.approx(frame[1] + 200 * scale - 1, abs=0.1)
    assert box[2:] == pytest.approx([200 * scale + 2, 100 * scale + 2], abs=0.1)


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    Image.new("RGB", (600, 900), "white").save(tmp_path / "ok.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "ok.png").read_bytes()[:200])
    noise(300, 300).save(tmp_path / "full.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "full.jpg").read_bytes()[:9000])
    (tmp_path / "text.png").write_bytes(b"no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    Image.new("1", (20000, 20000)).save(tmp_path / "bomb.png")
    names = {
        "cut.png": "图片文件已损坏或不完整",
        "cut.jpg": "图片文件已损坏或不完整",
        "text.png": "无法识别的图片格式",
        "empty.png": "无法识别的图片格式",
        "bomb.png": "图片像素过大",
        "absent.png": "图片文件不存在或无法打开",
    }
    path, report = render(tmp_path, *(Figure(name, f"图 {name}", name) for name in (*names, "ok.png")))
    assert report.substitutes == tuple(Substitute(name, reason) for name, reason in names.items())
    assert set(report.anchors) == {*names, "ok.png"}
    assert len(drawn(path)) == 1


def test_pictures_are_prepared_once_for_several_renderings(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "a.png")
    document = Document("图", "zh", "2025-06-30", "页脚", (Figure("a.png", "图"), Figure("absent", "无")))
    asked: list[str] = []

    def assets(sha256: str) -> Path:
        asked.append(sha256)
        return tmp_path / sha256

    made: Made = {}
    first = render_pdf(document, tmp_path / "1.pdf", assets, made=made)
    second = render_pdf(document, tmp_path / "2.pdf", assets, made=made)
    assert sorted(asked) == ["a.png", "absent"]
    assert first == second
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()


def test_same_bytes_from_other_paths(tmp_path: Path) -> None:
    results = []
    for folder in (tmp_path / "one", tmp_path / "another place"):
        folder.mkdir()
        noise(700, 500).save(folder / "a.png")
        blocks = (
            Heading(1, (Span("题😡"),)),
            Paragraph((Span("正文", bold=True, href="#f"),)),
            Figure("a.png", "图", "f"),
        )
        document = Document("图", "zh", "2025-06-30", "页脚", blocks)
        render_pdf(document, folder / "x.pdf", lambda sha256, folder=folder: folder / sha256)
        results.append((folder / "x.pdf").read_bytes())
    assert results[0] == results[1]
    assert str(tmp_path).encode() not in results[0]
