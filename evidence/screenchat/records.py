"""The messages of a screenshot as records like any other: who, when as far as it is known, and where on the picture."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.log import record_id
from evidence.models import Direction, Kind, Reading, Record, Stamp
from evidence.phone import normalise
from evidence.screenchat.model import SCREEN_LAYOUT, Item, Screen, Span, gives_messages
from evidence.times import from_utc_text

IMPORTER = "screenchat/1"
_CHANNEL: dict[str, str] = {"sms": "sms", "unknown": "chat"}
_NUMBER_DIGITS = 5


def layout_id(target: str, reading: Reading, version: str) -> str:
    """Which layout of which reading of a picture: the same for the same text, whenever it was made."""
    seed = "\n".join((target, reading.engine, reading.version, version, reading.text))
    return "y" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:16]


def message_records(
    parent: Record, picture: str, screen: Screen, spans: Sequence[Span], reading: Reading, layout: str
) -> list[Record]:
    """One record for each message and system line of ``screen``, from top to bottom.

    ``parent`` is the record of the screenshot, ``picture`` the SHA-256 of the picture, ``spans`` the times of the
    items, ``layout`` the id of the layout. The locator counts the messages of the picture from 1.
    """
    if not gives_messages(screen.kind, screen.doubts):
        return []
    made: list[Record] = []
    for place, (item, span) in enumerate(zip(screen.items, spans, strict=True)):
        if item.kind in ("message", "system"):
            locator = f"{parent.locator} message[{len(made) + 1}] {layout}"
            made.append(_record(parent, picture, screen, item, place, span, reading, layout, locator))
    return made


def _record(
    parent: Record,
    picture: str,
    screen: Screen,
    item: Item,
    place: int,
    span: Span,
    reading: Reading,
    layout: str,
    locator: str,
) -> Record:
    direction = direction_of(item)
    number = _number(screen.title)
    kind: Kind = "sms" if screen.app == "sms" else "chat"
    return Record(
        kind=kind,
        channel=_CHANNEL.get(screen.app, screen.app),
        locator=locator,
        time=stamp(span, parent.time.zone),
        direction=direction,
        number=number,
        number_raw=screen.title if number is not None else None,
        name=_name(screen, item, direction, number),
        text=item.text or None,
        text_basis="ocr" if item.text else None,
        holder=parent.holder,
        extras=_extras(picture, screen, item, place, span, reading, layout, parent),
        id=record_id(parent.source, IMPORTER, locator),
        source=parent.source,
    )


def direction_of(item: Item) -> Direction | None:
    """Right is whose phone it is. A side decided by weak signs, and a system line, say nothing."""
    if item.kind != "message" or item.side is None or "side" in item.doubts:
        return None
    return "out" if item.side == "right" else "in"


def stamp(span: Span, zone: str | None) -> Stamp:
    """An instant where a label states it; else the interval from its beginning, its width as the precision.

    Without a beginning there is no instant: the order of the messages is all that is known.
    """
    if span.start is None:
        return Stamp(raw=span.raw, basis="screen")
    if span.exact_s is not None:
        how = "minute_only" if span.exact_s <= 60 else "date_only" if span.exact_s >= 86400 else "screen_interval"
        return Stamp(span.start, span.raw, "screen", how, zone, span.exact_s)  # type: ignore[arg-type]
    if span.end is None:
        return Stamp(raw=span.raw, basis="screen")
    width = (from_utc_text(span.end) - from_utc_text(span.start)).total_seconds()
    return Stamp(span.start, span.raw, "screen", "screen_interval", zone, max(60.0, width))


def _number(title: str | None) -> str | None:
    """The title of a conversation when it is a telephone number."""
    number = normalise(title)
    if number is None or sum(map(str.isdecimal, number)) < _NUMBER_DIGITS or number.strip("+0123456789") != "":
        return None
    return number


def _name(screen: Screen, item: Item, direction: Direction | None, number: str | None) -> str | None:
    if item.kind == "system":
        return None
    if item.name:
        return item.name
    if direction == "out" or screen.members is not None or number is not None:
        return None
    return screen.title


def _extras(
    picture: str,
    screen: Screen,
    item: Item,
    place: int,
    span: Span,
    reading: Reading,
    layout: str,
    parent: Record,
) -> dict[str, Any]:
    said: Mapping[str, Any] = {
        SCREEN_LAYOUT: layout,
        "picture": picture,
        "shown_in": parent.id,
        "item": place,
        "box": list(item.box),
        "reading": reading.id,
        "lines": list(item.lines),
        "conversation": screen.title,
        "group": True if screen.members is not None else None,
        "members": screen.members,
        "message_type": "system" if item.kind == "system" else item.type,
        "quote": item.quote,
        "note": item.note,
        "seconds": item.seconds,
        "amount": item.amount,
        "score": item.score,
        "print": item.print or None,
        "doubts": list(dict.fromkeys((*item.doubts, *span.doubts))) or None,
        "time_rule": span.rule or None,
        "not_before": span.start,
        "not_after": span.end,
        "side": item.side,
    }
    return {key: value for key, value in said.items() if value is not None}
