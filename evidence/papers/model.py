"""What a photographed paper or a payment screen says, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]
PaperKind = Literal[
    "receipt_wechat",
    "receipt_alipay",
    "receipt_bank",
    "contract",
    "lawyer_letter",
    "court_summons",
    "court_filing_notice",
    "collection_letter",
    "other",
]
FieldName = Literal[
    "amount",
    "payee",
    "payer",
    "time",
    "order",
    "card_tail",
    "remark",
    "status",
    "case_number",
    "court",
    "lawyer",
    "firm",
    "phone",
    "licence",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the paper states. ``text`` is as read; ``value`` the same for computing: an amount as decimal
    figures with a point, a case number without blanks, everything else as ``text``.

    ``lines`` are the numbers of the OCR lines it was read from, ``box`` is around them, ``score`` the least of theirs.
    """

    name: FieldName
    text: str
    value: str
    box: Box | None
    score: float | None
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What kind of paper a picture seems to show, and what stands on it.

    ``reasons`` are the words by which the kind was told. For letters of lawyers and papers of courts, ``odd`` are codes
    of what is missing or unusual and ``confirm`` codes of how to find out; :func:`evidence.papers.advice.words` has
    the sentences. Nothing here says whether a paper is genuine.
    """

    kind: PaperKind
    fields: tuple[Field, ...] = ()
    reasons: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()

    @property
    def to_be_confirmed(self) -> bool:
        """Whether somebody has to find out if this paper comes from whom it names."""
        return bool(self.confirm)

    def field(self, name: FieldName) -> Field | None:
        """The first field of that name."""
        return next((field for field in self.fields if field.name == name), None)
