"""Found the demo: a merchant, a vendor, one login per role, three simulated JD shops; one of them is only read."""

import secrets
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.port import Origin, Tier
from huiyin.connections import connecting
from huiyin.connections.connecting import Connected
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role, system
from huiyin.kernel.ids import PersonId, ShopId, TenantId
from huiyin.org import administering as org
from huiyin.org import approvals, approving, shifts, views
from huiyin.org.access import access_person
from huiyin.org.hours import every_day
from huiyin.org.links import PATH, make_link, use_link
from huiyin.org.people import find_person
from huiyin.policy.table import GUARDIANS
from huiyin.security.sealing import Sealer
from huiyin.simulator.settings import ShopSeed, SimulatorSettings

FOUNDER, TERMINAL = system("demo"), system("terminal")
BEIJING = ZoneInfo("Asia/Shanghai")
ROSTERED_DAYS = 14


class Part(NamedTuple):
    """One person of the demo: on which side, by which name and login, as what; `capacity` gives a seat."""

    side: str
    name: str
    login: str
    roles: tuple[Role, ...]
    capacity: int = 0


PEOPLE = (
    Part("merchant", "陈店主", "merchant", (Role.MERCHANT_OWNER,)),
    Part("merchant", "陈运营", "viewer", (Role.MERCHANT_VIEWER,)),
    Part("merchant", "许安全", "shop-security", (Role.SECURITY_OFFICER,)),
    Part("merchant", "韩审计", "shop-auditor", (Role.AUDITOR,)),
    Part("vendor", "周经理", "manager", (Role.VENDOR_MANAGER,)),
    Part("vendor", "吴组长", "lead", (Role.TEAM_LEAD, Role.AGENT), 6),
    Part("vendor", "小林", "agent", (Role.AGENT,), 6),
    Part("vendor", "郑质检", "inspector", (Role.INSPECTOR,)),
    Part("vendor", "孙培训", "trainer", (Role.TRAINER,)),
    Part("vendor", "钱安全", "security", (Role.SECURITY_OFFICER,)),
    Part("vendor", "冯审计", "auditor", (Role.AUDITOR,)),
    Part("vendor", "系统管理员", "admin", (Role.ADMINISTRATOR,)),
)
STAND_INS = ("小赵", "小钱", "小孙")
ASKERS = {"merchant": "merchant", "vendor": "admin"}
"""Who asked for the guardians of a side, by login."""


class Front(NamedTuple):
    """One shop of the demo: how it is named, what it sells, how far its line reaches, what it knows."""

    name: str
    vender_id: str
    kind: str
    tier: Tier
    knowledge: str


SHOPS = (
    Front("京东回音数码旗舰店", "100101", "digital", Tier.LIVE, "demo-digital"),
    Front("回音生鲜专营店", "100202", "fresh", Tier.LIVE, "demo-fresh"),
    Front("回音数码专卖店", "100303", "digital", Tier.READ, ""),
)
SKILLS = ("价保", "PLUS", "3C", "生鲜", "售后")


class DemoShop(msgspec.Struct):
    """A demo shop: ours on one side, the simulator's on the other."""

    id: ShopId
    seed: ShopSeed
    tier: Tier = Tier.LIVE


class DemoState(msgspec.Struct):
    """What the demo must remember between starts."""

    password: str
    app_secret: str
    shops: list[DemoShop]
    stand_ins: list[PersonId]
    starts: int = 0
    site: str = ""
    """The site key of the shop with a page of its own, "" before it is opened (`own_page`)."""
    own_page: ShopId = ShopId("")


def load(folder: Path) -> DemoState | None:
    """Return the state of an earlier start, None before the first."""
    file = folder / "demo.json"
    return msgspec.json.decode(file.read_bytes(), type=DemoState) if file.exists() else None


def save(folder: Path, state: DemoState) -> None:
    """Keep the state, readable by its owner alone."""
    file = folder / "demo.json"
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(state))


def found(uow: UnitOfWork, sealer: Sealer) -> DemoState:
    """Write the demo's organisations down; the password is drawn by lot, never a default."""
    password = secrets.token_urlsafe(6)
    merchant = org.register_organisation(uow, "merchant", "回音商贸（演示商家）", simulated=True, actor=FOUNDER)
    vendor = org.register_organisation(uow, "vendor", "晨星客服（演示服务商）", simulated=True, actor=FOUNDER)
    shops = [_shop(uow, merchant, vendor, front) for front in SHOPS]
    tenants = {"merchant": merchant, "vendor": vendor}
    people = [_person(uow, sealer, tenants[part.side], part, password) for part in PEOPLE]
    _let_in(uow, sealer, {part.login: person for part, person in zip(PEOPLE, people, strict=True)})
    stand_ins = [
        _person(uow, sealer, vendor, _stand_in(place, name), secrets.token_urlsafe(24))
        for place, name in enumerate(STAND_INS, start=1)
    ]
    agents = [person for person, part in zip(people, PEOPLE, strict=True) if part.capacity]
    _roster(uow, agents, "早班", time(8))
    _roster(uow, stand_ins, "晚班", time(20))
    return DemoState(password, secrets.token_hex(16), shops, stand_ins)


def complete(uow: UnitOfWork, sealer: Sealer, state: DemoState) -> DemoState:
    """Add the shops and people that a demo of an earlier version has not got yet, beside those it has."""
    first = state.shops[0].id
    merchant = TenantId(next(shop.tenant for shop in views.shops(uow.connection) if shop.id == first))
    vendor = TenantId(views.engaged(uow.connection, first, uow.now())[0][1])
    known = {shop.seed.vender_id for shop in state.shops}
    state.shops += [_shop(uow, merchant, vendor, front) for front in SHOPS if front.vender_id not in known]
    tenants = {"merchant": merchant, "vendor": vendor}
    for part in PEOPLE:
        if find_person(uow.connection, sealer, part.login) is None:
            _person(uow, sealer, tenants[part.side], part, state.password)
    return state


