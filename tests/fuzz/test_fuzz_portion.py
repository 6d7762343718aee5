"""A small, fixed portion of the fuzzing, in every test run. The whole: ``python tests/fuzz/run.py --seconds 3600``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import mutate
import target

from evidence.importers.base import all_importers

INPUTS = 12


@pytest.mark.parametrize("name", [importer.name for importer in all_importers()])
def test_damaged_files_break_nothing(name: str, tmp_path: Path) -> None:
    importer = next(i for i in all_importers() if i.name == name)
    corpus, shown = target.corpus(name), target.sample_name(name)
    for n in range(INPUTS):
        path = tmp_path / f"input{n}"
        path.write_bytes(mutate.mutate(corpus, f"portion/{n}"))
        probe = target.probe_of(path, shown)
        target.check_claims(probe)
        target.check_read(importer, probe)


def test_the_same_seed_gives_the_same_input() -> None:
    corpus = [b"one two three 4567", b"<a><b>9</b></a>"]
    made = [mutate.mutate(corpus, str(n)) for n in range(200)]
    assert made == [mutate.mutate(corpus, str(n)) for n in range(200)]
    assert len(set(made)) > 150


def test_the_oracle_can_fail(tmp_path: Path) -> None:
    from collections.abc import Iterator

    from evidence.importers.base import Item
    from evidence.models import Record

    class Twice:
        name, version, fallback = "twice", "1", False

        def claims(self, file: object) -> bool:
            return True

        def read(self, file: object, options: object, attach: object) -> Iterator[Item]:
            yield Record("sms", "sms", "row 1")
            yield Record("sms", "sms", "row 1")

    path = tmp_path / "x"
    path.write_bytes(b"x")
    with pytest.raises(target.Broken, match="two records"):
        target.check_read(Twice(), target.probe_of(path, "x"))
