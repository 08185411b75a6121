"""A minimal fake JD gateway inside the harness: it takes replies, knows no orders, and counts what it was handed."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, cast
from urllib.parse import unquote_plus

from huiyin.bench.past import Past
from huiyin.kernel.clock import SystemClock, to_ms
from huiyin.kernel.wire import decode, encode

SEND = "jingdong.MessagePushService.pushChatTextMessage"
CLOCK = SystemClock()

_length = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_method = re.compile(rb"(?:^|&)method=([^&]*)")
_param = re.compile(rb"(?:^|&)360buy_param_json=([^&]*)")

EMPTY: dict[str, dict[str, object]] = {
    "jingdong.pop.order.get": {"orderDetailInfo": {"apiResult": {"success": True}}},
    "jingdong.pop.order.search": {
        "searchorderinfo_result": {"apiResult": {"success": True}, "orderTotal": 0, "orderInfoList": []}
    },
    "jingdong.ldop.receive.trace.get": {"querytrace_result": {"messsage": "", "data": []}},
    "jingdong.pop.afs.priceprotect.page": {"totalItems": 0, "totalPages": 1, "result": []},
}


class Gateway:
    """What stands behind the fake gateway's port."""

    def __init__(self, *, delay: tuple[float, float] = (0.0, 0.0), seed: int = 0, past: Past | None = None) -> None:
        """Answer each send after a delay between two bounds, in seconds; tell of a `past` where there is one."""
        self._past = past
        self._random = Random(seed)
        self._delay = delay
        self._server: asyncio.Server | None = None
        self.sends: Counter[str] = Counter()
        """How often each dedupe key was handed over."""

    @property
    def delivered(self) -> int:
        """Return how many different replies arrived."""
        return len(self.sends)

    @property
    def resent(self) -> int:
        """Return how many times a reply arrived again."""
        return sum(self.sends.values()) - len(self.sends)

    async def open(self) -> str:
        """Listen on a free port and return the address."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Call(self), "127.0.0.1", 0, backlog=512)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def take(self, body: bytes, answer: Callable[[bytes], None]) -> None:
        """Take one call and answer it, a send perhaps a little later."""
        found = _method.search(body)
        method = unquote_plus(found[1].decode()) if found else ""
        wrapper = method.replace(".", "_") + "_responce"
        if method != SEND:
            told = None if self._past is None else self._past.answer(method, _fields(body))
            answer(encode({wrapper: {"code": "0", **(told or EMPTY.get(method, {}))}}))
            return
        fields = _fields(body)
        key = str(fields.get("accessid", ""))
        self.sends[key] += 1
        said = {"code": "0", "errmsg": "", "msgid": f"g{key}", "accid": "", "sendTimestamp": to_ms(CLOCK.now())}
        reply = encode({wrapper: said})
        wait = self._random.uniform(*self._delay)
        if wait:
            asyncio.get_running_loop().call_later(wait, answer, reply)
        else:
            answer(reply)


def _fields(body: bytes) -> dict[str, Any]:
    param = _param.search(body)
    fields: dict[str, Any] = decode(unquote_plus(param[1].decode())) if param else {}
    return fields


class _Call(asyncio.Protocol):
    """One connection of Huiyin's to the gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # other loops' are none by descent

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, gap, rest = self._buffer.partition(b"\r\n\r\n")
            found = _length.search(head)
            length = int(found[1]) if found else 0
            if not gap or len(rest) < length:
                return
            self._buffer = rest[length:]
            self._gateway.take(rest[:length], self._answer)

    def _answer(self, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
            )
