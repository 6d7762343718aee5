"""A dossier becomes Markdown in the dialect of :mod:`complaints.markdown`. The only module that knows Jinja2.

Templates hold the fixed text. Everything else reaches them through two filters: ``md`` writes words as inline
Markdown with every significant character escaped, ``json`` writes a block as one JSON object for a fence. The
same dossier gives the same bytes each time.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from complaints.blocks import Cell, Span, Spans, Table
from complaints.models import Dossier, Foreign
from complaints.wording import load
from evidence.errors import MissingPart
from evidence.i18n import gettext as _

if TYPE_CHECKING:
    from jinja2 import Environment

    from complaints.recipients.schema import Recipient

_PUNCTUATION = str.maketrans({c: "\\" + c for c in string.punctuation})
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_RAW_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NO_PAGE = "—"
HIDDEN = "【原文】"


def template_root() -> Path:
    """The folder of the templates: inside the installed package, else beside the checkout's ``pyproject.toml``.

    :raises MissingPart: when there is neither
    """
    packaged = Path(str(files("complaints"))) / "templates"
    if packaged.is_dir():
        return packaged
    checkout = Path(str(files("complaints"))).parent
    if (checkout / "templates").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout / "templates"
    raise MissingPart(_("The templates of the documents are not installed."))


def render_markdown(dossier: Dossier, recipient: Recipient, pages: Mapping[str, int] | None = None) -> str:
    """The Markdown of a dossier for ``recipient``.

    ``pages`` maps anchors to page numbers of an earlier PDF pass; without it the page column shows a dash.

    :raises jinja2.TemplateError: for a slot without value (a template's mistake)
    """
    return _render(dossier, recipient.template, pages)


def own_words(dossier: Dossier) -> str:
    """The same Markdown with every foreign text replaced by a placeholder: what the program itself says."""
    return _render(_hidden(dossier), dossier.template, None)


def _render(dossier: Dossier, name: str, pages: Mapping[str, int] | None) -> str:
    text = (
        _environment()
        .get_template(name)
        .render(
            d=dossier,
            catalogue=_with_pages(dossier, pages, load(name.partition("/")[0]).plain("head_page")),
            page_of=(pages or {}).get,
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def md(value: str | int | Spans) -> str:
    """Words as inline Markdown that says nothing but these words: every punctuation character is escaped and
    every run of blanks and control characters is one space. Spans keep their mark and link."""
    if isinstance(value, tuple):
        return "".join(_span(span) for span in value)
    return _escaped(str(value))


def to_json(value: object) -> str:
    """A block as one line of JSON, without the values that are defaults."""
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    text = _SURROGATES.sub("\ufffd", text)
    return _RAW_IN_JSON.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def ordinal(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Autoescape would write HTML entities; the output is Markdown, and ``md`` and ``json`` escape for that.
    made = Environment(
        loader=FileSystemLoader(template_root(), encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="{##",  # a heading's anchor begins with {#
        comment_end_string="##}",
    )
    made.filters.update({"md": md, "json": to_json, "ordinal": ordinal})
    return made


def _span(span: Span) -> str:
    text = _escaped(span.text)
    if not text:
        return ""
    if span.mark:
        text = f"=={text}=="
    return f"[{text}]({span.href})" if span.href else text


def _escaped(text: str) -> str:
    text = _SURROGATES.sub("\ufffd", _BLANKS.sub(" ", text))
    return text.translate(_PUNCTUATION)


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Span) and value == Span(value.text):
            return str(value.text)
        pairs = ((f.name, getattr(value, f.name), f.default) for f in fields(value))
        return {name: _plain(got) for name, got, default in pairs if got != default}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _with_pages(dossier: Dossier, pages: Mapping[str, int] | None, header: str) -> Table:
    """The catalogue with the page of each exhibit."""
    table = dossier.catalogue
    rows = []
    for row, exhibit in zip(table.rows, dossier.exhibits, strict=True):
        page = (pages or {}).get(exhibit.anchor)
        rows.append((*row, Cell((Span(str(page) if page else _NO_PAGE),))))
    share = 0.07
    return replace(
        table,
        header=(*table.header, Cell((Span(header),))),
        rows=tuple(rows),
        widths=(*(w * (1 - share) for w in table.widths), share),
        aligns=(*table.aligns, "centre"),
    )


def _hidden(value: Any) -> Any:
    """``value`` with every foreign text replaced, so that only the program's own words are left."""
    if isinstance(value, Foreign):
        return Foreign(HIDDEN) if value else value
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _hidden(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, tuple):
        return tuple(_hidden(item) for item in value)
    return value
