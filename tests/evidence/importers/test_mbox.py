"""Mailboxes: what begins a message, both ways of escaping, line ends, cut files, size, real mails in a row."""

from __future__ import annotations

import io
import mailbox
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers.mbox import IMPORTER, split_mbox
from evidence.models import Problem, Record

FROM = b"From a@b.example Tue Mar 10 01:15:00 2026\n"
ONE = FROM + b"Date: Tue, 10 Mar 2026 09:15:00 +0800\nFrom: a@b.example\nSubject: s\n\nwords\n\n"


def split(data: bytes, limit: int = 1 << 20) -> list[bytes]:
    return [message.data for message in split_mbox(io.BytesIO(data), limit)]


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., tuple[list[Record], list[Problem]]]:
    def read(data: bytes) -> tuple[list[Record], list[Problem]]:
        path = tmp_path / "box"
        path.write_bytes(data)
        items = read_all(IMPORTER, path)
        return [i for i in items if isinstance(i, Record)], [i for i in items if isinstance(i, Problem)]

    return read


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"\nFrom here on we call your firm.\n", 1),
        (b"\nFrom a@b.example Tue Mar 10 01:15:00 2026\nno header\n", 1),
        (b"From a@b.example Tue Mar 10 01:15:00 2026\nDate: x\n", 2),
        (b"\nFrom nobody\nDate: x\n", 2),
        (b"\nFrom 123@xxx Tue Mar 10 01:15:00 +0000 2026\nX-GM-THRID: 1\n", 2),
        (b"\n>From a@b.example Tue Mar 10 01:15:00 2026\nDate: x\n", 1),
    ],
)
def test_what_begins_a_message(body: bytes, count: int) -> None:
    assert len(split(ONE.rstrip() + b"\n" + body)) == count


def test_escapes_lose_one_mark_and_are_counted(run: Any) -> None:
    (record,), _problems = run(ONE + b">From one\n>>From two\n> From three\n")
    assert record.text == "s\n\nwords\n\nFrom one\n>From two\n> From three"
    assert record.extras["from_lines_unescaped"] == 2


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_line_ends_and_places(run: Any, end: bytes) -> None:
    data = (ONE * 3).replace(b"\n", end)
    records, problems = run(data)
    assert [r.locator for r in records] == ["message[1]", "message[2]", "message[3]"]
    assert [r.text for r in records] == ["s\n\nwords"] * 3
    assert [data[int(r.extras["byte_offset"]) :][:5] for r in records] == [b"From "] * 3
    assert not problems


def test_the_last_message_may_be_cut(run: Any) -> None:
    head = b"Content-Type: multipart/mixed; boundary=BB\nFrom: a@b.example\nDate: Tue, 10 Mar 2026 09:15:00 +0800\n\n"
    records, problems = run(ONE + FROM + head + b"--BB\nContent-Type: text/plain\n\nhalf a wor")
    assert records[1].text == "half a wor"
    assert [(p.code, p.locator) for p in problems] == [("mail_cut_off", "message[2]")]


def test_the_same_is_told_once(run: Any) -> None:
    records, problems = run(ONE.replace(b"Date: Tue, 10", b"Date: Tue, 99") * 50)
    assert len(records) == 50
    assert [(p.code, p.locator) for p in problems] == [("mail_date_missing", "message[1]")]
    assert "50" in problems[0].message


def test_an_empty_message_is_named(run: Any) -> None:
    records, problems = run(FROM + b"\n" + ONE)
    assert [r.locator for r in records] == ["message[2]"]
    assert problems[0].code == "record_empty"


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless(io.RawIOBase):
        """The same mail 20,000 times: 60 MB that lie nowhere."""

        def __init__(self) -> None:
            self.left, self.piece = 20_000, ONE + b"x" * 2900 + b"\n\n"

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            if not self.left:
                return 0
            self.left -= 1
            buffer[: len(self.piece)] = self.piece
            return len(self.piece)

    tracemalloc.start()
    count = sum(1 for _message in split_mbox(io.BufferedReader(Endless(), 8192), 1 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000


def test_one_huge_message_is_bounded() -> None:
    (message,) = split_mbox(io.BytesIO(ONE + b"y" * 5_000_000), 100_000)
    assert message.size > 5_000_000
    assert len(message.data) < 1_300_000


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (ONE, True),
        (b"\r\n" + ONE, True),
        (b"From here on we call your firm.\nDate: x\n", False),
        (FROM + b"\nno header", False),
        (b"From: a@b\n", False),
        (b"", False),
    ],
)
def test_claims(data: bytes, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert IMPORTER.claims(make_probe(path)) is claimed


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from([FROM, b"From ", b"Date: x\n", b"\n", b"\r\n", b">From ", b"text\n", b"\0\xff"]), max_size=40
    )
)
def test_nothing_is_lost(tmp_path: Path, read_all: Any, pieces: list[bytes]) -> None:
    data = ONE + b"".join(pieces)
    messages = list(split_mbox(io.BytesIO(data), 1 << 30))
    kept = sum(m.size + m.unescaped for m in messages)
    separators = sum(len(data[m.offset :].split(b"\n", 1)[0]) + 1 for m in messages)
    assert kept + separators in (len(data), len(data) + 1)  # a last line may have no end
    path = tmp_path / "box"
    path.write_bytes(data)
    items = read_all(IMPORTER, path)
    told = sum(isinstance(i, Record) or i.code == "record_empty" for i in items)
    assert told == len(messages)


def test_real_mails_in_a_row(samples: Path, tmp_path: Path, run: Any) -> None:
    """A mailbox that the standard library writes of the real mails: the same messages come out."""
    path = tmp_path / "made.mbox"
    box = mailbox.mbox(path)
    for mail in sorted((samples / "email" / "mail-parser").iterdir()):
        if not mail.read_bytes().startswith(b"\xd0\xcf"):
            box.add(mail.read_bytes())
    box.flush()
    wanted = [str(message["message-id"]) for message in mailbox.mbox(path)]
    box.close()
    records, _problems = run(path.read_bytes())
    assert [str(r.extras.get("message_id")) for r in records] == wanted
    assert len(wanted) == 5
