"""Turn what JD says when it refuses into errors that say what to do next."""

from collections.abc import Mapping

import msgspec

from huiyin.kernel.errors import HuiyinError, OutcomeUnknownError, PermanentError, TemporaryError

TOKEN_REFUSED = "19"  # noqa: S105  # JD's code for an invalid access token, not a token
TIMED_OUT_INSIDE = "65"
NO_PERMISSION = "24"


class GatewayRefusedError(PermanentError):
    """This gateway will not answer this shop or this machine; another gateway of the platform may."""

    def __init__(self, message: str, *, remedy: str, platform_code: str) -> None:
        """Keep the platform's code."""
        super().__init__(message, remedy=remedy, code="not_permitted")
        self.platform_code = platform_code


WORDS: Mapping[str, str] = {
    "2": "quota_used", TOKEN_REFUSED: "authorise_again", TIMED_OUT_INSIDE: "platform_away", "8": "clock_wrong",
    "11": "secret_wrong", "12": "secret_wrong", "21": "app_key_unknown", NO_PERMISSION: "not_permitted",
}  # fmt: skip
"""What a screen calls a refusal; one that is not here is "platform_refused"."""

_TEMPORARY: Mapping[str, tuple[str, str]] = {
    "2": ("the app's call limit is used up", "wait for the next day or ask JD for a larger quota"),
    TOKEN_REFUSED: (
        "the access token is refused even after a refresh",
        "let the seller authorise the shop again",
    ),
    TIMED_OUT_INSIDE: ("JD timed out inside", "ask again later"),
}
_PERMANENT: Mapping[str, tuple[str, str]] = {
    "4": ("the version is missing", "send v=2.0"),
    "5": ("the version is not supported", "send v=2.0"),
    "7": ("the timestamp is missing", "send a timestamp with +0800"),
    "8": ("the timestamp is refused", "set this machine's clock; JD allows a few minutes"),
    "11": ("the signature is missing", "check the app secret"),
    "12": ("the signature is wrong", "check the app secret"),
    "14": ("the method name is missing", "report this as a defect"),
    "15": ("the method does not exist", "check that the API is still listed"),
    "21": ("the app key is unknown", "check the app key"),
    NO_PERMISSION: ("this seller may not call the API", "apply for the API's permission at JD's open platform"),
}


class ErrorResponse(msgspec.Struct):
    """JD's gateway error body. Texts are JD's wording about the call, never a customer's."""

    code: str | int = ""
    zh_desc: str = ""
    en_desc: str = ""


class ApiResult(msgspec.Struct):
    """JD's business verdict inside an answer; `success` may be the text "true"."""

    success: bool | str | int | None = None
    numberCode: str | int = ""  # noqa: N815  # JD's name
    chineseErrCode: str | None = ""  # noqa: N815  # JD's name
    englishErrCode: str | None = ""  # noqa: N815  # JD's name


def error_of(refusal: ErrorResponse, method: str, *, sends: bool) -> HuiyinError:
    """Return the error for a gateway refusal of `method`.

    A send that JD timed out on inside (65) may have happened: its outcome is unknown, not temporary.
    """
    code = str(refusal.code)
    if code == TIMED_OUT_INSIDE and sends:
        message = f"{method}: JD timed out inside (code 65) and may have delivered"
        return OutcomeUnknownError(message, remedy="look at the chat before sending again")
    if code in _TEMPORARY:
        what, remedy = _TEMPORARY[code]
        return TemporaryError(
            f"{method}: {what} (code {code}, limit)" if code == "2" else f"{method}: {what} (code {code})",
            remedy=remedy,
            code=WORDS[code],
        )
    what, remedy = _PERMANENT.get(code, (refusal.zh_desc or refusal.en_desc or "refused", "see JD's error list"))
    if code == NO_PERMISSION:
        return GatewayRefusedError(f"{method}: {what} (code {code})", remedy=remedy, platform_code=code)
    return PermanentError(f"{method}: {what} (code {code})", remedy=remedy, code=WORDS.get(code, ""))


def check_success(result: ApiResult | None, method: str) -> None:
    """Pass only an outright success: true, or the text "true". Everything else fails closed.

    Raises:
        PermanentError: with JD's number code.

    """
    if result is not None and (result.success is True or result.success == "true"):
        return
    code = "none" if result is None else result.numberCode
    message = f"{method}: JD's business answer is not a success (number code {code})"
    raise PermanentError(message, remedy="check the order number and the shop's permissions")
