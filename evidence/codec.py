"""Dataclasses to canonical JSON bodies and back. Fields at their default are left out of a body."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from evidence.models import Media, Participant, Record, Stamp

T = TypeVar("T")


@cache
def _converter() -> Any:
    import cattrs
    from cattrs.gen import make_dict_unstructure_fn

    converter = cattrs.Converter(forbid_extra_keys=False)
    converter.register_unstructure_hook_factory(
        dataclasses.is_dataclass,
        lambda cls: make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True),
    )
    return converter


def to_body(value: object) -> dict[str, Any]:
    """The plain JSON value of a dataclass; one that is plain already is returned as it is."""
    if isinstance(value, dict):
        return value
    if isinstance(value, Record):
        return record_body(value)
    body: dict[str, Any] = _converter().unstructure(value)
    return body


def from_body(cls: type[T], body: Mapping[str, Any]) -> T:
    """The inverse of :func:`to_body`."""
    if cls is Record:
        return record_from_body(body)  # type: ignore[return-value]
    result: T = _converter().structure(body, cls)
    return result


_PLAIN = [
    "kind",
    "channel",
    "locator",
    "direction",
    "number",
    "number_raw",
    "name",
    "text",
    "text_basis",
    "duration_s",
    "outcome",
    "id",
    "source",
]


def record_body(record: Record) -> dict[str, Any]:
    """A record as stored: time fields flat, absent fields left out. Written by hand because imports live on it."""
    body: dict[str, Any] = {}
    for name in _PLAIN:
        value = getattr(record, name)
        if value is not None:
            body[name] = value
    time = record.time
    body["time_how"] = time.how
    body["time_basis"] = time.basis
    body["time_precision_s"] = time.precision_s
    if time.utc is not None:
        body["time"] = time.utc
    if time.raw:
        body["time_raw"] = time.raw
    if time.zone is not None:
        body["time_zone"] = time.zone
    if record.holder != "self":
        body["holder"] = record.holder
    if record.participants:
        body["participants"] = [{"number": p.number, "role": p.role} for p in record.participants]
    if record.media:
        body["media"] = [{"sha256": m.sha256, "size": m.size, "mime": m.mime, "name": m.name} for m in record.media]
    if record.extras:
        body["extras"] = dict(record.extras)
    return body


def record_from_body(body: Mapping[str, Any]) -> Record:
    """The inverse of :func:`record_body`."""
    return Record(
        **{name: body.get(name) for name in _PLAIN},  # type: ignore[arg-type]
        time=Stamp(
            body.get("time"),
            body.get("time_raw", ""),
            body["time_basis"],
            body["time_how"],
            body.get("time_zone"),
            body["time_precision_s"],
        ),
        holder=body.get("holder", "self"),
        participants=tuple(Participant(p["number"], p["role"]) for p in body.get("participants", ())),
        media=tuple(Media(m["sha256"], m["size"], m["mime"], m["name"]) for m in body.get("media", ())),
        extras=body.get("extras", {}),
    )
