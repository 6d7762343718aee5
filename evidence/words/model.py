"""The values that go into and come out of the word detector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["in", "out"]
Form = Literal["filing", "weak"]


@dataclass(frozen=True, slots=True)
class ContextMessage:
    """An earlier message of the same conversation. ``at`` is the time as written in its source."""

    direction: Direction
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageInput:
    """One message to look at. ``direction`` None is treated as received; ``context`` is oldest first.

    ``recipient_role`` says whose phone got it: borrower, relative, friend, colleague_or_employer, group, public,
    counterparty or unknown. ``channel`` is sms, wechat, call (a transcript) or email.
    """

    text: str
    channel: str = "sms"
    direction: Direction | None = "in"
    recipient_role: str = "borrower"
    context: tuple[ContextMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class WordHit:
    """A label proved by the clause ``text[start:end]`` (code points of the given text, end exclusive).

    ``rule`` names the lexicon entry; ``severity`` is 1 veiled or mild, 2 plain, 3 grave. ``form`` is ``filing``
    for wording that can stand in a complaint once a person has confirmed it, ``weak`` for a hint to look at.
    """

    label: str
    start: int
    end: int
    rule: str
    severity: int
    form: Form
