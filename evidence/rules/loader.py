"""From a folder of YAML to a checked :class:`evidence.rules.model.Pack`. A pack holds data only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from evidence.errors import PackInvalid
from evidence.i18n import gettext as _
from evidence.rules import reader, schema
from evidence.rules.model import LegalSource, Pack
from evidence.rules.read_law import read_conduct, read_duty, read_norm, read_recording
from evidence.rules.read_rule import read_rule
from evidence.rules.reader import Node
from evidence.rules.validation import check

FILES = ("pack.yaml", "norms.yaml", "rules.yaml", "conduct.yaml", "recording.yaml")
_HERE = Path(__file__).parent


def countries() -> tuple[str, ...]:
    """The jurisdictions that have a pack."""
    return tuple(sorted(p.parent.name for p in _HERE.glob("*/pack.yaml")))


@cache
def load_pack(country: str) -> Pack:
    """The shipped pack of a country (``cn``). Raises ``PackInvalid``, also when there is none."""
    if country not in countries():
        known = ", ".join(countries())
        raise PackInvalid(
            _("There is no rule pack for {country}. There are: {known}.").format(country=country, known=known)
        )
    return load_pack_from(_HERE / country)


def load_pack_from(folder: Path) -> Pack:
    """The pack in a folder. Raises ``PackInvalid`` with every fault, one a line, each with file and place."""
    errors: list[str] = []
    data: dict[str, Node] = {}
    for name in FILES:
        path = folder / name
        if not path.is_file():
            errors.append(f"{name}: is missing")
            continue
        try:
            raw = path.read_bytes()
        except OSError as error:
            errors.append(f"{name}: {error.strerror}")
            continue
        value = reader.parse(raw, name, errors)
        if value is None and not errors:
            errors.append(f"{name}: is empty")
        if value is not None:
            data[name] = Node(value, name, errors)
    others = sorted(folder.iterdir()) if folder.is_dir() else []
    errors += [f"{p.name}: unknown file" for p in others if p.name not in FILES]
    if len(data) < len(FILES):
        _refuse(folder, errors)
    pack = _build(folder, data, errors)
    if not errors:
        check(pack, errors)
    if errors:
        _refuse(folder, errors)
    return pack


def pack_hash(folder: Path) -> str:
    """SHA-256 over ``sha256sum``-style lines (digest, two blanks, name) of the pack's files in name order."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(FILES)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def stale_banner(pack: Pack, today: date) -> str | None:
    """The sentence that must stand on every output once the pack is past its review date; else None."""
    if today <= pack.review_by:
        return None
    text = _(
        "The legal rules used here were last reviewed on {reviewed} and should have been reviewed again by {due}. "
        "Check that they still hold."
    )
    return text.format(reviewed=pack.reviewed_on.isoformat(), due=pack.review_by.isoformat())


def _refuse(folder: Path, errors: list[str]) -> None:
    head = _("The rule pack {name} is not valid:").format(name=folder.name)
    raise PackInvalid("\n".join([head, *errors]))


def _build(folder: Path, data: Mapping[str, Node], errors: list[str]) -> Pack:
    header = data["pack.yaml"]
    if header.integer("schema", 0) > schema.SCHEMA:
        header.error(f"this program reads schema {schema.SCHEMA}; update it to read this pack", "schema")
    languages = header.words("languages") or ("en",)
    zone = header.child("time_zone") or Node({}, "pack.yaml.time_zone", errors)
    derived = header.child("derived") or Node({}, "pack.yaml.derived", errors)
    far = date.max
    pack = Pack(
        id=header.text("id"),
        version=header.text("version"),
        released=header.day("released", True) or far,
        reviewed_on=header.day("reviewed_on", True) or far,
        review_by=header.day("review_by", True) or far,
        jurisdiction=header.text("jurisdiction"),
        name=header.texts("name", languages),
        disclaimer=header.texts("disclaimer", languages),
        languages=languages,
        currency=header.text("currency"),
        zone_source=zone.word("source", schema.ZONE_SOURCES),
        zone=zone.text("default"),
        week_starts=header.word("week_starts", ("mon", "sun"), "mon"),
        granularity_s=header.number("granularity_s", 60.0),
        conversation_min_s=derived.number("conversation_min_s", 20.0),
        reached_within_days=derived.integer("reached_within_days", 3),
        maintainers=header.words("maintainers"),
        sources=_by_id([_source(node) for node in header.children("sources")], header),
        norms=_by_id([read_norm(node, languages) for node in data["norms.yaml"].children("norms")], data["norms.yaml"]),
        rules=tuple(read_rule(node, languages, header) for node in data["rules.yaml"].children("rules")),
        conduct={c.category: c for c in (read_conduct(n, languages) for n in data["conduct.yaml"].children("conduct"))},
        recording=read_recording(data["recording.yaml"], languages),
        duties=tuple(read_duty(node, languages) for node in data["rules.yaml"].children("collector_duty")),
        holidays=_holidays(header),
        hash=pack_hash(folder),
        debt_words=tuple(_debt_words(node) for node in header.children("debt_words")),
    )
    zone.done()
    derived.done()
    for node in data.values():
        node.done()
    return pack


def _source(node: Node) -> LegalSource:
    source = LegalSource(
        node.text("id"),
        node.word("kind", schema.SOURCE_KINDS),
        node.text("title"),
        node.text("publisher", ""),
        node.text("url", ""),
        node.day("read_on"),
        node.day("text_date"),
    )
    node.done()
    return source


def _debt_words(node: Node) -> tuple[str, tuple[str, ...]]:
    found = (node.word("type", schema.SCOPE_VALUES["debt_type"]), node.words("words"))
    node.done()
    return found


def _holidays(header: Node) -> dict[int, frozenset[date]]:
    years: dict[int, frozenset[date]] = {}
    for node in header.children("holidays"):
        value: Any = node.raw("days", required=True)
        days = [d for d in value if isinstance(d, date)] if isinstance(value, list) else []
        if not isinstance(value, list) or len(days) != len(value):
            node.error("must be a list of days YYYY-MM-DD", "days")
        years[node.integer("year")] = frozenset(days)
        node.done()
    return years


def _by_id(items: list[Any], node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if item.id in found:
            node.error(f"the id {item.id} twice")
        found[item.id] = item
    return found
