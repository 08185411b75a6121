"""What listeners could not take and what a person can do about it."""

import sqlalchemy as sa
from litestar import Controller, get, post

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations import views as talk
from huiyin.eventlog import releasing
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.views import Stuck
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.policy.terms import Action, Resource
from huiyin.web import lead_shapes, shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.wiring import House


class StuckEvents(Controller):
    """Stuck events of the shops that leads and administrators keep running."""

    path = "/api/stuck"
    tags = ("stuck",)
    opt = needs(Resource.STUCK_EVENT, Action.READ)

    @get("/", sync_to_thread=True)
    def waiting(self, house: HouseHere, actor: ActorHere) -> list[lead_shapes.StuckEvent]:
        """Return what is stuck, oldest first: one line per listener and subject."""
        with house.reading.connect() as connection:
            return _rendered(house, connection, releasing.stuck_for(connection, actor=actor))

    @post(
        "/{listener:str}/{subject:str}/retry",
        opt=needs(Resource.STUCK_EVENT, Action.RETRY),
        sync_to_thread=True,
        status_code=200,
    )
    def retry(self, house: HouseHere, actor: ActorHere, listener: Id, subject: Id) -> lead_shapes.Retried:
        """Try a subject's stuck events once more and tell what became of them."""
        retried = house.writer.run(
            releasing.try_again, house.subscriptions, listener, subject, actor=actor, noting=_noting(house, actor)
        )
        with house.reading.connect() as connection:
            left = _rendered(house, connection, [retried.left] if retried.left else [])
        return lead_shapes.Retried(healed=retried.healed, left=left[0] if left else None)


def _noting(house: House, actor: Actor) -> releasing.Noting:
    def note(uow: UnitOfWork, stuck: Stuck, retried: releasing.Retried) -> None:
        tenant = house.shops.all()[stuck.shop].tenant if stuck.shop else actor.tenant
        detail = {"listener": stuck.listener, "healed": retried.healed}
        write_down(
            uow, Entry(action="event.tried_again", actor=actor, tenant=tenant, subject=stuck.subject, detail=detail)
        )

    return note


def _rendered(house: House, connection: sa.Connection, found: list[Stuck]) -> list[lead_shapes.StuckEvent]:
    subjects = [each.subject for each in found]
    labels = talk.customer_labels(connection, house.bodies, subjects)
    names = house.people.names(connection, set(subjects) - labels.keys())
    shops = house.shops.all()
    return [
        lead_shapes.StuckEvent(
            listener=each.listener,
            subject=each.subject,
            event=each.kind,
            shop=shapes.Named(id=each.shop, name=shops[each.shop].name) if each.shop else None,
            conversation=each.subject if each.subject in labels else None,
            about=labels.get(each.subject) or names.get(each.subject, ""),
            at=from_ms(each.at),
            state=each.state,
            tries=each.tries,
            next_try=from_ms(each.due_at) if each.state == "retrying" else None,
            error=each.error,
            behind=each.behind,
        )
        for each in found
    ]
