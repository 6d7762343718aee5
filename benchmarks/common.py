"""What several benchmarks need."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def in_fresh_process(script: str, *arguments: str) -> Any:
    """Run ``script`` again with ``arguments`` and return the JSON value it prints: its peak memory is its own."""
    done = subprocess.run([sys.executable, script, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def peak_mb(children: bool = False) -> float | None:
    """Peak resident memory in MiB of this process, or of its largest ended child; None where it is not known."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss
    return float(peak) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def cpu_seconds_of_children() -> float | None:
    """Processor seconds of all ended children: on a busy machine a better measure than the clock."""
    if sys.platform == "win32":
        return None
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
