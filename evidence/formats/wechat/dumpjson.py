"""Chat dumps in JSON, one message in memory at a time; broken messages and cut files are named, the rest is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.json.jsonstream import Broken, Found, JsonNotes, stream
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Problem

DETAILED_PROBLEMS = 100  # places named one by one; the rest is counted


def dump_values(file: FileProbe, options: ReadOptions, prefixes: Collection[str]) -> Iterator[Found | Problem]:
    """Values at ``prefixes`` in file order; problems for what cannot be read. Raises Unreadable when nothing can."""
    notes, seen, broken = JsonNotes(), 0, 0
    try:
        for found in stream(file.path, prefixes, encoding=options.encoding, notes=notes):
            if isinstance(found.value, Broken):
                broken += 1
                if broken <= DETAILED_PROBLEMS:
                    yield _broken(found.value)
                continue
            seen += 1
            yield found
    except Unreadable as error:
        if not seen:
            raise
        yield Problem("file_cut", str(error))
    if broken > DETAILED_PROBLEMS:
        more = broken - DETAILED_PROBLEMS
        message = ngettext("{n} more place like this.", "{n} more places like this.", more)
        yield Problem("entry_broken", message.format(n=more))
    if notes.bad_bytes:
        message = ngettext(
            "{n} byte does not fit the encoding and shows as �.",
            "{n} bytes do not fit the encoding and show as �.",
            notes.bad_bytes,
        )
        yield Problem("text_damaged", message.format(n=notes.bad_bytes), "", "", "warning")


def _broken(value: Broken) -> Problem:
    message = _("The entry at character {at} cannot be read and was passed over.")
    locator = f"character {value.at}"
    return Problem("entry_broken", message.format(at=value.at), "", locator)


def first_value(file: FileProbe, options: ReadOptions, prefix: str) -> dict[str, Any]:
    """The object at ``prefix``, {} when there is none or the file is damaged before it."""
    try:
        for found in stream(file.path, (prefix,), encoding=options.encoding):
            return found.value if isinstance(found.value, dict) else {}
    except Unreadable:  # the pass over the messages says so
        return {}
    return {}


def text_of(value: object) -> str:
    """A field as text: "" for null and for what is no plain value."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def rest_of(message: Mapping[str, Any], *used: str) -> dict[str, Any]:
    """The fields of a message for a record's extras: all that say something, without those ``used``."""
    return {key: value for key, value in message.items() if key not in used and value not in (None, "", [], {})}
