"""``dunlog demo``: the invented case from its raw phone folder to finished, checked dossiers.

Everything a clock or a random source would give is fixed, so that the results are the same bytes on each run
(with the same library versions), and the case says in its log that it is a demo.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from complaints.demo.phone import PhoneManifest, build_phone, build_sister_phone
from complaints.demo.story import Call, Message, ReviewChoice, StatedFact, Story, load_story
from evidence import console
from evidence.environment import fixed_environment
from evidence.errors import DunlogError, UsageError
from evidence.facts import add_note, authorship, make_fact
from evidence.findings import current_findings
from evidence.i18n import gettext as _
from evidence.i18n import using
from evidence.importers.base import ReadOptions
from evidence.intake import ImportReport, import_paths
from evidence.joining import join_new
from evidence.log import Case, create_case
from evidence.models import Answer, CaseView, Finding, Party, Review
from evidence.phone import normalise
from evidence.reading import read_pictures
from evidence.timeline import Filter, load_view, select_records, shown_text
from evidence.times import to_utc_text
from evidence.verify import verify_case

MARKER = ".dunlog-demo"
START = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
DATE = "2026-06-02"
RECIPIENTS = ("nfra_complaint", "consumer_association")
LANGUAGE = "zh"
"""What the demo's log is written in, whoever watches: else its bytes would differ."""
PHONE, SISTER = "手机", "姐姐的手机"
Tell = Callable[[str], None]


def run_demo(
    target: Path, *, jobs: int | None = None, engine: str | None = None, tell: Tell | None = None
) -> dict[str, Any]:
    """Build everything below ``target`` (made anew if it holds an earlier demo). Returns what was done.

    Raises UsageError when ``target`` holds anything else.
    """
    say = tell or (lambda words: None)
    target = target.resolve()
    _clear(target)
    (target / MARKER).write_text("built by dunlog demo; may be deleted\n", encoding="utf-8")
    story = load_story()
    say(_("1. A phone folder of invented people is built: {folder}").format(folder=target / PHONE))
    phone, sister = build_phone(target / PHONE), build_sister_phone(target / SISTER)
    environment = fixed_environment(START, "dunlog demo")
    with create_case(target / "case", environment=environment) as case:
        imported = _import(case, target, phone, sister, say)
        imported["pictures"] = _read(case, jobs, engine, say)
        with using(LANGUAGE):
            _state(case, story)
            _state_authors(case, phone)
        findings = _review(case, story, say)
        made = _publish(case, target, say)
        report = verify_case(case)
    if not report.ok:
        raise DunlogError(_("The demo case does not verify: {what}").format(what=report.faults[0].message))
    say(_("6. verify: {rows} log rows, {sealed} sealed rows, {files} originals: nothing was changed.").format(
        rows=report.log_rows, sealed=report.sealed_rows, files=report.files))  # fmt: skip
    say("")
    say(_("Open these:"))
    for one in made:
        for path in one["files"]:
            if Path(path).suffix in (".pdf", ".docx", ".html"):
                say(f"  {path}")
    say(_("Look around: dunlog --case {case} findings").format(case=target / "case"))
    say(_("All people, firms and numbers are invented. It is no legal advice."))
    return {
        "folder": str(target), "case": str(target / "case"), "imported": imported, "findings": findings,
        "dossiers": made, "verify": {"ok": report.ok, "head": report.head_hash},
    }  # fmt: skip


def _clear(target: Path) -> None:
    if target.exists() and any(target.iterdir()):
        if not (target / MARKER).is_file():
            raise UsageError(_("{folder} holds something else; name an empty folder.").format(folder=target))
        shutil.rmtree(target)
    target.mkdir(parents=True, exist_ok=True)


def _import(case: Case, target: Path, phone: PhoneManifest, sister: PhoneManifest, say: Tell) -> dict[str, int]:
    """Import both phones by relative paths, so that the log does not depend on where the demo lies."""
    zone = ZoneInfo(case.header.timezone)
    with using(LANGUAGE), contextlib.chdir(target):
        report = import_paths(case, [Path(PHONE)], ReadOptions(zone))
        second = import_paths(case, [Path(SISTER)], ReadOptions(zone, sister.holder))
        joined = join_new(case).total()
    files, records = len(report.files) + len(second.files), report.records + second.records
    say(_("2. {files} files were kept and read: {records} records, {joined} of them joined as one event.").format(
        files=files, records=records, joined=joined))  # fmt: skip
    _say_problems(report, say)
    return {"files": files, "records": records, "joined": joined}


def _read(case: Case, jobs: int | None, engine: str | None, say: Tell) -> int:
    words = _("Reading pictures")
    with using(LANGUAGE):
        report = read_pictures(case, engine, jobs=jobs, wrap=lambda results, n: console.progress(results, n, words))
        join_new(case)
    told = _("3. The text of {n} pictures was read (OCR): {messages} messages.")
    say(told.format(n=report.read, messages=report.messages))
    return report.read


