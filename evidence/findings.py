"""The findings of a case as it stands now.

They are computed each time: a stored copy outside the log could be changed without a trace.
"""

from __future__ import annotations

from typing import Any

from evidence.log import Case
from evidence.models import CaseView, Finding, Review
from evidence.timeline import load_view


def current_findings(case: Case, view: CaseView | None = None) -> tuple[Finding, ...]:
    """All findings of the case under the pack of its jurisdiction."""
    from evidence.flagging import flag
    from evidence.rules import load_pack

    return flag(view or load_view(case), load_pack(case.header.jurisdiction))


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
