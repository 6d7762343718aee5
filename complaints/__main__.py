"""The entry point: language and case first, then the commands; every known failure has its exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def _take(argv: list[str], name: str) -> str | None:
    """Remove ``name VALUE`` or ``name=VALUE`` from anywhere before ``--``, so that it may stand anywhere."""
    value = None
    i = 0
    while i < len(argv) and argv[i] != "--":
        if argv[i] == name and i + 1 < len(argv):
            value = argv[i + 1]
            del argv[i : i + 2]
        elif argv[i].startswith(name + "="):
            value = argv[i].partition("=")[2]
            del argv[i]
        else:
            i += 1
    return value


def main() -> None:
    """Run ``dunlog``."""
    try:
        argv = sys.argv[1:]
        from evidence import i18n

        i18n.activate(i18n.choose(argv, os.environ))
        lang = _take(argv, "--lang")
        case = _take(argv, "--case")
        if lang is not None and lang[:2].lower() not in i18n.LANGUAGES:
            code = _refuse_language(argv, lang)
        else:
            code = run(argv, Path(case) if case is not None else None)
    except KeyboardInterrupt:  # while the program was still starting
        code = 130
    sys.exit(code)


def _refuse_language(argv: list[str], lang: str) -> int:
    from evidence import console, i18n
    from evidence.errors import ExitCode

    console.use_utf8()
    words = i18n.gettext("{option} must be one of: {choices}")
    message = words.format(option="--lang", choices=", ".join(i18n.LANGUAGES))
    return _report(argv, "usage", message, "", ExitCode.USAGE)


def run(argv: list[str], case: Path | None = None) -> int:
    """Run one command line and return its exit code; prints a named error instead of a traceback."""
    from evidence import console
    from evidence.cli.common import set_case

    console.use_utf8()
    set_case(case)
    try:
        from complaints.cli import make_app

        result = make_app()(argv, standalone_mode=False, prog_name="dunlog")
        sys.stdout.flush()
        if result == 130:  # what typer makes of Ctrl-C
            return _explain(argv, KeyboardInterrupt())
        return result if isinstance(result, int) else 0
    except BrokenPipeError:  # the reader (head, less) has gone; Python must not try to flush again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:
        return _explain(argv, error)


def _explain(argv: list[str], error: BaseException) -> int:
    """Say what went wrong, and return the exit code for it."""
    import sqlite3

    import typer

    from evidence.errors import DunlogError, ExitCode

    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, (KeyboardInterrupt, EOFError, typer.Abort)):
        return _report(argv, "interrupted", _interrupted(), "", ExitCode.INTERRUPTED)
    if isinstance(error, sqlite3.DatabaseError):
        from evidence.database import named_error

        error = named_error(error)
    if isinstance(error, DunlogError):
        return _report(argv, error.code, str(error), error.hint, error.exit_code)
    if isinstance(error, OSError):
        return _report_os(argv, error)
    words = getattr(error, "format_message", None)
    if words is not None:  # what the command line parser says; typer and click each have their own class for it
        context = getattr(error, "ctx", None)
        hint = context.get_usage() if context is not None else ""
        return _report(argv, "usage", words(), hint, ExitCode.USAGE)
    if isinstance(error, UnicodeEncodeError):
        return _report(argv, "usage", _no_text(), "", ExitCode.USAGE)
    return _report_fault(argv, error)


def _report_fault(argv: list[str], error: BaseException) -> int:
    """A mistake of ours: the traceback helps whoever mends it, and scripts still get their JSON value."""
    import traceback

    from evidence.errors import ExitCode
    from evidence.i18n import gettext as _

    traceback.print_exception(error)
    words = _("The program failed ({kind}). What was acknowledged is kept.").format(kind=type(error).__name__)
    return _report(argv, "internal", words, "", ExitCode.FAILED)


def _no_text() -> str:
    from evidence.i18n import gettext as _

    return _("A word on the command line is not valid text.")


def _interrupted() -> str:
    from evidence.i18n import gettext as _

    return _("Stopped. What was acknowledged is kept; repeat the command to go on.")


def _report_os(argv: list[str], error: OSError) -> int:
    import errno

    from evidence.errors import ExitCode, NoSpace

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        full = NoSpace()
        return _report(argv, full.code, str(full), "", full.exit_code)
    place = f": {error.filename}" if error.filename else ""
    return _report(argv, "os_error", f"{error.strerror or error}{place}", "", ExitCode.FAILED)


def _report(argv: list[str], code: str, message: str, hint: str, exit_code: int) -> int:
    from evidence import console
    from evidence.i18n import gettext as _

    message = _(message) if message else code
    if "--json" in argv:
        console.emit_json({"error": {"code": code, "message": message, "hint": hint}})
    console.warn(f"dunlog: {message} [{code}]")
    if hint:
        console.warn(f"  {hint}")
    return int(exit_code)


if __name__ == "__main__":
    main()
