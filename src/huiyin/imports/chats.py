"""Read rows as messages: who wrote what, when, to whom. Pure.

Exports differ in every name; what is one's own is told by the column it stands in, and by nothing else.
"""

from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.imports.columns import Field, Mapped
from huiyin.imports.files import Row
from huiyin.imports.shops import SHOP, check_shop
from huiyin.imports.values import Cell, UnfitError, moment_of, plain, text_of, unfit
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.ids import ShopId

FIELDS = (
    Field(
        "time",
        ("消息时间", "发送时间", "聊天时间", "时间", "日期时间", "created", "createdtime", "timestamp"),
        required=True,
    ),
    Field("text", ("消息内容", "聊天内容", "内容", "消息", "content", "message", "msg"), required=True),
    Field(
        "customer",
        (
            "顾客账号", "客户账号", "买家账号", "顾客", "客户", "买家", "顾客昵称", "客户昵称", "买家昵称", "用户",
            "pin", "buyer", "user",
        ),
        required=True,
    ),
    Field(
        "sender",
        ("发送方", "发送人", "发送者", "角色", "消息方向", "方向", "role", "from", "direction"),
        required=True,
    ),
    Field("agent", ("客服账号", "客服", "客服昵称", "接待客服", "waiter", "servicer")),
    Field("session", ("会话id", "会话编号", "会话号", "会话", "sid", "sessionid", "chatid")),
    Field("message", ("消息id", "消息编号", "mid", "msgid", "messageid", "uuid")),
    Field("order", ("订单号", "订单编号", "订单", "orderid")),
    Field("sku", ("商品编号", "商品id", "skuid", "商品")),
    SHOP,
)  # fmt: skip

_SENDERS = {
    Sender.CUSTOMER: (
        "顾客", "客户", "买家", "用户", "访客", "消费者", "customer", "buyer", "user", "c", "接收", "in", "inbound",
    ),
    Sender.AGENT: (
        "客服", "人工", "人工客服", "商家", "卖家", "坐席", "agent", "waiter", "seller", "s", "发送", "out", "outbound",
    ),
    Sender.BOT: ("机器人", "智能客服", "智能机器人", "自动回复", "bot", "robot", "assistant"),
    Sender.SYSTEM: ("系统", "系统消息", "通知", "system", "notice"),
}  # fmt: skip
SENDERS = {word: sender for sender, words in _SENDERS.items() for word in words}

MOST_TEXT = 8000
"""Characters, as the platforms allow at most; longer cells are no messages."""
MOST_NAME = 200
AHEAD = timedelta(days=1)
"""A clock may be wrong by hours between zones, never by more."""
SESSION_GAP = timedelta(minutes=30)
"""Where a file names no sessions, silence this long divides two: JD's own ten minutes count from a close, which no
export tells."""


DERIVED = "file:"
"""Ids that begin so were made here."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """A message as a file has it. `at` is in milliseconds, `row` where it stands."""

    at: int
    row: int
    customer: str
    sender: str
    text: str
    agent: str = ""
    session: str = ""
    message: str = ""
    order: str = ""
    sku: str = ""


def said_in(row: Row, mapped: Mapped, now: datetime, shop: str) -> Said:
    """Read one row of the chats of `shop`, by its name.

    Raises:
        UnfitError: what is wrong with it, as a code: time_empty, time_without_clock, time_unreadable, time_ahead,
            text_empty, text_too_long, customer_empty, name_too_long, sender_unknown, sender_unclear, shop_other, and
            those of rows that are broken.

    """
    if row.broken:
        raise unfit(row.broken)
    cells = {field: row.cells.get(column) for field, column in mapped.items()}
    check_shop(cells.get("shop"), shop)
    at = _moment(cells["time"], row.days_off)
    if at > now + AHEAD:
        raise unfit("time_ahead", "time")
    text = text_of(cells["text"])
    if not text or len(text) > MOST_TEXT:
        raise unfit("text_too_long" if text else "text_empty", "text")
    names = {field: plain(cells.get(field)) for field in ("customer", "agent", "session", "message", "order", "sku")}
    if not names["customer"]:
        raise unfit("customer_empty", "customer")
    for field, name in names.items():
        if len(name) > MOST_NAME:
            raise unfit("name_too_long", field)
    sender = _sender(plain(cells["sender"]), names["customer"], names["agent"])
    return Said(at=to_ms(at), row=row.number, sender=sender, text=text, **names)


def _moment(cell: Cell, days_off: int) -> datetime:
    try:
        return moment_of(cell, days_off)
    except UnfitError as error:
        raise unfit(error.code, "time") from error


def _sender(written: str, customer: str, agent: str) -> Sender:
    """Tell who wrote: by a word for a role, or because the name is the customer's or the agent's own."""
    known = SENDERS.get(written.lower())
    if known is not None:
        # Somebody calls themself 客服, in a file that may name senders by account: a guess would be a wrong figure.
        if (written == customer and known is not Sender.CUSTOMER) or (written == agent and known is not Sender.AGENT):
            raise unfit("sender_unclear", "sender")
        return known
    if written and written == customer:
        return Sender.CUSTOMER
    if written and written == agent:
        return Sender.AGENT
    raise unfit("sender_unknown", "sender")


def inbound_of(said: Said, shop: ShopId) -> Inbound:
    """Return a record for the hall. Without an id of the platform's, one is derived from what was said."""
    return Inbound(
        shop=shop,
        source_id=said.message,
        customer_ref=said.customer,
        sender=Sender(said.sender),
        content=Content(text=said.text),
        platform_at=from_ms(said.at),
        session_ref=said.session,
        waiter_ref="" if said.sender == Sender.CUSTOMER else said.agent,
        order_ref=said.order,
        sku_ref=said.sku,
        origin=Origin.BACKFILL,
    )


def other_id(said: Said) -> str:
    """Return the id of a record whose own one stands for another as well; "" where it was made of its words already."""
    return "" if said.message.startswith(DERIVED) else f"{said.message}|{likeness(said)}"


def likeness(said: Said) -> str:
    """Return what two records without ids share if they are the same: customer, moment, sender and words."""
    parts = "\x1f".join((said.customer, str(said.at), said.sender, said.text))
    return sha256(parts.encode()).hexdigest()
