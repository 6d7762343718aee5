"""Which files lie below the paths that a person named: every one, in a fixed order, and what cannot be reached."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from evidence.i18n import gettext as _
from evidence.models import Problem


def shown(path: Path | str) -> str:
    """A path as text that any file can hold: bytes that are no UTF-8 stand as ``\\xNN``, each name stays distinct."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def walk(paths: Iterable[Path], own: frozenset[Path] = frozenset()) -> Iterator[Path | Problem]:
    """Files below ``paths`` in a fixed order. Links to folders are not followed (no loops); what cannot be
    listed is a Problem. ``own`` are resolved paths that belong to the case itself and are left alone."""
    for path in paths:
        try:
            if path.is_dir():
                yield from _walk_folder(path, own)
            else:
                yield _one_path(path, own)
        except OSError as error:  # a name too long, a folder that may not be entered
            yield os_problem(error, path)


def _one_path(path: Path, own: frozenset[Path]) -> Path | Problem:
    try:
        if path.is_file():
            return _own_problem(path) if _is_own(path, own) else path
        if path.is_symlink() and not path.exists():
            return Problem("broken_link", _("The link points to nothing."), shown(path))
        if not path.exists():
            return Problem("not_found", _("There is no such file."), shown(path))
    except (OSError, RuntimeError) as error:  # pathlib says RuntimeError for links that go in a circle
        return os_problem(error, path)
    return Problem("not_a_file", _("This is neither a file nor a folder."), shown(path))


def _is_own(path: Path, own: frozenset[Path]) -> bool:
    """Resolving a path costs a look at each folder above it, so only one that may be meant is resolved."""
    name = path.name.casefold()
    return (any(one.name.casefold() == name for one in own) or path.is_symlink()) and path.resolve() in own


def _own_problem(path: Path) -> Problem:
    words = _("This belongs to the case itself and is not imported into it.")
    return Problem("case_itself", words, shown(path), severity="warning")


def _walk_folder(folder: Path, own: frozenset[Path]) -> Iterator[Path | Problem]:
    if folder.resolve() in own:
        yield _own_problem(folder)
        return
    failed: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=failed.append):
        yield from _failures(failed)
        folders.sort()
        for name in list(folders):
            path = Path(root, name)
            if path.is_symlink():
                folders.remove(name)
                words = _("A link to a folder is not followed; import that folder itself if it belongs here.")
                yield Problem("folder_link", words, shown(path), severity="warning")
            elif own and path.resolve() in own:
                folders.remove(name)
                yield _own_problem(path)
        for name in sorted(names):
            yield _one_path(Path(root, name), own)
    yield from _failures(failed)


def _failures(failed: list[OSError]) -> Iterator[Problem]:
    while failed:
        error = failed.pop(0)
        yield os_problem(error, error.filename or "")


def os_problem(error: OSError | RuntimeError, path: Path | str) -> Problem:
    """What the file system says about one path, as a problem of that path."""
    code = "no_permission" if isinstance(error, PermissionError) else "os_error"
    why = getattr(error, "strerror", None) or error
    return Problem(code, _("Cannot be read: {why}").format(why=why), shown(path))
