"""Keep the Chinese catalogue in step with the code.

``python docs/catalogue.py`` adds new messages to evidence/locale/zh/LC_MESSAGES/dunlog.po and drops those that the
code no longer says; ``--check`` changes nothing and fails when a message has no translation or the file is stale.
Files named on the command line are PO files whose translations count before those of the catalogue, the last first.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "evidence" / "locale" / "zh" / "LC_MESSAGES" / "dunlog.po"
PACKAGES = ("evidence", "complaints")
Ident = str | tuple[str, ...]
"""A message, or the singular and the plural of one with a count."""
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def messages_of_code() -> list[Ident]:
    """Every message id that the code can say, sorted: calls of ``_`` and ``ngettext``, and error docstrings."""
    found: set[Ident] = set(error_messages())
    for package in PACKAGES:
        for _path, _line, words, _comments, _context in extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(words if isinstance(words, str) else words[:2])
    return sorted(found, key=first_form)


def first_form(ident: Ident) -> str:
    """The id itself, or the singular of a message with a count."""
    return ident if isinstance(ident, str) else ident[0]


def error_messages() -> list[str]:
    """The docstrings of all named errors: each is what a person reads when nothing else is said."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    from evidence.errors import DunlogError

    def below(cls: type[DunlogError]) -> list[type[DunlogError]]:
        return [cls, *(deep for child in cls.__subclasses__() for deep in below(child))]

    return [(cls.__doc__ or "").strip() for cls in below(DunlogError)]


def read(path: Path) -> Catalog:
    """The PO file at ``path``. Raises PoFileError when it is not one."""
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_CN", abort_invalid=True)


def translation(catalogue: Catalog, ident: Ident) -> str:
    """What ``catalogue`` has for ``ident``, or nothing. Chinese has one form, whatever the count."""
    hit = catalogue.get(first_form(ident))
    if hit is None:
        return ""
    return hit.string if isinstance(hit.string, str) else next(iter(hit.string or ()), "")


def fresh(known: Iterable[Catalog]) -> Catalog:
    """A catalogue with exactly the code's messages, each translated as the first of ``known`` that has it says."""
    made = Catalog(locale="zh_CN", project="dunlog", header_comment="# Chinese messages of dunlog.", fuzzy=False)
    catalogues = list(known)
    for ident in messages_of_code():
        words = next(filter(None, (translation(catalogue, ident) for catalogue in catalogues)), "")
        made.add(ident, words if isinstance(ident, str) else (words,))
    return made


def untranslated(catalogue: Catalog) -> list[Ident]:
    """The messages of ``catalogue`` that say nothing in Chinese."""
    idents = [message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id]
    return [ident for ident in idents if not translation(catalogue, ident)]


def text_of(catalogue: Catalog) -> str:
    """The PO file without anything that changes by itself (dates, tool versions, places)."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, no_location=True, sort_output=True)
    lines = out.getvalue().decode("utf-8").splitlines()
    drop = re.compile(r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Report-Msgid-Bugs-To|Generated-By)')
    return "\n".join(line for line in lines if not drop.match(line)) + "\n"


def is_stale() -> bool:
    """Whether the file is another than this program would write."""
    return not TARGET.is_file() or TARGET.read_text("utf-8") != text_of(fresh([read(TARGET)]))


def main() -> int:
    """Update, merge or check."""
    check = "--check" in sys.argv
    named = [read(Path(name)) for name in sys.argv[1:] if not name.startswith("--")]
    made = fresh([*reversed(named), *([read(TARGET)] if TARGET.is_file() else [])])
    if not check:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text_of(made), encoding="utf-8")
    for ident in untranslated(made):
        print(f"no translation: {ident!r}", file=sys.stderr)
    stale = check and is_stale()
    if stale:
        print("the catalogue is stale: run python docs/catalogue.py", file=sys.stderr)
    return 1 if stale or (check and untranslated(made)) else 0


if __name__ == "__main__":
    sys.exit(main())
