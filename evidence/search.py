"""Full-text search over Chinese: pairs of neighbouring characters, because SQLite's own tokenizers find no
word of two characters.

Each character is indexed together with the next one; the tokenizer then drops what is neither letter nor digit. So
every run of characters is found as the phrase of its pairs, and a single one as the beginning of a pair.
"""

from __future__ import annotations

from operator import add


def tokens(text: str) -> str:
    """The words to index for ``text``."""
    return " ".join(map(add, text, text[1:] + " "))


def query(text: str) -> str | None:
    """The FTS5 expression that finds ``text``; None when it has nothing to search for (no letter, no digit)."""
    if not any(c.isalnum() for c in text):
        return None
    if len(text) == 1:
        return f'"{text}"*'
    pairs = " ".join(map(add, text, text[1:]))
    return '"' + pairs.replace('"', '""') + '"'
