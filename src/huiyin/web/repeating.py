"""Answer a call that comes twice under one `Idempotency-Key` as it was answered the first time.

The key is looked at once the door let the caller in, before anything is done; the answer is kept before it is sent. A
call without the header costs nothing.
"""

from typing import Any

from litestar import Request, Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from huiyin.idempotency import keeping
from huiyin.kernel.errors import InvalidError
from huiyin.web.guarding import REPEATS, Repeat
from huiyin.web.identity import ACTOR, house_of

HEADER = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
_HEADER = HEADER.encode()
BEGUN = "idempotency"
"""Under which name a call that began leaves where its answer belongs."""
OKAY = range(200, 300)
FELL_OVER = 500
"""From here on, an answer says nothing of whether the deed was done."""


async def begin_once(request: Request[Any, Any, Any]) -> Response[bytes] | None:
    """Look at the key of a call; return the answer of the first time, or None to go on.

    Raises:
        InvalidError: this operation keeps no answers, or the key is none.
        RefusedError, ConflictError: as `keeping.begin`.

    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return None
    if REPEATS not in request.route_handler.opt:
        message = "this operation keeps no answers"
        raise InvalidError(message, remedy="Leave Idempotency-Key out: docs/api.md.", code="idempotency_none")
    keeping.check_key(key)
    house = house_of(request)
    asked = keeping.Asked(key, f"{request.url.path}?{request.url.query}", await request.body())
    begun = await house.writer.do(keeping.begin, house.sealer, asked, actor=request.state[ACTOR])
    if begun.kept is None:
        request.state[BEGUN] = begun.row
        return None
    return Response(
        begun.kept.body, status_code=begun.kept.status, media_type="application/json", headers={REPLAYED: "true"}
    )


def keep_answers(app: ASGIApp) -> ASGIApp:
    """Keep the answer of a call that began under a key, before it is sent; forget the key of one that was refused.

    Whoever fell over on our side may have done their deed before: their key stays taken, and is answered as not known.
    """

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "POST" or all(name != _HEADER for name, _ in scope["headers"]):
            await app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] != "http.response.body" or message.get("more_body"):
                return
            await _settle(scope, held)
            for each in held:
                await send(each)
            held.clear()

        await app(scope, receive, hold)

    return kept


async def _settle(scope: Scope, held: list[Message]) -> None:
    row = scope["state"].get(BEGUN)
    start = next((each for each in held if each["type"] == "http.response.start"), None)
    if row is None or start is None:
        return
    house = scope["litestar_app"].state.house
    status = start["status"]
    if status not in OKAY:
        await house.writer.do(keeping.lose if status >= FELL_OVER else keeping.release, row)
        return
    body = b"".join(each["body"] for each in held if each["type"] == "http.response.body")
    once = scope["route_handler"].opt[REPEATS] is Repeat.SHOWN_ONCE
    await house.writer.do(keeping.finish, house.sealer, row, keeping.Kept(status, body), shown_once=once)
