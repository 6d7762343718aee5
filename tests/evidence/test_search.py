import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.log import Case
from evidence.migrations import migrations
from evidence.models import Record
from evidence.search import query, tokens
from evidence.timeline import Filter, select_records

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
RARE = st.one_of(
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5),
    st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
)
PIECE = st.text(st.one_of(HAN, HAN, RARE, st.sampled_from("，。！abÀ1 \n🙂"), st.sampled_from("催收还钱")), max_size=24)


def index(*texts: str) -> sqlite3.Connection:
    from sqlite_utils import Database

    db = Database(memory=True)
    migrations.apply(db)
    db.conn.executemany("insert into search(rowid, tokens) values (?, ?)", enumerate(map(tokens, texts)))
    return db.conn


def can_hold(db: sqlite3.Connection, text: str) -> set[int]:
    expression = query(text)
    if expression is None:
        return {0, 1}
    return {row[0] for row in db.execute("select rowid from search where search match ?", [expression])}


@settings(deadline=None, max_examples=60)
@given(PIECE)
def test_no_part_of_a_text_is_ever_missed(text: str) -> None:
    db = index(text, "")
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            assert 0 in can_hold(db, text[start:end])


def test_exactly_the_records_with_the_words_are_listed(case: Case) -> None:
    texts = ["请停止催收我的家人", "收到催促，稍后再说", "您的快递已到", "家", "URGENT 还款", "𰻞𰻞面馆", "还有🙂"]
    case.append("note", "record", [Record("note", "note", str(n), text=t) for n, t in enumerate(texts)])
    wanted = {
        "催收": [0], "家": [0, 3], "收": [0, 1], "收到催": [1], "快递已": [2], "urgent": [4], "𰻞": [5], "🙂": [6],
        "催促，稍": [1], "没有的词": [],
    }  # fmt: skip
    found = {w: [int(r.locator) for r in select_records(case, Filter(text=w))] for w in wanted}
    assert found == wanted


@pytest.mark.parametrize("text", ['"', '催"收', "a AND b", "NEAR(x)", "*", "-催收", "col:催"])
def test_signs_of_the_query_language_do_no_harm(text: str) -> None:
    expression = query(text)
    if expression is not None:
        index("催收").execute("select rowid from search where search match ?", [expression]).fetchall()
    else:
        assert not any(c.isalnum() for c in text)
