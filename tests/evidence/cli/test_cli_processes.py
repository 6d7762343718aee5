"""Real processes: stopped, killed, side by side, without room, without a reader."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.errors import ExitCode
from evidence.log import create_case, open_case
from evidence.timeline import load_view
from evidence.verify import verify_case

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and mounts of POSIX systems")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DUNLOG_LANG": "en"}
LINE = (sys.executable, "-m", "complaints")


def dunlog(*words: str | Path, **more: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*LINE, *map(str, words)], capture_output=True, text=True, env=ENVIRONMENT, timeout=120, **more
    )  # type: ignore[call-overload]


def start(*words: str | Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*LINE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )


def make_sms(path: Path, count: int) -> Path:
    rows = "".join(
        f'<sms protocol="0" address="12000000011" date="{1770000000000 + n * 1000}" type="1" body="第{n}条"/>\n'
        for n in range(count)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<?xml version='1.0' encoding='UTF-8'?><smses count='{count}'>{rows}</smses>", encoding="utf-8")
    return path


def record_ids(folder: Path) -> list[str]:
    with open_case(folder, "state", write=False) as case:
        assert verify_case(case).ok
        return sorted(record.id for record in load_view(case).records)


def wait_for(found: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not found():  # type: ignore[operator]
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_import_is_whole_and_can_go_on(tmp_path: Path, sign: signal.Signals) -> None:
    folder = tmp_path / "c"
    create_case(folder).close()
    for n in range(3):
        make_sms(tmp_path / "in" / f"{n}.xml", 4000 + n)
    running = start("--case", folder, "import", tmp_path / "in", "--no-read")
    wait_for(lambda: len(list(folder.glob("originals/??/*"))) >= 2)
    running.send_signal(sign)
    out, err = running.communicate(timeout=60)
    if sign == signal.SIGINT:
        assert running.returncode == ExitCode.INTERRUPTED, err
        assert "[interrupted]" in err
        assert "Traceback" not in out + err
    before = record_ids(folder)
    again = dunlog("--case", folder, "import", tmp_path / "in", "--no-read", "--json")
    assert again.returncode == 0, again.stderr
    after = record_ids(folder)
    assert set(before) <= set(after)
    assert len(after) == len(set(after)) == 12003
    other = tmp_path / "d"
    create_case(other).close()
    assert dunlog("--case", other, "import", tmp_path / "in", "--no-read").returncode == 0
    assert record_ids(other) == after


@pytest.mark.slow
def test_two_importers_at_once_both_end_well(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    create_case(folder).close()
    for n in range(12):
        make_sms(tmp_path / "in" / f"{n}.xml", 50 + n)
    both = [start("--case", folder, "import", tmp_path / "in", "--no-read", "--json") for _ in range(2)]
    ended = [(*one.communicate(timeout=120), one.returncode) for one in both]
    assert [code for _out, _err, code in ended] == [0, 0], ended
    assert sum(json.loads(out)["records"] for out, _err, _code in ended) == sum(50 + n for n in range(12))
    ids = record_ids(folder)
    assert len(ids) == len(set(ids)) == sum(50 + n for n in range(12))


@pytest.mark.slow
def test_kill_points(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "kill_points.py", "--points", "8"],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert (said["killed"], said["failed"]) == (8, {})


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    create_case(tmp_path / "c").close()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*LINE, "--case", tmp_path / "c", "head"], stdout=writing, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    os.close(writing)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_words_that_are_no_text_are_a_usage_error(tmp_path: Path) -> None:
    create_case(tmp_path / "c").close()
    done = subprocess.run(
        [*map(os.fsencode, LINE), b"--case", os.fsencode(tmp_path / "c"), b"timeline", b"--text", b"\xff", b"--json"],
        capture_output=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == ExitCode.USAGE, done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "usage"


def test_a_console_that_knows_no_chinese_gets_utf8(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run([*LINE, "new", tmp_path / "催收", "--json"], capture_output=True, env=environment, check=True)
    assert json.loads(done.stdout.decode("utf-8"))["case"].endswith("催收")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of two megabytes."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount")
    with tempfile.TemporaryDirectory() as name:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", name], capture_output=True)
        if mounted.returncode:
            pytest.skip("no mounts here")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def test_a_full_disk_is_named_and_passes(small_disk: Path, tmp_path: Path) -> None:
    folder = small_disk / "c"
    create_case(folder).close()
    make_sms(tmp_path / "in" / "small.xml", 5)
    (tmp_path / "in" / "z.bin").write_bytes(bytes(3 << 20))
    line = ("--case", folder, "import", tmp_path / "in", "--no-read", "--json")
    full = dunlog(*line)
    assert (full.returncode, json.loads(full.stdout)["error"]["code"]) == (ExitCode.NO_SPACE, "no_space")
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))
    for name in ("verify", "timeline"):
        looked = dunlog("--case", folder, name, "--json")
        assert looked.returncode == 0, looked.stderr
        assert "disk is full" in looked.stderr
    assert dunlog(*line).returncode == ExitCode.NO_SPACE
    assert dunlog("new", small_disk / "d", "--json").returncode == ExitCode.NO_SPACE
    assert not (small_disk / "d" / "case.db").exists()
    filler.unlink()
    (tmp_path / "in" / "z.bin").unlink()
    again = dunlog(*line)
    assert (again.returncode, json.loads(again.stdout)["records"]) == (0, 5), again.stderr
    assert len(record_ids(folder)) == 5


def test_a_case_on_read_only_media(small_disk: Path, tmp_path: Path) -> None:
    folder = small_disk / "c"
    create_case(folder).close()
    path = make_sms(tmp_path / "small.xml", 5)
    assert dunlog("--case", folder, "import", path, "--no-read").returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for name in ("timeline", "verify", "head", "doctor"):
        looked = dunlog("--case", folder, name, "--json")
        assert looked.returncode == 0, looked.stderr
        assert "read-only media" in looked.stderr
    assert len(json.loads(dunlog("--case", folder, "timeline", "--json").stdout)) == 5
    refused = dunlog("--case", folder, "import", path, "--no-read", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (ExitCode.READ_ONLY, "read_only")
