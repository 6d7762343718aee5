"""How fast each large format goes in, against a bare parse by the library below: ``benchmarks/formats.py [--small]``

A full import hashes and keeps the file, reads every row, seals and chains it, and indexes its words; the peer only
parses. Both run in the same minute; the ratio is of CPU seconds, wall seconds stand beside it.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from measure import Run, median, python, row
from spine import IMPORT, TEXTS, write_backup

_APPLE = 978_307_200
PEERS = {
    "xml": """
import sys
from lxml import etree
for _, e in etree.iterparse(sys.argv[1], events=("end",), tag=("sms", "mms"), huge_tree=True):
    e.clear()
    while e.getprevious() is not None: del e.getparent()[0]
""",
    "sqlite": """
import sqlite3, sys
query = "select m.*, h.id from message m left join handle h on h.ROWID = m.handle_id order by m.ROWID"
for row in sqlite3.connect(sys.argv[1]).execute(query): pass
""",
    "mbox": """
import mailbox, sys
for message in mailbox.mbox(sys.argv[1]):
    for part in message.walk(): part.get_payload(decode=True)
""",
    "xlsx": """
import sys, openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True):
    for row in sheet.iter_rows(values_only=True): pass
""",
    "csv": """
import csv, sys
with open(sys.argv[1], encoding="gb18030", newline="") as stream:
    for row in csv.reader(stream): pass
""",
}
AGAIN = """
import sys
from pathlib import Path
from evidence.log import open_case
from evidence.intake import import_paths
with open_case(Path(sys.argv[2]), "import") as case:
    assert import_paths(case, [Path(sys.argv[1])]).new == 0
"""
HASH_FOLDER = """
import hashlib, os, sys
for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name), "rb") as stream:
        hashlib.file_digest(stream, "sha256")
"""


def write_iphone(target: Path, rows: int) -> None:
    """A ``sms.db`` with the tables and columns that matter."""
    db = sqlite3.connect(target)
    db.execute("create table handle(ROWID integer primary key, id text, service text)")
    db.execute(
        "create table message(ROWID integer primary key, guid text unique, text text, attributedBody blob, handle_id "
        "integer, service text, date integer, date_read integer, date_delivered integer, is_from_me integer, "
        "cache_has_attachments integer, item_type integer, associated_message_type integer)"
    )
    people = ((n, f"+8612{n:09d}", "SMS") for n in range(1, 501))
    db.executemany("insert into handle values (?, ?, ?)", people)

    def messages() -> object:
        for n in range(1, rows + 1):
            at = (1767225600 - _APPLE + n * 20) * 1_000_000_000
            yield n, f"G{n}", f"{TEXTS[n % 5]}{n}", None, 1 + n % 500, "SMS", at, at + 1, 0, n % 4 == 0, 0, 0, 0

    db.executemany(f"insert into message values ({', '.join('?' * 13)})", messages())  # type: ignore[arg-type]
    db.commit()
    db.close()


def write_mbox(target: Path, messages: int) -> None:
    """Letters with a picture each, about 50 kB."""
    chance = random.Random(2)
    with target.open("wb") as out:
        for n in range(messages):
            mail = EmailMessage()
            mail["From"], mail["To"] = f"cuishou{n % 7}@example.invalid", "me@example.invalid"
            mail["Subject"], mail["Date"] = f"催收函 {n}", "Thu, 01 Jan 2026 08:00:00 +0800"
            mail["Message-ID"] = f"<{n}@example.invalid>"
            mail.set_content("\n".join(TEXTS) * 5)
            mail.add_attachment(b"\xff\xd8\xff" + chance.randbytes(36_000), "image", "jpeg", filename=f"{n}.jpg")
            out.write(b"From x Thu Jan  1 08:00:00 2026\n" + mail.as_bytes() + b"\n")


_BILL = ("对方号码", "起始时间", "通话类型", "通话时长（秒）", "总话费", "话单位置")


def _bill_rows(rows: int) -> list[tuple[str, ...]]:
    return [
        (f"12{n % 400:09d}", f"2026-{1 + n % 6:02d}-{1 + n % 28:02d} {n % 24:02d}:{n % 60:02d}:{n % 59:02d}",
         ("主叫", "被叫")[n % 2], str(n % 600), "0.00", "某地")
        for n in range(rows)
    ]  # fmt: skip


def write_bill_xlsx(target: Path, rows: int) -> None:
    """A provincial portal's call list as a spreadsheet."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("语音业务历史详单_1")
    sheet.append(_BILL)
    for cells in _bill_rows(rows):
        sheet.append(cells)
    book.save(target)


def write_bill_csv(target: Path, rows: int) -> None:
    """The same as a text file of an old Windows program."""
    lines = [",".join(cells) for cells in (_BILL, *_bill_rows(rows))]
    target.write_text("\r\n".join(lines) + "\r\n", "gb18030")


def bench(name: str, peer: str, write: Callable[[Path], None], goal: str) -> None:
    """One format: both sides three times, the middle of each."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        write(path)
        bare = [python(PEERS[peer], str(path)) for _ in range(3)]
        ours: list[Run] = []
        for n in range(3):
            case = Path(scratch) / f"case{n}"
            ours.append(python(IMPORT, str(path), str(case)))
            shutil.rmtree(case)
        size = path.stat().st_size / 1e6
    cpu, wall = (median(ours, field) / median(bare, field) for field in ("cpu", "wall"))
    figure = f"{median(ours, 'cpu'):.1f} CPU s, {median(ours, 'wall'):.1f} s, {median(ours, 'peak_mb'):.0f} MB"
    row(f"{name}, {size:.0f} MB", figure, f"{cpu:.1f} x CPU, {wall:.1f} x wall of bare {peer}", goal)


def bench_folder(files: int) -> None:
    """An unchanged folder imported again, against hashing it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "phone"
        folder.mkdir()
        for n in range(files):
            (folder / f"note{n:05d}.bin").write_bytes(random.Random(n).randbytes(60_000 + n))
        case = Path(scratch) / "case"
        python(IMPORT, str(folder), str(case))
        bare = [python(HASH_FOLDER, str(folder)) for _ in range(3)]
        again = [python(AGAIN, str(folder), str(case)) for _ in range(3)]
    cpu, wall = (median(again, field) / median(bare, field) for field in ("cpu", "wall"))
    figure = f"{median(again, 'cpu'):.1f} CPU s, {median(again, 'wall'):.1f} s"
    row(f"{files:,} known files again", figure, f"{cpu:.2f} x CPU, {wall:.2f} x wall of hashing", "<= 1.3 x")


def main() -> None:
    """The table."""
    part = 10 if "--small" in sys.argv else 1
    row("what", "figure", "ratio", "goal")
    bench("sms.xml", "xml", lambda path: write_backup(path, 1_000_000 // part, 0, 0), "<= 4 x")
    bench("sms-mms.xml", "xml", lambda path: write_backup(path, 100_000 // part, 2500 // part, 66_000), "<= 4 x")
    bench("sms.db", "sqlite", lambda path: write_iphone(path, 1_000_000 // part), "")
    bench("mail.mbox", "mbox", lambda path: write_mbox(path, 4_000 // part), "")
    bench("bill.xlsx", "xlsx", lambda path: write_bill_xlsx(path, 100_000 // part), "")
    bench("bill.csv", "csv", lambda path: write_bill_csv(path, 100_000 // part), "")
    bench_folder(10_000 // part)


if __name__ == "__main__":
    main()
