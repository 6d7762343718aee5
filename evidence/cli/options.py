"""What a person states about the files of one import, from options to :class:`ReadOptions`."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from evidence.cli.common import one_of, zone_called
from evidence.errors import UsageError
from evidence.i18n import gettext as _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from evidence.importers.base import ReadOptions
    from evidence.log import Case


@dataclass(frozen=True, slots=True)
class Stated:
    """The options as checked, before the case is open. ``zone`` None means the case's own."""

    zone: ZoneInfo | None
    others: dict[str, Any]


def read_options(
    tz: str | None,
    holder: str,
    me: list[str] | None,
    date_order: str | None,
    encoding: str | None,
    columns: Path | None,
) -> Stated:
    """Check what was typed. Raises UsageError, and what a faulty column mapping raises."""
    from evidence.importers.base import DateOrder

    zone = zone_called(tz) if tz is not None else None
    order = one_of(date_order, get_args(DateOrder), "--date-order")
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise UsageError(_("There is no text encoding called {name}.").format(name=encoding)) from error
    mapping = None
    if columns is not None:
        from evidence.formats.tables.tablemap import load_mapping

        mapping = load_mapping(columns)
    names = tuple(name for name in me or () if name)
    others = {"holder": holder, "me": names, "date_order": order, "encoding": encoding, "mapping": mapping}
    return Stated(zone, others)


def in_zone_of(case: Case, stated: Stated) -> ReadOptions:
    """The options for an import into ``case``."""
    from zoneinfo import ZoneInfo

    from evidence.importers.base import ReadOptions

    return ReadOptions(stated.zone or ZoneInfo(case.header.timezone), **stated.others)
