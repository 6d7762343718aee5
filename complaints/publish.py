"""From a case to the finished files for one recipient: preflight, choose, print twice, check, write, record."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from complaints.dossier import build
from complaints.html import render_html
from complaints.lint import lint
from complaints.markdown import parse
from complaints.models import Dossier, Missing, Options
from complaints.pdf import Made, PdfReport, render_pdf
from complaints.preflight import preflight
from complaints.recipients import get
from complaints.rendering import render_markdown
from complaints.visible import visible
from complaints.word import render_docx
from evidence.errors import DunlogError, PreflightFailed
from evidence.findings import current_findings
from evidence.i18n import gettext as _
from evidence.i18n import using
from evidence.log import Case
from evidence.models import CaseView
from evidence.timeline import load_view

if TYPE_CHECKING:
    from complaints.blocks import Document
    from complaints.recipients import Recipient

PASSES = 4
ORIGINALS = {"zh": "原件", "en": "originals"}


class NotReady(PreflightFailed):
    """The dossier cannot be made yet: something that the recipient requires is missing."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__()
        self.missing = [_line(one) for one in missing if one.blocking]


def _line(one: Missing) -> str:
    return " ".join(words for words in (one.message, one.question, one.command) if words)


@dataclass(frozen=True, slots=True)
class Published:
    """What was written. ``notes`` are sentences for the person who asked."""

    recipient: str
    files: tuple[Path, ...]
    pages: int
    exhibits: int
    notes: tuple[str, ...]


def publish(case: Case, recipient_id: str, today: str, out: Path, options: Options | None = None) -> Published:
    """Write the dossier of ``recipient_id`` below ``out`` and record its hashes in the log.

    ``today`` is the date of the document (YYYY-MM-DD). Raises NotReady with everything that is missing, NotFound,
    and the renderers' errors. Files appear only when all of them are finished.
    """
    recipient = get(case.header.jurisdiction, recipient_id)
    view = load_view(case)
    with using(recipient.languages[0][:2]):
        findings = current_findings(case, view)
    missing = preflight(view, findings, recipient, today)
    if any(one.blocking for one in missing):
        raise NotReady(missing)
    dossier = build(view, findings, recipient, today, options or Options())
    folder = out / recipient_id
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dunlog-", dir=out) as scratch:
        made = Path(scratch) / recipient_id
        made.mkdir()
        report = _print(case, dossier, recipient, made)
        _copy_originals(case, view, dossier, made)
        _swap(made, folder)
    files = tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
    if not case.read_only:
        hashes = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        case.event("dossier", {"recipient": recipient_id, "date": today, "head": dossier.head_seq, "files": hashes})
    return Published(recipient_id, files, report.pages, len(dossier.exhibits), _notes(missing, report))


def _notes(missing: tuple[Missing, ...], report: PdfReport) -> tuple[str, ...]:
    notes = [_line(one) for one in missing]
    notes += report.warnings
    notes += [_("A picture could not be printed: {why}").format(why=one.reason) for one in report.substitutes]
    return tuple(notes)


def _print(case: Case, dossier: Dossier, recipient: Recipient, folder: Path) -> PdfReport:
    """Print until the page numbers in the text are those of the pages; then the other forms."""
    name = dossier.title
    pages: dict[str, int] | None = None
    pictures: Made = {}
    for _pass in range(PASSES):
        document = _document(dossier, recipient, pages)
        report = render_pdf(document, folder / f"{name}.pdf", case.media_path, made=pictures)
        if pages == dict(report.anchors):
            break
        pages = dict(report.anchors)
    else:
        raise DunlogError(_("The page numbers of the dossier do not settle."))
    flowing = _document(dossier, recipient, None)  # pages mean nothing where the reader's program breaks them
    render_docx(flowing, folder / f"{name}.docx", case.media_path)
    render_html(flowing, folder / f"{name}.html", case.media_path)
    return report


def _document(dossier: Dossier, recipient: Recipient, pages: dict[str, int] | None) -> Document:
    text = render_markdown(dossier, recipient, pages)
    document = parse(text, title=dossier.title, language=dossier.language, when=dossier.date_iso, footer=dossier.footer)
    lint(document, dossier)
    return document


def _copy_originals(case: Case, view: CaseView, dossier: Dossier, folder: Path) -> None:
    """The single files behind exhibits (a recording, a picture) go along with a list that ``sha256sum -c`` reads.

    Whole containers (a message backup) stay: they hold much that is nobody's business.
    """
    names = {source.sha256: source for source in reversed(view.sources)}
    target = folder / ORIGINALS[dossier.language[:2]]
    lines = []
    for exhibit in dossier.exhibits:
        if exhibit.kind not in ("recording", "picture", "file"):
            continue
        for sha256 in exhibit.files:
            path = case.media_path(sha256)
            if not path.is_file():
                continue  # the exhibit's own page says that it is missing
            name = f"{exhibit.number:02d}-{_file_name(names[sha256].name if sha256 in names else sha256)}"
            target.mkdir(exist_ok=True)
            shutil.copyfile(path, target / name)
            lines.append(f"{sha256}  {name}\n")
    if lines:
        (target / "SHA256SUMS").write_text("".join(sorted(set(lines), key=lambda line: line[66:])), encoding="utf-8")


def _file_name(name: str) -> str:
    """``name`` as every file system and ``sha256sum`` take it, at most 80 characters, its ending kept."""
    clean = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", visible(name)).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 79 - len(ending)]}.{ending}" if dot and len(ending) < 10 else clean[:80]


def _swap(made: Path, folder: Path) -> None:
    """Put the finished folder in place of an older one."""
    if folder.exists():
        old = made.with_name("old")
        os.replace(folder, old)
    os.replace(made, folder)


def published_row(one: Published) -> dict[str, Any]:
    """JSON form of the result."""
    return {
        "recipient": one.recipient,
        "files": [str(path) for path in one.files],
        "pages": one.pages,
        "exhibits": one.exhibits,
        "notes": list(one.notes),
    }
