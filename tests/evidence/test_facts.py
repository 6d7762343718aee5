from zoneinfo import ZoneInfo

import pytest

from evidence.errors import NotFound, UsageError
from evidence.facts import add_note, make_fact, require_records, stated_stamp
from evidence.log import Case
from evidence.timeline import load_view

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
