"""Epistolaire (hydrargyrum/epistolaire): SMS and MMS as ``{"conversations": [[message, …]], "errors": []}``.

Keys are the columns of Android's tables (the app's ``backup.schema.json``). An MMS has ``addresses`` (the sender first,
then those it went to) and ``parts`` with ``my_content``: base64, or the text itself in a text part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.formats.android.androidfields import OWNER_TOKEN
from evidence.formats.android.androidjson import Values
from evidence.formats.android.androidparts import MmsRow, Part
from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.android.androidvalues import as_text
from evidence.formats.json.jsonstream import top_level
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem

_BEGIN = re.compile(rb'"conversations"\s*:\s*\[\s*\[\s*\{\s*"')
_COLUMNS = (b'"thread_id"', b'"msg_box"', b'"address"')
_MESSAGES, _ERRORS = "conversations.item.item", "errors.item"
_ERRORS_SHOWN = 5


class Epistolaire:
    """Reads one message after the other, conversation by conversation."""

    name = "epistolaire"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is an object whose ``conversations`` is a list of lists of Android's rows."""
        begin = _BEGIN.search(file.head)
        if begin is None or "conversations" not in (top_level(file.head) or ()):
            return False
        return any(column in file.head for column in _COLUMNS)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file, in its order; what the app itself could not read is told once."""
        run = AndroidRows(file, options, attach)
        values = Values(file, (_MESSAGES, _ERRORS), "message", run)
        errors: list[str] = []
        failed = 0
        for found in values:
            row, locator = found.value, values.place(found)
            if found.prefix == _ERRORS:
                failed += 1
                errors += [str(row)[:200]] if len(errors) < _ERRORS_SHOWN else []
            elif not isinstance(row, dict):
                run.notes.add("row_unreadable", locator, _("no entry of this format"))
            elif "msg_box" in row or "parts" in row or "m_type" in row:
                yield from run.mms(_message(row), locator)
            else:
                yield from run.sms(row, locator)
        yield from values.problems()
        yield from run.problems()
        if failed:
            words = _("The app that wrote this file could not read everything ({n}): {errors}")
            yield Problem("export_incomplete", words.format(n=failed, errors="; ".join(errors)), severity="warning")


def _message(row: Mapping[str, Any]) -> MmsRow:
    """The sender of a received message is the first address; the app does not say what the others are."""
    numbers = [as_text(one) for one in row["addresses"]] if isinstance(row.get("addresses"), list) else []
    addresses: list[dict[str, str]] = [{"address": number} for number in numbers if number]
    received = as_text(row.get("msg_box")) == "1"
    if received and addresses and addresses[0]["address"] != OWNER_TOKEN:
        addresses[0]["type"] = "137"
    others = tuple(one["address"] for one in addresses if one["address"] != OWNER_TOKEN)
    raw = row.get("parts")
    parts = [_part(part) for part in raw if isinstance(part, dict)] if isinstance(raw, list) else []
    own = {key: value for key, value in row.items() if key not in ("parts", "addresses")}
    if "addresses" in row and not addresses:
        own["addresses"] = row["addresses"]
    return MmsRow(own, parts, addresses, () if received else others)


def _part(row: Mapping[str, Any]) -> Part:
    content = row.get("my_content")
    rest = {key: value for key, value in row.items() if key != "my_content"}
    if not isinstance(content, str) or not content:
        return Part(row)
    if (as_text(row.get("ct")) or "").startswith("text/"):
        return Part(rest if rest.get("text") is not None else {**rest, "text": content})
    return Part(rest, content)


IMPORTER = Epistolaire()
