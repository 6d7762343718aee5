"""Full-text search over Chinese: pairs of neighbouring characters, because SQLite's own tokenizers find no
word of two characters."""

from __future__ import annotations

import re
from operator import add

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[0-9A-Za-z]+")


def tokens(text: str) -> str:
    """The words to index for ``text``: Chinese runs as overlapping pairs, Latin and digits as they are."""
    out: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii() or len(run) == 1:
            out.append(run)
        else:
            out.extend(map(add, run, run[1:]))
            out.append(run[-1])
    return " ".join(out)


def query(text: str) -> str | None:
    """The FTS5 expression that finds ``text``; None when it has nothing to search for.

    A single Chinese character is found as the beginning of a pair or the last of a run.
    """
    parts = []
    for run in _RUN.findall(text):
        if run.isascii():
            parts.append(f'"{run}"')
        elif len(run) == 1:
            parts.append(f'"{run}"*')
        else:
            pairs = " ".join(map(add, run, run[1:]))
            parts.append(f'"{pairs}"')
    return " AND ".join(parts) if parts else None
