"""Answers of the borrower: asked one at a time, only what the chosen recipients need, and checked at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from complaints.choices import labels, meant
from complaints.formats import fault
from complaints.recipients import all_recipients, get
from complaints.recipients.schema import Field, Recipient
from evidence import console
from evidence.errors import UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language, ngettext
from evidence.log import Case
from evidence.models import Answer
from evidence.timeline import rows


def fields_of(recipients: Iterable[Recipient]) -> dict[str, Field]:
    """Every field these recipients ask for, once; required by one means required."""
    found: dict[str, Field] = {}
    for recipient in recipients:
        for field in recipient.fields:
            old = found.get(field.id)
            if old is None or (field.requirement == "required" and old.requirement != "required"):
                found[field.id] = field
    return found


def store(case: Case, pairs: Sequence[str]) -> list[Answer]:
    """Keep ``FIELD=VALUE`` answers. All are checked before one is kept. Raises UsageError."""
    known = fields_of(all_recipients(case.header.jurisdiction).values())
    answers = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(_("Not NAME=VALUE: {words}").format(words=pair))
        if name not in known:
            raise UsageError(
                _("There is no field {name}. There are: {known}").format(name=name, known=", ".join(known))
            )
        answers.append(Answer(name, checked(known[name], value, case.now()), case.now()))
    case.append("answer", "answer", answers)
    return answers


def checked(field: Field, value: str, now: str) -> str:
    """``value`` in its stored form. ``now`` is UTC text. Raises UsageError that says what is wrong with it."""
    value = value.strip()
    why = fault(field, value, date.fromisoformat(now[:10]))
    if why:
        raise UsageError(
            _("{question} The answer cannot be used: {why}").format(question=field.ask.of(language()), why=why)
        )
    return value


def ask(case: Case, to: tuple[str, ...]) -> list[Answer]:
    """Ask in the terminal what is not answered yet; an empty answer skips, and is asked again next time.

    Each answer is kept at once, so that a stop loses nothing.
    """
    recipients = _chosen(case, to)
    wanted = _open(case, recipients)
    answers = []
    if not wanted:
        console.say(_("Every question is answered already. To change an answer: dunlog interview --set FIELD=VALUE"))
        return []
    words = ngettext(
        "{n} question. Leave it empty to skip it; Ctrl-C stops, and what you said is kept.",
        "{n} questions. Leave one empty to skip it; Ctrl-C stops, and what you said is kept.",
        len(wanted),
    )
    console.say(words.format(n=len(wanted)))
    for i, field in enumerate(wanted, 1):
        console.say()
        answer = _ask_one(field, f"{i}/{len(wanted)}", case.now(), labels(field, recipients))
        if answer is None:
            break
        if answer:
            kept = Answer(field.id, answer, case.now())
            case.append("answer", "answer", [kept])
            answers.append(kept)
    return answers


def open_rows(case: Case, to: tuple[str, ...]) -> list[dict[str, Any]]:
    """What is not answered yet, for scripts (docs/json.md), in the order in which it would be asked."""
    recipients = _chosen(case, to)
    return [
        {
            "id": field.id,
            "question": field.ask.of(language()),
            "need": field.requirement,
            "choices": [{"id": choice, "name": name} for choice, name in labels(field, recipients).items()],
        }
        for field in _open(case, recipients)
    ]


def _chosen(case: Case, to: tuple[str, ...]) -> list[Recipient]:
    country = case.header.jurisdiction
    return [get(country, ident) for ident in to] or list(all_recipients(country).values())


def _open(case: Case, recipients: list[Recipient]) -> list[Field]:
    """Fields without an answer, what is required first."""
    have = {answer.field for answer in rows(case, "answer", Answer)}
    wanted = [field for field in fields_of(recipients).values() if field.id not in have]
    wanted.sort(key=lambda field: ("required", "advised", "optional").index(field.requirement))
    return wanted


def _ask_one(field: Field, place: str, now: str, choices: dict[str, str]) -> str | None:
    """The checked answer, "" for none, None when the input has ended."""
    need = {"required": _("needed"), "advised": _("helpful"), "optional": _("optional")}[field.requirement]
    console.say(f"[{place}  {need}] {field.ask.of(language())}")
    for i, name in enumerate(choices.values(), 1):
        console.say(f"  {i}  {name}")
    if field.format == "enum_list":
        console.say("  " + _("Several numbers may be given, separated by blanks."))
    if field.example and not choices:
        console.say("  " + _("for example: {words}").format(words=field.example))
    while True:
        try:
            value = input("> ").strip()
        except EOFError:
            return None
        value = meant(field, value, choices)
        why = fault(field, value, date.fromisoformat(now[:10])) if value else ""
        if not why:
            return value
        console.say("  " + _("That does not fit: {why}. Try again, or leave it empty.").format(why=why))
