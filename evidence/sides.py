"""Who of a chat is the borrower, where the export does not say and a person has: ``party set name:NAME --role self``.

A message by such a name was sent; another message of the same conversation in the same file was received. The records
stay as they were read; this is how they are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from evidence.models import Party, Record
from evidence.parties import same_name

_PREFIX = "name:"


@dataclass(frozen=True, slots=True)
class Sides:
    """``own`` are the borrower's names (folded for comparison); ``talks`` the (source, conversation) they speak in."""

    own: frozenset[str]
    talks: frozenset[tuple[str, str]]

    def seen(self, record: Record) -> Record:
        """The record with its direction as stated; one whose source tells it is unchanged."""
        if not self.own or record.direction is not None or not _told_by_name(record):
            return record
        if same_name(record.name or "") in self.own:
            return replace(record, direction="out")
        return replace(record, direction="in") if talk_of(record) in self.talks else record


def own_names(parties: Mapping[str, Party]) -> frozenset[str]:
    """The names under which the borrower is stated to appear."""
    return frozenset(
        same_name(key.removeprefix(_PREFIX))
        for key, party in parties.items()
        if party.role == "self" and key.startswith(_PREFIX)
    )


def sides_of(records: Iterable[Record], own: frozenset[str]) -> Sides:
    """Look through ``records`` for the conversations in which one of the names speaks."""
    if not own:
        return Sides(own, frozenset())
    talks = {talk_of(r) for r in records if _told_by_name(r) and same_name(r.name or "") in own}
    return Sides(own, frozenset(talks))


def talk_of(record: Record) -> tuple[str, str]:
    """Which conversation of which file."""
    return record.source, str(record.extras.get("conversation_id") or record.extras.get("conversation") or "")


def _told_by_name(record: Record) -> bool:
    return record.kind in ("chat", "call") and bool(record.name) and record.extras.get("message_type") != "system"
