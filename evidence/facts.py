"""Statements of the borrower: dated facts with their proof, and notes of what no file shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal, cast
from zoneinfo import ZoneInfo

from evidence import sealing
from evidence.errors import NotFound, UsageError
from evidence.facttypes import AUTHORS, AUTHORSHIP, CHANNELS, CLOCK_OFFSET, FACT_TYPES, THIRD
from evidence.i18n import gettext as _
from evidence.joining import join_new
from evidence.log import Case
from evidence.models import Direction, Fact, Kind, Record, Stamp, TimeHow
from evidence.phone import normalise
from evidence.timeline import parse_when
from evidence.times import local_stamp, offset_stamp

Author = Literal["other", "self"]


def stated_stamp(at: str, zone: ZoneInfo, precision_s: float | None = None) -> Stamp:
    """A time typed by a person. A bare date is a whole day. Raises UsageError."""
    try:
        moment = parse_when(at, zone)
    except ValueError as error:
        raise UsageError(_("Not a date or time: {words}").format(words=at.strip())) from error
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
    if kind not in FACT_TYPES:
        raise UsageError(_("Kind of fact must be one of: {choices}").format(choices=", ".join(FACT_TYPES)))
    if form not in (None, "oral", "written"):
        raise UsageError(_("{option} must be one of: {choices}").format(option="--form", choices="oral, written"))
    pairs = {}
    for pair in keys:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(_("Not NAME=VALUE: {words}").format(words=pair))
        pairs[name] = value
    if kind == AUTHORSHIP and (not pairs.get("finding") or pairs.get("by") not in AUTHORS):
        raise UsageError(_("A statement of who wrote something needs finding=ID and by=other or by=self."))
    if kind == CLOCK_OFFSET:
        _check_offset(case, pairs)
    _check_channels(pairs.get("channels"))
    _require_proof(case, proof)
    stamp = stated_stamp(at, zone)
    said = cast(Literal["oral", "written"] | None, form)
    return Fact(kind, stamp, text, pairs, said, proof, case.now(), _fact_id(kind, stamp, text, pairs))


def _check_channels(stated: str | None) -> None:
    """The key ``channels`` of a request to stop contact: channels with commas between them. Raises UsageError."""
    if stated is None:
        return
    for word in stated.split(","):
        if word.strip() not in (*CHANNELS, THIRD):
            choices = ", ".join((*CHANNELS, THIRD))
            raise UsageError(_("{option} must be one of: {choices}").format(option="channels", choices=choices))


def _check_offset(case: Case, pairs: Mapping[str, str]) -> None:
    """A clock's offset names a file of the case and numbers of seconds. Raises UsageError, NotFound."""
    words = _(
        "A clock's offset needs source=SHA256 and ahead_s=SECONDS (less than a year), and may have spread_s=SECONDS."
    )
    try:
        seconds = [float(pairs["ahead_s"]), float(pairs.get("spread_s", "0"))]
    except (KeyError, ValueError) as error:
        raise UsageError(words) from error
    if not all(abs(s) < 366 * 86400 for s in seconds) or seconds[1] < 0 or not pairs.get("source"):
        raise UsageError(words)
    if case.db.execute("select 1 from source where sha256 = ?", [pairs["source"]]).fetchone() is None:
        raise NotFound(_("No record or file of this case is called {name}.").format(name=pairs["source"]))


def _fact_id(kind: str, stamp: Stamp, text: str, pairs: Mapping[str, str]) -> str:
    seed = sealing.canonical([kind, stamp.utc, text, sorted(pairs.items())])
    return "k" + hashlib.sha256(seed.encode()).hexdigest()[:16]


def authorship(case: Case, finding: str, by: Author) -> Fact:
    """The statement, made now, that the words of a finding are the other side's or the borrower's own."""
    at = case.now()
    stamp = Stamp(at, at, "stated", "epoch_utc")
    pairs = {"finding": finding, "by": by}
    return Fact(AUTHORSHIP, stamp, "", pairs, None, (), at, _fact_id(AUTHORSHIP, stamp, "", pairs))


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
    None takes it from how ``at`` is written. A note of a call that the call log shows too is joined with it.
    Raises UsageError.
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
    join_new(case)
    return record
