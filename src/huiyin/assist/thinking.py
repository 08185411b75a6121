"""Think: take pending turns, look up facts outside any transaction, then write the outcome in one.

The outcome is applied only if the conversation still stands where it stood: no newer message, still the bot's.
A turn is deleted in the transaction of its effect, so a crash repeats the thinking, never the answer.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.assist.answers import Answer, Decision, Draft, HandOver, NoReply
from huiyin.assist.answers import Citation as Evidence
from huiyin.assist.deciding import decide
from huiyin.assist.events import Suggested
from huiyin.assist.facts import LiveFacts
from huiyin.assist.questions import Question, Turn
from huiyin.assist.store import suggestion, turn
from huiyin.assist.suggesting import suggest
from huiyin.channels.port import Content, ContentKind, Sender
from huiyin.conversations import views as talk
from huiyin.conversations.access import Conversation, access_conversation, find
from huiyin.conversations.bodies import Bodies, Body, Citation
from huiyin.conversations.handing import hand_over
from huiyin.conversations.sending import Draft as Outgoing
from huiyin.conversations.sending import Exit, Parting
from huiyin.conversations.views import customer_reference
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import TemporaryError
from huiyin.kernel.ids import ShopId, TenantId, new_id
from huiyin.knowledge.search import Knowledge
from huiyin.security.keys import KeyRing
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

BOT = Actor(ActorKind.BOT, "assist", "智能助手", TenantId(""))
MOST_TURNS = 64
TAIL = 8
PATIENCE_SECONDS = 2.5
"""How long live facts may take before the customer goes to a person (targets: hand-over within 3 s)."""


class Pending(NamedTuple):
    """A turn with what deciding needs."""

    conversation: Conversation
    message: str
    question: Question
    live: bool


class Thought(NamedTuple):
    """What came of thinking: the bot's decision, or drafts for a person."""

    pending: Pending
    decision: Decision | None
    drafts: tuple[Draft, ...]


