"""What a file is, by its first bytes. Names and stated types are claims; these bytes are what programs go by."""

from __future__ import annotations

import re

_FIXED: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"#!AMR\n", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"#!SILK_V3", "audio/silk"),
    (b"\x02#!SILK_V3", "audio/silk"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"BEGIN:VCARD", "text/x-vcard"),
)
_HEIF = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_ID3_HEADER = 10
_MP3_BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sniff(head: bytes) -> str | None:
    """The MIME type that ``head`` (the first bytes; a few KB are enough) shows, or None. Never raises."""
    for magic, mime in _FIXED:
        if head.startswith(magic):
            return mime
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[:2] == b"BM" and len(head) >= 26 and head[6:10] == b"\0\0\0\0" and head[14:18] in _BMP_HEADERS:
        return "image/bmp"
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[:3] == b"ID3":
        return "audio/mpeg" if len(head) >= _ID3_HEADER else None
    if _is_adts(head):
        return "audio/aac"
    if _is_mp3(head):
        return "audio/mpeg"
    return None


_BMP_HEADERS = {bytes((size, 0, 0, 0)) for size in (12, 40, 52, 56, 108, 124)}


def _iso_media(head: bytes) -> str:
    """ISO base media file format (ISO/IEC 14496-12): the brands in its ``ftyp`` box."""
    size = min(int.from_bytes(head[:4], "big"), len(head), 256)
    major = head[8:12]
    brands = {major, *(head[i : i + 4] for i in range(16, size - 3, 4))}
    if major in _AVIF:
        return "image/avif"
    if major in _HEIF or (brands & _HEIF and not brands & {b"isom", b"mp41", b"mp42", b"qt  "}):
        return "image/avif" if brands & _AVIF else "image/heic"
    if major.startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    if major in (b"M4A ", b"M4B ", b"M4P "):
        return "audio/mp4"
    return "video/quicktime" if major == b"qt  " else "video/mp4"


def _is_adts(head: bytes) -> bool:
    """Two AAC frames in a row (ISO/IEC 13818-7): sync word, layer 0, and the length that leads to the next one."""
    return _adts_length(head, 0) > 0 and _adts_length(head, _adts_length(head, 0)) > 0


def _adts_length(head: bytes, at: int) -> int:
    if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return 0
    length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return length if length > 7 else 0


def _is_mp3(head: bytes) -> bool:
    """Two layer III frames in a row (ISO/IEC 11172-3, 13818-3)."""
    first = _mp3_length(head, 0)
    return first > 0 and _mp3_length(head, first) > 0


def _mp3_length(head: bytes, at: int) -> int:
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = head[at + 1] >> 3 & 3, head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or rate == 3 or bitrate in (0, 15):
        return 0
    kbps = _MP3_BITRATES[3 if version == 3 else 2][bitrate]
    return (144 if version == 3 else 72) * kbps * 1000 // _MP3_RATES[version][rate] + (head[at + 2] >> 1 & 1)


_ENDS = {"image/jpeg": re.compile(rb"\xff\xd9"), "image/png": re.compile(rb"IEND"), "image/gif": re.compile(rb";\0*$")}


def looks_cut(mime: str | None, head: bytes, tail: bytes, size: int) -> bool:
    """Whether a picture lacks its end. ``tail`` is its last bytes (64 are enough); other types give False.

    A quick test without decoding: phones append data after the end mark, so only a mark that is missing from
    the whole tail counts for small files, and for large JPEG files with such appendices the answer is False.
    """
    if mime == "image/webp" and len(head) >= 12:
        return int.from_bytes(head[4:8], "little") + 8 > size
    end = _ENDS.get(mime or "")
    return end is not None and end.search(tail) is None
