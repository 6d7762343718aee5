"""What the importers of iPhone files tell once per file, as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from evidence.formats.chats.oncenotes import Words
from evidence.i18n import gettext as _
from evidence.i18n import ngettext


def _time_unreadable(n: int) -> str:
    return ngettext(
        "{n} record has no time that can be read; the first is {first}.",
        "{n} records have no time that can be read; the first is {first}.",
        n,
    )


def _time_odd(n: int) -> str:
    return ngettext(
        "{n} record lies before the first iPhone or after the date of the file; the first is {first}.",
        "{n} records lie before the first iPhone or after the date of the file; the first is {first}.",
        n,
    )


def _media_missing(n: int) -> str:
    return ngettext(
        "{n} attachment that the messages name was not among the files; the first is in {first} ({names}). Import the "
        "whole backup folder to have it.",
        "{n} attachments that the messages name were not among the files; the first is in {first} ({names}). Import "
        "the whole backup folder to have them.",
        n,
    )


def _reactions(n: int) -> str:
    return ngettext(
        "{n} row is a reaction (a heart, a thumb), no message; it is kept with the message it belongs to.",
        "{n} rows are reactions (a heart, a thumb), no messages; they are kept with the messages they belong to.",
        n,
    )


def _reactions_alone(n: int) -> str:
    return ngettext(
        "{n} of these reactions belongs to a message that the file does not hold; it was left out.",
        "{n} of these reactions belong to messages that the file does not hold; they were left out.",
        n,
    )


def _messages_gone(n: int) -> str:
    return ngettext(
        "The file still names {n} message that it no longer holds: deleted, or taken out of this copy.",
        "The file still names {n} messages that it no longer holds: deleted, or taken out of this copy.",
        n,
    )


def _deleted(n: int) -> str:
    return ngettext(
        "{n} message was deleted on the phone and lay in its recently deleted ones; it is marked so ({first}).",
        "{n} messages were deleted on the phone and lay in its recently deleted ones; they are marked so (the first: "
        "{first}).",
        n,
    )


def _text_differs(n: int) -> str:
    return ngettext(
        "{n} message has two texts in the file that are not the same; both are kept. Normally they "
        "are: the file may have been changed. The first is {first}.",
        "{n} messages have two texts in the file that are not the same; both are kept. Normally "
        "they are: the file may have been changed. The first is {first}.",
        n,
    )


def _text_damaged(n: int) -> str:
    return ngettext(
        "The formatted text of {n} message is cut off; what is left of it was read ({first}).",
        "The formatted texts of {n} messages are cut off; what is left of them was read (the first: {first}).",
        n,
    )


def _text_unreadable(n: int) -> str:
    return ngettext(
        "The formatted text of {n} message is in a form that cannot be read; it is kept as found ({first}).",
        "The formatted texts of {n} messages are in a form that cannot be read; they are kept as found (the first: "
        "{first}).",
        n,
    )


def _rows_unreadable(n: int) -> str:
    return ngettext(
        "{n} row has no number of its own and was not read ({first}).",
        "{n} rows have no number of their own and were not read (the first: {first}).",
        n,
    )


MESSAGE_WORDS: Mapping[str, Words] = {
    "time_unreadable": _time_unreadable,
    "time_odd": _time_odd,
    "media_missing": _media_missing,
    "reactions": _reactions,
    "reactions_without_message": _reactions_alone,
    "messages_gone": _messages_gone,
    "deleted": _deleted,
    "text_differs": _text_differs,
    "text_damaged": _text_damaged,
    "text_unreadable": _text_unreadable,
    "row_unreadable": _rows_unreadable,
}


def _address_missing(n: int) -> str:
    return ngettext(
        "{n} call has no number that can be read: it was withheld, or is stored in an unknown form ({first}).",
        "{n} calls have no number that can be read: they were withheld, or are stored in an unknown form (the first: "
        "{first}).",
        n,
    )


CALL_WORDS: Mapping[str, Words] = {
    "time_unreadable": _time_unreadable,
    "time_odd": _time_odd,
    "number_missing": _address_missing,
}


def _contact_empty(n: int) -> str:
    return ngettext(
        "{n} entry has neither a number nor an address and was passed over ({first}).",
        "{n} entries have neither a number nor an address and were passed over (the first: {first}).",
        n,
    )


def _contact_unnamed(n: int) -> str:
    return ngettext(
        "{n} number stands in the address book without any name and was passed over ({first}).",
        "{n} numbers stand in the address book without any name and were passed over (the first: {first}).",
        n,
    )


def _value_alone(n: int) -> str:
    return ngettext(
        "{n} number belongs to an entry that the address book no longer holds; it was passed over ({first}).",
        "{n} numbers belong to entries that the address book no longer holds; they were passed over (the first: "
        "{first}).",
        n,
    )


def _other_values(n: int) -> str:
    return ngettext(
        "{n} entry of another kind (postal address, date, web page) was passed over ({first}).",
        "{n} entries of other kinds (postal addresses, dates, web pages) were passed over (the first: {first}).",
        n,
    )


def _line_unreadable(n: int) -> str:
    return ngettext(
        "{n} line is not of this format and was not read ({first}).",
        "{n} lines are not of this format and were not read (the first: {first}).",
        n,
    )


def _card_unclosed(n: int) -> str:
    return ngettext(
        "{n} card has no end; what is there was read ({first}).",
        "{n} cards have no end; what is there was read (the first: {first}).",
        n,
    )


def _bytes_damaged(n: int) -> str:
    return ngettext(
        "{n} value has bytes that fit no encoding; they show as \ufffd ({first}). Another encoding can be stated with "
        "--encoding.",
        "{n} values have bytes that fit no encoding; they show as \ufffd (the first: {first}). Another encoding can be "
        "stated with --encoding.",
        n,
    )


def _line_cut(n: int) -> str:
    return ngettext(
        "{n} value is longer than can be read; only its beginning is kept here ({first}).",
        "{n} values are longer than can be read; only their beginnings are kept here (the first: {first}).",
        n,
    )


CONTACT_WORDS: Mapping[str, Words] = {
    "contact_empty": _contact_empty,
    "contact_unnamed": _contact_unnamed,
    "value_without_person": _value_alone,
    "other_values": _other_values,
    "line_unreadable": _line_unreadable,
    "card_unclosed": _card_unclosed,
    "text_damaged": _bytes_damaged,
    "line_cut": _line_cut,
    "encoding_gb18030": lambda n: _("The whole file was read as GB18030: it is not valid as UTF-8."),
    "encoding_big5": lambda n: _("The whole file was read as Big5: it is valid neither as UTF-8 nor as GB18030."),
    "encoding_mixed": lambda n: _("The file holds several encodings; each value was read in the first one that fits."),
}
