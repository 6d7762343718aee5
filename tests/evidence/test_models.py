"""The quick ways to make a record and a stamp give the very same values as the plain ones."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from evidence.models import Record, Stamp, exact_stamp, short_message

STAMP = Stamp("2026-01-01T00:00:00.000Z", "1767225600000", "export", "epoch_utc", None, 0.001)
PLAIN = Record(
    kind="sms",
    channel="sms",
    locator="sms[1]",
    time=STAMP,
    direction="in",
    number="12000000001",
    number_raw="+86 12000000001",
    name="林",
    text="您好",
    text_basis="source",
    holder="mother",
    extras={"read": "1"},
)


def quick() -> Record:
    values = (PLAIN.locator, STAMP, PLAIN.direction, PLAIN.number, PLAIN.number_raw, PLAIN.name, PLAIN.text)
    return short_message(*values, PLAIN.text_basis, PLAIN.holder, PLAIN.extras)


def test_a_short_message_is_a_record_like_any_other() -> None:
    made = quick()
    assert type(made) is Record
    assert made == PLAIN
    assert repr(made) == repr(PLAIN)
    assert replace(made, id="r1") == replace(PLAIN, id="r1")
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == PLAIN


def test_an_exact_stamp_is_a_stamp_like_any_other() -> None:
    made = exact_stamp("2026-01-01T00:00:00.000Z", "1767225600000", "export", 0.001)
    assert type(made) is Stamp
    assert made == STAMP
    assert hash(made) == hash(STAMP)
    assert repr(made) == repr(STAMP)


@pytest.mark.parametrize(("made", "name"), [(quick(), "text"), (exact_stamp("", "", "file", 1.0), "utc")])
def test_they_are_closed_to_changes(made: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, "x")
