"""The desk: the list, one conversation, and everything an agent does with it."""

from typing import Annotated, Literal

from litestar import Controller, get, post
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from huiyin.channels.port import Content, Sender
from huiyin.conversations import copying, handing, messages
from huiyin.conversations import views as talk
from huiyin.conversations.access import access_conversation
from huiyin.conversations.sending import Draft
from huiyin.policy.terms import Action, Resource
from huiyin.web import rendering, shapes
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere

LATEST = 60

Tab = Literal["mine", "waiting", "bot", "closed"]

Id = Annotated[str, PathParameter(max_length=64)]
Cursor = Annotated[str | None, QueryParameter(max_length=80)]
Version = Annotated[int, QueryParameter(ge=0, le=2**53)]

_ANSWERS = needs(Resource.CONVERSATION, Action.ANSWER)
_HANDS_ON = needs(Resource.CONVERSATION, Action.ANSWER, Action.STEER)


class Desk(Controller):
    """Conversations of the shops the actor serves."""

    path = "/api/desk/conversations"
    tags = ("desk",)
    opt = needs(Resource.CONVERSATION, Action.READ)

    @get("/", sync_to_thread=True)
    def list_conversations(  # query parameters
        self, house: HouseHere, actor: ActorHere, tab: FromQuery[Tab] = "mine",
        shop: Cursor = None, cursor: Cursor = None,
    ) -> shapes.ConversationList:  # fmt: skip
        """Return one tab of the list: mine, waiting, bot or closed."""
        with house.reading.connect() as connection:
            page = talk.page(connection, house.bodies, tab, shop, cursor, actor=actor)
            return shapes.ConversationList(
                conversations=rendering.lines(house, connection, page.lines),
                counts=talk.counts(connection, shop, actor=actor),
                next_cursor=page.next_cursor,
            )

    @get("/{conversation:str}", sync_to_thread=True)
    def open_conversation(self, house: HouseHere, actor: ActorHere, conversation: Id) -> shapes.ConversationDetail:
        """Return a conversation with its latest messages."""
        return _detail(house, actor, conversation, None)

    @get("/{conversation:str}/messages", sync_to_thread=True)
    def earlier_messages(
        self, house: HouseHere, actor: ActorHere, conversation: Id, before: Version
    ) -> shapes.ConversationDetail:
        """Return the messages before a version."""
        return _detail(house, actor, conversation, before)

    @post("/{conversation:str}/take-over", opt=_ANSWERS, sync_to_thread=True, status_code=200)
    def take_over(self, house: HouseHere, actor: ActorHere, conversation: Id) -> shapes.ConversationShape:
        """Put the conversation on your own desk; the bot is silent from here on."""
        house.writer.run(handing.take_over, conversation, actor=actor)
        return _line(house, actor, conversation)

    @post("/{conversation:str}/check", opt=_ANSWERS, sync_to_thread=True, status_code=200)
    def check(
        self, house: HouseHere, actor: ActorHere, conversation: Id, data: JSONBody[shapes.CheckDraft]
    ) -> shapes.GateResult:
        """Ask the gates about a draft without sending it."""
        with house.reading.connect() as connection:
            accessed = access_conversation(connection, conversation, actor=actor)
            verdict = house.exit.check(connection, accessed, data.text, actor=actor)
        return shapes.GateResult(outcome=verdict.outcome, findings=rendering.finding_shapes(verdict.findings))

    @post("/{conversation:str}/send", opt=_ANSWERS, sync_to_thread=True, status_code=200)
    def send(
        self, house: HouseHere, actor: ActorHere, conversation: Id, data: JSONBody[shapes.SendReply]
    ) -> shapes.SendResult:
        """Send a reply through the gates; the same key again answers as before."""
        draft = Draft(Content(text=data.text), Sender.AGENT, key=data.key, acknowledged=data.acknowledged)
        with house.reading.connect() as connection:
            live = house.lines.live(access_conversation(connection, conversation, actor=actor).shop)
        sent = house.writer.run(house.exit.send_for_person, conversation, draft, actor=actor, live=live)
        with house.reading.connect() as connection:
            found = messages.messages_by_id(connection, house.bodies, [sent.message]) if sent.message else []
            shown = rendering.messages(house, connection, found)
        return shapes.SendResult(
            outcome=sent.outcome,
            message=shown[0] if shown else None,
            findings=rendering.finding_shapes(sent.findings),
        )

    @post("/{conversation:str}/copied/{message:str}", opt=_ANSWERS, sync_to_thread=True, status_code=200)
    def copied(self, house: HouseHere, actor: ActorHere, conversation: Id, message: Id) -> shapes.MessageShape:
        """Note that a checked draft was pasted into 咚咚 by hand."""
        house.writer.run(copying.mark_copied, conversation, message, actor=actor)
        with house.reading.connect() as connection:
            return rendering.messages(house, connection, messages.messages_by_id(connection, house.bodies, [message]))[
                0
            ]

    @post("/{conversation:str}/transfer", opt=_HANDS_ON, sync_to_thread=True, status_code=200)
    def transfer(
        self, house: HouseHere, actor: ActorHere, conversation: Id, data: JSONBody[shapes.Transfer]
    ) -> shapes.ConversationShape:
        """Hand the conversation to a colleague or to a skill's queue."""
        house.writer.run(
            handing.transfer, conversation, data.person, data.skill, house.notes.of(data.note), actor=actor
        )
        return _line(house, actor, conversation)

    @post("/{conversation:str}/close", opt=_HANDS_ON, sync_to_thread=True, status_code=200)
    def close(
        self, house: HouseHere, actor: ActorHere, conversation: Id, data: JSONBody[shapes.CloseConversation]
    ) -> shapes.ConversationShape:
        """Close the conversation."""
        house.writer.run(handing.close, conversation, data.reason, actor=actor)
        return _line(house, actor, conversation)

    @post("/{conversation:str}/read", sync_to_thread=True, status_code=204)
    def read(self, house: HouseHere, actor: ActorHere, conversation: Id) -> None:
        """Note that you have seen everything."""
        house.writer.run(handing.mark_read, conversation, actor=actor)

    @get("/{conversation:str}/colleagues", opt=_HANDS_ON, sync_to_thread=True)
    def colleagues(self, house: HouseHere, actor: ActorHere, conversation: Id) -> list[shapes.Colleague]:
        """Return who the conversation can be handed to."""
        with house.reading.connect() as connection:
            accessed = access_conversation(connection, conversation, actor=actor)
            found = handing.colleagues(connection, accessed, house.clock.now())
            names = house.people.names(connection, (each.person for each in found))
        return [
            shapes.Colleague(
                id=each.person, name=names.get(each.person, ""), presence=each.state, load=each.load,
                capacity=each.capacity, skills=list(each.skills),
            )
            for each in found
        ]  # fmt: skip


def _detail(house: HouseHere, actor: ActorHere, conversation: str, before: int | None) -> shapes.ConversationDetail:
    with house.reading.connect() as connection:
        accessed = access_conversation(connection, conversation, actor=actor)
        found, earlier = messages.messages(connection, house.bodies, accessed, before=before, limit=LATEST)
        return shapes.ConversationDetail(
            conversation=rendering.lines(house, connection, [talk.line(connection, house.bodies, accessed)])[0],
            messages=rendering.messages(house, connection, found),
            earlier=earlier,
            suggestions=rendering.suggestions(house, connection, accessed),
        )


def _line(house: HouseHere, actor: ActorHere, conversation: str) -> shapes.ConversationShape:
    with house.reading.connect() as connection:
        accessed = access_conversation(connection, conversation, actor=actor)
        return rendering.lines(house, connection, [talk.line(connection, house.bodies, accessed)])[0]
