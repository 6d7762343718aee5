"""Seconds and memory of a dossier as it grows: ``python benchmarks/dossier.py [--small]``.

The invented case of the tests is made longer (calls, messages, and confirmed findings on them) until the printed
dossier has about 30, 100 and 300 pages; each size runs in a process of its own. Linear growth shows as equal
milliseconds per page.
"""

from __future__ import annotations

import sys

from measure import ROOT, python, row

MAKE = """
import sys, time, tempfile
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import dossier_case as base
from complaints.dossier import build
from complaints.lint import lint
from complaints.markdown import parse
from complaints.pdf import render_pdf
from complaints.recipients import get
from complaints.rendering import render_markdown
from evidence.models import Review
n = int(sys.argv[1])
view, found, reviews = base.view(), list(base.findings()), {}
insult = next(f for f in found if f.category == 'insult')
records = list(view.records)
for i in range(n):
    day, minute = 1 + i // 1440 % 28, i % 1440
    local = f'2026-04-{day:02d}T{minute // 60:02d}:{minute % 60:02d}:00'
    records.append(base.call(10_000 + i, local, base.C1))
    message = base.sms(10_000 + i, local, base.C2, f'第{i}条：你这种人不配做人，赶紧还钱。')
    records.append(message)
    if i % 3 == 0:
        quote = base.quote(message, message.text, '你这种人不配做人')
        found.append(replace(insult, id=f'f-big-{i}', records=(message.id,), quotes=(quote,)))
reviews = dict(view.reviews) | {f.id: Review(f.id, 'confirmed', 'x') for f in found}
view = replace(view, records=tuple(records), reviews=reviews)
recipient = get('cn', 'nfra_complaint')
start = time.process_time()
dossier = build(view, tuple(found), recipient, base.TODAY)
pages, made = None, {}
with tempfile.TemporaryDirectory() as scratch:
    while True:
        text = render_markdown(dossier, recipient, pages)
        document = parse(text, title=dossier.title, language=dossier.language, when=dossier.date_iso,
                         footer=dossier.footer)
        lint(document, dossier)
        report = render_pdf(document, Path(scratch) / 'x.pdf', lambda sha: Path('/nonexistent') / sha, made=made)
        if pages == dict(report.anchors): break
        pages = dict(report.anchors)
print(report.pages, time.process_time() - start)
"""


def main() -> None:
    """Print one line per size."""
    row("what", "figure", "ratio", "goal")
    first = None
    for n in (0, 150) if "--small" in sys.argv else (300, 1400, 4200):
        run = python(MAKE, str(n), str(ROOT / "tests" / "complaints"))
        pages, seconds = int(run.out.split()[-2]), float(run.out.split()[-1])
        per_page = seconds / pages * 1000
        first = first or per_page
        row(
            f"dossier of {pages} pages, all passes",
            f"{seconds:.1f} CPU s, {run.peak_mb:.0f} MB, {per_page:.0f} ms a page",
            f"{per_page / first:.2f} x the smallest",
            "linear: about 1 x",
        )


if __name__ == "__main__":
    main()
