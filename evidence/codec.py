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
    """A record as stored: time fields flat, absent fields left out.

    Written by hand, and in the order of the keys (which makes sorting them quick), because imports live on it.
    """
    time = record.time
    body: dict[str, Any] = {"channel": record.channel}
    if record.direction is not None:
        body["direction"] = record.direction
    if record.duration_s is not None:
        body["duration_s"] = record.duration_s
    if record.extras:
        body["extras"] = record.extras if type(record.extras) is dict else dict(record.extras)
    if record.holder != "self":
        body["holder"] = record.holder
    body["id"] = record.id
    body["kind"] = record.kind
    body["locator"] = record.locator
    if record.media:
        body["media"] = [{"sha256": m.sha256, "size": m.size, "mime": m.mime, "name": m.name} for m in record.media]
    if record.name is not None:
        body["name"] = record.name
    if record.number is not None:
        body["number"] = record.number
    if record.number_raw is not None:
        body["number_raw"] = record.number_raw
    if record.outcome is not None:
        body["outcome"] = record.outcome
    if record.participants:
        body["participants"] = [{"number": p.number, "role": p.role} for p in record.participants]
    body["source"] = record.source
    if record.text is not None:
        body["text"] = record.text
    if record.text_basis is not None:
        body["text_basis"] = record.text_basis
    if time.utc is not None:
        body["time"] = time.utc
    body["time_basis"] = time.basis
    body["time_how"] = time.how
    body["time_precision_s"] = time.precision_s
    if time.raw:
        body["time_raw"] = time.raw
    if time.zone is not None:
        body["time_zone"] = time.zone
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
