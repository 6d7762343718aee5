"""Reading the lexicon files of one language (``evidence/words/<language>/*.yaml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from evidence.errors import PackInvalid


def names() -> list[str]:
    """The lexicon files, sorted, without their ending."""
    folder = files("evidence.words") / "zh"
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))


@cache
def load(name: str) -> dict[str, Any]:
    """One lexicon file as a mapping. Raises PackInvalid when it is not one."""
    import yaml

    text = (files("evidence.words") / "zh" / f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table = yaml.load(text, Loader=loader)
    if not isinstance(table, dict):
        raise PackInvalid(f"evidence/words/zh/{name}.yaml: not a mapping")
    return table
