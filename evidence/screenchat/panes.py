"""Desktop windows: the pane with the conversation, beside a list of chats."""

from __future__ import annotations

import numpy as np

from evidence.screenchat.colours import Canvas

_LEAST = 0.4  # of the width: a pane that holds a conversation is not narrower


def pane_start(canvas: Canvas) -> int:
    """The column at which the right-hand pane of a window begins (canvas pixels); 0 where there is only one.

    Only pictures wider than tall have panes: a vertical edge that runs through nearly the whole height.
    """
    width, height = canvas.width, canvas.height
    if width < 1.05 * height or height < 40:
        return 0
    every = canvas.small[:: max(1, height // 200)].astype(np.int16)
    jumps = np.abs(every[:, 2:] - every[:, :-2]).max(axis=-1) > 3
    through = jumps.mean(axis=0) > 0.75
    found = np.flatnonzero(through[: int(width * (1 - _LEAST))])
    return int(found[-1]) + 2 if len(found) else 0
