"""Address books as vCard files (.vcf): names that a phone gives to numbers.

``evidence.formats.contacts.vcardlines`` says why the library for the format is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.textfile import decode_head

_BEGIN = re.compile(r"\s*BEGIN[ \t]*:[ \t]*VCARD\b", re.IGNORECASE)


class Vcard:
    """Reads cards in file order, one in memory at a time."""

    name = "vcard"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the file begins with ``BEGIN:VCARD``."""
        return _BEGIN.match(decode_head(file.head[:256])) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """A contact for each number and account. Raises Unreadable when no card is in it."""
        from evidence.formats.contacts.vcards import read_cards

        yield from read_cards(file, options)


IMPORTER = Vcard()
