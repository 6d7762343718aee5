"""``dunlog`` without arguments: from nothing to dossiers, one question at a time, in the terminal."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from evidence import console
from evidence.cli.common import case_folder, set_case
from evidence.errors import DunlogError, ExitCode, NoCase, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.log import DATABASE, Case

if TYPE_CHECKING:
    from complaints.callers import Caller
    from evidence.models import Party


def guide() -> None:
    """Make or open a case, read the phone folder, show what was found, and offer what comes next.

    Raises UsageError when nobody can answer (no terminal).
    """
    if not sys.stdin.isatty():
        raise UsageError(_("Without a terminal, say what to do: dunlog --help"))
    console.say(_("dunlog keeps what abusive collectors did, and writes complaints from it."))
    console.say(_("Nothing leaves this computer. It is no legal advice. In danger, call the police (110) first."))
    folder = _choose_case()
    set_case(folder)
    _guarded(lambda: _offer_import(folder))
    while _menu(folder):
        pass
    console.say()
    console.say(_("Your case is in {folder}. Keep the phone and the originals on it.").format(folder=folder))


def _choose_case() -> Path:
    default = Path.home() / _("dunlog-case")
    with contextlib.suppress(NoCase):
        default = case_folder()
    if (default / DATABASE).is_file():
        console.say(_("Case: {folder}").format(folder=default))
        return default
    console.say()
    console.say(
        _("Your case is kept in a folder of its own. Press Enter to make it here: {folder}").format(folder=default)
    )
    console.say(_("Or type another place."))
    while True:
        folder = next(iter(_paths(input("> "))), default)
        if (folder / DATABASE).is_file():
            return folder
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            break
        console.say(_("{folder} holds something else already. Name a new folder.").format(folder=folder))
    from evidence.log import create_case

    create_case(folder).close()
    console.say(_("Created a case in {folder}").format(folder=folder))
    return folder


def _paths(typed: str) -> list[Path]:
    """The paths that were typed or dragged into the window: each terminal quotes them in its own way."""
    words = typed.strip().removeprefix("& ").strip()  # PowerShell puts the sign of a call before it
    if not words:
        return []
    plain = Path(words.strip("'\"")).expanduser()
    if os.name != "posix" or plain.exists():
        return [plain]
    try:
        return [Path(unquote(word.removeprefix("file://"))).expanduser() for word in shlex.split(words)]
    except ValueError:  # a lone quote
        return [plain]


def _offer_import(folder: Path) -> None:
    console.say()
    console.say(_("Drag the folder copied from the phone into this window, then press Enter (or type its path)."))
    console.say(_("Nothing new? Just press Enter."))
    while True:
        chosen = _paths(input("> "))
        missing = [path for path in chosen if not path.exists()]
        if not missing:
            break
        console.say(_("There is nothing at {path}. Try again, or press Enter to go on.").format(path=missing[0]))
    if not chosen:
        return
    from evidence.cli.reads import import_

    holder = _holder()
    console.say(_("Reading it now. Pictures take a few seconds each."))
    _guarded(lambda: import_(chosen, holder=holder))


def _holder() -> str:
    """Whose phone it is: it decides whom a contact reached."""
    console.say(_("Whose phone is it? Your own: just press Enter. Else: the name of that person."))
    return input("> ").strip() or "self"


def _guarded(step: Callable[[], object]) -> None:
    """Run one step; a known failure or Ctrl-C is said and the guide goes on."""
    import typer

    try:
        step()
    except typer.Exit as result:
        if result.exit_code == ExitCode.PARTIAL:  # the others have said all there is to say
            console.say(_("Not everything could be read; the list above says what."))
            console.say(_("Every file is kept unchanged, except those marked “not kept”."))
        elif result.exit_code == ExitCode.PREFLIGHT:
            console.say(_("First answer what is missing: choose “Answer the questions for the complaints”."))
    except (KeyboardInterrupt, EOFError):
        console.say()
        console.say(_("Stopped here. What you said is kept."))
    except DunlogError as error:
        console.say(f"{_(str(error))} [{error.code}]")
        if error.hint:
            console.say(f"  {error.hint}")


def _menu(folder: Path) -> bool:
    from evidence.cli.cases import verify
    from evidence.cli.judge import ask_each, flag

    steps: list[tuple[str, Callable[[], object]]] = [
        (_("Say who is behind the numbers that contacted you"), lambda: _name_numbers(folder)),
        (_("See what was found"), flag),
        (_("Look at each finding and decide"), ask_each),
        (_("Answer the questions for the complaints"), lambda: _interview(folder)),
        (_("Add the folder of another phone or more files"), lambda: _offer_import(folder)),
        (_("Make the complaints (PDF, DOCX, HTML)"), lambda: _dossiers(folder)),
        (_("Check that nothing was changed"), verify),
    ]
    console.say()
    console.say(_("What next?"))
    for i, (words, _step) in enumerate(steps, 1):
        console.say(f"  {i}  {words}")
    console.say("  q  " + _("Stop for today"))
    try:
        answer = input("> ").strip().lower()
    except EOFError:
        return False
    if answer == "q":
        return False
    if answer.isdecimal() and 1 <= int(answer) <= len(steps):
        console.say()
        _guarded(steps[int(answer) - 1][1])
    elif answer:
        console.say(_("Type one of the numbers above, or q to stop."))
    return True


def _open(folder: Path, command: str) -> Case:
    from evidence.log import open_case

    return open_case(folder, command)


def _name_numbers(folder: Path) -> None:
    """Ask whose the numbers are, one at a time; each answer is kept at once."""
    from complaints.callers import unnamed

    with _open(folder, "party set") as case:
        callers = unnamed(case)
        for caller in callers:
            party = _ask_who(caller, case.now())
            if party == "stop":
                return
            if party is not None:
                case.append("party", "party", [party])
    console.say()
    if callers:
        console.say(_("That was the last number."))
    else:
        console.say(_("There is no number left that nobody has named."))


def _ask_who(caller: Caller, now: str) -> Party | Literal["stop"] | None:
    """Who a number is, as the borrower says; None for not known."""
    from evidence.models import Party

    roles = {"1": "collector", "2": "lender", "3": "relative", "4": "friend", "5": "colleague", "6": "other"}
    words = ngettext("{who} contacted you {n} time", "{who} contacted you {n} times", caller.contacts)
    who = " ".join(filter(None, (caller.number, console.one_line(caller.name, 30))))
    console.say()
    console.say(words.format(n=caller.contacts, who=who))
    if caller.words:
        console.say(f"    「{console.one_line(caller.words, 80)}」")
    console.say("  " + _("1 collector  2 lender  3 relative  4 friend  5 colleague  6 other"))
    console.say("  " + _("Do not know: just press Enter. Stop: q"))
    while (answer := input("  > ").strip().lower()) not in ("q", "", *roles):
        console.say("  " + _("Type one of the numbers above, or q to stop."))
    if answer not in roles:
        return "stop" if answer == "q" else None
    name = input("  " + _("Name (may be empty): ")).strip() or None
    lender = None
    if roles[answer] == "collector":
        lender = input("  " + _("Which lender does it collect for (as in the contract)? ")).strip() or None
    return Party(caller.number, name, roles[answer], lender, at=now)


def _interview(folder: Path) -> None:
    from complaints.interview import ask

    with _open(folder, "interview") as case:
        ask(case, ())


def _dossiers(folder: Path) -> None:
    from complaints.cli import dossier
    from complaints.routing import route_rows

    with _open(folder, "recipients") as case:
        fit = [row for row in route_rows(case) if row["fits"]]
    if not fit:
        console.say(_("No recipient fits yet: name the lender and its kind first (question list)."))
        return
    for i, row in enumerate(fit, 1):
        console.say(f"  {i}  " + _("{name}: {why}").format(name=row["name"], why=row["why"]))
    picked = input(_("To whom? Numbers, separated by blanks: ")).split()
    chosen = [fit[int(word) - 1]["id"] for word in picked if word.isdecimal() and 1 <= int(word) <= len(fit)]
    if chosen:
        dossier(chosen)
    else:
        console.say(_("Nothing was chosen, and nothing was made."))
