import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.search import query, tokens

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
RARE = st.one_of(
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6),
)
PIECE = st.text(st.one_of(HAN, HAN, RARE, st.sampled_from("，。！ab1 \n🙂"), st.sampled_from("催收还钱")), max_size=24)


def index(*texts: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table search using fts5(tokens, content='', tokenize='unicode61')")
    db.executemany("insert into search(rowid, tokens) values (?, ?)", enumerate(map(tokens, texts)))
    return db


def found(db: sqlite3.Connection, text: str) -> set[int]:
    return {row[0] for row in db.execute("select rowid from search where search match ?", [query(text)])}


def is_han(text: str) -> bool:
    return all("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in text)


@settings(deadline=None, max_examples=60)
@given(PIECE)
def test_a_text_is_found_by_each_of_its_chinese_parts(text: str) -> None:
    db = index(text, "")
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            part = text[start:end]
            if is_han(part):
                assert found(db, part) == {0}, part


@settings(deadline=None)
@given(PIECE, st.text(HAN, min_size=2, max_size=5))
def test_only_texts_that_hold_the_words_are_found(text: str, words: str) -> None:
    assert (found(index(text), words) == {0}) == (words in text)


@pytest.mark.parametrize("text", ['"', '催"收', "a AND b", "NEAR(x)", "*", "-催收", "col:催"])
def test_signs_of_the_query_language_do_no_harm(text: str) -> None:
    expression = query(text)
    if expression is not None:
        index("催收").execute("select rowid from search where search match ?", [expression]).fetchall()
    else:
        assert not any(c.isalnum() for c in text)
