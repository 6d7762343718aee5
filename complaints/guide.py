"""``dunlog`` without arguments: from nothing to dossiers, one question at a time, in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from evidence import console
from evidence.cli.common import set_case
from evidence.errors import DunlogError, NoCase, UsageError
from evidence.i18n import gettext as _
from evidence.log import DATABASE, Case, find_case


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
    _offer_import(folder)
    while _menu(folder):
        pass
    console.say(_("Your case is in {folder}. Keep the phone and the originals on it.").format(folder=folder))


def _choose_case() -> Path:
    try:
        found = find_case(None, os.environ, Path.cwd())
        console.say(_("Case: {folder}").format(folder=found))
        return found
    except NoCase:
        pass
    default = Path.home() / _("dunlog-case")
    console.say(_("In which folder shall the case be (a new one is made)? Empty: {folder}").format(folder=default))
    folder = _path(input("> ")) or default
    if not (folder / DATABASE).is_file():
        from evidence.log import create_case

        create_case(folder).close()
        console.say(_("Created a case in {folder}").format(folder=folder))
    return folder


def _path(typed: str) -> Path | None:
    """A path as typed or dragged into the window: quotes and a trailing blank go."""
    words = typed.strip().strip("'\"").strip()
    if os.name == "posix":
        words = words.replace("\\ ", " ")
    return Path(words).expanduser() if words else None


def _offer_import(folder: Path) -> None:
    console.say(_("Drag the folder copied from the phone into this window (or type its path). Empty: nothing new."))
    chosen = _path(input("> "))
    if chosen is None:
        return
    if not chosen.exists():
        console.say(_("There is no such file."))
        return _offer_import(folder)
    from evidence.cli.reads import import_

    _guarded(lambda: import_([chosen]))


def _guarded(step: Callable[[], object]) -> None:
    """Run one step; a known failure is said and the guide goes on."""
    import typer

    try:
        step()
    except typer.Exit:
        console.say(_("Not everything could be read; the list above says what, and it is all kept."))
    except DunlogError as error:
        console.say(f"{_(str(error))} [{error.code}]")
        if error.hint:
            console.say(f"  {error.hint}")


def _menu(folder: Path) -> bool:
    from evidence.cli.cases import verify
    from evidence.cli.judge import ask_each, flag

    steps: list[tuple[str, Callable[[], object]]] = [
        (_("Say who the numbers are that contacted you most"), lambda: _name_numbers(folder)),
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
    if answer in ("q", ""):
        return False
    if answer.isdigit() and 1 <= int(answer) <= len(steps):
        _guarded(steps[int(answer) - 1][1])
    return True


def _open(folder: Path, command: str) -> Case:
    from evidence.log import open_case

    return open_case(folder, command)


def _name_numbers(folder: Path) -> None:
    """Ask about numbers that contacted the borrower at least three times and have no role, busiest first."""
    from evidence.models import Party
    from evidence.timeline import load_parties

    roles = {"1": "collector", "2": "lender", "3": "relative", "4": "friend", "5": "colleague", "6": "other"}
    query = """select number, count(*), max(name), max(substr(text, 1, 60)) from record
               where direction = 'in' and number is not null group by number having count(*) >= 3 order by 2 desc"""
    with _open(folder, "party set") as case:
        known = load_parties(case)
        for number, count, name, sample in case.db.execute(query).fetchall():
            if number in known and known[number].role:
                continue
            console.say(_("{number}  {name}  {count} contacts").format(number=number, name=name or "", count=count))
            if sample:
                console.say(f"    「{console.one_line(sample)}」")
            words = _(
                "1 collector  2 lender  3 relative  4 friend  5 colleague  6 other  (empty: do not know, q: stop)"
            )
            answer = input(f"  {words} > ").strip().lower()
            if answer == "q":
                return
            if answer not in roles:
                continue
            role = roles[answer]
            who = input("  " + _("Name (may be empty): ")).strip() or None
            lender = None
            if role == "collector":
                lender = input("  " + _("Which lender does it collect for (as in the contract)? ")).strip() or None
            case.append("party", "party", [Party(number, who, role, lender, at=case.now())])


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
        console.say(f"  {i}  {row['name']}: {row['why']}")
    picked = input(_("Numbers, separated by blanks: ")).split()
    chosen = [fit[int(word) - 1]["id"] for word in picked if word.isdigit() and 1 <= int(word) <= len(fit)]
    if chosen:
        dossier(chosen)
