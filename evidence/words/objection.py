"""Contact after the recipient asked that contact stop (harass_after_objection), judged from the context."""

from __future__ import annotations

from evidence.words.fold import base_view
from evidence.words.lexicon import Lexicon, Matcher
from evidence.words.model import MessageInput, WordHit
from evidence.words.view import View

RULE = "harass_after_objection.context"


def _met(matchers: tuple[Matcher, ...], text: str) -> bool:
    return any(m.regex.search(text) for m in matchers)


def objected(book: Lexicon, message: MessageInput) -> bool:
    """Whether the user asked in the context that contact stop, and did not open the talk again afterwards."""
    standing = False
    for earlier in message.context:
        if earlier.direction != "out":
            continue
        text = base_view(earlier.text).text
        if _met(book.groups["objection"], text) and not _met(book.groups["not_objection"], text):
            standing = True
        elif _met(book.groups["reopening"], text):
            standing = False
    return standing


def after_objection(book: Lexicon, views: tuple[View, ...], message: MessageInput) -> WordHit | None:
    """The whole message as one hit when it comes after an objection and is no acknowledgement or answer."""
    if not message.context or not objected(book, message):
        return None
    if any(_met(book.groups["acknowledgement"], view.text) for view in views):
        return None
    severity = 3 if message.recipient_role not in ("borrower", "unknown") else 2
    return WordHit("harass_after_objection", 0, len(message.text), RULE, severity, "filing")
