"""One message of QQ's message manager as a row: who it is from, which conversation, which kind."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.formats.chats.chatrows import ChatRecords, ChatRow, HolderSearch
from evidence.formats.qq.qqheader import QQChat, QQChats, QQSender
from evidence.formats.wechat.wechattypes import type_of_text
from evidence.models import Stamp


@dataclass(slots=True)
class QQRows:
    """Makes rows; ``search`` and ``chats`` come from a first pass over the file."""

    records: ChatRecords
    chats: QQChats
    search: HolderSearch
    by_heading: bool = False

    def settle(self) -> None:
        """Decide who the holder is: the names of ``--me``, else the account that the headings leave over."""
        options = self.records.options
        self.records.settle(self.search.result(self.records.notes))
        if not options.me:
            holder = self.chats.holder()
            self.by_heading = True
            self.records.settle(frozenset() if holder is None else frozenset({holder}))

    def row(self, locator: str, time: Stamp, sender: QQSender, text: str, chat: QQChat) -> ChatRow:
        """A message of ``chat``."""
        kind = "system" if sender.is_system else type_of_text(text) or "text"
        state = None
        if sender.is_system and "撤回" in text:
            kind, state = "recalled", "recalled"
        made = ChatRow(
            locator=locator,
            time=time,
            text=text,
            kind=kind,
            sender=sender.name or sender.account,
            account=sender.account,
            conversation=chat.title or None,
            group=chat.group,
            state=state,
        )
        if sender.title is not None:
            made.extras["sender_title"] = sender.title
        if chat.folder:
            made.extras["conversation_folder"] = chat.folder
        if self.by_heading and not sender.is_system:
            key = sender.account or sender.name
            if chat.partner is not None and key == chat.partner:
                made.mine = False
            elif key in self.records.me:
                made.mine = True
            if made.mine is not None:
                self.records.notes.add("direction_by_heading", locator)
        return made
