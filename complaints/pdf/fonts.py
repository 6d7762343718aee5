"""The fonts of the PDF: the packaged Chinese font first, and no character drawn as nothing.

reportlab draws a character that a font lacks as a blank, silently. So every text is divided by coverage here,
and what no font has becomes a visible ``[U+XXXX NAME]``. The packaged font is WenQuanYi Micro Hei (Apache-2.0
or GPL-3 with font exception), checked by its SHA-256, so that the same document has the same bytes everywhere.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from evidence.errors import MissingPart
from evidence.i18n import gettext as _

PACKAGE = "paperang_p2_fonts_cjk"
FONT_FILE = "wqy-microhei.ttc"
FONT_SHA256 = "2420e8078af796b19a3f6ef13de527a1a91c1e7171eea115926c614ced1009b3"
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)
# Fonts with TrueType outlines (reportlab embeds no other), the ones that hold both Chinese and Latin first.
SYSTEM_FONTS = (
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "simhei.ttf",
    "Arial Unicode.ttf",
    "STHeiti Light.ttc",
    "Songti.ttc",
    "uming.ttc",
    "ukai.ttc",
    "LXGWWenKai-Regular.ttf",
    "DroidSansFallbackFull.ttf",
    "simsunb.ttf",
    "HanaMinA.ttf",
    "Symbola_hint.ttf",
    "Symbola.ttf",
    "seguisym.ttf",
    "DejaVuSans.ttf",
)
NEEDED = "催收投诉证据清单第页共，。A1"
# Joiners and variation selectors have no shape of their own; they stay in the copied text of their emoji.
SILENT = frozenset("\ufe0e\ufe0f\u200d\u200b\ufeff\u2060")
_NEWLINES = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\v": "\n", "\f": "\n", "\t": " "})


def _to_unicode(font_name: str | bytes, codes: list[int]) -> str:
    """A ToUnicode map in UTF-16: reportlab's own writes code points above U+FFFF with five digits."""
    name = font_name if isinstance(font_name, str) else font_name.decode("latin-1")
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    items = list(enumerate(codes))
    for i in range(0, len(items), 100):
        part = items[i : i + 100]
        lines.append(f"{len(part)} beginbfchar")
        lines += [f"<{code:02X}> <{(chr(v) if v else '�').encode('utf-16-be').hex().upper()}>" for code, v in part]
        lines.append("endbfchar")
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


ttfonts.makeToUnicodeCMap = _to_unicode
rl_config.useA85 = 0
rl_config.invariant = 1


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font registered with reportlab; ``advances`` maps code points to widths in thousandths of an em."""

    name: str
    advances: Mapping[int, float]

    def width(self, char: str) -> float:
        """Advance of ``char`` for a size of 1 point."""
        return self.advances.get(ord(char), 1000) / 1000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text in one face. ``code`` when it stands for a character; ``actual`` is then what a reader copies."""

    text: str
    face: Face
    actual: str | None = None
    code: bool = False


class FontSet:
    """The chain of faces of one document, and the characters that none of them has."""

    def __init__(self, chain: tuple[Face, ...], mono: Face, warnings: tuple[str, ...] = ()) -> None:
        self.chain = chain
        self.mono = mono
        self.warnings = warnings
        self.missing: set[str] = set()
        self._widths: dict[bool, dict[str, float]] = {False: {}, True: {}}
        self._faces: dict[bool, dict[str, Face | None]] = {False: {}, True: {}}

    def _find(self, char: str, mono: bool) -> Face | None:
        if unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co") and char != "\n":
            return None
        chain = (self.mono, *self.chain) if mono else self.chain
        code = ord(char)
        return next((face for face in chain if char == "\n" or code in face.advances), None)

    def width(self, text: str, mono: bool) -> float:
        """The width of ``text`` for a size of 1 point, codes for missing characters included."""
        known = self._widths[mono]
        for char in set(text).difference(known):
            known[char] = sum(part.face.width(c) for part in self.stretches(char, mono=mono) for c in part.text)
        return sum(known[char] for char in text)

    def stretches(self, text: str, *, mono: bool = False) -> Iterator[Stretch]:
        """``text`` by face. Direction overrides and other invisible controls stand as codes, also when copied:
        hidden, they could turn the meaning of a quotation round."""
        faces = self._faces[mono]
        current: Face | None = None
        held: list[str] = []
        code: Stretch | None = None
        for char in text.replace("\r\n", "\n").translate(_NEWLINES):
            if char in SILENT:
                if code is not None and code.actual is not None:
                    code = replace(code, actual=code.actual + char)
                continue
            if code is not None:
                yield code
                code = None
            face = faces[char] if char in faces else faces.setdefault(char, self._find(char, mono))
            if held and face is not current and current is not None:
                yield Stretch("".join(held), current)
                held = []
            if face is None:
                code = self._code(char, mono)
            else:
                held.append(char)
            current = face
        if code is not None:
            yield code
        elif held and current is not None:
            yield Stretch("".join(held), current)

    def _code(self, char: str, mono: bool) -> Stretch:
        self.missing.add(char)
        hidden = unicodedata.category(char) in ("Cf", "Cc", "Cs")
        shown = f"[U+{ord(char):04X} {unicodedata.name(char, '?')}]"
        return Stretch(shown, self.mono if mono else self.chain[0], None if hidden else char, True)


