"""Where a line may end: Chinese rules for punctuation, whole words, and long strings cut when they must be.

The tables follow what GB/T 15834-2011 (punctuation) says about line starts and ends: closing marks do not
begin a line, opening marks do not end one, a dash or an ellipsis is not divided.
"""

from __future__ import annotations

from collections.abc import Sequence

# The escapes are full-width forms that look like ASCII: tortoise-shell and square brackets, braces, signs.
NO_START = frozenset(
    "!'),.:;?]}、。，：；？！）】》〉」』〗’”…—·～‰℃°-/﹐﹑﹒﹔﹕﹖﹗｡､\u3015\uff02\uff05\uff07\uff0e\uff3d\uff5d"
)
NO_END = frozenset("([{（【《〈「『〖‘“￥¥$#@№§\u3014\uff03\uff04\uff20\uff3b\uff5b")
_IN_WORD = frozenset("%&+-_=./:@#~?")
_SOFT = frozenset("/?&=._-")
_CJK = "\u2e80"
_EPSILON = 1e-6


def _word(char: str) -> bool:
    return char in _IN_WORD or (char < _CJK and char.isalnum())


def _punctuation_bars(text: str, k: int) -> bool:
    return text[k] in NO_START or text[k - 1] in NO_END


def _bars(text: str, k: int, loose: Sequence[bool] | None) -> bool:
    """True when no line may begin at ``k``."""
    if _punctuation_bars(text, k):
        return True
    if loose is not None and loose[k] and loose[k - 1]:
        return False
    return _word(text[k - 1]) and _word(text[k])


def _run_start(text: str, widths: Sequence[float], start: int, k: int, rest: float) -> int:
    """Where the letters or digits around ``k`` begin, or ``start`` when a line has no room for all of them."""
    low = high = k
    while low > start and _word(text[low - 1]) and text[low - 1] not in _SOFT:
        low -= 1
    total = sum(widths[low:k])
    while total <= rest and high < len(text) and _word(text[high]) and text[high] not in _SOFT:
        total += widths[high]
        high += 1
    return low if total <= rest + _EPSILON else start


def _cut_in_word(text: str, widths: Sequence[float], start: int, k: int, rest: float) -> int:
    """A cut at or before ``k`` inside a string too long for a line: after a separator when one is near, and not
    inside digits or letters that have room on a line of their own."""
    near = max(start + 1, k - max(4, (k - start) // 4))
    for cut in range(k, near, -1):
        if text[cut - 1] in _SOFT and text[cut] not in NO_START:
            return cut
    cut = _run_start(text, widths, start, k, rest)
    if cut > start and not _punctuation_bars(text, cut):
        return cut
    cut = k
    while cut > start + 1 and _punctuation_bars(text, cut):
        cut -= 1
    return cut if not _punctuation_bars(text, cut) else k


def _too_long(text: str, widths: Sequence[float], k: int, end: int, rest: float) -> bool:
    """True when ``k`` lies inside a string without break that is wider than a line."""
    low, high, total = k, k, 0.0
    while total <= rest and low > 0 and _word(text[low - 1]):
        low -= 1
        total += widths[low]
    left = low < k
    while total <= rest and high < end and _word(text[high]):
        total += widths[high]
        high += 1
    return left and total > rest and _word(text[k])


def _cut(
    text: str,
    widths: Sequence[float],
    span: tuple[int, int, int],
    rest: float,
    loose: Sequence[bool] | None,
) -> int:
    """Where to end a line; ``span`` is its start, the first character that has no room, the segment's end."""
    start, full, end = span
    k = full
    while k > start + 1 and _bars(text, k, loose):
        k -= 1
    allowed = not _bars(text, k, loose)
    if allowed and k == full:
        return k
    if not allowed or _too_long(text, widths, full, end, rest):
        return _cut_in_word(text, widths, start, full, rest)
    return k


def _break_segment(
    text: str, widths: Sequence[float], begin: int, end: int, limits: tuple[float, float], loose: Sequence[bool] | None
) -> list[tuple[int, int]]:
    """Lines of one stretch without line feeds; ``limits`` are the widths of its first and other lines."""
    lines: list[tuple[int, int]] = []
    i = begin
    while i < end:
        limit, total, j = limits[bool(lines)], 0.0, i
        while j < end and total + widths[j] <= limit + _EPSILON:
            total += widths[j]
            j += 1
        j = max(j, i + 1)
        while j < end and text[j] == " ":
            j += 1
        stop = end
        if j < end:
            stop = j = _cut(text, widths, (i, j, end), limits[1], loose)
            while stop > i and text[stop - 1] == " ":
                stop -= 1
        lines.append((i, stop))
        while j < end and text[j] == " ":
            j += 1
        i = j
    return lines or [(begin, end)]


def break_text(
    text: str, widths: Sequence[float], first: float, rest: float, loose: Sequence[bool] | None = None
) -> list[tuple[int, int, bool]]:
    """Divide ``text`` into lines ``(start, end, ends_paragraph)``.

    ``widths`` has the width of each character; ``first`` and ``rest`` are the widths of the first and of the
    other lines, in the same unit. ``loose`` marks characters between which any break is allowed (hashes,
    account numbers). A line feed ends a line. Spaces at a break belong to no line.
    """
    lines: list[tuple[int, int, bool]] = []
    begin = 0
    while begin <= len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        pieces = _break_segment(text, widths, begin, end, (rest if lines else first, rest), loose)
        lines += [(a, b, n == len(pieces)) for n, (a, b) in enumerate(pieces, 1)]
        begin = end + 1
    return lines
