"""The iPhone's address book: names, numbers, and rows that belong to nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.formats.contacts.personnames import apple_label, full_name
from evidence.importers.iphone_contacts import IMPORTER
from evidence.models import Contact, Problem

Read = Callable[..., list[Any]]
PERSON = (
    "create table ABPerson "
    "(ROWID integer primary key, First, Last, Middle, Prefix, Suffix, Nickname, Organization, Note)"
)
VALUE = "create table ABMultiValue (UID integer primary key, record_id, property, label, value)"


def write(path: Path, people: list[tuple[Any, ...]], values: list[tuple[Any, ...]], *more: str) -> Path:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        for statement in (PERSON, VALUE, *more):
            database.execute(statement)
        database.executemany("insert into ABPerson values (?, ?, ?, ?, ?, ?, ?, ?, ?)", people)
        database.executemany("insert into ABMultiValue (record_id, property, label, value) values (?, ?, ?, ?)", values)
        database.commit()
    return path


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("周", "阿岭"), "周阿岭"),
        (("Example", "Lin", "Q.", "Dr.", "Jr."), "Dr. Lin Q. Example Jr."),
        (("", "阿岭"), "阿岭"),
        (("", ""), ""),
        (("김", "하나"), "김하나"),
    ],
)
def test_full_names(parts: tuple[str, ...], name: str) -> None:
    assert full_name(*parts) == name


def test_labels() -> None:
    assert [apple_label(x) for x in ("_$!<Mobile>!$_", "公司", "_$!<")] == ["Mobile", "公司", "_$!<"]


def test_numbers_mails_and_everything_else(tmp_path: Path, read_all: Read) -> None:
    people = [
        (1, "阿岭", "周", None, None, None, None, "虚构金融", "备注"),
        (2, None, None, None, None, None, "小李", None, None),
        (3, None, None, None, None, None, None, None, None),
        (4, b"\xff", 7, None, None, None, None, None, None),
        (5, "空", None, None, None, None, None, None, None),
    ]
    values = [(1, 3, 1, "+86 120 0000 0011"), (2, 4, None, "li@example.invalid"), (3, 3, None, "12000000012"),
              (4, 3, None, "12000000013"), (9, 3, None, "12000000014"), (1, 5, None, None), (1, 13, None, None),
              (1, 3, None, b"\xff"), (2, 3, "x", 12000000015)]  # fmt: skip
    items = read_all(IMPORTER, write(tmp_path / "book", people, values))
    contacts = [i for i in items if isinstance(i, Contact)]
    assert [(c.locator, c.name, c.number, c.account) for c in contacts] == [
        ("value 1", "周阿岭", "12000000011", None),
        ("value 2", "小李", None, "li@example.invalid"),
        ("value 9", "小李", "12000000015", None),
    ]
    assert contacts[0].extras == {"person": 1, "organization": "虚构金融", "note": "备注"}
    told = {i.code: (i.locator, i.message.split()[0]) for i in items if isinstance(i, Problem)}
    assert told == {
        "contact_unnamed": ("value 3", "2"),
        "value_without_person": ("value 5", "1"),
        "other_values": ("value 6", "3"),
        "contact_empty": ("ABPerson", "1"),
    }
    assert len(contacts) + 2 + 1 + 3 == len(values)


def test_a_person_with_endless_numbers_stays_small(tmp_path: Path, read_all: Read) -> None:
    people = [(1, "阿岭", "周", None, None, None, None, None, "长" * 1000)]
    items = read_all(IMPORTER, write(tmp_path / "book", people, [(1, 3, None, f"1200000{n:04d}") for n in range(500)]))
    assert len(items) == 500
    assert sum("note" in item.extras for item in items) == 20


def test_claims(tmp_path: Path, make_probe: Any) -> None:
    assert IMPORTER.claims(make_probe(write(tmp_path / "a", [], [])))
    with closing(sqlite3.connect(tmp_path / "b")) as database:
        database.execute(PERSON)
        database.commit()
    assert not IMPORTER.claims(make_probe(tmp_path / "b"))
    (tmp_path / "c").write_bytes(b"ABPerson ABMultiValue")
    assert not IMPORTER.claims(make_probe(tmp_path / "c"))


VALUES = st.one_of(st.none(), st.integers(-9, 9), st.floats(), st.text(max_size=9), st.binary(max_size=9))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(st.tuples(*[VALUES] * 8), max_size=5),
    values=st.lists(
        st.tuples(st.integers(0, 6) | VALUES, st.sampled_from([3, 4, 13]) | VALUES, VALUES, VALUES), max_size=9
    ),
)
def test_every_value_is_accounted_for(people: Any, values: Any, tmp_path: Path, read_all: Read) -> None:
    rows = [(n, *person) for n, person in enumerate(people, 1)]
    entries = "create table ABMultiValueEntry (parent_id, key, value)", "create table ABMultiValueEntryKey (value)"
    items = read_all(IMPORTER, write(tmp_path / "book", rows, values, *entries))
    contacts = sum(isinstance(i, Contact) for i in items)
    words = {i.code: int(i.message.split()[0]) for i in items if isinstance(i, Problem)}
    words.pop("contact_empty", None)
    assert contacts + sum(words.values()) == len(values)