def _let_in(uow: UnitOfWork, sealer: Sealer, people: dict[str, PersonId]) -> None:
    """Let the guardians in as four eyes would: asked for by one, approved by another, link used.

    The first of a side is approved at the server's terminal, the next by the first.
    """
    seconds: dict[str, Actor] = {}
    for part in PEOPLE:
        if GUARDIANS.isdisjoint(part.roles):
            continue
        person, second = people[part.login], seconds.get(part.side, TERMINAL)
        asker = access_person(uow.connection, people[ASKERS[part.side]], uow.now())
        link = make_link(uow, person, "invite", actor=asker)
        waiting = approvals.waiting(uow.connection, uow.now_ms(), actor=second)
        approving.approve(uow, next(each.id for each in waiting if each.person == person), actor=second)
        use_link(uow, sealer, link.path.removeprefix(PATH))
        seconds[part.side] = access_person(uow.connection, person, uow.now())


def _shop(uow: UnitOfWork, merchant: TenantId, vendor: TenantId, front: Front) -> DemoShop:
    live, always = front.tier is Tier.LIVE, every_day("00:00-24:00")
    new = org.NewShop(
        tenant=merchant, name=front.name, platform="jd", platform_ref=front.vender_id, category=front.kind,
        tier=front.tier, origin=Origin.SIMULATED, bot=live, knowledge=front.knowledge,
    )  # fmt: skip
    shop = org.open_shop(uow, new, always, actor=FOUNDER)
    org.engage(uow, vendor, shop, always, effective_from=uow.now() - timedelta(days=1), actor=FOUNDER)
    seed = ShopSeed(
        shop=shop, name=front.name, vender_id=front.vender_id, kind=front.kind, access_token=secrets.token_hex(16),
        refresh_token=secrets.token_hex(16), dd_token=secrets.token_hex(16) if live else "",
        bots=frozenset({"huiyin-bot"}), pushes=live,
    )  # fmt: skip
    return DemoShop(shop, seed, front.tier)


def _roster(uow: UnitOfWork, people: list[PersonId], name: str, begin: time) -> None:
    """Give people twelve hours a day, from yesterday on."""
    today = uow.now().astimezone(BEIJING).date()
    for day in range(-1, ROSTERED_DAYS):
        starts_at = datetime.combine(today + timedelta(days=day), begin, BEIJING)
        for person in people:
            ends_at = starts_at + timedelta(hours=12)
            new = shifts.NewShift(person=person, name=name, starts_at=starts_at, ends_at=ends_at)
            shifts.record_shift(uow, new, actor=FOUNDER)


def _stand_in(place: int, name: str) -> Part:
    return Part("vendor", name, f"stand-in-{place}", (Role.AGENT,), 5)


def _person(uow: UnitOfWork, sealer: Sealer, tenant: TenantId, part: Part, password: str) -> PersonId:
    new = org.NewPerson(
        tenant=tenant, name=part.name, login=part.login, password=password, roles=frozenset(part.roles),
        skills=SKILLS, capacity=part.capacity,
    )  # fmt: skip
    return org.register_person(uow, new, sealer, actor=FOUNDER)


def simulator_settings(state: DemoState, *, port: int, hook: str, talking: int) -> SimulatorSettings:
    """Return how the simulated JD is set up for this start; each start has customers and numbers of its own."""
    return SimulatorSettings(
        app_key="huiyin-demo", app_secret=state.app_secret, shops=tuple(each.seed for each in state.shops),
        hook=hook, port=port, seed=20260601 + state.starts, talking=talking, arrivals_per_minute=24.0,
    )  # fmt: skip


def connect(uow: UnitOfWork, sealer: Sealer, state: DemoState, simulator: SimulatorSettings) -> None:
    """Connect every shop to the simulated JD, which may listen elsewhere than at the last start."""
    base = f"http://{simulator.host}:{simulator.port}"
    tenants = {each.id: each.tenant for each in views.shops(uow.connection)}
    for shop in state.shops:
        wanted = Connected(shop.id, tenants[shop.id], "jd", jd_settings(shop, simulator, base))
        connecting.connect(uow, sealer, wanted, actor=FOUNDER)


def addresses(port: int) -> dict[str, str]:
    """Return where the simulated JD's doors are."""
    base = f"http://127.0.0.1:{port}"
    return {"gateway_url": f"{base}/routerjson", "sp_url": f"{base}/rest", "oauth_url": f"{base}/oauth2/refresh_token"}


def jd_settings(shop: DemoShop, simulator: SimulatorSettings, base: str) -> JdSettings:
    """Return the settings of a demo shop's line."""
    return JdSettings(
        shop=shop.id, app_key=simulator.app_key, app_secret=simulator.app_secret, vender_id=shop.seed.vender_id,
        access_token=shop.seed.access_token, refresh_token=shop.seed.refresh_token,
        gateway_url=f"{base}/routerjson", oauth_url=f"{base}/oauth2/refresh_token", aspid=simulator.aspid,
        dd_token=shop.seed.dd_token, dd_app_id=simulator.dd_app_id, customer_code=simulator.customer_code,
        origin=Origin.SIMULATED, live=shop.tier is Tier.LIVE, calls_per_second=50.0,
    )  # fmt: skip
