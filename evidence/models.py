"""The frozen values that travel between the steps.

Every instant is UTC and written ``YYYY-MM-DDTHH:MM:SS.mmmZ`` (always milliseconds, so that text order is
time order). Local wall clocks appear only in ``Stamp.raw`` and in output made for a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["call", "sms", "mms", "chat", "email", "note", "visit", "document", "media"]
Direction = Literal["in", "out"]
Outcome = Literal["answered", "missed", "rejected"]
TextBasis = Literal["source", "ocr", "transcript", "corrected"]
TimeBasis = Literal["export", "screen", "filename", "metadata", "file", "stated"]
TimeHow = Literal[
    "epoch_utc",
    "offset_in_file",
    "local_assumed",
    "minute_only",
    "date_only",
    "year_inferred",
    "clock_corrected",
    "screen_interval",
    "file_mtime",
    "none",
]
ReadingKind = Literal["ocr", "transcript", "correction"]
Effect = Literal["violation", "presumption", "indicator", "undetermined"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as far as it is known.

    ``utc`` is the instant or None; ``raw`` the source's own words; ``basis`` where it comes from; ``how`` the
    derivation; ``zone`` the IANA zone or offset that was used for a local clock (None for epoch values);
    ``precision_s`` the width in seconds of what the source states (1 for a whole second, 60 for a minute).
    """

    utc: str | None = None
    raw: str = ""
    basis: TimeBasis = "export"
    how: TimeHow = "none"
    zone: str | None = None
    precision_s: float = 1.0


class _OpenStamp:
    """A :class:`Stamp` before it is closed to changes, see :class:`_OpenRecord`."""

    __slots__ = Stamp.__slots__

    def __init__(self, utc: str, raw: str, basis: TimeBasis, precision_s: float) -> None:
        self.utc = utc
        self.raw = raw
        self.basis = basis
        self.how = "epoch_utc"
        self.zone = None
        self.precision_s = precision_s


def exact_stamp(utc: str, raw: str, basis: TimeBasis, precision_s: float) -> Stamp:
    """The same as ``Stamp(utc, raw, basis, "epoch_utc", None, precision_s)`` in a third of the time."""
    opened: Any = _OpenStamp(utc, raw, basis, precision_s)
    opened.__class__ = Stamp
    stamp: Stamp = opened
    return stamp


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or other file carried by a record: the source file itself or a part inside it."""

    sha256: str
    size: int
    mime: str
    name: str


@dataclass(frozen=True, slots=True)
class Participant:
    """One address of a message with several. ``role`` is from, to, cc or bcc; None where not stated."""

    number: str
    role: Literal["from", "to", "cc", "bcc"] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened, read from a source.

    Importers leave ``id`` and ``source`` empty; the log fills them. ``locator`` says where in the source
    (``sms[17]``, ``line 4``) and is unique within it. ``number`` is normalised for comparison
    (``evidence.phone.normalise``), ``number_raw`` is as found. ``holder`` is whose phone or account the
    source came from: ``self`` for the borrower, else a name. ``extras`` keeps every field of the source that
    has no column here, unchanged.
    """

    kind: Kind
    channel: str
    locator: str
    time: Stamp = field(default_factory=Stamp)
    direction: Direction | None = None
    number: str | None = None
    number_raw: str | None = None
    name: str | None = None
    text: str | None = None
    text_basis: TextBasis | None = None
    duration_s: float | None = None
    outcome: Outcome | None = None
    participants: tuple[Participant, ...] = ()
    media: tuple[Media, ...] = ()
    holder: str = "self"
    extras: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    source: str = ""


class _OpenRecord:
    """A :class:`Record` before it is closed to changes; it has the same slots, so it can become one.

    A frozen dataclass checks each of its 18 fields when it is made, which takes longer than parsing a message does.
    """

    __slots__ = Record.__slots__

    def __init__(
        self,
        kind: Kind,
        locator: str,
        time: Stamp,
        direction: Direction | None,
        number: str | None,
        number_raw: str | None,
        name: str | None,
        text: str | None,
        text_basis: TextBasis | None,
        holder: str,
        extras: Mapping[str, Any],
    ) -> None:
        self.kind = self.channel = kind
        self.locator = locator
        self.time = time
        self.direction = direction
        self.number = number
        self.number_raw = number_raw
        self.name = name
        self.text = text
        self.text_basis = text_basis
        self.duration_s = self.outcome = None
        self.participants = self.media = ()
        self.holder = holder
        self.extras = extras
        self.id = self.source = ""


def short_message(
    locator: str,
    time: Stamp,
    direction: Direction | None,
    number: str | None,
    number_raw: str | None,
    name: str | None,
    text: str | None,
    text_basis: TextBasis | None,
    holder: str,
    extras: Mapping[str, Any],
) -> Record:
    """The same as ``Record("sms", "sms", locator, …)`` in a fifth of the time: backups hold them by the hundred
    thousand. Take :class:`Record` for everything else."""
    opened: Any = _OpenRecord(
        "sms", locator, time, direction, number, number_raw, name, text, text_basis, holder, extras
    )
    opened.__class__ = Record
    record: Record = opened
    return record


