"""Say how one shop's line to Taobao is set up."""

import msgspec

from huiyin.channels.lines import check_address, check_keys, check_limits
from huiyin.channels.taobao.signing import SignMethod
from huiyin.kernel.ids import ShopId


class TaobaoSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One shop's line to TOP. `session` is what the seller's authorisation gave (TOP's name for an access token)."""

    shop: ShopId
    app_key: str
    app_secret: str
    session: str
    gateway_url: str = "https://gw.api.taobao.com/router/rest"
    sign_method: SignMethod = SignMethod.MD5
    calls_per_second: float = 5.0
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        """Refuse a line without its keys, in the clear, or without sense.

        Raises:
            InvalidError: naming what to set.

        """
        keys = {"app_key": self.app_key, "app_secret": self.app_secret, "session": self.session}
        check_keys("淘宝", keys)
        check_address("淘宝", self.gateway_url)
        check_limits("淘宝", self.calls_per_second, self.timeout_seconds)

    def __repr__(self) -> str:
        """Show which line this is and none of its secrets."""
        return f"TaobaoSettings(shop={self.shop!r}, sign_method={self.sign_method.value!r})"
