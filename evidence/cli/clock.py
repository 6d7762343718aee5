"""clock: was a phone's clock right? Held against the carrier's bill, and stated by a person."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence import console
from evidence.cli.common import Json, Lines, emitted, example, opened
from evidence.errors import NotFound
from evidence.i18n import gettext as _
from evidence.i18n import ngettext

if TYPE_CHECKING:
    from evidence.clocks import ClockOffset
    from evidence.log import Case

clock_app = typer.Typer(
    help=_("Compare a phone's clock with the carrier's bill, and state what is off."), no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(clock_app, name="clock")


@clock_app.command("list", help=_("What the bills show, and what is stated."), epilog=example("dunlog clock list"))
def clock_list(json: Json = False, nl: Lines = False) -> None:
    """Each file whose clock a bill shows to be off, and each statement."""
    from evidence.clocks import corrections, offsets_of
    from evidence.models import Fact
    from evidence.timeline import rows

    with opened("clock list") as case:
        stated = corrections(rows(case, "fact", Fact))
        found = offsets_of(case)
        names = file_names(case)
    body: list[dict[str, Any]] = [
        {"state": "shown", "name": names.get(one.source), **dataclasses.asdict(one)} for one in found
    ]
    body += [
        {"state": "stated", "name": names.get(source), "source": source, **dataclasses.asdict(one)}
        for source, one in stated.items()
    ]
    if emitted(body, json=json, nl=nl):
        return
    for offset in found:
        console.say(shown_words(offset, names))
    for source, one in stated.items():
        words = _("Stated: {name}: {how}. Its times are shown and counted without that.")
        console.say(words.format(name=console.one_line(names.get(source, source)), how=ahead_words(one.ahead_s)))
    if not body:
        console.say(_("No bill shows a clock to be off, and nothing is stated."))


@clock_app.command(
    "set",
    help=_("State how far the clock of a file was off; 0 takes it back."),
    epilog=example("dunlog clock set calls-20260601.xml --ahead 452"),
)
def clock_set(
    file: Annotated[str, typer.Argument(metavar="FILE", help=_("Name or hash of a file of the case."))],
    ahead: Annotated[float, typer.Option("--ahead", metavar="SECONDS", help=_("Seconds ahead; negative: behind."))],
    spread: Annotated[
        float, typer.Option("--spread", metavar="SECONDS", help=_("How exactly this is known."), min=0)
    ] = 60,
    text: Annotated[str, typer.Option(metavar="TEXT", help=_("How you know."))] = "",
    json: Json = False,
) -> None:
    """A fact ``clock_offset``, with the calls that show it as its proof where a bill does."""
    from zoneinfo import ZoneInfo

    from evidence.clocks import offsets_of
    from evidence.facts import make_fact
    from evidence.joining import join_new

    with opened("clock set") as case:
        names = file_names(case)
        source = _source(names, file)
        proof = next((one.proof for one in offsets_of(case) if one.source == source), ())
        keys = (f"source={source}", f"ahead_s={ahead:g}", f"spread_s={spread:g}")
        zone = ZoneInfo(case.header.timezone)
        fact = make_fact(case, "clock_offset", case.now(), zone, text=text, proof=proof, keys=keys)
        case.append("fact", "fact", [fact])
        joined = join_new(case).total()
    if json:
        console.emit_json({**dataclasses.asdict(fact), "joined": joined})
        return
    console.say(_("Noted: {name}: {how}.").format(name=console.one_line(names[source]), how=ahead_words(ahead)))
    if joined:
        words = ngettext("{n} record was joined with another now.", "{n} records were joined with others now.", joined)
        console.say(words.format(n=joined))


def shown_words(one: ClockOffset, names: dict[str, str]) -> str:
    """One offset that a bill shows, as a sentence with what to do."""
    words = _(
        "The clock of {name} is {how} against {bill}: {n} of {of} calls agree within {spread:g} s. Nothing was "
        "changed; if this is right, state it: dunlog clock set {sha} --ahead {ahead:g} --spread {width:g}"
    )
    return words.format(
        name=console.one_line(names.get(one.source, one.source)), how=ahead_words(one.ahead_s),
        bill=console.one_line(names.get(one.against, one.against)), n=one.agreeing, of=one.compared,
        spread=one.spread_s, sha=one.source[:12], ahead=one.ahead_s, width=max(one.spread_s, 1),
    )  # fmt: skip


def ahead_words(seconds: float) -> str:
    """``7 min 32 s ahead``."""
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [_("{n} h").format(n=hours)] * bool(hours) + [_("{n} min").format(n=minutes)] * bool(minutes)
    parts += [_("{n} s").format(n=rest)] * bool(rest or not parts)
    template = _("{time} ahead") if seconds >= 0 else _("{time} behind")
    return template.format(time=" ".join(parts))


def file_names(case: Case) -> dict[str, str]:
    """SHA-256 of each file of the case with its first name."""
    return dict(case.db.execute("select sha256, name from source where body is not null order by n desc").fetchall())


def _source(names: dict[str, str], words: str) -> str:
    """The SHA-256 of the one file with this name or beginning of its hash. Raises NotFound."""
    hits = [sha for sha, name in names.items() if name == words or (len(words) >= 6 and sha.startswith(words.lower()))]
    if len(hits) != 1:
        if hits:
            raise NotFound(_("Several things are called {name}; use the hash.").format(name=words))
        raise NotFound(_("No file of this case is called {name}.").format(name=words))
    return hits[0]
