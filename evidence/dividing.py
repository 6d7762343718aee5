"""A screenshot that was read becomes messages: its layout is sealed, and a record for each message with it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast, get_args
from zoneinfo import ZoneInfo

from evidence import codec
from evidence.log import Case
from evidence.models import Layout, Reading, Record
from evidence.screenchat.model import App, Screen
from evidence.screenchat.records import layout_id, message_records
from evidence.screenchat.taken import captured
from evidence.screenchat.times import resolve

_APPS = frozenset(get_args(App)) - {"unknown"}
_SURE = 0.8  # an app that the picture itself shows as clearly as this needs no name


def divide(case: Case, reading: Reading, screen: Screen, version: str) -> int:
    """Seal how the picture of ``reading`` is divided and the records of its messages; returns how many there are.

    A picture that is no chat gets a layout without messages. Nothing is added when this layout is there already.
    """
    parents = _parents(case, reading.target)
    ident = layout_id(reading.target, reading, version)
    if not all(map(is_own_capture, parents)) or not parents:
        return 0
    if case.db.execute("select 1 from layout where id = ?", [ident]).fetchone() is not None:
        return 0
    parent = parents[0]
    screen = with_stated_app(screen, parent.channel)
    stated = parent.time.zone or ""
    zone = ZoneInfo(stated if "/" in stated else case.header.timezone)
    spans = resolve(screen, captured(parent, zone), zone)
    records = message_records(parent, reading.target, screen, spans, reading, ident)
    layout = Layout(ident, reading.target, reading.id, version, codec.to_body(screen), case.now())
    with case.transaction():
        case.append("layout", "layout", [layout], {"target": reading.target})
        if records:
            case.append("messages", "record", records, {"source": parent.source, "layout": ident})
    return len(records)


def is_own_capture(parent: Record) -> bool:
    """Whether a picture can be a capture of the holder's own screen. One that came in a message, a mail or a document,
    or was saved out of a chat, may show anybody's phone: right would not be the holder there."""
    return parent.kind == "media" and parent.direction is None and parent.extras.get("name_time_means") != "saved"


def with_stated_app(screen: Screen, channel: str) -> Screen:
    """The app that the picture's name states, where the picture itself is less than sure."""
    if channel not in _APPS or screen.app == channel or screen.app_score >= _SURE:
        return screen
    return replace(screen, app=cast(App, channel), app_why=",".join(filter(None, (screen.app_why, "filename"))))


def _parents(case: Case, picture: str) -> list[Record]:
    """The records that carry a picture, in the order written."""
    query = """select record.body from record, json_each(record.body, '$.media') m
               where json_extract(m.value, '$.sha256') = ? and record.body is not null order by record.n"""
    return [codec.record_from_body(json.loads(body)) for (body,) in case.db.execute(query, [picture])]
