"""The simulated platforms are strict: a call that is changed on its way is refused, never half understood."""

from collections.abc import Callable, Mapping

import pytest

from huiyin.channels.posting import Asking, NetworkPost, Reply
from huiyin.kernel.errors import HuiyinError, PermanentError, TemporaryError
from huiyin.kernel.units import Seconds

from .peer_line import KINDS, PeerLine

pytestmark = pytest.mark.asyncio
ORDER = "400000000002"
PLAIN = ("taobao", "pdd", "douyin", "kuaishou")
Change = Callable[[Asking], Asking]


class Meddling:
    """A way to platforms on which somebody changes every call."""

    def __init__(self, change: Change) -> None:
        self._inner = NetworkPost(Seconds(5.0))
        self._change = change
        self.replies: list[Reply] = []

    async def ask(self, call: Asking) -> Reply:
        self.replies.append(await self._inner.ask(self._change(call)))
        return self.replies[-1]

    async def __call__(self, url: str, form: Mapping[str, str]) -> Reply:
        return await self._inner(url, form)

    async def close(self) -> None:
        await self._inner.close()


def in_form(call: Asking) -> bool:
    return "form" in call.headers.get("content-type", "")


def added(call: Asking, pair: str) -> Asking:
    if in_form(call):
        return call._replace(body=call.body + f"&{pair}".encode())
    return call._replace(url=f"{call.url}&{pair}")


def without(call: Asking, name: str) -> Asking:
    text = call.body.decode() if in_form(call) else call.url.partition("?")[2]
    kept = "&".join(pair for pair in text.split("&") if pair.partition("=")[0] != name)
    return (
        call._replace(body=kept.encode())
        if in_form(call)
        else call._replace(url=f"{call.url.partition('?')[0]}?{kept}")
    )


def with_another_order(call: Asking) -> Asking:
    body = call.body.replace(ORDER.encode(), b"400000000003")
    return call._replace(url=call.url.replace(ORDER, "400000000003"), body=body)


CHANGES: list[tuple[str, Change, type[HuiyinError], int]] = [
    ("an unknown parameter", lambda call: added(call, "extra=1"), PermanentError, 200),
    ("an empty parameter", lambda call: added(call, "extra="), PermanentError, 200),
    ("a parameter twice", lambda call: added(call, "sign=1"), TemporaryError, 400),
    ("no sign", lambda call: without(call, "sign"), PermanentError, 200),
    ("no timestamp", lambda call: without(call, "timestamp"), PermanentError, 200),
    ("another order", with_another_order, PermanentError, 200),
    ("another path", lambda call: call._replace(url=call.url.replace("r", "R")), TemporaryError, 404),
    (
        "another verb",
        lambda call: call._replace(verb="PUT"),
        TemporaryError,
        405,
    ),
    (
        "a body that is too large",
        lambda call: call._replace(body=b"x" * 70_000),
        TemporaryError,
        413,
    ),
]


@pytest.mark.parametrize("platform", PLAIN)
@pytest.mark.parametrize(
    ("change", "error", "status"), [change[1:] for change in CHANGES], ids=[change[0] for change in CHANGES]
)
async def test_a_call_changed_on_its_way_is_refused(
    peers: PeerLine, platform: str, change: Change, error: type[HuiyinError], status: int
) -> None:
    kind, wire = KINDS[platform], Meddling(change)
    channel = kind.channel(kind.settings(peers.base), peers.clock, post=wire)  # type: ignore[call-arg]  # each has it
    peers.opened.append(channel)
    with pytest.raises(error):
        await channel.orders("", ORDER)
    assert [reply.status for reply in wire.replies] == [status]
    assert ORDER.encode() not in wire.replies[0].body
    assert b"400000000003" not in wire.replies[0].body


@pytest.mark.parametrize("platform", PLAIN)
async def test_the_same_call_twice_is_answered_twice(peers: PeerLine, platform: str) -> None:
    kind, wire = KINDS[platform], Meddling(lambda call: call)
    channel = kind.channel(kind.settings(peers.base), peers.clock, post=wire)  # type: ignore[call-arg]  # each has it
    peers.opened.append(channel)
    assert await channel.orders("", ORDER) == await channel.orders("", ORDER) != []
    assert wire.replies[0] == wire.replies[1]
