"""What is told once per file of mail or document: how often, where first, which one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.i18n import ngettext
from evidence.models import Problem

_SHOWN = 80


@dataclass(slots=True)
class _Note:
    count: int
    locator: str
    example: str


@dataclass(slots=True)
class MailNotes:
    """Counts by code of :func:`_words`."""

    _notes: dict[str, _Note] = field(default_factory=dict)

    def add(self, code: str, locator: str, example: str = "", count: int = 1) -> None:
        """``count`` more of ``code``; the first place and example are the ones that are told."""
        note = self._notes.setdefault(code, _Note(0, locator, example[:_SHOWN]))
        note.count += count

    def problems(self) -> Iterator[Problem]:
        """One warning for each code, in the order in which they were first met."""
        for code, note in self._notes.items():
            words = _words(code, note.count).format(n=note.count, first=note.locator, example=note.example)
            yield Problem(code, words, "", note.locator, "warning")


def _words(code: str, n: int) -> str:
    return _time_words(code, n) or _text_words(code, n) or _body_words(code, n) or _part_words(code, n)


def _time_words(code: str, n: int) -> str:
    if code == "mail_date_missing":
        return ngettext(
            "{n} mail has no date of its sender that can be read; the time of arrival is used where there is one. The "
            "first is {first}.",
            "{n} mails have no date of their sender that can be read; the time of arrival is used where there is one. "
            "The first is {first}.",
            n,
        )
    if code == "mail_date_differs":
        return ngettext(
            "In {n} mail the sender's date and the arrival at the receiving server lie more than a day apart; the "
            "server's time is the stronger one. The first is {first}.",
            "In {n} mails the sender's date and the arrival at the receiving server lie more than a day apart; the "
            "server's time is the stronger one. The first is {first}.",
            n,
        )
    return ""


def _text_words(code: str, n: int) -> str:
    if code == "mail_charset_wrong":
        return ngettext(
            "{n} text is not in the character set that the mail states; it was read in the one that fits. The first is "
            "{first} ({example}).",
            "{n} texts are not in the character set that the mail states; they were read in the one that fits. The "
            "first is {first} ({example}).",
            n,
        )
    if code == "mail_text_damaged":
        return ngettext(
            "The character set of {n} text cannot be told; some of its letters may be wrong. The first is {first}.",
            "The character set of {n} texts cannot be told; some of their letters may be wrong. The first is {first}.",
            n,
        )
    if code == "mail_hidden_text":
        return ngettext(
            "{n} mail holds words that a reader does not see; they are kept apart. The first is {first}.",
            "{n} mails hold words that a reader does not see; they are kept apart. The first is {first}.",
            n,
        )
    return ""


def _body_words(code: str, n: int) -> str:
    if code == "mail_encrypted":
        return ngettext(
            "{n} mail is encrypted and cannot be read. Open it in the mail program that has its key and save it "
            "from there. The first is {first}.",
            "{n} mails are encrypted and cannot be read. Open them in the mail program that has their key and save "
            "them from there. The first is {first}.",
            n,
        )
    if code == "mail_mark_wrong":
        return ngettext(
            "In {n} mail the parts are divided by another mark than its header says; they were read by the mark that "
            "is there. The first is {first}.",
            "In {n} mails the parts are divided by another mark than the header says; they were read by the mark that "
            "is there. The first is {first}.",
            n,
        )
    if code == "mail_text_cut":
        return ngettext(
            "{n} text is longer than is read; its end is only in the original. The first is {first}.",
            "{n} texts are longer than is read; their ends are only in the original. The first is {first}.",
            n,
        )
    if code == "mail_header_repeated":
        return ngettext(
            "{n} mail has a sender, date or subject line twice; the first one counts, all are kept. The first is "
            "{first} ({example}).",
            "{n} mails have a sender, date or subject line twice; the first one counts, all are kept. The first is "
            "{first} ({example}).",
            n,
        )
    return ""


def _part_words(code: str, n: int) -> str:
    if code == "mail_cut_off":
        return ngettext(
            "{n} mail ends too early; what is there is read. The first is {first}.",
            "{n} mails end too early; what is there is read. The first is {first}.",
            n,
        )
    if code == "part_damaged":
        return ngettext(
            "{n} attachment is damaged; it is kept as it is. The first is {example} in {first}.",
            "{n} attachments are damaged; they are kept as they are. The first is {example} in {first}.",
            n,
        )
    if code == "attachment_dangerous":
        return ngettext(
            "{n} attachment is a program or can run one. It is kept and was not opened; do not open it. The first is "
            "{example} in {first}.",
            "{n} attachments are programs or can run one. They are kept and were not opened; do not open them. The "
            "first is {example} in {first}.",
            n,
        )
    if code == "mail_tnef":
        return ngettext(
            "{n} attachment is a bundle of Outlook (winmail.dat); it is kept and not unpacked. Save its files from "
            "Outlook. The first is in {first}.",
            "{n} attachments are bundles of Outlook (winmail.dat); they are kept and not unpacked. Save their files "
            "from Outlook. The first is in {first}.",
            n,
        )
    if code == "document_attached":
        return ngettext(
            "{n} document is attached; it is kept, its words are not read here. Save it as a file and import it to "
            "have them read. The first is {example} in {first}.",
            "{n} documents are attached; they are kept, their words are not read here. Save them as files and import "
            "them to have them read. The first is {example} in {first}.",
            n,
        )
    if code == "mail_parts_left":
        return ngettext(
            "{n} part of a mail is more than is taken out; it is only in the original. The first is in {first}.",
            "{n} parts of mails are more than are taken out; they are only in the original. The first is in {first}.",
            n,
        )
    raise KeyError(code)
