"""What is told once per chat file instead of once per row: how often it was met, and where first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem, Severity

NAMES_SHOWN = 6
_NAME_LENGTH = 40


@dataclass(slots=True)
class _Note:
    count: int
    first: str
    examples: list[str]


@dataclass(slots=True)
class ChatNotes:
    """Counts by code; :meth:`problems` says each of them once, in the order in which they were first met."""

    _notes: dict[str, _Note] = field(default_factory=dict)

    def add(self, code: str, locator: str, example: str = "") -> None:
        """One more ``code`` of :data:`CODES`; ``example`` is shown, at most :data:`NAMES_SHOWN` different ones."""
        note = self._notes.get(code)
        if note is None:
            note = self._notes[code] = _Note(0, locator, [])
        note.count += 1
        if example and len(note.examples) < NAMES_SHOWN and example not in note.examples:
            note.examples.append(example)

    def count(self, code: str) -> int:
        """How often ``code`` was met."""
        note = self._notes.get(code)
        return 0 if note is None else note.count

    def problems(self) -> Iterator[Problem]:
        """One problem for each code that was met."""
        for code, note in self._notes.items():
            severity, one = CODES[code](note.count)
            shown = "、".join(f"“{name[:_NAME_LENGTH]}”" for name in note.examples)
            yield Problem(code, one.format(n=note.count, first=note.first, names=shown), "", note.first, severity)


def _time_unreadable(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} record has no time that can be read; the first is {first}.",
        "{n} records have no time that can be read; the first is {first}.",
        n,
    )


def _time_odd(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "The exact time of {n} message and its written time do not agree; the first is {first}.",
        "The exact times of {n} messages and their written times do not agree; the first is {first}.",
        n,
    )


def _media_missing(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} attachment that the chat names was not among the files; the first is {first} ({names}).",
        "{n} attachments that the chat names were not among the files; the first is {first} ({names}).",
        n,
    )


def _direction_unknown(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "Of {n} message the file does not say whether it was sent or received. Say which of these names is the "
        "phone's owner with --me NAME: {names}.",
        "Of {n} messages the file does not say whether they were sent or received. Say which of these names is the "
        "phone's owner with --me NAME: {names}.",
        n,
    )


def _row_bad(n: int) -> tuple[Severity, str]:
    return "error", ngettext(
        "{n} row cannot be read as a message; the first is {first}.",
        "{n} rows cannot be read as messages; the first is {first}.",
        n,
    )


def _row_skipped(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} row holds nothing and was passed over; the first is {first}.",
        "{n} rows hold nothing and were passed over; the first is {first}.",
        n,
    )


def _header_doubtful(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} line looks like the beginning of a message and was read as text of the one before; the first is {first}.",
        "{n} lines look like the beginning of a message and were read as text of the one before; the first is {first}.",
        n,
    )


def _order_odd(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} message has an earlier time than the one before it; the first is {first}.",
        "{n} messages have an earlier time than the one before them; the first is {first}.",
        n,
    )


def _text_outside(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} line belongs to no message and was not read; the first is {first}.",
        "{n} lines belong to no message and were not read; the first is {first}.",
        n,
    )


def _footer(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} line at the end of the mail, added by a mail program, was not read as part of the last message ({first}).",
        "{n} lines at the end of the mail, added by a mail program, were not read as part of the last message "
        "({first}).",
        n,
    )


def _type_unknown(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} message is of a kind that is not known; its content is kept as found. The first is {first} ({names}).",
        "{n} messages are of a kind that is not known; their content is kept as found. The first is {first} ({names}).",
        n,
    )


def _payload_bad(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "The inner data of {n} message is damaged; it is kept as found. The first is {first}.",
        "The inner data of {n} messages is damaged; it is kept as found. The first is {first}.",
        n,
    )


def _columns_odd(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} row has more or fewer cells than the header; all cells are kept. The first is {first}.",
        "{n} rows have more or fewer cells than the header; all cells are kept. The first is {first}.",
        n,
    )


def _me_unmatched(n: int) -> tuple[Severity, str]:
    return "warning", _("None of the names given with --me occurs in this chat. It has: {names}.")


def _sender_shared(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "The chat has a name of --me, but the file says that {n} message under it came from another; the first is "
        "{first}.",
        "The chat has a name of --me, but the file says that {n} messages under it came from another; the first is "
        "{first}.",
        n,
    )


def _contradicted(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "The file marks {n} message as sent by the phone's owner although it names the other person as its sender; its "
        "direction was left open. The first is {first}.",
        "The file marks {n} messages as sent by the phone's owner although it names the other person as their sender; "
        "their direction was left open. The first is {first}.",
        n,
    )


def _by_title(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "That {n} message was sent or received follows from the heading of the chat, which names the other person; "
        "give --me NAME to be sure.",
        "That {n} messages were sent or received follows from the heading of the chat, which names the other person; "
        "give --me NAME to be sure.",
        n,
    )


def _text_cut(n: int) -> tuple[Severity, str]:
    return "error", ngettext(
        "{n} message is too long; the end of its text was not read ({first}).",
        "{n} messages are too long; the ends of their texts were not read (the first: {first}).",
        n,
    )


def _picture_unused(n: int) -> tuple[Severity, str]:
    return "warning", ngettext(
        "{n} picture in the archive belongs to no message; it is kept ({names}).",
        "{n} pictures in the archive belong to no message; they are kept ({names}).",
        n,
    )


def _count_differs(n: int) -> tuple[Severity, str]:
    return "warning", _("The file declares another number of messages than it holds: {names}.")


CODES = {
    "time_unreadable": _time_unreadable,
    "time_differs": _time_odd,
    "media_missing": _media_missing,
    "direction_unknown": _direction_unknown,
    "row_unreadable": _row_bad,
    "row_skipped": _row_skipped,
    "header_doubtful": _header_doubtful,
    "order_odd": _order_odd,
    "text_outside": _text_outside,
    "mail_footer": _footer,
    "type_unknown": _type_unknown,
    "payload_damaged": _payload_bad,
    "columns_differ": _columns_odd,
    "me_unmatched": _me_unmatched,
    "sender_disputed": _sender_shared,
    "direction_contradicted": _contradicted,
    "direction_by_heading": _by_title,
    "text_cut": _text_cut,
    "picture_unused": _picture_unused,
    "count_differs": _count_differs,
}
