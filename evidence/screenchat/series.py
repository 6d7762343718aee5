"""Screenshots of one chat put in order and laid over each other: each message once, with every picture that shows it.

Nothing is dropped: what cannot be shown to be the same stays twice, with the gap beside it; where two captures show
one bubble differently, or one run of messages at two times, the conflict names both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evidence.screenchat.islands import Island, islands
from evidence.screenchat.likeness import PLAIN, Worth, apart, likeness
from evidence.screenchat.model import App, Box, Item, Span
from evidence.screenchat.overlap import Overlap, overlap, seam_rows
from evidence.screenchat.rows import Row
from evidence.screenchat.sameness import Difference, differences, item_of, narrowed, span_of
from evidence.screenchat.shots import NEAR, Chat, Sheet, Shot, candidates, prepared, soon_after, worths

__all__ = ["Conflict", "Conversation", "Gap", "JoinedMessage", "Shot", "join"]

_OTHER_TITLE_BITS = 20.0
_SAME_RUN_BITS, _SAME_RUN_ROWS = 30.0, 3
_TELLING_BITS = 9.0
_SAME_PIXELS = 3.0


@dataclass(frozen=True, slots=True)
class JoinedMessage:
    """One message or system line. ``shown``: (key of the shot, number of the item) of every picture that has it.

    ``item`` is the best of its readings (whole before cut, then fewest doubts, then score), ``span`` what all of
    them together tell of its time.
    """

    item: Item
    span: Span
    shown: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two messages (numbers in the conversation) no picture shows that nothing is missing.

    What may be missing was said not before ``since`` and not after ``until`` (UTC text, None where unknown).
    ``maybe_same`` messages on both sides may be the same ones, too little said to tell; ``ordered`` is False where the
    order of the two sides is that of the captures, not of known times.
    """

    after: int
    before: int
    since: str | None
    until: str | None
    maybe_same: int = 0
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """Pictures that differ. ``what``: text, side, name, amount or time of one bubble, or ``run``: one run at two times.

    ``messages`` are numbers in the conversation, ``shown`` (key, number of the item, what it shows there).
    """

    what: str
    messages: tuple[int, ...]
    shown: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One chat of one holder. ``shots`` are the keys of its pictures, in the order of the conversation.

    ``same_title``: another conversation has this title, and their times exclude each other.
    """

    app: App
    title: str | None
    messages: tuple[JoinedMessage, ...]
    gaps: tuple[Gap, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    members: int | None = None
    holder: str = ""
    shots: tuple[str, ...] = ()
    same_title: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of an island, merged."""

    row: Row
    item: Item
    span: Span
    shown: tuple[tuple[str, int], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """An island with its lines; ``low`` and ``high`` enclose what it covers without a hole (UTC text or None)."""

    sheets: tuple[int, ...]
    lines: tuple[_Line, ...]
    low: str | None
    high: str | None


def join(shots: Sequence[Shot]) -> tuple[Conversation, ...]:
    """The conversations that ``shots`` show, the same for any order of them. Pictures of no chat are left out."""
    sheets = prepared(shots)
    known = worths(sheets)
    overlaps: dict[tuple[int, int], Overlap] = {}
    reruns: list[tuple[int, int, Overlap]] = []
    for a, b in candidates(sheets):
        found = _compared(sheets[a], sheets[b], known)
        if found.pairs:
            overlaps[a, b] = found
        if not found.sure:
            again = _compared(sheets[a], sheets[b], {}, timeless=True)
            if _rerun(sheets[a], sheets[b], again):
                reruns.append((a, b, again))
    ways = _ways(sheets, overlaps)
    overlaps = {pair: _along_the_way(sheets[pair[0]], found, ways) for pair, found in overlaps.items()}
    runs = [_run(sheets, island) for island in islands(sheets, overlaps)]
    chats: list[Conversation] = []
    for group in _groups(sheets, runs):
        parts = _apart(group)
        chats += [_conversation(sheets, part, reruns, ways, len(parts) > 1) for part in parts]
    return tuple(sorted(chats, key=_place))


def _compared(one: Sheet, two: Sheet, known: Mapping[Chat, Worth], timeless: bool = False) -> Overlap:
    worth = _worth(one, two, known)
    near = abs(one.rank - two.rank) <= NEAR
    same = not timeless and one.shot.screen.clock == two.shot.screen.clock and _same_place(one.rows, two.rows)
    found = overlap(one.rows, two.rows, worth, near, same, timeless)
    if found.sure and one.title != two.title and (found.single or found.bits < _OTHER_TITLE_BITS):
        return Overlap(found.pairs, found.bits)
    return found


def _worth(one: Sheet, two: Sheet, known: Mapping[Chat, Worth]) -> Worth:
    first, second = known.get(one.chat, PLAIN), known.get(two.chat, PLAIN)
    if one.chat == two.chat:
        return replace(first, followed=soon_after(one, two))
    return Worth(first.repeated | second.repeated)


def _same_place(one: Sequence[Row], two: Sequence[Row]) -> bool:
    return len(one) == len(two) and all(
        a.text == b.text and a.kind == b.kind and _near(a.item.box, b.item.box) for a, b in zip(one, two, strict=True)
    )


def _near(one: Box, two: Box) -> bool:
    return all(abs(a - b) <= _SAME_PIXELS for a, b in zip(one, two, strict=True))


def _rerun(one: Sheet, two: Sheet, found: Overlap) -> bool:
    """Whether two sheets show a run of the same messages at times that exclude each other."""
    said = [(i, j) for i, j in found.pairs if one.rows[i].kind != "time"]
    return (
        found.sure
        and found.bits >= _SAME_RUN_BITS
        and len(said) >= _SAME_RUN_ROWS
        and any(apart(one.rows[i].span, two.rows[j].span) for i, j in said)
    )


def _run(sheets: Sequence[Sheet], island: Island) -> _Run:
    lines = []
    for places in island.rows:
        rows = [sheets[number].rows[i] for number, i in places]
        shown = [(sheets[number].shot.key, row.place) for (number, _i), row in zip(places, rows, strict=True)]
        best, item = item_of(rows)
        told = tuple(differences(rows, shown))
        lines.append(_Line(best, item, span_of([row.span for row in rows]), tuple(shown), told))
    spans = narrowed([line.span for line in lines])
    lines = [
        _Line(line.row, line.item, span, line.shown, line.differences) for line, span in zip(lines, spans, strict=True)
    ]
    ends = [line.span.end for line in lines if line.span.end is not None]
    starts = [line.span.start for line in lines if line.span.start is not None]
    return _Run(island.sheets, tuple(lines), min(ends, default=None), max(starts, default=None))


def _ways(sheets: Sequence[Sheet], overlaps: Mapping[tuple[int, int], Overlap]) -> dict[Chat, int]:
    """For each chat 1 where later captures mostly show later messages, -1 where earlier ones."""
    found: Counter[Chat] = Counter()
    for (a, _b), one in overlaps.items():
        if one.sure and not one.single:
            found[sheets[a].chat] += one.direction
    return {chat: (count > 0) - (count < 0) for chat, count in found.items()}


def _along_the_way(sheet: Sheet, found: Overlap, ways: Mapping[Chat, int]) -> Overlap:
    """The way in which the chat was scrolled settles a likely overlap; one by a single row does not hold against it."""
    way = ways.get(sheet.chat, 0)
    if found.likely and way and found.direction == way:
        return replace(found, sure=True)
    if found.sure and found.single and (found.direction != way if way else found.cut):
        return replace(found, sure=False)
    return found


def _groups(sheets: Sequence[Sheet], runs: Sequence[_Run]) -> list[list[_Run]]:
    """Runs by chat. Without a title, a run is a chat of its own: nothing says whose it is."""
    groups: dict[object, list[_Run]] = defaultdict(list)
    for number, run in enumerate(runs):
        titles = Counter(sheets[at].title for at in run.sheets if sheets[at].title is not None)
        apps = Counter(sheets[at].shot.screen.app for at in run.sheets if sheets[at].shot.screen.app != "unknown")
        title = min(titles, key=lambda one: (-titles[one], one or ""), default=None)
        app = min(apps, key=lambda one: (-apps[one], one), default="unknown")
        key = (sheets[run.sheets[0]].shot.holder, app, title)
        groups[key if title is not None else (*key, number)].append(run)
    return list(groups.values())


def _apart(group: Sequence[_Run]) -> list[list[_Run]]:
    """Runs of one title that can belong to one chat together: no other words in the midst of one without a hole."""
    chats: list[list[_Run]] = []
    for run in sorted(group, key=lambda one: (one.low or "~", one.sheets)):
        fitting = next((chat for chat in chats if not any(_exclude(run, other) for other in chat)), None)
        if fitting is None:
            chats.append([run])
        else:
            fitting.append(run)
    return chats


def _exclude(one: _Run, two: _Run) -> bool:
    return _within(one, two) or _within(two, one)


def _within(whole: _Run, other: _Run) -> bool:
    """Whether ``other`` has something telling that was said while ``whole`` shows without a hole that it was not."""
    if whole.low is None or whole.high is None or not whole.low < whole.high:
        return False
    inside = [
        line.row
        for line in other.lines
        if line.row.kind == "message"
        and line.row.bits >= _TELLING_BITS
        and line.span.start is not None
        and line.span.end is not None
        and whole.low < line.span.start
        and line.span.end < whole.high
    ]
    strange = sum(not any(likeness(row, line.row, PLAIN, True) > 0 for line in whole.lines) for row in inside)
    return strange > 1 or (strange == 1 and sum(line.row.kind == "message" for line in other.lines) == 1)


def _conversation(
    sheets: Sequence[Sheet],
    group: Sequence[_Run],
    reruns: Iterable[tuple[int, int, Overlap]],
    ways: Mapping[Chat, int],
    same_title: bool,
) -> Conversation:
    runs = _in_order(group, ways.get(sheets[group[0].sheets[0]].chat, 1) >= 0)
    messages: list[JoinedMessage] = []
    gaps: list[Gap] = []
    conflicts: list[Conflict] = []
    before: _Run | None = None
    for run in runs:
        said = [line for line in run.lines if line.row.kind != "time"]
        if before is not None and messages and said:
            gaps.append(_gap(messages, before, run, said[0]))
        for line in said:
            conflicts += [Conflict(told.what, (len(messages),), told.shown) for told in line.differences]
            messages.append(JoinedMessage(line.item, line.span, line.shown))
        before = run if said else before
    conflicts += _run_conflicts(sheets, messages, reruns)
    own = [sheets[at] for run in runs for at in run.sheets]
    titles = Counter(sheet.shot.screen.title for sheet in own if sheet.title is not None)
    apps: Counter[App] = Counter(sheet.shot.screen.app for sheet in own if sheet.shot.screen.app != "unknown")
    unknown: App = "unknown"
    return Conversation(
        min(apps, key=lambda app: (-apps[app], app), default=unknown),
        min(titles, key=lambda title: (-titles[title], title or ""), default=None),
        tuple(messages),
        tuple(gaps),
        tuple(conflicts),
        max((sheet.shot.screen.members for sheet in own if sheet.shot.screen.members is not None), default=None),
        own[0].shot.holder,
        _shots(sheets, runs),
        same_title,
    )


def _in_order(group: Sequence[_Run], forward: bool) -> list[_Run]:
    """Runs by their times; one without any beside the run captured next to it."""
    dated = [run for run in group if _anchor(run) is not None]
    ordered = sorted(dated, key=lambda run: (_anchor(run) or "", run.high or "", run.sheets))
    for run in sorted((run for run in group if _anchor(run) is None), key=lambda run: run.sheets):
        first = run.sheets[0]
        beside = min(
            range(len(ordered)),
            key=lambda at: min((abs(number - first), number > first) for number in ordered[at].sheets),
            default=None,
        )
        if beside is None:
            ordered.append(run)
            continue
        nearest = min(ordered[beside].sheets, key=lambda number: abs(number - first))
        ordered.insert(beside + 1 if (nearest < first) == forward else beside, run)
    return ordered


def _anchor(run: _Run) -> str | None:
    """The earliest known beginning in a run; one that only ends before the capture has none."""
    return min((line.span.start for line in run.lines if line.span.start is not None), default=None)


def _gap(messages: Sequence[JoinedMessage], before: _Run, run: _Run, first: _Line) -> Gap:
    maybe = seam_rows([line.row for line in before.lines], [line.row for line in run.lines])
    ordered = _anchor(before) is not None and _anchor(run) is not None
    return Gap(len(messages) - 1, len(messages), messages[-1].span.start, first.span.end, maybe, ordered)


def _run_conflicts(
    sheets: Sequence[Sheet], messages: Sequence[JoinedMessage], reruns: Iterable[tuple[int, int, Overlap]]
) -> list[Conflict]:
    """The same run of messages at two times: said twice, or one picture is dated wrongly."""
    numbers = {place: number for number, message in enumerate(messages) for place in message.shown}
    found: dict[tuple[int, ...], Conflict] = {}
    for a, b, again in reruns:
        places = [(sheets[n].shot.key, sheets[n].rows[i].place) for i, j in again.pairs for n, i in ((a, i), (b, j))]
        known = [place for place in places if place in numbers]
        which = tuple(sorted({numbers[place] for place in known}))
        if known and all((sheets[n].shot.key) in {key for key, _at in known} for n in (a, b)):
            shown = tuple((key, at, messages[numbers[key, at]].span.start or "") for key, at in known)
            found.setdefault(which, Conflict("run", which, shown))
    return list(found.values())


def _shots(sheets: Sequence[Sheet], runs: Sequence[_Run]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for run in runs:
        for line in run.lines:
            keys.update((key, None) for key, _item in line.shown)
    return tuple(keys)


def _place(chat: Conversation) -> tuple[str, str, str, tuple[tuple[str, int], ...]]:
    first = chat.messages[0].shown if chat.messages else ()
    return chat.holder, chat.app, chat.title or "~", first
