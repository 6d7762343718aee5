import errno
import io
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import vault

fcntl = pytest.importorskip("fcntl")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.binary(max_size=3000))
def test_bytes_come_back_equal_and_lie_once(tmp_path: Path, data: bytes) -> None:
    kept = vault.keep(tmp_path, io.BytesIO(data))
    path = vault.kept_path(tmp_path, kept.sha256)
    assert path.read_bytes() == data
    assert vault.hash_file(path) == (kept.sha256, len(data))
    assert not vault.keep(tmp_path, io.BytesIO(data)).new
    assert list((tmp_path / vault.INCOMING).iterdir()) == []


def test_a_kept_file_cannot_be_written_by_accident(tmp_path: Path) -> None:
    kept = vault.keep(tmp_path, io.BytesIO(b"x"))
    assert vault.kept_path(tmp_path, kept.sha256).stat().st_mode & 0o222 == 0


def test_a_file_cut_short_on_disk_is_mended_by_the_same_bytes(tmp_path: Path) -> None:
    kept = vault.keep(tmp_path, io.BytesIO(b"whole"))
    path = vault.kept_path(tmp_path, kept.sha256)
    path.chmod(0o600)
    path.write_bytes(b"who")
    assert not vault.is_kept(tmp_path, kept.sha256, 5)
    assert vault.keep(tmp_path, io.BytesIO(b"whole")).new
    assert path.read_bytes() == b"whole"


class Failing(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError(errno.EIO, "I/O error")


def test_a_broken_copy_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="I/O error"):
        vault.keep(tmp_path, Failing())
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_short_writes_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OneByte:
        def __init__(self) -> None:
            self.data = b""

        def write(self, view: memoryview) -> int:
            self.data += bytes(view[:1])
            return 1

    out = OneByte()
    vault._write_all(out, b"abc")  # type: ignore[arg-type]
    assert out.data == b"abc"


def test_only_abandoned_copies_are_cleared(tmp_path: Path) -> None:
    incoming = tmp_path / vault.INCOMING
    incoming.mkdir()
    old = time.time() - 2 * vault.ABANDONED_S
    for name in ("left", "held", "fresh"):
        (incoming / name).write_bytes(b"half")
        if name != "fresh":
            os.utime(incoming / name, (old, old))
    with (incoming / "held").open("rb") as stream:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        assert vault.clear_incoming(tmp_path) == 1
    assert {p.name for p in incoming.iterdir()} == {"held", "fresh"}
    assert vault.clear_incoming(tmp_path / "absent") == 0


def test_a_good_copy_of_a_damaged_file_mends_it(tmp_path: Path) -> None:
    first = vault.keep(tmp_path, io.BytesIO(b"the true bytes"))
    path = vault.kept_path(tmp_path, first.sha256)
    path.chmod(0o600)
    path.write_bytes(b"the tRue bytes")
    assert not vault.is_kept(tmp_path, first.sha256, first.size)
    again = vault.keep(tmp_path, io.BytesIO(b"the true bytes"))
    assert (again.new, again.mended) == (True, True)
    assert path.read_bytes() == b"the true bytes"
    assert [p.read_bytes() for p in (tmp_path / ".damaged").iterdir()] == [b"the tRue bytes"]


def test_a_copy_written_to_later_is_not_untouched(tmp_path: Path) -> None:
    kept = vault.keep(tmp_path, io.BytesIO(b"bytes"))
    path = vault.kept_path(tmp_path, kept.sha256)
    at = path.stat().st_ctime
    assert vault.is_untouched(tmp_path, kept.sha256, 5, at)
    assert not vault.is_untouched(tmp_path, kept.sha256, 4, at)
    assert not vault.is_untouched(tmp_path, kept.sha256, 5, at - 1)
    assert not vault.is_untouched(tmp_path, kept.sha256, 5, at + 2 * vault.KEEPING_S)
    assert not vault.is_untouched(tmp_path, "0" * 64, 5, at)
    link = vault.kept_path(tmp_path, "1" * 64)
    link.parent.mkdir()
    link.symlink_to(path)
    assert not vault.is_untouched(tmp_path, "1" * 64, 5, link.lstat().st_ctime)


@pytest.mark.parametrize("size", [vault.CHUNK - 1, vault.CHUNK, vault.CHUNK + 1, 3 * vault.CHUNK])
@pytest.mark.parametrize("step", [vault.CHUNK, 100_000])
def test_files_about_the_size_of_a_chunk(tmp_path: Path, size: int, step: int) -> None:
    class Short(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, step))

    data = os.urandom(size)
    kept = vault.keep(tmp_path, Short(data))
    assert (kept.size, kept.sha256) == (size, vault.hash_stream(io.BytesIO(data))[0])
    assert vault.kept_path(tmp_path, kept.sha256).read_bytes() == data
    assert not vault.keep(tmp_path, Short(data)).new
    assert list((tmp_path / vault.INCOMING).iterdir()) == []
