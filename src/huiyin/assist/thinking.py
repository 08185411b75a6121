"""Think: take pending turns, look up facts outside any transaction, then write the outcome in one.

The outcome is applied only if the conversation still stands where it stood: no newer message, still the bot's.
A turn is deleted in the transaction of its effect, so a crash repeats the thinking, never the answer.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.assist.absence import notices
from huiyin.assist.answers import Answer, Decision, Draft, HandOver, NoReply
from huiyin.assist.answers import Citation as Evidence
from huiyin.assist.deciding import decide
from huiyin.assist.events import Suggested
from huiyin.assist.facts import LiveFacts
from huiyin.assist.questions import Question, Turn
from huiyin.assist.store import suggestion, turn
from huiyin.assist.suggesting import suggest
from huiyin.channels.port import Content, ContentKind, Sender
from huiyin.conversations import messages as talk
from huiyin.conversations.access import Conversation, find_many
from huiyin.conversations.bodies import Bodies, Citation, Written, write
from huiyin.conversations.handing import Handed, hand_over
from huiyin.conversations.sending import Draft as OutgoingDraft
from huiyin.conversations.sending import Exit, Outgoing, Parting
from huiyin.eventlog.prepared import Prepared, insert
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
MOST_TURNS = 256
TAIL = 6
PATIENCE_SECONDS = 2.5
"""How long live facts may take before the customer goes to a person (targets: hand-over within 3 s)."""


class Pending(NamedTuple):
    """A turn with what deciding needs."""

    conversation: Conversation
    message: str
    question: Question
    live: bool


class Offer(NamedTuple):
    """A draft for a person: its words, and what it goes by."""

    written: Written
    title: str


class Thought(NamedTuple):
    """What came of thinking: the bot's decision, and drafts for the person who answers or will.

    Words are masked already, where they are thought of: nobody waits for the writer meanwhile.
    """

    pending: Pending
    decision: Decision | None
    reply: Written | None = None
    drafts: tuple[Offer, ...] = ()


class Means(NamedTuple):
    """What thinking works with; `facts` and `live` answer per shop. Wiring fills it."""

    writer: Writer
    reading: sa.Engine
    clock: Clock
    bodies: Bodies
    sealer: Sealer
    ring: KeyRing
    exit: Exit
    knowledge: Callable[[], Knowledge]
    facts: Callable[[str], LiveFacts]
    live: Callable[[str], bool]


class Thinker:
    """Works through pending turns."""

    def __init__(self, means: Means) -> None:
        """Take what thinking works with."""
        self._writer = means.writer
        self._reading = means.reading
        self._clock = means.clock
        self._bodies = means.bodies
        self._sealer = means.sealer
        self._ring = means.ring
        self._exit = means.exit
        self._knowledge = means.knowledge
        self._facts = means.facts
        self._live = means.live

    async def work(self) -> int:
        """Think about what is due; return how many turns were settled."""
        pending = await asyncio.to_thread(self._due)
        thoughts = await asyncio.gather(*map(self._think, pending))
        await asyncio.gather(*(self._writer.do_with_others(self.settle, each) for each in thoughts))
        return len(thoughts)

    def _due(self) -> list[Pending]:
        now = self._clock.now()
        with self._reading.connect() as connection:
            rows = _DUE.rows(connection, now=to_ms(now))
            briefs = talk.briefs(connection, self._bodies, self._sealer, [row.conversation for row in rows], TAIL)
            return [self._pending(briefs[row.conversation], row.message, now) for row in rows]

    def _pending(self, brief: talk.Brief, message: str, now: datetime) -> Pending:
        conversation = brief.conversation
        latest = next((each for each in brief.tail if each.id == message), None)
        earlier = [each for each in brief.tail if each.id != message]
        question = Question(
            text=latest.body.content.text if latest else "",
            shop=ShopId(conversation.shop),
            at=now,
            kind=ContentKind(latest.kind) if latest else ContentKind.SYSTEM,
            skill=conversation.skill,
            customer_ref=brief.customer_ref,
            order_ref=conversation.order_ref,
            history=tuple(Turn(Sender(each.sender), each.body.content.text) for each in earlier),
            greeted=conversation.greeted,
        )
        return Pending(conversation, message, question, self._live(conversation.shop))

    async def _think(self, pending: Pending) -> Thought:
        facts = self._facts(pending.conversation.shop)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if pending.conversation.state == "bot":
                    decision = await decide(pending.question, self._knowledge(), facts)
                    handing = isinstance(decision.action, HandOver)
                    drafts = await suggest(pending.question, self._knowledge(), facts) if handing else ()
                    return Thought(pending, decision, _reply(decision), _offers(drafts))
                if pending.conversation.state in {"human", "waiting"}:
                    drafts = await suggest(pending.question, self._knowledge(), facts)
                    return Thought(pending, None, drafts=_offers(drafts))
        except (TimeoutError, TemporaryError) as error:
            log.warning("assist.facts_late", conversation=pending.conversation.id, error=type(error).__name__)
            return Thought(pending, _late(pending))
        except Exception as error:  # noqa: BLE001  # one customer's turn must not cost the others theirs: a person looks
            log.error("assist.failed", conversation=pending.conversation.id, error=type(error).__name__)
            return Thought(pending, _late(pending, "智能助手出错"))
        return Thought(pending, None)

    def settle(self, uow: UnitOfWork, thoughts: Sequence[Thought]) -> list[None]:
        """Apply what came of thinking, as far as the conversations still stand where they stood; a batch verb."""
        rows = _TURNS.rows(uow.connection, ids=_ids(thoughts))
        waiting = {(row.conversation, row.message) for row in rows}
        # Where the customer wrote again meanwhile, that newer turn will be thought about instead.
        current = [each for each in thoughts if (each.pending.conversation.id, each.pending.message) in waiting]
        if not current:
            return [None] * len(thoughts)
        ids = _ids(current)
        _DONE.run(uow.connection, ids=ids)
        talks = find_many(uow, ids)
        uow.follow(ids)
        self._answer(uow, [each for each in current if each.decision is not None], talks)
        self._offer(uow, [(talks[each.pending.conversation.id], each) for each in current])
        return [None] * len(thoughts)

    def _answer(self, uow: UnitOfWork, thoughts: list[Thought], talks: dict[str, Conversation]) -> None:
        outgoing: list[Outgoing] = []
        handed: list[Handed] = []
        away = notices(uow, [talks[each.pending.conversation.id] for each in thoughts if _gives_up(each)])
        for thought in thoughts:
            action = thought.decision.action if thought.decision else None
            conversation = talks[thought.pending.conversation.id]
            if conversation.state != "bot" or action is None or isinstance(action, NoReply):
                continue
            parting = Parting(action.reason, action.skill) if isinstance(action, HandOver) else None
            notice = away.get(conversation.id)
            written = write(Content(text=notice)) if notice else thought.reply or _reply(thought.decision)
            if written is not None:
                said = written.body
                draft = OutgoingDraft(said.content, Sender.BOT, said.citations, then=parting, written=written)
                outgoing.append(Outgoing(conversation, draft, thought.pending.live))
            elif parting is not None:
                handed.append(Handed(conversation, parting.reason, parting.skill))
        for each, sent in zip(outgoing, self._exit.send(uow, outgoing, actor=BOT), strict=True):
            then = each.draft.then
            if sent.outcome == "hold":
                handed.append(Handed(each.conversation, "机器人的回复被拦截", each.conversation.skill))
            elif sent.outcome == "copy" and then is not None:
                handed.append(Handed(each.conversation, then.reason, then.skill))
        hand_over(uow, handed, actor=BOT)

    def _offer(self, uow: UnitOfWork, thoughts: list[tuple[Conversation, Thought]]) -> None:
        """Put new drafts in the place of earlier ones, where a person answers or will."""
        offered = [pair for pair in thoughts if pair[0].state in {"human", "waiting"} or pair[1].drafts]
        if not offered:
            return
        _NO_OFFERS.run(uow.connection, ids=[conversation.id for conversation, _ in offered])
        rows = []
        for conversation, each in offered:
            message, customer = each.pending.message, conversation.customer
            if each.drafts:
                key_id = self._ring.for_writing(uow, conversation.tenant, [customer])[customer]
                offers = enumerate(each.drafts)
                rows += [self._offered(uow, conversation, key_id, message, place, offer) for place, offer in offers]
            uow.record(
                Suggested(message, len(each.drafts)),
                subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=BOT,
            )  # fmt: skip
        insert(uow.connection, suggestion, rows)

    def _offered(  # one row's columns
        self, uow: UnitOfWork, conversation: Conversation, key_id: str, message: str, place: int, offer: Offer
    ) -> dict[str, object]:
        id_ = new_id()
        sealed = self._bodies.seal(uow.connection, key_id, conversation.tenant, id_, offer.written)
        return {
            "id": id_, "conversation": conversation.id, "message": message, "place": place, "body": sealed.body,
            "reason": offer.title,
        }  # fmt: skip


_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_DUE = Prepared(sa.select(turn).where(turn.c.due_at <= sa.bindparam("now")).order_by(turn.c.due_at).limit(MOST_TURNS))
_TURNS = Prepared(sa.select(turn).where(turn.c.conversation.in_(_IDS)))
_DONE = Prepared(turn.delete().where(turn.c.conversation.in_(_IDS)))
_NO_OFFERS = Prepared(suggestion.delete().where(suggestion.c.conversation.in_(_IDS)))


def _ids(thoughts: Sequence[Thought]) -> list[str]:
    return [each.pending.conversation.id for each in thoughts]


def _gives_up(thought: Thought) -> bool:
    return thought.decision is not None and isinstance(thought.decision.action, HandOver)


def _late(pending: Pending, reason: str = "平台查询超时") -> Decision | None:
    if pending.conversation.state != "bot":
        return None
    return Decision(
        action=HandOver(reason=reason, skill=pending.question.skill, text="系统查询较慢，已为您转人工客服，请稍等。"),
        because=(reason,),
    )


def _reply(decision: Decision | None) -> Written | None:
    """Return what the bot says, None if it says nothing; an answer carries what it rests on."""
    if decision is None or not decision.reply:
        return None
    action = decision.action
    citations = tuple(map(_kept, action.citations)) if isinstance(action, Answer) else ()
    return write(Content(text=decision.reply), citations)


def _offers(drafts: Sequence[Draft]) -> tuple[Offer, ...]:
    return tuple(
        Offer(write(Content(text=each.text), tuple(map(_kept, each.citations))), each.title) for each in drafts
    )


def _kept(evidence: Evidence) -> Citation:
    return Citation(str(evidence.kind), evidence.ref, evidence.title, evidence.quote, to_ms(evidence.as_of))
