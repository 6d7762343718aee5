"""An iTunes or Finder backup: its list of files (``Manifest.db``) and the property lists that describe it.

Says what the backup holds and what is missing.

It yields no record: the message database, the call list and the address book in the backup are files of their own,
each read by its own importer. An encrypted backup is refused, with the lawful way to get one that is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from evidence.formats.iphone.iphonebackup import CALLS, CONTACTS, MESSAGES, backup_name, is_encrypted, protected
from evidence.formats.iphone.plists import looks_like_plist, read_plist_file
from evidence.formats.sqlite.sqlitefile import is_sqlite, open_copy, tables_of
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, Neighbour, ReadOptions
from evidence.models import Problem

_NEEDED = frozenset(("fileid", "domain", "relativepath"))
_FILE = 1  # of the column flags; 2 is a folder, 4 a link
_APPS = {
    "com.tencent.xin": "WeChat",
    "group.com.tencent.xin": "WeChat",
    "com.tencent.mqq": "QQ",
    "group.net.whatsapp.WhatsApp.shared": "WhatsApp",
    "jp.naver.line": "LINE",
}
_DESCRIPTIONS = (
    {"IsEncrypted"},  # Manifest.plist
    {"Product Version", "Last Backup Date"},  # Info.plist
    {"IsFullBackup", "SnapshotState"},  # Status.plist
)
_SHOWN = 5


@dataclass(slots=True)
class _Found:
    """What the list names, and what of it came along."""

    listed: int = 0
    came: int = 0
    absent: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    apps: Counter[str] = field(default_factory=Counter)


class IphoneBackup:
    """Reads the list of files of a backup."""

    name = "iphone_backup"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is a list of files, a description, or bytes beside a ``Manifest.plist`` that says encrypted."""
        if is_sqlite(file.head):
            return tables_of(file.path).get("Files", frozenset()) >= _NEEDED
        if looks_like_plist(file.head):
            said = read_plist_file(file.path, file.size) or {}
            return any(keys <= said.keys() for keys in _DESCRIPTIONS)
        return file.name.lower() == "manifest.db" and is_encrypted(file)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """What the backup holds, as warnings. Raises ProtectedFormat for an encrypted one."""
        if looks_like_plist(file.head):
            yield _description(file)
            return
        if not is_sqlite(file.head) or (is_encrypted(file) and not _opened_before(file)):
            raise protected()
        with open_copy(file, options.scratch) as database:
            found, known = _Found(), _known()
            for row in database.rows("Files", ("fileid", "domain", "relativepath", "flags")):
                if row.get("flags") in (_FILE, None):
                    _count(found, file, row.get("fileid"), row.get("domain"), row.get("relativepath"))
                    found.names.update(known.keys() & {row.get("fileid")})
            yield _summary(file, found)
            yield from _parts(file, found, known)
            if found.apps:
                words = _(
                    "The backup also holds data of {apps}. dunlog does not open the databases of these apps; export "
                    "the chats in the app itself (dunlog formats says how)."
                )
                apps = "、".join(sorted(found.apps))
                yield Problem("backup_apps", words.format(apps=apps), severity="warning")
            yield from database.problems()


def _description(file: FileProbe) -> Problem:
    """What is said of a property list. Raises ProtectedFormat when it alone tells that the backup is encrypted."""
    said = read_plist_file(file.path, file.size) or {}
    if said.get("IsEncrypted") is True and file.find("Manifest.db") is None:
        raise protected()
    words = _("Describes a backup of an iPhone; what is in it is told for its list of files, Manifest.db.")
    return Problem("backup_description", words, severity="warning")


def _opened_before(file: FileProbe) -> bool:
    """Whether another program has decrypted the backup and left its description as it was."""
    for digest in _known():
        found = _place(file, digest)
        if found is not None:
            try:
                with found.path.open("rb") as stream:
                    if is_sqlite(stream.read(16)):
                        return True
            except OSError:  # then it cannot be told from this one
                continue
    return False


def _place(file: FileProbe, digest: str) -> Neighbour | None:
    return file.find(f"{digest[:2]}/{digest}") or file.find(digest)


def _came(file: FileProbe, digest: str) -> bool:
    return _place(file, digest) is not None


def _count(found: _Found, file: FileProbe, digest: object, domain: object, path: object) -> None:
    found.listed += 1
    if not isinstance(digest, str) or not isinstance(domain, str) or not isinstance(path, str):
        return
    if _came(file, digest):
        found.came += 1
    elif len(found.absent) < _SHOWN:
        found.absent.append(path[:80])
    app = _APPS.get(domain.partition("-")[2])
    if app is not None:
        found.apps[app] += 1


def _known() -> dict[str, str]:
    """The files that are read, by their names in a backup."""
    return {
        backup_name(*MESSAGES): _("messages"),
        backup_name(*CALLS): _("call list"),
        backup_name(*CONTACTS): _("address book"),
    }


def _summary(file: FileProbe, found: _Found) -> Problem:
    info = file.find("Info.plist")
    said = (read_plist_file(info.path, info.size) if info is not None else None) or {}
    system, made = _plain(said.get("Product Version")), _plain(said.get("Last Backup Date"))
    words = ngettext(
        "A backup of an iPhone (iOS {system}, made {made}): its list names {n} file, {came} of them came along.",
        "A backup of an iPhone (iOS {system}, made {made}): its list names {n} files, {came} of them came along.",
        found.listed,
    )
    text = words.format(
        system=str(system)[:20] if system else "?",
        made=str(made)[:19] if made else "?",
        n=found.listed,
        came=found.came,
    )
    if found.absent:
        text += " " + _("Not here: {names}").format(names="、".join(f"“{name}”" for name in found.absent))
    return Problem("backup_contents", text, severity="warning")


def _plain(value: object) -> str:
    """A text or a date of a property list, short."""
    return str(value)[:19] if isinstance(value, str | datetime) and value else "?"


def _parts(file: FileProbe, found: _Found, known: dict[str, str]) -> Iterator[Problem]:
    """One warning for each part that should be read and cannot be."""
    for digest, title in known.items():
        if _came(file, digest):
            continue
        if digest in found.names:
            words = _(
                "Part of this backup did not come along: {part} (file {name}). Import the whole folder of the backup."
            )
        else:
            words = _("Part of a phone that this backup does not have: {part} (file {name}).")
        yield Problem("backup_part_missing", words.format(part=title, name=digest), severity="warning")


IMPORTER = IphoneBackup()
