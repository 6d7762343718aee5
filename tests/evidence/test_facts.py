from zoneinfo import ZoneInfo

import pytest

from evidence.errors import NotFound, UsageError
from evidence.facts import add_note, authorship, make_fact, require_records, stated_stamp
from evidence.log import Case
from evidence.models import Record, Stamp
from evidence.timeline import load_links, load_view

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("at", "utc", "how", "precision", "zone"),
    [
        ("2026-04-08", "2026-04-07T16:00:00.000Z", "date_only", 86400, "Asia/Shanghai"),
        ("2026-04-08T21:30", "2026-04-08T13:30:00.000Z", "minute_only", 60, "Asia/Shanghai"),
        ("2026-04-08 21:30:05", "2026-04-08T13:30:05.000Z", "local_assumed", 1, "Asia/Shanghai"),
        ("2026-04-08T21:30+00:00", "2026-04-08T21:30:00.000Z", "offset_in_file", 60, "+0000"),
        ("2026-04-08T21:30:05Z", "2026-04-08T21:30:05.000Z", "offset_in_file", 1, "+0000"),
    ],
)
def test_a_stated_time_is_as_exact_as_it_is_written(at: str, utc: str, how: str, precision: float, zone: str) -> None:
    stamp = stated_stamp(at, ZONE)
    assert (stamp.utc, stamp.how, stamp.precision_s, stamp.zone) == (utc, how, precision, zone)
    assert (stamp.raw, stamp.basis) == (at, "stated")


def test_a_person_may_say_how_exact() -> None:
    assert stated_stamp("2026-04-08T21:30", ZONE, 1800).precision_s == 1800


@pytest.mark.parametrize("at", ["", "yesterday", "2026-02-30", "0001-01-01", "\udcff"])
def test_no_time_is_a_usage_error(at: str) -> None:
    with pytest.raises(UsageError):
        stated_stamp(at, ZONE)


def test_a_fact_has_an_id_that_depends_on_what_it_says(case: Case) -> None:
    one = make_fact(case, "payment", "2026-04-08", ZONE, keys=("creditor=某某金融", "amount=100"))
    two = make_fact(case, "payment", "2026-04-08", ZONE, keys=("amount=100", "creditor=某某金融"))
    other = make_fact(case, "payment", "2026-04-08", ZONE, keys=("creditor=某某金融", "amount=200"))
    assert one.id == two.id != other.id
    assert one.keys == {"creditor": "某某金融", "amount": "100"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gossip"},
        {"form": "sung"},
        {"keys": ("creditor",)},
        {"keys": ("=x",)},
        {"kind": "optout_telepathy"},
        {"kind": "authorship"},
        {"kind": "authorship", "keys": ("finding=f1", "by=him")},
    ],
)
def test_a_fact_out_of_form_is_refused(case: Case, wrong: dict[str, object]) -> None:
    words = {"kind": "payment", "at": "2026-04-08", **wrong}
    with pytest.raises(UsageError):
        make_fact(case, zone=ZONE, **words)  # type: ignore[arg-type]


def test_a_channel_may_be_opted_out_of(case: Case) -> None:
    assert make_fact(case, "optout_sms", "2026-04-08", ZONE).type == "optout_sms"


def test_proof_must_be_in_the_case(case: Case) -> None:
    with pytest.raises(NotFound):
        make_fact(case, "payment", "2026-04-08", ZONE, proof=("r0000000000000000",))
    note = add_note(case, "visit", "2026-05-02T19:10", ZONE, "敲门")
    assert make_fact(case, "payment", "2026-04-08", ZONE, proof=(note.id,)).proof == (note.id,)
    require_records(case, [note.id])
    with pytest.raises(NotFound):
        require_records(case, [note.id, "r1"])


def test_a_note_is_a_sealed_record_of_the_borrowers_own(case: Case) -> None:
    note = add_note(
        case, "call", "2026-05-02T19:10", ZONE, "骂人", number="+86 120 0000 0011", direction="in", holder="母亲"
    )
    assert load_view(case).records == (note,)
    assert (note.number, note.number_raw, note.holder) == ("12000000011", "+86 120 0000 0011", "母亲")
    assert (note.time.basis, note.time.precision_s, note.source) == ("stated", 60, "")


def test_an_empty_note_is_refused(case: Case) -> None:
    with pytest.raises(UsageError):
        add_note(case, "visit", "2026-05-02", ZONE, "  ")


def test_two_notes_at_one_moment_are_two_records(case: Case) -> None:
    a = add_note(case, "visit", "2026-05-02", ZONE, "同样的话", number="12000000011")
    b = add_note(case, "visit", "2026-05-02", ZONE, "同样的话", number="12000000012")
    assert a.id != b.id


def test_who_wrote_something_is_a_statement_of_now(case: Case) -> None:
    fact = authorship(case, "f1", "other")
    assert (fact.type, fact.keys) == ("authorship", {"finding": "f1", "by": "other"})
    assert fact.time.utc == fact.at
    assert fact.id != authorship(case, "f1", "self").id
    typed = make_fact(case, "authorship", "2026-04-08", ZONE, keys=("finding=f1", "by=self"))
    assert typed.keys["by"] == "self"


def test_the_rules_and_the_borrower_know_the_same_facts() -> None:
    from evidence import facts
    from evidence.rules import schema

    assert facts.FACT_TYPES is schema.FACT_TYPES
    assert {"hours_agreed", "reachable", "separate_debt", "regulator_pause_end"} <= set(facts.FACT_TYPES)


def test_a_note_of_a_call_is_joined_with_the_call(case: Case) -> None:
    at = Stamp("2026-05-02T11:10:20.000Z", "x", "export", "epoch_utc")
    case.append("read", "record", [Record("call", "call", "1", at, "in", "12000000011", holder="妹妹", id="r1")])
    note = add_note(case, "call", "2026-05-02T19:10", ZONE, "催我姐", number="12000000011", holder="妹妹")
    assert [(link.first, link.second) for link in load_links(case)] == [("r1", note.id)]


def test_a_request_names_channels_that_exist(case: Case) -> None:
    made = make_fact(case, "cease_notice", "2026-04-08", ZONE, keys=("channels=call, third",))
    assert made.keys["channels"] == "call, third"
    with pytest.raises(UsageError, match="channels"):
        make_fact(case, "cease_notice", "2026-04-08", ZONE, keys=("channels=telephone",))


def test_a_wrong_date_is_named_in_plain_words(case: Case) -> None:
    with pytest.raises(UsageError) as caught:
        make_fact(case, "payment", " 2026-13-40 ", ZONE)
    assert str(caught.value) == "Not a date or time: 2026-13-40"
