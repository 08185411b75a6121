"""Open the envelope that every answer of SP-API comes in, and refuse all that is not an outright success.

`{"extension", "paginationData", "data", "success", "errorList"}`, seen by others also inside `{"Response": …}`. Codes
of SP-API are not published as a list: what is not known by its code is refused for good and shown to a person.
"""

from collections.abc import Mapping

import msgspec

from huiyin.channels.jd.answers import strange
from huiyin.channels.jd.refusals import (
    NO_PERMISSION,
    TIMED_OUT_INSIDE,
    TOKEN_REFUSED,
    ErrorResponse,
    GatewayRefusedError,
    error_of,
)
from huiyin.kernel.errors import HuiyinError, OutcomeUnknownError, PermanentError
from huiyin.kernel.wire import UNREADABLE

NOT_FROM_HERE = "99904030005"
NO_CODE = "none"


_HERE: Mapping[str, tuple[str, str]] = {
    NOT_FROM_HERE: (
        "SP-API answers this call only inside JD's cloud (云鼎)",
        "run the service in JD's cloud, or let JOS serve this",
    ),
}


class Pagination(msgspec.Struct, rename="camel"):
    """Where a list stands."""

    total_items: int | str | None = None
    has_next_page: bool | str | None = None
    current_page: int | str | None = None


class ErrorItem(msgspec.Struct):
    """One entry of `errorList`. Its words may repeat what was asked, so only the code is told."""

    code: str | int = NO_CODE


class _Envelope(msgspec.Struct, rename="camel"):
    success: bool | str | int | None = None
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    pagination_data: Pagination | None = None
    error_list: list[ErrorItem] | None = None


class Answer(msgspec.Struct, frozen=True):
    """What a call brought: `data` as JSON, b"null" where JD has none."""

    data: bytes
    pagination: Pagination | None


_outer = msgspec.json.Decoder(dict[str, msgspec.Raw])
_envelope = msgspec.json.Decoder(_Envelope)
_refusal = msgspec.json.Decoder(ErrorResponse)
_ENVELOPES_OWN = frozenset({"success", "data", "errorList", "paginationData"})


def open_envelope(body: bytes, method: str) -> Answer | ErrorResponse:
    """Return the answer, or JD's refusal with its code.

    Raises:
        ValueError: it is no envelope at all, so what became of the call is not known.
        PermanentError: an envelope, but not of a shape anybody documented.

    """
    try:
        outer = _outer.decode(body)
        if "error_response" in outer:
            return _refusal.decode(outer["error_response"])
        if "Response" in outer:
            if _ENVELOPES_OWN & outer.keys():
                raise strange(method)
            body = bytes(outer["Response"])
        elif not _ENVELOPES_OWN & outer.keys():
            message = "an answer without an envelope"
            raise ValueError(message)
        envelope = _envelope.decode(body)
    except UNREADABLE as error:
        message = "an answer that is not JSON or of another shape"
        raise ValueError(message) from error
    if envelope.error_list or not (envelope.success is True or envelope.success == "true"):
        first = envelope.error_list[0] if envelope.error_list else ErrorItem()
        return ErrorResponse(code=first.code)
    if envelope.data is msgspec.UNSET:
        raise strange(method)
    return Answer(bytes(envelope.data), envelope.pagination_data)


def refused(refusal: ErrorResponse, method: str, *, sends: bool) -> HuiyinError:
    """Return the error for a refusal of SP-API."""
    code = str(refusal.code)
    if code in _HERE:
        what, remedy = _HERE[code]
        return GatewayRefusedError(f"{method}: {what} (code {code})", remedy=remedy, platform_code=code)
    if code == NO_CODE and sends:
        message = f"{method}: JD named neither success nor a reason"
        return OutcomeUnknownError(message, remedy="look at what became of it before asking again")
    if code in {"2", TIMED_OUT_INSIDE, TOKEN_REFUSED, NO_PERMISSION}:
        return error_of(ErrorResponse(code=code), method, sends=sends)
    message = f"{method}: SP-API refused (code {code})"
    return PermanentError(message, remedy="look the code up at JD's open platform, or let JOS serve this")
