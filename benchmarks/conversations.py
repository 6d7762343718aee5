#!/usr/bin/env python3
"""Screenshots become conversations: how well, on drawn screenshots whose truth is known.

  python benchmarks/conversations.py [--scenario wechat_light --scenario group] [--seeds 0-2] [--engine rapidocr]
  python benchmarks/conversations.py --engine perfect --seeds 0-9        # drawn lines instead of OCR: seconds
  python benchmarks/conversations.py --series --seeds 0-4                # overlapping captures, joined
  python benchmarks/conversations.py --dump /tmp/failures                # pictures with boxes for what failed

Seeds 0 to 99 are for development. Higher ones are for checking only: whoever has looked at their failures has spent
them. ``--keep DIR`` keeps what an engine read, so that a second run need not read again. Exit code 1 when a goal of
the whole is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import ImageDraw

from benchmarks.screens import SCENARIOS, Shot, make, perfect_lines, perfect_screen, series
from benchmarks.screens.score import ZONE, Match, Tally, score
from evidence.models import Line
from evidence.ocr import engine as ocr_engine
from evidence.ocr import fingerprint
from evidence.screenchat.model import Screen, Span
from evidence.screenchat.times import Captured, resolve

Reader = Callable[[Shot], Sequence[Line]]
Layout = Callable[[Shot, Sequence[Line]], Screen]
GOALS = {  # measure -> least part that must be right
    "text: one group": 0.99,
    "text: side": 0.99,
    "text: text and side": 0.97,
    "time label to its minute": 0.98,
    "photo: grouped or flagged": 0.90,
    "no chat: nothing found": 1.0,
    "series: message kept": 1.0,
    "series: message once": 0.99,
}


def part(module: str, name: str) -> Callable[..., Any] | None:
    """A function of the program, None while it does not exist."""
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        return None
    return found if callable(found) else None


def reader(name: str, keep: Path | None) -> Reader:
    """Reads the lines of a shot with an engine, or takes them from the truth."""
    if name == "perfect":
        return perfect_lines
    chosen = ocr_engine(name)
    mark = fingerprint(chosen)

    def read(shot: Shot) -> Sequence[Line]:
        kept = io.BytesIO()
        shot.image.save(kept, "PNG", compress_level=1)
        data = kept.getvalue()
        path = keep / f"{hashlib.sha256(data + mark.encode()).hexdigest()}.json" if keep else None
        if path and path.exists():
            raw = json.loads(path.read_text("utf-8"))
            return [Line(text, sure, tuple(box) if box else None) for text, sure, box in raw]
        lines = chosen.read(data).lines
        if path:
            body = [(line.text, line.score, line.box) for line in lines]
            path.write_text(json.dumps(body, ensure_ascii=False), "utf-8")
        return lines

    return read


def layout(name: str) -> Layout | None:
    """What makes a screen of pixels and lines: the program, or the truth."""
    if name == "truth":
        return perfect_screen
    found = part("evidence.screenchat.layout", "read_layout")
    if found is None:
        return None
    read_layout: Callable[..., Screen] = found

    def run(shot: Shot, lines: Sequence[Line]) -> Screen:
        return read_layout(np.asarray(shot.image.convert("RGB")), lines, shot.truth.channel)

    return run


class Run:
    """One run over many pictures: the parts of the program that exist, and the sums."""

    def __init__(self, read: Reader, layout: Layout | None, dump: Path | None) -> None:
        self.read = read
        self.dump = dump
        self.layout = layout
        self.total = Tally()
        self.seconds: dict[str, float] = {"draw": 0.0, "read": 0.0, "layout": 0.0}
        self.pictures = 0

    def one(self, seed: int, scenario: str) -> Tally:
        """Draw, read, lay out and score one picture."""
        started = time.perf_counter()
        shot = make(seed, scenario)
        self.seconds["draw"] += time.perf_counter() - started
        lines, screen = self.see(shot)
        tally = score(shot, lines, screen, times(shot, screen) if screen else None)
        self.pictures += 1
        self.total.merge(tally)
        if self.dump and tally.failures:
            show(shot, tally, screen, self.dump / f"{scenario}-{seed}")
        return tally

    def see(self, shot: Shot) -> tuple[Sequence[Line], Screen | None]:
        """Lines and layout of a shot."""
        started = time.perf_counter()
        lines = self.read(shot)
        between = time.perf_counter()
        self.seconds["read"] += between - started
        if self.layout is None:
            return lines, None
        screen = self.layout(shot, lines)
        self.seconds["layout"] += time.perf_counter() - between
        return lines, screen


def many(run: Run, chosen: argparse.Namespace) -> int:
    """Series: overlapping captures of one chat, joined."""
    if run.layout is None or part("evidence.screenchat.series", "join") is None:
        print("missing: evidence.screenchat.layout.read_layout or evidence.screenchat.series.join")
        return 1
    from benchmarks.screens.joined import score_series
    from evidence.screenchat.series import Shot as Capture
    from evidence.screenchat.series import join

    for seed in seeds(chosen.seeds):
        shots = series(seed)
        captures, matches = [], {}
        for number, shot in enumerate(shots):
            lines, screen = run.see(shot)
            assert screen is not None
            key = f"{(number * 7 + seed) % len(shots)}-{number}"
            claim = Captured(shot.truth.captured, "filename")
            captures.append(Capture(key, screen, tuple(times(shot, screen)), claim))
            matches[key] = Match(shot, lines, screen)
        tally = score_series(shots, matches, join(captures))
        run.total.merge(tally)
        run.pictures += len(shots)
        bad = Counter(measure for measure, _words, _box in tally.failures)
        print(f"series {seed:<4} {dict(bad) or 'all right'}", flush=True)
        if chosen.failures:
            for measure, words, _box in tally.failures:
                print(f"    series {seed} {measure}: {words!r}")
    return ending(run)


def times(shot: Shot, screen: Screen) -> list[Span]:
    """The span of each item."""
    return list(resolve(screen, Captured(shot.truth.captured, "filename"), ZONE))


def show(shot: Shot, tally: Tally, screen: Screen | None, stem: Path) -> None:
    """Write the picture with the boxes found (blue, right side green) and those that failed (red), and a list."""
    image = shot.image.convert("RGB")
    pen = ImageDraw.Draw(image)
    for item in screen.items if screen else ():
        pen.rectangle(item.box, outline="#00a000" if item.side == "right" else "#0040ff", width=3)
    for _measure, _words, box in tally.failures:
        if box[2] > box[0]:
            pen.rectangle((box[0] - 5, box[1] - 5, box[2] + 5, box[3] + 5), outline="#ff0000", width=3)
    image.save(stem.with_suffix(".png"), compress_level=1)
    words = [f"{measure}: {words}" for measure, words, _box in tally.failures]
    stem.with_suffix(".txt").write_text("\n".join(words) + "\n", "utf-8")


def table(tally: Tally) -> Iterable[str]:
    """The sums as lines of text."""
    if tally.letters:
        rate = 100 * tally.wrong / tally.letters
        yield f"{'core character error':<42} {rate:6.2f} %  ({tally.wrong} of {tally.letters})"
    kinds = sorted(kind for kind in tally.all if kind.startswith("token"))
    if kinds:
        yield row("key tokens", sum(tally.right[k] for k in kinds), sum(tally.all[k] for k in kinds))
    for measure in sorted(tally.all):
        yield row(measure, tally.right[measure], tally.all[measure], GOALS.get(measure))


def row(measure: str, right: int, every: int, goal: float | None = None) -> str:
    """One sum."""
    verdict = "" if goal is None else "  goal met" if right >= goal * every else f"  GOAL {100 * goal:.0f} % MISSED"
    return f"{measure:<42} {100 * right / every:6.2f} %  ({right} of {every}){verdict}"


def seeds(text: str) -> range:
    """``3`` or ``0-9``."""
    first, dash, last = text.partition("-")
    return range(int(first), int(last if dash else first) + 1)


def single(run: Run, chosen: argparse.Namespace) -> int:
    """Scenario by scenario, then the whole."""
    names = chosen.scenario or SCENARIOS
    for name in names:
        before = Tally()
        for seed in seeds(chosen.seeds):
            tally = run.one(seed, name)
            before.merge(tally)
            if chosen.failures:
                for measure, words, _box in tally.failures:
                    print(f"    {name} {seed} {measure}: {words!r}")
        cell = [f"{key} {before.right[key]}/{before.all[key]}" for key in GOALS if before.all[key]]
        rate = f"letters {100 * before.wrong / before.letters:.2f} %  " if before.letters else ""
        print(f"{name:<14} {rate}{'  '.join(cell)}", flush=True)
    return ending(run)


def ending(run: Run) -> int:
    """The sums of all pictures, and whether a goal was missed."""
    print(
        f"\n{run.pictures} pictures; seconds each: "
        + ", ".join(f"{k} {v / run.pictures:.2f}" for k, v in run.seconds.items())
    )
    for line in table(run.total):
        print(line)
    return int(any(run.total.right[key] < goal * run.total.all[key] for key, goal in GOALS.items()))


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--series", action="store_true", help="overlapping captures of one chat instead of scenarios")
    parser.add_argument("--seeds", default="0-2", help="a number or a range such as 0-9")
    parser.add_argument("--engine", default="rapidocr", help="rapidocr, tesseract, or perfect (lines from the truth)")
    parser.add_argument(
        "--layout", choices=("program", "truth"), default="program", help="truth: only times and joining"
    )
    parser.add_argument("--failures", action="store_true", help="print each failure")
    parser.add_argument("--dump", type=Path, metavar="DIR", help="write pictures with boxes for what failed")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what the engine read")
    chosen = parser.parse_args()
    for folder in (chosen.dump, chosen.keep):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    run = Run(reader(chosen.engine, chosen.keep), layout(chosen.layout), chosen.dump)
    if run.layout is None:
        print("missing: evidence.screenchat.layout.read_layout; only the reading is scored")
    raise SystemExit(many(run, chosen) if chosen.series else single(run, chosen))


if __name__ == "__main__":
    main()
