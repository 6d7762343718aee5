"""Invented conversations. No person, firm or number exists: mobile numbers begin with 12."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_GIVEN = (
    "赟",
    "翀",
    "鋆",
    "燊",
    "焱",
    "璩",
    "喆",
    "堃",
    "淼",
    "建国",
    "丽华",
    "晓雯",
    "志强",
    "子涵",
    "婷婷",
    "鑫",
    "彧",
    "旸",
    "珺瑶",
)
FIRMS = ("岫云分期", "鲸泊花", "澜砾易贷", "砚禾消费金融", "枫屿催收部")
_PLACES = ("青砚路88号", "望岚大厦12楼", "栖梧小区3栋502", "澄溪产业园B座")

THREATS = (
    "{name}，你的欠款{sum}元已经逾期{days}天，请今天{clock}前处理",
    "再不还款我们就联系你通讯录里的{days}个亲友",
    "已经安排外访人员，{date}上门，地址{place}",
    "账户尾号{tail}，应还{sum}元，最后期限{date}",
    "你不接电话没有用，你单位的同事都会知道",
    "{date} {clock}之前转到指定账户，逾期后果自负！！！",
    "这笔{sum}今天必须清，{name}说了没得商量",
    "打你电话为什么不接？？",
    "你家里人的电话我都有，{phone}是你妈吧",
    "法院的传票马上就到，案号{case}，自己看着办",
    "最后一次通知：本金{sum}元，违约金{sum}元，合计{sum}元。\n\n请于{date}前还清，\n否则移交法务处理。",
    "【{firm}】{name}您好，您在我司的借款已严重逾期{days}天，当前应还总额{sum}元，"
    "我司多次联系您均未得到有效答复，现限您于{date} {clock}前将全部款项转入账户{card}，"
    "否则我司将依法采取包括但不限于上门走访、联系紧急联系人、提起诉讼等措施，由此产生的一切后果由您本人承担。",
    "点击链接 {url} 立即还款，客服电话{phone}",
    "？",
    "呵呵",
    "今天18点前 必须到账",
    "Deadline is {date}, pay {sum} now or else.",
    "你信不信我把你的照片发到群里😡",
    "身份证{id}的是你本人吧",
    "装死是吧",
    "1",
    "行，你等着",
    "已发您邮箱 legal_{tail}@example.com，编号 XY-{tail}-{days}",
)
REPLIES = (
    "我上周已经书面要求停止联系，请通过短信沟通",
    "请出示你的工号和委托手续",
    "我在上班，不要再打我单位电话{phone}",
    "收到",
    "我现在只能先还{sum}元，{date}发工资再还一部分",
    "不要骚扰我的家人！",
    "好",
    "你们的利息超过法定上限了，本金我只借了{sum}",
    "我已经在{date}还过{sum}了，截图发你了🙏",
    "你叫什么名字？工号多少？",
    "能不能协商一下，分{days}期还\n每个月{sum}\n\n我保证按时",
    "嗯",
    "再打电话我就报警了",
    "OK",
    "谁让你给我妈打电话的😭😭",
    "{name}是谁？我不认识",
    "我打了12378投诉，单号{tail}{tail}",
)
TRADITIONAL = (
    "{name}先生，您的欠款{sum}元已經逾期{days}日，請於{date}前處理",
    "再不還錢我們會聯絡您的親友及公司",
    "請勿再致電騷擾，我會向警方報案",
    "最後通牒：{date} {clock}前匯款至帳戶{card}，逾期後果自負",
    "你們的利率過高，我已諮詢律師",
    "貴司的職員態度惡劣，我會保留錄音",
    "收到，謝謝",
    "還款連結：{url}",
    "總額{sum}元，違約金{sum}元",
    "聽說你換了電話{phone}？",
)
SMS = (
    "【{firm}】{name}，您的借款已逾期{days}天，应还{sum}元，请于{date}前还款。详询{phone}。拒收请回复R",
    "【{firm}】您尾号{tail}的账户将于{date}扣款{sum}元，请保持余额充足。",
    "【{firm}】验证码{tail}{days}，5分钟内有效，请勿告知他人。",
    "{name}你好，我是{firm}的法务专员，案号{case}，请在{clock}前回电{phone}，否则视为放弃协商。",
    "最后通知：{sum}元！{url}",
    "你再躲也没用",
    "已安排{date}上门，地址{place}",
    *THREATS[:10],
)
GROUP_NAMES = ("枫屿法务小群", "还款协商群", "老同学聚会", "望岚大厦12楼业主", "相亲相爱一家人")
SYSTEMS = (
    "“{name}”撤回了一条消息",
    "对方撤回了一条消息",
    "你撤回了一条消息",
    "你已添加了{name}，现在可以开始聊天了。",
    "消息已发出，但被对方拒收了。",
    "{name}开启了朋友验证，你还不是他（她）朋友。请先发送朋友验证请求，对方验证通过后，才能聊天。",
)
GROUP_SYSTEMS = (
    "“{name}”撤回了一条消息",
    "“{name}”邀请“{name}”加入了群聊",
    "你将“{name}”移出了群聊",
    "“{name}”修改群名为“还款协商群”",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in a conversation before it is drawn; fields as in truth.Entry. ``part`` 1 is whose phone it is."""

    id: int
    sent: datetime
    kind: str = "message"
    type: str = "text"
    text: str = ""
    part: int = 0
    name: str | None = None
    quote: str | None = None
    note: str | None = None
    amount: str | None = None
    seconds: int | None = None
    failed: bool = False
    tokens: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """What kind of conversation to invent. ``bodies`` are the sentences of the other side and of one's own."""

    bodies: tuple[tuple[str, ...], tuple[str, ...]] = (THREATS, REPLIES)
    group: bool = False
    types: tuple[str, ...] = ()
    quotes: bool = True
    systems: tuple[str, ...] = SYSTEMS


