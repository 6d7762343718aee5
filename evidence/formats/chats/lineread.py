"""The records of a LINE chat sent as text: days and people first, then message by message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from evidence.errors import Unreadable
from evidence.formats.chats.chatclock import day_of
from evidence.formats.chats.chatrows import ChatRecords, ChatRow, HolderSearch
from evidence.formats.chats.dateorder import Settled, order_problem, require_order
from evidence.formats.chats.linetext import LineMessage, LineReader, LineTitle, read_title, settle_days
from evidence.formats.chats.linewords import read_line_body
from evidence.formats.chats.textlines import open_lines
from evidence.formats.chats.whatsapppeople import NOBODY
from evidence.formats.chats.wholetext import text_problems
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Problem, Record, Stamp
from evidence.times import local_stamp

_TITLE_LINES = 3


@dataclass(slots=True)
class _Run:
    """The second pass over one file."""

    options: ReadOptions
    settled: Settled
    title: LineTitle | None
    group: bool
    records: ChatRecords
    last: str = ""

    def record(self, message: LineMessage) -> Record:
        """The record of one message."""
        locator = f"line {message.line}"
        time = self.stamp(message)
        if time.utc is not None:
            if time.utc < self.last:
                self.records.notes.add("order_odd", locator)
            self.last = time.utc
        if message.cut:
            self.records.notes.add("text_cut", locator)
        body = read_line_body(message.text, message.sender)
        return self.records.record(
            ChatRow(
                locator=locator,
                time=time,
                text=message.text,
                kind=body.kind,
                sender=message.sender,
                conversation=self.title.name if self.title else None,
                group=self.group,
                state=body.state,
                duration_s=body.duration_s,
                outcome=body.outcome,
            )
        )

    def stamp(self, message: LineMessage) -> Stamp:
        """Day and clock of a message, exact to the minute."""
        day = message.day
        raw = f"{day.raw} {message.clock}" if day is not None else message.clock
        unknown = Stamp(raw=raw, basis="export", precision_s=60.0)
        if day is None or message.hour is None or self.settled.order is None:
            return unknown
        try:
            wall = datetime(*day_of(day.numbers, self.settled.order), message.hour, message.minute)
        except ValueError:
            return unknown
        return local_stamp(wall, self.options.zone, raw, "export", 60.0, "minute_only")


def _title(lines: Iterator[str]) -> LineTitle | None:
    for number, line in enumerate(lines, 1):
        if number > _TITLE_LINES:
            return None
        found = read_title(line, number)
        if found is not None:
            return found
    return None


def read_line_chat(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Every message, then what is told once. Raises Unreadable when there is none."""
    lines = open_lines(file.path, options.encoding)
    settled, days, senders, tabbed = settle_days(lines.lines(), options.date_order)
    require_order(settled, days)
    title = _title(lines.lines())
    group = len(senders) > 2 or (title is not None and title.group)
    records = ChatRecords(options, file.find, "line")
    search = HolderSearch(options.me)
    for sender in sorted(senders):
        search.add(sender)
    records.settle(search.result(records.notes))
    ground = ""
    if not records.me and not group and title is not None and title.name in senders:
        records.settle(frozenset(senders - {title.name}) or NOBODY)
        ground = _("the first line says that the chat is with “{name}”").format(name=title.name)
    names = (*options.me, *([title.name] if title else []))
    reader = LineReader(tabbed, names)
    run = _Run(options, settled, title, group, records)
    count = 0
    for message in reader.messages(lines.lines()):
        count += 1
        yield run.record(message)
    if not count:
        raise Unreadable(_("This LINE chat holds no message."))
    order = order_problem(settled, options.date_order)
    if order is not None:
        yield order
    if ground:
        text = _("Sent and received are told apart: {ground}.").format(ground=ground)
        yield Problem("owner_settled", text, "", "file", "warning")
    for line in reader.outside:
        records.notes.add("text_outside", f"line {line}")
    yield from records.notes.problems()
    yield from text_problems(lines)
