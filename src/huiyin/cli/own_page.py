"""The demo's fourth shop: one on no platform, with the widget on a page of its own. The simulator serves that page."""

import msgspec

from huiyin.channels.port import Origin, Tier
from huiyin.channels.widget import WidgetSettings, new_site
from huiyin.cli.founding import FOUNDER, DemoState
from huiyin.connections import connecting
from huiyin.connections.connecting import Connected
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.ids import TenantId
from huiyin.org import administering as org
from huiyin.org import views
from huiyin.org.hours import every_day
from huiyin.security.sealing import Sealer
from huiyin.simulator.settings import SimulatorSettings

NAME = "回音自营网店"
GREETING = "您好，这里是回音自营网店，请问有什么可以帮您？"


def open_own_page(uow: UnitOfWork, state: DemoState) -> DemoState:
    """Open the shop beside the first of the demo, for the same merchant and the same people; once."""
    if state.site:
        return state
    first = next(each for each in views.shops(uow.connection) if each.id == state.shops[0].id)
    site, always = new_site(), every_day("00:00-24:00")
    new = org.NewShop(
        tenant=TenantId(first.tenant), name=NAME, platform="widget", platform_ref=site, category="digital",
        tier=Tier.LIVE, origin=Origin.SIMULATED, bot=True,
    )  # fmt: skip
    shop = org.open_shop(uow, new, always, actor=FOUNDER)
    for engagement in views.engaged(uow.connection, first.id, uow.now()):
        org.engage(uow, TenantId(engagement[1]), shop, always, effective_from=uow.now(), actor=FOUNDER)
    state.site, state.own_page = site, shop
    return state


def connect_own_page(uow: UnitOfWork, sealer: Sealer, state: DemoState, simulator: SimulatorSettings) -> None:
    """Connect the shop to its page, which may stand elsewhere than at the last start."""
    tenant = next(each.tenant for each in views.shops(uow.connection) if each.id == state.own_page)
    settings = WidgetSettings(
        shop=state.own_page, site=state.site, origins=(f"http://{simulator.host}:{simulator.port}",), title=NAME,
        greeting=GREETING,
    )  # fmt: skip
    connecting.connect(uow, sealer, Connected(state.own_page, tenant, "widget", settings), actor=FOUNDER)


def with_widget(simulator: SimulatorSettings, state: DemoState, huiyin: str) -> SimulatorSettings:
    """Let the simulator serve the shop's page, with the widget that Huiyin at this address hands out."""
    return msgspec.structs.replace(simulator, widget_from=huiyin, widget_site=state.site)
