"""The records of a Signal chat in the text form of third-party tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow, HolderSearch
from evidence.formats.chats.headedtext import HeadedMessage, Survey, main_shape, messages, survey
from evidence.formats.chats.textlines import open_lines
from evidence.formats.chats.whatsapppeople import is_number
from evidence.formats.chats.wholetext import text_problems
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Record
from evidence.phone import normalise


def _record(message: HeadedMessage, found: Survey, records: ChatRecords, partner: str | None) -> Record:
    locator = f"line {message.line}"
    if message.cut:
        records.notes.add("text_cut", locator)
    row = ChatRow(
        locator=locator,
        time=found.stamp(message.head, records.options.zone),
        text=message.text,
        kind="text" if message.sender is not None else "system",
        sender=message.sender,
        conversation=partner,
        group=len(found.senders) > 2,
    )
    record = records.record(row)
    if is_number(record.name):
        return replace(record, number=normalise(record.name), number_raw=record.name)
    return record


def read_signal(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Every message, then what is told once. Raises Unreadable when there is none."""
    lines = open_lines(file.path, options.encoding)
    shape = main_shape(lines.lines())
    if shape is None:
        raise Unreadable(_("No message with date and clock was found in this text."))
    found = survey(lines.lines(), shape, options.date_order)
    records = ChatRecords(options, file.find, "signal", UNOFFICIAL)
    search = HolderSearch(options.me)
    for sender in sorted(found.senders):
        search.add(sender)
    records.settle(search.result(records.notes))
    others = [sender for sender in found.senders if sender not in records.me]
    partner = others[0] if records.me and len(others) == 1 else None
    for item in messages(lines.lines(), found):
        if isinstance(item, int):
            records.notes.add("text_outside", f"line {item}")
        else:
            yield _record(item, found, records, partner)
    for line in found.odd_lines:
        records.notes.add("header_doubtful", f"line {line}")
    yield from records.notes.problems()
    yield from text_problems(lines)
