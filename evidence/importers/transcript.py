"""Transcripts of recordings made by a person or another program: SRT, WebVTT, and text with time codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from evidence.errors import Unreadable
from evidence.formats.media.transcripts import is_timed, parse_transcript, reading_text, stated_hash
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, ReadOptions
from evidence.models import Problem, Reading, Record
from evidence.sniff import sniff
from evidence.textfile import decode, decode_head, looks_like_text

_SOUND_ENDINGS = {
    ".amr", ".awb", ".m4a", ".aac", ".mp3", ".wav", ".3gp", ".3gpp", ".ogg", ".oga", ".opus", ".mp4", ".flac"
}  # fmt: skip
_LANGUAGE_TAIL = 12  # call.zh-CN.srt belongs to call.mp3


def find_recording(file: FileProbe, text: str) -> str | None:
    """The SHA-256 of the recording that a transcript belongs to, or None.

    A hash in the file's head wins; else the sibling with the same name before the ending. Two such siblings
    settle nothing.
    """
    stated = stated_hash(text)
    if stated is not None:
        return stated
    stem = PurePath(file.name).stem
    stems = {stem, file.name.removesuffix(PurePath(file.name).suffix)}
    short = PurePath(stem)
    if short.suffix and len(short.suffix) <= _LANGUAGE_TAIL:
        stems.add(short.stem)
    hashes = {
        sha256
        for name, sha256 in file.siblings.items()
        if PurePath(name).suffix.lower() in _SOUND_ENDINGS and (PurePath(name).stem in stems or name in stems)
    }
    return hashes.pop() if len(hashes) == 1 else None


class Transcript:
    """One file is one reading of one recording."""

    name = "transcript"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the file is text whose lines begin with time codes that run forward."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        text = decode_head(file.head)
        return not text.lstrip().startswith(("<", "{", "%")) and is_timed(text)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Record | Reading | Problem]:
        """The reading, or a problem that says how to bind it by hand. Raises Unreadable without any line."""
        decoded = decode(file.path.read_bytes(), options.encoding)
        lines = parse_transcript(decoded.text)
        if not lines:
            raise Unreadable(_("The transcript has time codes and no words."))
        target = find_recording(file, decoded.text)
        if target is None:
            message = ngettext(
                "No recording belongs to this transcript of {n} line. Give it the recording's name, or bind it: "
                "dunlog transcript RECORDING {name}",
                "No recording belongs to this transcript of {n} lines. Give it the recording's name, or bind it: "
                "dunlog transcript RECORDING {name}",
                len(lines),
            )
            yield Problem("transcript_unbound", message.format(n=len(lines), name=file.name), locator="file")
            return
        yield Reading(
            target=target,
            kind="transcript",
            engine="imported",
            version=self.version,
            text=reading_text(lines),
            lines=lines,
            settings={"encoding": decoded.encoding, "name": file.name},
            by="person",
            source=file.sha256,
        )
        backwards = [i for i in range(1, len(lines)) if (lines[i].start_s or 0) < (lines[i - 1].start_s or 0)]
        if backwards:
            message = ngettext(
                "{n} time code runs backwards, the first in line {line}.",
                "{n} time codes run backwards, the first in line {line}.",
                len(backwards),
            )
            yield Problem(
                "time_codes_odd",
                message.format(n=len(backwards), line=backwards[0] + 1),
                locator=f"line {backwards[0] + 1}",
                severity="warning",
            )


IMPORTER = Transcript()
