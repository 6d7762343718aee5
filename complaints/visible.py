"""Characters that no printed form can carry, or that hide what stands there, become codes a reader can see."""

from __future__ import annotations

import re

# C0 and C1 controls except tab and line feed, direction embeddings, overrides and isolates, lone surrogates, and the
# two noncharacters that XML 1.0 (production 2) forbids.
_CODED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """``text`` with those characters shown as ``[U+XXXX]``; carriage returns become line feeds.

    The result is legal in XML and HTML. Direction marks that only nudge (U+200E, U+200F) stay.
    """
    return _CODED.sub(lambda m: f"[U+{ord(m[0]):04X}]", text.replace("\r\n", "\n").replace("\r", "\n"))