@dataclass(frozen=True, slots=True)
class Source:
    """One file as handed in. ``path`` is where it was; ``mtime`` is a claim of the file system (UTC)."""

    sha256: str
    size: int
    name: str
    path: str
    mtime: str | None
    format: str | None = None
    importer: str | None = None
    kept_at: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a reading: a box on a picture (x0, y0, x1, y1 in pixels) or seconds in a recording."""

    text: str
    score: float | None = None
    box: tuple[float, float, float, float] | None = None
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Text read from a picture or recording. Added, never edited; the latest of a kind counts.

    ``target`` is the SHA-256 of the media that was read; ``source`` that of the file the text came from, when
    it was imported (a subtitle file). ``by`` is ``machine`` or ``person``; ``settings`` what the engine needs
    to reproduce the text.
    """

    target: str
    kind: ReadingKind
    engine: str
    version: str
    text: str
    lines: tuple[Line, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    by: Literal["machine", "person"] = "machine"
    source: str | None = None
    at: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a screenshot was divided into messages. Added, never edited; the latest of a picture counts.

    ``target`` is the SHA-256 of the picture, ``reading`` the reading whose lines were divided, ``version`` that of
    ``evidence.screenchat``, ``screen`` a ``evidence.screenchat.model.Screen`` as plain values.
    """

    id: str
    target: str
    reading: str
    version: str
    screen: Mapping[str, Any]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """What is stated about a number or name. Several statements on one key: the latest counts.

    ``key`` is a normalised number, or ``name:…`` for a person without one. ``role`` is one of
    ``evidence.parties.ROLES``; ``lender`` the creditor a collector works for; ``relation`` the tie of a third
    person to the borrower (rulepack-schema: guarantor, spouse, relative, friend, colleague, …).
    """

    key: str
    name: str | None = None
    role: str | None = None
    lender: str | None = None
    relation: str | None = None
    lender_type: str | None = None
    note: str | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A name that an address book gives to a number: a claim of that book, not of the borrower.

    ``number`` is normalised (None for an entry known only by ``account``, such as ``wechat:…`` or an e-mail address).
    ``extras`` keeps what else the entry says (firm, note, group). ``source`` is filled by the log.
    """

    locator: str
    name: str
    number: str | None = None
    number_raw: str | None = None
    account: str | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated statement by the borrower. ``proof`` lists record ids or source hashes; empty means unproven."""

    type: str
    time: Stamp
    text: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    form: Literal["oral", "written"] | None = None
    proof: tuple[str, ...] = ()
    at: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, in one file or one row. ``code`` is stable and in docs/errors.md."""

    code: str
    message: str
    path: str = ""
    locator: str = ""
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a record that prove a finding; code-point offsets, end exclusive.

    ``start``/``end`` count in the record's own text, or in ``reading``'s text when that is set; ``box`` and
    ``start_s``/``end_s`` point into the picture or recording.
    """

    record: str
    start: int
    end: int
    text: str
    reading: str | None = None
    box: tuple[float, float, float, float] | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that was looked at and not counted, with the reason."""

    record: str
    why: str


@dataclass(frozen=True, slots=True)
class Basis:
    """The clause a finding rests on: norm id, clause, and how to cite it, in force on the day of the act."""

    norm: str
    clause: str
    cite: str
    version: str = ""
    force: str = ""
    verification: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule met by named records. Times are ISO with the offset of the clock that the rule used.

    ``missing`` says in sentences what is needed to decide, ``needs`` in codes (``speaker``, ``party``, ``relation``,
    ``lender_type``, ``fact``, ``time`` … of ``evidence.rules.messages``); both are empty for what is decided.
    """

    id: str
    rule: str
    category: str
    effect: Effect
    severity: int
    records: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()
    counted: int | None = None
    limit: int | None = None
    window_from: str | None = None
    window_to: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    basis: tuple[Basis, ...] = ()
    filing: bool = False
    why: str = ""
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    subject: str = "self"
    creditor: str | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A person's decision on a finding."""

    finding: str
    decision: Literal["confirmed", "dismissed"]
    reason: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a filing as the borrower states it (``complainant.name``, ``account.ref``, …)."""

    field: str
    value: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two records of one event. ``why`` states the rule and its tolerance; ``by`` a machine or a person.

    ``joined`` False breaks an earlier link of the same pair.
    """

    first: str
    second: str
    why: str
    joined: bool = True
    by: Literal["machine", "person"] = "machine"
    at: str = ""


@dataclass(frozen=True, slots=True)
class Custody:
    """One row of the log as a person reads it: sequence number, instant, kind, and what it says."""

    seq: int
    at: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stood at one log head: everything that the pure steps may look at, and nothing else.

    ``readings`` maps a media hash to its readings, oldest first; ``parties`` the key of a party to the latest
    statement; ``links`` holds only pairs that are joined now; ``timezone`` is the IANA zone of the borrower.
    """

    case_id: str
    jurisdiction: str
    timezone: str
    created_at: str
    head_seq: int
    head_hash: str
    demo: bool
    sources: tuple[Source, ...] = ()
    records: tuple[Record, ...] = ()
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    facts: tuple[Fact, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    reviews: Mapping[str, Review] = field(default_factory=dict)
    custody: tuple[Custody, ...] = ()
