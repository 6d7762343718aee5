"""What a person is told about an archive and about members of it that are not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evidence.formats.archives.archives import Archive
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem

NAMED_MEMBERS = 50
"""So many of those that nobody reads are named; the rest is counted."""


def bomb() -> str:
    """More than the limits allow."""
    return _(
        "It unpacks to far more than it holds, like files made to fill a disk; left out. If you know it, unpack it "
        "yourself."
    )


def refused(why: str) -> tuple[str, str]:
    """(code, message) for a member whose bytes are not read, or not all of them."""
    texts = {
        "encrypted": _("It is locked with a password. Unpack the archive with its password and import the folder."),
        "link": _("It is a link to another file, not a file; links are not followed."),
        "special": _("It is a device or another special entry, not a file; left out."),
        "method": _("It is packed in a way that cannot be undone here. Unpack the archive and import the folder."),
        "overlap": _("It shares its bytes with another file of the archive: made to fill a disk; left out."),
        "bomb": bomb(),
        "damaged": _("It is damaged or cut off; what comes before the damage was read. Copy the archive again."),
    }
    codes = {"encrypted": "protected_format", "damaged": "member_damaged", "method": "unknown_format"}
    return codes.get(why, "member_left_out"), texts[why]


def notes(archive: Archive) -> Iterator[Problem]:
    """What is told once per archive."""
    if archive.cut:
        words = _("The archive was cut off or damaged; what is whole in it was read. Copy it again.")
        yield Problem("archive_cut_off", words)
    if archive.more:
        n = len(archive.members)
        words = ngettext("Only the first {n} file was read.", "Only the first {n} files were read.", n)
        yield Problem("archive_too_large", words.format(n=n))
    if archive.encoding is not None:
        words = _("The names in the archive say no encoding; read as {encoding}.")
        if archive.encoding == "mixed":
            words = _("The names in the archive say no encoding and are of several; each was read alone.")
        yield Problem("member_names_assumed", words.format(encoding=archive.encoding), severity="warning")
    if archive.odd_names:
        n = len(archive.odd_names)
        words = ngettext(
            "{n} name in the archive leads out of it or has hidden characters; shown changed: {first}",
            "{n} names in the archive lead out of it or have hidden characters; shown changed, the first: {first}",
            n,
        )
        yield Problem("member_names_odd", words.format(n=n, first=archive.odd_names[0]), severity="warning")


def summary(unread: int, counts: Counter[str], zone: str) -> Iterator[Problem]:
    """What is told once per source."""
    more = unread - NAMED_MEMBERS
    if more > 0:
        words = ngettext("{n} more file was not read.", "{n} more files were not read.", more)
        yield Problem("unknown_format", words.format(n=more))
    if n := counts["litter"]:
        words = ngettext(
            "{n} helper file of the computer that made the archive was left out.",
            "{n} helper files of the computer that made the archive were left out.",
            n,
        )
        yield Problem("members_skipped", words.format(n=n), severity="warning")
    if n := counts["assumed"]:
        words = ngettext(
            "{n} time is that of the archive, a clock without zone; read as {zone}.",
            "{n} times are those of the archive, a clock without zone; read as {zone}.",
            n,
        )
        yield Problem("member_times_assumed", words.format(n=n, zone=zone), severity="warning")


def no_room(folder: object, name: str, size: int) -> str:
    """The disk of the temporary folder is full; ``size`` in bytes."""
    words = _("There is no room in {folder} to unpack “{name}” ({mb} MB). Make room and repeat the command.")
    return words.format(folder=folder, name=name, mb=-(-size // 1_000_000))
