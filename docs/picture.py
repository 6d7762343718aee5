"""Make docs/img/dossier.png from the demo's PDF: first page, a page of conduct, a page of charts, side by side.

``python docs/picture.py dunlog-demo/dossiers/nfra_complaint/消费投诉书.pdf`` needs pdftoppm and pdftotext (poppler).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

TARGET = Path(__file__).parent / "img" / "dossier.png"
DPI, COLOURS, GAP = 84, 24, 18


def page_with(pdf: Path, words: tuple[str, ...], *, after: int = 0) -> int:
    """Number of the first page after page ``after`` that holds all ``words``. Raises LookupError."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    for number, page in enumerate(text.split("\f"), 1):
        if number > after and all(word in page for word in words):
            return number
    raise LookupError(f"no page of {pdf} holds {words}")


def page_image(pdf: Path, number: int, scratch: Path) -> Image.Image:
    """One page, greyish white framed."""
    place = scratch / f"p{number}"
    words = ["pdftoppm", "-r", str(DPI), "-f", str(number), "-l", str(number), "-singlefile", "-png", str(pdf)]
    subprocess.run([*words, str(place)], check=True)
    with Image.open(place.with_suffix(".png")) as image:
        return ImageOps.expand(image.convert("RGB"), 1, "#b8b8b8")


def main() -> int:
    """Write the picture."""
    pdf = Path(sys.argv[1])
    conduct = page_with(pdf, ("四、所投诉的催收行为", "（一）"), after=2)
    charts = page_with(pdf, ("逐日未接通来电次数", "参照上限"), after=conduct)
    with tempfile.TemporaryDirectory() as scratch:
        pages = [page_image(pdf, number, Path(scratch)) for number in (1, conduct, charts)]
    width, height = sum(page.width + GAP for page in pages) - GAP, pages[0].height
    sheet = Image.new("RGB", (width, height), "white")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + GAP
    TARGET.parent.mkdir(exist_ok=True)
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(TARGET, optimize=True)
    print(f"{TARGET}: pages 1, {conduct}, {charts}; {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
