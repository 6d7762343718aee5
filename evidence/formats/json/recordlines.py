"""One line of dunlog's own JSON Lines, checked field by field. Other programs write this format; see docs/json.md."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from evidence.formats.android.androidfields import compare_form
from evidence.i18n import gettext as _
from evidence.models import Direction, Kind, Outcome, Participant, Record, Stamp
from evidence.phone import is_masked
from evidence.times import offset_stamp

VERSION = 1
MAX_TEXT = 4 << 20
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?P<s>:\d\d(?P<f>\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)")
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ROLES = ("from", "to", "cc", "bcc")
FIELDS = {
    "kind", "channel", "time", "time_raw", "time_precision_s", "direction", "number", "name", "text", "duration_s",
    "outcome", "participants", "media", "extras",
}  # fmt: skip
DERIVED = {"id", "time_basis", "time_how", "name_basis", "text_basis", "same_as", "holder", "source"}
"""Fields that ``timeline --json`` adds: kept among the extras, never believed."""


class Refused(Exception):
    """A line that is not of this format; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A checked line: the record without its media, and the names of those."""

    record: Record
    media: tuple[str, ...] = ()


@dataclass(slots=True)
class _Faults:
    found: list[str] = field(default_factory=list)

    def add(self, key: str, words: str) -> None:
        """One more fault of a field."""
        self.found.append(f"{key}: {words}")


def load_line(raw: bytes) -> dict[str, Any]:
    """The JSON object of one line. Raises Refused for wrong bytes, no JSON, no object, a key twice, NaN."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError as error:
        raise Refused(_("not UTF-8")) from error
    except RecursionError as error:
        raise Refused(_("nested too deeply")) from error
    except ValueError as error:
        raise Refused(_("not JSON ({why})").format(why=" ".join(str(error).split())[:120])) from error
    if not isinstance(value, dict):
        raise Refused(_("not a JSON object"))
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError("a key twice")
    return out


def _no_constant(word: str) -> None:
    raise ValueError(word)


def check_line(plain: Mapping[str, Any], locator: str) -> Line:
    """The record that a line states. Raises Refused, which names every fault of the line."""
    faults = _Faults()
    for key in plain:
        if key not in FIELDS and key not in DERIVED:
            faults.add(key[:40], _("is not a field of this format; put it into extras"))
    kind = _one_of(faults, "kind", plain.get("kind"), get_args(Kind), required=True)
    channel = _text(faults, "channel", plain.get("channel")) or kind or ""
    if _CHANNEL.fullmatch(channel) is None and kind is not None:
        faults.add("channel", _("must be a short word in small letters, such as sms or wechat"))
    raw = _text(faults, "number", plain.get("number"))
    text = _text(faults, "text", plain.get("text"))
    names = plain.get("media") or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names) or len(names) > 1000:
        faults.add("media", _("must be a list of file names relative to this file"))
        names = []
    extras = plain.get("extras")
    if extras is not None and not isinstance(extras, dict):
        faults.add("extras", _("must be an object"))
    derived = {key: plain[key] for key in sorted(DERIVED & plain.keys())}
    record = Record(
        kind=kind or "note",
        channel=channel,
        locator=locator,
        time=_time(faults, plain),
        direction=_one_of(faults, "direction", plain.get("direction"), get_args(Direction)),
        number=None if raw is None or is_masked(raw) else compare_form(raw),
        number_raw=raw,
        name=_text(faults, "name", plain.get("name")),
        text=text,
        text_basis=None if text is None else "source",
        duration_s=_seconds(faults, "duration_s", plain.get("duration_s")),
        outcome=_one_of(faults, "outcome", plain.get("outcome"), get_args(Outcome)),
        participants=_participants(faults, plain.get("participants")),
        extras=(dict(extras) if isinstance(extras, dict) else {}) | ({"stated": derived} if derived else {}),
    )
    if faults.found:
        raise Refused("; ".join(faults.found[:10]))
    return Line(record, tuple(names))


def _one_of(faults: _Faults, key: str, value: Any, known: tuple[Any, ...], required: bool = False) -> Any:
    if value is None and not required:
        return None
    if not isinstance(value, str) or value not in known:
        faults.add(key, _("must be one of: {known}").format(known=", ".join(known)))
        return None
    return value


def _text(faults: _Faults, key: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > MAX_TEXT):
        faults.add(key, _("must be a text"))
        return None
    return value


def _seconds(faults: _Faults, key: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10**7 or math.isnan(value):
        faults.add(key, _("must be a number of seconds, not below 0"))
        return None
    return float(value)


def _time(faults: _Faults, plain: Mapping[str, Any]) -> Stamp:
    value, raw = plain.get("time"), _text(faults, "time_raw", plain.get("time_raw"))
    precision = _seconds(faults, "time_precision_s", plain.get("time_precision_s"))
    if value is None:
        return Stamp(raw=raw or "")
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    try:
        moment = datetime.fromisoformat(value) if match is not None else None
    except ValueError:
        moment = None
    if match is None or moment is None:
        faults.add("time", _("must be a time with its offset, such as 2026-05-01T08:30:00+08:00, or null"))
        return Stamp()
    exact = 60.0 if match["s"] is None else 1.0 if match["f"] is None else 0.001
    return offset_stamp(moment, raw or value, "export", max(precision or 0.0, exact))


def _participants(faults: _Faults, value: Any) -> tuple[Participant, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(map(_is_participant, value)):
        faults.add("participants", _("must be a list of objects with number and role (from, to, cc, bcc or null)"))
        return ()
    return tuple(Participant(compare_form(p["number"]) or p["number"], p.get("role")) for p in value)


def _is_participant(value: Any) -> bool:
    known = isinstance(value, dict) and not value.keys() - {"number", "role"}
    return known and isinstance(value.get("number"), str) and value.get("role") in (None, *_ROLES)
