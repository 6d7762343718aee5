"""Engines that do what the picture's bytes tell them: read, crash, raise, answer nonsense, sleep."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence.errors import MissingPart
from evidence.models import Line
from evidence.ocr.base import OcrText, PictureDamaged


class Strange(Exception):
    """An exception that cannot be pickled and rebuilt."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


class Fake:
    """Obeys ``word argument`` in the data; the text read is ``argument`` or the process id."""

    name = "fake"
    version = "1"
    settings: Mapping[str, Any] = {"confidence": "normal"}

    def read(self, data: bytes) -> OcrText:
        word, _space, argument = data.decode().partition(" ")
        return self._text(str(getattr(self, f"do_{word}")(argument)))

    def _text(self, text: str) -> OcrText:
        return OcrText((Line(text=text, score=1.0, box=(0.0, 0.0, 1.0, 1.0)),), 1, 1)

    def do_read(self, argument: str) -> str:
        return argument

    def do_pid(self, argument: str) -> int:
        return os.getpid()

    def do_temp(self, argument: str) -> str:
        import tempfile

        return tempfile.mkdtemp()

    def do_exit(self, argument: str) -> str:
        os._exit(int(argument))

    def do_kill(self, argument: str) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    def do_kill_once(self, argument: str) -> str:
        if not Path(argument).exists():
            Path(argument).touch()
            self.do_kill("")
        return "second"

    def do_raise(self, argument: str) -> str:
        raise ValueError(argument)

    def do_strange(self, argument: str) -> str:
        raise Strange(argument, "!")

    def do_damaged(self, argument: str) -> str:
        raise PictureDamaged()

    def do_missing(self, argument: str) -> str:
        raise MissingPart("the library does not load", hint="--engine tesseract")

    def do_sleep(self, argument: str) -> str:
        time.sleep(float(argument))
        return "slept"


class Wrong(Fake):
    """Returns something that is no OcrText."""

    def _text(self, text: str) -> Any:
        return [text]


class Unalike(Fake):
    """Has other settings in each process, as an engine of another version would."""

    settings: Mapping[str, Any] = {"pid": os.getpid()}


not_an_engine = dict
