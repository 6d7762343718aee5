"""How well a screenshot was turned into a conversation, held against the truth of its drawing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.screens.draw import READABLE
from benchmarks.screens.truth import Box, Entry, Row, Shot
from evidence.models import Line
from evidence.screenchat.model import Item, Screen, Span

ZONE = ZoneInfo("Asia/Shanghai")
_OWN = ("text", "transcript", "name", "quote", "note", "picture", "avatar")
_TEXT = ("text", "transcript")


@dataclass(slots=True)
class Tally:
    """Sums over pictures. ``right`` and ``all`` count by measure; ``wrong`` and ``letters`` are characters;
    ``failures`` say what went wrong, with the box of the place.
    """

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    letters: int = 0
    failures: list[tuple[str, str, Box]] = field(default_factory=list)

    def add(self, measure: str, good: bool, told: str = "", box: Box = (0, 0, 0, 0)) -> None:
        """Count one case; a bad one is kept with its words."""
        self.all[measure] += 1
        self.right[measure] += good
        if not good:
            self.failures.append((measure, told, box))

    def merge(self, other: Tally) -> None:
        """Take in the counts of another one (not its failures)."""
        self.right.update(other.right)
        self.all.update(other.all)
        self.wrong += other.wrong
        self.letters += other.letters


def plain(text: str) -> str:
    """Letters, digits and Chinese only: NFKC, without white space, punctuation and emoji."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN")


def bare(text: str) -> str:
    """For key tokens: NFKC without white space and commas; points and hyphens stay."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and c not in ",，")


def distance(one: str, other: str) -> int:
    """Edit distance (insert, delete, replace)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


class Match:
    """Which line is which drawn row, and which item is which entry."""

    def __init__(self, shot: Shot, lines: Sequence[Line], screen: Screen | None) -> None:
        self.truth = shot.truth
        self.lines = lines
        self.items: tuple[Item, ...] = screen.items if screen else ()
        self.row_of = [_row(line, shot.truth.rows) for line in lines]
        self.item_of = {number: at for at, item in enumerate(self.items) for number in item.lines}

    def lines_of(self, entry: Entry, roles: Sequence[str] = _TEXT) -> list[int]:
        """Numbers of the lines that are this entry's words, in reading order."""
        found = [n for n, row in enumerate(self.row_of) if row and row.owner == entry.id and row.role in roles]
        return sorted(found, key=lambda n: _place(self.row_of[n]))

    def owners(self, item: Item) -> set[int]:
        """The entries whose words an item holds; -1 for words of bars and avatars."""
        rows = (self.row_of[n] for n in item.lines if n < len(self.row_of))
        return {row.owner for row in rows if row is not None and row.role != "avatar"}

    def items_of(self, entry: Entry, roles: Sequence[str] = _TEXT) -> list[Item]:
        """The items that hold this entry's words, or where it has none, those that lie on it."""
        numbers = [n for n in self.lines_of(entry, roles) if n in self.item_of]
        if numbers:
            return [self.items[at] for at in dict.fromkeys(self.item_of[n] for n in numbers)]
        if self.lines_of(entry, roles):
            return []
        return [item for item in self.items if overlap(item.box, entry.area) > 0.5]

    def entry_of(self, item: Item) -> Entry | None:
        """The entry that an item shows, by its words, else by its place."""
        owned = Counter(row.owner for n in item.lines if (row := self.row_of[n]) is not None and row.role != "avatar")
        for owner, _count in owned.most_common(1):
            return next((entry for entry in self.truth.items if entry.id == owner), None)
        near = [(overlap(item.box, entry.area), entry) for entry in self.truth.items]
        best = max(near, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] > 0.3 else None


