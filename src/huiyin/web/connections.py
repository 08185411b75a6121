"""How shops are connected to their platforms: opened, connected otherwise, tried, disconnected."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from litestar import Controller, delete, get, post, put
from litestar.params import JSONBody
from msgspec import structs

from huiyin.access_logs.views import Told, told
from huiyin.channels.gateways import Served
from huiyin.channels.lacking import Cannot, Lack
from huiyin.channels.port import Capability, Channel, Tier
from huiyin.connections import opening
from huiyin.connections.platforms import PLATFORMS
from huiyin.connections.troubles import code_of, troubles
from huiyin.conversations import polling
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms, monotonic, to_ms
from huiyin.kernel.errors import HuiyinError, InvalidError, NotFoundError
from huiyin.org.hours import daily, every_day
from huiyin.org.opening import Calendars, calendars
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right
from huiyin.web import connection_shapes as shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.wiring import House

READING = Right(Resource.CONNECTION, Action.READ)
TRYING = Right(Resource.CONNECTION, Action.VERIFY)
LOOKED_BACK = timedelta(minutes=1)


class Connections(Controller):
    """Connections of the actor's shops."""

    path = "/api/connections"
    tags = ("connections",)
    opt = needs(Resource.CONNECTION, Action.READ)

    @get("/", sync_to_thread=True)
    def list_connections(self, house: HouseHere, actor: ActorHere) -> list[shapes.ConnectionShape]:
        """Return how each of your shops is connected, what its line can do, and what is wrong with it."""
        return _all(house, actor)

    @get("/platforms", sync_to_thread=False)
    def platforms(self) -> list[shapes.PlatformShape]:
        """Return the platforms a shop can be connected to, and what each asks for."""
        return [
            shapes.PlatformShape(
                platform=name,
                numbered=not known.ref,
                asked=[
                    shapes.AskedShape(name=one.name, kind=one.kind, required=one.required, choices=list(one.choices))
                    for one in known.asked
                ],
            )
            for name, known in PLATFORMS.items()
        ]

    @post("/", opt=repeatable(needs(Resource.CONNECTION, Action.WRITE)), sync_to_thread=True, status_code=201)
    def open_shop(self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.OpenShop]) -> shapes.ConnectionShape:
        """Open a shop of your organisation and connect it to its platform."""
        new = opening.NewConnection(
            data.name, data.platform, data.category, every_day(data.hours), data.settings, data.number,
            data.unconnected,
        )  # fmt: skip
        shop = house.writer.run(opening.open_connected, house.sealer, new, actor=actor)
        return _one(house, structs.replace(actor, shops=actor.shops | {shop}), shop)

    @put("/{shop:str}", opt=needs(Resource.CONNECTION, Action.WRITE), sync_to_thread=True)
    def connect(
        self, house: HouseHere, actor: ActorHere, shop: Id, data: JSONBody[shapes.Connect]
    ) -> shapes.ConnectionShape:
        """Connect a shop of your organisation with other settings; a secret left empty stays."""
        house.writer.run(opening.connect_again, house.sealer, shop, data.settings, actor=actor)
        return _one(house, actor, shop)

    @put("/{shop:str}/about", opt=needs(Resource.CONNECTION, Action.WRITE), sync_to_thread=True)
    def change(
        self, house: HouseHere, actor: ActorHere, shop: Id, data: JSONBody[shapes.AboutShop]
    ) -> shapes.ConnectionShape:
        """Change what is said of a shop of your organisation: its name, its trade, its opening hours from now on."""
        hours = None if data.hours is None else every_day(data.hours)
        house.writer.run(opening.change_owned, shop, opening.About(data.name, data.category, hours), actor=actor)
        return _one(house, actor, shop)

    @delete("/{shop:str}", opt=needs(Resource.CONNECTION, Action.WRITE), sync_to_thread=True, status_code=200)
    def disconnect(self, house: HouseHere, actor: ActorHere, shop: Id) -> shapes.ConnectionShape:
        """Disconnect a shop of your organisation: its secrets are forgotten, its conversations stay."""
        house.writer.run(opening.disconnect_owned, shop, actor=actor)
        return _one(house, actor, shop)

    @post("/{shop:str}/test", opt=needs(Resource.CONNECTION, Action.VERIFY), status_code=200)
    async def try_line(
        self, house: HouseHere, actor: ActorHere, shop: Id, data: JSONBody[shapes.TryLine]
    ) -> shapes.Tried:
        """Ask the platform once, for the chat of the last minute or for an order; nothing is stored."""
        line = house.lines.get(shop) if may(actor, TRYING, shop=shop) else None
        if line is None:
            message = "there is no such line"
            raise NotFoundError(message, remedy="Connect the shop first.", code="line_none")
        begun, code, found = monotonic(), "", 0
        try:
            found = await _asked(line, data.order.strip(), house.clock.now())
        except HuiyinError as error:
            code = code_of(error)
        return shapes.Tried(ok=not code, code=code, seconds=round(monotonic() - begun, 3), found=found)


