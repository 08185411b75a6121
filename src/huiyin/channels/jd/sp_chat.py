"""Read SP-API's sessions with their chat, and what it keeps of waiters.

Values of `contentType`, `msgType`, `sessionType` and `degree` are not published: what a message holds is told by its
fields alone, and a verdict keeps JD's own word.
"""

from collections.abc import Iterable

import msgspec

from huiyin.channels.gateways import Source
from huiyin.channels.jd.answers import strange
from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.jd.sp_fields import Count, Id, Moment, count, masked, surely_when, text, when, yes
from huiyin.channels.port import Content, ContentKind, Inbound, Sender
from huiyin.channels.service_records import Evaluation, Waiter, WaiterPerformance
from huiyin.kernel.clock import Clock, from_ms


class SpSession(msgspec.Struct, rename="camel"):
    """One session of a customer with a waiter, as far as we read it."""

    sid: str | int
    customer: str
    waiter: str | None = ""
    xid_customer: str | None = ""
    order_id: Id = None
    sku_id: Id = None
    customer_msg_num: Count = None
    waiter_msg_num: Count = None

    def counted(self, method: str) -> int:
        """Return how many messages JD counted in it, 0 where it does not say."""
        return (count(self.customer_msg_num, method) or 0) + (count(self.waiter_msg_num, method) or 0)


class SpSaid(msgspec.Struct, rename="camel"):
    """One line of a chat."""

    uuid: Id = None
    sid: Id = None
    customer: str | None = ""
    waiter: str | None = ""
    content: str | None = ""
    waiter_send: bool | int | str | None = None
    img_url: str | None = ""
    sku_id: Id = None
    created_time: Moment = None
    revoke_flag: bool | int | str | None = None
    revoke_time: Moment = None


class SpChat(msgspec.Struct, rename="camel"):
    """A session with what was said in it."""

    dongdong_session: SpSession
    dongdong_chat_log_list: list[SpSaid] | None = None


class _Performance(msgspec.Struct, rename="camel"):
    waiter: str
    consult_count: Count = None
    reply_count: Count = None
    un_reply_count: Count = None
    evaluation_count: Count = None
    very_satisfied_count: Count = None
    satisfied_count: Count = None
    middle_satisfied_count: Count = None
    unsatisfied_count: Count = None
    very_un_satisfied_count: Count = None
    avg_wait_time: float | None = None
    online_total_time: float | None = None
    service_total_time: float | None = None


class _Judged(msgspec.Struct, rename="camel"):
    customer: str
    sid: Id = None
    waiter: str | None = ""
    degree: Id = None
    evaluation: Id = None
    evaluation_label: str | None = ""
    evaluation_time: Moment = None


class _Waiter(msgspec.Struct, rename="camel"):
    waiter: str
    level: Id = None
    leader: bool | int | str | None = None
    yn: bool | int | str | None = None


chats = msgspec.json.Decoder(list[SpChat])
sayings = msgspec.json.Decoder(list[SpSaid])
sessions = msgspec.json.Decoder(list[SpSession])
performances = msgspec.json.Decoder(list[_Performance])
judgements = msgspec.json.Decoder(list[_Judged])
waiters = msgspec.json.Decoder(list[_Waiter])


def inbound_of(session: SpSession, said: Iterable[SpSaid], settings: JdSettings, method: str) -> list[Inbound]:
    """Turn a session's lines into the port's records; a line taken back is followed by its recall.

    Raises:
        PermanentError: a line without an id, a time, or a side.

    """
    found = []
    for line in said:
        if not line.uuid:
            raise strange(method)
        record = Inbound(
            shop=settings.shop,
            source_id=str(line.uuid),
            customer_ref=session.customer,
            sender=Sender.AGENT if yes(line.waiter_send, method) else Sender.CUSTOMER,
            content=_content(line),
            platform_at=surely_when(line.created_time, method),
            session_ref=str(session.sid),
            waiter_ref=line.waiter or session.waiter or "",
            order_ref=text(session.order_id),
            sku_ref=text(line.sku_id or session.sku_id),
            origin=settings.origin,
        )
        found.append(record)
        if line.revoke_flag not in (None, "") and yes(line.revoke_flag, method):
            recall = Content(ContentKind.RECALL, "", {"source_id": record.source_id})
            at = when(line.revoke_time, method) or record.platform_at
            found.append(
                msgspec.structs.replace(
                    record, source_id=f"{record.source_id}-revoked", content=recall, platform_at=at
                )
            )  # fmt: skip
    return found


def _content(line: SpSaid) -> Content:
    words = line.content or ""
    return Content(ContentKind.IMAGE, words, {"url": line.img_url}) if line.img_url else Content(text=words)


def performance_of(row: _Performance, span: tuple[int, int], clock: Clock, source: Source) -> WaiterPerformance:
    """Turn JD's figures of a waiter into the port's; `span` is in milliseconds."""
    method = source.method
    ratings = [
        count(value, method)
        for value in (
            row.very_satisfied_count, row.satisfied_count, row.middle_satisfied_count, row.unsatisfied_count,
            row.very_un_satisfied_count,
        )
    ]  # fmt: skip
    best, good, middle, bad, worst = (value or 0 for value in ratings)
    return WaiterPerformance(
        waiter_ref=row.waiter,
        since=from_ms(span[0]),
        until=from_ms(span[1]),
        as_of=clock.now(),
        source=source,
        inquiries=count(row.consult_count, method),
        served=count(row.reply_count, method),
        unanswered=count(row.un_reply_count, method),
        evaluations=count(row.evaluation_count, method),
        ratings=None if all(value is None for value in ratings) else (best, good, middle, bad, worst),
        average_wait_as_told=row.avg_wait_time,
        online_as_told=row.online_total_time,
        serving_as_told=row.service_total_time,
    )


def evaluation_of(row: _Judged, clock: Clock, source: Source) -> Evaluation | None:
    """Turn JD's verdict into the port's; None for one that was asked for and never given."""
    at = when(row.evaluation_time, source.method)
    if at is None:
        return None
    return Evaluation(
        customer_ref=row.customer,
        waiter_ref=row.waiter or "",
        label=masked(row.evaluation_label) or text(row.evaluation),
        score=text(row.degree),
        at=at,
        as_of=clock.now(),
        source=source,
        session_ref=text(row.sid),
    )


def waiter_of(row: _Waiter, clock: Clock, source: Source) -> Waiter:
    """Turn JD's waiter into the port's."""
    return Waiter(
        waiter_ref=row.waiter,
        active=yes(row.yn, source.method),
        leads=row.leader not in (None, "") and yes(row.leader, source.method),
        level_as_told=text(row.level),
        as_of=clock.now(),
        source=source,
    )
