"""What a case takes from outside: the clock, the salts, and the words that name the program and its place."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from evidence import __version__
from evidence.sealing import SaltSource, random_salts, seeded_salts

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Environment:
    """``software`` and ``system`` are written with every custody event; ``operator`` only when stated."""

    clock: Clock
    salts: SaltSource
    software: str
    system: str
    operator: str | None = None
    demo: bool = False


def real_environment() -> Environment:
    """The machine's clock and random source. ``DUNLOG_OPERATOR`` names who works on the case."""
    return Environment(
        clock=lambda: datetime.now(UTC),
        salts=random_salts,
        software=f"dunlog {__version__}",
        system=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        operator=os.environ.get("DUNLOG_OPERATOR") or None,
    )


def fixed_environment(start: datetime, seed: str) -> Environment:
    """A clock that ticks one second per question from ``start``, and salts from ``seed``: for the demo."""
    ticks = 0

    def clock() -> datetime:
        nonlocal ticks
        ticks += 1
        return start + timedelta(seconds=ticks)

    return Environment(clock, seeded_salts(seed), f"dunlog {__version__}", "demo", "demo", demo=True)
