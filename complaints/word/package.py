"""The DOCX container with the same bytes on each run."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path


def write_stable(data: bytes, target: Path) -> None:
    """Write the ZIP ``data`` to ``target`` with sorted names, one date and no compression.

    Stored, not deflated: compressed bytes differ between zlib versions. ``[Content_Types].xml`` sorts first, as the
    package format (ECMA-376 part 2) likes it.
    """
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(old.namelist()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.compress_type = 3, 0o100644 << 16, zipfile.ZIP_STORED
            new.writestr(info, old.read(name))
