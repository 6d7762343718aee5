"""Whether a message is part of collecting a debt although its own words do not name one."""

from __future__ import annotations

from evidence.words.fold import base_view
from evidence.words.lexicon import Lexicon, matches
from evidence.words.model import MessageInput
from evidence.words.speakers import names_a_dunner
from evidence.words.view import View, is_han

CUTS = 3  # marks put between ideographs from which on a text is taken to be disguised


def said_to_collect(book: Lexicon, plain: View, message: MessageInput) -> bool:
    """From the speaker's name in a transcript, from a disguised spelling, or from what was said before."""
    if message.channel == "call" and names_a_dunner(message.text):
        return True
    if _disguised(plain, message.text):
        return True
    received = (base_view(earlier.text).text for earlier in message.context if earlier.direction == "in")
    return any(matches(book.groups["debt"], text) for text in received)


def _disguised(plain: View, text: str) -> bool:
    if len(plain.text) == len(text):
        return False
    cuts = 0
    for at in range(1, len(plain.text)):
        if plain.starts[at] > plain.ends[at - 1] and is_han(plain.text[at]) and is_han(plain.text[at - 1]):
            cuts += 1
    return cuts >= CUTS
