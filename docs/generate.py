"""Write docs/cli.md and docs/cli.zh-CN.md from the commands themselves; ``--check`` fails when they are stale."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGETS = {"en": HERE / "cli.md", "zh": HERE / "cli.zh-CN.md"}


def pages(language: str) -> str:
    """The reference in one language."""
    import typer.main

    from complaints.cli import make_app
    from evidence import i18n

    i18n.activate(language)
    root = typer.main.get_command(make_app())
    title = {"en": "# Command reference", "zh": "# 命令参考"}[language]
    made = {
        "en": "Generated from the program (`python docs/generate.py`); do not edit.",
        "zh": "由程序生成（`python docs/generate.py`），请勿手改。",
    }[language]
    out = [title, "", made, ""]

    def write(command: Any, names: tuple[str, ...], depth: int) -> None:
        # the command's own class: typer brings a click of its own, beside the one that other libraries install
        context = command.context_class(command, info_name=" ".join(names), terminal_width=100, max_content_width=100)
        out.extend([f"{'#' * depth} {' '.join(names)}", "", "```text", command.get_help(context).rstrip(), "```", ""])
        for name, child in getattr(command, "commands", {}).items():
            write(child, (*names, name), min(depth + 1, 4))

    write(root, ("dunlog",), 2)
    return "\n".join(out)


def main() -> int:
    """One process per language: help texts are fixed when the commands are made."""
    if len(sys.argv) > 2 and sys.argv[1] == "--print":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(pages(sys.argv[2]))
        return 0
    stale = []
    for language, target in TARGETS.items():
        environment = {**os.environ, "DUNLOG_LANG": language, "COLUMNS": "100", "NO_COLOR": "1"}
        words = [sys.executable, __file__, "--print", language]
        text = subprocess.run(words, env=environment, check=True, capture_output=True).stdout.decode("utf-8")
        if "--check" in sys.argv:
            if not target.is_file() or target.read_text("utf-8") != text:
                stale.append(target.name)
        else:
            target.write_text(text, "utf-8")
    for name in stale:
        print(f"docs/{name} is stale: run python docs/generate.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
