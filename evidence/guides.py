"""What can be read and how to get it from a phone: the ``NAME.yaml`` beside each importer, for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from evidence.i18n import gettext as _
from evidence.i18n import language

_FOLDER = Path(__file__).parent / "importers"
GROUPS = (
    "messages",
    "calls",
    "recordings",
    "chats",
    "pictures",
    "video",
    "bills",
    "mail",
    "documents",
    "contacts",
    "tables",
    "containers",
)
LANGUAGES = ("en", "zh")
_USUAL = frozenset({"sms_backup_restore", "recording", "wechat_share", "image", "carrier_bill", "eml", "pdf_document"})
"""What most people have: first in its group."""
_FIELDS = {"group", "title", "files", "gives", "steps", "notes", "checked"}


@dataclass(frozen=True, slots=True)
class Guide:
    """One format. Texts are by language (``en``, ``zh``).

    ``files``: what a person recognises it by; ``gives``: what becomes of it, and how exact; ``steps``: how to get it
    from the phone; ``notes``: traps and limits; ``checked``: whether a real file was read in the tests, or only files
    made after its description.
    """

    name: str
    group: str
    title: Mapping[str, str]
    files: Mapping[str, str]
    gives: Mapping[str, str]
    steps: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, tuple[str, ...]]
    checked: Literal["real", "synthetic"]

    def body(self, tongue: str) -> dict[str, Any]:
        """The guide in one language, as plain values."""
        return {
            "format": self.name,
            "group": self.group,
            "title": self.title[tongue],
            "files": self.files[tongue],
            "gives": self.gives[tongue],
            "steps": list(self.steps[tongue]),
            "notes": list(self.notes[tongue]),
            "checked": self.checked,
        }


@cache
def all_guides() -> tuple[Guide, ...]:
    """Every guide, by group. Raises ValueError for a file that is not of its form (a packaging fault)."""
    guides = [_load(path) for path in sorted(_FOLDER.glob("*.yaml"))]
    return tuple(sorted(guides, key=lambda guide: (GROUPS.index(guide.group), guide.name not in _USUAL, guide.name)))


def titles() -> dict[str, str]:
    """Importer name -> what the format is called in the active language."""
    return {guide.name: guide.title[language()] for guide in all_guides()}


def group_title(group: str) -> str:
    """A group's heading in the active language."""
    return {
        "messages": _("Messages and call lists"),
        "calls": _("Call lists"),
        "recordings": _("Recordings and their transcripts"),
        "chats": _("Chats"),
        "pictures": _("Screenshots and photos"),
        "video": _("Videos and screen recordings"),
        "bills": _("Phone bills"),
        "mail": _("E-mail"),
        "documents": _("Documents"),
        "contacts": _("Address books"),
        "tables": _("Tables and other programs"),
        "containers": _("Archives and backups"),
    }[group]


def _load(path: Path) -> Guide:
    import yaml

    raw = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(raw, dict) or set(raw) - _FIELDS or _FIELDS - {"notes"} - set(raw):
        raise ValueError(f"{path.name}: fields {sorted(raw)}")
    if raw["group"] not in GROUPS or raw["checked"] not in ("real", "synthetic"):
        raise ValueError(f"{path.name}: group {raw['group']}, checked {raw['checked']}")
    title, files, gives = (_text(path, raw[name]) for name in ("title", "files", "gives"))
    steps, notes = _list(path, raw["steps"]), _list(path, raw.get("notes", {"en": [], "zh": []}))
    return Guide(path.stem, raw["group"], title, files, gives, steps, notes, raw["checked"])


def _text(path: Path, value: Any) -> dict[str, str]:
    if (
        not isinstance(value, dict)
        or set(value) != set(LANGUAGES)
        or not all(isinstance(t, str) for t in value.values())
    ):
        raise ValueError(f"{path.name}: {value!r}")
    return {tongue: " ".join(text.split()) for tongue, text in value.items()}


def _list(path: Path, value: Any) -> dict[str, tuple[str, ...]]:
    fits = isinstance(value, dict) and set(value) == set(LANGUAGES) and len(value["en"]) == len(value["zh"])
    if not fits or not all(isinstance(item, str) for items in value.values() for item in items):
        raise ValueError(f"{path.name}: {value!r}")
    return {tongue: tuple(" ".join(item.split()) for item in items) for tongue, items in value.items()}
