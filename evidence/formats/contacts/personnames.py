"""Names as address books store them in parts, put together as people write them."""

from __future__ import annotations

import re

_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)


def full_name(family: str, given: str, additional: str = "", prefix: str = "", suffix: str = "") -> str:
    """East Asian names are written family first, in one word; others given name first, with blanks."""
    if _EAST_ASIAN.search(family + given):
        return f"{prefix}{family}{additional}{given}{suffix}"
    return " ".join(part for part in (prefix, given, additional, family, suffix) if part)


def apple_label(text: str) -> str:
    """``Mobile`` for ``_$!<Mobile>!$_``, by which Apple marks the labels that it translates."""
    match = _APPLE_LABEL.fullmatch(text)
    return match[1] if match else text
