"""The simulated JD's front door: routerjson and the two token doors, over HTTP."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qsl

import structlog
from litestar import MediaType, Request, Response, Router, post
from litestar.datastructures import State

from huiyin.kernel.clock import to_ms
from huiyin.kernel.wire import encode
from huiyin.simulator import chatting, reckoning, recording, trading
from huiyin.simulator.asked import Fields
from huiyin.simulator.refusing import CallRefusedError, check_call
from huiyin.simulator.world import Said, Shop, World

log = structlog.get_logger()

Answer = Callable[[World, Shop, Fields], dict[str, object]]
Heard = Callable[[Shop, Said], None]

SEND = "jingdong.MessagePushService.pushChatTextMessage"
ANSWERS: dict[str, Answer] = {
    "jingdong.pop.order.get": trading.get_order,
    "jingdong.pop.order.search": trading.search_orders,
    "jingdong.ldop.receive.trace.get": trading.get_trace,
    "jingdong.pop.afs.priceprotect.page": trading.page_protections,
    "jingdong.im.pop.sessionlist.get": chatting.list_sessions,
    "jingdong.im.pop.chatlog.get": chatting.read_log,
    "jingdong.im.out.merchant.chatmessage.openapi.get": chatting.read_session,
    "jingdong.im.pop.evaluationlist.get": chatting.list_verdicts,
    "jingdong.im.pop.groupinfo.get": reckoning.group,
    "jingdong.im.pop.replystat.get": reckoning.served,
    "jingdong.im.pop.unreplystat.get": reckoning.unanswered,
    "jingdong.im.pop.askRate.get": reckoning.ask_rate,
    "jingdong.im.pop.consult.avgwaittime.get": reckoning.average_wait,
    "jingdong.im.pop.waiterpresence.openapi.get": reckoning.presence,
    "jingdong.asc.sync.list": reckoning.changed_cases,
    "jingdong.asc.query.list": reckoning.find_cases,
    "jingdong.pop.PopCommentJsfService.getVenderCommentsForJos": reckoning.comments,
    "jingdong.isv.uploadLoginLog": recording.login,
    "jingdong.isv.uploadOrderInfoLog": recording.order,
    "jingdong.isv.uploadThirdAppTransmitOrderInfoLog": recording.send_order,
    "jingdong.isv.uploadDBOperationLog": recording.sql,
    "jingdong.isv.uploadBatchLog": recording.batch,
}
METHODS = frozenset({*ANSWERS, SEND})


class FrontDoor:
    """What stands behind the HTTP routes: one world, and whoever wants to hear replies."""

    def __init__(self, world: World, heard: Heard) -> None:
        """Answer from `world`; hand every new reply to `heard`."""
        self._world = world
        self._heard = heard

    async def routerjson(self, body: bytes) -> tuple[int, bytes]:
        """Answer one call: the HTTP status and the body."""
        form = form_of(body)
        try:
            shop, fields = check_call(self._world, form, METHODS)
            method = form["method"]
            if method == SEND:
                return await self._send(shop, fields)
            answer = ANSWERS[method](self._world, shop, fields)
        except CallRefusedError as refusal:
            log.info("simulator.refused", code=refusal.body["code"], method=form.get("method", ""))
            return 200, encode({"error_response": refusal.body})
        return 200, encode({wrapped(method): answer})

    def refresh(self, body: bytes) -> tuple[int, bytes]:
        """Answer a token refresh in either form: app_key/app_secret, or client_id/client_secret."""
        form = form_of(body)
        settings = self._world.settings
        app = (
            form.get("app_key") or form.get("client_id"),
            form.get("app_secret") or form.get("client_secret"),
        )
        token = form.get("refresh_token", "")
        shop = next((shop for shop in self._world.shops.values() if token and shop.refresh_token == token), None)
        right = app == (settings.app_key, settings.app_secret)
        if form.get("grant_type") != "refresh_token" or not right or shop is None:
            return 200, encode({"code": "SIM-OAUTH", "msg": "refresh_token无效"})
        shop.access_token = f"{self._world.random.getrandbits(128):032x}"
        shop.refresh_token = f"{self._world.random.getrandbits(128):032x}"
        return 200, encode(
            {
                "access_token": shop.access_token,
                "expires_in": settings.token_seconds,
                "refresh_token": shop.refresh_token,
                "time": str(to_ms(self._world.clock.now())),
            }
        )

    async def _send(self, shop: Shop, fields: Fields) -> tuple[int, bytes]:
        answer, said = chatting.take_message(self._world, shop, fields)
        if said is not None:
            self._heard(shop, said)
        faults = self._world.settings.faults
        if faults.strike("lost_answers"):
            await asyncio.sleep(faults.hang_seconds)
            return 504, b""
        return 200, encode({wrapped(SEND): answer})

    def router(self) -> Router:
        """Return the HTTP routes."""

        @post("/routerjson", status_code=200)
        async def routerjson(request: Request[None, None, State]) -> Response[bytes]:
            return reply(*await self.routerjson(await request.body()))

        @post(["/oauth2/refresh_token", "/oauth/token"], status_code=200)
        async def refresh(request: Request[None, None, State]) -> Response[bytes]:
            return reply(*self.refresh(await request.body()))

        return Router("/", route_handlers=[routerjson, refresh])


def reply(status: int, body: bytes) -> Response[bytes]:
    """Wrap a body as JSON."""
    return Response(body, status_code=status, media_type=MediaType.JSON)


def wrapped(method: str) -> str:
    """Return the wrapper's name, with JD's spelling."""
    return f"{method.replace('.', '_')}_responce"


def form_of(body: bytes) -> dict[str, str]:
    """Read a form body; what is not UTF-8 becomes what no signature matches."""
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
