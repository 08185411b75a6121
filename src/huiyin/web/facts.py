"""Live facts beside the chat: orders, logistics, price protection, asked of the platform at this moment."""

from collections.abc import Sequence

from litestar import Controller, Request, get

from huiyin.access_logs.noting import About
from huiyin.audit.writing import Entry, write_down
from huiyin.channels.port import Capability
from huiyin.conversations import views as talk
from huiyin.conversations.access import Conversation, access_conversation
from huiyin.kernel.errors import NotFoundError
from huiyin.policy.terms import Action, Resource
from huiyin.web import rendering, shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.noting import note_orders
from huiyin.web.seldom import Seldom
from huiyin.web.sessions import ActorHere, HouseHere

MOST_LOOKS = 1_000_000
"""Looks written down an hour in all: every one, for whoever is let through."""


async def _accessed(
    request: Request,  # type: ignore[type-arg]  # any user
    house: HouseHere,
    actor: ActorHere,
    conversation: str,
) -> tuple[Conversation, str]:
    """Return the conversation and its customer; who looked is written down before, once an hour for each of both."""
    with house.reading.connect() as connection:
        accessed = access_conversation(connection, conversation, actor=actor)
        customer = talk.customer_reference(connection, house.sealer, accessed)
    if not customer:
        message = "this customer was erased"
        raise NotFoundError(message, remedy="Nothing leads to their orders any more.", code="customer_erased")
    looks: Seldom = request.app.state.looks
    if looks.is_due(actor.id, accessed.id):
        entry = Entry(
            action="facts.read", actor=actor, tenant=accessed.tenant, subject=accessed.customer,
            detail={"conversation": accessed.id, "shop": accessed.shop},
        )  # fmt: skip
        await house.writer.do(write_down, entry)
        looks.told(actor.id, accessed.id)
    return accessed, customer


class Facts(Controller):
    """Facts about the customer of one conversation; an order of somebody else answers as absent."""

    path = "/api/desk/conversations/{conversation:str}/orders"
    tags = ("facts",)
    opt = needs(Resource.FACTS, Action.READ)

    @get("/")
    async def orders(
        self,
        house: HouseHere,
        actor: ActorHere,
        conversation: Id,
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> list[shapes.OrderShape]:
        """Return the customer's latest orders."""
        accessed, customer = await _accessed(request, house, actor, conversation)
        found = await house.facts(accessed.shop).orders(customer)
        await _told(house, request, accessed, [each.order_id for each in found])
        return [rendering.order(each) for each in found]

    @get("/{order:str}/logistics")
    async def logistics(
        self,
        house: HouseHere,
        actor: ActorHere,
        conversation: Id,
        order: Id,
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> shapes.LogisticsShape:
        """Return the parcel of an order; an empty waybill while nothing was shipped."""
        accessed, customer = await _accessed(request, house, actor, conversation)
        await _own_order(house, accessed, customer, order)
        able = _can(house, accessed.shop, Capability.LOGISTICS)
        found = await house.facts(accessed.shop).logistics(order) if able else None
        await _told(house, request, accessed, [order])
        if found is None:
            return shapes.LogisticsShape(waybill="", carrier="", steps=[], as_of=house.clock.now())
        return rendering.logistics(found)

    @get("/{order:str}/price-protection")
    async def price_protection(
        self,
        house: HouseHere,
        actor: ActorHere,
        conversation: Id,
        order: Id,
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> list[shapes.PriceProtectionShape]:
        """Return the price-protection applications of an order."""
        accessed, customer = await _accessed(request, house, actor, conversation)
        await _own_order(house, accessed, customer, order)
        if not _can(house, accessed.shop, Capability.PRICE_PROTECTION):
            return []
        found = await house.facts(accessed.shop).price_protection(order)
        await _told(house, request, accessed, [order])
        return [rendering.price_protection(each) for each in found]


async def _told(house: HouseHere, request: Request, talk: Conversation, orders: Sequence[str]) -> None:  # type: ignore[type-arg]  # any user
    await note_orders(house, request, About(talk.tenant, talk.customer), talk.shop, orders)


def _can(house: HouseHere, shop: str, capability: Capability) -> bool:
    line = house.lines.get(shop)
    return line is None or capability in line.capabilities


async def _own_order(house: HouseHere, conversation: Conversation, customer: str, order: str) -> None:
    if not await house.facts(conversation.shop).orders(customer, order):
        message = "there is no such order of this customer"
        raise NotFoundError(message, remedy="Choose one of the orders shown.", code="order_gone")
