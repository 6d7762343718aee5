"""From a case to the finished files for one recipient: preflight, choose, print twice, check, write, record."""

from __future__ import annotations

import itertools
import json
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
from evidence.errors import CaseTampered, DunlogError, PreflightFailed
from evidence.findings import current_findings
from evidence.i18n import gettext as _
from evidence.i18n import using
from evidence.log import Case
from evidence.models import CaseView
from evidence.timeline import load_view
from evidence.vault import hash_file
from evidence.verify import verify_case

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
    CaseTampered or MediaChanged when the case is not as it was sealed, and the renderers' errors. Files appear only
    when all of them are finished; an older dossier that somebody has edited is put aside, never overwritten.
    """
    recipient = get(case.header.jurisdiction, recipient_id)
    sealed = verify_case(case, files=False)
    if not sealed.ok:
        raise CaseTampered(sealed.faults[0].message)
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
        aside = _swap(made, folder, _published_before(case, recipient_id))
    hashes = _hashes(folder)
    files = tuple(folder / name for name in hashes)
    if not case.read_only:
        case.event("dossier", {"recipient": recipient_id, "date": today, "head": dossier.head_seq, "files": hashes})
    notes = _notes(missing, report)
    if aside is not None:
        notes += (
            _("The folder held files that are not from here or were edited; they are in {name} now.").format(
                name=aside
            ),
        )
    return Published(recipient_id, files, report.pages, len(dossier.exhibits), notes)


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
        report = render_pdf(document, folder / f"{name}.pdf", case.sound_media, made=pictures)
        if pages == dict(report.anchors):
            break
        pages = dict(report.anchors)
    else:
        raise DunlogError(_("The page numbers of the dossier do not settle."))
    flowing = _document(dossier, recipient, None)  # pages mean nothing where the reader's program breaks them
    render_docx(flowing, folder / f"{name}.docx", case.sound_media)
    render_html(flowing, folder / f"{name}.html", case.sound_media)
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
    names = {media.sha256: media.name for record in view.records for media in record.media}
    names |= {source.sha256: source.name for source in reversed(view.sources)}
    target = folder / ORIGINALS[dossier.language[:2]]
    lines: dict[str, str] = {}
    for exhibit in dossier.exhibits:
        single = exhibit.files if exhibit.kind in ("recording", "picture", "file") else ()
        shown = (figure.sha256 for figure in exhibit.content.figures)
        for sha256 in dict.fromkeys((*single, *shown)):
            path = case.sound_media(sha256)
            if not path.is_file() or sha256 in lines:
                continue  # the exhibit's own page says that it is missing
            name = f"{exhibit.number:02d}-{_file_name(names.get(sha256, sha256))}"
            if name in lines.values():
                name = f"{exhibit.number:02d}-{sha256[:8]}-{_file_name(names.get(sha256, sha256))}"
            target.mkdir(exist_ok=True)
            shutil.copyfile(path, target / name)
            lines[sha256] = name
    if lines:
        text = "".join(f"{sha256}  {name}\n" for sha256, name in sorted(lines.items(), key=lambda pair: pair[1]))
        (target / "SHA256SUMS").write_text(text, encoding="utf-8")


def _file_name(name: str) -> str:
    """``name`` as every file system and ``sha256sum`` take it, at most 80 characters, its ending kept."""
    clean = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", visible(name)).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 79 - len(ending)]}.{ending}" if dot and len(ending) < 10 else clean[:80]


def _published_before(case: Case, recipient_id: str) -> list[dict[str, str]]:
    """File names with hashes of every dossier that was made for this recipient."""
    query = """select json_extract(body, '$.files') from log
               where kind = 'dossier' and json_extract(body, '$.recipient') = ?"""
    return [json.loads(row[0]) for row in case.db.execute(query, [recipient_id])]


def _swap(made: Path, folder: Path, known: list[dict[str, str]]) -> Path | None:
    """Put the finished folder in place of an older one. Returns where the older one is kept: it goes only when it
    is just as this case made it."""
    aside = None
    if folder.exists():
        if _hashes(folder) in known:
            os.replace(folder, made.with_name("old"))
        else:
            numbers = (folder.with_name(f"{folder.name}.{n}") for n in itertools.count(1))
            aside = next(path for path in numbers if not path.exists())
            os.replace(folder, aside)
    os.replace(made, folder)
    return aside


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hash_file(path)[0] for path in files}


def published_row(one: Published) -> dict[str, Any]:
    """JSON form of the result."""
    return {
        "recipient": one.recipient,
        "files": [str(path) for path in one.files],
        "pages": one.pages,
        "exhibits": one.exhibits,
        "notes": list(one.notes),
    }
