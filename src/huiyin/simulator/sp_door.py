"""The simulated JD's second front door: SP-API, checked the way its documents tell, over the same world as JOS."""

import structlog
from litestar import MediaType, Request, Response, Router, get
from litestar.datastructures import State
from litestar.params import FromPath

from huiyin.channels.jd.sp_signing import sign_request
from huiyin.kernel.clock import from_ms
from huiyin.kernel.wire import encode
from huiyin.simulator import sp_chatting, sp_trading
from huiyin.simulator.refusing import TOLERANCE, CallRefusedError, admit, refuse
from huiyin.simulator.sp_asked import LAST_MS, Fields, Operation
from huiyin.simulator.world import Shop, World

log = structlog.get_logger()

MOST_ROWS = 50
PAGE = frozenset({"page", "pageSize"})
SPAN = frozenset({"startTime", "endTime"})
TALK = SPAN | {"waiterList", "customerList", "entryList", "sessionType", "sortBy", "sortOrder"}
AFS = {"orderId", "afsOrderId", "mainStatus", "subStatus", "customerExpect", "refundStatus", "timeoutFlag", "skuId"}
NOT_FROM_HERE = "99904030005"

OPERATIONS = (
    Operation("/sp-support/v0/dongdong-sessions", TALK | PAGE, sp_chatting.sessions),
    Operation("/sp-support/v0/dongdong-chat-details", TALK | PAGE, sp_chatting.chat_details),
    Operation("/sp-support/v0/dongdong-sessions/{sid}/chat-logs", frozenset(), sp_chatting.chat_logs, paged=False),
    Operation(
        "/sp-support/v0/dongdong-waiter-performance", SPAN | {"waiterList"}, sp_chatting.performance, paged=False
    ),
    Operation(
        "/sp-support/v0/dongdong-waiter-evaluations",
        SPAN | PAGE | {"waiterList", "sortOrder"},
        sp_chatting.evaluations,
    ),
    Operation("/sp-support/v0/dongdong-waiters", PAGE, sp_chatting.waiters),
    Operation(
        "/sp-order/v0/orders",
        SPAN | PAGE | {"orderType", "bizType", "sortOrder", "orderStatus", "xidBuyer", "sortBy", "scopeSet"},
        sp_trading.orders,
    ),
    Operation("/sp-order/v0/orders/{orderId}", frozenset({"scopeSet"}), sp_trading.order, paged=False),
    Operation(
        "/sp-order/v0/waybill-traces",
        frozenset({"orderId", "waybillCode", "providerCode"}),
        sp_trading.traces,
        paged=False,
    ),
    Operation(
        "/sp-aftercare/v0/price-protect-orders",
        PAGE | {"priceProtectType", "applyStatus", "orderId", "skuId", "customerXid", "applyStartTime", "applyEndTime"},
        sp_trading.protections,
    ),
    Operation("/sp-aftercare/v0/afs-orders", PAGE | AFS | {"updateStartTime", "updateEndTime"}, sp_trading.cases),
    Operation("/sp-aftercare/v0/afs-orders/{afsOrderId}", frozenset({"scopeSet"}), sp_trading.case, paged=False),
)


