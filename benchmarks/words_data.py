#!/usr/bin/env python3
"""Turn the short form of our own labelled messages into the JSON lines that the scorer reads.

  python benchmarks/words_data.py FILE.txt...     prints JSON lines

Short form, one message a line: ``FLAG CODE.VARIETY|text`` with the words that prove a label marked as ``<TV2 words>``
(label code and severity; several with a comma; ``?TV`` is an optional reading). CODE is channel and recipient
(``sb``: SMS to the borrower). FLAG: L lawful, N unrelated, O written by the user, H contact after an objection.
``> in|out TIME|text`` lines before a message are its context; ``\\n`` is a line break; ``#`` starts a comment.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

LABELS = {
    "TV": "threat_violence", "TF": "threat_family", "IN": "insult", "OB": "obscenity", "FL": "false_legal_threat",
    "IA": "impersonate_authority", "CB": "contact_book_blast", "TP": "third_party_contact", "PD": "privacy_disclosure",
    "EP": "edited_photo", "FD": "fake_document", "ND": "inducing_new_debt", "UF": "unauthorised_fee",
    "PA": "private_account_payment", "VT": "visit_threat", "CT": "credit_threat_false", "HE": "humiliation_extreme",
}  # fmt: skip
CHANNELS = {"s": "sms", "w": "wechat", "c": "call", "e": "email"}
ROLES = {
    "b": "borrower", "r": "relative", "f": "friend", "k": "colleague_or_employer", "g": "group", "p": "public",
    "x": "counterparty", "u": "unknown", "m": "borrower",
}  # fmt: skip
VARIETIES = {
    "t": "zh-Hant", "m": "mixed", "p": "pinyin", "h": "homophone", "j": "emoji", "i": "inserted", "o": "ocr-noise",
    "d": "dialect", "l": "split-char", "u": "unicode-trick", "a": "asr-noise",
}  # fmt: skip
BESIDE = {  # second readings that the conventions of the labels leave open
    "contact_book_blast": ("third_party_contact",),
    "third_party_contact": ("privacy_disclosure",),
    "fake_document": ("false_legal_threat", "impersonate_authority"),
}
HEAD = re.compile(r"(?:([LNOH]) )?([swce])([brfkgpxum])(?:\.(\w))?\|(.*)", re.DOTALL)
CONTEXT = re.compile(r"> (in|out) (\S+?)\|(.*)")
MARK = re.compile(r"<((?:\??[A-Z]{2}[123]?,?)+) ([^<>]+)>")


def messages(path: Path) -> list[dict[str, Any]]:
    """The messages of one file, in order. Raises ValueError naming the line that is not of the form."""
    rows: list[dict[str, Any]] = []
    context: list[dict[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        earlier = CONTEXT.fullmatch(line)
        if earlier:
            context.append({"direction": earlier[1], "at": earlier[2], "text": earlier[3]})
            continue
        head = HEAD.fullmatch(line)
        if head is None:
            raise ValueError(f"{path.name} line {number}: not of the form FLAG CODE.VARIETY|text")
        rows.append(_row(f"{path.stem}-{number}", head, context))
        context = []
    return rows


def _row(name: str, head: re.Match[str], context: list[dict[str, str]]) -> dict[str, Any]:
    flag, channel, role, variety, body = head.groups()
    text, labels, optional = _marks(body.replace("\\n", "\n"))
    if flag == "H":
        labels.insert(0, _label("harass_after_objection", 0, len(text), 2))
    if flag in ("L", "N", "O"):
        kind = "none_lawful" if flag == "L" else "none_other"
        labels, optional = [{"label": kind, "start": None, "end": None, "severity": 0}], []
    if not labels:
        raise ValueError(f"{name}: neither a label nor a flag")
    told = {label["label"] for label in labels}
    optional += [{"label": other, "start": 0, "end": len(text)} for label in told for other in BESIDE.get(label, ())]
    optional = [entry for entry in optional if entry["label"] not in told]
    return {
        "id": name,
        "text": text,
        "channel": CHANNELS[channel],
        "direction": "out" if flag == "O" or role == "x" else "in",
        "recipient_role": ROLES[role],
        "context": context,
        "labels": labels,
        "optional": optional,
        "severity": max(label["severity"] for label in labels),
        "variety": [VARIETIES[variety] if variety else "zh-Hans"],
    }


def _marks(body: str) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    text, at = "", 0
    labels: list[dict[str, Any]] = []
    optional: list[dict[str, Any]] = []
    for mark in MARK.finditer(body):
        text += body[at : mark.start()]
        start, end = len(text), len(text) + len(mark[2])
        text, at = text + mark[2], mark.end()
        for code in mark[1].split(","):
            if code.startswith("?"):
                optional.append({"label": LABELS[code[1:3]], "start": start, "end": end})
            else:
                labels.append(_label(LABELS[code[:2]], start, end, int(code[2:] or 2)))
    return text + body[at:], labels, optional


def _label(name: str, start: int, end: int, severity: int) -> dict[str, Any]:
    return {"label": name, "start": start, "end": end, "severity": severity, "form": "explicit"}


def main(argv: list[str]) -> int:
    """Print the messages of the files named."""
    if len(argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    for name in argv[1:]:
        for row in messages(Path(name)):
            print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
