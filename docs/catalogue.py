"""Keep the Chinese catalogue in step with the code.

``python docs/catalogue.py`` adds new messages to evidence/locale/zh/LC_MESSAGES/dunlog.po and drops those that the
code no longer says; ``--check`` changes nothing and fails when a message has no translation or the file is stale;
``--merge FILE…`` takes translations from other PO files.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "evidence" / "locale" / "zh" / "LC_MESSAGES" / "dunlog.po"
PACKAGES = ("evidence", "complaints")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def messages_of_code() -> list[str | tuple[str, str]]:
    """Every message id that the code can say, sorted: calls of ``_`` and ``ngettext``, and error docstrings."""
    found: set[str | tuple[str, str]] = set()
    for package in PACKAGES:
        for item in extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS):
            message = item[2]
            found.add(tuple(message) if isinstance(message, list | tuple) else message)  # type: ignore[arg-type]
    found |= set(error_messages())
    return sorted(found, key=lambda one: one if isinstance(one, str) else one[0])


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
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_CN")


def fresh(old: Catalog, extra: list[Catalog]) -> Catalog:
    """A catalogue with exactly the code's messages, translated as far as anything knows them."""
    made = Catalog(locale="zh_CN", project="dunlog", header_comment="# Chinese messages of dunlog.", fuzzy=False)
    for message in messages_of_code():
        ident = message if isinstance(message, str) else message[0]
        known = next((hit.string for c in (old, *extra) if (hit := c.get(ident)) and hit.string), "")
        if isinstance(message, tuple) and isinstance(known, str):
            known = (known,)
        made.add(message, known)
    return made


def text_of(catalogue: Catalog) -> str:
    """The PO file without anything that changes by itself (dates, tool versions, places)."""
    import io

    out = io.BytesIO()
    write_po(out, catalogue, width=110, no_location=True, sort_output=True)
    lines = out.getvalue().decode("utf-8").splitlines()
    drop = re.compile(r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Report-Msgid-Bugs-To|Generated-By)')
    return "\n".join(line for line in lines if not drop.match(line)) + "\n"


def main() -> int:
    """Update, merge or check."""
    old = read(TARGET) if TARGET.is_file() else Catalog(locale="zh_CN")
    extra = [read(Path(name)) for name in sys.argv[1:] if not name.startswith("--")]
    made = fresh(old, extra)
    untranslated = [m.id for m in made if m.id and not (m.string if isinstance(m.string, str) else all(m.string))]
    if "--check" not in sys.argv:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text_of(made), encoding="utf-8")
    stale = "--check" in sys.argv and TARGET.read_text("utf-8") != text_of(made)
    for ident in untranslated:
        print(f"no translation: {ident!r}", file=sys.stderr)
    if stale:
        print("the catalogue is stale: run python docs/catalogue.py", file=sys.stderr)
    return 1 if stale or ("--check" in sys.argv and untranslated) else 0


if __name__ == "__main__":
    sys.exit(main())
