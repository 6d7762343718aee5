"""Synthetic phone screenshots with the truth beside them. All people, numbers, firms and sums are invented.

``make(seed, scenario)`` draws one, ``series(seed, n)`` overlapping ones of a long chat. The same arguments give the
same bytes. Seeds 0 to 99 are for development; higher ones only for checking what was developed.
"""

from __future__ import annotations

from benchmarks.screens.perfect import perfect_lines, perfect_screen
from benchmarks.screens.scenes import NO_CHAT, SCENARIOS, make, series
from benchmarks.screens.truth import Box, Call, Entry, Row, Shot, Truth

__all__ = [
    "NO_CHAT",
    "SCENARIOS",
    "Box",
    "Call",
    "Entry",
    "Row",
    "Shot",
    "Truth",
    "make",
    "perfect_lines",
    "perfect_screen",
    "series",
]
