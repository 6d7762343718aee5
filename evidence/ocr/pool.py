"""Read many pictures at once, whatever happens to a single one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import replace
from functools import cache
from pathlib import Path

from evidence.errors import DunlogError, MissingPart, Unreadable, UsageError
from evidence.i18n import gettext as _
from evidence.models import Problem
from evidence.ocr import engine, fingerprint
from evidence.ocr.base import OcrEngine, OcrFailed, OcrText, PictureTooLarge
from evidence.ocr.workers import WorkerDied, executor_for

MAX_BYTES = 256 << 20  # a picture file beyond this is no screenshot; it would travel through a pipe
Done = Callable[[str, "OcrText | Problem"], None]
_build = threading.Lock()


@cache
def _engine(name: str) -> tuple[OcrEngine, str]:
    made = engine(name)
    return made, fingerprint(made)


def read_bytes(engine_name: str, data: bytes) -> OcrText:
    """The text of one picture, by this process's engine of that name (made once, then kept).

    A plain function of plain values: it runs on any ``concurrent.futures.Executor``. Raises a DunlogError.
    """
    with _build:
        chosen, made_by = _engine(engine_name)
    result = chosen.read(data)
    if not isinstance(result, OcrText):
        raise OcrFailed(_("The engine {name} returned no text object.").format(name=engine_name))
    return _divided(data, replace(result, made_by=made_by))


def _divided(data: bytes, result: OcrText) -> OcrText:
    """The text with the layout of its picture; a layout that fails is told and costs no text."""
    from evidence.screenchat.looking import screen_of

    try:
        return replace(result, screen=screen_of(data, result))
    except Unreadable:  # an engine that reads what is no picture here leaves nothing to divide
        return result
    except Exception as error:  # a picture that breaks the layout still has its words
        return replace(result, screen_fault=f"{type(error).__name__}: {error}"[:200])


def read_many(
    items: Iterable[tuple[str, Path]],
    engine_name: str | None = None,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    on_done: Done | None = None,
) -> Iterator[tuple[str, OcrText | Problem]]:
    """Read the pictures ``(key, path)`` in parallel; yield ``(key, text or problem)`` as they finish.

    Local processes (``jobs``, default one for each core) unless an ``executor`` is given, which stays open. Only as
    many pictures as there are workers are in memory. A picture that kills its worker is tried once more, alone, at
    the end. MissingPart and UsageError (no such engine) are raised at once, before any picture is read; all other
    failures are Problems. Closing the iterator, or Ctrl-C, kills the local workers.
    """
    chosen = engine(engine_name)
    name = engine_name or chosen.name
    return _Run(name, fingerprint(chosen), on_done).results(items, executor, jobs)


class _Run:
    """One call of :func:`read_many`."""

    def __init__(self, name: str, made_by: str, on_done: Done | None) -> None:
        self._name = name
        self._made_by = made_by
        self._on_done = on_done
        self._suspects: list[tuple[str, Path]] = []

    def results(
        self, items: Iterable[tuple[str, Path]], executor: Executor | None, jobs: int | None
    ) -> Iterator[tuple[str, OcrText | Problem]]:
        workers = executor or executor_for(None, jobs)
        window = getattr(workers, "jobs", None) or jobs or 1
        try:
            yield from self._spread(items, workers, window)
            # alone: no other picture competes for memory now
            for suspect in self._suspects:
                yield from self._spread([suspect], workers, 1, last_chance=True)
        finally:
            if executor is None:
                workers.shutdown(wait=False, cancel_futures=True)

    def _spread(
        self, items: Iterable[tuple[str, Path]], workers: Executor, window: int, last_chance: bool = False
    ) -> Iterator[tuple[str, OcrText | Problem]]:
        waiting: dict[Future[OcrText], tuple[str, Path]] = {}
        try:
            for key, path in items:
                data = _load(path)
                if isinstance(data, Problem):
                    yield self._report(key, data)
                    continue
                try:
                    waiting[workers.submit(read_bytes, self._name, data)] = (key, path)
                except BrokenExecutor as error:  # an executor of the caller's that cannot mend itself
                    yield self._report(key, _problem(error, path))
                del data
                if len(waiting) >= window:
                    yield from self._collect(waiting, last_chance)
            while waiting:
                yield from self._collect(waiting, last_chance)
        finally:
            for future in waiting:
                future.cancel()

    def _collect(
        self, waiting: dict[Future[OcrText], tuple[str, Path]], last_chance: bool
    ) -> Iterator[tuple[str, OcrText | Problem]]:
        done, _running = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            key, path = waiting.pop(future)
            error = None if future.cancelled() else future.exception()
            if isinstance(error, (WorkerDied, BrokenExecutor)) and not last_chance:
                self._suspects.append((key, path))
                continue
            yield self._report(key, self._judged(future, error, path))

    def _judged(self, future: Future[OcrText], error: BaseException | None, path: Path) -> OcrText | Problem:
        if isinstance(error, (MissingPart, UsageError)):
            raise error  # would be the same for every picture
        if error is not None or future.cancelled():
            return _problem(error or CancelledError(), path)
        result = future.result()
        if result.made_by != self._made_by:
            return Problem(
                "ocr_engine_differs",
                _("The machine that read this picture has another version or model of the engine {name}.").format(
                    name=self._name
                ),
                str(path),
            )
        return result

    def _report(self, key: str, result: OcrText | Problem) -> tuple[str, OcrText | Problem]:
        if self._on_done is not None:
            self._on_done(key, result)
        return key, result


def _load(path: Path) -> bytes | Problem:
    try:
        if path.stat().st_size > MAX_BYTES:
            limit = MAX_BYTES >> 20
            message = _("The picture file is larger than {limit} MiB; it is not read.").format(limit=limit)
            return Problem(PictureTooLarge.code, message, str(path))
        return path.read_bytes()
    except OSError as error:
        message = _("The file cannot be opened: {error}").format(error=error.strerror or error)
        return Problem("unreadable", message, str(path))


def _problem(error: BaseException, path: Path) -> Problem:
    if isinstance(error, DunlogError):
        return Problem(error.code, str(error), str(path))
    code = WorkerDied.code if isinstance(error, BrokenExecutor) else OcrFailed.code
    return Problem(code, f"{type(error).__name__}: {error}", str(path))
