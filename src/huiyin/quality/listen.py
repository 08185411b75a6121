"""Inspect every message of every conversation: one verdict each, in the order they were stored."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import ContentKind, Sender
from huiyin.conversations import messages as talk
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.events import MessageReceived, ReplyApproved, ReplyHeld
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.prepared import insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.ids import TenantId, new_id
from huiyin.quality import store
from huiyin.quality.events import FindingRaised
from huiyin.quality.inspecting import Finding, Inspection, Inspector
from huiyin.quality.rules import ENGINE_VERSION

INSPECTOR = Actor(ActorKind.SYSTEM, "quality", "quality", TenantId(""))
STORED = (MessageReceived, ReplyApproved, ReplyHeld)


def inspection_listener(bodies: Bodies, inspector: Inspector) -> Listener:
    """Return the listener that gives every stored message its verdict: one read, two writes a batch."""
    pack_hash = hashlib.sha256("".join(pack.hash for pack in inspector.packs).encode()).hexdigest()

    inspected: dict[str, _Inspected] = {}
    """What was inspected ahead of the transaction. A stored message never changes its words."""

    def inspect(connection: sa.Connection, wanted: Sequence[str]) -> dict[str, _Inspected]:
        return {
            key: _Inspected(each, inspector.inspect(each.text, Sender(each.sender), ContentKind(each.kind)))
            for key, each in talk.stored(connection, bodies, wanted).items()
        }

    def ahead(connection: sa.Connection, events: Sequence[Recorded]) -> None:
        inspected.clear()
        inspected.update(inspect(connection, _messages(events)))

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        wanted = _messages(events)
        known = {key: inspected.pop(key) for key in wanted if key in inspected}
        missing = [key for key in wanted if key not in known]
        if missing:
            known.update(inspect(uow.connection, missing))
        uow.follow(each.message.conversation for each in known.values())
        verdicts, findings = [], []
        for message, inspection in (known[key] for key in wanted if key in known):
            row = _verdict(message, inspection, pack_hash, uow.now_ms())
            verdicts.append(row)
            for place, each in enumerate(inspection.findings):
                findings.append(_finding(str(row["id"]), place, message, each))
                uow.record(
                    FindingRaised(message.id, each.rule, each.severity, each.start, each.end),
                    subject=message.conversation, tenant=message.tenant, shop=message.shop, actor=INSPECTOR,
                )  # fmt: skip
        insert(uow.connection, store.verdict, verdicts)
        insert(uow.connection, store.finding, findings)

    return Listener("quality.inspection", STORED, handle, ahead)


class _Inspected(NamedTuple):
    message: talk.Stored
    inspection: Inspection


def _messages(events: Sequence[Recorded]) -> list[str]:
    return [each.event.message for each in events if isinstance(each.event, STORED)]


def evidence_hash(content_hash: str, pack_hash: str, outcome: str, findings: Sequence[tuple[str, int, int]]) -> str:
    """Return the fingerprint of a judgement: over ciphertext hash, rules and findings, never over plain words."""
    parts = [
        content_hash,
        ENGINE_VERSION,
        pack_hash,
        outcome,
        *(f"{rule}:{start}:{end}" for rule, start, end in findings),
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _verdict(message: talk.Stored, inspection: Inspection, pack_hash: str, at: int) -> dict[str, object]:
    spans = [(each.rule, each.start, each.end) for each in inspection.findings]
    return {
        "id": new_id(), "message": message.id, "conversation": message.conversation, "tenant": message.tenant,
        "shop": message.shop, "at": at, "outcome": inspection.outcome, "engine": ENGINE_VERSION,
        "pack_hash": pack_hash, "clauses": "[]", "content_hash": message.content_hash,
        "evidence_hash": evidence_hash(message.content_hash, pack_hash, inspection.outcome, spans),
    }  # fmt: skip


def _finding(verdict: str, place: int, message: talk.Stored, finding: Finding) -> dict[str, object]:
    return {
        "verdict": verdict, "place": place, "message": message.id, "conversation": message.conversation,
        "rule": finding.rule, "rule_version": finding.version, "title": finding.title,
        "severity": finding.severity, "start": finding.start, "end": finding.end, "reason": finding.reason,
        "confidence": finding.confidence,
    }  # fmt: skip
