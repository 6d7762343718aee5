"""The schema of ``case.db``, as named steps. A released step is never edited.

Every noun has one table of the same shape (``record_row``, ``party_row``, …) and one view with its name
(``record``, ``party``, …). ``body`` is the canonical JSON of the row and the only text that is sealed; the named
columns of the view are computed from it, so they cannot say anything else. ``seq`` is the log row that sealed it,
``leaf`` its number in that row's Merkle tree, ``hash`` the leaf. A forgotten row keeps its hash and loses ``body``
and ``salt``, after a log row of kind ``forget`` has named it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("dunlog")

_FIRST: dict[str, tuple[str, ...]] = {
    "source": ("sha256", "name", "path", "size", "mtime", "kept_at"),
    "record": (
        "id",
        "source",
        "kind",
        "channel",
        "time",
        "time_raw",
        "time_basis",
        "time_how",
        "direction",
        "number",
        "name",
        "text",
        "text_basis",
        "duration_s",
        "outcome",
        "holder",
        "locator",
    ),
    "problem": ("code", "message", "path", "source", "locator", "severity"),
    "reading": ("id", "target", "kind", "engine", "version", "by", "at", "text", "source"),
    "party": ("key", "name", "role", "lender", "relation", "at"),
    "fact": ("id", "type", "time", "text", "form", "at"),
    "answer": ("field", "value", "at"),
    "link": ("first", "second", "why", "joined", "by", "at"),
    "review": ("finding", "decision", "reason", "at"),
}
_CONTACT = ("locator", "name", "number", "number_raw", "account", "source")
_LAYOUT = ("id", "target", "reading", "version", "at")
NOUNS: dict[str, tuple[str, ...]] = {**_FIRST, "contact": _CONTACT, "layout": _LAYOUT}
_INDEXED = {"record": "id", "reading": "target", "source": "sha256"}

_LOG = """
create table log(
  seq integer primary key, at text not null, kind text not null, body text not null,
  prev blob not null, hash blob not null) strict;
create trigger log_insert before insert on log begin
  select case
    when new.seq is not (select coalesce(max(seq), 0) + 1 from log) then raise(abort, 'gap in the log')
    when new.prev is not coalesce((select hash from log order by seq desc limit 1), zeroblob(32))
      then raise(abort, 'chain broken') end;
end;
create trigger log_update before update on log begin select raise(abort, 'append-only'); end;
create trigger log_delete before delete on log begin select raise(abort, 'append-only'); end;
"""


def _noun_sql(noun: str, columns: tuple[str, ...]) -> str:
    computed = [f"json_extract(body, '$.{column}') as \"{column}\"" for column in columns]
    index = ""
    if noun in _INDEXED:
        index = f"create index {noun}_{_INDEXED[noun]} on {noun}_row(json_extract(body, '$.{_INDEXED[noun]}'));"
    return f"""
create table {noun}_row(
  n integer primary key, seq integer not null, leaf integer not null,
  salt blob, body text, hash blob not null) strict;
{index}
create view {noun} as select n, seq, leaf, salt, body, hash, {", ".join(computed)} from {noun}_row;
create trigger {noun}_update before update on {noun}_row
  when not (new.body is null and new.salt is null and new.n is old.n and new.seq is old.seq
            and new.leaf is old.leaf and new.hash is old.hash and exists (
              select 1 from log where kind = 'forget' and json_extract(body, '$.noun') = '{noun}'
                and json_extract(body, '$.seq') = old.seq and json_extract(body, '$.leaf') = old.leaf))
  begin select raise(abort, 'append-only'); end;
create trigger {noun}_delete before delete on {noun}_row begin select raise(abort, 'append-only'); end;
"""


@migrations()
def m001_log_and_nouns(db: Database) -> None:
    """The chained log, one sealed table per noun, and the search index (rebuildable)."""
    statements = _LOG + "".join(_noun_sql(noun, columns) for noun, columns in _FIRST.items())
    statements += """create virtual table search using
      fts5(tokens, content='', tokenize='unicode61', detail=none, columnsize=0);"""
    for statement in _split_statements(statements):
        db.execute(statement)


@migrations()
def m002_contacts(db: Database) -> None:
    """Names that address books give to numbers."""
    for statement in _split_statements(_noun_sql("contact", _CONTACT)):
        db.execute(statement)


@migrations()
def m003_layouts(db: Database) -> None:
    """How screenshots were divided into messages."""
    for statement in _split_statements(_noun_sql("layout", _LAYOUT)):
        db.execute(statement)


def _split_statements(script: str) -> list[str]:
    """One statement each: ``executescript`` would commit the open transaction."""
    import sqlite3

    out, current = [], ""
    for line in script.splitlines(keepends=True):
        for piece in line.replace(";", ";\0").split("\0"):
            current += piece
            if current.strip() and sqlite3.complete_statement(current):
                out.append(current.strip())
                current = ""
    return out


def schema() -> dict[str, tuple[str, str]]:
    """What a case's database must hold: name to (table, index, view or trigger; its SQL), as the steps make it."""
    from sqlite_utils import Database as _Database

    db = _Database(memory=True)
    migrations.apply(db)
    query = """select name, type, sql from sqlite_master where sql is not null
               and name not glob 'search_*' and name not glob '*sqlite_*'"""
    return {name: (kind, sql) for name, kind, sql in db.execute(query)}
