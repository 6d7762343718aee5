"""Full-text search over Chinese, whose words the tokenizers of SQLite do not know.

The index holds single characters and only says which rows can hold the words; the rows themselves are then looked
at (``instr``). Measured against pairs of characters with positions this is a third of the cost at import, and exact
for any piece of text, also of one character.
"""

from __future__ import annotations

import re

_SURE = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")


def tokens(text: str) -> str:
    """The words to index for ``text``: its characters; the tokenizer drops what is neither letter nor digit."""
    return " ".join(text)


def query(text: str) -> str | None:
    """The FTS5 expression that no row with ``text`` escapes; None when every row has to be looked at.

    Only characters go into it that the tokenizer of every SQLite version keeps.
    """
    sure = dict.fromkeys(_SURE.findall(text.lower()))
    return " ".join(f'"{c}"' for c in sure) if sure else None
