"""Archives (ZIP, TAR, gzip, one inside another): kept as one source, each member read by the importer that claims it.

What a member gives carries a locator ``inner/path!sms[17]``; ``extras["member"]`` says which importer read it, and the
member's hash.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.formats.archives.archivekinds import archive_kind
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions


class ArchiveFile:
    """One archive is one source; its records are those of its members."""

    name = "archive"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the bytes are a ZIP, TAR or gzip file that is no document and no app."""
        return archive_kind(file.path, file.head) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """What the members give, in the order of the archive; see :class:`evidence.importers.base.Importer`."""
        from evidence.formats.archives.archivereading import read_archive

        return read_archive(file, options, attach)


IMPORTER = ArchiveFile()
