"""Norms, conduct map, recording policy and duties of a pack file."""

from __future__ import annotations

from datetime import date

from evidence.rules import schema
from evidence.rules.model import Clause, Conduct, ConductEntry, Duty, Norm, NormVersion, RecordingPolicy, Texts
from evidence.rules.predicates import Predicate, read
from evidence.rules.reader import Node


def read_scope(node: Node) -> Predicate | None:
    """Whom a norm or rule reaches; None when the key is absent: anyone."""
    child = node.child("scope")
    return read(child) if child is not None else None


def read_clause(node: Node, languages: tuple[str, ...]) -> Clause:
    """A norm with the clause as it is cited."""
    clause = Clause(node.text("norm"), node.texts("clause", languages), node.integer("min_events", 1))
    node.done()
    return clause


def read_texts_list(node: Node, key: str, languages: tuple[str, ...]) -> tuple[Texts, ...]:
    """A list of texts, each in every language."""
    found = []
    for child in node.children(key):
        found.append({language: child.text(language) for language in languages})
        child.done()
    return tuple(found)


def read_norm(node: Node, languages: tuple[str, ...]) -> Norm:
    """One norm with its versions."""
    norm_id = node.text("id")
    norm = Norm(
        id=norm_id,
        title=node.texts("title", languages),
        cite=node.texts("cite", languages),
        issuer=node.text("issuer"),
        kind=node.word("kind", schema.KINDS),
        force=node.word("force", schema.FORCES),
        versions=tuple(_version(child, norm_id) for child in node.children("versions")),
        scope=read_scope(node),
        assumption=node.texts("assumption", languages, required=False),
    )
    node.done()
    return norm


def _version(node: Node, norm_id: str) -> NormVersion:
    start = node.day("from", required=True) or date.max
    version = NormVersion(
        id=node.text("id", f"{norm_id}@{start.isoformat()}"),
        from_=start,
        to=node.day("to"),
        status=node.word("status", schema.STATUSES),
        applies_by=node.word("applies_by", schema.APPLIES_BY, "event_date"),
        source=node.text("source"),
        verification=node.word("verification", schema.VERIFICATIONS),
        checked_on=node.day("checked_on", required=True) or date.max,
        note=node.text("note", ""),
    )
    node.done()
    return version


def read_conduct(node: Node, languages: tuple[str, ...]) -> Conduct:
    """The clauses of one category."""
    conduct = Conduct(
        category=node.text("category"),
        harm=node.integer("harm"),
        legal=node.word("legal", schema.LEGAL_AREAS),
        effect=node.word("effect", schema.EFFECTS, "indicator"),
        entries=tuple(_entry(child, languages) for child in node.children("entries")),
        evidence=node.words("evidence", schema.EVIDENCE),
        explain=node.texts("explain", languages),
        min_confidence=node.number("min_confidence", 0.0),
        human_confirm=node.flag("human_confirm", True),
        police_flag=node.flag("police_flag"),
        roles_exempt=node.words("roles_exempt", schema.EVENT_VALUES["role"]),
    )
    node.done()
    return conduct


def _entry(node: Node, languages: tuple[str, ...]) -> ConductEntry:
    entry = ConductEntry(
        norm=node.text("norm"),
        clause=node.texts("clause", languages),
        strength=node.word("strength", schema.STRENGTHS),
        legal_area=node.word("area", schema.LEGAL_AREAS),
        elements=read_texts_list(node, "elements", languages),
        min_events=node.integer("min_events", 1),
        scope=read_scope(node),
    )
    node.done()
    return entry


def read_recording(node: Node, languages: tuple[str, ...]) -> RecordingPolicy:
    """The whole recording file."""
    ui = node.child("ui") or Node({}, f"{node.where}.ui", node.errors)
    permissions = {
        key: node.word(key, schema.PERMISSIONS) for key in ("make", "keep", "use", "disclose", "in_evidence")
    }
    policy = RecordingPolicy(
        self_record=node.word("self_record", schema.PERMISSIONS),
        consent=node.word("consent", schema.CONSENTS),
        **permissions,
        media=node.words("media", schema.MEDIA),
        level=ui.word("level", schema.LEVELS),
        ack_required=ui.flag("ack_required"),
        default_import=ui.flag("default_import"),
        default_in_dossier=ui.flag("default_in_dossier"),
        text=ui.texts("text", languages),
        cross_border=node.word("cross_border", ("stricter_of",), "stricter_of"),
        norms=tuple(read_clause(child, languages) for child in node.children("norms")),
        announce_script=node.texts("announce_script", languages, required=False),
        alternatives=read_texts_list(node, "alternatives", languages),
        safe_export_to=node.words("safe_export_to", ("court", "police", "regulator", "lawyer", "ombudsman")),
    )
    ui.done()
    return policy


def read_duty(node: Node, languages: tuple[str, ...]) -> Duty:
    """One duty of the other side."""
    days = node.integer("retention_days", 0)
    duty = Duty(
        node.text("id"),
        node.text("norm"),
        node.texts("clause", languages),
        node.texts("duty", languages),
        node.texts("ask", languages),
        days or None,
    )
    node.done()
    return duty
