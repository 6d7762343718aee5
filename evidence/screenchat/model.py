"""What a screenshot of a chat shows, as frozen values. Boxes are (x0, y0, x1, y1) in pixels of the upright picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]
Side = Literal["left", "right"]
ItemKind = Literal["message", "time", "system", "unread", "notice"]
MessageType = Literal[
    "text", "voice", "picture", "video", "sticker", "file", "link", "card", "location", "transfer", "red_packet", "call"
]
App = Literal["wechat", "wecom", "qq", "sms", "whatsapp", "alipay", "dingtalk", "unknown"]
ScreenKind = Literal["chat", "call_log", "other"]

SCREEN_LAYOUT = "screen_layout"
"""The field among a record's ``extras`` that names the layout of the screenshot it was read from."""

DOUBTS = (
    "side",  # which side a bubble is on was decided by weak signs
    "grouping",  # lines may belong to two messages, or a message may have been cut in two
    "clipped_top",  # the bubble goes on above the picture
    "clipped_bottom",  # the bubble goes on below the picture or under the input bar
    "low_score",  # the engine was unsure of a line
    "single_sign",  # a lone sign at a line's end may be an emoji
    "voice_length",  # the length of a voice message is not between 1 and 60 seconds
    "time_label",  # a time label could not be understood
    "time_order",  # time labels run backwards or lie after the capture
    "capture_time",  # the clock in the status bar and the time of the capture contradict each other
    "photo",  # a photo of a screen, rectified
    "engines_differ",  # two engines read a decisive word differently
)
"""What may be wrong with an item or a screen, as codes; a person is asked about those that matter."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the screen, from top to bottom.

    ``text`` is what the engine read, its lines joined by line feeds, never corrected. ``box`` is the bubble (or the
    label), ``lines`` are the numbers of the OCR lines in it. ``side`` is that of the bubble: right is whose phone it
    is. ``name`` is the sender's label over a bubble in a group; ``quote`` the words of the message that this one
    answers; ``note`` words inside a card beside its text (payee's remark, file size). ``seconds`` is the length of a
    voice message or call; ``amount`` the sum on a transfer or red packet, as digits with a point. ``score`` is the
    least of its lines, ``print`` a 64-bit perceptual hash of its pixels as 16 hex digits.
    """

    kind: ItemKind
    text: str
    box: Box
    lines: tuple[int, ...] = ()
    side: Side | None = None
    type: MessageType = "text"
    name: str | None = None
    quote: str | None = None
    note: str | None = None
    seconds: int | None = None
    amount: str | None = None
    colour: str | None = None
    score: float | None = None
    print: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """One screenshot. ``app_score`` (0 to 1) and ``app_why`` tell how the app was recognised.

    ``title`` is the contact's name or number as the title bar has it, ``members`` the size of a group where it stands
    there. ``clock`` is the status bar's (``22:41``), ``dark`` the theme, ``scale`` pixels for each of 360 parts of the
    width. A picture that shows no chat has the kind ``other`` and no items. ``bars`` are the numbers of the OCR lines
    in status, title and input bar, ``unused`` those of all others that are in no item (words in avatars, buttons).
    """

    kind: ScreenKind
    width: int
    height: int
    app: App = "unknown"
    app_score: float = 0.0
    app_why: str = ""
    title: str | None = None
    members: int | None = None
    clock: str | None = None
    dark: bool = False
    scale: float = 3.0
    items: tuple[Item, ...] = ()
    doubts: tuple[str, ...] = ()
    bars: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """When something on a screen was said: not before ``start``, not after ``end`` (UTC text; None where unknown).

    ``raw`` is the label it rests on, ``rule`` how it was resolved, ``exact_s`` the width of what the label states (60
    for a minute, 86400 for a day); None where only the order is known. ``doubts`` are codes of :data:`DOUBTS`.
    """

    start: str | None = None
    end: str | None = None
    raw: str = ""
    rule: str = ""
    exact_s: float | None = None
    doubts: tuple[str, ...] = ()


def gives_messages(kind: str, doubts: Sequence[str]) -> bool:
    """Whether a layout is sure enough for messages of their own. A photo of a screen is not: labels pass for bubbles
    there, so its words are looked at as those of one picture, whose author a person states."""
    return kind == "chat" and "photo" not in doubts
