"""The records of one page of Telegram's form for reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import ChatRecords, ChatRow, HolderSearch
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Outcome, Problem, Record, Stamp
from evidence.times import local_stamp, offset_stamp

SIZE_LIMIT = 64 << 20  # Telegram begins a new file after a thousand messages
_TIME = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)(?: UTC([+-])(\d\d):?(\d\d))?")
_LENGTH = re.compile(r"\((?:(\d{1,3}):)?(?:(\d{1,4}):)?(\d{1,6})(?: ?(?:seconds?|s|秒))?\)|\((\d{1,6}) [^()\d]{1,20}\)")
_KINDS = (
    ("media_voice_message", "voice"),
    ("media_video", "video"),
    ("video_file_wrap", "video"),
    ("animated_wrap", "video"),
    ("media_photo", "image"),
    ("photo_wrap", "image"),
    ("sticker_wrap", "sticker"),
    ("media_location", "location"),
    ("media_contact", "card"),
    ("media_poll", "poll"),
    ("media_file", "file"),
    ("media_audio_file", "file"),
)
_DAY = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9}) (\d{4})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_BLOCKS = {"br", "div", "p", "tr"}


@dataclass(slots=True)
class _Page:
    """One parsed file: the name of the chat and its messages as elements."""

    title: str | None
    rows: list[Any] = field(default_factory=list)
    senders: set[str] = field(default_factory=set)


def _parse(file: FileProbe, encoding: str | None) -> _Page:
    import lxml.html

    if file.size > SIZE_LIMIT:
        message = _("This page has {mb} MB; pages of this form are read up to {limit} MB.")
        raise Unreadable(message.format(mb=file.size >> 20, limit=SIZE_LIMIT >> 20))
    parser = lxml.html.HTMLParser(encoding=encoding or "utf-8", no_network=True, huge_tree=False)
    try:
        tree = lxml.html.document_fromstring(file.path.read_bytes(), parser=parser)
    except (lxml.etree.LxmlError, ValueError, LookupError, AssertionError) as error:
        raise Unreadable(_("The page cannot be read as HTML.")) from error
    header = next(iter(_parts(tree, "page_header")), None)
    page = _Page(_own_text(header, "text") if header is not None else None)
    page.rows = [row for row in _parts(tree, "message") if {"default", "service"} & _classes(row)]
    if not page.rows:
        raise Unreadable(_("The page holds no message."))
    for row in page.rows:
        name = _own_text(row, "from_name")
        if name:
            page.senders.add(name)
    return page


def _divider(row: Any, zone: ZoneInfo) -> Stamp | None:
    """The day that a line between the messages begins (always in English): the only time that service lines have."""
    if not str(row.get("id") or "").startswith("message-"):
        return None
    match = _DAY.fullmatch(_service_text(row))
    if match is None or match[2].lower() not in _MONTHS:
        return None
    try:
        wall = datetime(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    except ValueError:
        return None
    return local_stamp(wall, zone, match[0], "export", 86400.0, "date_only")


def _record(
    row: Any,
    number: int,
    sender: str | None,
    page: _Page,
    records: ChatRecords,
    pair: bool,
    group: bool,
    day: Stamp | None,
) -> Record:
    service = "service" in _classes(row)
    call = next(iter(_parts(row, "media_call")), None)
    outcome, seconds, mine = (None, None, None) if call is None else _call(call)
    if call is None and pair and sender is not None:
        mine = sender != page.title
    text = _service_text(row) if service else _own_lines(row)
    kind = "call" if call is not None else "system" if service else _kind(row)
    files = [] if service else _links(row)
    raw = {
        "forwarded_from": _forwarded(row),
        "reply_to": next((a.get("href") for part in _parts(row, "reply_to") for a in part.iter("a")), None),
        "media_words": None if call is None and not files else _words(next(iter(_parts(row, "media")), None)),
    }
    ident = str(row.get("id") or "")
    return records.record(
        ChatRow(
            locator=f"message[{number}]",
            time=day if service and day is not None else _time(row, records.options.zone),
            text=text if call is None else _words(call),
            kind=kind,
            sender=None if service else sender,
            mine=mine,
            conversation=page.title,
            group=group,
            message_id=ident.removeprefix("message") or None,
            outcome=outcome,
            duration_s=seconds,
            files=files,
            extras={key: value for key, value in raw.items() if value},
        )
    )


def _time(row: Any, zone: ZoneInfo) -> Stamp:
    """From the title of the clock: ``02.01.2024 10:22:33 UTC+08:00``; older pages lack the offset."""
    raw = next((str(part.get("title") or "") for part in _parts(row, "date", own=True)), "")
    match = _TIME.fullmatch(raw.strip())
    if match is None:
        return Stamp(raw=raw)
    day, month, year, hour, minute, second = (int(part) for part in match.groups()[:6])
    try:
        wall = datetime(year, month, day, hour, minute, second)
        if match[7] is None:
            return local_stamp(wall, zone, raw, "export")
        moment = datetime.fromisoformat(f"{wall.isoformat()}{match[7]}{match[8]}:{match[9]}")
    except ValueError:
        return Stamp(raw=raw)
    return offset_stamp(moment, raw, "export")


def _call(part: Any) -> tuple[Outcome | None, float | None, bool | None]:
    """``Outgoing (35 seconds)``, ``Missed``, ``Declined``, ``Cancelled``; what is not said stays None."""
    status = (_own_text(part, "status") or "").lower()
    mine = True if status.startswith(("outgoing", "cancel")) else False if status else None
    match = _LENGTH.search(status)
    if match is not None:
        hours, minutes, seconds = (int(x or 0) for x in (match[1], match[2], match[3] or match[4]))
        if match[1] and not match[2]:
            hours, minutes = 0, hours
        return "answered", float(hours * 3600 + minutes * 60 + seconds), mine
    if "missed" in status or "cancel" in status:
        return "missed", 0.0, mine
    return ("rejected", 0.0, mine) if "declin" in status or "busy" in status else (None, None, mine)


def _kind(row: Any) -> str:
    names = {name for part in row.iter() if isinstance(part.tag, str) for name in _classes(part)}
    return next((kind for word, kind in _KINDS if word in names), "text")


def _links(row: Any) -> list[str]:
    """Paths of attachments: links of media, never addresses of the network."""
    out = []
    for wrap in _parts(row, "media_wrap"):
        for link in wrap.iter("a"):
            path = str(link.get("href") or "")
            if path and not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:|#|//", path):
                out.append(path)
    return out


def _forwarded(row: Any) -> str | None:
    part = next(iter(_parts(row, "forwarded")), None)
    return None if part is None else _own_text(part, "from_name", inside=True)


def _classes(part: Any) -> set[str]:
    return set(str(part.get("class") or "").split())


def _parts(part: Any, name: str, own: bool = False) -> list[Any]:
    """Elements of a class below ``part``; with ``own`` not those of a forwarded message inside."""
    found = [e for e in part.iter() if isinstance(e.tag, str) and name in _classes(e)]
    return [e for e in found if not _is_forwarded(e, part)] if own else found


def _is_forwarded(element: Any, top: Any) -> bool:
    return any("forwarded" in _classes(above) for above in element.iterancestors() if _below(above, top))


def _below(above: Any, top: Any) -> bool:
    return above is not top and top in above.iterancestors()


def _own_text(part: Any, name: str, inside: bool = False) -> str | None:
    """The words of the first element of a class, without the date that may stand inside it."""
    found = next(iter(_parts(part, name, own=not inside)), None)
    if found is None:
        return None
    text = (found.text or "") + "".join(
        (child.tail or "") if "details" in _classes(child) else _words(child) + (child.tail or "") for child in found
    )
    return " ".join(text.split()) or None


def _own_lines(row: Any) -> str | None:
    """What a person wrote; also the words of a forwarded message."""
    parts = [_words(e) for e in _parts(row, "text") if "message" not in _classes(e)]
    return "\n".join(part for part in parts if part) or None


def _service_text(row: Any) -> str:
    return next((_words(e) for e in _parts(row, "body")), "")


def _words(part: Any) -> str:
    """The text below an element; ``<br>`` and blocks begin a new line."""
    if part is None:
        return ""
    out: list[str] = []
    for event, element in _walk(part):
        if event == "start" and isinstance(element.tag, str):
            if element.tag in _BLOCKS and out:
                out.append("\n")
            out.append((element.text or "").strip("\n") if element.tag in _BLOCKS else element.text or "")
        elif event == "end" and element is not part:
            out.append(element.tail or "")
    lines = [" ".join(line.split()) for line in "".join(out).split("\n")]
    return "\n".join(line for line in lines if line)


def _walk(part: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    yield from etree.iterwalk(part, events=("start", "end"))


def read_page(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Every message, then what is told once. Raises Unreadable when the page holds none."""
    page = _parse(file, options.encoding)
    records = ChatRecords(options, file.find, "telegram")
    search = HolderSearch(options.me)
    for sender in sorted(page.senders):
        search.add(sender)
    records.settle(search.result(records.notes))
    group = len(page.senders) > 2
    pair = not group and not records.me and page.title in page.senders
    speaker: str | None = None
    day: Stamp | None = None
    for n, row in enumerate(page.rows, 1):
        begun = _divider(row, options.zone)
        if begun is not None:
            day = begun
            continue
        speaker = _own_text(row, "from_name") or (speaker if "joined" in _classes(row) else None)
        yield _record(row, n, speaker, page, records, pair, group, day)
    if pair:
        ground = _("the page is the chat with “{name}”").format(name=page.title)
        text = _("Sent and received are told apart: {ground}.").format(ground=ground)
        yield Problem("owner_settled", text, "", "file", "warning")
    yield from records.notes.problems()
