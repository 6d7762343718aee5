"""Work beside the thread that asks for it, for what leaves Python's lock while it runs (hashing, disk, SQLite)."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class Beside:
    """One job at a time in another thread; each waits for the one before, whose failure it raises.

    Leaving the context waits too. The thread is made when it is first needed.
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._running: Future[object] | None = None

    def run(self, job: Callable[..., object], *words: object) -> None:
        """Start ``job`` when the one before has ended."""
        self.wait()
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor  # costs the start of commands that need no thread

            self._executor = ThreadPoolExecutor(1)
        self._running = self._executor.submit(job, *words)

    def wait(self) -> None:
        """Until nothing runs. Raises what the last job raised."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._executor is not None:
            self._executor.shutdown()
