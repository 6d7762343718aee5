"""What must hold across a whole pack before it is used (rule-pack schema, section 10)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evidence.categories import registry
from evidence.rules import schema
from evidence.rules.model import Clause, ConductEntry, CountOp, HoursOp, Norm, Pack, Rule, SpacingOp, Texts

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CAPABLE = ("primary", "secondary_multi")


def check(pack: Pack, errors: list[str]) -> None:
    """Append every fault, each with the place it is in."""
    _header(pack, errors)
    for norm in pack.norms.values():
        _norm(norm, pack, errors)
    seen: set[str] = set()
    for rule in pack.rules:
        if rule.id in seen:
            errors.append(f"rules.yaml: the id {rule.id} twice")
        seen.add(rule.id)
        _rule(rule, pack, errors)
    _contradictions(pack, errors)
    _conduct(pack, errors)
    _clauses("recording.yaml.norms", pack.recording.norms, pack, errors)
    for duty in pack.duties:
        _known_norm(f"rules.yaml.collector_duty[{duty.id}]", duty.norm, pack, errors)


def _header(pack: Pack, errors: list[str]) -> None:
    if pack.review_by - pack.reviewed_on > timedelta(days=366):
        errors.append("pack.yaml.review_by: must be within 12 months of reviewed_on")
    try:
        ZoneInfo(pack.zone)
    except (ZoneInfoNotFoundError, ValueError):
        errors.append(f"pack.yaml.time_zone.default: {pack.zone!r} is not a time zone")
    if not pack.rules:
        errors.append("rules.yaml: has no rules")


def _norm(norm: Norm, pack: Pack, errors: list[str]) -> None:
    where = f"norms.yaml.norms[{norm.id}]"
    if not norm.versions:
        errors.append(f"{where}: has no version")
    ordered = sorted(norm.versions, key=lambda v: v.from_)
    for earlier, later in pairwise(ordered):
        if earlier.to is None or earlier.to >= later.from_:
            errors.append(f"{where}: versions {earlier.id} and {later.id} overlap")
    for version in norm.versions:
        if version.source not in pack.sources:
            errors.append(f"{where}.versions[{version.id}].source: {version.source!r} is not in pack.yaml")
        if version.to is not None and version.to < version.from_:
            errors.append(f"{where}.versions[{version.id}]: ends before it begins")


def _rule(rule: Rule, pack: Pack, errors: list[str]) -> None:
    where = f"rules.yaml.rules[{rule.id}]"
    if _known_norm(where, rule.norm, pack, errors):
        norm = pack.norms[rule.norm]
        live = [v for v in norm.versions if v.status == "in_force"]
        if not live:
            errors.append(f"{where}.norm: {norm.id} has no version in force")
        elif not any(v.verification in _CAPABLE for v in live) and rule.effect != "indicator":
            errors.append(f"{where}.effect: {norm.id} is not verified well enough for more than an indicator")
        if norm.force in ("soft", "none") and rule.effect != "indicator":
            errors.append(f"{where}.effect: {norm.id} only recommends, so the effect must be indicator")
    if rule.category not in registry().categories:
        errors.append(f"{where}.category: {rule.category!r} is not in the registry")
    if not 1 <= rule.harm <= 5:
        errors.append(f"{where}.harm: must be 1 to 5")
    if (
        isinstance(rule.op, HoursOp | CountOp | SpacingOp)
        and not rule.working_value
        and rule.source not in pack.sources
    ):
        errors.append(f"{where}.source: every number needs a source of pack.yaml")
    if {f.expect == "met" for f in rule.fixtures} != {True, False}:
        errors.append(f"{where}.fixtures: needs one case just inside and one just outside")
    _placeholders(f"{where}.explain", rule.explain, errors)
    _clauses(f"{where}.also", rule.also, pack, errors)
    if isinstance(rule.op, HoursOp) and rule.op.hours.holiday != "normal" and not pack.holidays:
        errors.append(f"{where}.holiday: the pack has no calendar")


def _contradictions(pack: Pack, errors: list[str]) -> None:
    """Two rules of one category with the same selection and operator but another value need ``overrides``."""
    for i, rule in enumerate(pack.rules):
        for other in pack.rules[i + 1 :]:
            same = (rule.category, rule.norm, rule.select, rule.per, type(rule.op)) == (
                other.category,
                other.norm,
                other.select,
                other.per,
                type(other.op),
            )
            windows = [r.op.limit.window for r in (rule, other) if isinstance(r.op, CountOp)]
            if same and len(set(windows)) < 2 and rule.id not in other.overrides and other.id not in rule.overrides:
                errors.append(f"rules.yaml.rules[{other.id}]: contradicts {rule.id}; say which one overrides")


def _conduct(pack: Pack, errors: list[str]) -> None:
    known = registry()
    for conduct in pack.conduct.values():
        where = f"conduct.yaml.conduct[{conduct.category}]"
        if conduct.category not in known.categories:
            errors.append(f"{where}.category: is not in the registry")
        if not 1 <= conduct.harm <= 5:
            errors.append(f"{where}.harm: must be 1 to 5")
        if conduct.legal == "criminal" and not conduct.human_confirm:
            errors.append(f"{where}.human_confirm: must be true for a criminal category")
        if not conduct.entries:
            errors.append(f"{where}.entries: names no clause")
        _clauses(f"{where}.entries", conduct.entries, pack, errors)
        _placeholders(f"{where}.explain", conduct.explain, errors)
    for label in known.labels:
        if label not in pack.conduct:
            errors.append(f"conduct.yaml: says nothing about {label}")


def _clauses(where: str, clauses: Iterable[Clause | ConductEntry], pack: Pack, errors: list[str]) -> None:
    for clause in clauses:
        _known_norm(where, clause.norm, pack, errors)


def _known_norm(where: str, norm: str, pack: Pack, errors: list[str]) -> bool:
    if norm in pack.norms:
        return True
    errors.append(f"{where}: the norm {norm!r} is not in norms.yaml")
    return False


def _placeholders(where: str, texts: Texts, errors: list[str]) -> None:
    for language, text in texts.items():
        for name in _PLACEHOLDER.findall(text):
            if name not in schema.PLACEHOLDERS:
                errors.append(f"{where}.{language}: unknown placeholder {{{name}}}")
