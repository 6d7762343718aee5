"""Text copied out of WeChat on a computer and saved in a file."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import ChatRecords, ChatRow, HolderSearch
from evidence.formats.chats.wholetext import read_whole, text_problems
from evidence.formats.wechat.wechatpaste import Pasted, parse_paste, recognise
from evidence.formats.wechat.wechattext import attached_names
from evidence.formats.wechat.wechattypes import type_of_text
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Stamp, TimeHow
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text
from evidence.times import local_stamp


class WechatCopy:
    """Reads one pasted conversation."""

    name = "wechat_copy"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the text begins with a message in one of the three forms that WeChat copies."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        text = decode_head(file.head)
        return not text.lstrip().startswith(("<", "{", "[{")) and recognise(text) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The messages, then what is told once. Raises Unreadable when there is none."""
        text, lines = read_whole(file, options)
        form = recognise(text)
        if form is None:
            raise Unreadable(_("No message in the form that WeChat copies was found."))
        paste = parse_paste(text, form)
        records = ChatRecords(options, file.find, "wechat")
        names = dict.fromkeys(message.sender for message in paste.messages)
        search = HolderSearch(options.me)
        for name in names:
            search.add(name)
        records.settle(search.result(records.notes))
        others = [name for name in names if name not in records.me]
        partner = others[0] if len(others) == 1 and records.me else None
        for message in paste.messages:
            row = _row(message, options)
            row.conversation = partner
            row.group = len(names) > 2
            yield records.record(row)
        for code, places in (("header_doubtful", paste.doubtful), ("text_outside", paste.outside)):
            for line in places:
                records.notes.add(code, f"line {line}")
        yield from records.notes.problems()
        yield from text_problems(lines)


def _row(message: Pasted, options: ReadOptions) -> ChatRow:
    how: TimeHow = "minute_only" if message.precision_s == 60 else "local_assumed"
    time = Stamp(raw=message.raw)
    if message.wall is not None:
        time = local_stamp(message.wall, options.zone, message.raw, "export", message.precision_s, how)
    return ChatRow(
        locator=f"line {message.line}",
        time=time,
        text=message.text,
        kind=type_of_text(message.text) or "text",
        sender=message.sender,
        files=attached_names(message.text),
    )


IMPORTER = WechatCopy()
