"""Fenced blocks of a template: one JSON object becomes one block of :mod:`complaints.blocks`.

JSON keeps evidence text away from Markdown syntax. A template's slip is named here and not printed wrongly later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Literal, NoReturn
from unicodedata import east_asian_width

from complaints.blocks import (
    Align,
    Bar,
    BarChart,
    Block,
    Cell,
    Figure,
    HeatMap,
    Message,
    Table,
    Transcript,
)
from complaints.jsonfields import FenceError, Fields, Json, as_count, as_number, as_spans, as_text, check_anchor, wrong
from evidence.i18n import gettext as _

Direction = Literal["in", "out", "unknown"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ALIGNS: dict[str, Align] = {"left": "left", "centre": "centre", "right": "right"}
_DIRECTIONS: dict[str, Direction] = {"in": "in", "out": "out", "unknown": "unknown"}


def read(kind: str, text: str) -> Block:
    """The block that the fence ``kind`` with the JSON ``text`` describes.

    :raises FenceError: for an unknown kind, bad JSON, an unknown, missing or wrongly shaped key
    """
    if kind not in _READERS:
        raise FenceError(_("unknown kind of block “{kind}”").format(kind=kind))
    try:
        value: Json = json.loads(text, parse_constant=_no_constant)
    except FenceError:
        raise
    except json.JSONDecodeError as error:
        raise FenceError(_("bad JSON: {detail}").format(detail=error.msg), error.lineno) from error
    except (RecursionError, ValueError) as error:  # nested too deeply; a number of thousands of digits
        raise FenceError(_("bad JSON: {detail}").format(detail=error)) from error
    return _READERS[kind](Fields(value))


def default_widths(rows: tuple[tuple[Cell, ...], ...]) -> tuple[float, ...]:
    """Shares of the line by the longest text of each column, kept between 4 and 36 columns wide."""
    widest = [4.0] * len(rows[0])
    for row in rows:
        for i, cell in enumerate(row):
            length = sum(2 if east_asian_width(c) in "WF" else 1 for span in cell.spans for c in span.text)
            widest[i] = min(36.0, max(widest[i], float(length)))
    total = sum(widest)
    return tuple(w / total for w in widest)


def _no_constant(name: str) -> NoReturn:
    raise FenceError(_("{name} is not a number that can be printed").format(name=name))


def _cell(value: Json, key: str) -> Cell:
    if isinstance(value, dict) and "spans" in value:
        f = Fields(value)
        cell = Cell(f.spans("spans"), f.flag("mono"))
        f.done()
        return cell
    return Cell(as_spans(value, key))


def _row(value: Json, key: str) -> tuple[Cell, ...]:
    if not isinstance(value, list):
        raise wrong(key)
    return tuple(_cell(v, key) for v in value)


def _align(value: Json) -> Align:
    text = as_text(value, "aligns")
    if text not in _ALIGNS:
        raise wrong("aligns")
    return _ALIGNS[text]


def _same_length(found: int, wanted: int, key: str) -> None:
    if found != wanted:
        raise FenceError(
            _("“{key}” has {found} entries where {wanted} are needed").format(key=key, found=found, wanted=wanted)
        )


def _table(f: Fields) -> Block:
    header = _row(f.any("header"), "header")
    if not header:
        raise wrong("header")
    rows = tuple(_row(v, "rows") for v in f.list("rows"))
    for row in rows:
        _same_length(len(row), len(header), "rows")
    widths = tuple(as_number(v, "widths") for v in f.list("widths", optional=True)) or default_widths((header, *rows))
    _same_length(len(widths), len(header), "widths")
    if min(widths) <= 0:
        raise wrong("widths")
    left: Align = "left"
    aligns = tuple(_align(v) for v in f.list("aligns", optional=True)) or (left,) * len(header)
    _same_length(len(aligns), len(header), "aligns")
    anchors = tuple(as_text(v, "row_anchors") for v in f.list("row_anchors", optional=True))
    if anchors:
        _same_length(len(anchors), len(rows), "row_anchors")
    table = Table(header, rows, widths, aligns, f.text("caption", ""), tuple(a and check_anchor(a) for a in anchors))
    f.done()
    return table


def _figure(f: Fields) -> Block:
    sha256 = f.text("sha256")
    if not _SHA256.fullmatch(sha256):
        raise wrong("sha256")
    boxes = []
    for value in f.list("boxes", optional=True):
        if not isinstance(value, list) or len(value) != 4:
            raise wrong("boxes")
        x0, y0, x1, y1 = (as_number(v, "boxes") for v in value)
        boxes.append((x0, y0, x1, y1))
    figure = Figure(sha256, f.text("caption"), f.anchor("anchor"), tuple(boxes))
    f.done()
    return figure


def _bar(value: Json, series: int) -> Bar:
    f = Fields(value)
    bar = Bar(f.text("label"), tuple(as_number(v, "parts") for v in f.list("parts")))
    f.done()
    _same_length(len(bar.parts), series, "parts")
    if bar.parts and min(bar.parts) < 0:
        raise wrong("parts")
    return bar


def _bars(f: Fields) -> Block:
    series = tuple(as_text(v, "series") for v in f.list("series"))
    bars = tuple(_bar(v, len(series)) for v in f.list("bars"))
    limit = as_number(f.any("limit"), "limit") if f.has("limit") else None
    chart = BarChart(f.text("title"), series, bars, limit, f.text("limit_label", ""))
    f.done()
    return chart


def _heatmap(f: Fields) -> Block:
    rows = tuple(as_text(v, "row_labels") for v in f.list("row_labels"))
    columns = tuple(as_text(v, "column_labels") for v in f.list("column_labels"))
    values = []
    for row in f.list("values"):
        if not isinstance(row, list):
            raise wrong("values")
        _same_length(len(row), len(columns), "values")
        values.append(tuple(as_count(v, "values") for v in row))
    _same_length(len(values), len(rows), "values")
    heat = HeatMap(f.text("title"), rows, columns, tuple(values))
    f.done()
    return heat


def _message(value: Json) -> Message:
    f = Fields(value)
    direction = f.text("direction")
    if direction not in _DIRECTIONS:
        raise wrong("direction")
    message = Message(
        f.text("when"), f.text("who"), _DIRECTIONS[direction], f.spans("spans"), f.text("ref", ""), f.anchor("anchor")
    )
    f.done()
    return message


def _transcript(f: Fields) -> Block:
    transcript = Transcript(tuple(_message(v) for v in f.list("messages")), f.text("caption", ""))
    f.done()
    return transcript


_READERS: dict[str, Callable[[Fields], Block]] = {
    "table": _table,
    "figure": _figure,
    "bars": _bars,
    "heatmap": _heatmap,
    "transcript": _transcript,
}
