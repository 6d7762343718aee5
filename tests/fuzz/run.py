"""Fuzz the readers of files: ``python tests/fuzz/run.py [IMPORTER…] --seconds 3600 --jobs 2``.

Each worker is a process of its own, so that a crash or a hang in a native library is seen, named and kept: the bytes
that caused it go to ``.fuzz/`` in the current folder. ``--record`` adds the number of inputs survived to
``tests/fuzz/survived.json``.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SURVIVED = Path(__file__).with_name("survived.json")
HANG_S = 60


def survive(name: str, seed: str, seconds: float, folder: Path) -> int:
    """Feed one importer in this process; the input at work lies in ``folder`` until it is done. Returns how many."""
    sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
    import faulthandler

    import mutate
    import target

    from evidence.importers.base import all_importers

    importer = next(i for i in all_importers() if i.name == name)
    corpus, shown = target.corpus(name), target.sample_name(name)
    end, done = time.monotonic() + seconds, 0
    path = folder / f"{name}-{seed}.input"
    while time.monotonic() < end:
        path.write_bytes(mutate.mutate(corpus, f"{seed}/{done}"))
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        probe = target.probe_of(path, shown)
        target.check_claims(probe)
        target.check_read(importer, probe)
        faulthandler.cancel_dump_traceback_later()
        done += 1
    path.unlink(missing_ok=True)
    return done


def _one(name: str, seed: str, seconds: float, folder: Path) -> tuple[str, int, str]:
    words = [sys.executable, __file__, "--worker", name, seed, str(seconds), str(folder)]
    ran = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if ran.returncode == 0:
        return name, int(ran.stdout), ""
    said = [line for line in ran.stderr.splitlines() if line.strip()]
    return name, 0, f"exit {ran.returncode}, input kept in {folder}: {' | '.join(said[-4:])}"


def main() -> int:
    """Exit 1 when an input was not survived."""
    if sys.argv[1:2] == ["--worker"]:
        name, seed, seconds, folder = sys.argv[2:6]
        print(survive(name, seed, float(seconds), Path(folder)))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="importers; all when none is named")
    parser.add_argument("--seconds", type=float, default=60, help="for each importer")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", default=None, help="another seed gives other inputs; default: the time")
    parser.add_argument("--record", action="store_true", help="add to survived.json")
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from evidence.importers.base import all_importers

    names = given.names or [i.name for i in all_importers()]
    seed = given.seed or str(int(time.time()))
    folder = Path(".fuzz")
    folder.mkdir(exist_ok=True)
    failed = False
    sums = json.loads(SURVIVED.read_text("utf-8")) if SURVIVED.is_file() else {}
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for name, count, fault in pool.map(lambda n: _one(n, seed, given.seconds, folder), names):
            print(f"{name:24} {count:9,} inputs survived  {fault}", flush=True)
            failed = failed or bool(fault)
            sums[name] = sums.get(name, 0) + count
    if given.record:
        SURVIVED.write_text(json.dumps(sums, indent=1, sort_keys=True) + "\n", "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