class Thinker:
    """Works through pending turns."""

    def __init__(  # noqa: PLR0913  # wiring hands in each part by name
        self,
        *,
        writer: Writer,
        reading: sa.Engine,
        clock: Clock,
        bodies: Bodies,
        sealer: Sealer,
        ring: KeyRing,
        exit_: Exit,
        knowledge: Callable[[], Knowledge],
        facts: Callable[[str], LiveFacts],
        live: Callable[[str], bool],
    ) -> None:
        """Take what thinking needs; `facts` and `live` answer per shop."""
        self._writer = writer
        self._reading = reading
        self._clock = clock
        self._bodies = bodies
        self._sealer = sealer
        self._ring = ring
        self._exit = exit_
        self._knowledge = knowledge
        self._facts = facts
        self._live = live

    async def work(self) -> int:
        """Think about what is due; return how many turns were settled."""
        pending = await asyncio.to_thread(self._due)
        thoughts = await asyncio.gather(*map(self._think, pending))
        if thoughts:
            await self._writer.do(self._settle_all, thoughts)
        return len(thoughts)

    def _due(self) -> list[Pending]:
        with self._reading.connect() as connection:
            rows = connection.execute(
                sa.select(turn)
                .where(turn.c.due_at <= to_ms(self._clock.now()))
                .order_by(turn.c.due_at)
                .limit(MOST_TURNS)
            ).all()
            return [self._pending(connection, row.conversation, row.message) for row in rows]

    def _pending(self, connection: sa.Connection, conversation_id: str, message: str) -> Pending:
        conversation = access_conversation(connection, conversation_id, actor=BOT)
        tail, _ = talk.messages(connection, self._bodies, conversation, before=None, limit=TAIL)
        latest = next((each for each in tail if each.id == message), None)
        earlier = tuple(Turn(Sender(each.sender), each.body.content.text) for each in tail if each.id != message)
        question = Question(
            text=latest.body.content.text if latest else "",
            shop=ShopId(conversation.shop),
            at=self._clock.now(),
            kind=ContentKind(latest.kind) if latest else ContentKind.SYSTEM,
            skill=conversation.skill,
            customer_ref=customer_reference(connection, self._sealer, conversation),
            order_ref=conversation.order_ref,
            history=earlier,
            greeted=conversation.greeted,
        )
        return Pending(conversation, message, question, self._live(conversation.shop))

    async def _think(self, pending: Pending) -> Thought:
        facts = self._facts(pending.conversation.shop)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if pending.conversation.state == "bot":
                    return Thought(pending, await decide(pending.question, self._knowledge(), facts), ())
                if pending.conversation.state == "human":
                    return Thought(pending, None, await suggest(pending.question, self._knowledge(), facts))
        except (TimeoutError, TemporaryError) as error:
            log.warning("assist.facts_late", conversation=pending.conversation.id, error=type(error).__name__)
            return Thought(pending, _late(pending), ())
        return Thought(pending, None, ())

    def _settle_all(self, uow: UnitOfWork, thoughts: list[Thought]) -> None:
        for thought in thoughts:
            with uow.savepoint():
                self._settle(uow, thought)

    def _settle(self, uow: UnitOfWork, thought: Thought) -> None:
        pending = thought.pending
        done = uow.connection.execute(
            turn.delete().where(turn.c.conversation == pending.conversation.id, turn.c.message == pending.message)
        )
        if not done.rowcount:
            return  # the customer wrote again meanwhile: that turn will be thought about instead
        conversation = find(uow, pending.conversation.id)
        if thought.decision is not None and conversation.state == "bot":
            self._act(uow, conversation, thought.decision, pending)
        elif conversation.state in {"human", "waiting"}:
            self._offer(uow, conversation, pending.message, thought.drafts)

    def _act(self, uow: UnitOfWork, conversation: Conversation, decision: Decision, pending: Pending) -> None:
        action = decision.action
        if isinstance(action, NoReply):
            return
        parting = Parting(action.reason, action.skill) if isinstance(action, HandOver) else None
        if not decision.reply and parting is not None:
            hand_over(uow, conversation, parting.reason, parting.skill, actor=BOT)
            return
        citations = tuple(map(_kept, action.citations)) if isinstance(action, Answer) else ()
        outgoing = Outgoing(Content(text=decision.reply), Sender.BOT, citations, then=parting)
        sent = self._exit.send(uow, conversation, outgoing, actor=BOT, live=pending.live)
        if sent.outcome == "hold":
            hand_over(uow, conversation, "机器人的回复被拦截", conversation.skill, actor=BOT)
        elif sent.outcome == "copy" and parting is not None:
            hand_over(uow, conversation, parting.reason, parting.skill, actor=BOT)

    def _offer(self, uow: UnitOfWork, conversation: Conversation, message: str, drafts: tuple[Draft, ...]) -> None:
        uow.connection.execute(suggestion.delete().where(suggestion.c.conversation == conversation.id))
        key_id = self._ring.for_writing(uow, conversation.tenant, [conversation.customer])[conversation.customer]
        for place, draft in enumerate(drafts):
            id_ = new_id()
            body = Body(Content(text=draft.text), tuple(map(_kept, draft.citations)))
            sealed = self._bodies.seal(uow.connection, key_id, conversation.tenant, id_, body)
            uow.connection.execute(
                suggestion.insert().values(
                    id=id_, conversation=conversation.id, message=message, place=place, body=sealed.body,
                    reason=draft.title,
                )
            )  # fmt: skip
        uow.record(
            Suggested(message, len(drafts)),
            subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=BOT,
        )  # fmt: skip


def _late(pending: Pending) -> Decision | None:
    if pending.conversation.state != "bot":
        return None
    reason = "平台查询超时"
    return Decision(
        action=HandOver(reason=reason, skill=pending.question.skill, text="系统查询较慢，已为您转人工客服，请稍等。"),
        because=(reason,),
    )


def _kept(evidence: Evidence) -> Citation:
    return Citation(str(evidence.kind), evidence.ref, evidence.title, evidence.quote, to_ms(evidence.as_of))
