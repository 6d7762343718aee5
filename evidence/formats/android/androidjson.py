"""JSON exports of Android's tables: their values one by one, and what was wrong with the file, told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evidence.errors import Unreadable
from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.json.jsonlines import lines
from evidence.formats.json.jsonstream import Broken, Found, JsonNotes, stream
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import FileProbe
from evidence.models import Problem


class Values:
    """The values at ``prefixes`` of a JSON file, or one to a line where that is ""; damaged ones are noted in ``run``.

    ``name`` is what one is called in its locator.
    """

    def __init__(self, file: FileProbe, prefixes: Collection[str], name: str, run: AndroidRows) -> None:
        self._path, self._prefixes, self._name, self._run = file.path, prefixes, name, run
        self._notes = JsonNotes()
        self._cut: Unreadable | None = None

    def place(self, found: Found) -> str:
        """``line 3``, ``message[3]``, or ``message[2][3]`` for the third of the second list; numbers begin with 1."""
        if not found.prefix:
            return f"line {found.place[0] + 1}"
        return self._name + "".join(f"[{n + 1}]" for n in found.place)

    def __iter__(self) -> Iterator[Found]:
        """Raises Unreadable when the file is damaged before its first value."""
        came = False
        by_line = "" in self._prefixes
        values = lines(self._path, self._notes) if by_line else stream(self._path, self._prefixes, notes=self._notes)
        try:
            for found in values:
                if isinstance(found.value, Broken):
                    self._run.notes.add("row_unreadable", self.place(found), _reason(found.value))
                else:
                    came = True
                    yield found
        except Unreadable as error:
            if not came:
                raise
            self._cut = error

    def problems(self) -> Iterator[Problem]:
        """What is told once per file, after the last value."""
        notes = self._notes
        if self._cut is not None:
            yield Problem("json_cut", str(self._cut))
        odd = notes.bad_bytes + notes.lone_surrogates
        if odd:
            words = ngettext(
                "{n} character of the file is damaged; it is shown as \ufffd. The original is unchanged.",
                "{n} characters of the file are damaged; they are shown as \ufffd. The original is unchanged.",
                odd,
            )
            yield Problem("text_mended", words.format(n=odd), severity="warning")
        if notes.duplicate_keys:
            words = ngettext(
                "{n} field stands twice in the same entry; the last one counts.",
                "{n} fields stand twice in the same entry; the last one counts.",
                notes.duplicate_keys,
            )
            yield Problem("field_twice", words.format(n=notes.duplicate_keys), severity="warning")


def _reason(broken: Broken) -> str:
    return {
        "broken": _("damaged"),
        "too_large": _("too large"),
        "too_deep": _("nested too deeply"),
    }[broken.reason]
