"""How well overlapping screenshots of one chat were joined, held against the ids of what was drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from benchmarks.screens.score import Match, Tally
from benchmarks.screens.truth import Box, Shot
from evidence.screenchat.series import Conversation

_SAID = ("message", "system")
_NOWHERE: Box = (0, 0, 0, 0)


def score_series(shots: Sequence[Shot], matches: Mapping[str, Match], found: Sequence[Conversation]) -> Tally:
    """Lost, doubled and mixed messages, their order, their pictures and the gaps between them.

    ``matches`` has the pictures by the key under which they were joined. A message counts as lost when some picture
    shows it whole and no joined message is it. Two neighbours that no picture shows together have a gap between them.
    """
    tally = Tally()
    drawn = {entry.id: entry for shot in shots for entry in shot.truth.items if entry.kind in _SAID}
    whole = {e.id for shot in shots for e in shot.truth.items if e.kind in _SAID and e.clipped is None}
    joined = [_ids(matches, conversation) for conversation in found]
    times = Counter(number for ids in joined for one in ids for number in one)
    tally.add("series: one conversation", len(found) == 1, f"{len(found)} conversations")
    for number in sorted(whole):
        tally.add("series: message kept", times[number] > 0, drawn[number].whole)
    for number in sorted(times):
        for again in range(times[number]):
            # one that no picture shows whole may honestly stay in two halves
            measure = "series: message once" if number in whole else "series: cut message once"
            tally.add(measure, again == 0, drawn[number].whole)
    for ids in joined:
        for one in ids:
            tally.add("series: nothing mixed", len(one) <= 1, " | ".join(drawn[n].whole for n in one if n in drawn))
        for first, second in pairwise([min(one) for one in ids if one]):
            tally.add("series: order", first <= second, f"{first} before {second}")
    _gaps(tally, shots, found, joined, times)
    return tally


def _ids(matches: Mapping[str, Match], conversation: Conversation) -> list[set[int]]:
    """For each joined message the entries that its pictures show."""
    ids = []
    for message in conversation.messages:
        entries = (matches[key].entry_of(matches[key].items[at]) for key, at in message.shown)
        ids.append({entry.id for entry in entries if entry is not None and entry.kind in _SAID})
    return ids


def _gaps(
    tally: Tally,
    shots: Sequence[Shot],
    found: Sequence[Conversation],
    joined: Sequence[list[set[int]]],
    times: Counter[int],
) -> None:
    together = [{entry.id for entry in shot.truth.items if entry.kind in _SAID} for shot in shots]
    stated = set()
    for conversation, ids in zip(found, joined, strict=True):
        for gap in conversation.gaps:
            before = [n for one in ids[: gap.after + 1] for n in one]
            after = [n for one in ids[gap.before :] for n in one]
            if before and after:
                stated.add((max(before), min(after)))
    for one, two in pairwise(sorted(times)):
        hole = not any(one in shown and two in shown for shown in together)
        told = any((one <= a and b <= two) or (a, b) == (one, two) for a, b in stated) or len(found) > 1
        if hole:
            tally.add("series: gap stated", told, f"between {one} and {two}", _NOWHERE)
        else:
            needless = (one, two) in stated
            tally.add("series: no needless gap", not needless, f"between {one} and {two}", _NOWHERE)
