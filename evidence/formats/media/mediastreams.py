"""Whether a media file holds film or only sound, looked up cheaply, and how it is opened: by a reader chosen here.

FFmpeg would also take a playlist for a sound file and open what it names; so the reader is always stated.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from evidence.formats.archives.tarread import is_tar
from evidence.formats.media.isoboxes import track_kinds
from evidence.importers.base import FileProbe
from evidence.sniff import sniff

Streams = Literal["sound", "film", "cut"]
"""``cut``: the container cannot be opened, so nothing is known of what it holds."""

_READERS = {
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/aac": "aac",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/mp4": "mov",
    "video/mp4": "mov",
    "video/3gpp": "mov",
    "video/quicktime": "mov",
    "video/x-matroska": "matroska",
    "video/webm": "matroska",
    "audio/x-caf": "caf",
    "video/x-ms-asf": "asf",
}
_ONLY_SOUND = frozenset(("amr", "flac", "wav", "aac", "mp3", "caf"))
_AS_SOUND = {
    "video/mp4": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "video/3gpp": "audio/3gpp",
    "video/x-matroska": "audio/x-matroska",
    "video/webm": "audio/webm",
    "video/x-ms-asf": "audio/x-ms-wma",
}


def media_type(head: bytes) -> str | None:
    """The MIME type of a sound or film container by its first bytes, None for other files."""
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"caff\0\1"):
        return "audio/x-caf"
    if head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
        return "video/x-ms-asf"
    kind = sniff(head)
    return kind if kind in _READERS and not is_tar(head) else None  # a TAR begins with any name, also ID3.txt


def as_sound(mime: str) -> str:
    """The type of a container that holds only sound."""
    return _AS_SOUND.get(mime, mime)


def open_media(path: Path, mime: str) -> Any:
    """The container, opened by PyAV with the reader for ``mime`` and no other, and no protocol but plain files.

    Raises av.FFmpegError, OSError or ValueError.
    """
    import av

    return av.open(str(path), format=_READERS[mime], options={"protocol_whitelist": "file"}, metadata_errors="replace")


def streams_of(file: FileProbe) -> Streams | None:
    """What a file holds; None when it is no media container. A cover picture is no film."""
    mime = media_type(file.head)
    if mime is None:
        return None
    if _READERS[mime] in _ONLY_SOUND:
        return "sound"
    return _streams(file.path, file.sha256, mime)


@lru_cache(maxsize=16)
def _streams(path: Path, _sha256: str, mime: str) -> Streams | None:
    """Asked by two importers of each file, so the answer is kept."""
    import av

    if _READERS[mime] == "mov":
        kinds = track_kinds(path)
        if "soun" in kinds and "vide" not in kinds:
            return "sound"
        if "vide" in kinds and mime != "audio/mp4":  # in a music file it may be the cover
            return "film"
    try:
        with open_media(path, mime) as container:
            if any(not _is_cover(stream) for stream in container.streams.video):
                return "film"
            return "sound" if container.streams.audio else None
    except (av.FFmpegError, OSError, ValueError):
        return "cut"


def _is_cover(stream: Any) -> bool:
    import av

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


_SOUND_NAME = re.compile(
    r"\.(?:amr|awb|m4a|m4b|aac|mp3|wav|3ga|ogg|oga|opus|flac|caf|wma|mka|weba|aud|silk|slk)\Z", re.IGNORECASE
)


_FILM_NAME = re.compile(r"\.(?:mp4|m4v|mov|mkv|webm|wmv|ogv)\Z", re.IGNORECASE)


def seems_sound(name: str, head: bytes) -> bool:
    """For a container that cannot be opened: whether its brand, a track that its head shows, or else its name says
    sound. Where nothing says anything it is taken for sound: recorders are stopped more often than cameras."""
    from evidence.formats.media.recording_names import parse_name  # only for cut files: the patterns cost start-up time

    if media_type(head) in ("audio/mp4", "audio/ogg") or _SOUND_NAME.search(name) is not None:
        return True
    if b"vide" in head:
        return False
    return b"soun" in head or parse_name(name) is not None or _FILM_NAME.search(name) is None
