"""Statements of the borrower: dated facts with their proof, and notes of what no file shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Literal, cast
from zoneinfo import ZoneInfo

from evidence import sealing
from evidence.errors import NotFound, UsageError
from evidence.i18n import gettext as _
from evidence.log import Case
from evidence.models import Direction, Fact, Kind, Record, Stamp, TimeHow
from evidence.phone import normalise
from evidence.timeline import parse_when
from evidence.times import local_stamp, offset_stamp

FACT_TYPES = (
    "cease_notice", "refusal_to_pay", "dispute_written", "lawyer_known", "employer_prohibits", "no_work_calls",
    "preferred_time", "consent_calls", "consent_time", "complaint_to_firm", "firm_final_reply",
    "complaint_to_regulator", "first_direct_contact", "hospital", "surgery", "death_in_family", "disaster",
    "payment", "due_date", "debt_transfer", "licence_status", "loan", "overdue", "agreed_plan", "lost_contact", "other",
)  # fmt: skip
"""The closed list of docs/rules.md. ``optout_<channel>`` is allowed too."""


def stated_stamp(at: str, zone: ZoneInfo, precision_s: float | None = None) -> Stamp:
    """A time typed by a person. A bare date is a whole day. Raises UsageError."""
    try:
        moment = parse_when(at, zone)
    except ValueError as error:
        raise UsageError(_("Not a date or time: {why}").format(why=error)) from error
    if len(at.strip()) <= 10:
        return local_stamp(moment.replace(tzinfo=None), zone, at, "stated", 86400, "date_only")
    width = precision_s or _stated_width(at)
    if moment.tzinfo is not zone:
        return offset_stamp(moment, at, "stated", width)
    how: TimeHow = "minute_only" if width >= 60 else "local_assumed"
    return local_stamp(moment.replace(tzinfo=None), zone, at, "stated", width, how)


def _stated_width(at: str) -> float:
    """60 seconds when a clock is given as hours and minutes, else one."""
    clock = re.split(r"[T ]", at.strip().upper(), maxsplit=1)[-1].replace("\uff1a", ":")
    digits = re.sub(r"\D", "", re.split(r"[+Z-]", clock, maxsplit=1)[0])
    return 1 if len(digits) >= 6 else 60


def make_fact(
    case: Case,
    kind: str,
    at: str,
    zone: ZoneInfo,
    *,
    text: str = "",
    form: str | None = None,
    proof: tuple[str, ...] = (),
    keys: tuple[str, ...] = (),
) -> Fact:
    """A checked fact. Raises UsageError, or NotFound for a proof that is not in the case."""
    if kind not in FACT_TYPES and not kind.startswith("optout_"):
        raise UsageError(_("Kind of fact must be one of: {choices}").format(choices=", ".join(FACT_TYPES)))
    if form not in (None, "oral", "written"):
        raise UsageError(_("{option} must be one of: {choices}").format(option="--form", choices="oral, written"))
    pairs = {}
    for pair in keys:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(_("Not NAME=VALUE: {words}").format(words=pair))
        pairs[name] = value
    _require_proof(case, proof)
    stamp = stated_stamp(at, zone)
    seed = sealing.canonical([kind, stamp.utc, text, sorted(pairs.items())])
    ident = "k" + hashlib.sha256(seed.encode()).hexdigest()[:16]
    return Fact(kind, stamp, text, pairs, cast(Literal["oral", "written"] | None, form), proof, case.now(), ident)


def _require_proof(case: Case, proof: Iterable[str]) -> None:
    for ident in proof:
        query = "select 1 from record where id = ? union all select 1 from source where sha256 = ?"
        if case.db.execute(query, [ident, ident]).fetchone() is None:
            raise NotFound(_("No record or file of this case is called {name}.").format(name=ident))


def require_records(case: Case, idents: Iterable[str]) -> None:
    """Raises NotFound unless every id is a record of the case."""
    for ident in idents:
        if case.db.execute("select 1 from record where id = ?", [ident]).fetchone() is None:
            raise NotFound(_("No record of this case is called {name}.").format(name=ident))


def add_note(
    case: Case,
    kind: str,
    at: str,
    zone: ZoneInfo,
    text: str,
    *,
    number: str | None = None,
    name: str | None = None,
    direction: str | None = None,
    precision: int | None = None,
    holder: str = "self",
) -> Record:
    """Seal a hand-written record. Its source is the statement itself: no file stands behind it.

    ``holder`` is who was called or visited: ``self`` for the borrower, else a name. ``precision`` is in seconds;
    None takes it from how ``at`` is written. Raises UsageError.
    """
    if not text.strip():
        raise UsageError(_("Say what happened: the note is empty."))
    stamp = stated_stamp(at, zone, precision)
    made = case.now()
    seed = sealing.canonical(["note", made, kind, at, text, number, name, direction, holder])
    ident = "r" + hashlib.sha256(seed.encode()).hexdigest()[:16]
    record = Record(
        cast(Kind, kind), {"chat": "other"}.get(kind, kind), f"note {made}", stamp, cast(Direction | None, direction),
        normalise(number), number, name, text, "source", holder=holder, id=ident, source="",
    )  # fmt: skip
    case.append("note", "record", [record])
    return record
