"""SMS Backup & Restore (SyncTech, Android): ``<smses>`` and ``<calls>``, and what other programs write alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from evidence.formats.android.androidfields import (
    CALL_WORDS,
    MESSAGE_TYPES,
    call_outcome,
    compare_form,
    contact,
    readable_offset,
    whole_seconds,
)
from evidence.formats.android.androidmms import read_mms
from evidence.formats.xml.xmlopen import root_name
from evidence.formats.xml.xmlrecords import Damage, Node, XmlRecords, start_tag
from evidence.formats.xml.xmlrepair import decode_doubly_escaped
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, ReadOptions
from evidence.models import Problem, Reading, Record, Stamp, TextBasis, short_message
from evidence.times import epoch_stamp, from_utc_text, to_utc_text

ROOTS = ("smses", "calls")
NAMES = ("sms", "mms", "call")
PAYLOAD = ("part", "data")
EARLIEST = "2000-01-01"
DETAILED_PROBLEMS = 100  # of one kind; the rest is counted in one more problem
_SECONDS_DIGITS = 10
_SOURCE: TextBasis = "source"


@dataclass(slots=True)
class _Notes:
    """What is told once per file: how often, and the first place."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, code: str, locator: str) -> None:
        """One more ``code``."""
        self.counts[code] += 1
        self.first.setdefault(code, locator)


@dataclass(slots=True)
class _Run:
    """One pass over one file."""

    file: FileProbe
    options: ReadOptions
    attach: Attach
    records: XmlRecords
    latest: str | None
    notes: _Notes = field(default_factory=_Notes)
    offset: int | None = None
    seconds: int = 0  # how many times are given in seconds, and how many in milliseconds
    milliseconds: int = 0

    def time(self, raw: str | None, readable: str | None, locator: str, extras: dict[str, Any]) -> Stamp:
        """The instant, with everything odd about it noted."""
        time = epoch_stamp(raw)
        if time.utc is None:
            self.notes.add("time_missing", locator)
            return time
        if time.utc < EARLIEST or (self.latest is not None and time.utc > self.latest):
            self.notes.add("time_odd", locator)
        if len(time.raw) <= _SECONDS_DIGITS:
            self.seconds += 1
        else:
            self.milliseconds += 1
        offset = readable_offset(readable, time, self.offset)
        if offset is not None:
            self.offset = offset
            extras["readable_offset_s"] = offset
            if offset % 900:
                self.notes.add("offset_odd", locator)
        return time

    def text(self, raw: str) -> str:
        """A body, with emoji that were escaped twice."""
        return decode_doubly_escaped(raw, self.records.repairs) if "&#" in raw else raw

    def sms(self, attributes: dict[str, Any], locator: str) -> Record | Problem:
        """One ``<sms>``."""
        extras = attributes
        number = extras.pop("address", None)
        body = extras.pop("body", None)
        date = extras.pop("date", None)
        if number is None and body is None and date is None:
            return _empty(locator)
        direction, state = MESSAGE_TYPES.get(extras.get("type", ""), (None, None))
        if state is not None:
            extras["state"] = state
        time = self.time(date, extras.get("readable_date"), locator, extras)
        text, basis = (None, None) if body is None else (self.text(body), _SOURCE)
        peer, name, holder = compare_form(number), contact(extras.get("contact_name")), self.options.holder
        return short_message(locator, time, direction, peer, number, name, text, basis, holder, extras)

    def call(self, attributes: dict[str, Any], locator: str) -> Record | Problem:
        """One ``<call>``. Ringing time that some phones report for a missed call is no talking time."""
        extras = attributes
        number = extras.pop("number", None)
        date = extras.pop("date", None)
        if number is None and date is None:
            return _empty(locator)
        seconds = whole_seconds(extras.get("duration"))
        kind = extras.get("type")
        direction, outcome = call_outcome(kind, seconds)
        if kind in CALL_WORDS:
            extras["call_type"] = CALL_WORDS[kind]
        if seconds and outcome in ("missed", "rejected"):
            extras["ring_s"], seconds = seconds, 0
        return Record(
            kind="call",
            channel="call",
            locator=locator,
            time=self.time(date, extras.get("readable_date"), locator, extras),
            direction=direction,
            number=compare_form(number),
            number_raw=number,
            name=contact(extras.get("contact_name")),
            duration_s=None if seconds is None else float(seconds),
            outcome=outcome,
            holder=self.options.holder,
            extras=extras,
        )

    def mms(self, element: Node, locator: str) -> Iterator[Record | Problem]:
        """One ``<mms>`` with its parts and addresses."""
        message, problems = read_mms(element, locator, self.attach)
        extras = message.extras
        address, date = extras.pop("address", None), extras.pop("date", None)
        if address is None and date is None and message.text is None and not message.media:
            yield _empty(locator)
            return
        yield Record(
            kind="mms",
            channel="mms",
            locator=locator,
            time=self.time(date, extras.get("readable_date"), locator, extras),
            direction=message.direction,
            number=compare_form(message.number),
            number_raw=message.number if message.number is not None else address,
            name=contact(extras.get("contact_name")),
            text=None if message.text is None else self.text(message.text),
            text_basis=None if message.text is None else "source",
            participants=message.participants,
            media=message.media,
            holder=self.options.holder,
            extras=extras,
        )
        yield from problems

    def damage(self, damage: Damage) -> Iterator[Record | Problem]:
        """A place that could not be read; of a record that is too large its own columns are still read."""
        locator = f"{damage.name}[{damage.ordinal}]" if damage.name else ""
        self.notes.add(damage.what, locator)
        if self.notes.counts[damage.what] > DETAILED_PROBLEMS:
            return
        message = _damage_text(damage.what).format(
            locator=locator, offset=damage.offset, size=damage.size, reason=damage.reason or _("no end tag")
        )
        yield Problem(f"xml_{damage.what}", message, locator=locator)
        element = start_tag(damage.head, damage.name) if damage.what == "too_large" else None
        if element is not None:
            element.attributes["payload"] = "too_large"
            yield from self.element(element, locator)

    def element(self, element: Node, locator: str) -> Iterator[Record | Problem]:
        """Any element of :data:`NAMES`."""
        if element.tag == "mms":
            yield from self.mms(element, locator)
        elif element.tag == "sms":
            yield self.sms(element.attributes, locator)
        else:
            yield self.call(element.attributes, locator)

    def all(self) -> Iterator[Record | Problem]:
        """Every record in file order, then what is told once per file."""
        records = self.records
        for item in records:
            if isinstance(item, Damage):
                yield from self.damage(item)
                continue
            locator = f"{item.tag}[{records.seen[item.tag]}]"
            if item.tag == "sms":  # nine in ten; one generator less
                yield self.sms(item.attributes, locator)
            else:
                yield from self.element(item, locator)
        yield from _summary(self)


