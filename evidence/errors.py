"""Exit codes, and the exceptions that carry one.

Each exception's docstring is its default message id (English; translated when shown). ``code`` is the stable
word that scripts see in ``--json`` output and that docs/errors.md explains.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit status means. Partial success is not 0."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    NO_CASE = 4
    CASE_BUSY = 5
    TAMPERED = 6
    UNREADABLE = 7
    PACK_INVALID = 8
    PREFLIGHT = 9
    MISSING_PART = 10
    NO_SPACE = 11
    READ_ONLY = 12
    INTERRUPTED = 130


class DunlogError(Exception):
    """The work could not be done."""

    exit_code = ExitCode.FAILED
    code = "failed"

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.hint = hint


class NoCase(DunlogError):
    """No case here. Name one with --case DIR, or create one with: dunlog new DIR"""

    exit_code = ExitCode.NO_CASE
    code = "no_case"


class CaseExists(DunlogError):
    """There is already a case in this folder."""

    exit_code = ExitCode.USAGE
    code = "case_exists"


class CaseBusy(DunlogError):
    """Another dunlog is writing to this case. Wait until it has finished, then try again."""

    exit_code = ExitCode.CASE_BUSY
    code = "case_busy"


class CaseDamaged(DunlogError):
    """The case database cannot be read."""

    exit_code = ExitCode.TAMPERED
    code = "case_damaged"


class CaseTampered(DunlogError):
    """This case is not as it was sealed; dunlog verify names what is wrong. Nothing is made from it."""

    exit_code = ExitCode.TAMPERED
    code = "case_tampered"


class MediaChanged(DunlogError):
    """A picture or recording of the case is not what was sealed."""

    exit_code = ExitCode.TAMPERED
    code = "media_changed"


class CaseTooNew(DunlogError):
    """This case was written by a newer dunlog. Update the program to open it."""

    exit_code = ExitCode.NO_CASE
    code = "case_too_new"


class ReadOnlyCase(DunlogError):
    """The case is on read-only media: nothing can be added to it."""

    exit_code = ExitCode.READ_ONLY
    code = "read_only"


class NoSpace(DunlogError):
    """The disk is full. Nothing that was acknowledged is lost; make room and repeat the command."""

    exit_code = ExitCode.NO_SPACE
    code = "no_space"


class Unreadable(DunlogError):
    """The file cannot be read in this format."""

    exit_code = ExitCode.UNREADABLE
    code = "unreadable"


class ProtectedFormat(Unreadable):
    """The file is protected. Protection is not broken here; the message says the lawful way."""

    code = "protected_format"


class UsageError(DunlogError):
    """The command's words do not fit together."""

    exit_code = ExitCode.USAGE
    code = "usage"


class PackInvalid(DunlogError):
    """The rule or recipient pack is not valid."""

    exit_code = ExitCode.PACK_INVALID
    code = "pack_invalid"


class PreflightFailed(DunlogError):
    """The dossier cannot be made yet: something that the recipient requires is missing."""

    exit_code = ExitCode.PREFLIGHT
    code = "preflight"


class MissingPart(DunlogError):
    """A part of the program that this work needs is not installed."""

    exit_code = ExitCode.MISSING_PART
    code = "missing_part"


class NotFound(DunlogError):
    """There is no such thing in this case."""

    exit_code = ExitCode.USAGE
    code = "not_found"
