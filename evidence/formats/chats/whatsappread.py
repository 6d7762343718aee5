"""The records of a WhatsApp chat sent as text: what the whole file settles first, then message by message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import ChatRecords, ChatRow
from evidence.formats.chats.dateorder import order_problem, require_order
from evidence.formats.chats.headedtext import HeadedMessage, Survey, main_shape, messages, survey
from evidence.formats.chats.oncenotes import OnceNotes, Words
from evidence.formats.chats.textlines import TextLines, open_lines
from evidence.formats.chats.whatsappbody import Body, read_body
from evidence.formats.chats.whatsapppeople import WhatsAppChat, WhatsAppPeople, is_number
from evidence.formats.chats.wholetext import text_problems
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Problem, Record
from evidence.phone import normalise


def _media_omitted(n: int) -> str:
    return ngettext(
        "{n} attachment was left out when the chat was exported; the first is {first}. Export again with media.",
        "{n} attachments were left out when the chat was exported; the first is {first}. Export again with media.",
        n,
    )


_NOTES: Mapping[str, Words] = {"media_omitted": _media_omitted}


@dataclass(slots=True)
class _Run:
    """The second pass over one file."""

    file: FileProbe
    options: ReadOptions
    found: Survey
    chat: WhatsAppChat
    records: ChatRecords
    notes: OnceNotes = field(default_factory=lambda: OnceNotes(_NOTES))
    last: str = ""

    def record(self, message: HeadedMessage) -> Record:
        """The record of one message."""
        body = read_body(message.text, message.sender)
        locator = f"line {message.line}"
        time = self.found.stamp(message.head, self.options.zone)
        if time.utc is not None:
            if time.utc < self.last:
                self.records.notes.add("order_odd", locator)
            self.last = time.utc
        if message.cut:
            self.records.notes.add("text_cut", locator)
        if body.omitted:
            self.notes.add("media_omitted", locator)
        row = ChatRow(
            locator=locator,
            time=time,
            text=body.text,
            kind=body.kind,
            sender=None if body.kind == "system" else message.sender,
            mine=body.mine if message.sender is None else None,
            conversation=self.chat.title,
            group=self.chat.group,
            state=body.state,
            duration_s=body.duration_s,
            outcome=body.outcome,
            files=body.files,
            extras=_extras(message, body),
        )
        return self._numbered(self.records.record(row), message)

    def _numbered(self, record: Record, message: HeadedMessage) -> Record:
        """With the telephone number where WhatsApp shows one instead of a name."""
        shown = record.name if record.extras.get("message_type") != "system" else None
        return replace(record, number=normalise(shown), number_raw=shown) if is_number(shown) else record


def _extras(message: HeadedMessage, body: Body) -> dict[str, object]:
    raw = {
        "system_sender": message.sender if body.kind == "system" else None,
        "marker": body.marker,
        "media_omitted": body.omitted or None,
        "event": body.event,
        "group_subject": body.subject,
    }
    return {key: value for key, value in raw.items() if value is not None}


def _told(run: _Run, lines: TextLines) -> Iterator[Problem]:
    """What is said once per file."""
    found, options = run.found, run.options
    order = order_problem(found.settled, options.date_order)
    if order is not None:
        yield order
    if run.chat.ground:
        yield Problem(
            "owner_settled",
            _("Sent and received are told apart: {ground}.").format(ground=run.chat.ground),
            "",
            "file",
            "warning",
        )
    for line in found.odd_lines:
        run.records.notes.add("header_doubtful", f"line {line}")
    yield from run.records.notes.problems()
    yield from run.notes.problems()
    yield from text_problems(lines)


def read_whatsapp(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Every message, then what is told once per file. Raises Unreadable when there is no message."""
    lines = open_lines(file.path, options.encoding)
    shape = main_shape(lines.lines())
    if shape is None:
        raise Unreadable(_("No message with date and clock was found in this text."))
    people = WhatsAppPeople()
    found = survey(lines.lines(), shape, options.date_order, people.look)
    require_order(found.settled, found.messages)
    records = ChatRecords(options, file.find, "whatsapp")
    chat = people.chat(file, options, records.notes)
    records.settle(chat.me)
    run = _Run(file, options, found, chat, records)
    for item in messages(lines.lines(), found):
        if isinstance(item, int):
            records.notes.add("text_outside", f"line {item}")
        else:
            yield run.record(item)
    yield from _told(run, lines)
