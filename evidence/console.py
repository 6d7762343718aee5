"""What goes to the terminal: plain text free of control characters, JSON values, progress on stderr."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def safe(text: object) -> str:
    """Text that cannot move the cursor, hide words or reverse them: control and direction characters are shown
    as their code."""
    out = []
    for c in str(text):
        if c in "\n\t" or not _is_hidden(c):
            out.append(c)
        elif c not in "\u200d\u200b\ufeff":  # harmless, and part of many emoji
            out.append(f"[U+{ord(c):04X}]")
    return "".join(out)


def _is_hidden(c: str) -> bool:
    if " " <= c <= "~" or "\u3000" <= c <= "\ud7ff":
        return False
    return unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or ord(c) & 0xFFFE == 0xFFFE


def one_line(text: object, width: int = 60) -> str:
    """:func:`safe`, folded to one line of at most ``width`` characters."""
    folded = " ".join(safe(text).split())
    return folded if len(folded) <= width else folded[: width - 1] + "…"


def say(text: object = "") -> None:
    """A line on stdout."""
    print(safe(text))


def warn(text: object) -> None:
    """A line on stderr."""
    print(safe(text), file=sys.stderr)


def emit_json(value: Any) -> None:
    """One JSON value on stdout: all of it or, when it cannot be written as JSON, nothing."""
    sys.stdout.write(_json(value, indent=1) + "\n")


def emit_nl(values: Iterable[Any]) -> None:
    """One JSON value per line on stdout."""
    for value in values:
        sys.stdout.write(_json(value) + "\n")


def _json(value: Any, indent: int | None = None) -> str:
    """A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def use_utf8() -> None:
    """Chinese on consoles whose own encoding cannot hold it (old Windows code pages)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def progress(items: Iterable[T], total: int | None, words: str) -> Iterator[T]:
    """``items`` behind a progress bar on stderr when that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, total=total, desc=words, file=sys.stderr, leave=False)


class Meter:
    """A bar for work that reports as it goes: call it with (what, amount)."""

    def __init__(self, words: str, unit: str = "B") -> None:
        self._bar: Any = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(desc=words, unit=unit, unit_scale=True, file=sys.stderr, leave=False)

    def __call__(self, what: str, amount: int) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(one_line(what, 30), refresh=False)
            self._bar.update(amount)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
