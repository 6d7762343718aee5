"""Write the pages that the program itself dictates; ``--check`` fails when they are stale.

``cli`` from the commands, ``files`` (what can be read, and how to get it from a phone) from the guides beside the
importers; each in English and Chinese.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = {"en": "", "zh": ".zh-CN"}
PAGES = ("cli", "files")
MADE = {
    "en": "Generated from the program (`python docs/generate.py`); do not edit.",
    "zh": "由程序生成（`python docs/generate.py`），请勿手改。",
}


def cli_page(language: str) -> str:
    """The command reference in one language."""
    import typer.main

    from complaints.cli import make_app
    from evidence import i18n

    i18n.activate(language)
    root = typer.main.get_command(make_app())
    title = {"en": "# Command reference", "zh": "# 命令参考"}[language]
    out = [title, "", MADE[language], ""]

    def write(command: Any, names: tuple[str, ...], depth: int) -> None:
        # the command's own class: typer brings a click of its own, beside the one that other libraries install
        context = command.context_class(command, info_name=" ".join(names), terminal_width=100, max_content_width=100)
        out.extend([f"{'#' * depth} {' '.join(names)}", "", "```text", command.get_help(context).rstrip(), "```", ""])
        for name, child in getattr(command, "commands", {}).items():
            write(child, (*names, name), min(depth + 1, 4))

    write(root, ("dunlog",), 2)
    return "\n".join(out)


def files_page(language: str) -> str:
    """What can be read, and the steps to get it, in one language."""
    from evidence import i18n
    from evidence.guides import all_guides, group_title

    i18n.activate(language)
    title, intro, steps, note, words = {
        "en": (
            "# Files and how to get them",
            "A file is recognised by its content. One that fits none of these is kept with its hash, and the import "
            "says what would be needed.",
            "How to get it:",
            "Note: ",
            {"real": "Tried on real files.", "synthetic": "Built after descriptions; no real file could be tried."},
        ),
        "zh": (
            "# 能读的文件和取得的办法",
            "文件按内容识别。都不符合的文件会连同校验值保存，导入时会说明还需要什么。",
            "取得的办法：",
            "注意：",
            {"real": "用真实的文件试过。", "synthetic": "按公开的说明编写，没有真实的文件可试。"},
        ),
    }[language]
    out, group = [title, "", MADE[language], "", intro, ""], ""
    for guide in all_guides():
        if guide.group != group:
            group = guide.group
            out += [f"## {group_title(group)}", ""]
        said = guide.body(language)
        out += [f"### {said['title']}", "", f"`{guide.name}` · {said['files']}", "", said["gives"], ""]
        out += [f"{words[guide.checked]}", "", steps, ""]
        out += [f"{number}. {step}" for number, step in enumerate(said["steps"], 1)]
        out += [""] + [f"- {note}{text}" for text in said["notes"]] + [""] * bool(said["notes"])
    return "\n".join(out).rstrip("\n") + "\n"


def main() -> int:
    """One process per page and language: help texts are fixed when the commands are made."""
    if len(sys.argv) > 3 and sys.argv[1] == "--print":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write({"cli": cli_page, "files": files_page}[sys.argv[2]](sys.argv[3]))
        return 0
    stale = []
    for page in PAGES:
        for language, ending in LANGUAGES.items():
            target = HERE / f"{page}{ending}.md"
            environment = {**os.environ, "DUNLOG_LANG": language, "COLUMNS": "100", "NO_COLOR": "1"}
            words = [sys.executable, __file__, "--print", page, language]
            text = subprocess.run(words, env=environment, check=True, capture_output=True).stdout.decode("utf-8")
            if "--check" not in sys.argv:
                target.write_text(text, "utf-8")
            elif not target.is_file() or target.read_text("utf-8") != text:
                stale.append(target.name)
    for name in stale:
        print(f"docs/{name} is stale: run python docs/generate.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
