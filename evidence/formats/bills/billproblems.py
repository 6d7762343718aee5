"""What is told once about a carrier's bill: how often something was met, and where first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem, Severity


@dataclass(slots=True)
class Notes:
    """Counts over one file. ``declared`` is what the section at hand says of its own number of rows."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    records: int = 0
    above: int = 0
    repeated: int = 0
    traffic: int = 0
    declared: int | None = None
    differs: list[tuple[int, int, str]] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)
    _absent: bool = False
    _where: str = ""

    def add(self, code: str, place: str) -> None:
        """One more ``code``."""
        self.counts[code] += 1
        self.first.setdefault(code, place)

    def begin(self, declared: int | None, absent: bool, where: str) -> None:
        """A section starts whose header is at ``where``; ``absent``: it has no column for the other number."""
        self.declared, self._absent, self._where = declared, absent, where

    def end(self, rows: int) -> None:
        """The section at hand gave ``rows`` records."""
        if self._absent and rows:
            self.counts["number_absent"] += rows
            self.first.setdefault("number_absent", self._where)
        if self.declared is not None and self.declared != rows:
            self.differs.append((self.declared, rows, self._where))


def tell(notes: Notes) -> Iterator[Problem]:
    """Every warning, once per kind."""
    for declared, rows, where in notes.differs:
        words = _("The bill says that it has {declared} rows; {rows} were read.")
        yield _problem("count_differs", words.format(declared=declared, rows=rows), where)
    if "traffic" in notes.first:
        words = ngettext(
            "{n} row tells of data traffic, not of calls or messages, and was left out.",
            "{n} rows tell of data traffic, not of calls or messages, and were left out.",
            notes.traffic,
        )
        yield _problem("bill_no_calls", words.format(n=notes.traffic), notes.first["traffic"])
    elif notes.records == 0:
        yield _problem("bill_empty", _("The bill has no row with a call or message."), "")
    if notes.above or notes.repeated:
        words = _(
            "Rows that are no calls or messages: {above} above the columns' names, {repeated} with the names again."
        )
        yield _problem("rows_not_entries", words.format(above=notes.above, repeated=notes.repeated), "")
    if notes.other_sheets:
        words = _("These sheets hold no list of calls or messages and were left out: {names}")
        yield _problem("sheets_skipped", words.format(names=", ".join(notes.other_sheets[:40])), "")
    texts = _texts(notes.counts)
    for key, n in notes.counts.items():
        code, severity, text = texts[key]
        place = notes.first[key]
        yield _problem(code, text.format(n=n, place=place), place, severity)


def _problem(code: str, message: str, place: str, severity: Severity = "warning") -> Problem:
    return Problem(code, message, "", place, severity)


def _texts(counts: Counter[str]) -> dict[str, tuple[str, Severity, str]]:
    """Code, severity and words for each note."""
    return {**_time_texts(counts), **_number_texts(counts), **_row_texts(counts)}


def _time_texts(counts: Counter[str]) -> dict[str, tuple[str, Severity, str]]:
    return {
        "year_inferred": (
            "year_inferred",
            "warning",
            ngettext(
                "{n} row has day and month only; the year is taken from the period that the bill states.",
                "{n} rows have day and month only; the year is taken from the period that the bill states.",
                counts["year_inferred"],
            ),
        ),
        "year_from_name": (
            "year_from_name",
            "warning",
            ngettext(
                "{n} row has day and month only and the bill no period; the year is taken from the file's name.",
                "{n} rows have day and month only and the bill no period; the year is taken from the file's name.",
                counts["year_from_name"],
            ),
        ),
        "outside_period": (
            "outside_period",
            "warning",
            ngettext(
                "{n} row lies before the period that the bill states (the first: {place}); taken as a late entry.",
                "{n} rows lie before the period that the bill states (the first: {place}); taken as late entries.",
                counts["outside_period"],
            ),
        ),
        "year_missing": (
            "year_missing",
            "error",
            ngettext(
                "{n} row has day and month only, and nothing tells the year (the first: {place}). It is kept without "
                "time. A description of the columns (dunlog import --map) can state the year.",
                "{n} rows have day and month only, and nothing tells the year (the first: {place}). They are kept "
                "without time. A description of the columns (dunlog import --map) can state the year.",
                counts["year_missing"],
            ),
        ),
        "time_unreadable": (
            "time_unreadable",
            "warning",
            ngettext(
                "{n} record has no time that can be read; the first is {place}.",
                "{n} records have no time that can be read; the first is {place}.",
                counts["time_unreadable"],
            ),
        ),
    }


