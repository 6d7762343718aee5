"""What short texts on a chat screen are by their words alone: time labels, system lines, calls, hints, badges."""

from __future__ import annotations

import re
import unicodedata

_CLOCK = r"(?:\d{1,2}|[lIoO]\d|\d[lIoO])\s*[:：;.]\s*[\dlIoO]{2}(?:\s*[:：]\s*\d{2})?"
_PART = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|深夜|半夜|夜里|午夜|[AaPp]\.?[Mm]\.?)"
_WEEK = r"(?:星期|周|週|礼拜|禮拜)\s*[一二三四五六日天]?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = (
    r"(?:(?:19|20)\d{2}\s*[年./-]\s*)?\d{1,2}\s*[月./-]\s*\d{1,2}\s*(?:[日号號]|[./-]\s*\d{2,4})?"
    rf"|{_MONTH}\s*\d{{1,2}}(?:,?\s*\d{{4}})?|\d{{1,2}}\s+{_MONTH}(?:\s*\d{{4}})?"
)
_DAY = r"今天|昨天|前天|昨日|今日|today|yesterday"
_AGO = (
    r"刚刚|剛剛|just\s*now|now|\d{1,3}\s*(?:秒|分钟|分鐘|小时|小時|天|周)前"
    r"|\d{1,3}\s*(?:min|mins|minutes?|hours?|days?)\s*ago"
)
_SERVICE = r"(?:短信|信息|彩信|短信/彩信|iMessage|SMS|Text\s*Message|RCS|卡\s*[12]|SIM\s*[12])"
_ATOM = rf"(?:{_DATE}|{_DAY}|{_WEEK}|{_PART}|{_CLOCK}|{_AGO}|{_SERVICE})"
_TIME = re.compile(rf"\A[\s,，·•—\-_|()（）]*(?:{_ATOM}[\s,，·•|()（）-]*){{1,6}}\Z", re.IGNORECASE)
_SAYS_TIME = re.compile(rf"{_DATE}|{_DAY}|{_WEEK}|{_CLOCK}|{_AGO}", re.IGNORECASE)

CLOCK_ALONE = re.compile(
    rf"\A\s*{_PART}?\s*(\d{{1,2}}\s*[:：]\s*\d{{2}})\s*{_PART}?\s*(?:[√✓✔A-Za-z/]{{0,4}})\s*\Z", re.IGNORECASE
)
TRAILING_CLOCK = re.compile(rf"(?<=\S)\s+({_PART}?\s*\d{{1,2}}[:：]\d{{2}}\s*[√✓✔A-Za-z/]{{0,4}})\s*\Z", re.IGNORECASE)

