"""Build hook: compile the gettext catalogues beside their sources, for the wheel and for a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> list[Path]:
    """Write each ``dunlog.mo`` anew from its ``dunlog.po``. The same input gives the same bytes."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for po in sorted((root / "evidence" / "locale").glob("*/LC_MESSAGES/dunlog.po")):
        with po.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
        target = po.with_suffix(".mo")
        with target.open("wb") as out:
            write_mo(out, catalogue)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling collects files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; hatchling picks the results up as artifacts."""
        compile_catalogues(Path(self.root))
