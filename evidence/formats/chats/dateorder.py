"""Which number of ``03/04/2024`` is the day: settled by all dates of a file together, never by one (formats.md 3.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from evidence.errors import Unreadable
from evidence.formats.chats.chatclock import Order, day_of
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem

Numbers = tuple[int, int, int]
_ONE_DAY = 1
_EARLIEST_YEAR = 2009  # no program that exports chats as text is older


@dataclass(slots=True)
class _Track:
    """How one order fares: whether every date exists in it, how often it runs backwards by more than a day."""

    possible: bool = True
    last: date | None = None
    backwards: int = 0
    named: int = 0
    impossible_at: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """The order found, None where it stays open. ``ground`` says why, for a reader; ``asked``: an option is needed."""

    order: Order | None
    ground: str = ""
    asked: bool = False


@dataclass(slots=True)
class DateOrder:
    """Takes in the dates of a file in file order. ``candidates`` are the orders that its form allows.

    A date may run back by a day (messages that arrive late, a changed zone); running back further speaks against an
    order. ``known`` is a day that is sure for other reasons, such as the date in the name of a picture just sent.
    """

    candidates: tuple[Order, ...]
    seen: int = 0
    _tracks: dict[Order, _Track] = field(default_factory=dict)
    _differ: set[tuple[Order, Order]] = field(default_factory=set)
    _last: Numbers | None = None

    def __post_init__(self) -> None:
        self._tracks = {order: _Track() for order in self.candidates}

    def add(self, numbers: Numbers, place: str, known: date | None = None, weekday: int | None = None) -> None:
        """One more date; ``place`` is where it stands, ``weekday`` (Monday 0) what is written beside it."""
        self.seen += 1
        if numbers == self._last and known is None and weekday is None:
            return
        self._last = numbers
        days = {order: _day(numbers, order) for order in self.candidates}
        for order, day in days.items():
            track = self._tracks[order]
            if day is None:
                track.possible, track.impossible_at = False, track.impossible_at or place
                continue
            if track.last is not None and (track.last - day).days > _ONE_DAY:
                track.backwards += 1
            track.last = day
            track.named += day in (known,) or (weekday is not None and day.weekday() == weekday)
        for pair in combinations(self.candidates, 2):
            if days[pair[0]] != days[pair[1]]:
                self._differ.add(pair)

    def settle(self, stated: Order | None = None) -> Settled:
        """The order of the whole file: what is possible, then what runs forward, then names, then ``stated``."""
        tracks = self._tracks
        left = [order for order in self.candidates if tracks[order].possible]
        if not left:
            return Settled(self.candidates[0] if len(self.candidates) == 1 else None)
        if len(self.candidates) == 1:
            return Settled(left[0])
        if len(left) == 1:
            places = [tracks[order].impossible_at for order in self.candidates if order not in left]
            return Settled(left[0], _("another order gives dates that do not exist ({place})").format(place=places[0]))
        if not any(pair in self._differ for pair in combinations(left, 2)):
            return Settled(left[0], _("either order gives the same days"))
        forward = [order for order in left if not tracks[order].backwards]
        if len(forward) == 1:
            return Settled(forward[0], _("only in this order the dates of the file run forward"))
        named = sorted(forward or left, key=lambda order: tracks[order].named, reverse=True)
        if tracks[named[0]].named and not tracks[named[1]].named:
            n = tracks[named[0]].named
            words = ngettext(
                "only this order fits the day in the name of {n} attachment or beside {n} date",
                "only this order fits the days in the names of attachments or beside the dates ({n})",
                n,
            )
            return Settled(named[0], words.format(n=n))
        if stated in left:
            return Settled(stated, _("the file leaves it open; --date-order says so"))
        return Settled(None, asked=True)


class DateOrderOpen(Unreadable):
    """Day and month cannot be told apart: the file is read once a person has said the order."""

    code = "date_order_open"


def require_order(settled: Settled, seen: int) -> None:
    """Raises DateOrderOpen when the dates of a file with ``seen`` of them fit more than one order."""
    if settled.asked:
        message = _(
            "In this file day and month cannot be told apart: {n} dates fit more than one order. It is kept and not "
            "read. Look at one message on the phone, then import it again with --date-order dmy (day first), mdy "
            "(month first) or ymd (year first)."
        )
        raise DateOrderOpen(message.format(n=seen))


def order_problem(settled: Settled, stated: Order | None) -> Problem | None:
    """What to tell about the order of a file: the ground it was settled on, where there was a question."""
    if not settled.ground or settled.order is None:
        return None
    words = {"dmy": _("day, month, year"), "mdy": _("month, day, year"), "ymd": _("year, month, day")}
    text = _("The dates are read as {order}: {ground}.").format(order=words[settled.order], ground=settled.ground)
    if stated is not None and stated != settled.order:
        text += " " + _("--date-order said {stated}, which the file contradicts.").format(stated=words[stated])
    return Problem("date_order_settled", text, "", "file", "warning")


def candidates_of(year_first: bool, year_digits: int, separator: str = "") -> tuple[Order, ...]:
    """The orders that a date can have. A year of four digits shows itself.

    Of two digits it stands last with ``/`` and ``.``; only with ``-`` (15-01-20) some countries write it first.
    """
    if year_first or separator in ("年", "년"):
        return ("ymd",)
    return ("dmy", "mdy", "ymd") if year_digits == 2 and separator == "-" else ("dmy", "mdy")


def _day(numbers: Numbers, order: Order) -> date | None:
    year, month, day = day_of(numbers, order)
    try:
        return date(year, month, day) if year >= _EARLIEST_YEAR else None
    except ValueError:
        return None
