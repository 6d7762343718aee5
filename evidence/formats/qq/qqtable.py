"""The HTML table of a QQ message archive (formats.md 3.4), cut into rows as a stream: it is one line of up to a GB."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from evidence.formats.qq.qqheader import QQSender, read_clock, read_sender

ROW_LIMIT = 8 << 20  # characters; a longer row is passed over and named
_END = re.compile(r"</tr\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_BREAK = re.compile(r"<(?:br|/p|/div)\s*/?>", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]{0,2000}?\bsrc\s*=\s*[\"']?([^\"'<>\s]{1,300})", re.IGNORECASE)
_MESSAGE = re.compile(
    r"<div\s+style=[\"']?color:\s*(#[0-9a-fA-F]{6})[^<>]{0,200}>\s{0,20}<div\s+style=[\"']?float:\s*left[^<>]{0,200}>"
)
_CLOCK_END = re.compile(r"</div\s*>", re.IGNORECASE)
_DAY = re.compile(r"日期[:：]\s{0,4}(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


@dataclass(frozen=True, slots=True)
class Day:
    """A row with the date of those after it."""

    date: date
    raw: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that names the folder (``object`` False) or the conversation."""

    text: str
    object: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message row. ``images`` are the names of parts; ``colour`` that of its heading."""

    row: int
    clock: time
    raw: str
    sender: QQSender
    text: str
    images: tuple[str, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Odd:
    """A row that cannot be read: what it says, cut."""

    row: int
    text: str


TableRow = Day | Heading | Message | Odd


def table_rows(pieces: Iterable[bytes], encoding: str) -> Iterator[TableRow]:
    """The rows of the table, from the bytes of the HTML part. Rows without content give nothing."""
    for number, source in enumerate(_cut(pieces, encoding), 1):
        row = Odd(number, "") if source is None else read_row(source, number)
        if row is not None:
            yield row


def _cut(pieces: Iterable[bytes], encoding: str) -> Iterator[str | None]:
    """The source of each row; None for one that is too long."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    held, skipping, scanned = "", False, 0
    for piece in pieces:
        held += decoder.decode(piece)
        at = 0
        for end in _END.finditer(held, scanned):
            yield None if skipping else held[at : end.start()]
            skipping, at = False, end.end()
        held = held[at:]
        if len(held) > ROW_LIMIT:
            skipping, held = True, held[-16:]
        scanned = max(len(held) - 16, 0)
    if held.strip() and not skipping and "<td" in held.lower():
        yield held


def read_row(source: str, number: int) -> TableRow | None:
    """One row of the table, None for an empty one."""
    start = _MESSAGE.search(source)
    if start is not None:
        return _message(source, start, number)
    text = _words(source).strip()
    day = _DAY.fullmatch(text)
    if day is not None:
        try:
            return Day(date(int(day[1]), int(day[2]), int(day[3])), text[3:].strip())
        except ValueError:
            return Odd(number, text[:200])
    if text[:5] in ("消息分组:", "消息分组：", "消息对象:", "消息对象："):
        return Heading(text[5:].strip(), text.startswith("消息对象"))
    if not text or text.endswith("消息记录") or "QQ Message" in text:
        return None
    return Odd(number, text[:200])


def _message(source: str, start: re.Match[str], number: int) -> TableRow:
    name_end = _CLOCK_END.search(source, start.end())
    if name_end is None:
        return Odd(number, _words(source)[:200])
    name = html.unescape(_TAG.sub("", source[start.end() : name_end.start()])).replace("\u00a0", " ")
    clock_end = _CLOCK_END.search(source, name_end.end())
    body_at = len(source) if clock_end is None else clock_end.end()
    clock_text = _words(source[name_end.end() : len(source) if clock_end is None else clock_end.start()]).strip()
    clock = read_clock(clock_text)
    if clock is None:
        return Odd(number, _words(source)[:200])
    body = source[body_at:]
    images = tuple(dict.fromkeys(html.unescape(found) for found in _IMAGE.findall(body)))
    return Message(number, clock[0], clock_text, read_sender(name), _words(body).strip("\n"), images, start[1].upper())


def _words(source: str) -> str:
    """The text of a piece of HTML: breaks as line ends, tags left out, references resolved."""
    broken = _BREAK.sub("\n", source.replace("\r", "").replace("\n", ""))
    text = html.unescape(_TAG.sub("", broken)).replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")
