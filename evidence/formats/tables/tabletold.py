"""What is told once about a table that was read by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.formats.tables.tablerecords import RowReader
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem, Severity


def tell(reader: RowReader, left_out: Sequence[str]) -> Iterator[Problem]:
    """Every warning, once per kind, with its count and the first place."""
    notes = reader.notes
    if notes.counts["above"]:
        n = notes.counts["above"]
        words = ngettext(
            "{n} row above the columns' names was left out.", "{n} rows above the columns' names were left out.", n
        )
        yield Problem("rows_skipped", words.format(n=n), severity="warning")
    if left_out and reader.mapping.sheet is None:
        words = _("These sheets do not have the named columns and were left out: {names}")
        yield Problem("sheets_skipped", words.format(names=", ".join(left_out[:40])), severity="warning")
    texts = _texts({code: notes.counts[code] for code in notes.first})
    for key, place in notes.first.items():
        code, severity, words = texts[key]
        message = words.format(n=notes.counts[key], place=place, word=notes.words[key], order=_order(reader.order))
        yield Problem(code, message, "", place, severity)


def _order(order: str) -> str:
    return {"dmy": _("day, month, year"), "mdy": _("month, day, year"), "ymd": _("year, month, day")}.get(order, "")


def _texts(counts: dict[str, int]) -> dict[str, tuple[str, Severity, str]]:
    return {**_time_texts(counts), **_value_texts(counts)}


def _time_texts(counts: dict[str, int]) -> dict[str, tuple[str, Severity, str]]:
    def n(key: str) -> int:
        return counts.get(key, 0)

    return {
        "time_unreadable": (
            "time_unreadable",
            "warning",
            ngettext(
                "The time of {n} row cannot be read ({place}: “{word}”); it is kept without one.",
                "The times of {n} rows cannot be read (the first, {place}: “{word}”); they are kept without one.",
                n("time_unreadable"),
            ),
        ),
        "year_inferred": (
            "year_inferred",
            "warning",
            ngettext(
                "{n} row has day and month only; the year is the one that was stated.",
                "{n} rows have day and month only; the year is the one that was stated.",
                n("year_inferred"),
            ),
        ),
        "date_order_settled": (
            "date_order_settled",
            "warning",
            ngettext(
                "{n} date can be read in two ways ({place}: “{word}”). The other dates of the table allow only one: "
                "{order}.",
                "{n} dates can be read in two ways (the first, {place}: “{word}”). The other dates of the table allow "
                "only one: {order}.",
                n("date_order_settled"),
            ),
        ),
        "date_order_open": (
            "date_order_open",
            "error",
            ngettext(
                "{n} date can be read in two ways ({place}: “{word}”), and nothing in the table settles it; it is kept "
                "without time. State the order in the description of the columns (time: date_order: dmy or mdy).",
                "{n} dates can be read in two ways (the first, {place}: “{word}”), and nothing in the table settles "
                "it; they are kept without time. State the order in the description of the columns (time: date_order: "
                "dmy or mdy).",
                n("date_order_open"),
            ),
        ),
    }


def _value_texts(counts: dict[str, int]) -> dict[str, tuple[str, Severity, str]]:
    def n(key: str) -> int:
        return counts.get(key, 0)

    return {
        "skipped": (
            "rows_skipped",
            "warning",
            ngettext(
                "{n} row has nothing in the named columns and was left out ({place}).",
                "{n} rows have nothing in the named columns and were left out (the first: {place}).",
                n("skipped"),
            ),
        ),
        "direction_unknown": (
            "direction_unknown",
            "warning",
            ngettext(
                "In {n} row the word for in or out is not among those that were named ({place}: “{word}”).",
                "In {n} rows the word for in or out is not among those that were named (the first, {place}: “{word}”).",
                n("direction_unknown"),
            ),
        ),
        "number_lost": (
            "numbers_lost",
            "warning",
            ngettext(
                "A spreadsheet program has destroyed the number in {n} row ({place}: “{word}”). It cannot be restored; "
                "use the file as it was downloaded.",
                "A spreadsheet program has destroyed the numbers in {n} rows (the first, {place}: “{word}”). They "
                "cannot be restored; use the file as it was downloaded.",
                n("number_lost"),
            ),
        ),
        "length_unreadable": (
            "length_unreadable",
            "warning",
            ngettext(
                "In {n} row the length cannot be read ({place}: “{word}”).",
                "In {n} rows the length cannot be read (the first, {place}: “{word}”).",
                n("length_unreadable"),
            ),
        ),
        "media_missing": (
            "media_missing",
            "warning",
            ngettext(
                "{n} row names a file that did not come along ({place}: “{word}”).",
                "{n} rows name files that did not come along (the first, {place}: “{word}”).",
                n("media_missing"),
            ),
        ),
    }
