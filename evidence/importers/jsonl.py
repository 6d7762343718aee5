"""dunlog's own JSON Lines, for records that another program has gathered. One object a line; the format is in docs."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.chats.chatmedia import look_up
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem

LINE_BYTES = 16 << 20
DETAILED_PROBLEMS = 100
_BOM = b"\xef\xbb\xbf"


class JsonLines:
    """Reads a file of any size, one line in memory at a time."""

    name = "jsonl"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the first line is the header ``{"dunlog": "records", …}``."""
        first = file.head.removeprefix(_BOM).lstrip()[:LINE_BYTES].split(b"\n", 1)[0]
        if not first.startswith(b"{") or b'"dunlog"' not in first:
            return False
        from evidence.formats.json.recordlines import Refused, load_line

        try:
            return load_line(first).get("dunlog") == "records"
        except Refused:
            return False

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """A record or a problem for each line. Raises Unreadable for a version that this program does not know."""
        from evidence.formats.json.recordlines import Refused, check_line, load_line

        lines = _lines(file.path)
        number, raw = next(lines, (0, b""))
        producer = _producer(raw)
        bad = 0
        counts: Counter[str] = Counter()
        first: dict[str, str] = {}
        for number, raw in lines:
            place = f"line {number}"
            try:
                if raw is None:
                    raise Refused(_("longer than {n} MB").format(n=LINE_BYTES >> 20))
                line = check_line(load_line(raw), place)
            except Refused as error:
                bad += 1
                if bad <= DETAILED_PROBLEMS:
                    words = _("Line {n} was not read: {why}").format(n=number, why=error)
                    yield Problem("line_refused", words, "", place)
                continue
            named = look_up(file.find, list(line.media))
            extras = dict(line.record.extras) | producer
            if named.missing:
                counts["missing"] += 1
                first.setdefault("missing", place)
                extras["missing_media"] = named.missing
            yield dataclasses.replace(line.record, media=tuple(named.media), extras=extras)
        yield from _summary(bad, counts, first)


def _summary(bad: int, counts: Counter[str], first: dict[str, str]) -> Iterator[Problem]:
    if bad > DETAILED_PROBLEMS:
        more = bad - DETAILED_PROBLEMS
        words = ngettext("{n} more line was not read.", "{n} more lines were not read.", more)
        yield Problem("line_refused", words.format(n=more))
    if counts["missing"]:
        words = ngettext(
            "{n} record names a file that did not come along (the first: {place}).",
            "{n} records name files that did not come along (the first: {place}).",
            counts["missing"],
        )
        place = first["missing"]
        yield Problem("media_missing", words.format(n=counts["missing"], place=place), "", place, "warning")


def _producer(raw: bytes | None) -> dict[str, Any]:
    """What the header says of the program that wrote the file. Raises Unreadable for another version."""
    from evidence.formats.json.recordlines import VERSION, Refused, load_line

    try:
        header = load_line((raw or b"").removeprefix(_BOM))
    except Refused as error:
        raise Unreadable(_("The first line is no header: {why}").format(why=error)) from error
    version = header.get("version")
    if header.get("dunlog") != "records" or isinstance(version, bool) or version != VERSION:
        shown = json.dumps(version, ensure_ascii=False)[:20]
        words = _("This file is written in version {version} of the format; this program reads version {known}.")
        raise Unreadable(words.format(version=shown, known=VERSION))
    rest = {key: value for key, value in header.items() if key not in ("dunlog", "version")}
    return {"file_header": rest} if rest else {}


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Every line that is not blank, with its number from 1; None for one that is too long."""
    number = 0
    with path.open("rb") as stream:
        while line := stream.readline(LINE_BYTES + 1):
            number += 1
            if len(line) > LINE_BYTES and not line.endswith(b"\n"):
                while (rest := stream.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield number, None
            elif line.strip():
                yield number, line


IMPORTER = JsonLines()
