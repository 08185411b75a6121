"""What made-up customers say, and the signed deliveries that carry it.

About 35 % standard questions, 20 % courtesies, 30 % things the bot does not know, 10 % with a phone number,
5 % order cards. Every line is our own writing. Deliveries are prepared once a line: only the ids, the moments
and the signature are filled in for each message, so the generator costs the server little of its processor.
"""

import hashlib
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import NamedTuple
from urllib.parse import quote_plus

from huiyin.bench.company import APP_KEY, BenchShop
from huiyin.channels.jd.envelope import METHOD
from huiyin.channels.jd.moments import write_timestamp
from huiyin.kernel.clock import SystemClock, to_ms
from huiyin.kernel.wire import encode_text

KNOWN = (
    "付款后多久发货？", "请问发什么快递", "可以开专票吗", "保修多久呀", "是正品吗", "有现货吗",
    "七天无理由怎么算", "退货运费谁出呢", "发票在哪里下载", "怎么取消订单", "支持什么支付方式", "优惠券怎么用",
    "能改地址吗", "需要安装吗", "退款退到哪里", "可以货到付款吗",
)  # fmt: skip
COURTESIES = ("你好", "在吗", "谢谢", "好的", "嗯嗯，知道了", "麻烦你了", "哦哦", "好的谢谢亲", "辛苦啦", "ok")
UNKNOWN = (
    "这个跟我上次买的那款比起来屏幕是不是偏黄一点", "我家阳台朝北，放这个会不会受潮", "你们店主是不是换人了呀",
    "盒子上那行小字写的什么意思", "我侄子上初二，用这个写作业卡不卡", "昨天直播里说的那个颜色叫什么来着",
    "能不能给我留一个，下周三我再来拍", "装上以后有点响，像风吹纸的声音", "送人的话包装体面吗，别太花哨",
    "底座那个螺丝拧不进去，是不是配错了", "这批桃子跟上个月那批是一个园子的吗", "放冷冻还是冷藏口感好一些",
)  # fmt: skip
WITH_PHONE = (
    "我的电话是{phone}，麻烦发货前联系我", "手机号{phone}，改一下收件电话", "打{phone}就行，我白天都在",
    "换成我爱人的号码 {phone} 谢谢",
)  # fmt: skip
SHARES = {"known": 35, "courtesy": 20, "unknown": 30, "phone": 10, "order": 5}
VARIANTS = 240
"""Lines prepared a shop; phone and order numbers differ from line to line."""

TALK_LENGTH = 8
MID, PIN, NOW, TAG = "_MID_", "_PIN_", "_NOW_", "_TAG_"
CLOCK = SystemClock()


class Line(NamedTuple):
    """A prepared line: its JSON as it is signed, and as it stands in the form."""

    json: str
    quoted: str


@dataclass(slots=True, eq=False)
class Talk:
    """A conversation of one customer, who says the next thing once the last one was taken."""

    pin: str
    shop: int
    left: int
    said: int = 0


class Message(NamedTuple):
    """One message on its way."""

    mid: str
    talk: Talk
    path: str
    body: bytes
    opening: bool
    line: Line


