"""Build the demo's raw phone folder: backups, recordings, screenshots, photographs, and the usual litter.

Same bytes and same file times on each run (on one machine, with the same library versions): nothing here
reads a clock, and all chance comes from the story's seed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from complaints.demo import papers, screens, sms, sound
from complaints.demo.life import everyday_calls, everyday_messages
from complaints.demo.story import Call, Contact, Expected, Message, Mms, Recording, Story, load_story
from evidence.errors import UsageError
from evidence.i18n import gettext as _

What = Literal[
    "messages",
    "calls",
    "recording",
    "transcript",
    "screenshot",
    "photo",
    "broken",
    "duplicate",
    "foreign",
    "empty",
    "marker",
]
SMS_FOLDER, SOUND_FOLDER, SCREEN_FOLDER, PHOTO_FOLDER = "SMS备份", "录音", "截图", "照片"
# The app counts before it writes; a message deleted meanwhile leaves the declared count one too high.
_DELETED_WHILE_SAVING = 1
_BROKEN = "李主管_20260511104407.m4a"
_EMPTY = "12766120935_20260525101112.amr"
_COPY = "微信图片_20260413093000.jpg"


@dataclass(frozen=True, slots=True)
class PhoneFile:
    """One file: path inside the folder, what it is, the time it claims, and a word on what is odd about it."""

    path: str
    what: What
    at: datetime
    number: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Planted:
    """Conduct that was written into the folder: category, instant, where, and the words if there are any."""

    category: str
    at: datetime
    kind: Literal["call", "day", "sms", "mms", "recording", "screenshot", "photo"]
    number: str | None
    text: str
    file: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PhoneManifest:
    """What was built, and the truth about it.

    ``sms``, ``mms`` and ``calls`` count events, each once; ``sms_rows`` and ``mms_rows`` count the rows of the
    newer and the older backup. ``declared`` is the count that the newer backup states. ``same_files`` pairs
    an original with its byte copy.
    """

    folder: Path
    holder: str
    files: tuple[PhoneFile, ...]
    sms: int
    mms: int
    calls: int
    sms_rows: tuple[int, int]
    mms_rows: tuple[int, int]
    sms_in_both: int
    mms_in_both: int
    declared: int
    same_files: tuple[tuple[str, str], ...]
    planted: tuple[Planted, ...]
    expected: Expected


class _Folder:
    """Writes files below one folder and remembers them; file times are those of the story."""

    def __init__(self, root: Path) -> None:
        if root.exists() and any(root.iterdir()):
            raise UsageError(_("{path} is not empty: the demo writes only into an empty folder.").format(path=root))
        self.root = root
        self.files: list[PhoneFile] = []

    def path(self, relative: str) -> Path:
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def done(self, file: PhoneFile, written: datetime | None = None) -> None:
        seconds = int((written or file.at).timestamp())
        os.utime(self.root / file.path, (seconds, seconds))
        self.files.append(file)

    def put(self, data: bytes, file: PhoneFile) -> None:
        self.path(file.path).write_bytes(data)
        self.done(file)


def build_phone(target: Path) -> PhoneManifest:
    """Write the borrower's phone folder into ``target``, which must be empty or not exist.

    Raises ``evidence.errors.UsageError`` when something is in the way and ``OSError`` when it cannot be written.
    """
    story = load_story()
    folder = _Folder(target)
    counts = _write_backups(folder, story)
    _write_sound(folder, story)
    _write_pictures(folder, story)
    _write_litter(folder, story)
    first = f"{SCREEN_FOLDER}/{story.screens[0].file}"
    return replace(
        counts,
        files=tuple(sorted(folder.files, key=lambda f: f.path)),
        same_files=((first, f"{SCREEN_FOLDER}/{_COPY}"),),
        planted=_planted(story),
    )


def build_sister_phone(target: Path) -> PhoneManifest:
    """Write what the sister exported from her own phone. Import it with her name as holder, never as the borrower's."""
    story = load_story()
    folder = _Folder(target)
    at = story.backup_at + timedelta(minutes=35)
    contacts = {key: Contact(key, c.number, None) for key, c in story.contacts.items()}
    contacts["me"] = replace(contacts["me"], saved="姐姐")
    contacts["mother"] = replace(contacts["mother"], saved="妈妈")
    book = sms.Book(contacts)
    messages, calls = story.sister_messages, story.sister_calls
    none = sms.Pictures(b"", b"")
    xml = sms.messages_xml(story, book, messages, (), none, at, len(messages))
    folder.put(xml, PhoneFile(f"sms-{at:%Y%m%d%H%M%S}.xml", "messages", at))
    folder.put(sms.calls_xml(book, calls, at), PhoneFile(f"calls-{at:%Y%m%d%H%M%S}.xml", "calls", at))
    collectors = story.collectors()
    planted = [
        Planted(category, m.at, "sms", book.number(m.who), m.text, folder.files[0].path)
        for m in messages
        for category in m.conduct
    ]
    planted += [
        Planted("third_party_contact", c.at, "call", book.number(c.who), "", folder.files[1].path)
        for c in calls
        if c.who in collectors
    ]
    holder = next(p.name for p in story.parties if p.number == story.contacts["sister"].number)
    return PhoneManifest(
        folder=target,
        holder=holder,
        files=tuple(folder.files),
        sms=len(messages),
        mms=0,
        calls=len(calls),
        sms_rows=(len(messages), 0),
        mms_rows=(0, 0),
        sms_in_both=0,
        mms_in_both=0,
        declared=len(messages),
        same_files=(),
        planted=tuple(planted),
        expected=Expected((), (), (), {}, {}),
    )


