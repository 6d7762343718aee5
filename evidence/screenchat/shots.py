"""Screenshots before they are joined: what is compared of each, and which pairs are worth comparing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence.screenchat.capture import Captured
from evidence.screenchat.likeness import Worth, apart
from evidence.screenchat.model import Screen, Span
from evidence.screenchat.rows import Row, distance, folded, rows_of, tolerated

_TELLING_BITS = 6.0
_ALL_PAIRS_BELOW = 8
_NEXT = 3  # so many followers in capture order, where a text stands on more screens than that
NEAR = 2
_MEMBERS = re.compile(r"[(（]\s*\d+\s*[)）]\s*$")
_TYPING = re.compile(r"^对方正在(?:输入|讲话)|^typing", re.IGNORECASE)
_CUT = re.compile(r"(?:…|\.{2,}|⋯)\s*$")
_CHUNKS = 4
_LONG_TITLE = 5
_SCROLLING = timedelta(minutes=3)
Chat = tuple[str, str, str | None]  # holder, app, folded title


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot to be joined: ``key`` names it (a record's id), ``spans`` are what ``times.resolve`` gave.

    ``holder`` is whose phone it is; pictures of different holders are never joined.
    """

    key: str
    screen: Screen
    spans: tuple[Span, ...]
    captured: Captured | None = None
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A shot prepared: its rows, its folded title (None when there is none) and its place in the order of capture."""

    shot: Shot
    rows: tuple[Row, ...]
    title: str | None
    cut: bool
    rank: int

    @property
    def chat(self) -> Chat:
        """What screenshots of one chat have in common."""
        return self.shot.holder, self.shot.screen.app, self.title


def prepared(shots: Iterable[Shot]) -> list[Sheet]:
    """The chats among ``shots`` in the order of capture, those without a time last; the same key counts once."""
    unique = {shot.key: shot for shot in shots if shot.screen.kind == "chat"}
    ordered = sorted(unique.values(), key=lambda shot: (_at(shot), shot.key))
    sheets: list[Sheet] = []
    for shot in ordered:
        rows = rows_of(shot.screen.items, shot.spans, max(0.1, shot.screen.scale))
        if rows:
            title, cut = _title(shot.screen.title)
            sheets.append(Sheet(shot, rows, title, cut, len(sheets)))
    return sheets


def _at(shot: Shot) -> datetime:
    return datetime.max if shot.captured is None else shot.captured.at.replace(tzinfo=None)


def _title(raw: str | None) -> tuple[str | None, bool]:
    """The title folded, without the size of a group, and whether it was cut. While the other side types it is gone."""
    text = unicodedata.normalize("NFKC", raw or "").strip()
    if not text or _TYPING.search(text):
        return None, False
    text = _MEMBERS.sub("", text).strip()
    return folded(text) or None, _CUT.search(text) is not None


def compatible(one: Sheet, two: Sheet) -> bool:
    """Whether two sheets can be of one chat: holder, app, and title as far as they were read."""
    if one.shot.holder != two.shot.holder:
        return False
    apps = {one.shot.screen.app, two.shot.screen.app}
    if len(apps - {"unknown"}) > 1:
        return False
    if one.title is None or two.title is None or one.title == two.title:
        return True
    if (one.cut and two.title.startswith(one.title)) or (two.cut and one.title.startswith(two.title)):
        return True
    digits = [re.sub(r"\D", "", sheet.title or "") for sheet in (one, two)]
    shorter = min(len(one.title), len(two.title))
    most = tolerated(shorter) if shorter >= _LONG_TITLE else 0  # 王经理 and 许经理 are two people
    return digits[0] == digits[1] and distance(one.title, two.title, most) <= most


def candidates(sheets: Sequence[Sheet]) -> list[tuple[int, int]]:
    """Pairs of sheets that share something telling or were captured close together, each pair once, in order."""
    shown: dict[object, list[int]] = defaultdict(list)
    for number, sheet in enumerate(sheets):
        for key in _keys(sheet):
            shown[sheet.shot.holder, key].append(number)
    pairs: set[tuple[int, int]] = set()
    for numbers in shown.values():
        reach = len(numbers) if len(numbers) <= _ALL_PAIRS_BELOW else _NEXT
        for at, first in enumerate(numbers):
            pairs.update((first, later) for later in numbers[at + 1 : at + 1 + reach])
    by_chat: dict[object, list[int]] = defaultdict(list)
    for number, sheet in enumerate(sheets):
        by_chat[sheet.shot.holder, sheet.title].append(number)
    for numbers in (*by_chat.values(), list(range(len(sheets)))):
        for at, first in enumerate(numbers):
            pairs.update((first, later) for later in numbers[at + 1 : at + 1 + NEAR])
    return sorted(pair for pair in pairs if compatible(sheets[pair[0]], sheets[pair[1]]))


def _keys(sheet: Sheet) -> Iterator[object]:
    """What a sheet is looked up by, each once: telling rows, rows with the one after them, labels, parts of hashes."""
    found: dict[object, None] = {}
    before = ""
    for row in sheet.rows:
        if row.kind == "time":
            if row.exact:
                found["label", row.span.start] = None
            continue
        if row.bits >= _TELLING_BITS:
            found["row", row.token] = None
        if not row.text and row.print is not None:
            found.update({("print", part, row.print >> 16 * part & 0xFFFF): None for part in range(_CHUNKS)})
        if before:
            found["two", before, row.token] = None
        before = row.token
    yield from found


def worths(sheets: Sequence[Sheet]) -> dict[Chat, Worth]:
    """What rows tell in each chat. Said more than once: twice on one screen, or at times that exclude each other."""
    repeated: dict[Chat, set[str]] = defaultdict(set)
    counts: dict[Chat, Counter[str]] = defaultdict(Counter)
    totals: Counter[Chat] = Counter()
    spans: dict[tuple[Chat, str], Span] = {}
    for sheet in sheets:
        here: set[str] = set()
        for row in sheet.rows:
            if row.kind == "time":
                continue
            counts[sheet.chat].update(key for key in (row.token, row.sort, row.extent) if key)
            totals[sheet.chat] += 1
            known = spans.setdefault((sheet.chat, row.token), row.span)
            if row.token in here or apart(known, row.span):
                repeated[sheet.chat].add(row.token)
            here.add(row.token)
    return {chat: Worth(frozenset(repeated[chat]), counted, totals[chat]) for chat, counted in counts.items()}


def soon_after(one: Sheet, two: Sheet) -> bool:
    """Whether two captures follow each other, with no other between, within a few minutes: someone scrolls."""
    if abs(one.rank - two.rank) != 1 or one.shot.captured is None or two.shot.captured is None:
        return False
    return abs(_at(one.shot) - _at(two.shot)) <= _SCROLLING
