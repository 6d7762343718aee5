"""A Word document (``.docx``): text in page order, pictures, and what its properties claim (ECMA-376)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from evidence.errors import Unreadable
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Media, Problem, Record, Stamp
from evidence.times import offset_stamp

if TYPE_CHECKING:
    from evidence.formats.documents.docxtext import PartText

_TYPES = "[Content_Types].xml"
_MAIN = re.compile(
    rb'PartName="/?([^"]{1,200})"[^<>]{0,60}ContentType="application/(?:vnd\.openxmlformats-officedocument\.wordprocessingml\.'
    rb'(?:document|template)|vnd\.ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"'
    rb'|ContentType="application/(?:vnd\.openxmlformats-officedocument\.wordprocessingml\.(?:document|template)'
    rb'|vnd\.ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"[^<>]{0,60}PartName="/?([^"]{1,200})"'
)
_MAX_MEMBERS = 5000
_MAX_PARTS = 1000
_MAX_PART = 256 << 20
_MAX_ALL = 1 << 30  # unpacked bytes of all pictures and files inside
_SIDE_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")
_DAMAGED = (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error)
_CORE = ("title", "subject", "creator", "lastModifiedBy", "created", "modified", "description", "keywords", "revision")
_ELEMENT = r"<(?:\w+:)?{name}\b[^>]{{0,300}}>([^<]{{0,5000}})</(?:\w+:)?{name}>"
_EXTERNAL = re.compile(
    r'Target="([^"]{1,2000})"[^<>]{0,300}TargetMode="External"|TargetMode="External"[^<>]{0,300}Target="([^"]{1,2000})"'
)


class WordDocument:
    """One file is one record of kind document."""

    name = "docx_document"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the zip's list of contents names a Word document as its main part."""
        if not file.head.startswith(b"PK\x03\x04") or not (b"word/" in file.head or _TYPES.encode() in file.head):
            return False
        try:
            with zipfile.ZipFile(file.path) as archive:
                return _main_part(archive) is not None
        except _DAMAGED:
            return False

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The record, then what is told once. Raises Unreadable when the document itself cannot be read."""
        try:
            archive = zipfile.ZipFile(file.path)
        except _DAMAGED as error:
            raise Unreadable(_("The file's table of contents is damaged.")) from error
        with archive:
            main = _main_part(archive)
            if main is None:
                raise Unreadable(_("There is no document in this file."))
            yield from _Run(archive, main, file, options, attach).all()


def _bounded(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as stream:
        return stream.read(limit)


def _main_part(archive: zipfile.ZipFile) -> str | None:
    """The name of the main part, by the list of content types."""
    names = archive.namelist()
    if len(names) > _MAX_MEMBERS or _TYPES not in names:
        return None
    match = _MAIN.search(_bounded(archive, _TYPES, 1 << 20))
    name = None if match is None else (match[1] or match[2]).decode("utf-8", "replace")
    return name if name in names else None


class _Run:
    """One pass over one document."""

    def __init__(
        self, archive: zipfile.ZipFile, main: str, file: FileProbe, options: ReadOptions, attach: Attach
    ) -> None:
        self._archive, self._main, self._file, self._options, self._attach = archive, main, file, options, attach
        self._problems: list[Problem] = []
        self._sections: list[dict[str, object]] = []
        self._media: list[Media] = []
        self._text = ""

    def all(self) -> Iterator[Item]:
        """The record, then the problems."""
        parts = [(name, self._part(name)) for name in self._part_names()]
        if parts[0][1].damaged is not None and not parts[0][1].text:
            raise Unreadable(_("The document is damaged: {reason}").format(reason=parts[0][1].damaged))
        extras = self._properties() | self._changes([part for _name, part in parts])
        attached = self._attachments()
        if attached:
            extras["attachments"] = attached
        external = self._external()
        if external:
            extras["external"] = external
        yield Record(
            kind="document",
            channel="document",
            locator="file",
            time=self._time(extras),
            text=self._text or None,
            text_basis="source" if self._text else None,
            media=tuple(self._media),
            holder=self._options.holder,
            extras=extras | {"sections": self._sections},
        )
        yield from self._problems

    def _part_names(self) -> list[str]:
        folder = self._main.rpartition("/")[0]
        found = [self._main]
        for kind in _SIDE_PARTS:
            pattern = re.compile(re.escape(f"{folder}/" if folder else "") + kind + r"\d{0,6}\.xml")
            found += sorted(name for name in self._archive.namelist() if pattern.fullmatch(name))
        return found[:_MAX_PARTS]

    def _part(self, name: str) -> PartText:
        """The words of one part, added to the text of the record."""
        from evidence.formats.documents.docxtext import PartText, part_text

        try:
            with self._archive.open(name) as stream:
                part = part_text(stream)
        except _DAMAGED as error:
            part = PartText("", damaged=str(error)[:200])
        if part.text:
            start = len(self._text) + 2 if self._text else 0
            self._text += ("\n\n" if self._text else "") + part.text
            self._sections.append({"part": name, "from": start, "to": len(self._text)})
        if part.damaged is not None:
            words = _("{name} in this document is damaged and breaks off: {reason}")
            self._problems.append(Problem("docx_part_damaged", words.format(name=name, reason=part.damaged), "", name))
        if part.cut:
            words = _("{name} in this document is longer than is read; the rest is only in the original.")
            self._problems.append(Problem("docx_text_cut", words.format(name=name), "", name))
        return part

    def _changes(self, parts: list[PartText]) -> dict[str, object]:
        """Tracked changes and hidden words: kept apart and told, since a reader may see another text."""
        deleted = [words for part in parts for words in part.deleted]
        hidden = [words for part in parts for words in part.hidden]
        inserted = sum(part.inserted for part in parts)
        authors = list(dict.fromkeys(author for part in parts for author in part.authors))
        fields = [words for part in parts for words in part.fields]
        if deleted or inserted:
            words = _(
                "This document carries tracked changes ({inserted} inserted, {deleted} deleted). Its text is read as "
                "if all were accepted; what was deleted is kept apart."
            )
            self._warn("tracked_changes", words.format(inserted=inserted, deleted=len(deleted)))
        if hidden:
            words = ngettext(
                "This document holds {n} hidden stretch of text; it is kept apart.",
                "This document holds {n} hidden stretches of text; they are kept apart.",
                len(hidden),
            )
            self._warn("hidden_text", words.format(n=len(hidden)))
        told = {"inserted": inserted, "deleted": deleted, "hidden_text": hidden, "authors": authors, "fields": fields}
        return {key: value for key, value in told.items() if value}

    def _properties(self) -> dict[str, object]:
        extras: dict[str, object] = {}
        for name, keys in (("docProps/core.xml", _CORE), ("docProps/app.xml", ("Application", "Company", "Template"))):
            if name not in self._archive.namelist():
                continue
            try:
                text = _bounded(self._archive, name, 1 << 20).decode("utf-8", "replace")
            except _DAMAGED:
                self._warn("docx_part_damaged", _("The properties of this document are damaged."))
                continue
            for key in keys:
                match = re.search(_ELEMENT.format(name=key), text)
                if match is not None and match[1].strip():
                    extras[_snake(key)] = _unescaped(match[1].strip())
        return extras

    def _time(self, extras: dict[str, object]) -> Stamp:
        """By the document's own claim of its creation, else the file's."""
        raw = str(extras.get("created") or extras.get("modified") or "")
        try:
            moment = datetime.fromisoformat(raw.replace("Z", "+00:00"))
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            stamp = offset_stamp(moment, raw, "metadata")
            if stamp.utc is not None:
                return stamp
        mtime = self._file.mtime
        return Stamp(basis="file") if mtime is None else Stamp(mtime, mtime, "file", "file_mtime")

    def _attachments(self) -> list[dict[str, object]]:
        """Pictures and files inside, kept by their own bytes."""
        from evidence.formats.mail.attachments import keep_part

        out: list[dict[str, object]] = []
        total = 0
        folder = self._main.rpartition("/")[0]
        inside = re.compile(re.escape(f"{folder}/" if folder else "") + r"(?:media|embeddings)/[^/]+|.*vbaProject\.bin")
        for info in sorted(
            (i for i in self._archive.infolist() if inside.fullmatch(i.filename)), key=lambda i: i.filename
        ):
            total += info.file_size
            if len(out) >= _MAX_PARTS or info.file_size > _MAX_PART or total > _MAX_ALL:
                words = _("{name} inside this document is too large or one too many; it is only in the original.")
                self._problems.append(Problem("part_left", words.format(name=info.filename), "", info.filename))
                continue
            try:
                with self._archive.open(info) as stream:
                    kept = keep_part(stream, info.filename, "", "part", self._attach)
            except _DAMAGED as error:
                words = _("{name} in this document is damaged and breaks off: {reason}")
                words = words.format(name=info.filename, reason=str(error)[:200])
                self._problems.append(Problem("docx_part_damaged", words, "", info.filename))
                continue
            macros = info.filename.endswith("vbaProject.bin")
            if macros or kept.dangerous:
                words = _("{name} inside this document can run a program. It is kept and was not opened.")
                self._warn("attachment_dangerous", words.format(name=kept.media.name), info.filename)
            self._media.append(kept.media)
            out.append({**kept.about, "part": info.filename})
        return out

    def _external(self) -> list[str]:
        """Addresses that Word would fetch or offer to open (pictures, templates, links); none was."""
        out: dict[str, None] = {}
        for name in self._archive.namelist():
            if not name.endswith(".rels") or len(out) > 500:
                continue
            try:
                text = _bounded(self._archive, name, 4 << 20).decode("utf-8", "replace")
            except _DAMAGED:
                continue  # a broken list of links takes nothing from the words
            for match in _EXTERNAL.finditer(text):
                out[_unescaped(match[1] or match[2])] = None
        return list(out)

    def _warn(self, code: str, message: str, locator: str = "file") -> None:
        self._problems.append(Problem(code, message, "", locator, "warning"))


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


IMPORTER = WordDocument()
