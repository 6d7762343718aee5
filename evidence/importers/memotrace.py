"""MemoTrace (留痕, WeChatMsg): CSV of the whole account (two headers) and of one chat (formats.md 3.3, third form)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow, HolderSearch
from evidence.formats.tables.csvrows import CsvFile, open_csv
from evidence.formats.wechat.dumptable import NamedRow, header_of, kept, named_rows
from evidence.formats.wechat.dumptimes import differs, dump_stamp
from evidence.formats.wechat.wechatfolder import chat_of_folder
from evidence.formats.wechat.wechatrows import fill_content, kind_of_number, kind_of_word, split_quote
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

FULL = ["localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime"]
CHAT = ["消息ID", "类型", "发送人", "时间", "内容"]
_TALKERS_LIMIT = 200_000
_SYSTEM = ("10000", "10002")


@dataclass(slots=True)
class _Talker:
    """What the received rows of one chat show: who writes, and whether more than one does."""

    name: str
    account: str
    group: bool


@dataclass(slots=True)
class _First:
    """What the first pass learns: the chats by their number, and which names of the holder occur."""

    search: HolderSearch
    talkers: dict[str, _Talker] = field(default_factory=dict)

    def see(self, row: NamedRow) -> None:
        """One row of a full dump."""
        cells = row.cells
        name, account = cells.get("Remark") or cells.get("NickName") or "", cells.get("Sender", "")
        self.search.add(name, cells.get("NickName"), account)
        if cells.get("IsSender") == "1" or cells.get("Type") in _SYSTEM:
            return
        talker = self.talkers.get(cells.get("TalkerId", ""))
        if talker is None:
            if len(self.talkers) < _TALKERS_LIMIT:
                made = _Talker(name, account, account.endswith("@chatroom"))
                self.talkers[cells.get("TalkerId", "")] = made
        elif account and account != talker.account:
            talker.group = True


class MemoTrace:
    """Reads the table twice: for who is who, then for the messages. Memory does not grow with the rows."""

    name = "memotrace"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the header is one of MemoTrace's."""
        return header_of(file.head, FULL) is not None or header_of(file.head, CHAT) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every row, then what is told once."""
        full = header_of(file.head, FULL)
        found = full or header_of(file.head, CHAT)
        table = open_csv(file.path, options.encoding, None if found is None else found[1])
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL)
        rows = _full(table, records, file) if full is not None else _chat(table, records, file)
        for row in rows:
            yield records.record(row)
        yield from records.notes.problems()
        yield from table.problems()


def _full(table: CsvFile, records: ChatRecords, file: FileProbe) -> Iterator[ChatRow]:
    first = _First(HolderSearch(records.options.me))
    chats: set[str] = set()
    for row in named_rows(table, ChatNotes(), unnamed=1):
        first.see(row)
        if len(chats) < 2:
            chats.add(row.cells.get("TalkerId", ""))
    records.settle(frozenset(first.search.found))
    folder = chat_of_folder(file.folder) if len(chats) == 1 else None
    for row in named_rows(table, records.notes, unnamed=1):
        if not row.cells.get("CreateTime") and not row.cells.get("StrContent"):
            records.notes.add("row_unreadable", row.locator)
            continue
        yield _full_row(row, first.talkers, folder, records)


def _full_row(
    row: NamedRow, talkers: dict[str, _Talker], folder: tuple[str, str] | None, records: ChatRecords
) -> ChatRow:
    cells, zone = row.cells, records.options.zone
    time = dump_stamp(cells.get("CreateTime"), zone)
    if time.utc is None:
        time = dump_stamp(cells.get("StrTime"), zone)
    elif differs(time, cells.get("StrTime"), zone):
        records.notes.add("time_differs", row.locator)
    talker = talkers.get(cells.get("TalkerId", ""))
    made = ChatRow(
        locator=row.locator,
        time=time,
        kind=kind_of_number(cells.get("Type", ""), cells.get("SubType", ""), records.notes, row.locator),
        sender=cells.get("Remark") or cells.get("NickName") or None,
        account=cells.get("Sender") or None,
        mine={"1": True, "0": False}.get(cells.get("IsSender", "")),
        extras=dict(kept(row, "StrContent")),
    )
    if talker is not None:
        made.group = talker.group
        if not talker.group:
            made.conversation, made.conversation_id = talker.name or None, talker.account or None
    if folder is not None and made.conversation_id is None:
        made.conversation, made.conversation_id = folder
        made.extras["conversation_from"] = "folder_name"
    if row.surplus and row.surplus[0].isdecimal():
        made.message_id = row.surplus[0]
    fill_content(made, cells.get("StrContent", ""), records.notes)
    if made.group and made.conversation_id is None and "TalkerId" in cells:
        made.conversation_id = cells["TalkerId"]
    return made


def _chat(table: CsvFile, records: ChatRecords, file: FileProbe) -> Iterator[ChatRow]:
    search = HolderSearch(records.options.me)
    for row in named_rows(table, ChatNotes()):
        if row.cells.get("类型") != "系统消息":
            search.add(row.cells.get("发送人"), row.cells.get("昵称"), row.cells.get("备注"))
    records.settle(search.result(records.notes))
    folder = chat_of_folder(file.folder)
    for row in named_rows(table, records.notes):
        cells = row.cells
        if not cells.get("时间") and not cells.get("内容"):
            records.notes.add("row_unreadable", row.locator)
            continue
        made = ChatRow(
            locator=row.locator,
            time=dump_stamp(cells.get("时间"), records.options.zone),
            kind=kind_of_word(cells.get("类型", ""), records.notes, row.locator),
            sender=_name_of_me(cells, records.me) or cells.get("发送人") or None,
            message_id=cells.get("消息ID") or None,
            extras=dict(kept(row, "时间", "内容", "消息ID")),
        )
        if folder is not None:
            made.conversation, made.conversation_id = folder
            made.group = folder[1].endswith("@chatroom")
            made.extras["conversation_from"] = "folder_name"
        fill_content(made, cells.get("内容", ""), records.notes)
        if made.kind == "quote":
            split_quote(made)
        yield made


def _name_of_me(cells: dict[str, str], me: frozenset[str]) -> str | None:
    """The one of the three names of a sender that ``--me`` gave."""
    return next((cells[key] for key in ("发送人", "昵称", "备注") if cells.get(key) in me), None)


IMPORTER = MemoTrace()
