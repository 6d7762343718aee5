"""Boxes onto pages: what fits, what moves on, and headings that stay with what they head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from complaints.pdf.boxes import Box, NewPage
from complaints.pdf.report import PdfError
from complaints.pdf.sheet import BODY_HEIGHT, BODY_TOP, BODY_WIDTH, LEFT, Sheet


def _groups(boxes: Iterable[Box]) -> Iterator[list[Box]]:
    """Each box together with those before it that must stay on its page."""
    group: list[Box] = []
    for box in boxes:
        group.append(box)
        if not box.keep:
            yield group
            group = []
    if group:
        yield group


class Flow:
    """The place on the current page where the next box goes."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.used = 0.0
        self.gap = 0.0

    @property
    def fresh(self) -> bool:
        """True when nothing stands on this page yet."""
        return self.used == 0

    def turn(self) -> None:
        """End this page."""
        self.sheet.end_page()
        self.used = self.gap = 0.0

    def _space(self, box: Box) -> float:
        return 0.0 if self.fresh else max(self.gap, box.before)

    def reserve(self, group: list[Box]) -> None:
        """Turn the page unless the group's first part fits here."""
        need = self._space(group[0])
        for box, following in pairwise(group):
            need += box.least(BODY_WIDTH) + max(box.after, following.before)
        need += group[-1].least(BODY_WIDTH)
        if not self.fresh and self.used + need > BODY_HEIGHT:
            self.turn()

    def put(self, box: Box) -> None:
        """Draw ``box`` here and on as many further pages as it takes."""
        following: Box | None = box
        while following is not None:
            space = self._space(following)
            fit = following.fit(BODY_WIDTH, BODY_HEIGHT - self.used - space, self.fresh)
            if fit is None:
                if self.fresh:
                    raise PdfError(f"nothing of {type(following).__name__} fits on an empty page")
                self.turn()
                continue
            fit.paint(self.sheet, LEFT, BODY_TOP - self.used - space)
            self.used += space + fit.height
            self.gap = following.after
            following = fit.rest
            if following is not None:
                self.turn()


def flow(boxes: Iterable[Box], sheet: Sheet) -> None:
    """Put ``boxes`` on pages in order. A document without any text still has one page."""
    place = Flow(sheet)
    for group in _groups(boxes):
        if isinstance(group[0], NewPage):
            if not place.fresh:
                place.turn()
            continue
        place.reserve(group)
        for box in group:
            place.put(box)
    if not place.fresh or sheet.page == 1:
        place.turn()
