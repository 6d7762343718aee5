"""The bars around a conversation: status bar, title bar and input bar, by edge colours, geometry and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from evidence.screenchat import labels
from evidence.screenchat.colours import Canvas, Colour, apart, distance
from evidence.screenchat.extents import Area
from evidence.screenchat.words import Word, row_text, rows_of

# All heights in parts of a 360 wide screen.
_STATUS_END = 46  # notches make it higher than the usual 24 to 32
_TITLE = 56
_HEADER_END = 150
_BAR_LEAST = 28
_FOOT_MOST = 170
_BACK = "<>《〈\u2039く\uff1c←「+×xX…·.。:：|丨=≡⋮⋯口日Q"  # what engines make of arrows and buttons


@dataclass(frozen=True, slots=True)
class Bars:
    """Where the conversation begins and ends (canvas rows), and what the bars say. ``used`` are numbers of lines.

    ``headed`` and ``footed`` tell whether a title bar and an input bar were seen at all.
    """

    top: float
    bottom: float
    title: str | None = None
    subtitle: str = ""
    members: int | None = None
    clock: str | None = None
    headed: bool = False
    footed: bool = False
    hint: str = ""
    used: tuple[int, ...] = ()


def find_bars(canvas: Canvas, words: Sequence[Word], areas: dict[int, Area], dp: float) -> Bars:
    """The bars of a screen; ``areas`` are the flat areas around words, by line number."""
    status = [w for w in words if w.middle[1] < _STATUS_END * dp and w.box[3] < (_STATUS_END + 8) * dp]
    status = _status_row(status, canvas.width)
    top, headed = _header(canvas, words, areas, status, dp)
    bottom, footed = _footer(canvas, words, areas, dp, top)
    above = [w for w in words if w.middle[1] < top]
    below = [w for w in words if w.middle[1] >= bottom]
    clock = next((found for w in status if (found := labels.clock_of(w.text))), None)
    marked = {w.number for w in status}
    title, subtitle, members = _title([w for w in above if w.number not in marked], areas, canvas.width, dp)
    hint = " ".join(w.text for w in below)
    used = tuple(sorted({w.number for w in (*above, *below)}))
    return Bars(top, bottom, title, subtitle, members, clock, headed, footed, hint, used)


def _status_row(words: list[Word], width: int) -> list[Word]:
    """The words of the status bar: those in one row with a clock, carrier or battery."""
    seed = [w for w in words if labels.is_status(w.text)]
    if not seed or (len(words) == 1 and abs(words[0].middle[0] - width / 2) < 0.05 * width):
        return []  # one time in the middle is a label over the messages
    low, high = min(w.box[1] for w in seed), max(w.box[3] for w in seed)
    return [w for w in words if low - w.em * 0.5 <= w.middle[1] <= high + w.em * 0.5]


def _header(
    canvas: Canvas, words: Sequence[Word], areas: dict[int, Area], status: list[Word], dp: float
) -> tuple[float, bool]:
    after = max((w.box[3] for w in status), default=0.0)
    if status:
        edge = _bar_end(canvas, after + 14 * dp, min(after + (_HEADER_END - 30) * dp, canvas.height * 0.4))
    else:
        edge = _bar_end(canvas, 10 * dp, min((_HEADER_END - 40) * dp, canvas.height * 0.3))
        named = any(w.middle[1] < (edge or 0) and w.number not in areas for w in words)
        edge = edge if named and edge is not None and edge >= _BAR_LEAST * dp else None
    if edge is not None:
        return edge, True
    if not status:
        return 0.0, False
    found = [w for w in words if after < w.middle[1] < after + _TITLE * dp and w not in status]
    found = [w for w in found if not _in_bubble(w, areas, canvas.width)]
    if not found:
        return after, False
    first = min(w.box[1] for w in found)
    row = [w for w in found if w.box[1] < first + 2.2 * w.em]
    if all(labels.is_time(w.text) or labels.is_system(w.text) for w in row):
        return after, False
    return max(after + 0.75 * _TITLE * dp, max(w.box[3] for w in row) + 1), True


def _in_bubble(word: Word, areas: dict[int, Area], width: int) -> bool:
    area = areas.get(word.number)
    return area is not None and area.wide < 0.9 * width and area.tall > 1.6 * word.em


def _bar_end(canvas: Canvas, start: float, end: float) -> float | None:
    """The first row from ``start`` at which both edges leave the colour of the bar (a change, or a hairline)."""
    first, last = int(start), int(end)
    if last - first < 4 or last >= canvas.height:
        return None
    rows = slice(first, last)
    colour = _colour_of(canvas, first)
    left, right = distance(canvas.left[rows], colour), distance(canvas.right[rows], colour)
    if max(int(left[0]), int(right[0])) > 4:
        return None
    other = (
        np.flatnonzero((left > 2) & (right > 2)) if not canvas.wallpaper else np.flatnonzero((left > 3) | (right > 3))
    )
    for at in other[:200]:
        row = first + int(at)
        ahead = slice(row + 1, min(canvas.height, row + 1 + max(3, canvas.width // 60)))
        stays = np.median(distance(canvas.left[ahead], colour)) > 2 if ahead.start < canvas.height else False
        if stays or canvas.wallpaper or _hairline(canvas, row):
            return float(row)
    return None


def _hairline(canvas: Canvas, row: int) -> bool:
    """Whether a thin line crosses the whole width at ``row``."""
    around = canvas.small[max(0, row - 4) : row + 5].astype(np.int16)
    here = canvas.small[row].astype(np.int16)
    ground = np.median(around, axis=0)
    differs = (np.abs(here - ground).max(axis=-1) > 2).mean()
    return bool(differs > 0.9)


def _colour_of(canvas: Canvas, row: int) -> Colour:
    rows = slice(max(0, row - 2), row + 3)
    values = np.median(np.concatenate((canvas.left[rows], canvas.right[rows])), axis=0)
    return int(values[0]), int(values[1]), int(values[2])


def _footer(canvas: Canvas, words: Sequence[Word], areas: dict[int, Area], dp: float, top: float) -> tuple[float, bool]:
    height = canvas.height
    most = max(_FOOT_MOST * dp, 0.35 * height if canvas.width > canvas.height else 0.0)
    low = max(int(top) + 1, int(height - most))
    edges: list[float] = []
    bar = _wallpaper_foot(canvas, dp) if canvas.wallpaper else _plain_foot(canvas, low, dp)
    if bar is not None:
        edges.append(bar)
    for word in words:
        if word.box[1] < height - 120 * dp or word.box[1] <= top:
            continue
        area = areas.get(word.number)
        if labels.is_hint(word.text) and (area is None or not _hugs(area, word)):
            edges.append(min(word.box[1], area.box[1] if area and area.tall < 70 * dp else word.box[1]) - 2 * dp)
        elif area is not None and _holds_one(area, words) and _is_field(area, word, canvas, dp):
            edges.append(area.box[1] - 2 * dp)
    return (min(edges), True) if edges else (float(height), False)


def _hugs(area: Area, word: Word) -> bool:
    return area.wide - (word.box[2] - word.box[0]) < 3.2 * word.em


def _holds_one(area: Area, words: Sequence[Word]) -> bool:
    """Whether an area has a single line in it: the short last row of a message is no draft."""
    x0, y0, x1, y1 = area.box
    return sum(x0 <= w.middle[0] <= x1 and y0 - w.em <= w.middle[1] <= y1 for w in words) == 1


def _is_field(area: Area, word: Word, canvas: Canvas, dp: float) -> bool:
    """A wide, low box near the end of the screen that is much wider than its words: an input field with a draft."""
    near_end = area.box[3] > canvas.height - 75 * dp and area.box[1] > canvas.height - 110 * dp
    shape = area.wide > 0.45 * canvas.width and 24 * dp <= area.tall <= 62 * dp
    words_wide = word.box[2] - word.box[0]
    balanced = abs((area.box[0] + area.box[2]) / 2 - canvas.width / 2) < 0.16 * canvas.width
    return near_end and shape and balanced and area.wide - words_wide > 5 * word.em


def _plain_foot(canvas: Canvas, low: int, dp: float) -> float | None:
    """The top of the input bar on a page of one colour: the edges leave the page's colour, or a hairline crosses."""
    page = canvas.page_at(low - 24 * dp)
    if apart(page, canvas.page) > 24:
        page = canvas.page
    start = low
    off = (distance(canvas.left[start:], page) > 2) & (distance(canvas.right[start:], page) > 2)
    same = np.abs(canvas.left[start:].astype(np.int16) - canvas.right[start:].astype(np.int16)).max(axis=-1) <= 8
    rows = np.flatnonzero(off & same)
    for at in rows[:400]:
        row = start + int(at)
        rest = slice(row, min(canvas.height, row + max(4, int(20 * dp))))
        solid = (distance(canvas.left[rest], page) > 2).mean() > 0.8
        enough = canvas.height - row >= _BAR_LEAST * dp
        if enough and (solid or _hairline(canvas, row)):
            return _up_from(canvas, row, page) if at == 0 else float(row)
    return None