def packaged_font() -> Path | None:
    """The font file of the pinned package, or None when the package is not installed. Its code is not run."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / "fonts" / FONT_FILE
        if path.is_file():
            return path
    return None


def _mend_widths(face: Any) -> None:
    """reportlab takes the shared width at the end of ``hmtx`` in thousandths of an em, not in the font's own unit.

    Glyphs there (all of a monospaced face's) would be embedded with wrong widths, which PDF/A forbids.
    """
    full = int.from_bytes(face.get_table("hhea")[34:36], "big")
    shared = face.hmetrics[full - 1][0]
    face.hmetrics[full:] = [(shared, bearing) for _width, bearing in face.hmetrics[full:]]


@functools.cache
def _register(path: Path, index: int, digest: str) -> Face:
    name = f"dunlog-{digest[:12]}-{index}"
    font = ttfonts.TTFont(name, str(path), subfontIndex=index)
    _mend_widths(font.face)
    pdfmetrics.registerFont(font)
    widths = {code: float(width) for code, width in font.face.charWidths.items() if code in font.face.charToGlyph}
    return Face(name, widths)


@functools.cache
def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def system_fonts(folders: Iterable[str] = FONT_FOLDERS) -> Iterator[Path]:
    """Known font files of this machine, best first."""
    found: dict[str, Path] = {}
    for folder in folders:
        root = Path(folder).expanduser()
        if root.is_dir():
            for path in sorted(root.rglob("*.tt[cf]")):
                found.setdefault(path.name.lower(), path)
    for name in SYSTEM_FONTS:
        if name.lower() in found:
            yield found[name.lower()]


def _system_faces(warnings: list[str]) -> list[Face]:
    faces = []
    for path in system_fonts():
        try:
            faces.append(_register(path, 0, _digest(path)))
        except (ttfonts.TTFError, OSError) as error:
            warnings.append(_("The font {name} cannot be used: {error}").format(name=path.name, error=error))
    return faces


def load_fonts(*, system: bool = False) -> FontSet:
    """The fonts for one document; ``system`` adds this machine's fonts for characters the packaged one lacks.

    Without the packaged font, or with other bytes under its name, a system font that has Chinese stands in,
    with a warning. Raises MissingPart when there is none: a page without its text is never made.
    """
    warnings: list[str] = []
    path = packaged_font()
    if path is not None and _digest(path) == FONT_SHA256:
        main, mono = _register(path, 0, FONT_SHA256), _register(path, 1, FONT_SHA256)
        return FontSet((main, *(_system_faces(warnings) if system else ())), mono, tuple(warnings))
    why = (
        _("the package {name} is not installed").format(name=PACKAGE)
        if path is None
        else _("the file {name} is not the expected one").format(name=FONT_FILE)
    )
    faces = [f for f in _system_faces(warnings) if all(ord(c) in f.advances for c in NEEDED)]
    if not faces:
        raise MissingPart(
            _("There is no Chinese font for the PDF: {why}, and no system font has Chinese.").format(why=why),
            hint=_("Install it again: pip install paperang-p2-fonts-cjk==0.1.0"),
        )
    text = _("The packaged font is missing ({why}); a font of this system is used, so the file's bytes differ.")
    others = [f for f in _system_faces([]) if f not in faces]
    return FontSet((*faces, *others), faces[0], (text.format(why=why), *warnings))
