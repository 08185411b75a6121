"""Say which shops the simulated JD has, whom it pushes to, and how lively it is."""

import secrets

import msgspec

from huiyin.simulator.faults import Faults


class ShopSeed(msgspec.Struct, frozen=True, kw_only=True):
    """One shop to plant.

    `shop` is the last part of the hook address; with empty `waiters` any pin may send.
    """

    shop: str
    name: str
    vender_id: str
    kind: str
    access_token: str
    refresh_token: str
    dd_token: str
    waiters: tuple[str, ...] = ()
    bots: frozenset[str] = frozenset()
    """Waiter pins that customers take for a robot."""

    pushes: bool = True
    """False for a shop that is only read: its chat is not pushed, nobody may send, waiters type in 咚咚."""

    @property
    def main_waiter(self) -> str:
        """Return the pin that sessions begin with."""
        return self.waiters[0] if self.waiters else f"{self.name}:客服"

    def __repr__(self) -> str:
        """Show which shop this is and none of its secrets."""
        return f"ShopSeed(shop={self.shop!r}, vender_id={self.vender_id!r})"


class SimulatorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the simulated JD is set up.

    `hook` is where chat is pushed, as `POST {hook}/{shop}`; "" pushes nothing. `pace` divides every waiting
    time of the customers: 1 is real life. `arrivals_per_minute` bounds how fast new customers come in.
    """

    app_key: str
    app_secret: str
    shops: tuple[ShopSeed, ...]
    aspid: str = "huiyin-simulated-isv"
    dd_app_id: str = "open.simulated.customer"
    customer_code: str = "SIM000001"
    hook: str = ""
    host: str = "127.0.0.1"
    port: int = 8790
    seed: int = 20260601
    customers: int = 120
    talking: int = 0
    arrivals_per_minute: float = 20.0
    pace: float = 1.0
    daily_calls: int = 0
    """Calls a day per app before error 2; 0 sets no bound."""

    token_seconds: int = 86400
    push_attempts: int = 40
    widget_from: str = ""
    """Where Huiyin hands its widget out, for the page `/shop` of a shop that is on no platform; "" for no such page."""

    widget_site: str = ""
    faults: Faults = msgspec.field(default_factory=Faults)

    def __repr__(self) -> str:
        """Show where it listens and none of its secrets."""
        return f"SimulatorSettings(host={self.host!r}, port={self.port}, shops={self.shops!r})"


def demo_shops(bots: frozenset[str] = frozenset()) -> tuple[ShopSeed, ...]:
    """Return the two demo shops with fresh random tokens."""
    return tuple(
        ShopSeed(
            shop=shop,
            name=name,
            vender_id=vender_id,
            kind=kind,
            access_token=secrets.token_hex(16),
            refresh_token=secrets.token_hex(16),
            dd_token=secrets.token_hex(16),
            bots=bots,
        )
        for shop, name, vender_id, kind in (
            ("jd-digital", "京东回音数码旗舰店", "100101", "digital"),
            ("jd-fresh", "回音生鲜专营店", "100202", "fresh"),
        )
    )
