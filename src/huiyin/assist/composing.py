"""Put an answer together: clause texts as in force, live facts with the moment they were read."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from huiyin.assist.answers import Citation, CitationKind
from huiyin.channels.port import Logistics, Order, PriceProtection
from huiyin.kernel.units import yuan_of_fen
from huiyin.knowledge.clauses import Clause
from huiyin.knowledge.entries import Entry

BEIJING = ZoneInfo("Asia/Shanghai")
_HOLE = re.compile(r"\{([a-z0-9_.\-]+)\}")


def when(moment: datetime) -> str:
    """Write a moment as customers read it, in Beijing time."""
    local = moment.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def tail_of(order_id: str) -> str:
    """Name an order by its last four digits: enough to recognise, nothing to leak."""
    return f"尾号{order_id[-4:]}"


def clause_citation(clause: Clause) -> Citation:
    """Cite a clause version; its moment is when it began to apply."""
    return Citation(
        kind=CitationKind.CLAUSE,
        ref=str(clause.ref),
        title=clause.title,
        quote=clause.text,
        as_of=clause.effective_from,
    )


def clause_text(entry: Entry, clauses: Sequence[Clause]) -> str:
    """Fill the entry's answer with the texts of the clauses in force."""
    texts = {clause.id: clause.text.rstrip("。") for clause in clauses}
    return _HOLE.sub(lambda hole: texts.get(hole[1], hole[0]), entry.answer)


def order_fact(order: Order) -> tuple[str, Citation]:
    """Say an order's state."""
    said = f"您的订单（{tail_of(order.order_id)}）目前状态：{order.state_label}，实付 {yuan_of_fen(order.paid)} 元"
    return _fact("order", order.order_id, "订单状态", said, order.as_of)


def logistics_fact(order: Order, parcel: Logistics | None) -> tuple[str, Citation]:
    """Say where the parcel is, or that none was handed to a carrier yet."""
    if parcel is None or not parcel.steps:
        said = f"您的订单（{tail_of(order.order_id)}）目前状态：{order.state_label}，暂时还没有物流记录"
        return _fact("logistics", order.order_id, "物流", said, parcel.as_of if parcel else order.as_of)
    step = parcel.steps[-1]
    said = (
        f"您的订单（{tail_of(order.order_id)}）由{parcel.carrier}承运，"
        f"最新进度（{when(step.at)}）：{step.text.rstrip('。')}"
    )
    return _fact("logistics", parcel.waybill or order.order_id, "物流", said, parcel.as_of)


def protection_fact(order: Order, found: Sequence[PriceProtection]) -> tuple[str, Citation]:
    """Say how the latest price-protection application stands, or that there is none."""
    if not found:
        said = f"订单（{tail_of(order.order_id)}）目前没有查到价保申请记录"
        return _fact("price_protection", order.order_id, "价保记录", said, order.as_of)
    last = max(found, key=lambda one: one.applied_at)
    paid_back = f"，已退 {yuan_of_fen(last.refunded)} 元" if last.refunded else ""
    said = f"订单（{tail_of(order.order_id)}）{when(last.applied_at)}提交的价保申请：{last.state_label}{paid_back}"
    return _fact("price_protection", last.application_id, "价保记录", said, last.as_of)


def _fact(kind: str, ref: str, title: str, said: str, as_of: datetime) -> tuple[str, Citation]:
    quote = f"{said}（查询时间 {when(as_of)}）"
    cited = Citation(kind=CitationKind.FACT, ref=f"{kind}:{ref}", title=title, quote=quote, as_of=as_of)
    return quote, cited
