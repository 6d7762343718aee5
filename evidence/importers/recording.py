"""Recordings of calls, and every other sound file; ``formats.media.soundrecords`` says what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.formats.media.mediastreams import seems_sound, streams_of
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.sniff import sniff


class Recording:
    """One sound file is one record, with the file itself as its media."""

    name = "recording"
    version = "1.1"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the bytes are sound without film, or a sound container that was cut off before its index."""
        if sniff(file.head) == "audio/silk":
            return True
        streams = streams_of(file)
        return streams == "sound" or (streams == "cut" and seems_sound(file.name, file.head))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The record, and what is wrong with the file. Raises Unreadable when nothing in it can be played."""
        from evidence.formats.media.soundrecords import sound_items

        return sound_items(file, options)


IMPORTER = Recording()
