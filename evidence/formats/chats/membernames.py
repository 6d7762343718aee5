"""Names of members of an archive: decoded, cleaned, made different. Shown and compared, never used as paths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_LADDER = ("utf-8", "gb18030")
LONGEST = 300
"""Characters of a name that are shown; a longer one keeps its beginning, its ending and a mark."""
_DRIVE = re.compile(r"\A[A-Za-z]:")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def decode_names(names: Sequence[bytes]) -> tuple[list[str], str]:
    """All names in one encoding: UTF-8 when all are, else GB18030 when all are (Chinese Windows writes no mark), else
    each alone, with code page 437 as the last. Returns the encoding, or ``mixed``."""
    for encoding in _LADDER:
        try:
            return [name.decode(encoding) for name in names], encoding
        except UnicodeDecodeError:
            continue
    return [_alone(name) for name in names], "mixed"


def _alone(name: bytes) -> str:
    for encoding in _LADDER:
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


def clean_path(raw: str) -> tuple[str, bool]:
    """(path with ``/`` between parts that lead nowhere but down, whether anything had to be left out).

    Drives, leading slashes, ``.`` and ``..`` go; control and direction characters become U+FFFD."""
    text = _DRIVE.sub("", raw.replace("\\", "/"))
    parts = [part for part in text.split("/") if part not in ("", ".", "..")]
    shown = "/".join(parts) or "_"
    clean = "".join("\ufffd" if unicodedata.category(c) in _HIDDEN else c for c in shown)
    odd = clean != raw.replace("\\", "/").removeprefix("./").rstrip("/")
    if len(clean) > LONGEST:
        clean, odd = clean[: LONGEST - 40] + "…" + clean[-39:], True
    return clean.replace("!", "%21"), odd


def make_different(paths: Iterable[str]) -> list[str]:
    """The same paths, a repeated one with `` #2``, `` #3`` … behind it."""
    seen: dict[str, int] = {}
    used: set[str] = set()
    out = []
    for path in paths:
        n = seen.get(path, 0) + 1
        candidate = path if n == 1 else f"{path} #{n}"
        while candidate in used:
            n += 1
            candidate = f"{path} #{n}"
        seen[path] = n
        used.add(candidate)
        out.append(candidate)
    return out
