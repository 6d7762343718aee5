"""Entries of Android's address book (``ContactsContract``): names that it gives to numbers and accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.formats.android.androidvalues import as_text, kept
from evidence.formats.chats.oncenotes import OnceNotes
from evidence.models import Contact
from evidence.phone import normalise

_KIND = "vnd.android.cursor.item/"
_NAME, _PHONE, _MAIL, _IM, _PHOTO = (_KIND + kind for kind in ("name", "phone_v2", "email_v2", "im", "photo"))
_ABOUT = {
    "organization": (("data1", "org"), ("data4", "title")),
    "note": (("data1", "note"),),
    "nickname": (("data1", "nickname"),),
}
# CommonDataKinds.Im.PROTOCOL
_SERVICES = {
    "0": "aim",
    "1": "msn",
    "2": "yahoo",
    "3": "skype",
    "4": "qq",
    "5": "gtalk",
    "6": "icq",
    "7": "xmpp",
}
_FULL = 20  # contacts of one entry that carry all its fields; an entry with more is no person's


@dataclass(frozen=True, slots=True)
class Entry:
    """One raw contact: ``rows`` are its rows of the table ``data`` as (place, MIME type, columns)."""

    locator: str
    name: str | None
    rows: Sequence[tuple[str, str, Mapping[str, Any]]]
    extras: Mapping[str, Any] = field(default_factory=dict)


def contacts_of(entry: Entry, notes: OnceNotes) -> Iterator[Contact]:
    """A contact for each number and account of the entry. What has no name or nothing else is noted."""
    name = _name(entry)
    shared = dict(entry.extras) | _about(entry)
    given = 0
    for locator, kind, row in entry.rows:
        value = (as_text(row.get("data1")) or "").strip()
        if kind not in (_PHONE, _MAIL, _IM) or not value:
            continue
        given += 1
        if not name:
            notes.add("contact_unnamed", locator)
            continue
        extras = {"data": kept(row), **(shared if given <= _FULL else {})}
        if kind == _PHONE:
            yield Contact(locator, name, normalise(value), value, None, extras)
        else:
            yield Contact(locator, name, None, None, value if kind == _MAIL else _account(row, value), extras)
    if not given:
        notes.add("contact_empty", entry.locator)


def _name(entry: Entry) -> str:
    """What the entry calls the person; a firm or nickname where it gives no name."""
    by_kind = [(kind, (as_text(row.get("data1")) or "").strip()) for _place, kind, row in entry.rows]
    order = (_NAME, None, _KIND + "nickname", _KIND + "organization")
    for wanted in order:
        found = [entry.name.strip() if entry.name else ""] if wanted is None else [v for k, v in by_kind if k == wanted]
        for text in found:
            if text:
                return text
    return ""


def _about(entry: Entry) -> dict[str, Any]:
    """Firm, title, note and nickname under their names, the rest under ``fields``; a photo is only said to be there."""
    out: dict[str, Any] = {}
    rest: dict[str, list[Any]] = {}
    for _place, kind, row in entry.rows:
        about = _ABOUT.get(kind.removeprefix(_KIND))
        if about is not None and not any(key in out for _column, key in about):
            out |= {key: text for column, key in about if (text := as_text(row.get(column)))}
        elif kind == _PHOTO:
            out["photo"] = True
        elif kind not in (_PHONE, _MAIL, _IM):
            rest.setdefault(kind, []).append(kept(row))
    return out | ({"fields": rest} if rest else {})


def _account(row: Mapping[str, Any], value: str) -> str:
    service = _SERVICES.get(as_text(row.get("data5")) or "") or as_text(row.get("data6")) or "im"
    return f"{service}:{value}"
