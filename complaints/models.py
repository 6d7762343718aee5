"""A dossier as values: what is said, by which exhibit, in which order. No layout, no files.

Text that comes from evidence, from the borrower or from a file name is :class:`Foreign`; every other text is the
program's own. The linter judges the program's words only, and nothing foreign is ever parsed as anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from complaints.blocks import BarChart, Figure, Spans, Table, Transcript

ExhibitKind = Literal["calls", "conversation", "recording", "picture", "note", "file"]


class Foreign(str):
    """Words that are not the program's own: evidence, a name, an answer, a file name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that preflight has to say.

    ``code`` is stable; ``field`` the canonical id of the answer it is about ("" for none); ``message`` and
    ``question`` are in the user's language; ``command`` is what to type next ("" for nothing). A blocking one
    stops the dossier, an advisory one is only said.
    """

    code: str
    message: str
    blocking: bool
    field: str = ""
    question: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How a dossier is made. ``mask_third_persons`` hides names and numbers of people who are no party to the
    dispute; ``mask_obscene`` the middle of quoted obscenities; ``context`` counts the messages shown before and
    after a cited one."""

    mask_third_persons: bool = True
    mask_obscene: bool = False
    context: int = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of fact. It cites exhibits, or is marked as the complainant's own signed statement."""

    spans: Spans
    cites: Spans = ()
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history in time order. ``key`` sorts; ``when`` is local wall clock as printed."""

    key: str
    when: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Ground:
    """A clause a section rests on; ``reference`` ones (standards, self-regulation) are cited as 参照."""

    cite: str
    gist: str
    reference: bool


@dataclass(frozen=True, slots=True)
class Conduct:
    """One kind of conduct: counts, quotes and clauses. ``findings`` are the confirmed ids behind it."""

    category: str
    title: str
    anchor: str
    lead: Spans
    items: tuple[Statement, ...]
    notes: tuple[Spans, ...]
    grounds: tuple[Ground, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled value of the parties and debt tables."""

    label: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered thing inside an exhibit: a call, a message, a spoken line. ``label`` is as cited."""

    record: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Content:
    """The pages of an exhibit, printed in this order."""

    notes: tuple[Spans, ...] = ()
    transcripts: tuple[Transcript, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exhibit with its place in the catalogue and its content. ``files`` are SHA-256 values."""

    number: int
    kind: ExhibitKind
    label: str
    anchor: str
    title: Spans
    legal_kind: str
    origin: Spans
    carrier: Spans
    shows: Spans
    formed: str
    files: tuple[str, ...]
    items: tuple[Item, ...]
    content: Content


@dataclass(frozen=True, slots=True)
class Frequency:
    """Calls per day: a chart per month, the same days as a table, and what was left out of counts."""

    charts: tuple[BarChart, ...]
    days: Table | None
    left_out: Table | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prior:
    """The complaint made to the lender before. ``made`` False: the borrower says there was none."""

    made: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a template prints for one recipient.

    ``today`` is the date of the document as printed; ``head_seq`` and ``head_hash`` name the log row up to which
    the case was looked at; ``flags`` switch paragraphs of the limits page; ``clocks`` says whose clock is
    stated to have been off.
    """

    recipient_id: str
    template: str
    language: str
    title: str
    footer: str
    date_iso: str
    today: str
    demo: bool
    addressee: Spans
    complainant: Table
    respondent: Table
    debt: tuple[Statement, ...]
    willing: tuple[Statement, ...]
    requests: tuple[str, ...]
    events: tuple[Event, ...]
    history: Table
    conducts: tuple[Conduct, ...]
    prior: Prior
    proceedings: tuple[Statement, ...]
    authorities: tuple[Ground, ...]
    exhibits: tuple[Exhibit, ...]
    catalogue: Table
    frequency: Frequency
    files: Table
    custody: Table
    zone: str
    head_seq: int
    head_hash: str
    flags: Mapping[str, bool] = field(default_factory=dict)
    clocks: tuple[Spans, ...] = ()
