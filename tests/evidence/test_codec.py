import json

from hypothesis import given
from hypothesis import strategies as st

from evidence import codec, sealing
from evidence.models import (
    Answer,
    Basis,
    Fact,
    Finding,
    LeftOut,
    Line,
    Link,
    Media,
    Participant,
    Party,
    Problem,
    Quote,
    Reading,
    Record,
    Review,
    Source,
    Stamp,
)  # fmt: skip

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
maybe = st.none() | words
stamps = st.builds(
    Stamp, utc=st.none() | st.just("2026-01-01T00:00:00.000Z"), raw=words, basis=st.sampled_from(["export", "stated"]),
    how=st.sampled_from(["epoch_utc", "none"]), zone=maybe, precision_s=st.floats(0.001, 1e6),
)  # fmt: skip
records = st.builds(
    Record, kind=st.sampled_from(["call", "sms"]), channel=words, locator=words, time=stamps,
    direction=st.sampled_from([None, "in", "out"]), number=maybe, number_raw=maybe, name=maybe, text=maybe,
    text_basis=st.sampled_from([None, "source"]), duration_s=st.none() | st.floats(0, 1e6),
    outcome=st.sampled_from([None, "missed"]),
    participants=st.tuples() | st.tuples(st.builds(Participant, words, st.sampled_from([None, "from"]))),
    media=st.tuples() | st.tuples(st.builds(Media, words, st.integers(0, 2**53), words, words)),
    holder=words, extras=st.dictionaries(words, words | st.integers(-(2**60), 2**60), max_size=3),
    id=words, source=words,
)  # fmt: skip
boxes = st.none() | st.tuples(*[st.floats(0, 9e3)] * 4)
lines = st.builds(Line, text=words, score=st.none() | st.floats(0, 1), box=boxes, start_s=st.none() | st.floats(0, 9))
nouns = st.one_of(
    records,
    st.builds(Reading, words, st.just("ocr"), words, words, words, st.tuples(lines), st.dictionaries(words, words)),
    st.builds(Party, words, maybe, maybe, maybe, maybe, maybe, maybe, words),
    st.builds(
        Fact, words, stamps, words, st.dictionaries(words, words), st.sampled_from([None, "oral"]), st.tuples(words)
    ),
    st.builds(Problem, words, words, words, words, st.sampled_from(["error", "warning"])),
    st.builds(Link, words, words, words, st.booleans(), st.sampled_from(["machine", "person"]), words),
    st.builds(Review, words, st.sampled_from(["confirmed", "dismissed"]), words, words),
    st.builds(Answer, words, words, words),
    st.builds(Source, words, st.integers(0, 2**53), words, words, maybe, maybe, maybe, words),
    st.builds(
        Finding, words, words, words, st.just("violation"), st.integers(0, 9), st.tuples(words),
        st.tuples(st.builds(Quote, words, st.integers(0, 9), st.integers(0, 9), words, maybe, boxes)),
        st.none() | st.integers(0, 9), left_out=st.tuples(st.builds(LeftOut, words, words)),
        basis=st.tuples(st.builds(Basis, words, words, words)), filing=st.booleans(), assumptions=st.tuples(words),
    ),
)  # fmt: skip


@given(nouns)
def test_every_noun_comes_back_from_its_canonical_text(value: object) -> None:
    text = sealing.canonical(codec.to_body(value))
    again = codec.from_body(type(value), json.loads(text))
    assert again == value
    assert sealing.canonical(codec.to_body(again)) == text


def test_fields_at_their_default_are_left_out() -> None:
    assert codec.to_body(Party("12000000011", at="x")) == {"key": "12000000011", "at": "x"}
    assert "holder" not in codec.to_body(Record("sms", "sms", "sms[1]"))
