"""A conversation laid out as the app would: bubbles, avatars, cards, labels, on a sheet as long as it needs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.screens.cards import CARDS, Frame
from benchmarks.screens.labels import label
from benchmarks.screens.script import Said
from benchmarks.screens.sheet import Sheet, length, wrap
from benchmarks.screens.themes import Theme
from benchmarks.screens.truth import Box, Entry

TINTS = ("#6a8fb5", "#c98b6b", "#7fa98a", "#9a7fb0", "#b5a36a", "#5f7f8f", "#b06a7a")
LABEL_PAUSE = {"ios": 900.0}  # seconds without a message after which a time is shown; others 300
FIRST = 1_000_000  # ids of labels and dividers begin here, so that messages keep theirs


@dataclass(frozen=True, slots=True)
class Look:
    """How a conversation is drawn. ``unit`` is pixels a dp, ``letters`` the size of its text against the theme's."""

    theme: Theme
    width: int
    unit: float
    letters: float = 1.0
    group: bool = False
    spoken: bool = False  # twelve-hour clock
    faces: bool = True  # avatars are pictures, not words


@dataclass(frozen=True, slots=True)
class Strip:
    """A laid out conversation; entries are in strip coordinates, their ``time`` is filled in by the capture."""

    sheet: Sheet
    entries: tuple[Entry, ...]
    height: float


