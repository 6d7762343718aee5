"""Transcripts with time codes: SubRip (SRT), WebVTT, and plain text as people type it.

Forms of a line that begins something::

    00:00:01,000 --> 00:00:03,500      SRT and VTT; the words stand on the lines below
    [00:01:23] 催收员: …                [01:23.5] …
    00:12 我：…                         00:00:12,500 …
    00:12-00:15 对方：…                 [00:12 --> 00:15] …
"""

from __future__ import annotations

import html
import re

from evidence.models import Line

_CODE = r"(?:(?:\d{1,3}:)?[0-5]?\d:[0-5]\d(?:[.,]\d{1,3})?)"
_ARROW = re.compile(rf"^\s*(?P<a>{_CODE})\s*-->\s*(?P<b>{_CODE})(?P<rest>.*)$")
_OPEN, _CLOSE = r"[\[(【（\u3014]", r"[\])】）\u3015]"
_SPAN = rf"(?P<a>{_CODE})(?:\s*(?:-->|->|[-–—~～至到])\s*(?P<b>{_CODE}))?"
_INLINE = re.compile(rf"^\s*(?:{_OPEN}\s*{_SPAN}\s*{_CLOSE})\s*(?P<text>.*)$")
_BARE = re.compile(rf"^\s*{_SPAN}(?=[\s:：\-–|]|$)[\s:：\-–|]*(?P<text>.*)$")
_SPEAKER = re.compile(
    r"^(?P<who>[^\s:：，。！？,.!?;；\[\]<>]{1,20}(?: [^\s:：，。！？,.!?]{1,15})?)\s*[:：]\s*(?P<text>.*)$", re.S
)
_VOICE = re.compile(r"^<v(?:\.[\w.-]+)?\s+(?P<who>[^>]{1,60})>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:[bius]|c|v|lang|ruby|rt|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}", re.IGNORECASE)
_VTT_BLOCK = re.compile(r"^(?:NOTE|STYLE|REGION)(?:\s|$)")
_HASH = re.compile(r"^\s*(?:[#;]|//|NOTE)?\s*sha-?256\s*[:：=]\s*(?P<hash>[0-9a-fA-F]{64})\s*$", re.IGNORECASE)
_HEAD_LINES = 30


def seconds(code: str) -> float:
    """``1:02:03,500``, ``02:03`` or ``02:03.5`` in seconds."""
    total = 0.0
    for part in code.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total, 3)


def stated_hash(text: str) -> str | None:
    """The recording's SHA-256 from a line ``# sha256: …`` among the first lines, in lower case, or None."""
    for line in text.splitlines()[:_HEAD_LINES]:
        match = _HASH.match(line)
        if match is not None:
            return match["hash"].lower()
    return None


def is_timed(text: str) -> bool:
    """Whether ``text`` is a transcript with time codes: WebVTT, SRT, or text whose codes begin most of its turns.

    A chat export or a list of appointments also has clock times; so the codes must begin the lines, must not run
    backwards, and the first line with words must have one.
    """
    lines = [line for line in text.splitlines() if line.strip() and not _is_comment(line)]
    if not lines:
        return False
    if lines[0].startswith("WEBVTT") or any(_ARROW.match(line) for line in lines[:3]):
        return any(_ARROW.match(line) for line in lines[:200])
    codes = [match for match in map(_start, lines[:200]) if match is not None]
    if _start(lines[0]) is None or len(codes) * 3 < len(lines[:200]):
        return False
    starts = [seconds(match["a"]) for match in codes]
    return starts == sorted(starts) and (len(starts) > 1 or _INLINE.match(lines[0]) is not None)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", ";", "//")) or _HASH.match(line) is not None


def _start(line: str) -> re.Match[str] | None:
    return _INLINE.match(line) or _BARE.match(line)


def parse_transcript(text: str) -> tuple[Line, ...]:
    """The lines of a transcript, in the order of the file, with seconds from the start of the recording.

    Speakers are kept as written (``催收员``, ``我``). ``end_s`` is None where the file states no end. Text without
    any time code gives an empty tuple. Lines without a code continue the line before.
    """
    text = text.removeprefix("\ufeff")
    rows = text.splitlines()
    if any(_ARROW.match(row) for row in rows):
        return _cues(rows)
    return _typed(rows)


def _cues(rows: list[str]) -> tuple[Line, ...]:
    """SRT and VTT: blocks between blank lines, each with one arrow line; what stands above it is its number."""
    out: list[Line] = []
    current: re.Match[str] | None = None
    words: list[str] = []
    block_ended = True
    for row in [*rows, ""]:
        match = _ARROW.match(row)
        if match is not None:
            # A number directly above belongs to this cue, not to the words of the one before.
            if words and words[-1].strip().isdecimal() and not block_ended:
                words.pop()
            _add_cue(out, current, words)
            current, words, block_ended = match, [], False
        elif not row.strip():
            _add_cue(out, current, words)
            current, words, block_ended = None, [], True
        elif current is not None and not _VTT_BLOCK.match(row):
            words.append(row.strip())
    return tuple(out)


def _add_cue(out: list[Line], cue: re.Match[str] | None, words: list[str]) -> None:
    if cue is None or not words:
        return
    out.extend(_line(part, seconds(cue["a"]), seconds(cue["b"])) for part in _turns(words))


def _turns(words: list[str]) -> list[str]:
    """The lines of one cue; a line that begins with a dash is a new speaker's, others continue."""
    turns: list[str] = []
    for row in words:
        if turns and not row.startswith(("- ", "– ", "—")):
            turns[-1] += "\n" + row
        else:
            turns.append(row)
    return [turn.removeprefix("- ").removeprefix("– ") for turn in turns]


def _typed(rows: list[str]) -> tuple[Line, ...]:
    """Text with a code at the beginning of each turn. Words before the first code are a line without seconds."""
    out: list[Line] = []
    current: re.Match[str] | None = None
    words: list[str] = []
    first = next((i for i, row in enumerate(rows) if not _is_comment(row) and _start(row)), len(rows))
    if first == len(rows):
        return ()
    before = "\n".join(row.strip() for row in rows[:first] if row.strip() and not _is_comment(row))
    if before:
        out.append(Line(before))
    for row in rows[first:]:
        match = None if _is_comment(row) else _start(row)
        if match is not None:
            _add_turn(out, current, words)
            current, words = match, [match["text"].strip()]
        elif row.strip() and not _is_comment(row):
            words.append(row.strip())
    _add_turn(out, current, words)
    return tuple(out)


def _add_turn(out: list[Line], code: re.Match[str] | None, words: list[str]) -> None:
    text = "\n".join(word for word in words if word)
    if code is not None and text:
        out.append(_line(text, seconds(code["a"]), seconds(code["b"]) if code["b"] else None))


def _line(text: str, start: float, end: float | None) -> Line:
    voice = _VOICE.match(text)
    plain = html.unescape(_TAG.sub("", text)).strip()
    if voice is not None:
        return Line(plain, None, None, start, end, html.unescape(voice["who"]).strip())
    match = _SPEAKER.match(plain)
    if match is not None and match["text"].strip() and not match["who"].isdecimal() and "//" not in match["text"][:2]:
        return Line(match["text"].strip(), None, None, start, end, match["who"])
    return Line(plain, None, None, start, end, None)


def reading_text(lines: tuple[Line, ...]) -> str:
    """The words of all lines, one under the other, without speakers: the text that quotes count in."""
    return "\n".join(line.text for line in lines)
