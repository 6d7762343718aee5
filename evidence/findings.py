"""The findings of a case now: flagged anew when something they rest on has changed, else from the cache."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from typing import Any

from evidence import __version__, codec, i18n, sealing
from evidence.log import Case
from evidence.models import CaseView, Finding, Review
from evidence.timeline import load_view

_MATTERS = ("read", "readings", "note", "party", "fact", "answer", "link", "joined", "forget", "created")
CACHE = "findings.json"


def cache_key(case: Case, pack_hash: str) -> str:
    """Changes whenever a log row that findings depend on, the pack, the program or the language changes."""
    marks = ",".join("?" * len(_MATTERS))
    query = f"select coalesce(max(seq), 0) from log where kind in ({marks})"
    seq = case.db.execute(query, list(_MATTERS)).fetchone()[0]
    digest = case.db.execute("select hash from log where seq = ?", [seq]).fetchone()
    words = (str(seq), digest[0].hex() if digest else "", pack_hash, __version__, i18n.language())
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def current_findings(case: Case, view: CaseView | None = None) -> tuple[Finding, ...]:
    """All findings of the case under the pack of its jurisdiction.

    The cache lies in ``derived/`` and may be deleted; a damaged one is made anew.
    """
    from evidence.flagging import flag
    from evidence.rules import load_pack

    pack = load_pack(case.header.jurisdiction)
    key = cache_key(case, pack.hash)
    cached = _read_cache(case, key)
    if cached is not None:
        return cached
    found = flag(view or load_view(case), pack)
    if not case.read_only:
        _write_cache(case, key, found)
    return found


def _write_cache(case: Case, key: str, found: tuple[Finding, ...]) -> None:
    body = sealing.canonical({"key": key, "findings": [codec.to_body(finding) for finding in found]})
    unfinished = case.derived / f"{CACHE}.{os.getpid()}"
    with contextlib.suppress(OSError):  # a full disk costs the cache, not the answer
        try:
            case.derived.mkdir(exist_ok=True)
            unfinished.write_text(body, encoding="utf-8")
            os.replace(unfinished, case.derived / CACHE)
        finally:
            unfinished.unlink(missing_ok=True)


def _read_cache(case: Case, key: str) -> tuple[Finding, ...] | None:
    from cattrs.errors import BaseValidationError

    path = case.derived / CACHE
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["key"] != key:
            return None
        return tuple(codec.from_body(Finding, finding) for finding in body["findings"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, BaseValidationError):
        return None  # a cache that is missing or cannot be read is no loss: it is made anew


def finding_row(finding: Finding, review: Review | None) -> dict[str, Any]:
    """One finding in the form of the outside contract (docs/json.md)."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "category": finding.category,
        "effect": finding.effect,
        "severity": finding.severity,
        "records": list(finding.records),
        "quotes": [
            {"record": q.record, "start": q.start, "end": q.end, "text": q.text}
            | {k: getattr(q, k) for k in ("reading", "box", "start_s", "end_s") if getattr(q, k) is not None}
            for q in finding.quotes
        ],
        "counted": finding.counted,
        "limit": finding.limit,
        "window": {"from": finding.window_from, "to": finding.window_to},
        "left_out": [{"record": one.record, "why": one.why} for one in finding.left_out],
        "basis": [{"norm": b.norm, "clause": b.clause, "cite": b.cite} for b in finding.basis],
        "filing": finding.filing,
        "why": finding.why,
        "assumptions": list(finding.assumptions),
        "missing": list(finding.missing),
        "needs": list(finding.needs),
        "subject": finding.subject,
        "creditor": finding.creditor,
        "pack": finding.pack,
        "status": review.decision if review else "pending",
    }
