"""Who stands behind a number: the closed list of roles, and which numbers belong to one lender.

Nothing is guessed: a number belongs to a lender only when a party statement says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence.models import Party

ROLES = (
    "self",
    "lender",
    "platform",
    "collector",
    "lawyer",
    "authority",
    "guarantor",
    "relative",
    "friend",
    "colleague",
    "employer",
    "neighbour",
    "other",
    "unknown",
)
CREDITOR_SIDE = frozenset({"lender", "platform", "collector", "lawyer"})
"""Roles whose contacts are made by or for a lender."""

LENDER_TYPES = (
    "bank",
    "consumer_finance",
    "auto_finance",
    "trust",
    "microloan",
    "guarantee_co",
    "facilitation_platform",
    "third_party_collector",
    "debt_buyer",
    "payment_institution",
    "unlicensed_lender",
    "private_individual",
)
RELATIONS = (
    "debtor",
    "guarantor",
    "co_borrower",
    "spouse",
    "parent",
    "child",
    "relative",
    "friend",
    "colleague",
    "employer",
    "neighbour",
    "referee",
    "emergency_contact",
    "contact_list",
    "stranger",
)
NOT_A_LENDER = frozenset({"facilitation_platform", "third_party_collector"})
"""Kinds of firm that stand between: which rules reach them depends on the lender named in the loan contract."""

_RELATION_OF_ROLE = {r: r for r in ("guarantor", "relative", "friend", "colleague", "employer", "neighbour")}


@dataclass(frozen=True, slots=True)
class Attribution:
    """What is stated about one number. ``creditor`` is the key under which its contacts are counted."""

    role: str | None = None
    creditor: str | None = None
    lender_type: str | None = None
    relation: str | None = None


UNKNOWN = Attribution()


def same_name(text: str) -> str:
    """The form in which two spellings of a firm's name are equal (NFKC, no blanks, lower case)."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class Directory:
    """Party statements, looked up by number or name."""

    def __init__(self, parties: Mapping[str, Party]) -> None:
        self._parties = parties
        self._lenders: dict[str, Party] = {}
        for party in parties.values():
            if party.role in ("lender", "platform"):
                for word in (party.key, party.key.removeprefix("name:"), party.name or ""):
                    if word:
                        self._lenders.setdefault(same_name(word), party)
        self._types = self._lender_types()
        self._cache: dict[tuple[str | None, str | None], Attribution] = {}

    def find(self, number: str | None, name: str | None = None) -> Attribution:
        """What is stated about a number; for a contact without one, about its name."""
        key = (number, name)
        if key not in self._cache:
            party = self._parties.get(number) if number else None
            if party is None and name:
                party = self._parties.get(f"name:{name}")
            self._cache[key] = self._attribute(party)
        return self._cache[key]

    def relation_of(self, holder: str) -> str | None:
        """The tie of a phone's holder to the borrower: ``debtor`` for the borrower, None when it is not stated."""
        if holder == "self":
            return "debtor"
        wanted = same_name(holder)
        for party in self._parties.values():
            if wanted in (same_name(party.key.removeprefix("name:")), same_name(party.name or "")):
                return party.relation or _RELATION_OF_ROLE.get(party.role or "")
        return None

    def creditor_key(self, word: str) -> str:
        """The counting key for a lender named in free text (a statement's key), whatever its spelling."""
        found = self._lenders.get(same_name(word))
        return _creditor_name(found) if found is not None else word

    def _attribute(self, party: Party | None) -> Attribution:
        if party is None or party.role in (None, "unknown"):
            return Attribution(relation=party.relation) if party is not None else UNKNOWN
        relation = party.relation or _RELATION_OF_ROLE.get(party.role or "")
        if party.role not in CREDITOR_SIDE:
            return Attribution(party.role, None, None, relation)
        creditor = self._creditor(party)
        return Attribution(party.role, creditor, self._types.get(creditor) if creditor else None, relation)

    def _creditor(self, party: Party) -> str | None:
        if party.lender:
            return self.creditor_key(party.lender)
        return _creditor_name(party) if party.role in ("lender", "platform") else None

    def _lender_types(self) -> dict[str, str]:
        """Lender types by creditor. A lender's own statement wins; contradicting collectors leave it open, and so does
        a firm that only stands between."""
        own: dict[str, str] = {}
        told: dict[str, set[str]] = {}
        for party in self._parties.values():
            creditor = self._creditor(party) if party.role in CREDITOR_SIDE else None
            if creditor is None or not party.lender_type or party.lender_type in NOT_A_LENDER:
                continue
            if party.role in ("lender", "platform") and not party.lender:
                own[creditor] = party.lender_type
            else:
                told.setdefault(creditor, set()).add(party.lender_type)
        return {creditor: next(iter(kinds)) for creditor, kinds in told.items() if len(kinds) == 1} | own


def _creditor_name(party: Party) -> str:
    return party.name or party.key.removeprefix("name:")
