"""Send: the one door out. Every gate says pass, warn or hold; nothing else in the house can write to a customer."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Content, Sender
from huiyin.conversations import store
from huiyin.conversations.access import Conversation, access_conversation, check_at_desk
from huiyin.conversations.bodies import Bodies, Citation, Written, write
from huiyin.conversations.echoes import fingerprint
from huiyin.conversations.events import ReplyApproved, ReplyHeld
from huiyin.conversations.gating import Asked, GateFinding, Gates, GateVerdict
from huiyin.conversations.routing import UNSENT
from huiyin.conversations.tails import Tails
from huiyin.eventlog.events import Event
from huiyin.eventlog.prepared import insert, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import new_id
from huiyin.security.keys import KeyRing

MOST_CHARACTERS = 2000


class Draft(NamedTuple):
    """Words on their way out. What the bot states carries citations; courtesies and questions back state nothing."""

    content: Content
    sender: Sender
    citations: tuple[Citation, ...] = ()
    key: str = ""
    acknowledged: bool = False
    then: "Parting | None" = None
    written: Written | None = None
    """The words with their citations, masked before anybody waited for the writer; masked by the exit otherwise."""


class Parting(NamedTuple):
    """The bot's last words: once they are settled, the conversation goes to people."""

    reason: str
    skill: str


class Sent(NamedTuple):
    """What became of a draft: approved, copy (read tier), warn (say it again to insist), hold, or late (see `send`)."""

    outcome: str
    message: str
    findings: tuple[GateFinding, ...]


class Outgoing(NamedTuple):
    """A draft for a conversation; `live` tells whether its channel can send by itself."""

    conversation: Conversation
    draft: Draft
    live: bool


class _Row(NamedTuple):
    message: str
    version: int
    outcome: str
    findings: tuple[GateFinding, ...]


class Exit:
    """The only way out."""

    def __init__(self, gates: Gates, bodies: Bodies, ring: KeyRing, tails: Tails) -> None:
        """Let nothing out that `gates` hold; `tails` hears what is asked of customers."""
        self._gates = gates
        self._bodies = bodies
        self._ring = ring
        self._tails = tails

    def check(self, connection: sa.Connection, conversation: Conversation, text: str, *, actor: Actor) -> GateVerdict:
        """Ask every gate about a person's words for a conversation they already accessed; the strictest word counts.

        Raises:
            InvalidError: too long to be sent.

        """
        _check_length(text, least=0)
        return self._gates.ask(connection, [Asked(conversation.id, text, _person(actor))])[0]

    def send_for_person(self, uow: UnitOfWork, conversation_id: str, draft: Draft, *, actor: Actor, live: bool) -> Sent:
        """Send what a person wrote. A repeat with the same key answers as the first did and writes nothing.

        Raises:
            ConflictError: the conversation is not on the actor's desk.
            InvalidError: empty or too long.

        """
        conversation = access_conversation(uow.connection, conversation_id, actor=actor)
        earlier = uow.connection.execute(
            sa.select(store.message.c.id, store.message.c.delivery)
            .join(store.request_key, store.request_key.c.message == store.message.c.id)
            .where(store.request_key.c.key == f"{actor.id}:{draft.key}")
        ).one_or_none()
        if earlier is not None and earlier.delivery == "held":
            return Sent(
                "hold", earlier.id, self.check(uow.connection, conversation, draft.content.text, actor=actor).findings
            )
        if earlier is not None:
            return Sent("approved" if live else "copy", earlier.id, ())
        check_at_desk(conversation, actor=actor)
        _check_length(draft.content.text)
        verdict = self.check(uow.connection, conversation, draft.content.text, actor=actor)
        if verdict.outcome == "warn" and not draft.acknowledged:
            return Sent("warn", "", verdict.findings)
        sent = self.send(uow, [Outgoing(conversation, draft, live)], actor=actor)[0]
        if draft.key:
            uow.connection.execute(
                store.request_key.insert().values(key=f"{actor.id}:{draft.key}", message=sent.message, at=uow.now_ms())
            )
        return sent

    def send(self, uow: UnitOfWork, outgoing: Sequence[Outgoing], *, actor: Actor) -> list[Sent]:
        """Let each draft out if every gate passes it; otherwise keep it, held, with the rules that hold it.

        A bot's draft for a conversation that is no longer the bot's is dropped: outcome late, nothing is stored.
        """
        uow.follow(each.conversation.id for each in outgoing)
        due = [each for each in outgoing if not _is_late(each)]
        verdicts = iter(
            self._gates.ask(
                uow.connection,
                [Asked(each.conversation.id, each.draft.content.text, _person(actor)) for each in due],
            )
        )
        rows = [_LATE if _is_late(each) else _judged(uow, each, next(verdicts), actor) for each in outgoing]
        kept = [(each, row) for each, row in zip(outgoing, rows, strict=True) if row.outcome != "late"]
        self._store(uow, kept, actor)
        return [Sent(row.outcome, row.message, row.findings) for row in rows]

    def _store(self, uow: UnitOfWork, kept: list[tuple[Outgoing, _Row]], actor: Actor) -> None:
        if not kept:
            return
        keys = self._keys(uow, [outgoing.conversation for outgoing, _ in kept])
        messages = [self._message(uow, outgoing, row, actor, keys) for outgoing, row in kept]
        insert(uow.connection, store.message, messages)
        leaving = [(outgoing, row) for outgoing, row in kept if row.outcome == "approved"]
        if leaving:
            insert(uow.connection, store.outbox, [_letter(uow, *each) for each in leaving])
        spoken = [(each, row) for each, row in kept if row.outcome != "hold"]
        # Parting words and drafts still to be pasted answer nothing: the customer goes on waiting.
        answers = [row.outcome == "approved" and each.draft.then is None for each, row in spoken]
        for each, _ in spoken:
            self._tails.asks(each.conversation.customer, each.draft.content.text, uow.now())
        for answered in (True, False):
            rows = [
                _moved(uow, *pair, answered=answered)
                for pair, answer in zip(spoken, answers, strict=True)
                if answer is answered
            ]
            (_ANSWERED if answered else _SPOKEN).run_many(uow.connection, rows)

    def _keys(self, uow: UnitOfWork, conversations: list[Conversation]) -> dict[str, str]:
        """Return the data key of each customer, asked for once for each tenant."""
        keys: dict[str, str] = {}
        for tenant in {each.tenant for each in conversations}:
            keys |= self._ring.for_writing(
                uow, tenant, {each.customer for each in conversations if each.tenant == tenant}
            )
        return keys

    def _message(
        self, uow: UnitOfWork, outgoing: Outgoing, row: _Row, actor: Actor, keys: dict[str, str]
    ) -> dict[str, object]:
        conversation, draft = outgoing.conversation, outgoing.draft
        key_id = keys[conversation.customer]
        written = draft.written or write(draft.content, draft.citations)
        sealed = self._bodies.seal(uow.connection, key_id, conversation.tenant, row.message, written)
        now = uow.now_ms()
        return {
            "id": row.message,
            "conversation": conversation.id,
            "version": row.version,
            "tenant": conversation.tenant,
            "shop": conversation.shop,
            "source_key": None,
            "sender": draft.sender,
            "author": actor.label,
            "kind": draft.content.kind,
            "body": sealed.body,
            "original": sealed.original,
            "content_hash": sealed.content_hash,
            "reply_mac": fingerprint(uow, self._ring, conversation.tenant, draft.content.text),
            "platform_at": now,
            "received_at": now,
            "delivery": "held" if row.outcome == "hold" else "approved",
            "note": "；".join(each.reason for each in row.findings),
            "flags": "",
        }


