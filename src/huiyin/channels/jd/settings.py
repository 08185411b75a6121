"""Say how one shop's line to JD is set up, and refuse a live line nobody granted."""

from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from huiyin.channels.lines import is_loopback
from huiyin.channels.port import Capability, Origin
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId

LOG_URL = "https://api-log.jd.com/routerjson"
"""The one address that records of access may go to; beside the simulator they go to the simulator."""


class OAuthForm(StrEnum):
    """Which of JD's two token doors a shop uses."""

    OPEN = "open"
    LEGACY = "legacy"


class GatewayName(StrEnum):
    """JD's two gateways for sellers."""

    JOS = "jos"
    """`routerjson`: the older one; it alone sends, tells comments and presence."""

    SP_API = "sp-api"
    """REST: the newer one that JD moves to."""


class JdSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One shop's line to JD.

    `aspid` and `dd_token` come from a 咚咚 registration and are needed only to send. `customer_code` is the
    青龙 code that parcels are asked with. `live` opens sending and the pushed-chat hook.

    `gateways` are asked in this order: the first that offers a capability serves it, one that is not named never does.
    `gateway_of` names the only gateway for single capabilities. `operator` signs JOS's after-sales calls.
    `inquiry_hours` is the shop's window for orders after a consult (客服管家 – 统计设置), which no call tells; 0 is 24.
    `calls_per_day` is the quota that JD granted, which no call tells; 0 where nobody filled it in. JD wants records
    of who reached its data from every app, called `app_name`, that is not a merchant's `own_app` (自用型).
    """

    shop: ShopId
    app_key: str
    app_secret: str
    vender_id: str
    access_token: str = ""
    refresh_token: str = ""
    expires_at_ms: int = 0
    gateway_url: str = "https://api.jd.com/routerjson"
    app_name: str = ""
    own_app: bool = False
    sp_url: str = "https://api-cn.jd.com/rest"
    gateways: tuple[GatewayName, ...] = (GatewayName.JOS,)
    gateway_of: dict[Capability, GatewayName] = {}
    operator: str = "huiyin"
    oauth_url: str = "https://open-oauth.jd.com/oauth2/refresh_token"
    oauth_form: OAuthForm = OAuthForm.OPEN
    aspid: str = ""
    dd_token: str = ""
    dd_app_id: str = ""
    waiter_app: str = "im.waiter"
    customer_app: str = "im.customer"
    customer_code: str = ""
    origin: Origin = Origin.LIVE
    live: bool = False
    live_granted: bool = False
    inquiry_hours: int = 0
    calls_per_second: float = 5.0
    calls_per_day: int = 0
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        """Refuse a live line that was not granted, and a line without its keys.

        Raises:
            InvalidError: naming what to set.

        """
        if not (self.app_key and self.app_secret and self.vender_id):
            message = "a JD line needs an app key, an app secret and a vender id"
            raise InvalidError(message, remedy="fill app_key, app_secret and vender_id in the shop's settings")
        if self.calls_per_second <= 0 or self.timeout_seconds <= 0 or min(self.calls_per_day, self.inquiry_hours) < 0:
            message = "calls_per_second and timeout_seconds must be above zero, quota and window not below"
            raise InvalidError(message, remedy="leave them out to use 5 calls a second and 8 seconds")
        if not self.gateways or len(set(self.gateways)) < len(self.gateways):
            message = "gateways names each of jos and sp-api once at most, and one of them at least"
            raise InvalidError(message, remedy='leave gateways out to use JOS alone, or set ["sp-api", "jos"]')
        sp = urlsplit(self.sp_url)
        if sp.scheme != "https" and not is_loopback(sp.hostname or ""):
            message = "sp_url must begin with https: the shop's token travels with every call"
            raise InvalidError(message, remedy="leave sp_url out to use JD's own address")
        if self.live and not (self.at_simulator or self.live_granted):
            message = "a live JD line needs 咚咚 access that JD grants; this shop has no such grant on record"
            raise InvalidError(message, remedy="keep live off, or set live_granted once JD issued aspid and token")

    def __repr__(self) -> str:
        """Show which line this is and none of its secrets."""
        return f"JdSettings(shop={self.shop!r}, vender_id={self.vender_id!r}, live={self.live})"

    @property
    def log_url(self) -> str:
        """Return where records of access go: nobody can set it to anywhere else."""
        return self.gateway_url if self.at_simulator else LOG_URL

    @property
    def at_simulator(self) -> bool:
        """Tell whether the gateway is on this machine, which only the simulator is."""
        return is_loopback(urlsplit(self.gateway_url).hostname or "")
