"""What must hold on every Python that we promise, checked where only one of them is at hand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
POSSESSIVE_GROUP = re.compile(r"\)[*+?]\+|\)\{[\d,]+\}\+|\(\?>")


def test_no_possessive_groups_in_patterns() -> None:
    """CPython 3.11 before 3.11.5 (Debian 12 has 3.11.2) matches ``(…)*+`` and ``(?>…)`` wrongly."""
    found = []
    for path in [*ROOT.glob("evidence/**/*.py"), *ROOT.glob("complaints/**/*.py"), ROOT / "run.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
                if POSSESSIVE_GROUP.search(text):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found
