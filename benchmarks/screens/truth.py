"""What stands on a drawn screenshot. Boxes are (x0, y0, x1, y1) in pixels of the picture; all people are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PIL import Image

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of letters as drawn. ``box`` is its ink.

    ``role`` says what it belongs to: text, label (a time), system, name, quote, note, transcript, picture (letters
    inside a picture), avatar, title, clock, bar (status bar, buttons, input hint) or other. ``owner`` is the number of
    the entry (``Entry.id``) or -1. ``shown`` is the part of its height that can be seen, 0 to 1.
    """

    text: str
    box: Box
    role: str
    owner: int = -1
    shown: float = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the conversation, in the words of ``evidence.screenchat.model.Item``.

    ``id`` is the same for the same message in all pictures of a series. ``box`` is the bubble, card or label,
    ``area`` that with name label, quote and transcript. ``sent`` is when it was really said; ``time`` what a reader of
    this picture alone can know: the minute of the nearest label above it (for a label: its own minute), None where no
    label stands above. In WhatsApp the minute inside the bubble (``note``) counts with the date above it; a date chip
    itself has midnight. ``fine`` is False for a label that gives only a day. ``clipped`` is top, bottom or both;
    ``text`` then holds only the rows that can be read, ``whole`` always everything.
    """

    id: int
    kind: str
    text: str
    box: Box
    area: Box
    side: str | None = None
    type: str = "text"
    name: str | None = None
    quote: str | None = None
    note: str | None = None
    amount: str | None = None
    seconds: int | None = None
    sent: datetime | None = None
    time: datetime | None = None
    fine: bool = True
    clipped: str | None = None
    whole: str = ""
    tokens: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One row of a call log as drawn. ``direction`` is in, out or missed."""

    who: str
    number: str | None
    direction: str
    label: str
    time: datetime
    fine: bool
    seconds: int | None
    box: Box


@dataclass(frozen=True, slots=True)
class Truth:
    """One screenshot. ``kind`` is chat, call_log, receipt or other (no chat: nothing may be found in it).

    ``app`` is in the words of ``evidence.screenchat.model``; ``channel`` is the hint that its file name would give
    (None mostly). ``captured`` is local time. ``items`` and ``rows`` run from top to bottom; rows include what is not
    conversation. ``fields`` are those of a receipt: field -> (text, box). ``quad`` holds the corners of the screen in a
    photo of a screen (top left, top right, bottom right, bottom left).
    """

    scenario: str
    seed: int
    kind: str
    app: str
    captured: datetime
    width: int
    height: int
    title: str | None = None
    members: int | None = None
    clock: str | None = None
    channel: str | None = None
    dark: bool = False
    items: tuple[Entry, ...] = ()
    rows: tuple[Row, ...] = ()
    calls: tuple[Call, ...] = ()
    fields: tuple[tuple[str, str, Box], ...] = ()
    quad: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Shot:
    """A drawn screenshot and the truth beside it."""

    image: Image.Image
    truth: Truth