class Filler:
    """Fills sentences with invented names and figures and keeps what counts as a key token."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._tokens: list[tuple[str, str]] = []

    def name(self) -> str:
        """A person."""
        return self.chance.choice(_SURNAMES) + self.chance.choice(_GIVEN)

    def sum(self) -> str:
        """An amount as people write it."""
        value = self.chance.choice((self.chance.randint(50, 999), self.chance.randint(1000, 99999)))
        cents = self.chance.randint(0, 99)
        return self.chance.choice((f"{value}", f"{value}.{cents:02}", f"{value:,}.{cents:02}", f"¥{value}.{cents:02}"))

    def phone(self) -> str:
        """A mobile number that cannot exist."""
        digits = f"12{self.chance.randint(0, 999999999):09}"
        return self.chance.choice((digits, digits, f"{digits[:3]} {digits[3:7]} {digits[7:]}"))

    def date(self) -> str:
        """A day as people write it."""
        month, day = self.chance.randint(1, 12), self.chance.randint(1, 28)
        return self.chance.choice(
            (f"{month}月{day}日", f"2025年{month}月{day}日", f"2025-{month:02}-{day:02}", f"{month}月{day}号")
        )

    def clock(self) -> str:
        """An hour as people write it."""
        hour, minute = self.chance.randint(8, 22), self.chance.randint(0, 59)
        return self.chance.choice((f"{hour}:{minute:02}", f"{hour}点", f"{hour:02}:{minute:02}"))

    def fill(self, sentence: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The sentence with its figures, and its tokens as (kind, text)."""
        self._tokens = []
        return re.sub(r"\{(\w+)\}", self._one, sentence), tuple(self._tokens)

    def _one(self, found: re.Match[str]) -> str:
        kind = found[1]
        chance = self.chance
        made: dict[str, Callable[[], str]] = {
            "name": self.name,
            "sum": self.sum,
            "phone": self.phone,
            "date": self.date,
            "clock": self.clock,
            "days": lambda: str(chance.randint(2, 99)),
            "tail": lambda: f"{chance.randint(1000, 9999)}",
            "card": lambda: (
                f"6200 {chance.randint(1000, 9999)} {chance.randint(1000, 9999)} {chance.randint(1000, 9999)}"
            ),
            "id": lambda: (
                f"990101{chance.randint(1960, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
                f"{chance.randint(0, 999):03}X"
            ),
            "case": lambda: f"（2025）云9901民初{chance.randint(100, 9999)}号",
            "url": lambda: (
                f"https://d{chance.randint(1, 9)}.example/{chance.choice('abcdkmprt')}{chance.randint(100, 999)}"
            ),
            "firm": lambda: chance.choice(FIRMS),
            "place": lambda: chance.choice(_PLACES),
        }
        text = made[kind]()
        self._tokens.append((kind, text))
        return text


