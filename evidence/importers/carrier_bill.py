"""Itemised bills of Chinese carriers: calls and short messages, as XLS, XLSX, a page called XLS, or CSV.

Times are Beijing time. A bill lists connected calls only; ones that nobody answered are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_CONTAINERS = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_WORDS = tuple(
    word.encode(codec) for word in ("时间", "日期") for codec in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
)
_ENTITY = b"&#26102;"  # the same word in a page that spells its letters as numbers


class CarrierBill:
    """Reads every section of every sheet; rows in file order, one in memory at a time (XLS: the whole file)."""

    name = "carrier_bill"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether one of the first 30 rows of a sheet is the header of a bill. XLS and XLSX are opened for it."""
        if not file.head.startswith(_CONTAINERS) and not any(word in file.head for word in (*_WORDS, _ENTITY)):
            return False
        from evidence.formats.bills.billreading import has_bill

        return has_bill(file)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Calls and messages, then what is told once per file; see :class:`evidence.importers.base.Importer`."""
        from evidence.formats.bills.billreading import read_bill

        return read_bill(file, options)


IMPORTER = CarrierBill()
