"""Read a pushed chat delivery. UNVERIFIED: JD's real push to a service provider's address is not public.

The form below is ours, spoken by the simulator and by nobody else, and the adapter refuses it unless the
gateway is on this machine. It is shaped like a JOS call: form fields `method`, `app_key`, `timestamp`,
`v`, `360buy_param_json`, `sign`. It is the hottest path of the product: it works on bytes, decodes once.
"""

from binascii import a2b_qp
from datetime import datetime, timedelta
from typing import Annotated, Literal, NoReturn

import msgspec
from msgspec import Meta

from huiyin.channels.jd.signing import verify_bytes
from huiyin.channels.port import Content, ContentKind, Inbound, Origin, Sender
from huiyin.kernel.clock import EPOCH
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId
from huiyin.kernel.wire import UNREADABLE, encode

METHOD = "huiyin.unverified.chat.push"
MAX_BYTES = 256 * 1024
"""The largest delivery taken, in bytes of its body."""

MAX_TEXT = 8000
"""The longest message taken, in characters."""

MAX_SKEW = timedelta(minutes=6)  # the narrower of the two tolerances JD's documents name

_Id = Annotated[str, Meta(max_length=128)]
_NeededId = Annotated[str, Meta(min_length=1, max_length=128)]
_Created = Annotated[int, Meta(ge=0, lt=4_102_444_800_000)]  # up to the year 2100


class PushedMessage(msgspec.Struct, rename="camel", gc=False):
    """One message of a delivery."""

    mid: _NeededId
    customer: _NeededId
    waiter_send: bool
    created: _Created
    mt: Literal["text", "image", "order", "sku", "voice", "recall", "system"]
    sid: _Id = ""
    waiter: _Id = ""
    content: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    url: Annotated[str, Meta(max_length=2048)] = ""
    order_id: _Id = ""
    sku_id: _Id = ""
    recall_of: _Id = ""
    channel: _Id = ""


class Delivery(msgspec.Struct, rename="camel", gc=False):
    """What `360buy_param_json` holds."""

    vender_id: str
    messages: list[PushedMessage]


_delivery = msgspec.json.Decoder(Delivery)
_MS = timedelta(milliseconds=1)
_NUL = rb"\u0000"


class EnvelopeReader:
    """Check and read deliveries of one shop: size, form, app key, signature, time, shape, vender."""

    def __init__(self, app_key: str, app_secret: str, vender_id: str, shop: ShopId, origin: Origin) -> None:
        """Read for `shop`, whose vender id every delivery must name."""
        self._app_key = app_key.encode()
        self._secret = app_secret.encode()
        self._vender_id = vender_id
        self._shop = shop
        self._origin = origin
        self._method = METHOD.encode()

    def read(self, raw: bytes, now: datetime) -> list[Inbound]:
        """Return the messages of one delivery.

        Raises:
            InvalidError: naming the check that failed and its remedy, never what was written.

        """
        if len(raw) > MAX_BYTES:
            _refuse(f"a delivery is at most {MAX_BYTES} bytes", "split it into several deliveries")
        form = parse_form(raw)
        if form.get(b"app_key") != self._app_key:
            _refuse("the app key is not this shop's", "push to the address of the right shop")
        if form.get(b"method") != self._method or form.get(b"v") != b"2.0":
            _refuse(f"only method {METHOD} in version 2.0 is read here", "check method and v")
        if not verify_bytes(self._secret, form):
            _refuse("the signature is wrong", "sign what you send, with this app's secret")
        self._check_time(form.get(b"timestamp", b""), now)
        try:
            written = form.get(b"360buy_param_json", b"")
            delivery = _delivery.decode(_without_nul(written) if _NUL in written else written)
        except UNREADABLE as error:
            # msgspec names the place and the limit, never a message's text.
            _refuse(f"the JSON cannot be read: {error}", "check the field it names")
        if delivery.vender_id != self._vender_id:
            _refuse("the vender id is not this shop's", "push to the address of the right shop")
        return [self._inbound(message) for message in delivery.messages]

    def _check_time(self, written: bytes, now: datetime) -> None:
        try:
            moment = datetime.fromisoformat(written.decode("ascii"))
            skew = moment - now
        except (ValueError, TypeError, OverflowError):
            _refuse("the timestamp cannot be read", "write it as 2026-01-02 03:04:05.000+0800")
        if not -MAX_SKEW <= skew <= MAX_SKEW:
            _refuse("the timestamp is more than 6 minutes off", "set the clocks of both machines")

    def _inbound(self, message: PushedMessage) -> Inbound:
        read = _READERS[message.mt]
        return Inbound(
            shop=self._shop,
            source_id=message.mid,
            customer_ref=message.customer,
            sender=Sender.SYSTEM
            if message.mt == "system"
            else Sender.AGENT
            if message.waiter_send
            else Sender.CUSTOMER,
            content=read(message),
            platform_at=EPOCH + message.created * _MS,
            session_ref=message.sid,
            waiter_ref=message.waiter,
            order_ref=message.order_id,
            sku_ref=message.sku_id,
            origin=self._origin,
        )


def parse_form(raw: bytes) -> dict[bytes, bytes]:
    """Split a form body into decoded names and values; a name given twice is refused.

    Percent-decoding is one pass in C: quoted-printable is the same transform with `=` for `%`. A malformed
    escape decodes to something else than its writer signed, so the signature catches it.
    """
    form: dict[bytes, bytes] = {}
    for pair in raw.replace(b"+", b" ").split(b"&"):
        name, _, value = pair.partition(b"=")
        if b"%" in value:
            value = a2b_qp(value.replace(b"=", b"=3D").replace(b"%", b"="))
        if b"%" in name:
            name = a2b_qp(name.replace(b"%", b"="))
        if name in form:
            _refuse("a form field is given twice", "send every field once")
        form[name] = value
    return form


def _text(message: PushedMessage) -> Content:
    return Content(ContentKind.TEXT, message.content)


def _image(message: PushedMessage) -> Content:
    return Content(ContentKind.IMAGE, message.content, {"url": message.url})


def _voice(message: PushedMessage) -> Content:
    return Content(ContentKind.VOICE, message.content, {"url": message.url, "seconds": ""})


def _order(message: PushedMessage) -> Content:
    text = message.content or f"[订单 {message.order_id}]"
    return Content(ContentKind.ORDER_CARD, text, {"order_id": message.order_id})


def _sku(message: PushedMessage) -> Content:
    text = message.content or f"[商品 {message.sku_id}]"
    return Content(ContentKind.SKU_CARD, text, {"sku_id": message.sku_id})


def _recall(message: PushedMessage) -> Content:
    if not message.recall_of:
        _refuse("a recall must name the message it takes back", "fill recallOf")
    return Content(ContentKind.RECALL, "", {"source_id": message.recall_of})


def _system(message: PushedMessage) -> Content:
    return Content(ContentKind.SYSTEM, message.content)


def _without_nul(written: bytes) -> bytes:
    """Drop escaped U+0000: some databases cannot hold it and no screen can show it."""
    return encode(_strip(msgspec.json.decode(written)))


def _strip(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_strip(item) for item in value]
    if isinstance(value, dict):
        return {name: _strip(item) for name, item in value.items()}
    return value


_READERS = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "order": _order,
    "sku": _sku,
    "recall": _recall,
    "system": _system,
}


def _refuse(what: str, remedy: str) -> NoReturn:
    message = f"delivery refused: {what}"
    raise InvalidError(message, remedy=remedy)
