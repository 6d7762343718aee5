"""Which archive a file is by its content; documents and apps that are ZIP files inside are none."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from evidence.formats.archives.tarread import is_tar
from evidence.formats.archives.ziplist import list_zip

Kind = Literal["zip", "tar", "gzip"]

# Programs' own containers: a document or an app, not a bundle of files that somebody packed.
_DOCUMENT_PARTS = frozenset(
    ("[content_types].xml", "mimetype", "androidmanifest.xml", "meta-inf/manifest.mf", "index/document.iwa")
)
_LOOKED_AT = 2000


def archive_kind(path: Path, head: bytes) -> Kind | None:
    """What archive a file is, None also for documents and apps that are ZIP files inside. Never raises."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06\0\0\0\0")) and head[4:8] != b"ftyp":
        return None if is_document(path, head) else "zip"
    if head[:3] == b"\x1f\x8b\x08" and len(head) > 3 and head[3] & 0xE0 == 0:
        return "gzip"
    return "tar" if is_tar(head) else None


def document_parts(path: Path, head: bytes) -> frozenset[str]:
    """Names (in small letters) of the first members that tell a document or an app from an archive."""
    names = {head[30 : 30 + int.from_bytes(head[26:28], "little")].decode("utf-8", "replace").lower()}
    try:
        with path.open("rb") as file:
            names |= {entry.name.decode("utf-8", "replace").lower() for entry in list_zip(file, _LOOKED_AT).entries}
    except OSError:
        pass  # what cannot be opened is told by who reads it
    return frozenset(names)


def is_document(path: Path, head: bytes) -> bool:
    """Whether a ZIP file is an Office, OpenDocument, EPUB, Apple or Java file, or an app."""
    return bool(document_parts(path, head) & _DOCUMENT_PARTS)