def _damage_text(what: str) -> str:
    return {
        "broken": _("{locator} cannot be read ({size} bytes at byte {offset}: {reason}). The rest goes on."),
        "too_large": _("{locator} is larger than can be read ({size} bytes at byte {offset}): payload left out."),
        "truncated": _("The file ends too early; it was cut off ({reason}). All complete records are read."),
        "damaged": _("The file is damaged outside its records: {reason}"),
    }[what]


def _note_texts(counts: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    return {
        "time_missing": (
            "time_unreadable",
            ngettext(
                "{n} record has no time that can be read; the first is {locator}.",
                "{n} records have no time that can be read; the first is {locator}.",
                counts["time_missing"],
            ),
        ),
        "time_odd": (
            "time_odd",
            ngettext(
                "{n} record lies before 2000 or after the backup; the first is {locator}.",
                "{n} records lie before 2000 or after the backup; the first is {locator}.",
                counts["time_odd"],
            ),
        ),
        "offset_odd": (
            "time_zone_odd",
            ngettext(
                "In {n} record the readable time does not fit the exact one; the first is {locator}.",
                "In {n} records the readable time does not fit the exact one; the first is {locator}.",
                counts["offset_odd"],
            ),
        ),
    }


def _empty(locator: str) -> Problem:
    return Problem("record_empty", _("{locator} is empty.").format(locator=locator), "", locator, "warning")


def _warning(code: str, message: str, locator: str = "") -> Problem:
    return Problem(code, message, "", locator, "warning")


def _summary(run: _Run) -> Iterator[Problem]:
    """What is told once per file."""
    notes, records = run.notes, run.records
    opened, repairs, seen = records.opened, records.repairs, sum(records.seen.values())
    for what, total in notes.counts.items():
        if total > DETAILED_PROBLEMS and what in ("broken", "too_large"):
            more = total - DETAILED_PROBLEMS
            message = ngettext("{n} more place like this.", "{n} more places like this.", more).format(n=more)
            yield Problem(f"xml_{what}", message)
    declared = opened.attributes.get("count")
    if declared is not None and declared.strip() != str(seen):
        message = _("The file declares {declared} as its number of records; it holds {seen}.")
        yield _warning("count_differs", message.format(declared=declared, seen=seen))
    if repairs.total:
        message = _(
            "Repaired while reading: emoji {pairs}, forbidden character references {references}, control characters "
            "{controls}, bare signs {signs}, wrong bytes {octets}. The original is unchanged."
        ).format(
            pairs=repairs.pairs,
            references=repairs.references,
            controls=repairs.controls,
            signs=repairs.signs,
            octets=repairs.octets,
        )
        yield _warning("xml_repaired", message)
    if opened.doctype:
        yield _warning("doctype_ignored", _("The file carries a document type (DTD). It was left out, unread."))
    if opened.encoding != "utf-8" or opened.label_wrong:
        message = _("Read as {encoding}; the file itself says {declared}.").format(
            encoding=opened.encoding, declared=opened.declared or _("nothing")
        )
        if opened.label_wrong:
            yield _warning("encoding_assumed", message)
    if run.seconds and run.milliseconds:
        message = _("The file mixes times in seconds ({s}) and in milliseconds ({ms}); both are read.").format(
            s=run.seconds, ms=run.milliseconds
        )
        yield _warning("time_units_mixed", message)
    for key, (code, text) in _note_texts(notes.counts).items():
        if notes.counts[key]:
            yield _warning(code, text.format(n=notes.counts[key], locator=notes.first[key]), notes.first[key])
    for tag, total in records.strangers.items():
        message = ngettext(
            "{n} element <{tag}> is not of this format and was not read.",
            "{n} elements <{tag}> are not of this format and were not read.",
            total,
        ).format(n=total, tag=tag)
        yield _warning("element_unknown", message)


class SmsBackupRestore:
    """Reads message and call backups in file order, one record in memory at a time."""

    name = "sms_backup_restore"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the root element is ``smses`` or ``calls``."""
        return b"s" in file.head and root_name(file.head) in ROOTS

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Record | Reading | Problem]:
        """Everything in the file; see :class:`evidence.importers.base.Importer`."""
        records = XmlRecords(file.path, ROOTS, NAMES, payload=PAYLOAD)
        made = epoch_stamp(records.opened.attributes.get("backup_date")).utc or file.mtime
        latest = None if made is None else to_utc_text(from_utc_text(made) + timedelta(days=1))
        yield from _Run(file, options, attach, records, latest).all()


IMPORTER = SmsBackupRestore()
