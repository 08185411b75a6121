"""Say how one shop's line to Douyin is set up."""

import msgspec

from huiyin.channels.lines import check_address, check_keys, check_limits
from huiyin.kernel.ids import ShopId


class DouyinSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One shop's line to Douyin. `gateway_url` is what every API's path is put behind."""

    shop: ShopId
    app_key: str
    app_secret: str
    access_token: str
    gateway_url: str = "https://openapi-fxg.jinritemai.com"
    calls_per_second: float = 5.0
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        """Refuse a line without its keys, in the clear, or without sense.

        Raises:
            InvalidError: naming what to set.

        """
        keys = {"app_key": self.app_key, "app_secret": self.app_secret, "access_token": self.access_token}
        check_keys("抖店", keys)
        check_address("抖店", self.gateway_url)
        check_limits("抖店", self.calls_per_second, self.timeout_seconds)

    def __repr__(self) -> str:
        """Show which line this is and none of its secrets."""
        return f"DouyinSettings(shop={self.shop!r})"
