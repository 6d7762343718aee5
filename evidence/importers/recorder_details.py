"""The description that Basic Call Recorder (BCR) writes beside each recording: number, direction, time, SIM.

With its recording it is read there (``evidence.importers.recording``); alone it still tells of a call.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.errors import Unreadable
from evidence.formats.media.recorderdetails import LARGEST, looks_like_details, read_details, recording_beside
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Participant, Problem, Record
from evidence.phone import normalise


class RecorderDetails:
    """One file is one call, unless the recording itself tells of it."""

    name = "recorder_details"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the file is such a description."""
        if file.size > LARGEST or not looks_like_details(file.head):
            return False
        try:
            return read_details(file.path) is not None
        except OSError:
            return False

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The call, or a note that the recording of this name was read with it."""
        details = read_details(file.path)
        if details is None:
            raise Unreadable()
        beside = recording_beside(file)
        if beside is not None:
            words = _("Read together with its recording, {name}.").format(name=beside)
            yield Problem("read_with_recording", words, locator="file", severity="warning")
            return
        numbers = dict.fromkeys(number for number, _name in details.parties if number)
        yield Record(
            kind="call",
            channel="call",
            locator="file",
            time=details.time,
            direction=details.direction,
            number=normalise(details.number),
            number_raw=details.number,
            name=details.name,
            duration_s=details.seconds,
            participants=tuple(Participant(number) for number in numbers) if len(details.parties) > 1 else (),
            holder=options.holder,
            extras={**details.body, "duration_is": "recording"},
        )


IMPORTER = RecorderDetails()
