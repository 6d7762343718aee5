"""Language of what a person reads: message ids are English, catalogues are gettext.

The language is fixed once per process: ``--lang``, then ``DUNLOG_LANG``, then the locale; a locale that says
neither Chinese nor English (``C``, unset) means Chinese, the language of the first country.
"""

from __future__ import annotations

import contextlib
import gettext as _gettext
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

LANGUAGES = ("zh", "en")
LOCALE_DIR = Path(__file__).with_name("locale")
_active: _gettext.NullTranslations | None = None
_language = ""


def choose(argv: Sequence[str], environ: dict[str, str] | os._Environ[str]) -> str:
    """The language for this process; an unknown value falls through to the next place."""
    wanted = []
    for i, word in enumerate(argv):
        if word == "--lang" and i + 1 < len(argv):
            wanted.append(argv[i + 1])
        elif word.startswith("--lang="):
            wanted.append(word.partition("=")[2])
    wanted.append(environ.get("DUNLOG_LANG", ""))
    for key in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(key):
            wanted.append(environ[key])
            break
    for value in wanted:
        if value[:2].lower() in LANGUAGES:
            return value[:2].lower()
    return "zh"


def activate(language: str) -> None:
    """Use ``language`` from here on. English needs no catalogue."""
    global _active, _language
    _language = language
    if language == "en":
        _active = _gettext.NullTranslations()
        return
    try:
        _active = _gettext.translation("dunlog", LOCALE_DIR, [language])
    except FileNotFoundError:
        print(f"dunlog: no catalogue for {language} in {LOCALE_DIR}; using English", file=sys.stderr)
        _active = _gettext.NullTranslations()


def language() -> str:
    """The active language, chosen on first use."""
    if not _language:
        activate(choose(sys.argv[1:], os.environ))
    return _language


def gettext(message: str) -> str:
    """``message`` in the active language. Import it as ``_``."""
    language()
    assert _active is not None
    return _active.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """As :func:`gettext`, with the plural that ``n`` needs."""
    language()
    assert _active is not None
    return _active.ngettext(one, many, n)


@contextlib.contextmanager
def using(wanted: str) -> Iterator[None]:
    """Speak ``wanted`` inside: a document has the language of its recipient, not of the person at the keyboard."""
    before = language()
    activate(wanted)
    try:
        yield
    finally:
        activate(before)