_SYSTEM = re.compile(
    r"撤回了?一?[条條]|recalled a message|unsent|被对方拒收|被對方拒收|拒收了|开启了?(?:朋友|好友)验证"
    r"|開啟了?(?:朋友|好友)驗證"
    r"|不是(?:他|她|对方|對方|TA).{0,8}(?:朋友|好友)|现在可以开始聊天|現在可以開始聊天|已添加了?.{0,20}(?:好友|朋友|聊天)"
    r"|以上是打招呼|加入了?群聊|加入了?本群|退出了?群聊|移出了?群聊|修改群名|群主|开启了?.{0,6}邀请|领取了.{0,12}红包"
    r"|領取了.{0,12}紅包|红包已?(?:过期|被领完)|拍了拍|已成为.{0,6}好友|端到端加密|end-to-end encrypted"
    r"|黑名单|拉黑|blocked"
    r"|消息已发出|訊息已發出|发送失败|未送达|以上是历史消息|对方正在输入|截屏|截图了|已读|群公告"
    r"|请勿轻信|注意防范|谨防诈骗|未加你为好友|临时会话|陌生人|通过.{0,12}(?:验证|添加)"
    r"|changed the|added you|left the group|joined"
)
_UNREAD = re.compile(
    r"\d+\+?\s*[条條]\s*(?:新|未读|未讀)|[条條]新(?:消息|信息|訊息)|\d+\s*(?:new|unread)\s*messages?|有人@我|@了?我|回到底部"
    r"|以[下上][为為是]?新(?:消息|讯息|訊息)",
    re.IGNORECASE,
)
_CALL_TIME = re.compile(
    r"\A\W{0,3}(?:(?:语音|视频|語音|視頻|视讯)?(?:通话|通話)(?:时长|時長|时间|時間)?|聊天时长|(?:Call )?Duration)"
    r"\s*[:：]?\s*((?:\d{1,2}[:：])?\d{1,3}[:：]\d{2})\W{0,3}\Z",
    re.IGNORECASE,
)
_CALL_END = re.compile(
    r"\A\W{0,3}(?:(?:对方|對方)?已?(?:取消|拒绝|拒絕)|(?:对方|對方)?(?:未接听|未接聽|无应答|無應答|无人接听|忙线中?|忙)"
    r"|未接(?:来电|听|語音|视频)?.{0,4}|忙线未接听|(?:语音|视频|語音|視訊)?(?:通话|通話)(?:中断|已取消|未接通|已结束|已拒绝)"
    r"|连接失败|已在其[他它]设备.{0,4}|(?:未接)?(?:语音|视频)通话"
    r"|Missed (?:voice|video) call|Cancell?ed|Declined|No answer|Call (?:cancell?ed|declined))\W{0,3}\Z",
    re.IGNORECASE,
)
# Engines read the second mark as any of these, and the waves beside it as brackets or letters.
_MARK = "[\"”“\uff02'’‘`\u2032\u2033\u00b4\u4e36]{1,2}"
_VOICE = re.compile(
    rf"\A[^\w]{{0,6}}(?:[0oO]?[:：])?(\d{{1,3}})\s*(?:{_MARK}[^\w]{{0,4}}[A-Za-z0]{{0,2}}|秒|s|S)[^\w]{{0,6}}\Z"
)
_VOICE_CLOCK = re.compile(r"\A[^\w]{0,6}(\d{1,2})[:：](\d{2})[^\w]{0,4}\Z")
_MONEY = re.compile(
    r"\A\W{0,2}(?:[¥￥Y羊]|RMB|CNY|HK\$|\$|NT\$)\s*"
    r"(\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)\s*(?:元)?\W?\Z"
)
_MONEY_BARE = re.compile(r"\A\s*(\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d+\.\d{2})\s*元?\s*\Z")
_HINT = re.compile(
    r"按住.{0,2}[说說][话話]|发消息|發訊息|发信息|输入消息|輸入訊息|请输入|短信\s*/\s*彩信|iMessage|信息\s*[·•]"
    r"|\A\W?(?:短信|信息|消息|讯息|訊息|发送|發送|Message|Send|说点什么.{0,3}|输入文字.{0,3}|文本信息|Text message|Aa"
    r"|发送\s*\(S\)|Type a message|Hold to talk)\W{0,3}\Z",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\A\W*\d{1,2}[:：]\d{2}\W*\Z|中国(?:移动|联通|电信|广电)|中國(?:移動|聯通|電信)|\b[345]G\b|\bLTE\b|\bHD\b|\d{1,3}\s*%|\bWi-?Fi\b|[KM]B?/s|\A(?:上午|下午|晚上|凌晨)\s*\d{1,2}[:：]\d{2}",
    re.IGNORECASE,
)
_MEMBERS = re.compile(r"\s*[(（【\[]\s*(\d{1,5})\s*(?:人|位成员)?\s*[)）】\]]?\s*\Z")
_FILE = re.compile(
    r"\.\s?(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|txt|jpe?g|png|gif|mp4|mov|apk|wps|et|csv|amr|mp3|m4a|wav|html?|ofd|eml)\W?\Z",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\A\W*\d+(?:[.,]\d+)?\s*(?:[KMG]i?B?|B|字节)\b", re.IGNORECASE)
_NAMED = re.compile(r"\A[^:：\n]{1,24}[:：]\s?\S")


def fold(text: str) -> str:
    """NFKC without white space at the ends, for comparing words only."""
    return unicodedata.normalize("NFKC", text).strip()


def is_time(text: str) -> bool:
    """Whether the whole text is a time label such as ``昨天 22:41``, ``星期三 晚上10:41`` or ``2025年3月2日``."""
    flat = " ".join(text.split())
    return 0 < len(flat) <= 48 and bool(_TIME.match(flat)) and bool(_SAYS_TIME.search(flat))


def is_system(text: str) -> bool:
    """Whether the words are those of a notice by the app: recall, refusal, friend check, red packet opened."""
    return bool(_SYSTEM.search(text))


def is_unread(text: str) -> bool:
    """Whether the words are those of a badge over the conversation (``12条新消息``)."""
    return len(text) <= 24 and bool(_UNREAD.search(text))


def is_hint(text: str) -> bool:
    """Whether the words are those of an empty input field or its button."""
    return len(text) <= 24 and bool(_HINT.search(fold(text)))


def is_status(text: str) -> bool:
    """Whether the words are those of a status bar: clock, carrier, battery."""
    return len(text) <= 40 and bool(_STATUS.search(fold(text)))


def clock_of(text: str) -> str | None:
    """``22:41`` of a status bar, as two digits, colon, two digits; None when there is none."""
    found = re.search(r"(?<!\d)([01]?\d|2[0-3])\s*[:：]\s*([0-5]\d)(?!\d)", fold(text))
    return f"{int(found[1]):02}:{found[2]}" if found else None


def call_of(text: str) -> tuple[bool, int | None]:
    """Whether a bubble's text is the result of a call, and how many seconds it says that the call lasted."""
    flat = " ".join(text.split())
    found = _CALL_TIME.match(flat)
    if found:
        seconds = 0
        for part in re.split("[:：]", found[1]):
            seconds = seconds * 60 + int(part)
        return True, seconds
    return bool(_CALL_END.match(flat)), None


def says_call(text: str) -> bool:
    """Whether a call result names the call or the other side: words that nobody types as a message."""
    return bool(re.search(r"[对對]方|通话|通話|未接|无应答|無應答|忙线|call", text, re.IGNORECASE))


def voice_of(text: str) -> int | None:
    """Seconds of a voice bubble whose only text is its length (``15"``); None for other texts."""
    found = _VOICE.match(text.strip())
    return int(found[1]) if found else None


def length_of(text: str) -> int | None:
    """Seconds of a length written like a clock (``0:15``), as on a video or a voice message of some apps."""
    found = _VOICE_CLOCK.match(text.strip())
    return int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else None


def money_of(text: str, bare: bool = False) -> str | None:
    """The sum as digits with a point when the whole text is one; ``bare`` allows it without a currency sign."""
    flat = fold(text)
    found = _MONEY.match(flat) or (_MONEY_BARE.match(flat) if bare else None)
    return re.sub("[,，]", "", found[1]) if found else None


def members_of(text: str) -> tuple[str, int | None]:
    """The title without the size of a group at its end, and that size."""
    found = _MEMBERS.search(text)
    if found and found.start() > 0:
        return text[: found.start()].strip(), int(found[1])
    return text.strip(), None


def is_file_name(text: str) -> bool:
    """Whether a text ends like a file's name."""
    return bool(_FILE.search(text.strip()))


def is_file_size(text: str) -> bool:
    """Whether a text begins with a file's size."""
    return bool(_SIZE.match(fold(text)))


def names_speaker(text: str) -> bool:
    """Whether a text begins like a quote: ``name: words``."""
    return bool(_NAMED.match(text.strip()))


def is_service(text: str) -> bool:
    """Whether a text names only the way that messages went, as phones write it over or beside a time."""
    return bool(re.fullmatch(rf"\W*{_SERVICE}\W*", text, re.IGNORECASE))


def is_state(text: str) -> bool:
    """Whether a text tells what became of a message: delivered, read, failed."""
    return bool(
        re.fullmatch(
            r"\W*(?:已?送达|已送達|已读|已讀|未读|未讀|\d{1,3}人(?:已读|未读)|全部已读|已发送|发送失败|未送达|Delivered|Read|Sent).{0,12}",
            text.strip(),
        )
    )


def ends_with_sign(text: str) -> bool:
    """Whether a text ends in a lone sign that the engine may have made of an emoji."""
    return (
        bool(re.search(r"(?:[\u4e00-\u9fff，。！？!?,.]|\s)\s*[田日0oOe口回◎⊙@©®]\s*\Z", text))
        and len(text.strip()) > 2
    )
