#!/usr/bin/env python3
"""Run the word detector over messages and print one prediction line each.

  python benchmarks/eval_messages.py FILE     JSON lines with id, text, channel, direction, recipient_role, context

Only those fields are read; answers in the file are not looked at.
Output: {"id", "labels": [{"label", "start", "end"}]}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evidence.words.detect import ContextMessage, MessageInput, detect


def message_of(row: dict[str, Any]) -> MessageInput:
    """The input fields of one line."""
    context = tuple(
        ContextMessage(entry["direction"], entry.get("at", ""), entry["text"]) for entry in row.get("context", ())
    )
    return MessageInput(
        text=row["text"],
        channel=row.get("channel", "sms"),
        direction=row.get("direction", "in"),
        recipient_role=row.get("recipient_role", "borrower"),
        context=context,
    )


def main(argv: list[str]) -> int:
    """Print predictions for the file named in ``argv``."""
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(argv[1], encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            row = json.loads(line)
            hits = detect(message_of(row))
            labels = [{"label": hit.label, "start": hit.start, "end": hit.end} for hit in hits]
            print(json.dumps({"id": row["id"], "labels": labels}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
