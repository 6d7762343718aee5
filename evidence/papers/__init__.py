"""Payment screens, contracts and letters in pictures: what kind they are and what stands on them.

Pure functions on the lines of an OCR reading; nothing is looked up and nothing is judged genuine or false.
"""

from __future__ import annotations

from collections.abc import Sequence

from evidence.models import Line
from evidence.papers.letters import read_letter
from evidence.papers.model import Field, Paper
from evidence.papers.receipts import read_receipt

__all__ = ["Field", "Paper", "read_paper"]


def read_paper(lines: Sequence[Line], size: tuple[int, int]) -> Paper | None:
    """The paper or payment that ``lines`` (in pixels of a picture of ``size``, in reading order) show.

    None when they show neither: a chat, a list, an empty picture.
    """
    if not lines or min(size) <= 0:
        return None
    return read_letter(lines) or read_receipt(lines)
