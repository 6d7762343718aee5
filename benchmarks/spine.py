"""The main figures: import, keep, log, verify, start-up. ``python benchmarks/spine.py [--small]``

Each line gives our figure, the ratio to a named peer measured in the same run, and the goal.
"""

from __future__ import annotations

import base64
import os
import random
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from measure import child, median, python, row

TEXTS = (
    "【示例银行】您尾号0001的账户于今日收到转账人民币1,200.00元。",
    "您的验证码是384921，五分钟内有效，请勿告诉他人。",
    "林女士，您在我司的借款已逾期，请尽快处理，如有困难请回复协商。",
    "明天下午三点老地方见，别忘了带上次的资料。",
    "欠钱不还还有理了？今天不处理后果自负！",
)


START_MS = 1767225600000


def readable(ms: int) -> str:
    """The same instant as a phone in China writes it beside the exact one."""
    at = datetime.fromtimestamp(ms / 1000, timezone(timedelta(hours=8)))
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}"


def write_backup(target: Path, sms: int, mms: int, image: int) -> None:
    """A backup file of the SMS Backup & Restore dialect, from a fixed seed."""
    random.seed(1)
    with target.open("w", encoding="utf-8") as out:
        out.write(f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"{sms + mms}\">\n")
        for i in range(sms):
            when = START_MS + i * 60_000
            out.write(
                f'  <sms protocol="0" address="120000{i % 5000:05d}" date="{when}" type="{1 + i % 2}" subject="null" '
                f'body="{TEXTS[i % 5]}{i}" toa="null" sc_toa="null" service_center="null" read="1" status="-1" '
                f'locked="0" date_sent="{when - 1000}" sub_id="1" readable_date="{readable(when)}" '
                'contact_name="(未知)" />\n'
            )
        for i in range(mms):
            data = base64.b64encode(b"\xff\xd8\xff\xe0" + random.randbytes(image) + b"\xff\xd9").decode()
            when = START_MS + i * 90_000
            out.write(
                f'  <mms date="{when}" msg_box="1" address="12000000011" m_type="132" '
                'ct_t="application/vnd.wap.multipart.related" readable_date="{readable(when)}" contact_name="(未知)">'
                f'<parts><part seq="0" ct="image/jpeg" name="p{i}.jpg" chset="null" cd="null" fn="null" cid="null" '
                f'cl="p{i}.jpg" ctt_s="null" ctt_t="null" text="null" data="{data}" /></parts>'
                '<addrs><addr address="12000000011" type="137" charset="106" /></addrs></mms>\n'
            )
        out.write("</smses>\n")


LXML = """
import sys
from lxml import etree
for _, e in etree.iterparse(sys.argv[1], events=("end",), tag=("sms", "mms"), huge_tree=True):
    e.clear()
    while e.getprevious() is not None: del e.getparent()[0]
"""
IMPORT = """
import sys
from pathlib import Path
from evidence.log import create_case
from evidence.intake import import_paths
from evidence.joining import join_new
with create_case(Path(sys.argv[2])) as case:
    report = import_paths(case, [Path(sys.argv[1])])
    join_new(case)
    print(report.records, len(report.problems))
"""


def bench_import(scratch: Path, small: bool) -> None:
    source = scratch / "sms.xml"
    write_backup(source, *((10_000, 250, 60_000) if small else (100_000, 2_500, 60_000)))
    size = source.stat().st_size / 1e6
    bare, full = [], []
    for i in range(3):  # by turns: a busy minute then falls on both
        bare.append(python(LXML, str(source)))
        full.append(python(IMPORT, str(source), str(scratch / f"case{i}")))
    wall, cpu = (min(getattr(run, what) for run in full) for what in ("wall", "cpu"))
    bare_wall, bare_cpu = (min(getattr(run, what) for run in bare) for what in ("wall", "cpu"))
    row(
        f"SMS XML {size:.0f} MB, full import",
        f"{wall:.1f} s, {cpu:.1f} CPU s, {max(r.peak_mb for r in full):.0f} MB",
        f"{wall / bare_wall:.1f} x bare lxml pass ({cpu / bare_cpu:.1f} x its CPU)",
        "<= 4 x, < 150 MB",
    )


AGAIN = """
import sys, time, os, hashlib
from pathlib import Path
from evidence.intake import import_paths
from evidence.log import create_case
folder = Path(sys.argv[1])
def hashed():
    for root, _folders, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), 'rb') as f: hashlib.file_digest(f, 'sha256')
with create_case(Path(sys.argv[2])) as case:
    import_paths(case, [folder])
    ours, bare = [], []
    for _ in range(3):
        for work, times in ((hashed, bare), (lambda: import_paths(case, [folder]), ours)):
            start = time.process_time(); work(); times.append(time.process_time() - start)
print(min(ours), min(bare))
"""


def bench_again(scratch: Path, small: bool) -> None:
    count = 500 if small else 10_000
    for i in range(count):
        path = scratch / "phone" / f"{i // 500}" / f"chat{i}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{i}\n" + "今天不还款就上门。\n" * 8_000, encoding="utf-8")
    ours, bare = map(float, python(AGAIN, str(scratch / "phone"), str(scratch / "again")).out.split())
    figure = f"{ours / count * 1e6:.0f} us a file (hashlib {bare / count * 1e6:.0f})"
    row(f"import {count:,} unchanged files of 220 kB again", figure, f"{ours / bare:.2f} x hashlib", "<= 1.3 x")