def converse(chance: random.Random, plot: Plot, count: int, end: datetime) -> tuple[Said, ...]:
    """``count`` things said, the last a little before ``end`` (local), with pauses from seconds to weeks."""
    times = _times(chance, count, end)
    filler = Filler(chance)
    people = [filler.name() for _person in range(chance.randint(3, 6))]
    done: list[Said] = []
    for number, sent in enumerate(times):
        if done and chance.random() < 0.05 and plot.systems:
            text, tokens = filler.fill(chance.choice(plot.systems))
            done.append(Said(number, sent, "system", text=text, tokens=tokens))
            continue
        part = int(chance.random() < 0.36)
        name = None if part else chance.choice(people) if plot.group else people[0]
        if plot.types and chance.random() < 0.2:
            done.append(card(filler, number, sent, chance.choice(plot.types), part, name))
            continue
        text, tokens = filler.fill(chance.choice(plot.bodies[part]))
        quote = None
        spoken = [s for s in done[-6:] if s.kind == "message" and s.type == "text"]
        if plot.quotes and spoken and chance.random() < 0.08:
            earlier = chance.choice(spoken)
            quote = f"{earlier.name or '我'}：{earlier.text.splitlines()[0][:36]}"
        failed = part == 1 and chance.random() < 0.04
        done.append(Said(number, sent, text=text, part=part, name=name, quote=quote, failed=failed, tokens=tokens))
    return tuple(done)


def other_side(said: Sequence[Said]) -> str:
    """The name of the first person on the other side."""
    return next((one.name for one in said if one.name), "客服")


def _times(chance: random.Random, count: int, end: datetime) -> list[datetime]:
    times = [end - timedelta(seconds=chance.choice((20, 90, 600, 7200, 90000)))]
    while len(times) < count:
        pause = chance.choice((5, 9, 15, 20, 30, 40, 60, 90, 150, 400, 4000, 30000, 100000, 900000))
        times.append(times[-1] - timedelta(seconds=pause * (0.6 + chance.random() * 0.8)))
    return [when.replace(microsecond=0) for when in reversed(times)]


def card(filler: Filler, number: int, sent: datetime, kind: str, part: int, name: str | None) -> Said:
    """A message that is no text."""
    chance = filler.chance
    amount = f"{chance.choice((chance.randint(1, 500), chance.randint(500, 20000)))}.{chance.choice((0, 0, 50, 88)):02}"
    money = (("sum", amount),)

    base = Said(number, sent, type=kind, part=part, name=name)
    if kind == "voice":
        heard = filler.fill(chance.choice(THREATS[:8]))[0] if chance.random() < 0.3 else ""
        return replace(base, text=heard, seconds=chance.randint(1, 60))
    if kind == "transfer":
        note = chance.choice(("请收款", "已被接收", "转账给你", "已收款", "已退还", "还款"))
        return replace(base, text=f"¥{amount}", amount=amount, note=note, tokens=money)
    if kind == "red_packet":
        return replace(
            base,
            text=chance.choice(("恭喜发财，大吉大利", "别打电话了", "先还一点")),
            note=chance.choice((None, "已领取")),
        )
    if kind == "file":
        body = chance.choice(("律师函", "还款协议", "催收通知书", "账单明细2025"))
        body += f"_{filler.name()}.{chance.choice(('pdf', 'docx', 'xlsx'))}"
        return replace(base, text=body, note=f"{chance.randint(12, 980)}.{chance.randint(0, 9)} KB")
    if kind == "link":
        text, tokens = filler.fill(
            chance.choice(("{firm}：逾期{days}天的后果", "关于{name}欠款{sum}元的公示", "还款指引：{firm}客服中心"))
        )
        return replace(
            base,
            text=text,
            note=chance.choice(("点击查看详情，如有疑问请联系客服", "为您提供专业的还款服务")),
            tokens=tokens,
        )
    if kind == "card":
        return replace(base, text=filler.name(), note="个人名片")
    if kind == "location":
        return replace(base, text=chance.choice(_PLACES), note="云泊市青砚区望岚街道")
    if kind == "call":
        seconds = chance.choice((None, chance.randint(3, 59), chance.randint(60, 900)))
        words = chance.choice(("对方已取消", "已拒绝", "对方无应答", "已取消")) if seconds is None else None
        return replace(
            base, text=words or f"通话时长 {(seconds or 0) // 60:02}:{(seconds or 0) % 60:02}", seconds=seconds
        )
    if kind == "video":
        return replace(base, seconds=chance.randint(2, 59))
    return base