class SpDoor:
    """What stands behind the REST routes."""

    def __init__(self, world: World) -> None:
        """Answer from `world`."""
        self._world = world

    def answer(self, path: str, query: Fields, headers: Fields) -> bytes:
        """Answer one GET."""
        body: object
        try:
            operation, in_path = _operation(path)
            shop = self._checked(operation, query, in_path, headers)
            body = self._asked(operation, shop, {**query, **in_path})
        except CallRefusedError as refusal:
            log.info("simulator.refused", code=refusal.body["code"], method=path.rsplit("/", maxsplit=1)[-1])
            body = _failure(refusal.body["code"], refusal.body["zh_desc"])
        if self._world.settings.faults.text_booleans:
            body = _in_words(body)
        return encode({"Response": body} if self._world.settings.faults.wrapped else body)

    def _checked(self, operation: Operation, query: Fields, in_path: Fields, headers: Fields) -> Shop:
        world = self._world
        if headers.get("X-JOS-App-Key") != world.settings.app_key:
            refuse("21")
        if headers.get("X-JOS-Request-Identity") != "vender":
            refuse("SIM-IDENTITY", "缺少商家身份", "Missing X-JOS-Request-Identity")
        _check_time(world, headers.get("X-JOS-Timestamp", ""))
        _check_sign(world, query, in_path, headers)
        unknown = sorted(query.keys() - operation.fields)
        if unknown:
            refuse("SIM-PARAM", f"未知参数 {unknown[0]}", f"Unknown parameter {unknown[0]}")
        shop = admit(world, headers.get("X-JOS-Access-Token", ""))
        if world.settings.faults.outside_cloud:
            refuse(NOT_FROM_HERE, "请在云鼎环境内调用", "Call from inside JD's cloud")
        return shop

    def _asked(self, operation: Operation, shop: Shop, fields: Fields) -> dict[str, object]:
        faults = self._world.settings.faults
        data = operation.answer(self._world, shop, fields)
        if faults.strike("failures_inside"):
            return _failure("SIM-INSIDE", "系统内部失败")
        body: dict[str, object] = {"extension": {"requestId": ""}, "success": True, "errorList": []}
        if not (operation.paged and isinstance(data, list)):
            return {**body, "data": data}
        page, size = _number(fields, "page", 10_000), _number(fields, "pageSize", MOST_ROWS)
        shown = 1 if page > 1 and faults.strike("repeated_pages") else page
        told = {
            "totalItems": len(data), "hasNextPage": page * size < len(data), "totalPages": -(-len(data) // size),
            "pageSize": size, "currentPage": page,
        }  # fmt: skip
        return {**body, "data": data[(shown - 1) * size : shown * size], "paginationData": told}


def sp_router(world: World) -> Router:
    """Return the REST routes; what asks in another way than GET is not simulated."""
    door = SpDoor(world)

    @get("/{path:path}", sync_to_thread=False)
    def rest(request: Request[None, None, State], path: FromPath[str]) -> Response[bytes]:
        names = ("App-Key", "Access-Token", "Timestamp", "Sign", "Request-Identity")
        headers = {f"X-JOS-{name}": request.headers.get(f"x-jos-{name.lower()}", "") for name in names}
        body = door.answer(path, dict(request.query_params.items()), headers)
        return Response(body, media_type=MediaType.JSON)

    return Router("/rest", route_handlers=[rest])


def _operation(path: str) -> tuple[Operation, dict[str, str]]:
    for operation in OPERATIONS:
        in_path = _taken_apart(path, operation.path)
        if in_path is not None:
            return operation, in_path
    return refuse("15")


def _taken_apart(path: str, form: str) -> dict[str, str] | None:
    """Return what stands in the places of a form's `{names}`, None where the path is of another form."""
    steps, names = path.split("/"), form.split("/")
    if len(steps) != len(names):
        return None
    pairs = list(zip(names, steps, strict=True))
    if any(name != step for name, step in pairs if not name.startswith("{")):
        return None
    return {name[1:-1]: step for name, step in pairs if name.startswith("{")}


def _check_time(world: World, written: str) -> None:
    if not written:
        refuse("7")
    if len(written) != 13 or not written.isdecimal() or int(written) > LAST_MS:  # digits of a time in ms
        refuse("8")
    if abs(from_ms(int(written)) - world.clock.now()) > TOLERANCE:
        refuse("8")


def _check_sign(world: World, query: Fields, in_path: Fields, headers: Fields) -> None:
    if not headers.get("X-JOS-Sign"):
        refuse("11")
    signed = {
        name: headers[name] for name in ("X-JOS-App-Key", "X-JOS-Access-Token", "X-JOS-Timestamp") if headers[name]
    }
    try:
        right = sign_request(world.settings.app_secret, signed, query, in_path)
    except ValueError:
        refuse("12")
    if headers["X-JOS-Sign"] != right:
        refuse("12")


def _number(fields: Fields, name: str, most: int) -> int:
    written = fields.get(name, "")
    if not written.isdecimal() or not 1 <= int(written) <= most:
        refuse("SIM-RANGE", f"参数 {name} 应为 1 至 {most}", f"{name}: 1 to {most}")
    return int(written)


def _failure(code: str, words: str) -> dict[str, object]:
    error = {"code": code, "message": words, "details": ""}
    return {"extension": {"requestId": ""}, "success": False, "errorList": [error], "data": None}


def _in_words(body: object) -> object:
    """Write booleans as texts, at every depth of what the door itself writes."""
    if isinstance(body, bool):
        return "true" if body else "false"
    if isinstance(body, dict):
        return {name: value if name == "data" else _in_words(value) for name, value in body.items()}
    return body
