#!/usr/bin/env python3
"""OCR: pictures a minute on all cores against one process, peak memory of a worker, and the character error.

  python benchmarks/ocr.py [--screens 24] [--jobs N] [--engine rapidocr]

Draws chat screens (light and dark, 720 to 1440 px wide, one in twelve 1080 x 15000), reads them with one process and
then with all, each in a fresh process, and compares the text with what was drawn. Times include starting the workers.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import unicodedata
from concurrent.futures import wait
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import cpu_seconds_of_children, in_fresh_process, peak_mb
from evidence.models import Problem
from evidence.ocr.pool import read_many
from evidence.ocr.workers import ProcessWorkers


def draw_all(folder: Path, count: int) -> None:
    """Write ``count`` screens and their lines into ``folder``."""
    from benchmarks.screens import make

    kinds = ("wechat_light", "wechat_dark", "group", "sms_miui", "qq", "iphone")
    for number in range(count):
        shot = make(number, "long" if number % 12 == 0 else kinds[number % len(kinds)])
        shot.image.save(folder / f"{number:04}.png")
        lines = [row.text for row in shot.truth.rows if row.shown >= 0.9]
        (folder / f"{number:04}.txt").write_text("\n".join(lines), encoding="utf-8")


def measure(folder: Path, jobs: int, engine: str) -> dict[str, object]:
    """Read all screens of ``folder``: seconds, peak memory of the largest worker, and the texts."""
    items = [(path.stem, path) for path in sorted(folder.glob("*.png"))]
    started = time.perf_counter()
    texts: dict[str, str] = {}
    for key, result in read_many(items, engine, jobs=jobs):
        if isinstance(result, Problem):
            raise SystemExit(f"{result.path}: {result.message}")
        texts[key] = result.text
    return {
        "seconds": time.perf_counter() - started,
        "worker_mb": peak_mb(children=True),
        "own_mb": peak_mb(),
        "cpu": cpu_seconds_of_children(),
        "texts": texts,
    }


def count_up(steps: int) -> int:
    """Work that needs a core and nothing else."""
    total = 0
    for step in range(steps):
        total += step
    return total


def control(jobs: int) -> float:
    """How many times faster ``jobs`` processes do pure arithmetic here and now: the most that OCR could gain."""
    seconds = []
    for n in (1, jobs):
        with ProcessWorkers(n) as workers:
            wait([workers.submit(count_up, 1) for _start in range(n)])
            started = time.perf_counter()
            wait([workers.submit(count_up, 10_000_000) for _task in range(4 * jobs)])
            seconds.append(time.perf_counter() - started)
    return seconds[0] / seconds[1]


def plain(text: str) -> str:
    """Letters, digits and Chinese only: NFKC, without white space and punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN")


def distance(one: str, other: str) -> int:
    """Edit distance (insert, delete, replace)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def report(folder: Path, jobs: int, engine: str) -> None:
    """Measure with one process and with ``jobs``, and print both."""
    one, many = (
        in_fresh_process(__file__, "--run", str(folder), "--jobs", str(n), "--engine", engine) for n in (1, jobs)
    )
    count = len(one["texts"])
    truth = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    letters = sum(len(plain(text)) for text in truth.values())
    wrong = sum(distance(plain(truth[key]), plain(text)) for key, text in many["texts"].items())
    lines = sum(len(text.splitlines()) for text in truth.values())
    found = sum(
        len({plain(line) for line in truth[key].splitlines()} & {plain(line) for line in text.splitlines()})
        for key, text in many["texts"].items()
    )
    distinct = sum(len({plain(line) for line in text.splitlines()}) for text in truth.values())
    print(f"{count} screens, {lines} lines, {letters} letters; engine {engine}")
    for words, run in (("1 process", one), (f"{jobs} processes", many)):
        rate = 60 * count / run["seconds"]
        memory = (
            "unknown" if run["worker_mb"] is None else f"{run['worker_mb']:.0f} MiB, parent {run['own_mb']:.0f} MiB"
        )
        cpu = "" if run["cpu"] is None else f", {run['cpu'] / count:.2f} CPU s a picture"
        print(f"{words:>12}: {rate:6.1f} pictures a minute ({run['seconds']:.1f} s{cpu}); peak of a worker {memory}")
    bound = control(jobs)
    print(
        f"       ratio: {one['seconds'] / many['seconds']:.2f} (pure arithmetic on this machine just now: {bound:.2f})"
    )
    print(f"  same texts: {'yes' if one['texts'] == many['texts'] else 'NO'}")
    print(f" letters wrong: {wrong} of {letters} ({100 * wrong / letters:.2f} %); lines exact {found} of {distinct}")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screens", type=int, default=24)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--engine", default="rapidocr")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.run:
        print(json.dumps(measure(chosen.run, chosen.jobs, chosen.engine)))
        return
    with tempfile.TemporaryDirectory() as folder:
        draw_all(Path(folder), chosen.screens)
        report(Path(folder), chosen.jobs, chosen.engine)


if __name__ == "__main__":
    main()