class Composer:
    """Lays out one conversation from top to bottom."""

    def __init__(self, look: Look, captured: datetime, seed: str) -> None:
        self.look = look
        self.theme = look.theme
        self.u = look.unit
        self.captured = captured
        self.seed = seed
        self.sheet = Sheet()
        self.entries: list[Entry] = []
        self.y = 8 * self.u

    def compose(self, said: Sequence[Said], divider: int | None = None) -> Strip:
        """Everything said, with the labels between; an unread divider before message number ``divider``."""
        before: Said | None = None
        for number, one in enumerate(said):
            if number == divider:
                self._middle(FIRST * 2 + one.id, "unread", "以下为新消息", one.sent)
            if self._label_due(before, one):
                self._time(one.sent, FIRST + one.id)
            self.sheet.owner = one.id
            if one.kind == "system":
                self._middle(one.id, "system", one.text, one.sent, one.tokens)
            else:
                self._message(one)
            self.sheet.owner = -1
            before = one
        if self.theme.delivered and before is not None and before.part == 1:
            self._delivered(before)
        return Strip(self.sheet, tuple(self.entries), self.y + 8 * self.u)

    def _label_due(self, before: Said | None, now: Said) -> bool:
        if self.theme.labels == "whatsapp":
            return before is None or before.sent.date() != now.sent.date()
        pause = LABEL_PAUSE.get(self.theme.labels, 300.0)
        return before is None or (now.sent - before.sent).total_seconds() > pause

    def _time(self, when: datetime, number: int) -> None:
        style = self.theme.labels
        text = label(style, when, self.captured, self.look.spoken)
        fine = style != "whatsapp"
        stands_for = when.replace(second=0) if fine else when.replace(hour=0, minute=0, second=0)
        self.sheet.owner = number
        u, size = self.u, 11.5 * self.u
        rows = [text]
        if style == "ios":
            rows.insert(0, "iMessage" if self.theme.right == "#0a84ff" else "短信/彩信")
        wide = max(length(row, size) for row in rows)
        middle, top = self.look.width / 2, self.y + 2 * u
        box = (middle - wide / 2 - 8 * u, top, middle + wide / 2 + 8 * u, top + len(rows) * 1.35 * size + 8 * u)
        if self.theme.chip:
            self.sheet.rect(box, self.theme.chip, 6 * u)
        for number_of_row, row in enumerate(rows):
            place = top + 4 * u + number_of_row * 1.35 * size
            self.sheet.words(middle, place, row, size, self.theme.label_ink, "label", "m")
        whole = "\n".join(rows)
        self.entries.append(Entry(number, "time", whole, box, box, sent=when, time=stands_for, fine=fine, whole=whole))
        self.sheet.owner = -1
        self.y = box[3] + 10 * u

    def _middle(
        self, number: int, kind: str, text: str, when: datetime, tokens: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """A line of the app itself in the middle of the page."""
        self.sheet.owner = number
        u, size = self.u, 11.5 * self.u
        rows = wrap(text, size, 270 * u)
        wide = max(length(row, size) for row in rows)
        middle, top = self.look.width / 2, self.y + 2 * u
        box = (middle - wide / 2 - 6 * u, top, middle + wide / 2 + 6 * u, top + len(rows) * 1.4 * size + 6 * u)
        if kind == "unread":
            level = (box[1] + box[3]) / 2
            self.sheet.lines(((40 * u, level), (box[0] - 6 * u, level)), self.theme.label_ink, 0.6 * u)
            self.sheet.lines(
                ((box[2] + 6 * u, level), (self.look.width - 40 * u, level)), self.theme.label_ink, 0.6 * u
            )
        if self.theme.chip:
            self.sheet.rect(box, self.theme.chip, 6 * u)
        for number_of_row, row in enumerate(rows):
            place = top + 3 * u + number_of_row * 1.4 * size
            self.sheet.words(middle, place, row, size, self.theme.label_ink, "system", "m")
        self.entries.append(Entry(number, kind, text, box, box, sent=when, whole=text, tokens=tokens))
        self.sheet.owner = -1
        self.y = box[3] + 12 * u

    def _delivered(self, last: Said) -> None:
        u, number = self.u, FIRST * 3 + last.id
        self.sheet.owner = number
        right = self.look.width - (self.theme.margin + 4) * u
        wide = self.sheet.words(right, self.y - 2 * u, "已送达", 10.5 * u, self.theme.label_ink, "other", "r")
        box = (right - wide, self.y - 2 * u, right, self.y + 10 * u)
        self.entries.append(Entry(number, "notice", "已送达", box, box, sent=last.sent, whole="已送达"))
        self.sheet.owner = -1
        self.y += 16 * u

    def _message(self, said: Said) -> None:
        theme, u = self.theme, self.u
        mine = said.part == 1
        top = self.y
        has_avatar = theme.avatar != "none" and (theme.own_avatar or not mine)
        reach = (theme.margin + (theme.avatar_size + theme.gap if has_avatar else 0)) * u
        if has_avatar:
            self._avatar(said, top, mine)
        name = None
        if not mine and said.name and (theme.names == "always" or (theme.names == "group" and self.look.group)):
            name = said.name
            self.sheet.words(reach + 2 * u, top, name, 11.5 * u, theme.label_ink, "name")
            self.y += 17 * u
        edge = self.look.width - reach if mine else reach
        frame = Frame(self.sheet, theme, u, self.look.letters, self.look.width, edge, self.y, mine, self.seed)
        box = CARDS[said.type](frame, said) if said.type != "text" else self._text(frame, said)
        bottom = box[3]
        if said.quote and theme.quote == "below":
            bottom = self._quote_below(frame, said.quote, bottom)
        if said.failed:
            self._failed(box)
        if theme.read_mark and mine:
            word = "已读" if said.id % 3 else "未读"
            owner, self.sheet.owner = self.sheet.owner, -1
            self.sheet.words(box[0] - 6 * u, box[3] - 14 * u, word, 10.5 * u, "#8fa3b8", "bar", "r")
            self.sheet.owner = owner
        if has_avatar:
            bottom = max(bottom, top + theme.avatar_size * u)
        note = f"{said.sent:%H:%M}" if theme.stamped else said.note
        rows = [row.box for row in self.sheet.rows if row.owner == said.id and row.role != "avatar"]
        area = (
            min(b[0] for b in [*rows, box]),
            min(b[1] for b in [*rows, box]),
            max(b[2] for b in [*rows, box]),
            max(b[3] for b in [*rows, box]),
        )
        side = "right" if mine else "left"
        self.entries.append(
            Entry(
                said.id,
                "message",
                said.text,
                box,
                area,
                side,
                said.type,
                name,
                said.quote,
                note,
                said.amount,
                said.seconds,
                said.sent,
                whole=said.text,
                tokens=said.tokens,
            )
        )
        self.y = bottom + theme.space * u

    def _text(self, frame: Frame, said: Said) -> Box:
        """A bubble with words, maybe with a quote and the minute inside."""
        theme, u = self.theme, self.u
        size = theme.font * self.look.letters * u
        inner = (theme.widest - 2 * theme.pad_x) * u
        rows = wrap(said.text, size, inner)
        wide = max(length(row, size) for row in rows)
        step = theme.leading * size
        stamp = f"{said.sent:%H:%M}" + (" ✓" if said.part == 1 else "")
        stamp_wide = length(stamp[:5], 10.5 * u) + (20 * u if said.part == 1 else 6 * u)
        own_row = False
        if theme.stamped:
            own_row = length(rows[-1], size) + stamp_wide > inner
            wide = max(wide, min(inner, length(rows[-1], size) + stamp_wide) if not own_row else stamp_wide)
        quoted = wrap(said.quote, 13 * u, inner - 12 * u)[:2] if said.quote and theme.quote == "inside" else []
        quote_tall = (len(quoted) * 18 + 14) * u if quoted else 0
        if quoted:
            wide = max(wide, max(length(row, 13 * u) for row in quoted) + 16 * u)
        tall = len(rows) * step + 2 * theme.pad_y * u + quote_tall + (14 * u if own_row else 0)
        box = frame.box(wide + 2 * theme.pad_x * u, max(tall, 40 * u if theme.tail and not theme.stamped else 0))
        frame.bubble(box)
        x = box[0] + theme.pad_x * u
        y = box[1] + theme.pad_y * u
        if quoted:
            self._quote_inside((x, y, box[2] - theme.pad_x * u, y + quote_tall - 6 * u), quoted)
        y = (
            (box[3] + y - theme.pad_y * u) / 2 - (tall - quote_tall) / 2 + theme.pad_y * u
            if not quoted
            else y + quote_tall
        )
        ink = frame.ink
        for number, row in enumerate(rows):
            place = y + number * step + (step - size) / 2
            if row.strip():
                self.sheet.words(x, place, row, size, ink, "text")
        if theme.stamped:
            self._stamp(box, stamp, "#667781" if not theme.dark else "#8696a0")
        return box

    def _stamp(self, box: Box, stamp: str, ink: str) -> None:
        u = self.u
        right = box[2] - 7 * u
        if len(stamp) > 5:
            for shift in (0, 4):
                points = (
                    (right - (12 - shift) * u, box[3] - 9 * u),
                    (right - (9 - shift) * u, box[3] - 6 * u),
                    (right - (3 - shift) * u, box[3] - 12.5 * u),
                )
                self.sheet.lines(points, "#53bdeb", u)
            right -= 16 * u
        self.sheet.words(right, box[3] - 15 * u, stamp[:5], 10.5 * u, ink, "note", "r")

    def _quote_inside(self, box: Box, rows: list[str]) -> None:
        u = self.u
        self.sheet.rect(box, self.theme.quote_ground, 4 * u)
        self.sheet.rect((box[0], box[1], box[0] + 3 * u, box[3]), "#8aa0b4")
        for number, row in enumerate(rows):
            place = box[1] + (4 + 18 * number) * u
            self.sheet.words(box[0] + 8 * u, place, row, 13 * u, self.theme.quote_ink, "quote")

    def _quote_below(self, frame: Frame, quote: str, top: float) -> float:
        u, size = self.u, 12.5 * self.u
        rows = wrap(quote, size, 200 * u)[:2]
        wide = max(length(row, size) for row in rows) + 16 * u
        box = frame.box(wide, len(rows) * 1.4 * size + 12 * u, top + 5 * u)
        self.sheet.rect(box, self.theme.quote_ground, 4 * u)
        for number, row in enumerate(rows):
            self.sheet.words(
                box[0] + 8 * u, box[1] + 6 * u + number * 1.4 * size, row, size, self.theme.quote_ink, "quote"
            )
        return box[3]

    def _failed(self, box: Box) -> None:
        u = self.u
        middle = (box[1] + box[3]) / 2
        self.sheet.disc((box[0] - 26 * u, middle - 9 * u, box[0] - 8 * u, middle + 9 * u), "#fa5151")
        self.sheet.rect((box[0] - 18 * u, middle - 5 * u, box[0] - 16 * u, middle + 2 * u), "#ffffff")
        self.sheet.rect((box[0] - 18 * u, middle + 3.5 * u, box[0] - 16 * u, middle + 5.5 * u), "#ffffff")

    def _avatar(self, said: Said, top: float, mine: bool) -> None:
        theme, u = self.theme, self.u
        size = theme.avatar_size * u
        x = self.look.width - theme.margin * u - size if mine else theme.margin * u
        box = (x, top, x + size, top + size)
        who = "me" if mine else (said.name or "?")
        chance = random.Random(f"{self.seed}/{who}")
        tint = chance.choice(TINTS)
        if theme.avatar == "round":
            self.sheet.disc(box, tint)
        else:
            self.sheet.rect(box, tint, theme.avatar_radius * u)
        word = chance.choice(("法", "催收", "客服", who[-2:])) if not mine else "我"
        if self.look.faces and chance.random() < 0.6:
            self.sheet.disc((x + 0.32 * size, top + 0.18 * size, x + 0.68 * size, top + 0.54 * size), "#f1d2b8")
            self.sheet.arc(
                (x + 0.2 * size, top + 0.58 * size, x + 0.8 * size, top + 1.2 * size), 180, 360, "#40312a", 0.12 * size
            )
            return
        letters = size * (0.5 if len(word) == 1 else 0.34)
        owner, self.sheet.owner = self.sheet.owner, -1
        self.sheet.words(x + size / 2, top + (size - letters) / 2, word, letters, "#ffffff", "avatar", "m")
        self.sheet.owner = owner
