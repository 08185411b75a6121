"""Play the part of 咚咚 for shops that are only read: a page that shows the chats and takes what a waiter types.

Nothing typed here passes through Huiyin: it stands in the chat, the customer hears it, and whoever polls the chat
finds it. That is what makes the read tier what it is.
"""

from datetime import datetime, timedelta
from importlib.resources import files

import msgspec
from litestar import Response, Router, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from huiyin.simulator.chatting import words_of
from huiyin.simulator.control import only_opened_here, only_this_machine
from huiyin.simulator.gateway import Heard
from huiyin.simulator.world import Said, Session, Shop, World

LONGEST = 2000
LISTED = timedelta(hours=6)
"""Chats that were silent for longer are not listed."""

MOST_LISTED = 80
MOST_SHOWN = 60
PAGE_FILES = (
    ("/", "page.html", "text/html"),
    ("/page.js", "page.js", "text/javascript"),
    ("/page.css", "page.css", "text/css"),
)
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Typed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a waiter typed and sent in 咚咚."""

    shop: str
    customer: str
    text: str


class Spoken(msgspec.Struct, frozen=True):
    """One thing said in a chat."""

    mid: str
    by_waiter: bool
    text: str
    at: datetime


class Chat(msgspec.Struct, frozen=True):
    """One customer's chat of the day; `waits` is true while the customer had the last word."""

    shop: str
    shop_name: str
    customer: str
    waits: bool
    last_at: datetime
    said: list[Spoken]


def dongdong_router(world: World, heard: Heard) -> Router:
    """Return the page with what it needs, closed to everyone but this machine."""

    @get("/chats", sync_to_thread=False, guards=[only_this_machine])
    def chats() -> list[Chat]:
        return chats_of(world)

    @post("/type", status_code=200, guards=[only_this_machine])
    async def type_in(data: JSONBody[Typed]) -> Spoken:
        shop = world.shops.get(data.shop)
        if shop is None or shop.seed.pushes or data.customer not in shop.customers:
            raise NotFoundException(detail="no such chat here; 咚咚 shows the shops that are only read")
        if not data.text.strip() or len(data.text) > LONGEST:
            raise ClientException(detail=f"type 1 to {LONGEST} characters")
        said = type_message(world, shop, data.customer, data.text.strip())
        heard(shop, said)
        return _spoken(said)

    pages = [_page(path, name, media_type) for path, name, media_type in PAGE_FILES]
    return Router("/dongdong", route_handlers=[*pages, chats, type_in])


def chats_of(world: World) -> list[Chat]:
    """Return the chats of shops that are only read: who waits first, then the latest."""
    since = world.clock.now() - LISTED
    talks: dict[tuple[str, str], list[Session]] = {}
    for shop in world.shops.values():
        for session in shop.sessions:
            if not shop.seed.pushes and session.last >= since:
                talks.setdefault((shop.seed.shop, session.customer), []).append(session)
    found = [_chat(world.shops[shop], customer, sessions) for (shop, customer), sessions in talks.items()]
    found.sort(key=lambda chat: (chat.waits, chat.last_at), reverse=True)
    return found[:MOST_LISTED]


def type_message(world: World, shop: Shop, customer: str, text: str) -> Said:
    """Write down what the shop's waiter typed; it is not pushed anywhere."""
    said = Said(
        f"m{world.new_number(15)}", "", customer, "", by_waiter=True, content=text, at=world.clock.now()
    )  # fmt: skip
    return world.record(shop, said)


def _chat(shop: Shop, customer: str, sessions: list[Session]) -> Chat:
    said = [each for session in sessions for each in session.said]
    return Chat(
        shop=shop.seed.shop, shop_name=shop.seed.name, customer=customer, waits=not said[-1].by_waiter,
        last_at=said[-1].at, said=[_spoken(each) for each in said[-MOST_SHOWN:]],
    )  # fmt: skip


def _spoken(said: Said) -> Spoken:
    return Spoken(said.mid, said.by_waiter, words_of(said), said.at)


def _page(path: str, name: str, media_type: str) -> HTTPRouteHandler:
    content = files("huiyin.simulator").joinpath("window", name).read_bytes()

    @get(path, sync_to_thread=False, guards=[only_opened_here], name=f"dongdong {name}")
    def page() -> Response[bytes]:
        return Response(content, media_type=f"{media_type}; charset=utf-8", headers=HEADERS)

    return page
