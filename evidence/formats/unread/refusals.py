"""What a file is that no importer reads, and the lawful way to something readable.

Formats that are protected (encrypted, or scrambled by their app) are refused: nothing here tries a key or a password.
The first of :data:`_RULES` that knows the file answers. Content decides; a name is asked only where the content says
nothing, and then the answer says "by its name".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from evidence.errors import ProtectedFormat
from evidence.formats.archives.archivekinds import document_parts
from evidence.formats.unread import refusaltexts as texts
from evidence.formats.unread.filelook import (
    all_zero,
    bytes_at,
    is_random,
    is_unmarked_wechat_picture,
    ole_parts,
    tables_of,
    tail_of,
)
from evidence.importers.base import FileProbe
from evidence.textfile import decode_head, looks_like_text

PROTECTED = ProtectedFormat.code
UNKNOWN = "unknown_format"


Answer = tuple[str, str]
_Rule = Callable[[FileProbe], "Answer | None"]


def explain(file: FileProbe) -> Answer:
    """(code, message) for a file that no importer claims. Never raises on any bytes.

    ``protected_format`` for what is protected, else ``unknown_format``.
    """
    for rule in _RULES:
        try:
            answer = rule(file)
        except OSError:
            continue  # the copy cannot be looked at again: the rules that need only its head still answer
        if answer is not None:
            return answer
    return UNKNOWN, texts.nothing_known()


_WECHAT_DATABASE = re.compile(
    r"(?:EnMicroMsg|MicroMsg|MSG\d*|MediaMSG\d*|FTSMSG\d*|OpenIMContact|PublicMsg|message_\d+|biz_message_\d+|contact"
    r"|session|WCDB_Contact|MM|fts_message|SnsMicroMsg|Sns|favorite)\.(?:db|sqlite)(?:-wal)?\Z",
    re.IGNORECASE,
)
_WHATSAPP_BACKUP = re.compile(r"\.crypt\d{0,2}(?:\.\d+)?\Z", re.IGNORECASE)
_SIGNAL_BACKUP = re.compile(r"\Asignal-\d{4}(?:-\d\d){5}\.backup\Z", re.IGNORECASE)
_PHONE_SUITE = re.compile(r"\.(?:bak|hbk|vbk|obk|mbk|qb|spb|tibkp|nbu|sbu|smem)\Z", re.IGNORECASE)
_HASH_NAME = re.compile(r"\A[0-9a-f]{40}\Z", re.IGNORECASE)
_SIDE_FILE = re.compile(r"-(?:wal|shm|journal)\Z", re.IGNORECASE)
_LEVELDB = re.compile(r"\A(?:\d{6}\.(?:ldb|sst|log)|MANIFEST-\d{6}|CURRENT|LOG(?:\.old)?)\Z")


def _nothing_in_it(file: FileProbe) -> Answer | None:
    if file.size == 0 or not file.head:
        return UNKNOWN, texts.empty()
    return (UNKNOWN, texts.zeros()) if all_zero(file.path, file.head, file.size) else None


def _by_magic(file: FileProbe) -> Answer | None:
    head = file.head
    if head.startswith(b"SSEF"):
        return PROTECTED, texts.sms_ie_encrypted()
    if head.startswith((b"ANDROID BACKUP\n", b"MIUI BACKUP\n")):
        return _android_backup(head)
    if head.startswith((b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00")):
        return (PROTECTED, texts.locked_archive("RAR")) if _rar_locked(head) else (UNKNOWN, texts.other_archive("RAR"))
    if head.startswith(b"7z\xbc\xaf\x27\x1c"):
        locked = _seven_zip_locked(file)
        return (PROTECTED, texts.locked_archive("7z")) if locked else (UNKNOWN, texts.other_archive("7z"))
    for magic, name in ((b"BZh", "BZ2"), (b"\xfd7zXZ\0", "XZ"), (b"\x28\xb5\x2f\xfd", "ZST"), (b"MSCF", "CAB")):
        if head.startswith(magic):
            return UNKNOWN, texts.other_archive(name)
    if head.startswith(b"L\0\0\0\x01\x14\x02\0"):
        return UNKNOWN, texts.shortcut()
    if head.startswith((b"\x7fELF", b"dex\n", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/")) or _is_exe(head):
        return UNKNOWN, texts.program()
    return None


def _is_exe(head: bytes) -> bool:
    """``MZ`` alone could begin a text; the header that it leads to could not."""
    at = int.from_bytes(head[60:64], "little") if len(head) >= 64 else 0
    return head.startswith(b"MZ") and (
        head[at : at + 2] in (b"PE", b"NE", b"LE") or (at >= len(head) and b"\0" in head)
    )


def _android_backup(head: bytes) -> Answer:
    start = max(0, head.find(b"ANDROID BACKUP\n"))
    lines = head[start:].split(b"\n", 4)
    locked = len(lines) > 3 and lines[3].strip().lower() not in (b"none", b"")
    return (PROTECTED, texts.android_backup_locked()) if locked else (UNKNOWN, texts.android_backup())


def _rar_locked(head: bytes) -> bool:
    """RAR 4: a flag of the archive or of its first file; RAR 5: an encryption header at the beginning."""
    if head[6:7] == b"\0":
        archive = int.from_bytes(head[10:12], "little")
        size = int.from_bytes(head[12:14], "little")
        flags = int.from_bytes(head[7 + size + 3 : 7 + size + 5], "little")
        return bool(archive & 0x80) or (head[7 + size + 2 : 7 + size + 3] == b"\x74" and bool(flags & 4))
    return len(head) > 14 and head[13:14] == b"\x04"


def _seven_zip_locked(file: FileProbe) -> bool:
    """Whether the header at the end names the AES coder (06F10701)."""
    at = 32 + int.from_bytes(file.head[12:20], "little")
    size = min(int.from_bytes(file.head[20:28], "little"), 1 << 20)
    return b"\x06\xf1\x07\x01" in bytes_at(file.path, at, size)


def _office(file: FileProbe) -> Answer | None:
    head = file.head
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        parts = ole_parts(file.path, head)
        if "EncryptedPackage" in parts:
            return PROTECTED, texts.locked_office()
        return UNKNOWN, texts.old_office(
            "WordDocument" in parts, bool(parts & {"Workbook", "Book"}), "PowerPoint Document" in parts
        )
    if head.startswith(b"{\\rtf"):
        return UNKNOWN, texts.old_office(True, False, False)
    if head.startswith(b"PK\x03\x04"):
        return _zip_inside(file)
    return None


def _zip_inside(file: FileProbe) -> Answer | None:
    parts = document_parts(file.path, file.head)
    if parts & {"androidmanifest.xml", "classes.dex"} or "meta-inf/manifest.mf" in parts:
        return UNKNOWN, texts.program()
    kind = file.head[30:120]
    if b"application/epub" in kind:
        return UNKNOWN, texts.book()
    if "[content_types].xml" in parts or "mimetype" in parts or "index/document.iwa" in parts:
        table = any(name.startswith("xl/") for name in parts) or b"opendocument.spreadsheet" in kind
        slides = any(name.startswith("ppt/") for name in parts) or b"opendocument.presentation" in kind
        return UNKNOWN, texts.old_office(not table and not slides, table, slides)
    return UNKNOWN, texts.other_archive("ZIP")


def _chat_apps(file: FileProbe) -> Answer | None:
    head, name = file.head, file.name
    is_sqlite = head.startswith(b"SQLite format 3\0")
    if is_unmarked_wechat_picture(name, head):
        return PROTECTED, texts.wechat_picture()
    if _WHATSAPP_BACKUP.search(name) and not is_sqlite:
        return PROTECTED, texts.whatsapp_backup()
    if _SIGNAL_BACKUP.match(name) or (
        head[:2] == b"\0\0" and head[4:5] == b"\x0a" and name.lower().endswith(".backup")
    ):
        return PROTECTED, texts.signal_backup()
    if not is_sqlite and is_random(head):
        if _WECHAT_DATABASE.match(name):
            return PROTECTED, texts.wechat_database()
        if name.lower() == "manifest.db" or _HASH_NAME.match(name):
            return PROTECTED, texts.iphone_backup_locked()
    return None


def _backups(file: FileProbe) -> Answer | None:
    head, name = file.head, file.name.lower()
    if name == "manifest.plist" and _says_encrypted(file):
        return PROTECTED, texts.iphone_backup_locked()
    if name == "info.xml" and b"<info.xml" in head[:4096] and (b"HeaderInfo" in head or b"BackupFilesTypeInfo" in head):
        return PROTECTED, texts.phone_suite()
    if b"<MIUI-backup" in head[:4096]:
        return PROTECTED, texts.phone_suite()
    sealed = is_random(head)
    if _PHONE_SUITE.search(name) and not looks_like_text(head):
        return PROTECTED if sealed else UNKNOWN, texts.phone_suite()
    if sealed and "info.xml" in {sibling.lower() for sibling in file.siblings} and not head.startswith(b"PK"):
        return PROTECTED, texts.phone_suite()
    return None


def _says_encrypted(file: FileProbe) -> bool:
    import plistlib
    from xml.parsers.expat import ExpatError

    data = bytes_at(file.path, 0, 16 << 20)
    try:
        stated = plistlib.loads(data)
    except (ValueError, ExpatError, OverflowError, RecursionError, KeyError, TypeError, IndexError, AttributeError):
        return False  # a list that is damaged says nothing
    return isinstance(stated, dict) and stated.get("IsEncrypted") is True


def _databases(file: FileProbe) -> Answer | None:
    head = file.head
    if head.startswith(b"SQLite format 3\0"):
        tables = tables_of(file.path)
        return UNKNOWN, texts.damaged_database() if tables is None else texts.unknown_database(tables)
    if head.startswith((b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")):
        return UNKNOWN, texts.database_side_file()
    if _SIDE_FILE.search(file.name):
        return UNKNOWN, texts.database_side_file()
    if head[16:20] == b"T-DB":
        return UNKNOWN, texts.app_database("Realm")
    if tail_of(file.path, file.size, 8) == b"\x57\xfb\x80\x8b\x24\x75\x47\xdb" or _LEVELDB.match(file.name):
        return UNKNOWN, texts.app_database("LevelDB")
    if file.name.lower().endswith((".db", ".sqlite", ".db3")) and is_random(head):
        return PROTECTED, texts.locked_database()
    return None


_SOUNDS = ((b"MThd", "MIDI"), (b"caff", "CAF"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA/WMV"), (b".RMF", "RM"))
_FILMS = ((b"FLV\x01", "FLV"), (b"\0\0\1\xba", "MPG"), (b"\0\0\1\xb3", "MPG"))
_PICTURES = ((b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"8BPS", "PSD"), (b"\0\0\1\0", "ICO"), (b"wxgf", "WXGF"))


def _media(file: FileProbe) -> Answer | None:
    head = file.head
    for magic, name in _SOUNDS:
        if head.startswith(magic):
            return UNKNOWN, texts.other_sound(name)
    for magic, name in _FILMS:
        if head.startswith(magic):
            return UNKNOWN, texts.other_film(name)
    for magic, name in _PICTURES:
        if head.startswith(magic):
            return UNKNOWN, texts.other_picture(name)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return UNKNOWN, texts.other_film("AVI")
    if head[4:8] == b"ftyp":
        return UNKNOWN, texts.other_picture("AVIF") if b"avif" in head[8:40] else texts.cut_film()
    return (UNKNOWN, texts.cut_sound()) if head.startswith((b"ID3", b"OggS", b"\x1aE\xdf\xa3")) else None


def _plain(file: FileProbe) -> Answer | None:
    if file.head.startswith(b"bplist00"):
        return UNKNOWN, texts.settings_file()
    if not looks_like_text(file.head):
        return None
    start = decode_head(file.head[:8192]).lstrip()[:2000].lower()
    if file.name.lower().endswith((".bat", ".cmd", ".vbs", ".ps1", ".js", ".lnk", ".hta")):
        return UNKNOWN, texts.program()
    if "<html" in start or start.startswith("<!doctype html"):
        return UNKNOWN, texts.web_page()
    if start.startswith("<?xml") or re.match(r"<[a-z]", start):
        return UNKNOWN, texts.unknown_xml()
    if re.match(r"[\[{]\s*[\[{\"]", start):
        return UNKNOWN, texts.unknown_json()
    return UNKNOWN, texts.unknown_text()


def _sealed(file: FileProbe) -> Answer | None:
    return (UNKNOWN, texts.looks_encrypted()) if is_random(file.head) else None


_RULES: tuple[_Rule, ...] = (
    _nothing_in_it,
    _by_magic,
    _office,
    _chat_apps,
    _backups,
    _databases,
    _media,
    _plain,
    _sealed,
)
