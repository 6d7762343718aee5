"""The invented story of the demo, read from ``story.yaml`` beside this module.

All instants are aware datetimes in the story's zone (Asia/Shanghai). Nobody and nothing in it exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

Way = Literal["in", "out", "missed", "rejected"]
Look = Literal["wechat", "sms", "receipt"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A number on the phone; ``saved`` is the name in its contact list, None for a bare number."""

    key: str
    number: str
    saved: str | None


@dataclass(frozen=True, slots=True)
class StatedParty:
    """What the borrower says about one number; the fields are those of ``evidence.models.Party``."""

    number: str
    name: str
    role: str
    lender: str | None
    lender_type: str | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS. ``who`` is a contact key; ``conduct`` the categories it was written for; ``key`` names it as a proof."""

    at: datetime
    who: str
    out: bool
    text: str
    conduct: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One row of a call log; ``seconds`` is talking time."""

    at: datetime
    who: str
    way: Way
    seconds: int


@dataclass(frozen=True, slots=True)
class Mms:
    """One multimedia message; a ``notification`` was announced by the carrier and never fetched."""

    at: datetime
    who: str
    text: str
    subject: str | None
    letter: bool
    picture: bool
    notification: bool
    others: tuple[str, ...]
    conduct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Words in a recording; seconds from its beginning."""

    start: float
    end: float
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Recording:
    """``call`` is the start of the call in the call log; ``stated`` the clock in the file name."""

    file: str
    call: datetime
    stated: datetime
    who: str
    seconds: float
    transcript: Literal["srt", "txt"] | None
    lines: tuple[SpokenLine, ...]
    conduct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreenItem:
    """``kind``: t time line, s grey notice, l left bubble, r right bubble, row a pair of a receipt."""

    kind: str
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screenshot; ``phone`` is the contact key of the person whose screen it shows."""

    file: str
    look: Look
    at: datetime
    title: str
    dark: bool
    long: bool
    phone: str
    items: tuple[ScreenItem, ...]
    conduct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed or written sheet. ``surface`` is what it was photographed on; ``file`` is empty for the MMS letter."""

    file: str
    at: datetime | None
    surface: str
    heading: str
    lines: tuple[str, ...]
    stamp: str
    conduct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A dated statement by the borrower, type and keys as in ``evidence.facts``.

    ``when`` is the time as it is typed (a bare date is a whole day), on the story's clock; ``proofs`` are the
    planted messages and calls that show it: the records of that second, number and text.
    """

    type: str
    when: str
    form: Literal["oral", "written"] | None
    text: str
    keys: Mapping[str, str]
    proofs: tuple[Message | Call, ...]


@dataclass(frozen=True, slots=True)
class StatedNote:
    """A hand-written note of a call that this phone did not see; ``holder`` is who was called."""

    at: datetime
    kind: str
    holder: str
    number: str
    duration_s: int
    text: str


@dataclass(frozen=True, slots=True)
class ReviewChoice:
    """Which findings to decide how. The first choice that matches counts; None matches all.

    ``fragment`` is a piece of the text of one of the finding's records, not only of the quoted words.
    """

    category: str | None
    fragment: str | None
    decision: Literal["confirmed", "dismissed"]
    reason: str


@dataclass(frozen=True, slots=True)
class Thread:
    """An everyday exchange: lines begin with ``<`` (received) or ``>`` (sent)."""

    who: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A sender of service messages: how many a month, between which hours, in which words."""

    who: str
    per_month: int
    hours: tuple[int, int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the planted calls amount to, as the story states it."""

    night_calls: tuple[datetime, ...]
    night_messages: tuple[datetime, ...]
    at_the_limit: tuple[datetime, ...]
    connected_over_three: Mapping[date, int]
    unanswered_over_six: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the demo needs: what is on the phone, and what the borrower states and decides."""

    seed: int
    zone: ZoneInfo
    first_day: date
    last_day: date
    backup_at: datetime
    old_backup_at: datetime
    contacts: Mapping[str, Contact]
    parties: tuple[StatedParty, ...]
    facts: tuple[StatedFact, ...]
    notes: tuple[StatedNote, ...]
    answers: Mapping[str, str]
    reviews: tuple[ReviewChoice, ...]
    messages: tuple[Message, ...]
    only_in_old_backup: tuple[Message, ...]
    calls: tuple[Call, ...]
    mms: tuple[Mms, ...]
    sister_messages: tuple[Message, ...]
    sister_calls: tuple[Call, ...]
    recordings: tuple[Recording, ...]
    screens: tuple[Screen, ...]
    photos: tuple[Paper, ...]
    letter: Paper
    threads: tuple[Thread, ...]
    services: tuple[Service, ...]
    private_calls: Mapping[str, int]
    expected: Expected

    def collectors(self) -> frozenset[str]:
        """The contact keys of the numbers that the borrower calls collectors."""
        numbers = {party.number for party in self.parties if party.role == "collector"}
        return frozenset(key for key, contact in self.contacts.items() if contact.number in numbers)


@cache
def load_story() -> Story:
    """The story as shipped. Raises ``KeyError`` or ``ValueError`` when the data file is damaged."""
    from complaints.demo.reading import read_story

    data: dict[str, Any] = yaml.safe_load(files("complaints.demo").joinpath("story.yaml").read_text("utf-8"))
    return read_story(data)
