"""What a recipient file says, as frozen values. The vocabulary is closed: the loader refuses other words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Mark = Literal["V1", "V2", "V2-", "U"]
RecipientKind = Literal[
    "firm",
    "regulator",
    "ombudsman",
    "consumer_body",
    "police",
    "privacy",
    "licence_registry",
    "court",
    "platform",
    "industry",
]
FieldFormat = Literal["text", "cn_id18", "cn_phone", "date", "date_or_none", "amount", "enum", "enum_list", "yes"]
Unit = Literal["calendar_days", "business_days", "weeks", "months", "years"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages of the program."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The text in ``language`` (``zh`` or ``en``)."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Authority:
    """A clause that supports what the file says: ``norm`` is an id of the norm table, ``clause`` a place in it."""

    norm: str
    clause: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Contact:
    """A way in. ``value`` is a number or an address; what could not be checked carries a mark below V2."""

    kind: Literal["url", "email", "post", "phone", "counter", "app"]
    value: str
    note: Text
    mark: Mark
    checked_on: date


@dataclass(frozen=True, slots=True)
class Attachments:
    """Limits of the channel, None or empty where none is known."""

    types: tuple[str, ...]
    max_mb: float | None
    max_files: int | None
    note: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing the filing needs. ``requirement``: required (stops the filing), advised or optional.

    ``ask`` is the question to the borrower; ``choices`` the allowed words of an enum; ``max_chars`` 0 means no
    known limit; ``mark`` says how well it is known that the recipient requires it.
    """

    id: str
    requirement: Literal["required", "advised", "optional"]
    format: FieldFormat
    ask: Text
    example: str
    choices: tuple[str, ...]
    max_chars: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Turned:
    """A kind of respondent that this recipient does not handle, and who is competent instead."""

    lender_type: str
    why: Text
    instead: Text
    instead_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """A step that should come first. ``blocking`` steps stop the filing, others are said."""

    fact: str
    blocking: bool
    text: Text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period. ``start`` is a field or fact id that starts it (``filing`` for the day of filing)."""

    id: str
    role: Literal["answer", "appeal", "limit"]
    start: str
    n: int
    unit: Unit
    text: Text
    authority: Authority


@dataclass(frozen=True, slots=True)
class Request:
    """Something this recipient can grant. ``categories`` empty means it fits every filing.

    ``needs`` names an answer that must be ``yes`` before the request may be made.
    """

    id: str
    text: Text
    categories: tuple[str, ...]
    needs: str
    authorities: tuple[Authority, ...]
    default: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """An authority or body, one YAML file. ``code`` is its channel code in the law notes of its country."""

    id: str
    code: str
    country: str
    kind: RecipientKind
    name: Text
    addressee: Text
    template: str
    summary: Text
    lender_types: tuple[str, ...]
    categories: tuple[str, ...]
    turned_away: tuple[Turned, ...]
    needs_before: tuple[Before, ...]
    one_respondent_per_filing: bool
    who_may_file: tuple[str, ...]
    languages: tuple[str, ...]
    contacts: tuple[Contact, ...]
    fee: Text
    identity: Literal["none", "stated", "id_copy", "notarised"]
    attachments: Attachments
    fields: tuple[Field, ...]
    publishes: bool
    answer_in: Text
    deadlines: tuple[Deadline, ...]
    escalates_to: tuple[str, ...]
    can: tuple[Text, ...]
    cannot: tuple[Text, ...]
    authorities: tuple[Authority, ...]
    requests: tuple[Request, ...]
    sensitive_data_forbidden_in: tuple[str, ...]
    verification: Mark
    checked_on: date
    version: str
