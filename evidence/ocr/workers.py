"""Executors for work that may kill its process: local worker processes, or an organisation's Dask cluster.

The standard process pool breaks as a whole when one worker dies, and in Python 3.11 and 3.12 it can stop for ever
when it replaces workers after a number of tasks. Here each worker has its own pipe: a death is one task's failure.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import multiprocessing
import os
import queue
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from evidence.errors import DunlogError, MissingPart, UsageError
from evidence.i18n import activate, language
from evidence.i18n import gettext as _
from evidence.ocr.base import OcrFailed

RECYCLE_AFTER = 50  # pictures; memory of the libraries below creeps
SECONDS = 900.0  # for one picture: 30 times what the longest screenshot needs on a slow machine
T = TypeVar("T")
log = logging.getLogger(__name__)


class WorkerDied(DunlogError):
    """The process that read this picture ended unexpectedly, maybe for want of memory."""

    code = "ocr_worker_died"


class WorkerTimeout(DunlogError):
    """Reading this picture took too long and was stopped."""

    code = "ocr_timeout"


class ProcessWorkers(Executor):
    """``jobs`` worker processes, started when needed and replaced every ``recycle_after`` tasks.

    ``spawn`` on every platform. A task whose process dies fails with :class:`WorkerDied`, one that takes longer than
    ``seconds`` with :class:`WorkerTimeout`; other tasks do not notice. Temporary files of the workers lie in one
    private folder, which is removed at shutdown even if a worker was killed while it wrote there.
    """

    def __init__(self, jobs: int, *, recycle_after: int = RECYCLE_AFTER, seconds: float = SECONDS) -> None:
        self.jobs = max(1, jobs)
        self._recycle_after = recycle_after
        self._seconds = seconds
        self._tasks: queue.SimpleQueue[tuple[Future[Any], Any] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._scratch = tempfile.TemporaryDirectory(prefix="dunlog-work-", ignore_cleanup_errors=True)
        self._workers: set[_Worker] = set()
        self._guard = threading.Lock()  # of the set above: a closed process must not be killed
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _slot in range(self.jobs)]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run ``fn`` in the next free worker; ``fn``, arguments and result must pickle."""
        if self._stopped.is_set():
            raise RuntimeError("submit after shutdown")
        future: Future[T] = Future()
        self._tasks.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers. Without ``wait`` running tasks are killed at once; with it they are finished first."""
        if self._stopped.is_set():
            return
        if cancel_futures or not wait:
            self._cancel_waiting()
        for _thread in self._threads:
            self._tasks.put(None)
        if not wait:
            with self._guard:
                self._stopped.set()
                for worker in self._workers:
                    worker.process.kill()
        for thread in self._threads:
            thread.join()
        self._stopped.set()
        self._scratch.cleanup()

    def _cancel_waiting(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                waiting = self._tasks.get_nowait()
                if waiting is not None:
                    waiting[0].cancel()

    def _serve(self) -> None:
        """One slot: take tasks, keep a process for them, hand results back. Runs in a thread of its own."""
        if hasattr(signal, "pthread_sigmask"):
            resource_tracker.ensure_running()  # before blocking: starting it with the first worker would unblock again
            # inherited by the process while it starts, so that Ctrl-C prints no traceback from there
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None:
            future, call = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or self._start()
                outcome = worker.run(call, self._seconds)
            except Exception as error:
                # no process can be started, or the task does not pickle: the task fails, the slot lives on
                log.debug("task not handed over", exc_info=True)
                future.set_exception(error)
                continue
            if isinstance(outcome, (WorkerDied, WorkerTimeout)) or worker.done >= self._recycle_after:
                self._end(worker)
                worker = None
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        self._end(worker)

    def _start(self) -> _Worker:
        worker = _Worker(self._scratch.name)
        with self._guard:
            self._workers.add(worker)
            if self._stopped.is_set():
                worker.process.kill()
        return worker

    def _end(self, worker: _Worker | None) -> None:
        if worker is not None:
            with self._guard:
                self._workers.discard(worker)
                worker.close()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, scratch: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.done = 0
        self.process = context.Process(target=_work, args=(theirs, scratch, language()), daemon=True)
        self.process.start()
        theirs.close()

    def run(self, call: Any, seconds: float) -> Any:
        """The task's result, or the exception that it ended with."""
        self.done += 1
        try:
            self._pipe.send(call)
            if not self._pipe.poll(seconds):
                return WorkerTimeout(_("Reading took longer than {n} seconds and was stopped.").format(n=int(seconds)))
            return self._pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            return WorkerDied(_died(self.process.exitcode))

    def close(self) -> None:
        """End the process: it is idle, dead or too late, so nothing is lost."""
        self._pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


def _died(status: int | None) -> str:
    if status is not None and status < 0:
        return _(
            "The process that read this picture was killed by signal {n}, which often means want of memory."
        ).format(n=-status)
    return _("The process that read this picture ended unexpectedly (exit status {n}).").format(n=status)


def _work(pipe: Connection, scratch: str, chosen_language: str) -> None:
    """Main loop of a worker process: ends when the other side of the pipe is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    tempfile.tempdir = scratch
    activate(chosen_language)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            fn, args, kwargs = pipe.recv()
            pipe.send(_outcome(fn, args, kwargs))


def _outcome(fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    try:
        return fn(*args, **kwargs)
    except DunlogError as error:
        return error
    except Exception as error:
        # the error's own type may not pickle or may not exist in the parent: its words travel
        log.debug("task failed", exc_info=True)
        return OcrFailed(f"{type(error).__name__}: {error}")


class DaskWorkers(Executor):
    """The workers of a Dask cluster. Each of them must have the same dunlog installed."""

    def __init__(self, address: str) -> None:
        try:
            client_class = importlib.import_module("distributed").Client
        except ImportError as error:
            raise MissingPart(
                _("--executor dask://… needs the Python package distributed, which is not installed."),
                hint=_("Install it with: pip install distributed"),
            ) from error
        try:
            self._client = client_class(f"tcp://{address}", timeout=15, set_as_default=False)
        except (OSError, ValueError) as error:
            raise DunlogError(_("No Dask scheduler answers at {address}.").format(address=address)) from error
        self.jobs = max(1, sum(self._client.nthreads().values()))
        self._executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run ``fn`` on the cluster."""
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; it goes on for others."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def executor_for(spec: str | None, jobs: int | None = None) -> ProcessWorkers | DaskWorkers:
    """The executor that ``--executor`` names: None for local processes (``jobs``, default one for each core), or
    ``dask://host:port``. The pictures' bytes then travel to that host. Use it as a context manager.

    Raises UsageError for other words, MissingPart without the package, DunlogError when nobody answers.
    """
    if spec is None:
        return ProcessWorkers(jobs or os.cpu_count() or 1)
    scheme, sep, address = spec.partition("://")
    host, colon, port = address.rpartition(":")
    if scheme != "dask" or not sep or not colon or not host or not port.isdigit():
        raise UsageError(
            _("There is no executor called {name}.").format(name=spec), hint=_("Use dask://HOST:PORT, or leave it out.")
        )
    return DaskWorkers(address)
