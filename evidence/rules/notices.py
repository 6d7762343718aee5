"""What a stated request to stop contact (``cease_notice``) forbids, and what it leaves open.

Its key ``channels`` names the channels that it forbids, with commas between them (``call,visit``; ``third``: contact
with other people). Without the key it forbids all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidence.detectors.base import Event
from evidence.detectors.wording import Words
from evidence.facttypes import THIRD
from evidence.i18n import gettext as _
from evidence.models import Fact, LeftOut

NOTICE = "cease_notice"
LABEL = "harass_after_objection"
CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A message that came after an objection, in a channel that the stated request leaves open."""

    creditor: str
    person: str
    left_out: LeftOut


def forbidden(fact: Fact) -> frozenset[str] | None:
    """The channels that a statement forbids to use with the person it is about; None: all."""
    stated = fact.keys.get(CHANNELS)
    if stated is None:
        return None
    return frozenset(word.strip() for word in stated.split(",") if word.strip()) - {THIRD}


def leaves_open(event: Event, facts: Iterable[Fact]) -> bool:
    """Whether requests with stated channels were made to the event's lender for its person, and none of them, whenever
    it was made, forbids the event's channel."""
    told = [
        forbidden(fact)
        for fact in facts
        if fact.type == NOTICE
        and event.creditor is not None
        and fact.keys.get("creditor") == event.creditor
        and (fact.keys.get("person") or "self") == event.person
    ]
    return bool(told) and all(channels is not None and event.channel not in channels for channels in told)


def without_open(
    words: Mapping[str, tuple[Words, ...]], events: Mapping[str, Event], facts: Sequence[Fact]
) -> tuple[dict[str, tuple[Words, ...]], tuple[OpenChannel, ...]]:
    """Words per event without those that are conduct only if the request had forbidden their channel, and these."""
    kept: dict[str, tuple[Words, ...]] = {}
    dropped: list[OpenChannel] = []
    why = _("the request to stop leaves this channel open; the words themselves are judged apart")
    for ident, found in words.items():
        event = events.get(ident)
        if event is not None and any(w.label == LABEL for w in found) and leaves_open(event, facts):
            dropped.append(OpenChannel(event.creditor or "", event.person, LeftOut(ident, why)))
            found = tuple(w for w in found if w.label != LABEL)
        if found:
            kept[ident] = found
    return kept, tuple(dropped)
