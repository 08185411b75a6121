"""Read JD's sessions, chat logs and evaluations, the polled side of a conversation.

The plain chat log carries no message id, so one is derived from what a record is: session, second,
direction, text, and its place among equals. With a 咚咚 app id the newer call gives JD's own `mid`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from huiyin.channels.gateways import Source
from huiyin.channels.jd.answers import decode, inside, moment, strange
from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.port import Content, ContentKind, Inbound, Origin, Sender
from huiyin.channels.service_records import Evaluation
from huiyin.kernel.clock import EPOCH, to_ms
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.ids import ShopId

REOPENS = timedelta(minutes=10)
"""A customer who comes back this soon after the end goes on in the same session."""


class ChatSession(msgspec.Struct, rename="camel"):
    """One session of a customer with a waiter."""

    sid: str | int
    customer: str
    waiter: str | None = ""
    end_time: str | int | None = None
    sku_id: str | int | None = None

    def over_before(self, since: datetime, method: str) -> bool:
        """Tell whether nothing can have been said in it since `since`; without an end it may go on."""
        ended = moment(self.end_time, method)
        return ended is not None and ended + REOPENS < since


class ChatRecord(msgspec.Struct, rename="camel"):
    """One line of a chat log; `mid`, `created`, `mt` come only from the newer call."""

    customer: str
    sid: str | int = ""
    waiter: str | None = ""
    content: str | None = ""
    sku_id: str | int | None = None
    time: str | int | None = None
    waiter_send: bool | int | str = False
    mid: str | int | None = None
    created: str | int | None = None


class _Judged(msgspec.Struct, rename={"eva_time": "evaTime"}):
    customer: str
    waiter: str | None = ""
    desc: str | None = ""
    score: str | int = ""
    eva_time: str | int | None = None


class _Outcome(msgspec.Struct, rename="camel"):
    code: str | int | None = None
    is_success: bool | str | int | None = None


class _Page(msgspec.Struct, rename="camel"):
    is_success: bool | str | int | None = None
    total_record: int | str | None = None
    total_count: int | str | None = None
    chat_session_list: list[ChatSession] | None = None
    chat_log_list: list[ChatRecord] | None = None
    chat_list: list[ChatRecord] | None = None
    result: list[ChatRecord] | None = None
    evaluation_list: list[_Judged] | None = None

    def total(self, method: str) -> int:
        """Return how many rows there are over all pages."""
        total = self.total_record if self.total_record is not None else self.total_count
        try:
            return int(total) if total is not None else 0
        except ValueError as error:
            raise strange(method) from error


_page = msgspec.json.Decoder(_Page)
_outcome = msgspec.json.Decoder(_Outcome)
_SUCCESS = frozenset({None, True, "1", "true"})


def _opened(body: bytes, key: str, method: str) -> _Page:
    """Open a page. A failure may come as an empty page inside an answer that says otherwise only in a code or a flag.

    Raises:
        PermanentError: JD's answer is not a success, or of no shape we know.

    """
    outcome, page = decode(_outcome, body, method), decode(_page, inside(body, key, method), method)
    if str(outcome.code or "0") != "0" or outcome.is_success not in _SUCCESS or page.is_success not in _SUCCESS:
        message = f"{method}: JD's answer is not a success (code {outcome.code or 'none'})"
        raise PermanentError(message, remedy="ask again later; if it stays, check the shop's permissions")
    return page


def read_sessions(body: bytes, method: str) -> tuple[list[ChatSession], int]:
    """Read one page of sessions and the number of sessions in all.

    The name of JD's list is not verified; ours is `chatSessionList` beside `totalRecord`.
    """
    page = _opened(body, "totalRecord", method)
    return page.chat_session_list or [], page.total(method)


def read_chat(body: bytes, method: str) -> tuple[list[ChatRecord], int]:
    """Read one page of a plain chat log and the number of records in all."""
    page = _opened(body, "totalRecord", method)
    return page.chat_log_list or page.chat_list or [], page.total(method)


def read_session_chat(body: bytes, method: str) -> tuple[list[ChatRecord], int]:
    """Read one page of a session's messages with JD's own message ids."""
    page = _opened(body, "totalCount", method)
    return page.result or [], page.total(method)


def read_evaluations(body: bytes, method: str, as_of: datetime) -> tuple[list[Evaluation], int]:
    """Read one page of evaluations and their number in all."""
    page = _opened(body, "totalRecord", method)
    judged = [
        Evaluation(
            customer_ref=row.customer,
            waiter_ref=row.waiter or "",
            label=row.desc or "",
            score=str(row.score),
            at=moment(row.eva_time, method) or EPOCH,
            as_of=as_of,
            source=Source(GatewayName.JOS, method),
        )
        for row in page.evaluation_list or ()
    ]
    return judged, page.total(method)


def inbound_of(records: Iterable[ChatRecord], shop: ShopId, origin: Origin, method: str) -> list[Inbound]:
    """Turn chat records into the port's records, oldest first; records without a time are refused.

    Records must be whole sessions or whole days: the derived id counts equals within what it is given.
    """
    seen: dict[tuple[str, int, bool, str], int] = {}
    read = []
    for record in records:
        at = moment(record.created or record.time, method)
        if at is None:
            raise strange(method)
        by_waiter = record.waiter_send in (True, 1, "1", "true")
        likeness = (f"{record.sid}|{record.customer}", to_ms(at), by_waiter, record.content or "")
        place = seen[likeness] = seen.get(likeness, -1) + 1
        read.append(
            Inbound(
                shop=shop,
                source_id=str(record.mid) if record.mid else _derived_id(likeness, place),
                customer_ref=record.customer,
                sender=Sender.AGENT if by_waiter else Sender.CUSTOMER,
                content=Content(ContentKind.TEXT, record.content or ""),
                platform_at=at,
                session_ref=str(record.sid),
                waiter_ref=record.waiter or "",
                sku_ref=str(record.sku_id or ""),
                origin=origin,
            )
        )
    read.sort(key=lambda record: record.platform_at)
    return read


def _derived_id(likeness: tuple[str, int, bool, str], place: int) -> str:
    text = "\x1f".join(map(str, (*likeness, place)))
    return f"log-{sha256(text.encode()).hexdigest()[:32]}"
