"""From the plain mapping of ``story.yaml`` to the values of ``complaints.demo.story``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.demo.story import (
    Call,
    Contact,
    Expected,
    Message,
    Mms,
    Paper,
    Recording,
    ReviewChoice,
    Screen,
    ScreenItem,
    Service,
    SpokenLine,
    StatedFact,
    StatedNote,
    StatedParty,
    Story,
    Thread,
    Way,
)

Row = Mapping[str, Any]
_WAYS: Mapping[str, Way] = {"in": "in", "out": "out", "missed": "missed", "rejected": "rejected"}


def _strings(row: Row, key: str) -> tuple[str, ...]:
    return tuple(str(value) for value in row.get(key, ()))


class _Reader:
    """Knows the zone, so that every wall clock of the file becomes an instant."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=self.zone)

    def message(self, row: Row) -> Message:
        key = row.get("key")
        return Message(
            self.at(row["at"]), row["with"], bool(row.get("out")), row["text"], _strings(row, "conduct"), key
        )

    def call(self, line: str) -> Call:
        day, clock, who, way, seconds = line.split()
        return Call(self.at(f"{day} {clock}"), who, _WAYS[way], int(seconds))

    def mms(self, row: Row) -> Mms:
        return Mms(
            at=self.at(row["at"]),
            who=row["with"],
            text=row.get("text", ""),
            subject=row.get("subject"),
            letter=bool(row.get("letter")),
            picture=bool(row.get("picture")),
            notification=bool(row.get("notification")),
            others=_strings(row, "others"),
            conduct=_strings(row, "conduct"),
        )

    def recording(self, row: Row) -> Recording:
        return Recording(
            file=row["file"],
            call=self.at(row["call"]),
            stated=self.at(row["stated"]),
            who=row["who"],
            seconds=float(row["seconds"]),
            transcript=row.get("transcript"),
            lines=tuple(SpokenLine(float(a), float(b), speaker, text) for a, b, speaker, text in row["lines"]),
            conduct=_strings(row, "conduct"),
        )

    def screen(self, row: Row) -> Screen:
        return Screen(
            file=row["file"],
            look=row["look"],
            at=self.at(row["at"]),
            title=row["title"],
            dark=bool(row.get("dark")),
            long=bool(row.get("long")),
            phone=row.get("phone", "me"),
            items=tuple(_item(item) for item in row["items"]),
            conduct=_strings(row, "conduct"),
        )

    def paper(self, row: Row) -> Paper:
        return Paper(
            file=row.get("file", ""),
            at=self.at(row["at"]) if "at" in row else None,
            surface=row.get("surface", ""),
            heading=row["heading"],
            lines=_strings(row, "lines"),
            stamp=row.get("stamp", ""),
            conduct=_strings(row, "conduct"),
        )

    def expected(self, row: Row) -> Expected:
        return Expected(
            night_calls=tuple(self.at(text) for text in row["night_calls"]),
            night_messages=tuple(self.at(text) for text in row["night_messages"]),
            at_the_limit=tuple(self.at(text) for text in row["at_the_limit"]),
            connected_over_three={date.fromisoformat(k): v for k, v in row["connected_over_three"].items()},
            unanswered_over_six={date.fromisoformat(k): v for k, v in row["unanswered_over_six"].items()},
        )


def _item(row: Row) -> ScreenItem:
    ((kind, value),) = row.items()
    return ScreenItem(kind, value[0], value[1]) if kind == "row" else ScreenItem(kind, value)


def _parties(rows: list[Row], contacts: Mapping[str, Contact]) -> tuple[StatedParty, ...]:
    return tuple(
        StatedParty(
            contacts[row["who"]].number,
            row["name"],
            row["role"],
            row.get("lender"),
            row.get("lender_type"),
            row.get("relation"),
        )
        for row in rows
    )


def _proofs(row: Row, messages: Mapping[str, Message], calls: Sequence[Call]) -> tuple[Message | Call, ...]:
    found: list[Message | Call] = []
    if "proof_call" in row:
        (call,) = (call for call in calls if f"{call.at:%Y-%m-%d %H:%M:%S}" == row["proof_call"])
        found.append(call)
    if "proof" in row:
        found.append(messages[row["proof"]])
    return tuple(found)


def read_story(data: Row) -> Story:
    """Check and convert the whole file. A missing key is a ``KeyError``, a malformed row a ``ValueError``."""
    zone = ZoneInfo(data["zone"])
    reader = _Reader(zone)
    contacts = {key: Contact(key, row["number"], row.get("saved")) for key, row in data["contacts"].items()}
    messages = tuple(sorted((reader.message(row) for row in data["messages"]), key=lambda m: m.at))
    calls = tuple(sorted((reader.call(line) for line in data["calls"]), key=lambda c: c.at))
    proofs = {message.key: message for message in messages if message.key}
    return Story(
        seed=int(data["seed"]),
        zone=zone,
        first_day=date.fromisoformat(data["from"]),
        last_day=date.fromisoformat(data["to"]),
        backup_at=reader.at(data["backup_at"]),
        old_backup_at=reader.at(data["old_backup_at"]),
        contacts=contacts,
        parties=_parties(data["parties"], contacts),
        facts=tuple(
            StatedFact(
                type=r["type"],
                when=r["when"],
                form=r.get("form"),
                text=r["text"],
                keys={"creditor": data["facts_about"], **r.get("keys", {})},
                proofs=_proofs(r, proofs, calls),
            )
            for r in data["facts"]
        ),
        notes=tuple(
            StatedNote(
                reader.at(r["at"]), r["kind"], r["holder"], contacts[r["who"]].number, int(r["duration_s"]), r["text"]
            )
            for r in data["notes"]
        ),
        answers={str(key): str(value) for key, value in data["answers"].items()},
        reviews=tuple(
            ReviewChoice(r.get("category"), r.get("fragment"), r["decision"], r["reason"]) for r in data["reviews"]
        ),
        messages=messages,
        only_in_old_backup=tuple(reader.message(row) for row in data["only_in_old_backup"]),
        calls=calls,
        mms=tuple(sorted((reader.mms(row) for row in data["mms"]), key=lambda m: m.at)),
        sister_messages=tuple(reader.message(row) for row in data["sister_phone"]["messages"]),
        sister_calls=tuple(reader.call(line) for line in data["sister_phone"]["calls"]),
        recordings=tuple(reader.recording(row) for row in data["recordings"]),
        screens=tuple(reader.screen(row) for row in data["screens"]),
        photos=tuple(reader.paper(row) for row in data["photos"]),
        letter=reader.paper(data["letter"]),
        threads=tuple(Thread(row["with"], _strings(row, "lines")) for row in data["threads"]),
        services=tuple(
            Service(r["with"], int(r["per_month"]), (int(r["hours"][0]), int(r["hours"][1])), _strings(r, "texts"))
            for r in data["service"]
        ),
        private_calls={str(key): int(value) for key, value in data["private_calls"].items()},
        expected=reader.expected(data["expected"]),
    )
