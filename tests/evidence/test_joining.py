import pytest

from evidence.joining import join_new
from evidence.log import Case
from evidence.models import Link, Record, Stamp
from evidence.timeline import load_links


def call(ident: str, source: str, second: int) -> Record:
    stamp = Stamp(f"2026-03-10T01:00:{second:02d}.000Z", "x", "export", "epoch_utc")
    return Record("call", "call", ident, stamp, "in", "12000000011", duration_s=30, outcome="answered",
                  id=ident, source=source * 64)  # fmt: skip


def test_one_call_in_two_exports_is_joined_once(case: Case) -> None:
    case.append("read", "record", [call("r1", "a", 0), call("r2", "b", 2), call("r3", "b", 40)])
    assert join_new(case) == 1
    head = case.head
    assert join_new(case) == 0
    assert case.head == head
    (link,) = load_links(case)
    assert ({link.first, link.second}, link.by) == ({"r1", "r2"}, "machine")
    assert link.why
    assert link.at


def test_what_a_person_separated_stays_separated(case: Case) -> None:
    case.append("read", "record", [call("r1", "a", 0), call("r2", "b", 2)])
    case.append("link", "link", [Link("r2", "r1", "two calls", False, "person")])
    assert join_new(case) == 0
    assert load_links(case) == ()


def test_old_records_are_not_looked_at_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.append("read", "record", [call("r1", "a", 0)])
    assert join_new(case) == 0
    with monkeypatch.context() as patched:
        patched.setattr("evidence.joining.link", lambda records: pytest.fail("looked again"))
        assert join_new(case) == 0
    case.append("read", "record", [call("r2", "b", 2)])
    assert join_new(case) == 1
    (case.derived / "joined").write_bytes(b"\xff")
    assert join_new(case) == 0
