"""Find abusive wording in one message. Pure: the same message always gives the same hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from evidence.words import linear, objection
from evidence.words.dunning import said_to_collect
from evidence.words.fold import base_view, has_emoji, reversed_view
from evidence.words.lexicon import Frame, Lexicon, Matcher, Rule, lexicon, matches
from evidence.words.model import ContextMessage, Form, MessageInput, WordHit
from evidence.words.sound import sound_view
from evidence.words.speakers import hide_others
from evidence.words.view import View

__all__ = ["ContextMessage", "MessageInput", "WordHit", "detect", "readings"]
QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』"}
BORROWER = "borrower"
SOUND = "sound"  # name of the reading by sound
LONGEST = 2000  # characters that are read in one go; messages are far shorter
WIDEST = 30  # characters that a clause put together from several patterns may span


def readings(message: MessageInput) -> tuple[View, ...]:
    """The readings that are searched, the plainest first; only what the other side says is left in them."""
    views = [base_view(message.text)]
    if has_emoji(message.text):
        views.append(base_view(message.text, emoji=False))
    backwards = reversed_view(views[0])
    if backwards is not None:
        views.append(backwards)
    for view in tuple(views):
        sounded = sound_view(view)
        if sounded is not None:
            views.append(sounded)
    return tuple(hide_others(view, message.channel) for view in views)


def detect(message: MessageInput) -> tuple[WordHit, ...]:
    """Every label that the message's own words prove, with the clause and the rule.

    Messages written by the user (``direction`` out) give nothing. Offsets are code points of ``message.text``. What
    only the scores of ``evidence.words.linear`` find is a weak hit.
    """
    if message.direction == "out" or not message.text.strip():
        return ()
    book = lexicon()
    hits: list[WordHit] = []
    views: tuple[View, ...] = ()
    for start, piece in _pieces(message):
        read = readings(piece)
        hits += (replace(hit, start=hit.start + start, end=hit.end + start) for hit in _judged(book, read, piece))
        views += read
    found = objection.after_objection(book, views, message)
    return _distinct([*hits, found], book) if found is not None else tuple(hits)


def _pieces(message: MessageInput) -> Iterator[tuple[int, MessageInput]]:
    """The message, or stretches of a very long one cut after a line or sentence: time then grows with length only."""
    text, start = message.text, 0
    while len(text) - start > LONGEST:
        limit = start + LONGEST
        cut = max(text.rfind(mark, start, limit) for mark in "\n。！？!?")
        end = cut + 1 if cut > start else limit
        yield start, replace(message, text=text[start:end])
        start = end
    yield start, replace(message, text=text[start:]) if start else message


def _judged(book: Lexicon, views: tuple[View, ...], message: MessageInput) -> tuple[WordHit, ...]:
    """What patterns find and the scores do not oppose, and what only the scores find."""
    hits = list(_matched(book, views, message))
    told = linear.scores(views, message)
    if told is not None:
        hits = [hit for hit in hits if not linear.opposed(hit.label, told)]
        hits += _likely(book, told, message, {hit.label for hit in hits})
    return _distinct(hits, book)


def patterns(message: MessageInput) -> tuple[WordHit, ...]:
    """What the patterns alone find (the material of the weights is made with it)."""
    book = lexicon()
    return _distinct(_matched(book, readings(message), message), book)


def _matched(book: Lexicon, views: tuple[View, ...], message: MessageInput) -> Iterator[WordHit]:
    collecting = said_to_collect(book, views[0], message)
    for view in views:
        present = book.present(view.text)
        yield from _search(book, view, present, message, collecting)


def _likely(book: Lexicon, told: linear.Scores, message: MessageInput, present: set[str]) -> Iterator[WordHit]:
    """Weak hits from the scores, taken back by the same surroundings as those of the patterns."""
    view, role = told.view, message.recipient_role
    frames: list[Frame] | None = None
    for label, start, end in linear.likely(told, present):
        roles = book.roles.get(label, frozenset())
        if roles and role not in roles:
            continue
        if frames is None:
            frames = _frames_met(book, view.text, book.present(view.text), role)
        if not _framed(frames, book.weak_rule(label), view, start, end):
            yield WordHit(label, *view.original(start, end), f"{label}.{linear.RULE}", 1, "weak")


def _search(book: Lexicon, view: View, present: set[int], message: MessageInput, collecting: bool) -> Iterator[WordHit]:
    frames: list[Frame] | None = None
    for number, spans in _spans(book, view, present).items():
        rule = book.rules[number]
        if rule.roles and message.recipient_role not in rule.roles:
            continue
        if not (collecting and rule.debt != "always") and not _debt_talk(
            book, rule, view.text, present, message.recipient_role
        ):
            continue
        if _excluded(rule, view.text, present):
            continue
        if frames is None:
            frames = _frames_met(book, view.text, present, message.recipient_role)
        for start, end in spans:
            if not _framed(frames, rule, view, start, end) and not _unless(rule, view, start, end):
                yield _hit(rule, view, start, end)


def _spans(book: Lexicon, view: View, present: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Where each rule's patterns are met in the view, by rule number, in the order of the lexicon."""
    found: dict[int, list[tuple[int, int]]] = {}
    for anchor in (-1, *(book.searches.keys() & present)):
        for others, number, matchers in book.searches.get(anchor, ()):
            if others <= present:
                spans = _together(view, matchers) if len(matchers) > 1 else _alone(view, matchers[0])
                if spans:
                    found.setdefault(number, []).extend(spans)
    return {number: sorted(found[number]) for number in sorted(found)}


