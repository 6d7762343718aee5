"""The draft of a mapping for a file, by the row whose words fit the names of columns best."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.tables.sheets import sheets
from evidence.formats.tables.tablerows import LOOK
from evidence.formats.tables.tablewords import propose
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, ReadOptions

_SAMPLE = 20


def draft_for(file: FileProbe, options: ReadOptions) -> Mapping[str, Any]:
    """:func:`propose` for the first sheet of a file: by the row, of the first ones, whose words fit best.

    Raises Unreadable when the file is no table.
    """
    for sheet in sheets(file, options):
        rows = list(itertools.islice(sheet.rows, LOOK + _SAMPLE))
        cells = [row.cells for row in rows]
        drafts = [propose(header, cells[i + 1 : i + 1 + _SAMPLE]) for i, header in enumerate(cells[:LOOK])]
        if not drafts:
            continue
        best = max(range(len(drafts)), key=lambda i: (len(drafts[i]), -i))
        return {**drafts[best], "header_row": rows[best].number} if best else drafts[0]
    raise Unreadable(_("This is no table that can be read."))
