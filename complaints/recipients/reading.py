"""One recipient file becomes a :class:`Recipient`; every mistake in it is reported, not only the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar, cast, get_args

from complaints.recipients import schema
from complaints.recipients.schema import (
    Attachments,
    Authority,
    Before,
    Contact,
    Deadline,
    Field,
    FieldFormat,
    Mark,
    Recipient,
    RecipientKind,
    Request,
    Text,
    Turned,
    Unit,
)
from evidence.categories import registry
from evidence.i18n import gettext as _
from evidence.parties import LENDER_TYPES

FILERS = ("debtor", "guarantor", "third_party", "representative", "heir")
CITABLE: tuple[Mark, ...] = ("V1", "V2")
T = TypeVar("T")


class Node:
    """A mapping that is read key by key; problems gather in a list that all nodes of one file share."""

    def __init__(self, value: object, where: str, problems: list[str]) -> None:
        self.problems, self.where, self._seen = problems, where, set[str]()
        if not isinstance(value, Mapping):
            self.problem(_("a mapping is expected"))
            value = {}
        self._value: Mapping[str, Any] = value

    def problem(self, text: str) -> None:
        """Note a mistake at this place of the file."""
        self.problems.append(f"{self.where}: {text}")

    def raw(self, key: str, default: object = None) -> Any:
        """The value as YAML has it; a key without default must be there."""
        self._seen.add(key)
        if key not in self._value:
            if default is None:
                self.problem(_("“{key}” is missing").format(key=key))
            return default
        return self._value[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not blank, unless the default is."""
        value = self.raw(key, default)
        if value is None:
            return ""
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.problem(_("“{key}” must be a text").format(key=key))
            return ""
        return value.strip()

    def word(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One word of a closed list."""
        value = self.text(key, default)
        if value not in allowed and not (default is not None and value == default):
            self.problem(
                _("“{key}”: {value} is not one of {allowed}").format(key=key, value=value, allowed=", ".join(allowed))
            )
            return allowed[0]
        return value

    def words(self, key: str, allowed: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of words, of a closed list when ``allowed`` is given; empty when the key is missing."""
        found = []
        for value in self._list(key):
            if not isinstance(value, str) or (allowed is not None and value not in allowed):
                self.problem(_("“{key}”: {value} is not known").format(key=key, value=value))
            else:
                found.append(value)
        if len(set(found)) != len(found):
            self.problem(_("“{key}” names something twice").format(key=key))
        return tuple(found)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.raw(key, default)
        if not isinstance(value, bool):
            self.problem(_("“{key}” must be true or false").format(key=key))
            return default
        return value

    def count(self, key: str, default: int) -> int:
        """A whole number that is not negative."""
        value = self.raw(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.problem(_("“{key}” must be a whole number").format(key=key))
            return default
        return value

    def day(self, key: str) -> date:
        """A calendar date."""
        value = self.raw(key)
        if type(value) is not date:
            self.problem(_("“{key}” must be a date").format(key=key))
            return date.min
        return value

    def both(self, key: str) -> Text:
        """A text in Chinese and English."""
        node = self.node(key)
        text = Text(node.text("zh"), node.text("en"))
        node.done()
        return text

    def node(self, key: str) -> Node:
        """A mapping below this one."""
        return Node(self.raw(key), f"{self.where}.{key}", self.problems)

    def each(self, key: str, make: Callable[[Node], T]) -> tuple[T, ...]:
        """A list of mappings, read by ``make``; empty when the key is missing."""
        made = []
        for i, value in enumerate(self._list(key), 1):
            node = Node(value, f"{self.where}.{key}[{i}]", self.problems)
            made.append(make(node))
            node.done()
        return tuple(made)

    def done(self) -> None:
        """Unknown keys are misspelt ones."""
        for key in sorted(set(self._value) - self._seen, key=str):
            self.problem(_("unknown key “{key}”").format(key=key))

    def _list(self, key: str) -> list[Any]:
        value = self.raw(key, [])
        if not isinstance(value, list):
            self.problem(_("“{key}” must be a list").format(key=key))
            return []
        return value


def read(value: object, where: str, country: str, problems: list[str]) -> Recipient:
    """The recipient in ``value``; mistakes are appended to ``problems`` (then the result must not be used)."""
    n = Node(value, where, problems)
    recipient = Recipient(
        id=n.text("id"),
        code=n.text("code"),
        country=country,
        kind=cast(RecipientKind, n.word("kind", get_args(schema.RecipientKind))),
        name=n.both("name"),
        addressee=n.both("addressee"),
        template=n.text("template"),
        summary=n.both("summary"),
        lender_types=n.words("lender_types", LENDER_TYPES),
        categories=n.words("categories", _categories()),
        turned_away=n.each("turned_away", _turned),
        needs_before=n.each("needs_before", _before),
        one_respondent_per_filing=n.flag("one_respondent_per_filing", True),
        who_may_file=n.words("who_may_file", FILERS),
        languages=n.words("languages"),
        contacts=n.each("channels", _contact),
        fee=n.both("fee"),
        identity=cast(Any, n.word("identity", ("none", "stated", "id_copy", "notarised"))),
        attachments=_attachments(n.node("attachments")),
        fields=n.each("fields", _field),
        publishes=n.flag("publishes", False),
        answer_in=n.both("answer_in"),
        deadlines=n.each("deadlines", _deadline),
        escalates_to=n.words("escalates_to"),
        can=n.each("can", _text),
        cannot=n.each("cannot", _text),
        authorities=n.each("authorities", _authority),
        requests=n.each("requests", _request),
        sensitive_data_forbidden_in=n.words("sensitive_data_forbidden_in"),
        verification=_mark(n, "verification"),
        checked_on=n.day("checked_on"),
        version=n.text("version"),
    )
    n.done()
    _check(recipient, n)
    return recipient


def _check(recipient: Recipient, n: Node) -> None:
    """What no single key shows."""
    for label, ids in (
        ("fields", [f.id for f in recipient.fields]),
        ("requests", [r.id for r in recipient.requests]),
        ("deadlines", [d.id for d in recipient.deadlines]),
        ("turned_away", [t.lender_type for t in recipient.turned_away]),
    ):
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            n.problem(_("“{key}” names {value} twice").format(key=label, value=twice))
    for both in sorted(set(recipient.lender_types) & {t.lender_type for t in recipient.turned_away}):
        n.problem(_("{value} is both handled and turned away").format(value=both))
    for field in recipient.fields:
        if (field.format in ("enum", "enum_list")) != bool(field.choices):
            n.problem(_("field {id}: choices belong to the formats enum and enum_list").format(id=field.id))
    fields = {f.id for f in recipient.fields}
    for request in recipient.requests:
        if request.needs and request.needs not in fields:
            n.problem(_("request {id} needs {field}, which is no field").format(id=request.id, field=request.needs))
    if not any(r.default for r in recipient.requests):
        n.problem(_("no request stands by default"))
    marks = [a.mark for a in recipient.authorities] + [a.mark for r in recipient.requests for a in r.authorities]
    if any(mark not in CITABLE for mark in marks):
        n.problem(_("an authority that is printed must be verified (V1 or V2)"))


def _categories() -> tuple[str, ...]:
    return tuple(registry().categories)


def _mark(n: Node, key: str = "mark") -> Mark:
    return cast(Mark, n.word(key, get_args(schema.Mark)))


def _text(n: Node) -> Text:
    return Text(n.text("zh"), n.text("en"))


def _authority(n: Node) -> Authority:
    return Authority(n.text("norm"), n.text("clause", ""), _mark(n))


def _turned(n: Node) -> Turned:
    return Turned(n.word("lender_type", LENDER_TYPES), n.both("why"), n.both("instead"), n.words("instead_ids"))


def _before(n: Node) -> Before:
    return Before(n.text("fact"), n.flag("blocking", False), n.both("text"))


def _contact(n: Node) -> Contact:
    kind = n.word("kind", ("url", "email", "post", "phone", "counter", "app"))
    return Contact(cast(Any, kind), n.text("value"), n.both("note"), _mark(n), n.day("checked_on"))


def _attachments(n: Node) -> Attachments:
    size, files = n.count("max_mb", 0), n.count("max_files", 0)
    found = Attachments(n.words("types"), size or None, files or None, n.both("note"))
    n.done()
    return found


def _field(n: Node) -> Field:
    return Field(
        id=n.text("id"),
        requirement=cast(Any, n.word("requirement", ("required", "advised", "optional"))),
        format=cast(FieldFormat, n.word("format", get_args(schema.FieldFormat))),
        ask=n.both("ask"),
        example=n.text("example", ""),
        choices=n.words("choices"),
        max_chars=n.count("max_chars", 0),
        mark=_mark(n),
    )


def _deadline(n: Node) -> Deadline:
    return Deadline(
        id=n.text("id"),
        role=cast(Any, n.word("role", ("answer", "appeal", "limit"))),
        start=n.text("start"),
        n=n.count("n", 0),
        unit=cast(Unit, n.word("unit", get_args(schema.Unit))),
        text=n.both("text"),
        authority=_authority(n.node("authority")),
    )


def _request(n: Node) -> Request:
    return Request(
        id=n.text("id"),
        text=n.both("text"),
        categories=n.words("categories", _categories()),
        needs=n.text("needs", ""),
        authorities=n.each("authorities", _authority),
        default=n.flag("default", True),
    )
