"""formats: what can be read, and how to get it from the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from evidence import console
from evidence.cli.common import Json, Lines, emitted, example
from evidence.errors import UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language

if TYPE_CHECKING:
    from evidence.guides import Guide


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(
        "formats",
        help=_("What can be read, and how to get each file from the phone, step by step."),
        epilog=example("dunlog formats whatsapp"),
    )(formats)


def formats(
    name: Annotated[str | None, typer.Argument(metavar="FORMAT", help=_("Show the steps for this one."))] = None,
    json: Json = False,
    nl: Lines = False,
) -> None:
    """List the guides, or show one. Needs no case."""
    from evidence.guides import all_guides

    guides = all_guides()
    if name is not None:
        guides = tuple(guide for guide in guides if guide.name == name)
        if not guides:
            raise UsageError(_("There is no format called {name}. `dunlog formats` lists them.").format(name=name))
    tongue = language()
    if emitted([guide.body(tongue) for guide in guides], json=json, nl=nl):
        return
    if name is not None:
        _steps(guides[0])
    else:
        _list(guides)


def _list(guides: tuple[Guide, ...]) -> None:
    from evidence.guides import group_title

    tongue, group = language(), ""
    for guide in guides:
        if guide.group != group:
            group = guide.group
            console.say(f"\n{group_title(group)}")
        console.say(f"  {guide.name}  {guide.title[tongue]}")
        console.say(f"      {guide.files[tongue]}")
    console.say()
    console.say(_("Show the steps for one: dunlog formats NAME"))
    console.say(_("A file of any other kind is kept with its hash, and `import` says what would be needed."))


def _steps(guide: Guide) -> None:
    tongue = language()
    console.say(guide.title[tongue])
    console.say(_("Files: {text}").format(text=guide.files[tongue]))
    console.say(_("Gives: {text}").format(text=guide.gives[tongue]))
    console.say(_("How to get it:"))
    for number, step in enumerate(guide.steps[tongue], 1):
        console.say(f"  {number}. {step}")
    for note in guide.notes[tongue]:
        console.say(_("Note: {text}").format(text=note))
    if guide.checked == "synthetic":
        console.say(_("Built after descriptions of this format; no real file of it could be tried. Look closely."))
