"""Is a sound file the recording of a call, a voice message, music, or just a sound?

Rule, in this order; what decided is kept with the record:

1. a description that a call recorder wrote beside it: a call;
2. the name of a voice message (``evidence.formats.media.voicenames``): a voice message;
3. a name that only call recorders give: a call;
4. a folder of voice messages: a voice message; a folder of call recordings: a call;
5. a name that call recorders give and other programs too: a call, unless a dictaphone's word stands where the person
   would, or the file carries an artist or album;
6. an artist or album in the file: music; anything else: a sound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evidence.formats.media.recording_names import NameClaim
from evidence.formats.media.voicenames import VoiceClaim, is_dictaphone_word, voice_folder

_CALL_FOLDERS = re.compile(
    r"(?:^|/)(?:call_rec|callrecord(?:er|ing)?s?|phonerecord|call recordings?|phone_recorder|com\.chiller3\.bcr"
    r"|通话录音|通話錄音|电话录音)(?:/|$)|(?:^|/)(?:record|recordings|recorder)/call(?:/|$)|/call$"
)


@dataclass(frozen=True, slots=True)
class SoundKind:
    """``what`` decides the kind of the record; ``why`` is details, name, folder, tags or nothing; ``app`` the channel
    of a voice message."""

    what: Literal["call", "voice", "music", "sound"]
    why: Literal["details", "name", "folder", "tags", "nothing"]
    app: str | None = None


def sound_kind(
    claim: NameClaim | None, voice: VoiceClaim | None, folder: str, tags: Mapping[str, str], has_details: bool
) -> SoundKind:
    """See the rule above. ``tags`` are those of the container, ``folder`` the path that the file had."""
    if has_details:
        return SoundKind("call", "details")
    if voice is not None:
        return SoundKind("voice" if voice.voice else "sound", "name", voice.app)
    if claim is not None and not claim.generic:
        return SoundKind("call", "name")
    app = voice_folder(folder)
    if app is not None:
        return SoundKind("voice", "folder", app)
    if _CALL_FOLDERS.search(folder.replace("\\", "/").lower()) is not None:
        return SoundKind("call", "folder")
    is_music = bool({key.lower() for key, value in tags.items() if value.strip()} & {"artist", "album", "album_artist"})
    if claim is not None and not is_music and not (claim.name is not None and is_dictaphone_word(claim.name)):
        return SoundKind("call", "name")
    return SoundKind("music", "tags") if is_music else SoundKind("sound", "nothing")
