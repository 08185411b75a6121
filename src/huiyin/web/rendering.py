"""Turn what rooms return into the shapes screens get."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from huiyin.assist.views import Offered, offered
from huiyin.channels.port import Logistics, Order, PriceProtection, Tier
from huiyin.conversations import views as talk
from huiyin.conversations.access import Conversation
from huiyin.conversations.bodies import Citation as Kept
from huiyin.conversations.gating import GateFinding
from huiyin.conversations.messages import MessageView
from huiyin.kernel.clock import from_ms
from huiyin.quality.views import Marked, Marks, findings_of, marks_of
from huiyin.web import shapes
from huiyin.wiring import House

WAITING_STATES = {"new": "bot", "recorded": "closed"}
"""States screens do not know by name, and the one they stand for there."""


def state_shown(state: str) -> str:
    """Return a conversation's state as screens name it."""
    return WAITING_STATES.get(state, state)


def lines(house: House, connection: sa.Connection, found: Sequence[talk.Line]) -> list[shapes.ConversationShape]:
    """Render conversation lines; one query for marks."""
    marks = marks_of(connection, [each.conversation.id for each in found])
    names = house.people.names(connection, (each.conversation.person for each in found if each.conversation.person))
    return [_line(house, each, marks.get(each.conversation.id, Marks(0, "none")), names) for each in found]


def _line(house: House, line: talk.Line, marks: Marks, names: dict[str, str]) -> shapes.ConversationShape:
    each = line.conversation
    return shapes.ConversationShape(
        id=each.id,
        version=line.version,
        shop=shop(house, each.shop),
        customer=line.customer_label,
        state=state_shown(each.state),
        origin=each.origin,
        skill=each.skill,
        agent=shapes.Named(id=each.person, name=names.get(each.person, "")) if each.person else None,
        opened_at=from_ms(each.opened_at),
        waiting_since=from_ms(each.waiting_since) if each.waiting_since else None,
        closed_at=from_ms(each.closed_at) if each.closed_at else None,
        last_text=line.last_text,
        last_sender=line.last_sender,
        last_at=from_ms(each.last_at),
        unread=each.unread,
        findings=marks.number,
        risk=marks.risk,
        outside_hours=each.outside_hours,
    )


def shop(house: House, shop_id: str) -> shapes.ShopShape:
    """Render a shop with what its line can do now."""
    known = house.shops.all()[shop_id]
    line = house.lines.get(shop_id)
    live = house.lines.live(shop_id)
    return shapes.ShopShape(
        id=known.id,
        name=known.name,
        platform=known.platform,
        tier=Tier.LIVE if live else Tier.READ,
        capabilities=sorted(line.capabilities) if line else [],
    )


def messages(house: House, connection: sa.Connection, found: Sequence[MessageView]) -> list[shapes.MessageShape]:
    """Render messages with their findings and the names of who wrote them."""
    findings = findings_of(connection, [each.id for each in found])
    people = {each.author.removeprefix("person:") for each in found if each.author.startswith("person:")}
    names = {
        **house.people.names(connection, people),
        **house.accounts.names(connection, unmapped(each.author for each in found)),
    }
    return [_message(each, findings.get(each.id, []), names) for each in found]


def _message(message: MessageView, findings: list[Marked], names: dict[str, str]) -> shapes.MessageShape:
    content = message.body.content
    return shapes.MessageShape(
        id=message.id,
        version=message.version,
        sender=message.sender,
        author=author(message.author, names),
        kind=message.kind,
        text=content.text,
        data=content.data,
        at=from_ms(message.platform_at),
        received_at=from_ms(message.received_at),
        delivery=message.delivery,
        flags=list(message.flags),
        citations=[citation(each) for each in message.body.citations],
        findings=finding_shapes(findings),
        hidden=[shapes.HiddenShape(start=start, end=end, kind=kind) for start, end, kind in message.body.hidden],
        note=message.note,
    )  # fmt: skip


def unmapped(authors: Iterable[str]) -> set[str]:
    """Return the platform accounts among authors of messages."""
    return {each.removeprefix("waiter:") for each in authors if each.startswith("waiter:")}


def author(written_by: str, names: dict[str, str]) -> str:
    """Return who wrote a message in words; an account nobody is mapped to is shown as such, never guessed."""
    kind, _, reference = written_by.partition(":")
    if kind == "person":
        return names.get(reference, "")
    if kind == "waiter":
        return f"{names.get(reference, '')}（未登记账号）"
    return "智能助手" if kind == "bot" else ""


def citation(kept: Kept) -> shapes.Citation:
    """Render a citation."""
    return shapes.Citation(kind=kept.kind, ref=kept.ref, title=kept.title, quote=kept.quote, as_of=from_ms(kept.as_of))


def suggestions(house: House, connection: sa.Connection, conversation: Conversation) -> list[shapes.Suggestion]:
    """Render the drafts offered for a conversation."""
    return [_suggestion(each) for each in offered(connection, house.bodies, conversation)]


def _suggestion(draft: Offered) -> shapes.Suggestion:
    return shapes.Suggestion(
        id=draft.id,
        text=draft.body.content.text,
        based_on=draft.message,
        citations=[citation(each) for each in draft.body.citations],
        reason=draft.reason,
    )


def finding_shapes(findings: Sequence[GateFinding | Marked]) -> list[shapes.FindingShape]:
    """Render what inspection found in a message, or the gates in a draft."""
    return [
        shapes.FindingShape(
            rule=each.rule, title=each.title, severity=each.severity, start=each.start, end=each.end, reason=each.reason
        )
        for each in findings
    ]


def order(found: Order) -> shapes.OrderShape:
    """Render an order."""
    return shapes.OrderShape(
        order_id=found.order_id,
        state=found.state,
        state_label=found.state_label,
        total_fen=found.total,
        paid_fen=found.paid,
        created_at=found.created_at,
        paid_at=found.paid_at,
        lines=[
            shapes.OrderLineShape(sku_id=each.sku_id, name=each.name, count=each.count, price_fen=each.price)
            for each in found.lines
        ],
        waybill=found.waybill,
        plus=found.plus,
        as_of=found.as_of,
    )


def logistics(found: Logistics) -> shapes.LogisticsShape:
    """Render a parcel's steps."""
    return shapes.LogisticsShape(
        waybill=found.waybill,
        carrier=found.carrier,
        steps=[shapes.TraceStepShape(at=each.at, text=each.text) for each in found.steps],
        as_of=found.as_of,
    )


def price_protection(found: PriceProtection) -> shapes.PriceProtectionShape:
    """Render a price-protection application."""
    return shapes.PriceProtectionShape(
        application_id=found.application_id,
        order_id=found.order_id,
        sku_name=found.sku_name,
        bought_at_fen=found.bought_at_price,
        applied_fen=found.applied_price,
        refunded_fen=found.refunded,
        state_label=found.state_label,
        applied_at=found.applied_at,
        as_of=found.as_of,
    )
