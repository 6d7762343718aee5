"""Sums of money as papers write them: ￥1,234.56, -1,200.00, 3.2万元, 壹仟贰佰元整."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {
    c: n
    for n, letters in enumerate(
        ("零〇", "一壹", "二贰两貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for c in letters
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERAL = "".join((*_DIGITS, *_SMALL, *_LARGE))
_FIGURES = r"(?:\d{1,3}(?:[,，]\s?\d{3})+|\d+)(?:\.\d{1,2})?"
_MINUS = "-\u2212\u2013"
SUM = re.compile(
    rf"(?P<sign>[{_MINUS}+]?)\s?(?P<mark>[¥￥]|(?:RMB|CNY)\s?|人民币\s?[¥￥]?)?\s?(?P<sign2>[{_MINUS}]?)\s?"
    rf"(?P<figures>{_FIGURES})(?!\d)\s?(?P<scale>[万萬亿億])?\s?(?P<unit>元|圆|块)?",
)
CHINESE_SUM = re.compile(
    rf"(?P<yuan>[{_NUMERAL}]+)[元圆圓](?:(?P<jiao>[{_NUMERAL}])角)?零?(?:(?P<fen>[{_NUMERAL}])分)?[整正]?"
)


def decimal_of(text: str) -> str | None:
    """The sum that ``text`` as a whole states, as decimal figures (``1234.56``, ``-1200.00``); None if it is none.

    The number of places stays as written; 万 and 亿 are multiplied out. A sum in figures needs no unit here.
    """
    text = text.strip()
    found = SUM.fullmatch(text)
    if found is not None:
        return _of_figures(found)
    written = CHINESE_SUM.fullmatch(re.sub(r"^人民币[:：]?", "", unicodedata.normalize("NFKC", text)).replace(" ", ""))
    return _of_letters(written) if written is not None else None


def sums_in(text: str) -> list[tuple[int, int, str]]:
    """Where sums with a currency sign or unit stand in ``text``, and the decimal figures of each."""
    found = []
    for match in SUM.finditer(text):
        if match["mark"] or match["unit"]:
            found.append((match.start(), match.end(), _of_figures(match)))
    for match in CHINESE_SUM.finditer(text):
        value = _of_letters(match)
        if value is not None:
            found.append((match.start(), match.end(), value))
    return sorted(found)


def numeral(letters: str) -> int | None:
    """The number that Chinese numerals write (``壹万贰仟零伍拾``); None for what is no number."""
    total = section = digit = 0
    for at, letter in enumerate(letters):
        if letter in _DIGITS:
            if digit and at:
                return None  # two figures in a row: a list of digits, not a number
            digit = _DIGITS[letter]
        elif letter in _SMALL:
            section += (digit or 1) * _SMALL[letter]
            digit = 0
        elif letter in _LARGE:
            section += digit
            if not section and not total:
                return None
            total = (total + section) * _LARGE[letter] if _LARGE[letter] == 10**8 else total + section * _LARGE[letter]
            section = digit = 0
        else:
            return None
    return total + section + digit if letters else None


def _of_figures(found: re.Match[str]) -> str:
    value = Decimal(re.sub(r"[,，\s]", "", found["figures"]))
    if found["scale"]:
        value *= _LARGE[found["scale"]]
        value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    sign = found["sign"] or found["sign2"]
    return f"{-value if sign and sign in _MINUS else value:f}"


def _of_letters(found: re.Match[str]) -> str | None:
    yuan = numeral(found["yuan"])
    if yuan is None:
        return None
    cents = 10 * (numeral(found["jiao"]) or 0 if found["jiao"] else 0) + (
        numeral(found["fen"]) or 0 if found["fen"] else 0
    )
    return f"{yuan}.{cents:02}"
