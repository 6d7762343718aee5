import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evidence.joining import join_new
from evidence.linking import link
from evidence.log import Case
from evidence.models import Link, Media, Record, Stamp
from evidence.timeline import load_links
from evidence.times import to_utc_text

START = datetime(2026, 3, 10, tzinfo=UTC)


def call(ident: str, source: str, second: int) -> Record:
    stamp = Stamp(f"2026-03-10T01:00:{second:02d}.000Z", "x", "export", "epoch_utc")
    return Record("call", "call", ident, stamp, "in", "12000000011", duration_s=30, outcome="answered",
                  id=ident, source=source * 64)  # fmt: skip


def test_one_call_in_two_exports_is_joined_once(case: Case) -> None:
    case.append("read", "record", [call("r1", "a", 0), call("r2", "b", 2), call("r3", "b", 40)])
    assert join_new(case).total() == 1
    head = case.head
    assert join_new(case).total() == 0
    assert case.head == head
    (link,) = load_links(case)
    assert ({link.first, link.second}, link.by) == ({"r1", "r2"}, "machine")
    assert link.why
    assert link.at


def test_what_a_person_separated_stays_separated(case: Case) -> None:
    case.append("read", "record", [call("r1", "a", 0), call("r2", "b", 2)])
    case.append("link", "link", [Link("r2", "r1", "two calls", False, "person")])
    assert join_new(case).total() == 0
    assert load_links(case) == ()


def test_old_records_are_not_looked_at_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.append("read", "record", [call("r1", "a", 0)])
    assert join_new(case).total() == 0
    with monkeypatch.context() as patched:
        patched.setattr("evidence.joining._found", lambda case: pytest.fail("looked again"))
        assert join_new(case).total() == 0
    case.append("read", "record", [call("r2", "b", 2)])
    assert join_new(case).total() == 1
    (case.derived / "joined").write_bytes(b"\xff")
    assert join_new(case).total() == 0


@pytest.mark.parametrize("seed", range(8))
def test_looking_at_neighbours_only_finds_what_looking_at_all_finds(case: Case, seed: int) -> None:
    """Three sources, calls with and without number, recordings, notes, messages of the same second and minute."""
    chance = random.Random(seed)
    records = []
    for n in range(150):
        kind: Any
        basis: Any
        how: Any
        kind, channel = chance.choice([("call", "call"), ("sms", "sms"), ("chat", "wechat")])
        basis, how = chance.choice([("export", "epoch_utc")] * 4 + [("filename", "local_assumed"), ("stated", "none")])
        moment = START + timedelta(seconds=chance.randrange(1500))
        stamp = Stamp(to_utc_text(moment), "x", basis, how, precision_s=chance.choice([1, 1, 60]))
        number, name = chance.choice([("12000000011", None), ("12000000011", "王某"), (None, "王某"), (None, None)])
        media = (Media("ab" * 32, 1, "audio/amr", "x"),) if basis == "filename" else ()
        text = chance.choice("甲乙") if kind != "call" else None
        records.append(
            Record(kind, channel, f"{n}", stamp, chance.choice(["in", "out", None]), number, number, name, text,
                   duration_s=chance.choice([None, 30.0]), outcome="answered", media=media, id=f"r{n}",
                   source=chance.choice("cab") * 64)
        )  # fmt: skip
    case.append("read", "record", records)
    wanted = link(records)
    assert join_new(case).total() == len(wanted) > 5
    assert {(one.first, one.second, one.why) for one in load_links(case)} == {
        (one.first, one.second, one.why) for one in wanted
    }
