"""How chat apps look, as values: colours, shapes, places. Lengths are in dp of a screen 360 dp wide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Theme:
    """One app in one colouring.

    ``avatar`` is square, round or none; ``own_avatar`` whether the right side has one too. ``names`` is group, always
    or never; ``tail`` whether a bubble has a pointed corner. ``labels`` is the way times are written (labels.py);
    ``chip`` the ground of a time label; ``quote`` below or inside the bubble; ``bar`` the style of the title bar.
    ``stamped`` puts the minute inside each bubble; ``types`` are the cards that the app can show.
    """

    app: str
    page: str
    left: str
    right: str
    ink_left: str
    ink_right: str
    bar: str
    labels: str
    bar_ground: str
    bar_ink: str
    input_ground: str
    field: str
    hint: str = ""
    label_ink: str = "#b2b2b2"
    chip: str | None = None
    avatar: str = "square"
    own_avatar: bool = True
    avatar_size: float = 40
    avatar_radius: float = 4
    margin: float = 12
    gap: float = 8
    pad_x: float = 12
    pad_y: float = 9
    radius: float = 4
    tail: bool = True
    font: float = 16.5
    leading: float = 1.4
    widest: float = 240
    space: float = 16
    names: str = "group"
    quote: str = "below"
    quote_ground: str = "#e1e1e1"
    quote_ink: str = "#737373"
    card: str = "#ffffff"
    card_ink: str = "#191919"
    stamped: bool = False
    read_mark: bool = False
    delivered: bool = False
    dark: bool = False
    types: tuple[str, ...] = ("picture",)


_WECHAT = Theme(
    app="wechat",
    page="#ededed",
    left="#ffffff",
    right="#95ec69",
    ink_left="#191919",
    ink_right="#0c1a06",
    bar="centred",
    labels="wechat",
    bar_ground="#ededed",
    bar_ink="#111111",
    input_ground="#f7f7f7",
    field="#ffffff",
    types=(
        "voice",
        "picture",
        "video",
        "sticker",
        "file",
        "link",
        "card",
        "location",
        "transfer",
        "red_packet",
        "call",
    ),
)
_QQ = Theme(
    app="qq",
    page="#f1f1f5",
    left="#ffffff",
    right="#0099ff",
    ink_left="#03081a",
    ink_right="#ffffff",
    bar="qq",
    labels="qq",
    bar_ground="#f7f7fa",
    bar_ink="#03081a",
    input_ground="#f7f7fa",
    field="#ffffff",
    label_ink="#a2a5ae",
    avatar="round",
    radius=12,
    tail=False,
    names="group",
    quote="inside",
    quote_ground="#f0f0f3",
    types=("voice", "picture", "file", "red_packet", "transfer", "call"),
)
_SMS = Theme(
    app="sms",
    page="#ffffff",
    left="#f0f0f0",
    right="#3482ff",
    ink_left="#191919",
    ink_right="#ffffff",
    bar="sms",
    labels="sms",
    bar_ground="#ffffff",
    bar_ink="#111111",
    input_ground="#ffffff",
    field="#f2f2f2",
    hint="短信",
    label_ink="#8c8c8c",
    avatar="none",
    own_avatar=False,
    margin=14,
    gap=0,
    pad_x=14,
    pad_y=10,
    radius=16,
    tail=False,
    font=16,
    widest=264,
    space=12,
    names="never",
    types=(),
)

THEMES: Mapping[str, Theme] = MappingProxyType(
    {
        "wechat_light": _WECHAT,
        "wechat_dark": replace(
            _WECHAT,
            page="#111111",
            left="#2c2c2c",
            right="#3eb575",
            ink_left="#d5d5d5",
            ink_right="#06130b",
            bar_ground="#111111",
            bar_ink="#d5d5d5",
            input_ground="#1e1e1e",
            field="#2c2c2c",
            label_ink="#6e6e6e",
            quote_ground="#232323",
            quote_ink="#8a8a8a",
            card="#2c2c2c",
            card_ink="#d5d5d5",
            dark=True,
        ),
        "qq_light": _QQ,
        "qq_dark": replace(
            _QQ,
            page="#121212",
            left="#262626",
            right="#0066cc",
            ink_left="#e0e0e0",
            bar_ground="#1b1b1b",
            bar_ink="#e6e6e6",
            input_ground="#1b1b1b",
            field="#2a2a2a",
            label_ink="#777777",
            quote_ground="#333333",
            card="#262626",
            card_ink="#e0e0e0",
            dark=True,
        ),
        "sms_miui": _SMS,
        "sms_coloros": replace(
            _SMS,
            page="#f7f7f7",
            left="#ffffff",
            right="#2ad181",
            bar_ground="#f7f7f7",
            radius=12,
            widest=280,
            labels="sms_slash",
            hint="发送信息",
        ),
        "sms_harmony": replace(
            _SMS,
            page="#f1f3f5",
            left="#ffffff",
            right="#0a59f7",
            bar_ground="#f1f3f5",
            input_ground="#f1f3f5",
            field="#ffffff",
            labels="sms_day",
            radius=18,
            margin=16,
            hint="短信/彩信",
        ),
        "sms_dark": replace(
            _SMS,
            page="#000000",
            left="#262626",
            right="#2b6fdb",
            ink_left="#e6e6e6",
            bar_ground="#000000",
            bar_ink="#e6e6e6",
            input_ground="#000000",
            field="#242424",
            label_ink="#808080",
            dark=True,
        ),
        "sms_ios": replace(
            _SMS,
            left="#e9e9eb",
            right="#34c759",
            bar="ios",
            bar_ground="#f8f8f8",
            labels="ios",
            radius=17,
            pad_y=7,
            pad_x=12,
            font=15.5,
            leading=1.3,
            widest=262,
            space=8,
            field="#ffffff",
            hint="信息 · 短信",
            delivered=True,
            ink_left="#000000",
        ),
        "imessage_dark": replace(
            _SMS,
            page="#000000",
            left="#262629",
            right="#0a84ff",
            ink_left="#ffffff",
            bar="ios",
            bar_ground="#161617",
            bar_ink="#ffffff",
            input_ground="#000000",
            labels="ios",
            radius=17,
            pad_y=7,
            pad_x=12,
            font=15.5,
            leading=1.3,
            widest=262,
            space=8,
            field="#1c1c1e",
            hint="iMessage 信息",
            delivered=True,
            dark=True,
        ),
        "whatsapp": Theme(
            app="whatsapp",
            page="#efe7de",
            left="#ffffff",
            right="#d9fdd3",
            ink_left="#111b21",
            ink_right="#111b21",
            bar="whatsapp",
            labels="whatsapp",
            bar_ground="#008069",
            bar_ink="#ffffff",
            input_ground="#efe7de",
            field="#ffffff",
            hint="发消息",
            label_ink="#54656f",
            chip="#ffffff",
            avatar="none",
            own_avatar=False,
            margin=10,
            gap=0,
            pad_x=9,
            pad_y=6,
            radius=8,
            font=15.5,
            leading=1.35,
            widest=284,
            space=5,
            quote="inside",
            quote_ground="#f0f2f5",
            stamped=True,
            types=("picture", "voice", "call", "file"),
        ),
        "alipay": Theme(
            app="alipay",
            page="#f5f5f5",
            left="#ffffff",
            right="#a9d8ff",
            ink_left="#333333",
            ink_right="#10263a",
            bar="centred",
            labels="alipay",
            bar_ground="#f5f5f5",
            bar_ink="#333333",
            input_ground="#ffffff",
            field="#f5f5f5",
            hint="说点什么…",
            label_ink="#999999",
            avatar="round",
            radius=8,
            types=("picture", "transfer", "red_packet", "voice"),
        ),
        "dingtalk": Theme(
            app="dingtalk",
            page="#f2f3f5",
            left="#ffffff",
            right="#c9e5ff",
            ink_left="#171a1d",
            ink_right="#171a1d",
            bar="left",
            labels="dingtalk",
            bar_ground="#f8f9fa",
            bar_ink="#171a1d",
            input_ground="#f8f9fa",
            field="#ffffff",
            hint="发消息…",
            label_ink="#9ea0a3",
            avatar="round",
            avatar_size=38,
            radius=10,
            tail=False,
            names="always",
            quote="inside",
            quote_ground="#eef0f2",
            read_mark=True,
            types=("picture", "file", "voice"),
        ),
        "wecom": replace(
            _WECHAT,
            app="wecom",
            right="#c9e7ff",
            ink_right="#0b1f33",
            bar="wecom",
            avatar_radius=4,
            page="#f0f1f3",
            bar_ground="#f0f1f3",
            types=("voice", "picture", "file", "link", "call"),
        ),
    }
)