async def _asked(line: Channel, order: str, now: datetime) -> int:
    """Ask for an order, or for the chat of the last minute where the line reads it; return how much was found."""
    if order:
        return len(await line.orders("", order))
    if Capability.READ_HISTORY not in line.capabilities:
        message = "this line looks up orders only"
        raise InvalidError(message, remedy="Name an order of the shop.", code="order_needed")
    return len(await line.poll(now - LOOKED_BACK, now))


def _one(house: House, actor: Actor, shop: str) -> shapes.ConnectionShape:
    return next(each for each in _all(house, actor) if each.shop.id == shop)


def _all(house: House, actor: Actor) -> list[shapes.ConnectionShape]:
    mine = sorted(shop for shop in actor.shops if may(actor, READING, shop=shop))
    with house.reading.connect() as connection:
        standing = opening.standings(connection, house.sealer, actor=actor)
        wrong = troubles(connection, mine)
        polled = polling.polled(connection, actor=actor)
        open_at = calendars(connection, mine)
        access_told = told(connection, house.access_log.wanted(mine))
    known, found = house.shops.all(), []
    for shop in mine:
        line, stands, trouble = house.lines.get(shop), standing.get(shop), wrong.get(shop)
        state = "open" if line is not None else "unopened" if stands is not None else "closed"
        found.append(
            shapes.ConnectionShape(
                shop=Named(id=shop, name=known[shop].name),
                platform=known[shop].platform,
                category=known[shop].category,
                hours=_daily(open_at, shop, to_ms(house.clock.now())),
                state=state,
                tier=Tier.LIVE if house.lines.live(shop) else Tier.READ,
                own=known[shop].tenant == actor.tenant,
                changed_at=None if stands is None else from_ms(stands.changed_at),
                polled=house.lines.is_polled(shop),
                polled_at=polled.get(shop),
                trouble=None
                if trouble is None or line is None
                else shapes.TroubleShape(
                    code=trouble.code, since=from_ms(trouble.since), last_at=from_ms(trouble.last_at),
                    lasting=trouble.lasting,
                ),
                calls_today=house.lines.calls_today(shop),
                calls_per_day=_quota(stands),
                access_told=_access_told(line, access_told.get(shop, Told())),
                abilities=[] if line is None else _abilities(line),
                settings={} if stands is None else dict(stands.settings),
                secrets=[] if stands is None else sorted(stands.secrets),
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (each.shop.name, each.shop.id))


def _daily(open_at: Calendars, shop: str, now: int) -> str | None:
    calendar = open_at.at(shop, now, now)
    return None if calendar is None else daily(calendar.hours)


def _access_told(line: Channel | None, told: Told) -> shapes.AccessToldShape | None:
    if line is None or Capability.TELL_ACCESS not in line.capabilities:
        return None
    return shapes.AccessToldShape(**told._asdict())


def _quota(stands: opening.Standing | None) -> int | None:
    told = "" if stands is None else stands.settings.get("calls_per_day", "")
    return int(told) if told else None


def _abilities(line: Channel) -> list[shapes.AbilityShape]:
    serving: Mapping[Capability, Served] = getattr(line, "serving", dict)()
    cannot: Cannot = getattr(line, "cannot", {})
    found = []
    for each in Capability:
        served = serving.get(each, Served())
        able = each in line.capabilities
        found.append(
            shapes.AbilityShape(
                capability=each, able=able, gateway=served.gateway, since=served.since,
                why_not="" if able else str(served.why_not or "not_offered"), needs=served.needs,
                lack=_lack(cannot.get(each)),
            )
        )  # fmt: skip
    return found


def _lack(lack: Lack | None) -> shapes.LackShape | None:
    if lack is None:
        return None
    return shapes.LackShape(reason=lack.reason, instead=lack.instead, why=lack.why, remedy=lack.remedy)
