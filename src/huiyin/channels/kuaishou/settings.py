"""Say how one shop's line to Kuaishou is set up."""

import msgspec

from huiyin.channels.kuaishou.signing import SignMethod
from huiyin.channels.lines import check_address, check_keys, check_limits
from huiyin.kernel.ids import ShopId


class KuaishouSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One shop's line to Kuaishou. Calls are signed with `sign_secret`, which is not the app's secret."""

    shop: ShopId
    app_key: str
    sign_secret: str
    access_token: str
    gateway_url: str = "https://openapi.kwaixiaodian.com"
    sign_method: SignMethod = SignMethod.HMAC_SHA256
    calls_per_second: float = 5.0
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        """Refuse a line without its keys, in the clear, or without sense.

        Raises:
            InvalidError: naming what to set.

        """
        keys = {"app_key": self.app_key, "sign_secret": self.sign_secret, "access_token": self.access_token}
        check_keys("快手小店", keys)
        check_address("快手小店", self.gateway_url)
        check_limits("快手小店", self.calls_per_second, self.timeout_seconds)

    def __repr__(self) -> str:
        """Show which line this is and none of its secrets."""
        return f"KuaishouSettings(shop={self.shop!r}, sign_method={self.sign_method.value!r})"
