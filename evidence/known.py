"""What a case has already: which files, which of them were read, and what went wrong then."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from evidence import codec
from evidence.importers.base import ReadOptions, all_importers
from evidence.log import Case
from evidence.models import Problem


@dataclass(slots=True)
class Known:
    """What the case has already: names per hash, sizes, hashes per path, which sources were read whole, and
    which were tried in vain."""

    names: dict[str, set[str]] = field(default_factory=dict)
    sizes: set[int] = field(default_factory=set)
    paths: dict[str, str] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    formats: dict[str, str] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)
    holders: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    kept_at: dict[str, str] = field(default_factory=dict)
    version: int = 0

    @classmethod
    def of(cls, case: Case) -> Known:
        """Read it from the log."""
        known = cls()
        query = "select sha256, name, path, size, kept_at from source where body is not null order by n"
        for sha256, name, path, size, kept_at in case.db.execute(query):
            known.add(sha256, name, path, size)
            known.kept_at[sha256] = kept_at
        known.refresh(case)
        return known

    def refresh(self, case: Case) -> None:
        """Look again at what has been read: another process may have done it."""
        self.version = _data_version(case)
        self.read = {row[0] for row in case.db.execute(_READ)}
        self.tried = {row[0] for row in case.db.execute(_TRIED, [importer_set()])}
        query = "select json_extract(body, '$.source') from log where kind = 'read' and body like '%\"partial\":%'"
        self.partial = {row[0] for row in case.db.execute(query)}
        query = """select json_extract(body, '$.source'), json_extract(body, '$.holder'), json_extract(body, '$.format')
                   from log where kind = 'read' order by seq"""
        for source, holder, name in case.db.execute(query):
            self.holders[source], self.formats[source] = holder, name
        self.problems = unresolved_problems(case)

    def refresh_if_changed(self, case: Case) -> None:
        """As :meth:`refresh`, when another process has written to the case since."""
        if _data_version(case) != self.version:
            self.refresh(case)

    def settled(self, sha256: str, options: ReadOptions) -> bool:
        """Whether a file needs no reading: it was read whole, or tried in vain and nothing more is stated now."""
        return sha256 in self.read or (sha256 in self.tried and not options.says_more)

    def add(self, sha256: str, name: str, path: str, size: int) -> None:
        """One more file."""
        self.names.setdefault(sha256, set()).add(name)
        self.sizes.add(size)
        self.paths[path] = sha256


def _data_version(case: Case) -> int:
    return int(case.db.execute("pragma data_version").fetchone()[0])


_READ = """select json_extract(body, '$.source') from log
           where kind = 'read' and json_extract(body, '$.partial') is null"""
"""Sources that were read whole."""
_TRIED = "select json_extract(body, '$.source') from log where kind = 'unread' and json_extract(body, '$.tried') = ?"
"""Sources that the importers there are now have tried in vain."""


def unresolved_problems(case: Case) -> dict[str, list[Problem]]:
    """Errors met in reading, by source, unless a later reading of that source got over them. Those of OCR are left
    out: they belong to a picture, not to a file."""
    reads = """select file, max(seq) from (
                 select json_extract(body, '$.source') as file, seq from log where kind = 'read'
                 union all select source, seq from reading where source is not null) group by file"""
    last = dict(case.db.execute(reads).fetchall())
    query = """select json_extract(log.body, '$.source'), log.seq, problem.body from problem
               join log on log.seq = problem.seq
               where problem.severity is not 'warning' and problem.locator is not 'ocr' and problem.body is not null
                 and json_extract(log.body, '$.source') is not null order by problem.n"""
    found: dict[str, list[Problem]] = {}
    for source, seq, body in case.db.execute(query):
        problem = codec.from_body(Problem, json.loads(body))
        if seq > last.get(source, 0) and problem not in found.setdefault(source, []):
            found[source].append(problem)
    return {source: problems for source, problems in found.items() if problems}


def importer_set() -> str:
    """Which importers there are: a file that nobody could read is tried again when this changes."""
    return " ".join(f"{importer.name}/{importer.version}" for importer in all_importers())