def _alone(view: View, matcher: Matcher) -> list[tuple[int, int]]:
    return [match.span() for match in matcher.regex.finditer(view.text) if match.end() > match.start()]


def _together(view: View, combination: tuple[Matcher, ...]) -> list[tuple[int, int]]:
    """Spans of the first pattern in sentences where the others are met too, widened to the nearest of them."""
    spans = []
    for match in combination[0].regex.finditer(view.text):
        low, high = view.sentence(*match.span())
        start, end = match.span()
        for other in combination[1:]:
            near = [m.span() for m in other.regex.finditer(view.text, low, high)]
            if not near:
                break
            first, last = min(near, key=lambda span: max(span[0] - match.end(), match.start() - span[1]))
            start, end = min(start, first), max(end, last)
        else:
            spans.append((start, end) if end - start <= WIDEST else match.span())
    return spans


def _debt_talk(book: Lexicon, rule: Rule, text: str, present: set[int], role: str) -> bool:
    """Whether the message talks of a debt as far as the rule asks for it."""
    if rule.debt == "always" or (rule.debt != "never" and role != BORROWER):
        return matches(book.groups["debt"], text, present)
    return rule.debt != "dunning" or matches(book.groups["dunning"], text, present)


def _excluded(rule: Rule, text: str, present: set[int]) -> bool:
    if rule.require and not matches(rule.require, text, present):
        return True
    return matches(rule.unless_message, text, present)


def _frames_met(book: Lexicon, text: str, present: set[int], role: str) -> list[Frame]:
    """Frames that have a pattern in the text at all and suit the recipient."""
    return [
        frame
        for frame in book.frames
        if (not frame.roles or role in frame.roles)
        and matches(frame.matchers, text, present)
        and not matches(frame.unless, text, present)
    ]


def _framed(frames: list[Frame], rule: Rule, view: View, start: int, end: int) -> bool:
    if "quote" not in rule.ignore and _quoted(view.text, start, end):
        return True
    for frame in frames:
        if frame.id in rule.ignore or (frame.labels and rule.label not in frame.labels):
            continue
        if frame.forms and rule.form not in frame.forms:
            continue
        if frame.scope == "message":
            return True
        low, high = view.sentence(start, end) if frame.scope == "sentence" else view.clause(start, end)
        if frame.scope == "before":
            high = end - 1  # a denial may stand inside the words that were matched
        if any(m.regex.search(view.text, low, high) for m in frame.matchers):
            return True
    return False


def _quoted(text: str, start: int, end: int) -> bool:
    """Whether the words stand inside quotation marks that open before and close after them."""
    for opening, closing in QUOTES.items():
        left = text.rfind(opening, 0, start + 1)
        if left >= 0 and closing not in text[left:start] and closing in text[end - 1 :]:
            return True
    return text.count('"', 0, start) % 2 == 1 and '"' in text[end:]


def _unless(rule: Rule, view: View, start: int, end: int) -> bool:
    if not rule.unless:
        return False
    low, high = view.sentence(start, end)
    return any(m.regex.search(view.text, low, high) for m in rule.unless)


def _hit(rule: Rule, view: View, start: int, end: int) -> WordHit:
    if rule.span == "clause":
        start, end = view.clause(start, end)
    elif rule.span == "sentence":
        start, end = view.sentence(start, end)
    first, last = view.original(start, end)
    form: Form = "weak" if view.name == SOUND else rule.form  # sounds can mislead; the other readings are certain
    return WordHit(rule.label, first, last, rule.id, rule.severity, form)


def _distinct(hits: Iterable[WordHit], book: Lexicon) -> tuple[WordHit, ...]:
    """One hit per label and stretch of text: of overlapping ones the graver, then the first found.

    A label that is only another side of the same clause (``book.yields``) is left out beside the one that says it.
    """
    kept: list[WordHit] = []
    for hit in sorted(hits, key=lambda h: (-h.severity, h.form != "filing", h.start - h.end)):
        if not any(k.label == hit.label and k.start < hit.end and hit.start < k.end for k in kept):
            kept.append(hit)
    told = [hit for hit in kept if not any(_told_by(hit, other, book) for other in kept)]
    return tuple(sorted(told, key=lambda h: (h.start, h.end, h.label)))


def _told_by(hit: WordHit, other: WordHit, book: Lexicon) -> bool:
    """Whether ``other`` covers the same words under a label that ``hit`` gives way to."""
    if hit.label not in book.yields.get(other.label, ()):
        return False
    return other.start < hit.end and hit.start < other.end
