"""The sentences of a country's dossiers as data, and how values are set into them.

``<country>.yaml`` holds texts under dotted keys, ``<country>-norms.yaml`` the clauses that may be cited with a
gist in our own words. A text is a ``str.format`` pattern; values are set in as spans of their own, so a value
is never read as a pattern and stays marked as foreign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, cast

from complaints.blocks import Span, Spans
from evidence.errors import PackInvalid
from evidence.i18n import gettext as _

Value = str | int | Span | Spans
_ROOT = Path(__file__).parent
_CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
_CITABLE = {"V1", "V2", "primary", "secondary_multi"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: how to cite it and what it says, in our own words. ``mark`` as in the law notes."""

    cite: str
    gist: str
    mark: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm with its clauses; ``reference`` ones recommend and are cited as 参照."""

    id: str
    title: str
    reference: bool
    mark: str
    clauses: Mapping[str, Clause]


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts and norms of one country."""

    texts: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    norms: Mapping[str, Norm]

    def plain(self, key: str, **values: object) -> str:
        """The text at ``key`` with values set in, as one string of the program's own words."""
        return self.texts[key].format(**values)

    def spans(self, key: str, **values: Value) -> Spans:
        """The text at ``key`` as spans; each value keeps its own type (foreign, marked, linked)."""
        return fill(self.texts[key], values)

    def word(self, group: str, key: str | None) -> str:
        """One word of a list (``kinds.sms``), or the list's own word for anything else (``kinds.other``)."""
        words = self.groups[group]
        return words.get(key or "", words["other"])

    def known(self, group: str, key: str) -> bool:
        """Whether a list has a word for ``key``."""
        return key in self.groups[group]


def fill(pattern: str, values: Mapping[str, Value]) -> Spans:
    """``pattern`` with its ``{fields}`` replaced by values; raises KeyError for a field without value."""
    found: list[Span] = []
    for literal, name, _spec, _conversion in Formatter().parse(pattern):
        if literal:
            found.append(Span(literal))
        if name is not None:
            found.extend(as_spans(values[name]))
    return tuple(found)


def as_spans(value: Value) -> Spans:
    """Any value that can stand in a sentence."""
    if isinstance(value, Span):
        return (value,)
    if isinstance(value, tuple):
        return value
    return (Span(value if isinstance(value, str) else str(value)),) if value != "" else ()


def joined(parts: list[Spans], separator: str) -> Spans:
    """Span runs one after the other with a separator between them."""
    found: list[Span] = []
    for i, part in enumerate(parts):
        if i:
            found.append(Span(separator))
        found.extend(part)
    return tuple(found)


def plain_text(spans: Spans) -> str:
    """The characters alone."""
    return "".join(span.text for span in spans)


def in_chinese(text: str) -> bool:
    """Whether a text of the rule pack is in the language of the document."""
    return _CHINESE.search(text) is not None and _ENGLISH.search(text) is None


def citable(verification: str) -> bool:
    """Whether a clause is verified well enough to stand in a filing."""
    return verification in _CITABLE


def gist(norm: Norm, cite: str, category: str) -> str:
    """What the clauses named in ``cite`` say, joined; what a clause says on ``category`` goes before the general."""
    found = []
    plain = _bare(cite)
    for key, clause in norm.clauses.items():
        general, _at, special = key.partition("@")
        if special not in ("", category) or (not special and f"{general}@{category}" in norm.clauses):
            continue
        if clause.gist and (_bare(clause.cite) in plain if clause.cite else special == category):
            found.append(clause.gist)
    return "；".join(dict.fromkeys(found))


def _bare(cite: str) -> str:
    return re.sub(r"[\s（）()]", "", cite)


@cache
def load(country: str) -> Wording:
    """The wording of a country.

    :raises PackInvalid: when its files are missing or not of the expected shape
    """
    texts = _mapping(_ROOT / f"{country}.yaml")
    norms = _mapping(_ROOT / f"{country}-norms.yaml")
    flat, groups = {}, {}
    for key, value in texts.items():
        if isinstance(value, str):
            flat[key] = value
        elif isinstance(value, dict) and "other" in value and all(isinstance(v, str) for v in value.values()):
            groups[key] = {str(k): v for k, v in value.items()}
        else:
            raise PackInvalid(_("The wording “{key}” is neither a text nor a list with “other”.").format(key=key))
    return Wording(flat, groups, {key: _norm(key, value) for key, value in norms.items()})


def _norm(key: str, value: Any) -> Norm:
    try:
        clauses = {str(c): Clause(v["cite"], v["gist"], v["mark"]) for c, v in value.get("clauses", {}).items()}
        norm = Norm(key, value["title"], bool(value["reference"]), value["mark"], clauses)
    except (KeyError, TypeError, AttributeError) as error:
        raise PackInvalid(_("The norm “{key}” is not complete: {why}").format(key=key, why=error)) from error
    weak = [c for c, clause in clauses.items() if not citable(clause.mark)]
    if weak or not citable(norm.mark):
        raise PackInvalid(_("The norm “{key}” is not verified well enough to be cited.").format(key=key))
    return norm


def _mapping(path: Path) -> dict[str, Any]:
    import yaml

    try:
        value = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        why = _("The wording file {file} cannot be read: {why}").format(file=path.name, why=error)
        raise PackInvalid(why) from error
    if not isinstance(value, dict):
        raise PackInvalid(_("The wording file {file} is not a mapping.").format(file=path.name))
    return cast("dict[str, Any]", value)