class Customers:
    """All customers of a run: who talks next, and what is said."""

    def __init__(self, shops: list[BenchShop], app_secret: str, seed: int, *, tagged: bool = False) -> None:
        """Prepare lines; `tagged` lines carry the message's id in their text."""
        self._random = Random(seed)
        self._secret = app_secret
        self._shops = shops
        self._lines = [[prepare(self._line(shop, tagged=tagged)) for _ in range(VARIANTS)] for shop in shops]
        self._idle: deque[Talk] = deque()
        self._seed = seed
        self._shut = False
        self._pins = 0
        self._mids = 0

    def fill(self, talks: int) -> None:
        """Make `talks` customers present, each somewhere in the course of a conversation."""
        while len(self._idle) < talks:
            self._idle.append(self.newcomer(self._random.randint(1, TALK_LENGTH)))

    def dismiss(self) -> None:
        """Let everybody go who is present."""
        self._idle.clear()

    def stay(self, talks: list[Talk]) -> None:
        """Make these customers present for as long as they like to talk, and nobody else."""
        self._idle.extend(talks)
        self._shut = True

    def newcomer(self, lines: int = TALK_LENGTH) -> Talk:
        """Return a customer nobody has seen."""
        self._pins += 1
        return Talk(f"jd_{self._seed}_{self._pins}", self._random.randrange(len(self._shops)), lines)

    def next(self) -> Message | None:
        """Return what is said next. Where nobody is idle someone new comes, or None if nobody new may."""
        if self._shut and not self._idle:
            return None
        return self.say(self._idle.popleft() if self._idle else self.newcomer())

    def taken(self, talk: Talk) -> None:
        """Let a customer whose message was taken go on, or a new one come in the place of one who is done."""
        self._idle.append(talk if talk.left > 0 else self.newcomer())

    def say(self, talk: Talk, line: Line | None = None) -> Message:
        """Return the next message of one customer, signed now."""
        self._mids += 1
        mid = f"m{self._seed}x{self._mids}"
        talk.left -= 1
        talk.said += 1
        line = line or self._random.choice(self._lines[talk.shop])
        path = f"/hooks/jd/{self._shops[talk.shop].id}"
        return Message(mid, talk, path, signed(line, mid, talk.pin, self._secret), talk.said == 1, line)

    def again(self, message: Message) -> Message:
        """Return a message signed anew, as JD pushes again what nobody took."""
        return message._replace(body=signed(message.line, message.mid, message.talk.pin, self._secret))

    def asking(self, shop: int, text: str) -> Line:
        """Return a line with the words of one's choice."""
        return prepare(delivery(self._shops[shop].vender_id, {"mt": "text", "content": text}))

    def _line(self, shop: BenchShop, *, tagged: bool) -> str:
        kind = self._random.choices(list(SHARES), list(SHARES.values()))[0]
        number = self._random.randrange(10**8)
        if kind == "order":
            card = {"mt": "order", "content": f"订单 {TAG}" if tagged else "", "orderId": f"3{number:011d}"}
            return delivery(shop.vender_id, card)
        text = {"known": KNOWN, "courtesy": COURTESIES, "unknown": UNKNOWN, "phone": WITH_PHONE}[kind]
        words = self._random.choice(text).format(phone=f"139{number:08d}")
        return delivery(shop.vender_id, {"mt": "text", "content": f"{words} {TAG}" if tagged else words})


def delivery(vender_id: str, said: dict[str, str]) -> str:
    """Return the JSON of a delivery with gaps for what differs from message to message."""
    message = {
        "mid": MID, "sid": "", "customer": PIN, "waiter": "", "waiterSend": False, "content": "", "created": NOW,
        "mt": "text", "url": "", "orderId": "", "skuId": "", "recallOf": "", "channel": "1", **said,
    }  # fmt: skip
    return encode_text({"venderId": vender_id, "messages": [message]}).replace(f'"{NOW}"', NOW)


def prepare(json: str) -> Line:
    """Prepare a line."""
    return Line(json, quote_plus(json))


def signed(line: Line, mid: str, pin: str, secret: str) -> bytes:
    """Return a delivery as form body, stamped and signed now."""
    now = CLOCK.now()
    stamp = write_timestamp(now)
    made = str(to_ms(now))
    json, quoted = (
        text.replace(MID, mid).replace(PIN, pin).replace(NOW, made).replace(TAG, f"[{mid}]") for text in line
    )
    secret_parts = f"{secret}360buy_param_json{json}app_key{APP_KEY}method{METHOD}timestamp{stamp}v2.0{secret}".encode()
    sign = hashlib.md5(secret_parts, usedforsecurity=False).hexdigest().upper()
    return (
        f"method={METHOD}&app_key={APP_KEY}&timestamp={quote_plus(stamp)}&v=2.0&360buy_param_json={quoted}&sign={sign}"
    ).encode()
