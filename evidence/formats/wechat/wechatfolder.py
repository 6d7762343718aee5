"""Folder names that dumping programs give to one chat: ``名称(wxid_…)``. A hint about the chat, never proof."""

from __future__ import annotations

import re

_FOLDER = re.compile(r"(.{1,120})\(((?:wxid_|gh_)[A-Za-z0-9_-]{1,60}|[A-Za-z0-9_.-]{1,60}@(?:chatroom|openim))\)")


def chat_of_folder(folder: str) -> tuple[str, str] | None:
    """(display name, account) that the last part of a folder path states, or None."""
    match = _FOLDER.fullmatch(folder.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])
    return None if match is None else (match[1], match[2])
