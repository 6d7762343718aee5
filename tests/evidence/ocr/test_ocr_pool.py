"""Many pictures at once: order, crashes, recycling, other executors. Fake engines, real processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
import types
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from evidence.errors import DunlogError, MissingPart, UsageError
from evidence.models import Problem
from evidence.ocr.base import OcrText
from evidence.ocr.pool import read_bytes, read_many
from evidence.ocr.workers import ProcessWorkers, WorkerTimeout, executor_for

Make = Callable[..., list[tuple[str, Path]]]


def outcome(result: OcrText | Problem) -> str:
    return result.text if isinstance(result, OcrText) else result.code


def run(items: list[tuple[str, Path]], engine: str, **options: object) -> dict[str, str]:
    return {key: outcome(result) for key, result in read_many(items, engine, **options)}


def test_every_picture_is_answered_once(fakes: str, pictures: Make) -> None:
    items = pictures(*(f"read text {n}" for n in range(20)))
    seen: list[str] = []
    results = list(read_many(items, f"{fakes}:Fake", jobs=2, on_done=lambda key, _result: seen.append(key)))
    assert {key: outcome(r) for key, r in results} == {str(n): f"text {n}" for n in range(20)}
    assert len(results) == 20
    assert sorted(seen) == sorted(key for key, _path in items)


def test_failures_are_problems_of_their_own_picture(fakes: str, pictures: Make, tmp_path: Path) -> None:
    items = pictures(
        "read a",
        "kill",
        "raise no such thing",
        "strange x",
        f"kill_once {tmp_path / 'mark'}",
        "exit 3",
        "damaged",
        "read b",
    )
    items.append(("gone", tmp_path / "gone.png"))
    results = dict(read_many(items, f"{fakes}:Fake", jobs=2))
    assert {key: outcome(r) for key, r in results.items()} == {
        "0": "a",
        "1": "ocr_worker_died",
        "2": "ocr_failed",
        "3": "ocr_failed",
        "4": "second",
        "5": "ocr_worker_died",
        "6": "picture_damaged",
        "7": "b",
        "gone": "unreadable",
    }
    killed, failed = results["1"], results["2"]
    assert isinstance(killed, Problem)
    assert isinstance(failed, Problem)
    assert killed.path == str(items[1][1])
    assert "9" in killed.message
    assert "3" in getattr(results["5"], "message", "")
    assert failed.message == "ValueError: no such thing"


def test_an_engine_that_returns_nonsense_is_a_problem(fakes: str, pictures: Make) -> None:
    assert run(pictures("read a"), f"{fakes}:Wrong", jobs=1) == {"0": "ocr_failed"}


def test_a_worker_with_another_engine_is_noticed(fakes: str, pictures: Make) -> None:
    assert run(pictures("read a"), f"{fakes}:Unalike", jobs=1) == {"0": "ocr_engine_differs"}


def test_a_missing_part_stops_the_whole_run(fakes: str, pictures: Make) -> None:
    with pytest.raises(MissingPart) as caught:
        run(pictures("missing", "read a"), f"{fakes}:Fake", jobs=1)
    assert caught.value.hint == "--engine tesseract"


def test_an_unknown_engine_is_refused_before_anything_is_read(pictures: Make) -> None:
    with pytest.raises(UsageError):
        read_many(pictures("read a"), "nonsense")


def test_workers_are_replaced_after_a_number_of_pictures(fakes: str) -> None:
    with ProcessWorkers(1, recycle_after=3) as workers:
        pids = [workers.submit(read_bytes, f"{fakes}:Fake", b"pid").result().text for _n in range(7)]
    assert [len(set(part)) for part in (pids[:3], pids[3:6], pids[6:])] == [1, 1, 1]
    assert len(set(pids)) == 3


def test_a_picture_that_takes_too_long_is_stopped(fakes: str) -> None:
    with ProcessWorkers(1, seconds=5) as workers:
        assert workers.submit(read_bytes, f"{fakes}:Fake", b"read a").result().text == "a"
        workers._seconds = 0.2
        slow = workers.submit(read_bytes, f"{fakes}:Fake", b"sleep 60")
        assert isinstance(slow.exception(), WorkerTimeout)
        workers._seconds = 30
        assert workers.submit(read_bytes, f"{fakes}:Fake", b"read b").result().text == "b"


def test_a_task_that_does_not_pickle_fails_and_the_slot_lives(fakes: str) -> None:
    with ProcessWorkers(1) as workers:
        assert workers.submit(lambda: 1).exception() is not None
        assert workers.submit(read_bytes, f"{fakes}:Fake", b"read a").result().text == "a"


def test_temporary_files_of_killed_workers_are_removed(fakes: str) -> None:
    workers = ProcessWorkers(1)
    folder = Path(workers.submit(read_bytes, f"{fakes}:Fake", b"temp").result().text)
    assert folder.is_dir()
    workers.shutdown(wait=False, cancel_futures=True)
    assert not folder.parent.exists()
    with pytest.raises(RuntimeError):
        workers.submit(read_bytes, f"{fakes}:Fake", b"temp")


def test_closing_the_iterator_ends_the_workers(fakes: str, pictures: Make) -> None:
    results = read_many(pictures("pid", "sleep 600", "sleep 600"), f"{fakes}:Fake", jobs=2)
    assert isinstance(results, Iterator)
    _key, first = next(results)
    results.close()
    assert isinstance(first, OcrText)
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.text), 0)


def test_memory_stays_flat_because_pictures_are_taken_when_needed(fakes: str, pictures: Make) -> None:
    taken: list[str] = []

    def items() -> Iterator[tuple[str, Path]]:
        for key, path in pictures(*["read a"] * 12):
            taken.append(key)
            yield key, path

    for count, _result in enumerate(read_many(items(), f"{fakes}:Fake", jobs=2), 1):
        assert len(taken) <= count + 2


def test_any_executor_runs_it(fakes: str, pictures: Make) -> None:
    with ThreadPoolExecutor(3) as threads:
        found = run(pictures("read a", "read b", "raise x"), f"{fakes}:Fake", executor=threads, jobs=3)
        assert threads.submit(int, "1").result() == 1  # still open
    assert found == {"0": "a", "1": "b", "2": "ocr_failed"}


def test_a_foreign_pool_that_breaks_gives_problems_not_a_crash(fakes: str, pictures: Make) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = run(pictures("read a", "kill", "read b", "read c"), f"{fakes}:Fake", executor=pool, jobs=1)
    assert found == {"0": "a", "1": "ocr_worker_died", "2": "ocr_worker_died", "3": "ocr_worker_died"}


class FakeClient:
    """Stands in for distributed.Client: two workers with two threads, all local."""

    calls: ClassVar[list[object]] = []

    def __init__(self, address: str, **options: object) -> None:
        if address.endswith(":1"):
            raise TimeoutError
        self.calls.append(address)
        self.executor = ThreadPoolExecutor(4)

    def nthreads(self) -> dict[str, int]:
        return {"one": 2, "two": 2}

    def get_executor(self, **options: object) -> ThreadPoolExecutor:
        self.calls.append(options)
        return self.executor

    def close(self) -> None:
        self.calls.append("closed")


def test_dask(fakes: str, pictures: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = types.ModuleType("distributed")
    monkeypatch.setattr(stand_in, "Client", FakeClient, raising=False)
    monkeypatch.setitem(sys.modules, "distributed", stand_in)
    with executor_for("dask://127.0.0.1:8786") as workers:
        assert workers.jobs == 4
        assert run(pictures("read a", "damaged"), f"{fakes}:Fake", executor=workers) == {
            "0": "a",
            "1": "picture_damaged",
        }
    # pure=False: Dask would otherwise hand out a remembered result for equal bytes
    assert FakeClient.calls == ["tcp://127.0.0.1:8786", {"pure": False}, "closed"]
    with pytest.raises(DunlogError, match=r"127\.0\.0\.1:1"):
        executor_for("dask://127.0.0.1:1")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_worker_outlives_a_killed_parent(fakes: str, tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(
        "from evidence.ocr.pool import read_bytes\nfrom evidence.ocr.workers import ProcessWorkers\n"
        "if __name__ == '__main__':\n"
        "    workers = ProcessWorkers(2)\n"
        f"    pids = [workers.submit(read_bytes, '{fakes}:Fake', b'pid') for _n in range(2)]\n"
        "    print(*(pid.result().text for pid in pids), flush=True)\n    input()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None
    pids = parent.stdout.readline().split()
    assert pids
    parent.kill()
    parent.communicate(timeout=30)
    deadline = time.monotonic() + 20
    while alive := [pid for pid in pids if running(pid)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.05)


def running(pid: str) -> bool:
    """Whether the process lives; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_executor_words() -> None:
    with executor_for(None, 3) as workers:
        assert workers.jobs == 3
    for bad in ("dask", "dask://", "dask://host", "dask://:1", "spark://host:1", "dask://host:port"):
        with pytest.raises(UsageError):
            executor_for(bad)


def test_dask_is_named_when_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPart) as caught:
        executor_for("dask://127.0.0.1:8786")
    assert "pip install distributed" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a process group")
def test_ctrl_c_stops_at_once_and_quietly(fakes: str, tmp_path: Path) -> None:
    (tmp_path / "fast.png").write_text("read a")
    (tmp_path / "slow.png").write_text("sleep 600")
    script = tmp_path / "main.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from evidence.ocr.pool import read_many
        if __name__ == "__main__":
            here = Path(__file__).parent
            items = [("fast", here / "fast.png"), ("slow", here / "slow.png")]
            try:
                for key, _result in read_many(items, "{fakes}:Fake", jobs=2):
                    print(key, flush=True)
            except KeyboardInterrupt:
                sys.exit(130)
        """)
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "fast\n"
    os.killpg(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == ""
