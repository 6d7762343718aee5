"""Kill an import with SIGKILL at many points and check what is left. Needs a system that can fork.

    python benchmarks/kill_points.py --points 200

An undisturbed import of a small phone folder is counted in steps (each SQL statement, write, sync and rename). Then the
import is killed at evenly spread steps. After each kill: no acknowledged log row is gone, the case verifies, a second
import completes to the same records as the undisturbed one, and a third adds nothing. Prints one JSON value; exit
code 1 when any of this failed.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import signal
import struct
import sys
import tempfile
import time
import wave
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import database, i18n, vault
from evidence.intake import import_paths
from evidence.joining import join_new
from evidence.log import Case, create_case, open_case
from evidence.verify import verify_case


def png(size: int) -> bytes:
    """A grey square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([size % 256]) * size for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_phone(folder: Path) -> None:
    """Messages with a picture inside, calls, a recording, screenshots, a duplicate, and files nobody can read."""
    folder.mkdir()
    start = 1_770_000_000_000
    sms = "".join(
        f'<sms protocol="0" address="12000000011" date="{start + n * 60000}" type="1" body="第{n}条 请还款"/>'
        for n in range(300)
    )
    data = base64.b64encode(png(40)).decode()
    mms = (
        f'<mms date="{start}" msg_box="1" address="12000000012"><parts>'
        f'<part seq="0" ct="image/png" cl="p.png" data="{data}"/></parts><addrs/></mms>'
    )
    (folder / "sms.xml").write_text(
        f"<?xml version='1.0' encoding='UTF-8'?><smses count='301'>{sms}{mms}</smses>", "utf-8"
    )
    for name in ("calls.xml", "calls-later.xml"):
        extra = "<call number='12000000011' duration='9' date='1770000900000' type='1'/>" if "later" in name else ""
        calls = f"<call number='12000000011' duration='65' date='{start}' type='1'/>{extra}"
        (folder / name).write_text(f"<?xml version='1.0' encoding='UTF-8'?><calls count='1'>{calls}</calls>", "utf-8")
    with wave.open(str(folder / "12000000011_20260202104000.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    for n in (30, 31):
        (folder / f"Screenshot_2026-02-02-10-40-{n}.png").write_bytes(png(n))
    shutil.copy(folder / "Screenshot_2026-02-02-10-40-30.png", folder / "copy.png")
    (folder / "empty.amr").touch()
    (folder / "unknown.bin").write_bytes(bytes(2_500_000))
    (folder / "broken").symlink_to("nowhere")


@dataclass
class Steps:
    """Counts what the import does, and kills this process at step ``last``."""

    last: int | None = None
    count: int = 0

    def step(self, *_words: object) -> None:
        """One more thing was about to be done."""
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self, acknowledge: Callable[[int, str], None]) -> None:
        """Put the counter into everything that changes the disk. For a forked child only."""
        for name in ("replace", "fsync", "chmod"):
            setattr(os, name, self._counted(getattr(os, name)))
        vault._write_all = self._counted(vault._write_all)
        real_open = database._open_database

        def opened(path: Path, how: str) -> Any:
            db = real_open(path, how)
            db.conn.set_trace_callback(self.step)
            return db

        database._open_database = opened
        for name in ("append", "event"):
            setattr(Case, name, self._acknowledged(getattr(Case, name), acknowledge))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            self.step()
            return real(*words, **more)

        return call

    def _acknowledged(self, real: Callable[..., Any], acknowledge: Callable[[int, str], None]) -> Callable[..., Any]:
        def call(case: Case, *words: Any, **more: Any) -> Any:
            result = real(case, *words, **more)
            if not case._transaction:
                acknowledge(case.head.seq, case.head.hash)
            return result

        return call


def run_import(folder: Path, phone: Path) -> None:
    """What ``dunlog import --no-read`` does."""
    with open_case(folder, "import") as case:
        import_paths(case, [phone])
        join_new(case)


def in_child(folder: Path, phone: Path, last: int | None) -> tuple[int, list[tuple[int, str]]]:
    """Import in a forked child that dies at step ``last``; returns its steps and the rows it was told are safe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        steps = Steps(last)
        steps.install(lambda seq, digest: _tell(writing, {"ack": [seq, digest]}))
        try:
            run_import(folder, phone)
            _tell(writing, {"steps": steps.count})
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        said = [json.loads(line) for line in lines]
    os.waitpid(child, 0)
    count = next((one["steps"] for one in said if "steps" in one), 0)
    return count, [(one["ack"][0], one["ack"][1]) for one in said if "ack" in one]


def _tell(pipe: int, value: dict[str, Any]) -> None:
    os.write(pipe, (json.dumps(value) + "\n").encode())


def state(folder: Path) -> tuple[list[str], list[str], int]:
    """Record ids, sources and the number of joins: what two imports must agree on."""
    with open_case(folder, "state", write=False) as case:
        records = [row[0] for row in case.db.execute("select id from record order by id")]
        sources = [f"{a} {b}" for a, b in case.db.execute("select sha256, name from source order by 1, 2")]
        return records, sources, case.db.execute("select count(*) from link").fetchone()[0]


def check(folder: Path, phone: Path, acknowledged: list[tuple[int, str]], wanted: object) -> list[str]:
    """What is wrong after a kill: empty when nothing is."""
    wrong = []
    with open_case(folder, "verify", write=False) as case:
        wrong += [f"verify: {fault.message}" for fault in verify_case(case).faults]
        rows = {seq: digest.hex() for seq, digest in case.db.execute("select seq, hash from log")}
        wrong += [f"row {seq} lost" for seq, digest in acknowledged if rows.get(seq) != digest]
    run_import(folder, phone)
    if state(folder) != wanted:
        wrong.append("the second import came to other records")
    with open_case(folder, "verify", write=False) as case:
        wrong += [f"verify after import: {fault.message}" for fault in verify_case(case).faults]
        head = case.head.seq
    run_import(folder, phone)
    with open_case(folder, "verify", write=False) as case:
        if case.head.seq != head + 1:
            wrong.append("a third import added something")
    return wrong


def main() -> int:
    """Run all points and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    wanted_points = parser.parse_args().points
    i18n.activate("en")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        phone, empty = base / "phone", base / "empty"
        make_phone(phone)
        create_case(empty).close()
        shutil.copytree(empty, base / "whole")
        run_import(base / "whole", phone)
        wanted = state(base / "whole")
        shutil.copytree(empty, base / "counted")
        total, _acknowledged = in_child(base / "counted", phone, None)
        points = sorted({1 + i * (total - 1) // max(1, wanted_points - 1) for i in range(wanted_points)})
        failed: dict[int, list[str]] = {}
        lost_steps = 0
        for point in points:
            folder = base / f"at{point}"
            shutil.copytree(empty, folder)
            finished, acknowledged = in_child(folder, phone, point)
            lost_steps += not finished
            wrong = check(folder, phone, acknowledged, wanted)
            if wrong:
                failed[point] = wrong
            shutil.rmtree(folder)
        result = {
            "steps_of_one_import": total, "points": len(points), "killed": lost_steps, "records": len(wanted[0]),
            "sources": len(wanted[1]), "joins": wanted[2], "failed": failed,
            "seconds": round(time.monotonic() - began, 1),
        }  # fmt: skip
    print(json.dumps(result, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