def overlap(one: Box, other: Box) -> float:
    """Common area as a part of the smaller box."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    least = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return wide * tall / least if wide > 0 and tall > 0 and least > 0 else 0.0


def score(shot: Shot, lines: Sequence[Line], screen: Screen | None, spans: Sequence[Span | None] | None) -> Tally:
    """Everything about one picture. Without a ``screen`` only the reading counts, without ``spans`` no times.

    ``spans`` run along ``screen.items``; None stands for an item without any.
    """
    tally, match = Tally(), Match(shot, lines, screen)
    _reading(tally, match)
    if screen is None:
        return tally
    _bars(tally, shot, screen)
    for entry in shot.truth.items:
        if entry.kind == "message":
            _message(tally, match, entry, screen)
        elif entry.kind in ("time", "system", "unread") and entry.clipped is None:
            found = match.items_of(entry, ("label", "system"))
            good = len(found) == 1 and found[0].kind == entry.kind and match.owners(found[0]) == {entry.id}
            tally.add(f"{entry.kind} lines kept apart", good, entry.text, entry.box)
    _invented(tally, match)
    if spans is not None:
        _times(tally, match, spans)
    return tally


def _place(row: Row | None) -> tuple[float, float]:
    return (row.box[1], row.box[0]) if row else (0.0, 0.0)


def _row(line: Line, rows: Sequence[Row]) -> Row | None:
    if line.box is None:
        return None
    best = max(rows, key=lambda row: overlap(line.box or row.box, row.box), default=None)
    return best if best and overlap(line.box, best.box) > 0.4 else None


def _whole_rows(match: Match, entry: Entry, roles: Sequence[str]) -> list[Row]:
    rows = [row for row in match.truth.rows if row.owner == entry.id and row.role in roles and row.shown >= READABLE]
    return sorted(rows, key=_place)


def _reading(tally: Tally, match: Match) -> None:
    """What the engine made of the conversation's letters, whatever came of it."""
    roles = (*_TEXT, "label", "system")
    for entry in match.truth.items:
        drawn = plain("".join(row.text for row in _whole_rows(match, entry, roles)))
        if not drawn:
            continue
        numbers = [n for n in match.lines_of(entry, roles) if (row := match.row_of[n]) and row.shown >= READABLE]
        seen = "".join(match.lines[n].text for n in numbers)
        missed = distance(drawn, plain(seen))
        tally.wrong += missed
        tally.letters += len(drawn)
        if missed:
            tally.failures.append(("letters", f"{drawn} | {plain(seen)}", entry.box))
        if entry.clipped is None:
            for kind, token in entry.tokens:
                if entry.type in ("text", "transfer"):
                    tally.add(f"token {kind}", bare(token) in bare(seen), f"{token} in {seen}", entry.box)


def _bars(tally: Tally, shot: Shot, screen: Screen) -> None:
    truth = shot.truth
    kinds = {"receipt": "other", "call_log": "call_log"}
    tally.add("kind of picture", screen.kind == kinds.get(truth.kind, truth.kind), screen.kind)
    if truth.kind != "chat":
        return
    whole = truth.clock is not None or truth.scenario == "desktop"
    if whole:
        tally.add(f"app {truth.app}", screen.app == truth.app, f"{screen.app} ({screen.app_why})")
    else:
        tally.add("no bars: app right or unknown", screen.app in (truth.app, "unknown"), screen.app)
    if truth.title:
        tally.add("title", plain(screen.title or "") == plain(truth.title), f"{screen.title} for {truth.title}")
    else:
        tally.add("no title invented", screen.title is None, str(screen.title))
    if truth.members:
        tally.add("members", screen.members == truth.members, f"{screen.members} for {truth.members}")
    if truth.clock:
        tally.add("clock", screen.clock == truth.clock, f"{screen.clock} for {truth.clock}")
    tally.add("dark", screen.dark == truth.dark)