def _up_from(canvas: Canvas, row: int, page: Colour) -> float:
    """A keyboard or panel reaches higher than bars do: go up while the edges stay off the page's colour."""
    off = (distance(canvas.left[:row], page) > 2) & (distance(canvas.right[:row], page) > 2)
    back = np.flatnonzero(~off[::-1])
    top = row - (int(back[0]) if len(back) else row)
    return float(top) if top > canvas.height * 0.4 else float(row)


def _wallpaper_foot(canvas: Canvas, dp: float) -> float | None:
    """The top of the input bar under a wallpaper: the rows at the end that have one colour at both edges."""
    colour = _colour_of(canvas, canvas.height - 3)
    off = (distance(canvas.left, colour) > 4) | (distance(canvas.right, colour) > 4)
    rows = np.flatnonzero(off[: canvas.height - 2])
    if not len(rows):
        return None
    top = int(rows[-1]) + 1
    tall = canvas.height - top
    return float(top) if _BAR_LEAST * dp <= tall <= 0.5 * canvas.height else None


def _title(words: list[Word], areas: dict[int, Area], width: int, dp: float) -> tuple[str | None, str, int | None]:
    """Contact's name, the words below it, and the size of a group."""
    named = [w for w in words if not _is_button(w, width)]
    if not named:
        return None, "", None
    rows = rows_of(named)
    size = median(max(w.em for w in row) for row in rows)
    largest = max(rows, key=lambda row: (max(w.em for w in row) > 1.12 * size, -row[0].box[1]))
    parts = [largest[0]]
    for word in largest[1:]:
        if word.box[0] - parts[-1].box[2] < 1.6 * word.em:
            parts.append(word)
    text, members = labels.members_of(row_text(parts))
    rest = " ".join(row_text(row) for row in rows if row is not largest)
    text = re.sub(r"\A\W*\d{1,3}\+?\s+(?=\D)", "", text)  # the count of unread chats, read in one line with the name
    title = text.strip().lstrip("<〈\u2039\uff1c←く").strip()
    return title or None, rest, members


def _is_button(word: Word, width: int) -> bool:
    """Back arrow with the count of unread chats, or what stands at the right end of a title bar."""
    flat = labels.fold(word.text)
    at_left, at_right = word.box[2] < 0.2 * width, word.box[0] > 0.8 * width
    chinese = any("\u4e00" <= c <= "\u9fff" for c in flat)
    if at_left and (
        all(c.isdigit() or c.isspace() or c in "+()," + _BACK for c in flat)
        or (len(flat) <= 4 and not chinese)
        or flat in ("返回", "微信", "消息", "Back", "QQ")
    ):
        return True
    if at_right:
        return len(flat) <= 4
    return all(c in _BACK for c in flat)
