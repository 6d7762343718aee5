"""How files are named in an iTunes or Finder backup of an iPhone, and how to tell that one is encrypted.

A file lies under the SHA-1 of its domain and path, since iOS 10 in a folder named by the first two digits.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from evidence.errors import ProtectedFormat
from evidence.formats.iphone.plists import read_plist_file
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Neighbour

MESSAGES = ("HomeDomain", "Library/SMS/sms.db")
CALLS = ("HomeDomain", "Library/CallHistoryDB/CallHistory.storedata")
CONTACTS = ("HomeDomain", "Library/AddressBook/AddressBook.sqlitedb")
_NAME_LENGTH = 40  # a SHA-1 in hex


def protected() -> ProtectedFormat:
    """The refusal of an encrypted backup, with the lawful way to one that can be read."""
    return ProtectedFormat(
        _(
            "This iPhone backup is encrypted, and dunlog does not break passwords. Make one without: connect the "
            "phone, open Finder (Mac) or iTunes or the Apple Devices app (Windows), take the tick off “Encrypt local "
            "backup” (it asks for the password that was set), press “Back Up Now”, and import the folder of that "
            "backup."
        )
    )


def backup_name(domain: str, path: str) -> str:
    """The name of a file in a backup."""
    return hashlib.sha1(f"{domain}-{path}".encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def in_backup(file: FileProbe, domain: str, path: str) -> FileProbe:
    """The same file, so that its companions (``-wal``) are found under the names they have in a backup."""
    if file.name != backup_name(domain, path):
        return file

    def find(relative: str) -> Neighbour | None:
        if relative.startswith(file.name + "-"):
            digest = backup_name(domain, path + relative[len(file.name) :])
            return file.find(f"../{digest[:2]}/{digest}") or file.find(digest)
        return file.find(relative)

    return replace(file, find=find)


def is_encrypted(file: FileProbe) -> bool:
    """Whether the ``Manifest.plist`` beside a ``Manifest.db`` says that the backup is encrypted."""
    beside = file.find("Manifest.plist")
    said = None if beside is None else read_plist_file(beside.path, beside.size)
    return said is not None and said.get("IsEncrypted") is True


def is_part_of_backup(file: FileProbe) -> bool:
    """Whether a file has the hashed name of a backup's file and came along with that backup's list."""
    named = len(file.name) == _NAME_LENGTH and all(c in "0123456789abcdef" for c in file.name)
    return named and any(file.find(f"{place}Manifest.db") is not None for place in ("../", ""))
