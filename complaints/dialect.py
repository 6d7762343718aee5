"""The Markdown dialect of templates as markdown-it rules; :mod:`complaints.markdown` describes it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_COMMAND = re.compile(r"\\(?:(pagebreak|toc)|(sign)\{(.*)\})[ \t]*")
_UNUSED = ["code", "lheading", "reference", "html_block", "html_inline"]


class _Parser(MarkdownIt):
    """Addresses stay as written: ours are checked by :mod:`complaints.jsonfields`, and anchors may be Chinese."""

    def validateLink(self, url: str) -> bool:
        """Let every address through to our own check, which raises instead of showing the link as text."""
        return True

    def normalizeLink(self, url: str) -> str:
        """Without percent codes, so that ``#甲`` meets its anchor."""
        return url


def parser() -> MarkdownIt:
    """A parser of the dialect, for one document."""
    made = _Parser("commonmark", {"html": False}).enable("table").disable(_UNUSED)
    made.block.ruler.before("paragraph", "command", _command_rule, {"alt": ["paragraph", "blockquote", "list"]})
    made.inline.ruler.before("emphasis", "mark", _mark_rule)
    return made


def _command_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """``\\pagebreak``, ``\\toc``, ``\\sign{label}`` alone on a line."""
    found = _COMMAND.fullmatch(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    if not found:
        return False
    if not silent:
        state.line = line + 1
        token = state.push("command", "", 0)
        token.map = [line, line + 1]
        token.info = found[1] or found[2]
        token.content = unescapeAll(found[3] or "")
    return True


def _mark_rule(state: StateInline, silent: bool) -> bool:
    """``==text==``; an opening pair without its closing one stays as it is."""
    start, limit = state.pos + 2, state.posMax
    if not state.src.startswith("==", state.pos) or start >= limit:
        return False
    state.pos = start
    while state.pos < limit and not state.src.startswith("==", state.pos):
        state.md.inline.skipToken(state)
    end = state.pos
    if end == start or end + 2 > limit:
        state.pos = start - 2
        return False
    if not silent:
        state.pos, state.posMax = start, end
        state.push("mark_open", "mark", 1)
        state.md.inline.tokenize(state)
        state.push("mark_close", "mark", -1)
        state.posMax = limit
    state.pos = end + 2
    return True
