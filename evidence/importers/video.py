"""Videos and screen recordings (MP4, MOV, 3GP, MKV, WebM); ``formats.media.videorecords`` says what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.formats.media.mediastreams import seems_sound, streams_of
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions


class VideoFile:
    """One video is one record of kind media, with the file itself as its media."""

    name = "video"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the bytes are film, or a film container that was cut off before its index."""
        streams = streams_of(file)
        return streams == "film" or (streams == "cut" and not seems_sound(file.name, file.head))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The record, and what is wrong with the video. Raises Unreadable when it cannot be opened."""
        from evidence.formats.media.videorecords import video_items

        return video_items(file, options)


IMPORTER = VideoFile()