def _say_problems(report: ImportReport, say: Tell) -> None:
    for problem in report.problems:
        name, message = console.one_line(Path(problem.path).name, 40), console.one_line(problem.message, 90)
        say(f"   [{problem.code}] {name}: {message}")


def _state(case: Case, story: Story) -> None:
    """What the borrower says: who is who, what happened besides, and the answers for the filing."""
    zone = story.zone
    at = case.now()
    parties = [
        Party(normalise(p.number) or f"name:{p.name}", p.name, p.role, p.lender, p.relation, p.lender_type, None, at)
        for p in story.parties
    ]
    case.append("party", "party", parties)
    facts = [_fact(case, story, fact) for fact in story.facts]
    case.append("fact", "fact", facts)
    case.append("answer", "answer", [Answer(field, value, at) for field, value in story.answers.items()])
    for note in story.notes:
        words = f"{note.at.astimezone(zone):%Y-%m-%dT%H:%M:%S}"
        add_note(case, note.kind, words, zone, note.text, number=note.number, direction="in", holder=note.holder)


def _fact(case: Case, story: Story, fact: StatedFact) -> Any:
    proof = tuple(ident for one in fact.proofs for ident in _records_of(case, story, one)[:1])
    keys = tuple(f"{name}={value}" for name, value in fact.keys.items())
    return make_fact(case, fact.type, fact.when, story.zone, text=fact.text, form=fact.form, proof=proof, keys=keys)


def _records_of(case: Case, story: Story, planted: Message | Call) -> list[str]:
    """The records of a planted message or call, of whichever export."""
    second = to_utc_text(planted.at.replace(microsecond=0))
    number = normalise(story.contacts[planted.who].number)
    words = planted.text if isinstance(planted, Message) else None
    return [
        record.id
        for record in select_records(case, Filter(number=number))
        if record.time.utc and record.time.utc[:19] == second[:19] and record.text == words
    ]


def _state_authors(case: Case, phone: PhoneManifest) -> None:
    """The borrower says of screenshots and photographs that the other side wrote what the story has it write.

    A line that is a message of the phone as well stays out: the message itself goes into the filing, once.
    """
    view = load_view(case)
    messages = {_squeezed(record.text) for record in view.records if record.kind in ("sms", "mms") and record.text}
    pictures = [p.text.splitlines() for p in phone.planted if p.kind in ("screenshot", "photo")]
    planted = [[line for line in map(_squeezed, lines) if line not in messages] for lines in pictures]
    facts = []
    for finding in current_findings(case, view):
        words = [_squeezed(quote.text) for quote in finding.quotes]
        if "speaker" in finding.needs and any(all(word in "".join(lines) for word in words) for lines in planted):
            facts.append(authorship(case, finding.id, "other"))
    case.append("fact", "fact", facts)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _review(case: Case, story: Story, say: Tell) -> dict[str, int]:
    view = load_view(case)
    with using(LANGUAGE):
        found = current_findings(case, view)
    reviews = []
    for finding in found:
        choice = _choice(finding, view, story.reviews)
        ready = finding.filing and finding.effect != "undetermined"
        if choice is not None and (ready or choice.decision == "dismissed"):
            reviews.append(Review(finding.id, choice.decision, choice.reason, case.now()))
    case.append("review", "review", reviews)
    confirmed = sum(1 for review in reviews if review.decision == "confirmed")
    dismissed = len(reviews) - confirmed
    say(_("4. {n} findings; {confirmed} confirmed and {dismissed} dismissed in the borrower's name.").format(
        n=len(found), confirmed=confirmed, dismissed=dismissed))  # fmt: skip
    return {"found": len(found), "confirmed": confirmed, "dismissed": dismissed}


def _choice(finding: Finding, view: CaseView, choices: tuple[ReviewChoice, ...]) -> ReviewChoice | None:
    records = [record for record in view.records if record.id in finding.records]
    text = "\n".join(shown_text(record, view.readings)[0] or "" for record in records)
    for choice in choices:
        if choice.category in (None, finding.category) and (choice.fragment is None or choice.fragment in text):
            return choice
    return None


def _publish(case: Case, target: Path, say: Tell) -> list[dict[str, Any]]:
    from complaints.publish import publish, published_row

    made = []
    for recipient in RECIPIENTS:
        one = publish(case, recipient, DATE, target / "dossiers")
        say(_("5. {name}: {pages} pages, {exhibits} exhibits").format(
            name=recipient, pages=one.pages, exhibits=one.exhibits))  # fmt: skip
        for path in one.files:
            if path.suffix in (".pdf", ".docx", ".html"):
                say(f"   {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}  {path.name}")
        made.append(published_row(one))
    return made
