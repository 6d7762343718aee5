"""Whose words are whose in a transcript: only what the other side says is looked at."""

from __future__ import annotations

import re
from functools import cache

from evidence.words.data import load
from evidence.words.view import View

PREFIX = re.compile(r"(?:(?<=\n)|^)[ 【\[(]*([^\n:,。;!?\[\]【】]{1,8}?)[ 】\])]*:")
DUNNER = re.compile(r"(?:^|\n)[ 【\[(]*(?:催收|电催|外访|贷后)[^\n:：]{0,4}[:：]")
HIDDEN = "。"


@cache
def _roles() -> tuple[frozenset[str], frozenset[str]]:
    table = load("frames")["speakers"]
    return frozenset(map(str, table["collector"])), frozenset(map(str, table["other"]))


def hide_others(view: View, channel: str) -> View:
    """The view with speaker names and other people's lines replaced by stops of the same length.

    In a transcript (``channel`` call) a line of an unnamed kind of speaker beside a known one also counts as another's.
    """
    if ":" not in view.text:
        return view
    marks = [mark for mark in PREFIX.finditer(view.text) if _kind(mark.group(1), channel)]
    if not marks:
        return view
    chars = list(view.text)
    for i, mark in enumerate(marks):
        end = marks[i + 1].start() if i + 1 < len(marks) else len(chars)
        hide_to = mark.end() if _kind(mark.group(1), channel) == "collector" else end
        chars[mark.start() : hide_to] = HIDDEN * (hide_to - mark.start())
    return View(view.name, "".join(chars), view.starts, view.ends)


def _kind(name: str, channel: str) -> str:
    collector, other = _roles()
    name = name.strip()
    if name in collector:
        return "collector"
    if name in other:
        return "other"
    return ""


def names_a_dunner(text: str) -> bool:
    """Whether a transcript names one of its speakers as a collector of debts."""
    return DUNNER.search(text) is not None
