"""What a security officer does with a letter 「删除我的信息」: find whom it is about, keep or destroy what is held.

The verbs are those of `huiyin keys`; here they reach the customers of one's own organisation alone.
"""

from litestar import Controller, Request, post
from litestar.params import JSONBody

from huiyin.conversations.subjects import SEARCHED, Held, access_customer, read_wanted
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.org.still import check_still
from huiyin.policy.terms import Action, Resource
from huiyin.security import holds
from huiyin.security.shredding import SHREDDED
from huiyin.web import keys_shapes as shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs, repeatable
from huiyin.web.keys import hold_shapes, stone_shapes
from huiyin.web.pace import Buckets
from huiyin.web.refusing import refusals_noted
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.wiring import House

_ERASES = needs(Resource.KEYS, Action.ERASE)


class Erasing(Controller):
    """Customers who ask to be erased, and what keeps them."""

    path = "/api/keys"
    tags = ("keys",)

    @post("/customers", opt=_ERASES, sync_to_thread=True, status_code=200)
    def find(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[shapes.FindCustomer],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> list[shapes.HeldShape]:
        """Tell whom a letter may be about and how much is held of them; that one looked is written down."""
        seeking: Buckets = request.app.state.seeking
        with refusals_noted(request, SEARCHED, actor.tenant, actor):
            wanted = read_wanted(data.by, data.value)
            seeking.draw(actor.id)
        house.writer.run(check_still, actor)
        found = house.subjects.find(actor.tenant, wanted, actor=actor)
        kept = hold_shapes(house, house.keyroom.holds(), actor.tenant)
        return [_held(house, each, kept) for each in found]

    @post("/holds", opt=repeatable(_ERASES), sync_to_thread=True, status_code=204)
    def place(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[shapes.PlaceHold],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> None:
        """Keep one customer, or everybody, from being shredded."""
        house.writer.run(check_still, actor)
        new = holds.NewHold(actor.tenant, data.customer, data.reason, data.until)
        with refusals_noted(request, holds.PLACED, data.customer or actor.tenant, actor):
            if data.customer:
                _access(house, data.customer, actor)
            house.writer.run(holds.hold, new, actor=actor)

    @post("/holds/{hold:str}/lift", opt=_ERASES, sync_to_thread=True, status_code=204)
    def lift(
        self,
        house: HouseHere,
        actor: ActorHere,
        hold: Id,
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> None:
        """Lift a hold; whoever does destroys nothing it kept within a day."""
        house.writer.run(check_still, actor)
        with refusals_noted(request, holds.LIFTED, hold, actor):
            house.writer.run(holds.lift, hold, actor=actor)

    @post("/customers/{customer:str}/shred", opt=_ERASES, sync_to_thread=True, status_code=200)
    def shred(
        self,
        house: HouseHere,
        actor: ActorHere,
        customer: Id,
        data: JSONBody[shapes.ShredCustomer],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> shapes.TombstoneShape:
        """Destroy a customer's keys for ever and return the signed tombstone."""
        house.writer.run(check_still, actor)
        with refusals_noted(request, SHREDDED, customer, actor):
            _access(house, customer, actor)
            holds.check_reason(data.reason)
        stone = house.keyroom.shred(customer, data.reason, actor=actor)
        return next(each for each in stone_shapes(house, actor.tenant) if each.id == stone.id)


def _access(house: House, customer: str, actor: Actor) -> None:
    with house.reading.connect() as connection:
        access_customer(connection, customer, actor=actor)


def _held(house: House, held: Held, kept: list[shapes.HoldShape]) -> shapes.HeldShape:
    shop = house.shops.all()[held.shop]
    return shapes.HeldShape(
        id=held.customer,
        shop=Named(id=shop.id, name=shop.name),
        label=held.label,
        conversations=held.conversations,
        under_way=held.under_way,
        since=from_ms(held.since) if held.since else None,
        until=from_ms(held.until) if held.until else None,
        messages=held.messages,
        masked=held.masked,
        notes=held.notes,
        seen=held.seen,
        holds=[each for each in kept if each.subject in {"", held.customer}],
    )
