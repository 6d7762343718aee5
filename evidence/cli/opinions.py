"""How `read --second-opinion` shows where two engines differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidence import console
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.reading import ReadReport
from evidence.secondopinion import Opinion


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What the other engine read in this run, and all places where the two differ now."""

    report: ReadReport
    opinions: tuple[Opinion, ...]

    def body(self) -> dict[str, Any]:
        """For JSON: ``second_read``, and ``differences`` with both texts, their deciding parts and the box."""
        return {
            "second_read": self.report.read,
            "differences": [
                {
                    "picture": opinion.picture.name,
                    "sha256": opinion.picture.sha256,
                    "box": list(place.box),
                    "first": {
                        "engine": opinion.first.engine, "reading": opinion.first.id, "text": place.first,
                        "lines": list(place.first_lines), "only": list(place.only_first),
                    },
                    "second": {
                        "engine": opinion.second.engine, "reading": opinion.second.id, "text": place.second,
                        "lines": list(place.second_lines), "only": list(place.only_second),
                    },
                }
                for opinion in self.opinions
                for place in opinion.places
            ],
        }  # fmt: skip

    def say(self) -> None:
        """For people: a count, then each place with both texts."""
        read = self.report.read
        words = ngettext(
            "{n} picture read with the second engine.", "{n} pictures read with the second engine.", read
        ).format(n=read)
        console.say(words)
        count = sum(len(opinion.places) for opinion in self.opinions)
        if not count:
            console.say(_("The two engines agree on every amount, number and date."))
            return
        words = ngettext(
            "The engines differ in an amount, number or date in {n} place; look at the picture:",
            "The engines differ in an amount, number or date in {n} places; look at the pictures:",
            count,
        ).format(n=count)
        console.say(words)
        for opinion in self.opinions:
            console.say(f"{console.one_line(opinion.picture.name)}  {opinion.picture.sha256[:12]}")
            for place in opinion.places:
                at = _("at {x}, {y}").format(x=round(place.box[0]), y=round(place.box[1]))
                console.say(f"  {at}")
                for engine, text in ((opinion.first.engine, place.first), (opinion.second.engine, place.second)):
                    shown = console.one_line(text, 200) if text is not None else _("(nothing read)")
                    console.say(f"    {engine}: {shown}")
