"""MemoTrace (留痕) and WeFlow: one WeChat conversation as plain text, times to the second (formats.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow, HolderSearch
from evidence.formats.chats.textlines import open_lines
from evidence.formats.chats.wholetext import text_problems
from evidence.formats.wechat.dumptimes import dump_stamp
from evidence.formats.wechat.memotext import MemoMessage, MemoText, looks_like_memo
from evidence.formats.wechat.wechatfolder import chat_of_folder
from evidence.formats.wechat.wechatrows import fill_content, split_quote
from evidence.formats.wechat.wechattypes import type_of_text
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.importers.qq import IMPORTER as QQ
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text


class MemoTraceText:
    """Reads the file twice, line by line: for who is who, then for the messages."""

    name = "memotrace_txt"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether each block begins with a date, a time with seconds and a name; QQ's own text is not this."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        return looks_like_memo(decode_head(file.head)) and not QQ.claims(file)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable without any."""
        lines = open_lines(file.path, options.encoding)
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL)
        search = HolderSearch(options.me)
        for message in MemoText().messages(lines.lines()):
            search.add(message.sender)
        records.settle(search.result(records.notes))
        folder = chat_of_folder(file.folder)
        walk, seen = MemoText(), 0
        for message in walk.messages(lines.lines()):
            seen += 1
            yield records.record(_row(message, folder, records))
        if not seen:
            raise Unreadable(_("No message was found."))
        for code, places in (("header_doubtful", walk.doubtful), ("text_outside", walk.outside)):
            for line in places:
                records.notes.add(code, f"line {line}")
        yield from records.notes.problems()
        yield from text_problems(lines)


def _row(message: MemoMessage, folder: tuple[str, str] | None, records: ChatRecords) -> ChatRow:
    made = ChatRow(
        locator=f"line {message.line}",
        time=dump_stamp(message.raw, records.options.zone),
        kind="system" if message.sender is None else type_of_text(message.text) or "text",
        sender=message.sender,
    )
    if folder is not None:
        made.conversation, made.conversation_id = folder
        made.extras["conversation_from"] = "folder_name"
    if message.cut:
        records.notes.add("text_cut", made.locator)
    fill_content(made, message.text, records.notes)
    if message.sender is not None:
        split_quote(made)
    return made


IMPORTER = MemoTraceText()