_SPOKEN = update_by(store.conversation.c.id, "last_message", "last_at", "greeted")
_ANSWERED = update_by(store.conversation.c.id, "last_message", "last_at", "greeted", "waiting_since", "unread")


_LATE = _Row("", 0, "late", ())


def _person(actor: Actor) -> str:
    return actor.id if actor.kind is ActorKind.PERSON else ""


def _is_late(outgoing: Outgoing) -> bool:
    return outgoing.draft.sender is Sender.BOT and outgoing.conversation.state != "bot"


def _judged(uow: UnitOfWork, outgoing: Outgoing, verdict: GateVerdict, actor: Actor) -> _Row:
    conversation, draft = outgoing.conversation, outgoing.draft
    message = new_id()
    event: Event
    # A warning asks its writer to think again; the bot cannot, so what warns a person holds the bot.
    if verdict.outcome == "hold" or (verdict.outcome == "warn" and draft.sender is Sender.BOT):
        outcome = "hold"
        event = ReplyHeld(message, draft.sender, tuple(each.rule for each in verdict.findings))
    else:
        outcome = "approved" if outgoing.live or conversation.origin in UNSENT else "copy"
        event = ReplyApproved(message, draft.sender, actor.label, conversation.origin)
    version = uow.record(
        event, subject=conversation.id, tenant=conversation.tenant, shop=conversation.shop, actor=actor
    )
    return _Row(message, version, outcome, verdict.findings)


def _moved(uow: UnitOfWork, outgoing: Outgoing, row: _Row, *, answered: bool) -> dict[str, object]:
    """Return what a reply changes in its conversation."""
    moved = {
        "key": outgoing.conversation.id,
        "last_message": row.message,
        "last_at": uow.now_ms(),
        "greeted": True,
    }
    return {**moved, "waiting_since": None, "unread": 0} if answered else moved


def _letter(uow: UnitOfWork, outgoing: Outgoing, row: _Row) -> dict[str, object]:
    then = outgoing.draft.then
    return {
        "message": row.message,
        "conversation": outgoing.conversation.id,
        "shop": outgoing.conversation.shop,
        "state": "queued",
        "attempts": 0,
        "due_at": uow.now_ms(),
        "then_reason": then.reason if then else "",
        "then_skill": then.skill if then else "",
    }


def _check_length(text: str, *, least: int = 1) -> None:
    if len(text.strip()) < least or len(text) > MOST_CHARACTERS:
        message = f"a reply has 1 to {MOST_CHARACTERS} characters, this one has {len(text.strip())}"
        raise InvalidError(message, remedy="Shorten it or split it in two.", code="reply_length")
