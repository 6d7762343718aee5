"""How a time came about, in words for people. A rule is one code or several joined by ``+``."""

from __future__ import annotations

from evidence.i18n import gettext as _

JOINER = "+"


def rule_words(rule: str) -> str:
    """What ``rule`` means; the empty text for none. Unknown parts, of a later version, are shown as they are."""
    told = _words()
    return " ".join(told.get(part, part) for part in rule.split(JOINER) if part)


def known_rules() -> frozenset[str]:
    """Every code that a rule can be made of."""
    return frozenset(_words())


def _words() -> dict[str, str]:
    return {**_label_words(), **_unresolved_words(), **_message_words()}


def _label_words() -> dict[str, str]:
    return {
        "date": _("The label states the whole date."),
        "date_this_year": _(
            "The label has no year; it is the latest such date not after the capture, of the same year."
        ),
        "date_last_year": _(
            "The label has no year; it is the latest such date not after the capture, of a year before."
        ),
        "today": _("A label without a day means the day of the capture."),
        "yesterday": _("The label says yesterday, seen from the capture."),
        "day_before": _("The label says the day before yesterday, seen from the capture."),
        "weekday": _("The label names a weekday; it is the latest such day before the capture."),
        "weekday_lost": _("The label names a weekday whose number was not read."),
        "ago": _("The label counts back from the capture."),
        "clock_on_day": _("A clock without a day belongs to the date above it."),
        "by_order": _("The label can be read in several ways; only this one fits the labels around it."),
        "capture_by_order": _("The day of the capture was open; only this one fits the labels."),
        "clock_twice": _("Clocks were set back then and showed this time twice; both are possible."),
    }


def _unresolved_words() -> dict[str, str]:
    return {
        "no_capture": _("The label counts from the time of the capture, which is not known."),
        "capture_disputed": _(
            "The label counts from the time of the capture, but the clock in the status bar differs by more than "
            "five minutes."
        ),
        "capture_open": _("The label counts from the time of the capture, which is not known well enough."),
        "label_cut": _("The label is cut by the edge of the picture."),
        "not_understood": _("The label could not be understood."),
        "several_readings": _("The label can be read in several ways, and nothing settles which."),
        "weekday_contradicts": _("The weekday in the label is not that of its date."),
        "no_such_time": _("The label states a day or time that does not exist."),
        "no_day_above": _("The bubble shows a clock, but no date can be seen above it."),
        "backwards": _("The time labels run backwards here; this one contradicts another."),
        "after_capture": _("The label would lie after the capture."),
    }


def _message_words() -> dict[str, str]:
    return {
        "under_label": _("The first message under a time label was sent at the time that the label states."),
        "clock_in_bubble": _("The bubble itself shows the time."),
        "in_day": _("The message stands under this date and above the next one."),
        "between_labels": _("Not before the label above it, not after the label below it."),
        "after_label": _("Not before the label above it; no later label can be seen."),
        "until_capture": _("Not after the capture."),
        "before_label": _("Not after the first label below it; nothing above it tells a time."),
        "order_only": _("Only the order is known."),
        "order_in_series": _("Narrowed by the messages before and after it in other screenshots of the same chat."),
        "captures_differ": _("Two screenshots give different times for it."),
    }
