"""Spans to HTML. markupsafe escapes; what could reverse the line is kept apart in ``<bdi>``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import bidirectional

from markupsafe import Markup, escape

from complaints.blocks import Span
from complaints.visible import visible

_OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:)\S+")


def shown(text: str) -> Markup:
    """Escaped ``text`` with control characters and direction overrides as visible codes."""
    return escape(visible(text))


def inline(spans: Iterable[Span], mono: bool = False) -> Markup:
    """``spans`` one after the other; ``mono`` sets all of them in even steps."""
    return Markup("").join(_span(span, mono) for span in spans)


def _span(span: Span, mono: bool) -> Markup:
    made = shown(span.text)
    if any(bidirectional(c) in {"R", "AL"} for c in span.text):
        made = Markup("<bdi>{}</bdi>").format(made)
    for tag, wanted in (("code", span.code or mono), ("em", span.italic), ("strong", span.bold), ("mark", span.mark)):
        if wanted:
            made = Markup(f"<{tag}>{{}}</{tag}>").format(made)
    if span.href and span.href.startswith("#"):
        return Markup('<a href="{}">{}</a>').format(shown(span.href), made)
    if span.href and _OUTSIDE.fullmatch(span.href):
        return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(shown(span.href), made)
    return made
