"""papers: what photographed papers and payment screens say, and what about them should be confirmed."""

from __future__ import annotations

import dataclasses
from typing import Any

import typer

from evidence import console
from evidence.cli.common import Json, Lines, emitted, example, opened
from evidence.i18n import gettext as _


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(
        "papers",
        help=_("Receipts, letters and court papers among the pictures: what they say, and how to confirm them."),
        epilog=example("dunlog papers"),
    )(papers)


def papers(json: Json = False, nl: Lines = False) -> None:
    """By the reading of each picture that counts. Says nothing about whether a paper is genuine."""
    from evidence.papers import read_paper
    from evidence.papers.advice import summary, words
    from evidence.readingrank import counting
    from evidence.timeline import load_readings, rows_of_pictures

    found: list[dict[str, Any]] = []
    with opened("papers") as case:
        readings = load_readings(case)
        for record, media in rows_of_pictures(case):
            reading = counting(readings.get(media.sha256, ()))
            size = (reading.settings.get("width"), reading.settings.get("height")) if reading else (None, None)
            if reading is None or size[0] is None or size[1] is None:
                continue
            paper = read_paper(reading.lines, (int(size[0]), int(size[1])))
            if paper is not None:
                found.append(
                    {
                        "record": record.id,
                        "picture": media.name,
                        "sha256": media.sha256,
                        "reading": reading.id,
                        "summary": summary(paper),
                        **dataclasses.asdict(paper),
                        "odd_words": [words(code) for code in paper.odd],
                        "confirm_words": [words(code) for code in paper.confirm],
                    }
                )
    if emitted(found, json=json, nl=nl):
        return
    for one in found:
        console.say(console.one_line(f"{one['picture']}  {_kinds()[one['kind']]}  {one['summary']}".rstrip(), 200))
        for field in one["fields"]:
            console.say(console.one_line(f"    {_names()[field['name']]}: {field['text']}", 160))
        for text in one["odd_words"]:
            console.say("    " + _("To be noted: {text}").format(text=text))
        for text in one["confirm_words"]:
            console.say("    " + _("To confirm: {text}").format(text=text))
    if not found:
        console.say(_("No picture was read as a receipt, a letter or a court paper."))


def _kinds() -> dict[str, str]:
    return {
        "receipt_wechat": _("payment by WeChat"),
        "receipt_alipay": _("payment by Alipay"),
        "receipt_bank": _("payment by a bank's app"),
        "contract": _("contract"),
        "lawyer_letter": _("lawyer's letter"),
        "court_summons": _("summons of a court"),
        "court_filing_notice": _("notice that a court took a case"),
        "collection_letter": _("collection letter"),
        "other": _("paper"),
    }


def _names() -> dict[str, str]:
    return {
        "amount": _("amount"),
        "payee": _("payee"),
        "payer": _("payer"),
        "time": _("time"),
        "order": _("order number"),
        "card_tail": _("end of the card's number"),
        "remark": _("remark"),
        "status": _("status"),
        "case_number": _("case number"),
        "court": _("court"),
        "lawyer": _("lawyer"),
        "firm": _("firm"),
        "phone": _("telephone"),
        "licence": _("licence number"),
    }
