"""Who sits behind the platform's accounts, as far as anybody wrote it down."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, QueryParameter

from huiyin.conversations import views as talk
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.ids import PersonId, ShopId
from huiyin.org import accounts
from huiyin.policy.terms import Action, Resource
from huiyin.web import lead_shapes, shapes
from huiyin.web.guarding import needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.wiring import House

ShopQuery = Annotated[str, QueryParameter(max_length=64)]


class Accounts(Controller):
    """Platform accounts of the shops that leads and administrators keep running."""

    path = "/api/accounts"
    tags = ("accounts",)
    opt = needs(Resource.PLATFORM_ACCOUNT, Action.READ)

    @get("/", sync_to_thread=True)
    def known(self, house: HouseHere, actor: ActorHere) -> list[lead_shapes.Account]:
        """Return every account seen in messages or written down; those without a person now come first."""
        return _accounts(house, {each for each in actor.shops if accounts.may_map(each, actor)}, actor)

    @get("/people", sync_to_thread=True)
    def people(self, house: HouseHere, actor: ActorHere, shop: ShopQuery) -> list[shapes.Named]:
        """Return who may sit behind a shop's accounts."""
        if not accounts.may_map(shop, actor):
            return []
        with house.reading.connect() as connection:
            people = accounts.people_for(connection, shop, house.clock.now(), actor=actor)
            names = house.people.names(connection, people)
        found = sorted(names.items(), key=lambda each: (each[1], each[0]))
        return [shapes.Named(id=key, name=name) for key, name in found]

    @post("/", opt=repeatable(needs(Resource.PLATFORM_ACCOUNT, Action.WRITE)), sync_to_thread=True, status_code=200)
    def enter(self, house: HouseHere, actor: ActorHere, data: JSONBody[lead_shapes.MapAccount]) -> lead_shapes.Account:
        """Write down who sits behind an account; what was attributed or judged before stays as it is."""
        sitting = accounts.Sitting(
            ShopId(data.shop), data.account, PersonId(data.person), data.effective_from, data.effective_to,
            data.replaces,
        )  # fmt: skip
        house.writer.run(accounts.map_account, sitting, house.accounts, actor=actor)
        found = _accounts(house, {ShopId(data.shop)}, actor)
        return next(each for each in found if each.account == data.account)


def _accounts(house: House, mine: set[ShopId], actor: Actor) -> list[lead_shapes.Account]:
    now = house.clock.now()
    with house.reading.connect() as connection:
        nobodys = [each for each in talk.unattributed(connection, mine) if actor.reaches(each.shop, each.last_at)]
        unattributed = {(each.shop, each.account): each for each in nobodys}
        sittings = accounts.sittings_for(connection, mine, actor=actor)
        names = house.people.names(connection, (each.person for each in sittings))
        called = house.accounts.names(
            connection, {*(account for _, account in unattributed), *(each.account for each in sittings)}
        )
    records: dict[tuple[str, str], list[lead_shapes.SittingShape]] = {key: [] for key in unattributed}
    for each in sittings:
        shape = lead_shapes.SittingShape(
            id=each.id,
            person=shapes.Named(id=each.person, name=names.get(each.person, "")),
            effective_from=from_ms(each.effective_from),
            effective_to=from_ms(each.effective_to) if each.effective_to is not None else None,
            recorded_at=from_ms(each.recorded_at),
            replaced_at=from_ms(each.replaced_at) if each.replaced_at is not None else None,
        )
        records.setdefault((each.shop, each.account), []).append(shape)
    shops = house.shops.all()
    found = []
    for (shop, account), held in records.items():
        seen = unattributed.get((shop, account))
        here = [each for each in held if each.replaced_at is None and each.effective_from <= now]
        sitting = next((each for each in here if each.effective_to is None or each.effective_to > now), None)
        found.append(
            lead_shapes.Account(
                shop=shapes.Named(id=shop, name=shops[shop].name),
                account=called.get(account, ""),
                person=sitting.person if sitting else None,
                messages=seen.number if seen else 0,
                first_at=from_ms(seen.first_at) if seen else None,
                last_at=from_ms(seen.last_at) if seen else None,
                sittings=held,
            )
        )
    return sorted(found, key=lambda each: (each.person is not None, -each.messages, each.shop.name, each.account))