def _write_backups(folder: _Folder, story: Story) -> PhoneManifest:
    pictures = sms.Pictures(papers.letter_picture(story.letter), papers.snapshot())
    contacts = dict(story.contacts)
    now, then = story.backup_at, story.old_backup_at
    messages: list[Message] = sorted([*story.messages, *everyday_messages(story)], key=lambda m: (m.at, m.who))
    calls: list[Call] = sorted([*story.calls, *everyday_calls(story)], key=lambda c: (c.at, c.who))
    kept = [m for m in messages if m.at < then]
    old: list[Message] = sorted([*kept, *story.only_in_old_backup], key=lambda m: m.at)
    old_mms: list[Mms] = [m for m in story.mms if m.at < then]
    declared = len(messages) + len(story.mms) + _DELETED_WHILE_SAVING
    xml = sms.messages_xml(story, sms.Book(contacts), messages, story.mms, pictures, now, declared)
    note = "declares one message more than it holds"
    folder.put(xml, PhoneFile(f"{SMS_FOLDER}/sms-{now:%Y%m%d%H%M%S}.xml", "messages", now, note=note))
    xml = sms.calls_xml(sms.Book(contacts), calls, now)
    folder.put(xml, PhoneFile(f"{SMS_FOLDER}/calls-{now:%Y%m%d%H%M%S}.xml", "calls", now))
    # In April only one collector had been saved under a name.
    book = sms.Book(contacts, unsaved=story.collectors() - {"c1"})
    xml = sms.messages_xml(story, book, old, old_mms, pictures, then, len(old) + len(old_mms))
    folder.put(
        xml, PhoneFile(f"{SMS_FOLDER}/sms-{then:%Y%m%d}.xml", "messages", then, note="overlaps the newer backup")
    )
    return PhoneManifest(
        folder=folder.root,
        holder="self",
        files=(),
        sms=len(messages) + len(story.only_in_old_backup),
        mms=len(story.mms),
        calls=len(calls),
        sms_rows=(len(messages), len(old)),
        mms_rows=(len(story.mms), len(old_mms)),
        sms_in_both=len(kept),
        mms_in_both=len(old_mms),
        declared=declared,
        same_files=(),
        planted=(),
        expected=story.expected,
    )


def _write_sound(folder: _Folder, story: Story) -> None:
    for recording in story.recordings:
        name = f"{SOUND_FOLDER}/{recording.file}"
        number = story.contacts[recording.who].number
        ended = recording.stated + timedelta(seconds=recording.seconds)
        sound.write_recording(recording, folder.path(name), story.seed)
        folder.done(PhoneFile(name, "recording", recording.stated, number), ended)
        if recording.transcript:
            words = sound.srt(recording) if recording.transcript == "srt" else sound.timed_text(recording)
            beside = f"{name.rpartition('.')[0]}.{recording.transcript}"
            folder.put(words.encode(), PhoneFile(beside, "transcript", story.backup_at, number, f"typed from {name}"))


