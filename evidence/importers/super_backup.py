"""Super Backup (Android): ``<alllogs>`` with calls and ``<allsms>`` with messages (formats.md 1.7).

Every record is one element with attributes: ``log number time date type name new dur`` and ``sms address time date type
body read service_center name``. ``date`` is an epoch value in milliseconds, ``time`` the phone's wall clock in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.android.readabletimes import note_offset, two_times
from evidence.formats.xml.xmlopen import root_name
from evidence.formats.xml.xmlrecords import Damage, Node, XmlRecords, start_tag
from evidence.formats.xml.xmlrepair import decode_doubly_escaped
from evidence.formats.xml.xmltold import damage_told, file_told
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem, Record

_ROOTS = ("alllogs", "allsms")
_NAMES = ("log", "sms")
_TOLD = 100  # damaged places of one kind; the rest is counted in one more problem


class SuperBackup:
    """Reads calls or messages in file order, one in memory at a time."""

    name = "super_backup"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the root element is ``alllogs`` or ``allsms``."""
        return root_name(file.head) in _ROOTS

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file; see :class:`evidence.importers.base.Importer`."""
        records = XmlRecords(file.path, _ROOTS, _NAMES)
        run = AndroidRows(file, options, attach)
        damaged: Counter[str] = Counter()
        for item in records:
            if not isinstance(item, Damage):
                yield from _record(item, f"{item.tag}[{records.seen[item.tag]}]", records, run, options)
                continue
            damaged[item.what] += 1
            if damaged[item.what] <= _TOLD:
                yield damage_told(item)
                node = start_tag(item.head, item.name) if item.what == "too_large" else None
                if node is not None:
                    node.attributes["payload"] = "too_large"
                    yield from _record(node, f"{item.name}[{item.ordinal}]", records, run, options)
        for what, total in damaged.items():
            if total > _TOLD:
                more = total - _TOLD
                message = ngettext("{n} more place like this.", "{n} more places like this.", more).format(n=more)
                yield Problem(f"xml_{what}", message)
        yield from file_told(records.opened, records.repairs, sum(records.seen.values()), records.strangers)
        yield from run.problems()


def _record(node: Node, locator: str, records: XmlRecords, run: AndroidRows, options: ReadOptions) -> Iterator[Record]:
    row: dict[str, Any] = dict(node.attributes)
    if node.children:
        row["elements"] = [{"tag": child.tag, **child.attributes} for child in node.children]
    if "&#" in row.get("body", ""):
        row["body"] = decode_doubly_escaped(row["body"], records.repairs)
    words = row.get("time")
    time = two_times(row.get("date"), words, options.zone)
    if node.tag == "sms":
        found = run.sms(row, locator, time=time)
    else:
        found = run.call({"duration": row.get("dur"), **row}, locator, time)
    for record in found:
        extras = {key: value for key, value in record.extras.items() if key != "duration" or key in row}
        if time.how != "epoch_utc" and "date" in row and row["date"] != time.raw:
            extras["date"] = row["date"]
        if not note_offset(time, words, extras):
            run.notes.add("time_zone_odd", locator)
        yield replace(record, extras=extras)


IMPORTER = SuperBackup()
