"""Names of voice messages that chat programs give, and of notes that a dictaphone makes: sounds that are no calls.

Names are claims. A name of this table wins over the names of call recorders, whose widest patterns would fit some.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from evidence.models import TimeHow

_COPY = re.compile(r"(?:[ _-]?\(\d{1,3}\)|_副本|\s-\s副本)(?=\.[A-Za-z0-9]{1,5}\Z)")
_END = r"\.[A-Za-z0-9]{1,5}\Z"


@dataclass(frozen=True, slots=True)
class VoiceClaim:
    """``app`` is the channel that the name tells, ``voice`` False for a sound file that was sent as a file. ``wall`` is
    a wall clock, ``precision_s`` 86400 where the name states the day only."""

    app: str
    voice: bool = True
    wall: datetime | None = None
    raw: str = ""
    precision_s: float = 1.0

    @property
    def how(self) -> TimeHow:
        """The derivation of the time."""
        return "date_only" if self.precision_s > 1 else "local_assumed"


_DAY = r"(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
_CLOCK = r"(?P<H>\d\d)[.-](?P<M>\d\d)[.-](?P<S>\d\d)"
_PATTERNS: tuple[tuple[str, bool, re.Pattern[str]], ...] = tuple(
    (app, voice, re.compile(core + _END, re.IGNORECASE))
    for app, voice, core in (
        ("whatsapp", True, rf"PTT-{_DAY}-WA\d+"),
        ("whatsapp", False, rf"AUD-{_DAY}-WA\d+"),
        ("whatsapp", True, rf"\d+-AUDIO-{_DAY}-{_CLOCK}"),
        ("whatsapp", True, rf"WhatsApp (?:Ptt|Audio) {_DAY} at {_CLOCK}"),
        ("telegram", True, rf"audio_\d+@(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d{{4}})_{_CLOCK}"),
        ("signal", True, rf"signal-{_DAY}-{_CLOCK}(?:-\d{{3}})?"),
        ("line", True, r"voice_\d{6,}"),
        ("wechat", True, r"msg_[0-9a-f]{16,}"),
        ("wechat", True, r"(?:\d{1,12}|[0-9a-f]{32})(?=\.(?:aud|silk))"),
        ("unknown", True, r"msg_\w{1,64}"),
        ("imessage", True, r"Audio Message(?:[ -]\d+)?"),
    )
)
# Whole words that stand where a call recorder writes a person: nobody is called so.
_DICTAPHONE = re.compile(
    r"(?:新|标准|我的|本地|普通|会议|采访|现场)?(?:录音|錄音|语音|語音|音频)(?:文件|备忘录)?(?:[ _-]?\d{1,4})?"
    r"|(?:new |my |standard )?(?:recording|recorder|record|rec|voice|audio|sound|memo|voice ?memos?)(?:[ _-]?\d{1,4})?",
    re.IGNORECASE,
)
_FOLDERS: Mapping[str, str] = MappingProxyType(
    {"whatsapp voice notes": "whatsapp", "voice2": "wechat", "whatsapp audio": "whatsapp", "ptt": "qq"}
)


def parse_voice_name(file_name: str) -> VoiceClaim | None:
    """What a name says when it is that of a voice message, else None. A day that does not exist gives no time."""
    for candidate in dict.fromkeys((file_name, _COPY.sub("", file_name))):
        for app, voice, pattern in _PATTERNS:
            match = pattern.match(candidate)
            if match is not None:
                return _claim(app, voice, match.groupdict())
    return None


def voice_folder(folder: str) -> str | None:
    """The app whose voice messages lie in a folder of this path."""
    parts = folder.replace("\\", "/").lower().split("/")
    return next((_FOLDERS[part] for part in reversed(parts) if part in _FOLDERS), None)


def is_dictaphone_word(who: str) -> bool:
    """Whether a word in the place of a name is one that recording programs write of themselves."""
    return _DICTAPHONE.fullmatch(who.strip()) is not None


def _claim(app: str, voice: bool, found: Mapping[str, str | None]) -> VoiceClaim:
    numbers = {key: int(value) for key, value in found.items() if value is not None}
    try:
        day = datetime(numbers["y"], numbers["m"], numbers["d"])
        if "H" not in numbers:
            return VoiceClaim(app, voice, day, f"{day:%Y%m%d}", 86400.0)
        wall = day.replace(hour=numbers["H"], minute=numbers["M"], second=numbers["S"])
        return VoiceClaim(app, voice, wall, f"{wall:%Y-%m-%d %H:%M:%S}")
    except (KeyError, ValueError):
        return VoiceClaim(app, voice)
