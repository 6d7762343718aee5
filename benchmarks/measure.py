"""Measure whole processes and print ratios against a peer of the same run; nothing here asserts."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: CPU seconds (user and system), wall seconds, peak resident memory in MB."""

    cpu: float
    wall: float
    peak_mb: float
    out: str


def child(*words: str) -> Run:
    """Run ``words`` to its end. Raises RuntimeError with its output when it fails."""
    import time

    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT, env=environment())
    assert process.stdout is not None
    out = process.stdout.read().decode("utf-8", "replace")
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        raise RuntimeError(f"{words}: {out[-2000:]}")
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit, out)


def environment() -> dict[str, str]:
    """The machine's, with the checkout importable and English messages."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "DUNLOG_LANG": "en"}


def python(code: str, *arguments: str) -> Run:
    """Run ``code`` in a fresh interpreter."""
    return child(sys.executable, "-c", code, *arguments)


def median(runs: list[Run], field: str) -> float:
    """The middle value of one field."""
    return statistics.median(getattr(run, field) for run in runs)


def row(name: str, figure: str, ratio: str, goal: str) -> None:
    """One line of the table."""
    print(f"{name:<44} {figure:<44} {ratio:<26} {goal}", flush=True)