def _number_texts(counts: Counter[str]) -> dict[str, tuple[str, Severity, str]]:
    return {
        "number_hidden": (
            "numbers_hidden",
            "warning",
            ngettext(
                "In {n} row the other number is hidden or replaced by a word (the first: {place}), so it names no "
                "caller. The carrier's counter can print the full list against an identity card.",
                "In {n} rows the other number is hidden or replaced by a word (the first: {place}), so they name no "
                "caller. The carrier's counter can print the full list against an identity card.",
                counts["number_hidden"],
            ),
        ),
        "number_absent": (
            "numbers_absent",
            "warning",
            ngettext(
                "The bill has no column for the other number, so its {n} row names no caller. Allow full numbers in "
                "the carrier's privacy setting, or ask for the list at its counter, and download it again.",
                "The bill has no column for the other number, so its {n} rows name no caller. Allow full numbers in "
                "the carrier's privacy setting, or ask for the list at its counter, and download it again.",
                counts["number_absent"],
            ),
        ),
        "number_lost": (
            "numbers_lost",
            "warning",
            ngettext(
                "A spreadsheet program has destroyed the number in {n} row (such as 1.38E+10; the first: {place}). It "
                "cannot be restored; use the file as it was downloaded.",
                "A spreadsheet program has destroyed the numbers in {n} rows (such as 1.38E+10; the first: {place}). "
                "They cannot be restored; use the file as it was downloaded.",
                counts["number_lost"],
            ),
        ),
        "side_unknown": (
            "side_unknown",
            "warning",
            ngettext(
                "In {n} row it is open which of the two numbers is your own (the first: {place}).",
                "In {n} rows it is open which of the two numbers is your own (the first: {place}).",
                counts["side_unknown"],
            ),
        ),
    }


def _row_texts(counts: Counter[str]) -> dict[str, tuple[str, Severity, str]]:
    return {
        "direction_unknown": (
            "direction_unknown",
            "warning",
            ngettext(
                "{n} row does not say whether the call came in or went out (the first: {place}).",
                "{n} rows do not say whether the call came in or went out (the first: {place}).",
                counts["direction_unknown"],
            ),
        ),
        "length_unreadable": (
            "length_unreadable",
            "warning",
            ngettext(
                "In {n} row the length cannot be read (the first: {place}).",
                "In {n} rows the length cannot be read (the first: {place}).",
                counts["length_unreadable"],
            ),
        ),
        "whole_minutes": (
            "whole_minutes",
            "warning",
            ngettext(
                "{n} length is stated in minutes as charged, which are rounded up.",
                "{n} lengths are stated in minutes as charged, which are rounded up.",
                counts["whole_minutes"],
            ),
        ),
        "not_entry": (
            "rows_skipped",
            "warning",
            ngettext(
                "{n} row is a sum, a note or a footer and no call or message ({place}); left out.",
                "{n} rows are sums, notes or footers and no calls or messages (the first: {place}); left out.",
                counts["not_entry"],
            ),
        ),
        "sum_differs": (
            "sum_differs",
            "warning",
            ngettext(
                "{n} sum that the bill states is not that of the rows read ({place}).",
                "{n} sums that the bill states are not those of the rows read (the first: {place}).",
                counts["sum_differs"],
            ),
        ),
    }
