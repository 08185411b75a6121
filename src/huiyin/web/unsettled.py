"""Replies whose outcome nobody knows: the list of them, and a person's word on each."""

from litestar import Controller, get, post
from litestar.params import JSONBody

from huiyin.conversations import messages
from huiyin.conversations import views as talk
from huiyin.conversations.access import access_conversation
from huiyin.conversations.settling import Decision
from huiyin.kernel.clock import from_ms
from huiyin.policy.terms import Action, Resource
from huiyin.web import lead_shapes, rendering, shapes
from huiyin.web.desk import Id
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere


class Unsettled(Controller):
    """Unknown replies: a lead's shops, an agent's own desk."""

    path = "/api/desk"
    tags = ("desk",)
    opt = needs(Resource.CONVERSATION, Action.ANSWER, Action.STEER)

    @get("/unsettled", sync_to_thread=True)
    def waiting(self, house: HouseHere, actor: ActorHere) -> lead_shapes.UnsettledReplies:
        """Return the oldest replies that wait for a person's word."""
        with house.reading.connect() as connection:
            found, total = talk.unsettled(connection, house.bodies, actor=actor)
            people = {each.person for each in found if each.person}
            authors = {each.author.removeprefix("person:") for each in found}
            names = house.people.names(connection, people | authors)
            names |= house.accounts.names(connection, rendering.unmapped(each.author for each in found))
        shops = house.shops.all()
        return lead_shapes.UnsettledReplies(
            total=total,
            replies=[
                lead_shapes.UnsettledReply(
                    message=each.message,
                    conversation=each.conversation,
                    shop=shapes.Named(id=each.shop, name=shops[each.shop].name),
                    customer=each.customer_label,
                    agent=shapes.Named(id=each.person, name=names.get(each.person, "")) if each.person else None,
                    sender=each.sender,
                    author=rendering.author(each.author, names),
                    at=from_ms(each.at),
                    text=each.text,
                )
                for each in found
            ],
        )

    @post("/conversations/{conversation:str}/settle/{message:str}", sync_to_thread=True, status_code=200)
    def settle(
        self,
        house: HouseHere,
        actor: ActorHere,
        conversation: Id,
        message: Id,
        data: JSONBody[lead_shapes.SettleReply],
    ) -> lead_shapes.SettledReply:
        """Say what became of an unknown reply, having looked into 咚咚; a resent one comes as a fresh message."""
        with house.reading.connect() as connection:
            live = house.lines.live(access_conversation(connection, conversation, actor=actor).shop)
        decision = Decision(data.outcome, data.at)
        fresh = house.writer.run(house.settling.settle, conversation, message, decision, actor=actor, live=live)
        with house.reading.connect() as connection:
            ids = [message, fresh] if fresh else [message]
            shown = rendering.messages(house, connection, messages.messages_by_id(connection, house.bodies, ids))
        by_id = {each.id: each for each in shown}
        return lead_shapes.SettledReply(message=by_id[message], resent=by_id.get(fresh))
