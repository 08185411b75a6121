"""Say how one shop's line to Pinduoduo is set up."""

import msgspec

from huiyin.channels.lines import check_address, check_keys, check_limits
from huiyin.kernel.ids import ShopId


class PddSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One shop's line to Pinduoduo. `client_id` and `client_secret` are its names for the app's key and secret."""

    shop: ShopId
    client_id: str
    client_secret: str
    access_token: str
    gateway_url: str = "https://gw-api.pinduoduo.com/api/router"
    calls_per_second: float = 5.0
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        """Refuse a line without its keys, in the clear, or without sense.

        Raises:
            InvalidError: naming what to set.

        """
        keys = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "access_token": self.access_token,
        }
        check_keys("拼多多", keys)
        check_address("拼多多", self.gateway_url)
        check_limits("拼多多", self.calls_per_second, self.timeout_seconds)

    def __repr__(self) -> str:
        """Show which line this is and none of its secrets."""
        return f"PddSettings(shop={self.shop!r})"
