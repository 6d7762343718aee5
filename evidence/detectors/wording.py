"""Abusive words in what the other side wrote or said: messages, read pictures, transcripts."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evidence.models import CaseView, Direction, Line, Quote, Reading, Record
from evidence.readingrank import counting
from evidence.screenchat.model import SCREEN_LAYOUT, gives_messages

if TYPE_CHECKING:
    from evidence.words.model import ContextMessage

CONTEXT = 20
_CHANNEL = {"call": "call", "email": "email", "chat": "wechat", "visit": "call"}
_ROLE = {
    "colleague": "colleague_or_employer",
    "employer": "colleague_or_employer",
    "friend": "friend",
    "guarantor": "relative",
    "spouse": "relative",
    "parent": "relative",
    "child": "relative",
    "relative": "relative",
}
_ME = frozenset({"我", "本人", "自己", "机主", "借款人", "me", "self", "i", "borrower"})
_ANONYMOUS = re.compile(r"(?:speaker|spk|说话人|讲话人|发言人)?[\s_#-]*[0-9a-z]{0,2}", re.IGNORECASE)


class WordHit(Protocol):
    """What the word matcher returns."""

    @property
    def label(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> int: ...
    @property
    def form(self) -> str: ...


class Detect(Protocol):
    """The word matcher: one text with its circumstances in, hits out (offsets into the given text)."""

    def __call__(
        self,
        text: str,
        channel: str,
        direction: Direction | None,
        recipient_role: str,
        context: tuple[ContextMessage, ...],
    ) -> Sequence[WordHit]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """One label found in one event. ``sure`` is False when nothing says who wrote or spoke."""

    label: str
    quotes: tuple[Quote, ...]
    severity: int
    rules: tuple[str, ...]
    sure: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class _Text:
    record: Record
    text: str
    direction: Direction | None
    channel: str
    reading: Reading | None = None
    offset: int = 0


def shipped(
    text: str, channel: str, direction: Direction | None, recipient_role: str, context: tuple[ContextMessage, ...]
) -> Sequence[WordHit]:
    """The program's own matcher (loaded on first use: its lexicon is large)."""
    from evidence.words.detect import MessageInput, detect

    return detect(MessageInput(text, channel, direction, recipient_role, context))


def find(
    view: CaseView,
    events: Iterable[tuple[Record, Sequence[Record]]],
    relation_of: Callable[[str], str | None],
    asks: Callable[[Record], bool],
    detect: Detect = shipped,
) -> dict[str, tuple[Words, ...]]:
    """Labels per event, keyed by the id of its main record. ``events``: main record and its joined others, in time
    order; ``asks`` says whether a sender's words are looked at. What the borrower wrote is never looked at."""
    threads: dict[tuple[str, str, str], deque[ContextMessage]] = defaultdict(lambda: deque(maxlen=CONTEXT))
    found: dict[str, tuple[Words, ...]] = {}
    spoken: dict[tuple[str, str, str], int] = {}
    known: dict[tuple[str, str, Direction | None, str], Sequence[WordHit]] = {}
    for main, others in events:
        key = (main.holder, main.number or main.name or main.id, main.kind)
        thread = threads[key]
        role = _recipient(main, relation_of)
        words: list[tuple[_Text, WordHit]] = []
        if asks(main):
            for piece in _texts(view, (main, *others)):
                if piece.direction == "out" or not piece.text.strip():
                    continue
                alone = (piece.text, piece.channel, piece.direction, role)
                if spoken.get(key):
                    hits = detect(*alone, tuple(thread))
                else:  # without words of the borrower the context says nothing, and mass messages repeat
                    hits = known[alone] if alone in known else known.setdefault(alone, detect(*alone, tuple(thread)))
                words += [(piece, hit) for hit in hits]
        if _remember(thread, main):
            spoken[key] = CONTEXT if main.direction == "out" else max(0, spoken.get(key, 0) - 1)
        if words:
            found[main.id] = _gather(words)
    return found


def _remember(thread: deque[ContextMessage], record: Record) -> bool:
    """Add a message to its conversation; False for what is none (calls, pictures, unknown sides)."""
    if not record.text or record.direction is None:
        return False
    from evidence.words.model import ContextMessage

    thread.append(ContextMessage(record.direction, record.time.utc or "", record.text))
    return True


def _recipient(record: Record, relation_of: Callable[[str], str | None]) -> str:
    if len({p.number for p in record.participants}) > 2 or record.extras.get("group"):
        return "group"
    if record.holder == "self":
        return "borrower"
    return _ROLE.get(relation_of(record.holder) or "", "unknown")


def _texts(view: CaseView, records: Sequence[Record]) -> list[_Text]:
    """Each text of an event once: the records' own words, then the latest reading of each picture or recording."""
    texts: list[_Text] = []
    seen: set[str] = set()
    for record in records:
        channel = _CHANNEL.get(record.kind, "sms")
        if record.text and record.text not in seen and _by_other_side(record):
            seen.add(record.text)
            texts.append(_of_screen(view, record, channel) or _Text(record, record.text, record.direction, channel))
        for media in record.media:
            if media.sha256 in seen:
                continue
            seen.add(media.sha256)
            reading = latest(view.readings.get(media.sha256, ()))
            if reading is not None and not _has_messages(view, media.sha256):
                texts += _spoken(record, reading) if _is_speech(reading) else _pictured(record, reading)
    return texts


