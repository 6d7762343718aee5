"""Fixtures of the complaint tests: the invented case of ``dossier_case.py``, which is no test module."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load(name: str) -> ModuleType:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def story() -> ModuleType:
    """The module that builds the invented case: ``view()``, ``findings()``, ``TODAY`` and the ids in it."""
    return _load("dossier_case")