def _message(tally: Tally, match: Match, entry: Entry, screen: Screen) -> None:
    found = match.items_of(entry) if entry.whole else match.items_of(entry, _OWN)
    if entry.clipped:
        if entry.text and found:
            codes = {"top": ["clipped_top"], "bottom": ["clipped_bottom"]}.get(
                entry.clipped, ["clipped_top", "clipped_bottom"]
            )
            good = any(set(codes) & set(item.doubts) for item in found)
            tally.add("clipped flagged", good, entry.text, entry.box)
        return
    sort = "text" if entry.type == "text" else "card"
    item = found[0] if len(found) == 1 else None
    grouped = item is not None and item.kind == "message" and match.owners(item) <= {entry.id}
    words = entry.whole or f"({entry.type})"
    tally.add(f"{sort}: one group", grouped, f"{len(found)} items: {words}", entry.box)
    if match.truth.quad:
        flagged = "photo" in screen.doubts or any(i.doubts for i in found)
        tally.add("photo: grouped or flagged", grouped or flagged, words, entry.box)
    if item is None or not grouped:
        if sort == "text":
            tally.add("text: text and side", False, f"not grouped: {words}", entry.box)
        return
    tally.add(f"{sort}: side", item.side == entry.side, words, entry.box)
    if sort == "text":
        same = plain(item.text) == plain(entry.text)
        good = same and item.side == entry.side
        tally.add("text: text and side", good, f"{item.side} {item.text!r} for {entry.side} {entry.text!r}", entry.box)
    tally.add("type text" if sort == "text" else f"type {entry.type}", item.type == entry.type, item.type, entry.box)
    _details(tally, match, entry, item)


def _details(tally: Tally, match: Match, entry: Entry, item: Item) -> None:
    if entry.name:
        tally.add(
            "sender's name", plain(item.name or "") == plain(entry.name), f"{item.name} for {entry.name}", entry.box
        )
    elif item.name:
        tally.add("no name invented", False, item.name, entry.box)
    if entry.quote:
        drawn = plain("".join(row.text for row in _whole_rows(match, entry, ("quote",))))
        tally.add("quote", plain(item.quote or "") == drawn, f"{item.quote} for {drawn}", entry.box)
    elif item.quote:
        tally.add("no quote invented", False, item.quote, entry.box)
    if entry.amount:
        tally.add("amount", item.amount == entry.amount, f"{item.amount} for {entry.amount}", entry.box)
    if entry.type == "voice":
        tally.add("voice length", item.seconds == entry.seconds, f"{item.seconds} for {entry.seconds}", entry.box)


def _invented(tally: Tally, match: Match) -> None:
    """Messages that nobody sent: words of bars, avatars, pictures, pages without a chat."""
    for item in match.items:
        if item.kind != "message":
            continue
        entry = match.entry_of(item)
        where = "chat" if match.truth.kind == "chat" else "no chat"
        if entry is None or entry.kind != "message":
            tally.add(f"{where}: message real", False, item.text or f"({item.type})", item.box)
        else:
            tally.add(f"{where}: message real", True)
    if match.truth.kind != "chat":
        none = not any(item.kind == "message" for item in match.items)
        tally.add("no chat: nothing found", none, str(len(match.items)))


def _times(tally: Tally, match: Match, spans: Sequence[Span | None]) -> None:
    by_item = {id(item): span for item, span in zip(match.items, spans, strict=True)}
    for entry in match.truth.items:
        if entry.clipped or entry.sent is None or entry.kind in ("unread", "notice"):
            continue
        roles = ("label",) if entry.kind == "time" else ("system",) if entry.kind == "system" else _TEXT
        found = match.items_of(entry, roles)
        span = by_item.get(id(found[0])) if found else None
        start, end = _local(span.start if span else None), _local(span.end if span else None)
        told = f"{entry.text[:30]}: {start} to {end} for {entry.time or entry.sent} ({span.rule if span else 'none'})"
        if entry.kind == "time":
            good = start == entry.time or bool(start and end and "刚刚" in entry.text and start <= entry.sent <= end)
            tally.add("time label to its minute", good, told, entry.box)
            continue
        minute = entry.sent.replace(second=0)
        sound = (start is None or start <= entry.sent) and (end is None or minute <= end)
        tally.add("time of message: nothing false", sound, told, entry.box)
        if entry.time is not None:
            tally.add("time of message: begins with its label", start == entry.time, told, entry.box)


def _local(text: str | None) -> datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text).astimezone(ZONE).replace(tzinfo=None)
