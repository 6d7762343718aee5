"""JSON values one to a line (NDJSON): a line that is damaged loses only itself."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from evidence.formats.json.jsonstream import DEPTH_LIMIT, VALUE_LIMIT, Broken, Found, JsonNotes

_PIECE = 1 << 20


def lines(path: Path, notes: JsonNotes, prefix: str = "") -> Iterator[Found]:
    """The value of each line that is not blank, in UTF-8; ``place`` is its line number less 1.

    Bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD and are counted in ``notes``. ``Broken.at`` is
    the line number.
    """
    with closing(path.open("rb")) as stream:
        number = 0
        while line := stream.readline(VALUE_LIMIT):
            number += 1
            place = (number - 1,)
            if len(line) == VALUE_LIMIT and not line.endswith(b"\n"):
                _skip_line(stream)
                yield Found(prefix, place, _broken("too_large", number, notes))
            elif line := line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip():
                yield Found(prefix, place, _value(line, number, notes))


def _skip_line(stream: Any) -> None:
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        pass


def _broken(reason: str, number: int, notes: JsonNotes) -> Broken:
    notes.broken += 1
    return Broken(reason, number)


def _value(line: bytes, number: int, notes: JsonNotes) -> Any:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
        notes.bad_bytes += text.count("\ufffd")
        notes.first_bad_byte = notes.first_bad_byte or number
    try:
        value = json.loads(text, strict=False)
        return _clean(value, notes, 0)
    except RecursionError:
        return _broken("too_deep", number, notes)
    except ValueError:
        return _broken("broken", number, notes)


def _clean(value: Any, notes: JsonNotes, depth: int) -> Any:
    """Without halves of surrogate pairs, which no file or log can hold. Raises RecursionError for what is too deep."""
    if depth > DEPTH_LIMIT:
        raise RecursionError
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            text = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            notes.lone_surrogates += text.count("\ufffd")
            return text
        return value
    if isinstance(value, list):
        return [_clean(inner, notes, depth + 1) for inner in value]
    if isinstance(value, dict):
        return {_clean(key, notes, depth): _clean(inner, notes, depth + 1) for key, inner in value.items()}
    return value
