"""Endpoints of programs outside: registered by owners, told what happens, and what became of each call."""

from typing import Annotated

from litestar import Controller, delete, get, post, put
from litestar.params import JSONBody, QueryParameter

from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.policy.terms import Action, Resource
from huiyin.web import webhook_shapes as shapes
from huiyin.web.desk import Cursor, Id
from huiyin.web.guarding import Repeat, needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.webhooks import queueing, registering, views
from huiyin.webhooks.kinds import NAMES
from huiyin.wiring import House

WRITING = needs(Resource.WEBHOOK, Action.WRITE)
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class Webhooks(Controller):
    """Endpoints of the actor's own organisation."""

    path = "/api/webhooks"
    tags = ("webhooks",)
    opt = needs(Resource.WEBHOOK, Action.READ)

    @get("/", sync_to_thread=True)
    def list_webhooks(self, house: HouseHere, actor: ActorHere) -> list[shapes.WebhookShape]:
        """Return the endpoints of your organisation."""
        return _listed(house, actor)

    @get("/kinds", sync_to_thread=False)
    def kinds(self) -> list[str]:
        """Return the kinds of events there are."""
        return list(NAMES)

    @post("/", opt=repeatable(WRITING, Repeat.SHOWN_ONCE), sync_to_thread=True, status_code=201)
    def register(
        self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.WantedWebhook]
    ) -> shapes.WebhookSecret:
        """Register an endpoint: it is told what happens from now on."""
        made = house.writer.run(house.registrar.register, _wanted(data), actor=actor)
        return shapes.WebhookSecret(webhook=_one(house, actor, made.id), secret=made.secret)

    @put("/{webhook:str}", opt=WRITING, sync_to_thread=True)
    def change(
        self, house: HouseHere, actor: ActorHere, webhook: Id, data: JSONBody[shapes.WantedWebhook]
    ) -> shapes.WebhookShape:
        """Tell an endpoint something else, or somewhere else."""
        house.writer.run(house.registrar.change, webhook, _wanted(data), actor=actor)
        return _one(house, actor, webhook)

    @delete("/{webhook:str}", opt=WRITING, sync_to_thread=True)
    def remove(self, house: HouseHere, actor: ActorHere, webhook: Id) -> None:
        """Take an endpoint away; what waits is told nobody."""
        house.writer.run(registering.remove, webhook, actor=actor)

    @post("/{webhook:str}/secret", opt=repeatable(WRITING, Repeat.SHOWN_ONCE), sync_to_thread=True, status_code=201)
    def renew_secret(self, house: HouseHere, actor: ActorHere, webhook: Id) -> shapes.WebhookSecret:
        """Give an endpoint a new secret; for a day, the former one signs beside it."""
        made = house.writer.run(house.registrar.renew_secret, webhook, actor=actor)
        return shapes.WebhookSecret(webhook=_one(house, actor, webhook), secret=made.secret)

    @post("/{webhook:str}/on", opt=WRITING, sync_to_thread=True, status_code=200)
    def switch_on(self, house: HouseHere, actor: ActorHere, webhook: Id) -> shapes.WebhookShape:
        """Switch an endpoint on: what waits goes on, what happened meanwhile is not told."""
        house.writer.run(registering.switch, webhook, on=True, actor=actor)
        return _one(house, actor, webhook)

    @post("/{webhook:str}/off", opt=WRITING, sync_to_thread=True, status_code=200)
    def switch_off(self, house: HouseHere, actor: ActorHere, webhook: Id) -> shapes.WebhookShape:
        """Switch an endpoint off."""
        house.writer.run(registering.switch, webhook, on=False, actor=actor)
        return _one(house, actor, webhook)

    @post("/{webhook:str}/test", opt=repeatable(WRITING), sync_to_thread=True, status_code=201)
    def send_test(self, house: HouseHere, actor: ActorHere, webhook: Id) -> shapes.DeliveryShape:
        """Have an endpoint told that this is a test."""
        return _delivery(house.writer.run(queueing.send_test, webhook, actor=actor))

    @get("/{webhook:str}/deliveries", sync_to_thread=True)
    def list_deliveries(  # query parameters
        self, house: HouseHere, actor: ActorHere, webhook: Id, cursor: Cursor = None, limit: Limit = views.PAGE
    ) -> shapes.DeliveryPage:
        """Return what an endpoint was told in the last 30 days and what came of it, the newest first."""
        with house.reading.connect() as connection:
            page = views.deliveries(connection, webhook, cursor, limit, actor=actor)
        return shapes.DeliveryPage(
            deliveries=[_delivery(each) for each in page.deliveries], next_cursor=page.next_cursor
        )

    @post("/{webhook:str}/deliveries/{sent:str}/resend", opt=repeatable(WRITING), sync_to_thread=True, status_code=200)
    def resend(self, house: HouseHere, actor: ActorHere, webhook: Id, sent: Id) -> shapes.DeliveryShape:
        """Have a call made again, with the same id and body."""
        return _delivery(house.writer.run(queueing.resend, webhook, sent, actor=actor))


def _wanted(data: shapes.WantedWebhook) -> registering.Wanted:
    return registering.Wanted(data.url, data.description, data.kinds, data.shops)


def _one(house: House, actor: Actor, webhook: str) -> shapes.WebhookShape:
    return next(each for each in _listed(house, actor) if each.id == webhook)


def _listed(house: House, actor: Actor) -> list[shapes.WebhookShape]:
    with house.reading.connect() as connection:
        found = views.webhooks(connection, house.sealer, actor=actor)
        names = house.people.names(connection, {each.person for each in found})
    shops, now = house.shops.all(), house.clock.now()
    return [
        shapes.WebhookShape(
            id=each.id, url=each.url, description=each.description, kinds=list(each.kinds),
            shops=[Named(id=shop, name=shops[shop].name) for shop in each.shops if shop in shops],
            state=each.state, off_why=each.off_why, registered_by=names.get(each.person, ""),
            created_at=from_ms(each.created_at),
            failing_since=None if each.failing_since is None else from_ms(each.failing_since),
            former_until=until if (until := from_ms(each.former_until)) > now else None,
            waiting=each.waiting, last_at=None if each.last_at is None else from_ms(each.last_at),
        )
        for each in found
    ]  # fmt: skip


def _delivery(each: views.Delivery) -> shapes.DeliveryShape:
    return shapes.DeliveryShape(
        id=each.id, kind=each.kind, state=each.state, attempts=each.attempts, created_at=from_ms(each.created_at),
        due_at=from_ms(each.due_at) if each.state == "waiting" else None,
        last_at=None if each.last_at is None else from_ms(each.last_at), status=each.status, error=each.error,
    )  # fmt: skip
