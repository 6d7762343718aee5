"""Fixtures for every test: a fixed clock, a fresh case, the folder of foreign samples when it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence import i18n
from evidence.environment import Environment, fixed_environment
from evidence.log import Case, create_case

ROOT = Path(__file__).parent.parent
i18n.activate("en")  # some help texts are made when a test module is imported, before any fixture


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages in English unless a test asks otherwise, whatever the machine's locale."""
    monkeypatch.setenv("DUNLOG_LANG", "en")
    monkeypatch.delenv("DUNLOG_CASE", raising=False)
    i18n.activate("en")


@pytest.fixture
def environment() -> Environment:
    """A clock that ticks one second per question from 2026-06-01 00:00 UTC, and seeded salts."""
    return fixed_environment(datetime(2026, 6, 1, tzinfo=UTC), "tests")


@pytest.fixture
def case(tmp_path: Path, environment: Environment) -> Iterator[Case]:
    """An empty case."""
    with create_case(tmp_path / "case", environment=environment) as made:
        yield made


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real files of outsiders, for tests that run where they are."""
    folder = Path(os.environ.get("DUNLOG_SAMPLES", ROOT.parent / "shared" / "samples"))
    if not folder.is_dir():
        pytest.skip("the sample files are not on this machine")
    return folder
