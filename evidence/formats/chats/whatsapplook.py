"""Which program wrote a text with a head before each message: WhatsApp, or a tool for Signal. By the first lines."""

from __future__ import annotations

import re

from evidence.formats.chats.chatclock import Shape, read_head
from evidence.formats.chats.headedtext import main_shape, split_sender

_LINES = 400
_OWN = re.compile(
    "whatsapp|end-to-end encrypted|端到端加密|端对端加密|端對端加密|ende-zu-ende|<attached: |"
    "<附件[:：]|<已附加[:：]|omitted>|"
    r"-WA\d{4}\.|\(file attached\)|image omitted|圖片已略去|图片已略去",
    re.IGNORECASE,
)
_LOG_WORD = re.compile(
    r"(?:[\w.\-]*\b)?(?:trace|debug|info|notice|warn|warning|error|fatal|critical|main|root|kernel|[VDIWEF])(?:\s.*)?",
    re.IGNORECASE,
)


def is_whatsapp(text: str) -> bool:
    """Whether the beginning of a text is a WhatsApp export. A program's log has heads too, but no people."""
    shape = _shape(text)
    if shape is None or _is_log(text, shape):
        return False
    if _OWN.search(text):
        return True
    if _signal_shape(shape) or shape.style == "colon":
        return False
    log_like = shape.year_first and shape.separator == "-" and shape.seconds
    return not log_like and not (shape.style == "dash" and shape.seconds)


def is_signal(text: str) -> bool:
    """Whether the beginning of a text is a Signal chat as third-party tools write it (formats.md 3.6)."""
    shape = _shape(text)
    if shape is None or not _signal_shape(shape) or _OWN.search(text) or _is_log(text, shape):
        return False
    senders = [sender for sender, _words in _heads(text, shape) if sender is not None]
    return bool(senders)


def _signal_shape(shape: Shape) -> bool:
    """``[2019-12-24, 12:23]``."""
    return shape == Shape("bracket", True, 4, "-", True, False)


def _shape(text: str) -> Shape | None:
    """The form of the heads; the first line with words must have it."""
    lines = text.split("\n", _LINES)[:_LINES]
    first = next((line for line in lines if line.strip(" \t\r\ufeff\u200e\u200f")), "")
    head = read_head(first)
    shape = main_shape(lines)
    return shape if head is not None and head.shape == shape else None


def _heads(text: str, shape: Shape) -> list[tuple[str | None, str]]:
    out = []
    for line in text.split("\n", _LINES)[:_LINES]:
        head = read_head(line)
        if head is not None and head.shape == shape:
            out.append(split_sender(line[head.end :].rstrip("\r")))
    return out


def _is_log(text: str, shape: Shape) -> bool:
    """Whether most senders are levels of a log (``INFO``, ``app.ERROR``) or there is no sender at all."""
    senders = [sender for sender, _words in _heads(text, shape) if sender is not None]
    levels = sum(_LOG_WORD.fullmatch(sender) is not None for sender in senders)
    return levels * 2 > len(senders) or (not senders and not _OWN.search(text))
