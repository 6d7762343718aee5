"""The words that chat programs write into their exports themselves, from ``evidence/words/NAME.tsv``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("words")


@cache
def chat_words(program: str) -> Mapping[str, tuple[str, ...]]:
    """From what they mean to the words, in lower case and file order.

    A line of the file is meaning, tab, words; one with ``#`` is a note. Blanks
    around words count (`` added `` is not ``added``).
    """
    out: dict[str, list[str]] = {}
    for line in (_FOLDER / f"{program}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            meaning, _tab, words = line.partition("\t")
            out.setdefault(meaning, []).append(words)
    return {meaning: tuple(words) for meaning, words in out.items()}