def _write_pictures(folder: _Folder, story: Story) -> None:
    for screen in story.screens:
        name = f"{SCREEN_FOLDER}/{screen.file}"
        screens.save(screens.render(screen), folder.path(name))
        note = "" if screen.phone == "me" else f"screen of {screen.phone}"
        folder.done(PhoneFile(name, "screenshot", screen.at, note=note))
    for photo in story.photos:
        name = f"{PHOTO_FOLDER}/{photo.file}"
        at = photo.at or story.backup_at
        papers.save_photo(papers.photograph(photo, story.seed), folder.path(name), at)
        folder.done(PhoneFile(name, "photo", at, note="the time is in the EXIF data"))


def _write_litter(folder: _Folder, story: Story) -> None:
    broken = next(r for r in story.recordings if r.file.endswith(".m4a"))
    at = datetime(2026, 5, 11, 10, 44, 7, tzinfo=story.zone)
    again: Recording = replace(broken, file=_BROKEN, stated=at)
    path = folder.path(f"{SOUND_FOLDER}/{_BROKEN}")
    sound.write_recording(again, path, story.seed)
    whole = path.read_bytes()
    number = story.contacts["c1"].number
    note = "cut off before its index, cannot be opened"
    folder.put(whole[: len(whole) * 3 // 5], PhoneFile(f"{SOUND_FOLDER}/{_BROKEN}", "broken", at, number, note))
    at = datetime(2026, 5, 25, 10, 11, 12, tzinfo=story.zone)
    folder.put(b"", PhoneFile(f"{SOUND_FOLDER}/{_EMPTY}", "empty", at, story.contacts["c5"].number))
    folder.put(b"", PhoneFile(f"{SOUND_FOLDER}/.nomedia", "marker", story.backup_at))
    first = story.screens[0]
    copy = (folder.root / SCREEN_FOLDER / first.file).read_bytes()
    at = datetime(2026, 4, 13, 9, 30, tzinfo=story.zone)
    folder.put(copy, PhoneFile(f"{SCREEN_FOLDER}/{_COPY}", "duplicate", at, note=f"byte copy of {first.file}"))
    data = b"NOTEBK\x00\x02" + Random(story.seed).randbytes(4088)
    folder.put(data, PhoneFile("其他/便签备份.bin", "foreign", story.backup_at, note="a format nobody documents"))


def _planted(story: Story) -> tuple[Planted, ...]:
    numbers = {key: contact.number for key, contact in story.contacts.items()}
    texts = f"{SMS_FOLDER}/sms-{story.backup_at:%Y%m%d%H%M%S}.xml"
    log = f"{SMS_FOLDER}/calls-{story.backup_at:%Y%m%d%H%M%S}.xml"
    by_time = {(c.at): numbers[c.who] for c in story.calls if c.who in story.collectors()}
    found = [Planted(c, m.at, "sms", numbers[m.who], m.text, texts) for m in story.messages for c in m.conduct]
    found += [Planted(c, m.at, "mms", numbers[m.who], m.text, texts) for m in story.mms for c in m.conduct]
    found += [Planted("prohibited_hours", at, "call", by_time[at], "", log) for at in story.expected.night_calls]
    for days, words in (
        (story.expected.connected_over_three, "connected"),
        (story.expected.unanswered_over_six, "unanswered"),
    ):
        for day, count in days.items():
            start = datetime.combine(day, time(), story.zone)
            found.append(Planted("call_frequency", start, "day", None, words, log, count))
    for recording in story.recordings:
        said = "\n".join(line.text for line in recording.lines if line.speaker == "催收员")
        where = f"{SOUND_FOLDER}/{recording.file}"
        found += [
            Planted(c, recording.stated, "recording", numbers[recording.who], said, where) for c in recording.conduct
        ]
    for screen in story.screens:
        said = "\n".join(item.text for item in screen.items if item.kind == "l")
        where = f"{SCREEN_FOLDER}/{screen.file}"
        found += [Planted(c, screen.at, "screenshot", None, said, where) for c in screen.conduct]
    for photo in story.photos:
        said = "\n".join((photo.heading, *photo.lines))
        where = f"{PHOTO_FOLDER}/{photo.file}"
        found += [Planted(c, photo.at or story.backup_at, "photo", None, said, where) for c in photo.conduct]
    return tuple(sorted(found, key=lambda p: (p.at, p.file, p.category)))
