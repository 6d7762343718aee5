"""Why each hit was made, in words a person can check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.words import linear
from evidence.words.data import load
from evidence.words.detect import readings
from evidence.words.lexicon import Hint, lexicon
from evidence.words.model import MessageInput, WordHit
from evidence.words.sound import is_cloaked


@dataclass(frozen=True, slots=True)
class Explanation:
    """``words`` is the clause as written; ``reading`` how it was read when that differs, else None.

    ``lawful_zh``/``lawful_en`` say how the same thing is put lawfully. ``signs``, for a hit that no pattern made: the
    words and concepts that spoke most for it.
    """

    label: str
    rule: str
    words: str
    reading: str | None
    lawful_zh: str
    lawful_en: str
    signs: tuple[str, ...] = ()


def explain(hits: Iterable[WordHit], message: MessageInput) -> list[Explanation]:
    """One explanation per hit, in the order given."""
    views = readings(message)
    told = linear.scores(views, message)
    found = []
    for hit in hits:
        words = message.text[hit.start : hit.end]
        reading = None
        for view in views:
            text = "".join(
                char
                for char, start, end in zip(view.text, view.starts, view.ends, strict=True)
                if hit.start <= start and end <= hit.end
            )
            if is_cloaked(words, text):
                reading = text
        hint = _hint(hit)
        signs = told.why(hit.label) if told is not None and hit.rule.endswith("." + linear.RULE) else ()
        found.append(Explanation(hit.label, hit.rule, words, reading, hint.zh, hint.en, signs))
    return found


def _hint(hit: WordHit) -> Hint:
    if hit.label == "harass_after_objection":
        table = load("frames")["objection_hint"]
        return Hint(str(table["zh"]), str(table["en"]))
    if hit.rule.endswith("." + linear.RULE):
        return lexicon().weak_rule(hit.label).hint
    return lexicon().rule(hit.rule).hint
