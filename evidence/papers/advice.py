"""The sentences behind the codes of :class:`evidence.papers.model.Paper`: what is odd, and how to confirm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evidence.i18n import gettext as _
from evidence.papers.model import Paper

_WORDS: Mapping[str, Callable[[], str]] = {
    "no_case_number": lambda: _("No case number was read on it; a court's paper about a case bears one."),
    "no_court": lambda: _("No name of a court was read on it."),
    "no_seal_read": lambda: _("No words of a seal were read; look at the picture for the court's seal."),
    "words_of_a_firm": lambda: _(
        "It has the title of a court's paper but speaks in the words of a firm or its client."
    ),
    "no_firm": lambda: _("No name of a law firm was read on it."),
    "no_lawyer": lambda: _("No lawyer's name was read on it."),
    "no_licence": lambda: _("No number of a lawyer's licence was read on it."),
    "no_phone": lambda: _("No telephone number was read on it."),
    "mobile_number": lambda: _("The first telephone number on it is a mobile number."),
    "chat_contact": lambda: _("It asks to be answered through a chat account."),
    "private_account": lambda: _("It seems to ask for payment to an account of a person, a chat wallet or a code."),
    "pay_today": lambda: _("It sets a term of hours, or of today."),
    "threat_of_arrest": lambda: _("It speaks of arrest, detention or criminal punishment."),
    "call_12368": lambda: _("Call the courts' hotline 12368 and ask whether this case number exists."),
    "court_switchboard": lambda: _(
        "Look up the court's own number yourself, not on this paper, and ask for the department that is named."
    ),
    "court_platform": lambda: _("Look the paper up on the courts' official service and delivery platform."),
    "lawyer_licence": lambda: _(
        "Ask the judicial administration or the lawyers' association of the place whether the lawyer is licensed and "
        "works for this firm."
    ),
    "call_firm": lambda: _("Look up the firm's own number yourself, not on this letter, and ask whether it wrote it."),
    "pay_nothing_yet": lambda: _(
        "Keep the picture and how it was sent; pay and tell nothing before this is confirmed."
    ),
}


def codes() -> frozenset[str]:
    """All codes that have words."""
    return frozenset(_WORDS)


def words(code: str) -> str:
    """The sentence for a code of ``Paper.odd`` or ``Paper.confirm``. Raises KeyError for an unknown code."""
    return _WORDS[code]()


def summary(paper: Paper) -> str:
    """One sentence that says what there is to confirm, never whether a paper is genuine; empty when nothing is."""
    if not paper.to_be_confirmed:
        return ""
    if paper.kind == "lawyer_letter":
        return _("This picture looks like a lawyer's letter. To be confirmed: whether it comes from the firm it names.")
    return _("This picture looks like a paper of a court. To be confirmed: whether it comes from the court it names.")