def _has_messages(view: CaseView, picture: str) -> bool:
    """Whether a picture was divided into messages, which are records of their own."""
    layout = view.layouts.get(picture)
    return layout is not None and gives_messages(layout.screen.get("kind", ""), layout.screen.get("doubts", ()))


def _of_screen(view: CaseView, record: Record, channel: str) -> _Text | None:
    """A message of a screenshot, in the words of the picture's reading, so that a quote has its place there."""
    found = view.readings.get(str(record.extras.get("picture")), ())
    reading = next((r for r in found if r.id == record.extras.get("reading")), None)
    lines = record.extras.get("lines")
    if reading is None or not lines or SCREEN_LAYOUT not in record.extras:
        return None
    places = line_spans(reading)
    first, last = places[lines[0]], places[lines[-1]]
    if first is None or last is None or reading.text[first[0] : last[1]] != record.text:
        return None
    return _Text(record, record.text, record.direction, channel, reading, first[0])


def _by_other_side(record: Record) -> bool:
    """Notes are the borrower's own account of an event, not the other side's words."""
    own = record.text_basis in (None, "source") or SCREEN_LAYOUT in record.extras
    return own and record.kind not in ("note", "visit") and record.time.basis != "stated"


def latest(readings: Sequence[Reading]) -> Reading | None:
    """The reading that counts (:func:`evidence.readingrank.counting`)."""
    return counting(readings)


def _is_speech(reading: Reading) -> bool:
    return reading.kind == "transcript" or any(line.start_s is not None or line.speaker for line in reading.lines)


def _pictured(record: Record, reading: Reading) -> list[_Text]:
    return [_Text(record, reading.text, record.direction, _CHANNEL.get(record.kind, "wechat"), reading)]


def _spoken(record: Record, reading: Reading) -> list[_Text]:
    """Runs of lines by one side. A transcript without lines is one text of unknown speakers."""
    places = _places(reading)
    if not places:
        return [_Text(record, reading.text, None, "call", reading)]
    texts: list[_Text] = []
    for line, start, end in places:
        side = _side(line.speaker)
        if texts and texts[-1].direction == side:
            first = texts[-1]
            texts[-1] = _Text(record, reading.text[first.offset : end], side, "call", reading, first.offset)
        else:
            texts.append(_Text(record, reading.text[start:end], side, "call", reading, start))
    return texts


def _side(speaker: str | None) -> Direction | None:
    word = (speaker or "").strip().casefold()
    if word in _ME:
        return "out"
    return None if _ANONYMOUS.fullmatch(word) else "in"


def line_spans(reading: Reading) -> list[tuple[int, int] | None]:
    """Where each line stands in the reading's text; None for one that does not."""
    found: list[tuple[int, int] | None] = []
    at = 0
    for line in reading.lines:
        start = reading.text.find(line.text, at)
        if start >= 0 and line.text:
            at = start + len(line.text)
            found.append((start, at))
        else:
            found.append(None)
    return found


def _places(reading: Reading) -> list[tuple[Line, int, int]]:
    """The lines that stand in the reading's text, and where."""
    return [(line, *span) for line, span in zip(reading.lines, line_spans(reading), strict=True) if span is not None]


def _gather(words: Sequence[tuple[_Text, WordHit]]) -> tuple[Words, ...]:
    by_label: dict[str, list[tuple[_Text, WordHit]]] = {}
    for piece, hit in words:
        by_label.setdefault(hit.label, []).append((piece, hit))
    found = []
    for label, pairs in by_label.items():
        known = [pair for pair in pairs if pair[0].direction == "in"]
        counted = known or pairs
        found.append(
            Words(
                label,
                tuple(_quote(piece, hit) for piece, hit in counted),
                max(hit.severity for _piece, hit in counted),
                tuple(sorted({hit.rule for _piece, hit in counted})),
                bool(known),
                all(hit.form == "weak" for _piece, hit in counted),
            )
        )
    return tuple(found)


def _quote(piece: _Text, hit: WordHit) -> Quote:
    words = piece.text[hit.start : hit.end]
    if piece.reading is None:
        return Quote(piece.record.id, hit.start, hit.end, words)
    start, end = hit.start + piece.offset, hit.end + piece.offset
    lines = [line for line, first, last in _places(piece.reading) if first < end and last > start]
    boxes = [line.box for line in lines if line.box is not None]
    box = _around(boxes) if boxes else None
    seconds = [line for line in lines if line.start_s is not None]
    begin = min((line.start_s for line in seconds if line.start_s is not None), default=None)
    finish = max((line.end_s for line in seconds if line.end_s is not None), default=None)
    return Quote(piece.record.id, start, end, words, piece.reading.id, box, begin, finish)


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def labels(found: Mapping[str, tuple[Words, ...]]) -> dict[str, frozenset[str]]:
    """The categories of each event, for rules that look at them; only where the speaker is known."""
    return {key: frozenset(w.label for w in words if w.sure) for key, words in found.items()}
