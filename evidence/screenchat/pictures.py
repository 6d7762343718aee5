"""Messages that several overlapping screenshots show: one event, linked by the pictures' own alignment."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from evidence import codec
from evidence.i18n import gettext as _
from evidence.models import CaseView, Link, Record
from evidence.screenchat.model import SCREEN_LAYOUT, Screen
from evidence.screenchat.series import Conversation, Shot, join
from evidence.screenchat.taken import captured
from evidence.screenchat.times import resolve


def conversations(view: CaseView) -> tuple[Conversation, ...]:
    """The chats that the screenshots of a case show, each put together from its pictures."""
    return join(_shots(view))


def links_between_pictures(view: CaseView) -> list[Link]:
    """Pairs (the message in the first picture that shows it, the same message in another)."""
    by_place = {
        (str(record.extras["shown_in"]), int(record.extras["item"])): record
        for record in view.records
        if SCREEN_LAYOUT in record.extras
    }
    why = _("the same message in two overlapping screenshots of one chat: what stands above and below it agrees")
    found: list[Link] = []
    for conversation in conversations(view):
        for message in conversation.messages:
            shown = [by_place[place] for place in message.shown if place in by_place]
            found += [Link(shown[0].id, other.id, why) for other in shown[1:]]
    return found


def _shots(view: CaseView) -> list[Shot]:
    parents: dict[str, Record] = {}
    for record in view.records:
        for media in record.media:
            parents.setdefault(media.sha256, record)
    shots = []
    for target, layout in view.layouts.items():
        parent = parents.get(target)
        if parent is None or layout.screen.get("kind") != "chat":
            continue
        screen = codec.from_body(Screen, layout.screen)
        stated = parent.time.zone or ""
        zone = ZoneInfo(stated if "/" in stated else view.timezone)
        taken = captured(parent, zone)
        shots.append(Shot(parent.id, screen, resolve(screen, taken, zone), taken, parent.holder))
    return shots