HASH = """
import sys, time, hashlib
start = time.process_time(); n = 0
for name in sys.argv[1:]:
    with open(name, 'rb') as f: n += len(hashlib.file_digest(f, 'sha256').name) and __import__('os').path.getsize(name)
print(n / 1e6 / (time.process_time() - start))
"""
HASH_COPY = """
import sys, time, hashlib, os
start = time.process_time(); n = 0
for i, name in enumerate(sys.argv[2:]):
    digest = hashlib.sha256()
    with open(name, 'rb') as f, open(f'{sys.argv[1]}/{i}', 'wb') as out:
        while chunk := f.read(1 << 20): digest.update(chunk); out.write(chunk); n += len(chunk)
print(n / 1e6 / (time.process_time() - start))
"""
KEEP = """
import sys, time
from pathlib import Path
from evidence.importers.base import ReadOptions
from evidence.intake import import_paths
from evidence.log import create_case
with create_case(Path(sys.argv[1])) as case:
    start = time.process_time()
    report = import_paths(case, [Path(name) for name in sys.argv[2:]])
    print(sum(file.size for file in report.files) / 1e6 / (time.process_time() - start))
"""


def bench_keep(scratch: Path, small: bool) -> None:
    names = []
    for i in range(20 if small else 100):
        path = scratch / f"file{i}"
        path.write_bytes(os.urandom(5_000_000 + i))
        names.append(str(path))
    (scratch / "copies").mkdir()
    bare = float(python(HASH, *names).out)
    copy = float(python(HASH_COPY, str(scratch / "copies"), *names).out)
    ours = float(python(KEEP, str(scratch / "kept"), *names).out)
    row(
        "keep files of 5 MB (hash, copy, log, detect)",
        f"{ours:.0f} MB/s (hashlib {bare:.0f}, + copy {copy:.0f})",
        f"{ours / bare:.2f} x hashlib, {ours / copy:.2f} x +copy",
        ">= 0.21 x hashlib",
    )


LOG = """
import sys, time, sqlite3
from pathlib import Path
from evidence.log import create_case, record_id
from evidence.models import Record, Stamp
from evidence.verify import verify_case
N = int(sys.argv[2]); folder = Path(sys.argv[1])
def rows():
    for i in range(N):
        stamp = Stamp('2026-03-01T00:00:00.000Z', str(i), 'export', 'epoch_utc')
        yield Record('call', 'call', f'call[{i}]', stamp, 'in', '12000000011', '12000000011', duration_s=31.0,
                     outcome='answered', id=record_id('ab' * 32, 'x/1', f'call[{i}]'), source='ab' * 32)
made = list(rows())
with create_case(folder) as case:
    start = time.process_time()
    case.append('read', 'record', iter(made))
    append = N / (time.process_time() - start)
    start = time.process_time()
    assert verify_case(case).ok
    verify = N / (time.process_time() - start)
plain = sqlite3.connect(folder / 'plain.db', isolation_level=None)
plain.execute('pragma journal_mode=wal')
plain.execute('create table t(n integer primary key, a, b, c, d, e)')
data = [(i, 1, i, b'x' * 16, 'x' * 300, b'y' * 32) for i in range(N)]
start = time.process_time()
plain.execute('begin'); plain.executemany('insert into t values (?, ?, ?, ?, ?, ?)', data); plain.execute('commit')
print(append, verify, N / (time.process_time() - start))
"""


def bench_log(scratch: Path, small: bool) -> None:
    count = 20_000 if small else 200_000
    append, verify, plain = map(float, python(LOG, str(scratch / "log"), str(count)).out.split())
    figure = f"{append:,.0f} rows/s (plain {plain:,.0f})"
    row(f"log append, {count:,} records", figure, f"{append / plain:.2f} x plain", ">= 0.145 x executemany")
    figure = f"{verify:,.0f} rows/s (plain {plain:,.0f})"
    row(f"verify, {count:,} records", figure, f"{verify / plain:.2f} x plain", ">= 0.29 x executemany")


def bench_start(scratch: Path, small: bool) -> None:
    for option in ("--help", "--version"):
        typer = [python("import typer") for _ in range(7)]
        ours = [child(sys.executable, "-m", "complaints", option) for _ in range(7)]
        ratio = median(ours, "cpu") / median(typer, "cpu")
        figure = f"{median(ours, 'cpu') * 1000:.0f} ms (import typer {median(typer, 'cpu') * 1000:.0f} ms)"
        row(f"dunlog {option}", figure, f"{ratio:.2f} x import typer", "<= 2.5 x")


def main() -> None:
    small = "--small" in sys.argv
    row("what", "figure", "ratio", "goal")
    for bench in (bench_start, bench_log, bench_keep, bench_again, bench_import):
        with tempfile.TemporaryDirectory() as scratch:
            bench(Path(scratch), small)


if __name__ == "__main__":
    main()
