"""Found the measured company: a merchant, a vendor, two shops with open live doors, as many agents as asked for."""

import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

import msgspec

from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.port import Origin
from huiyin.connections import connecting
from huiyin.connections.connecting import Connected
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Role, system
from huiyin.kernel.ids import PersonId, ShopId, TenantId
from huiyin.org import administering as org
from huiyin.org import seats, signing_in, views
from huiyin.org.hours import every_day
from huiyin.security.passwords import hash_password
from huiyin.security.sealing import Sealer

FOUNDER = system("bench")
APP_KEY = "huiyin-bench"
SKILLS = ("价保", "PLUS", "3C", "生鲜", "售后")
AGENT_CAPACITY = 20
CALLS_PER_SECOND = 100_000.0
"""JD's limit on calls is no part of what is measured, so the line is given none."""


class BenchShop(msgspec.Struct):
    """A shop: our id and JD's number, which every delivery names."""

    id: ShopId
    vender_id: str
    dd_token: str


class Company(msgspec.Struct):
    """What must be known about the company between starts."""

    app_secret: str
    shops: list[BenchShop]
    agents: list[PersonId]
    manager: PersonId


def load(folder: Path) -> Company | None:
    """Return the company of an earlier start, None before the first."""
    file = folder / "bench.json"
    return msgspec.json.decode(file.read_bytes(), type=Company) if file.exists() else None


def save(folder: Path, company: Company) -> None:
    """Keep the company, readable by its owner alone."""
    file = folder / "bench.json"
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(company))


def found(uow: UnitOfWork, sealer: Sealer, agents: int) -> Company:
    """Write the company down."""
    merchant = org.register_organisation(uow, "merchant", "测速商家", simulated=True, actor=FOUNDER)
    vendor = org.register_organisation(uow, "vendor", "测速服务商", simulated=True, actor=FOUNDER)
    shops = [_shop(uow, merchant, "测速数码", "100101", "digital"), _shop(uow, merchant, "测速生鲜", "100202", "fresh")]
    for shop in shops:
        since = uow.now() - timedelta(days=1)
        org.engage(uow, vendor, shop.id, every_day("00:00-24:00"), effective_from=since, actor=FOUNDER)
    password = secrets.token_urlsafe(24)
    # Hashing a password is slow on purpose; the made-up agents share one that nobody knows.
    with patch("huiyin.org.administering.hash_password", cache(hash_password)):
        people = [_person(uow, sealer, vendor, (f"agent-{n}", password), Role.AGENT) for n in range(agents)]
        manager = _person(uow, sealer, vendor, ("manager", password), Role.VENDOR_MANAGER)
    return Company(secrets.token_hex(16), shops, people, manager)


def add_owner(uow: UnitOfWork, sealer: Sealer, merchant: TenantId) -> PersonId:
    """Register an owner of the shops."""
    return _person(uow, sealer, merchant, ("owner", secrets.token_urlsafe(24)), Role.MERCHANT_OWNER)


def come_online(uow: UnitOfWork, company: Company) -> list[str]:
    """Seat the agents and open a session for each, the manager's last; return the session tokens."""
    for agent in company.agents:
        seats.change_presence(uow, agent, "online", "测速", actor=FOUNDER)
    return [signing_in.open_session(uow, person) for person in (*company.agents, company.manager)]


def settings_of(company: Company, shop: BenchShop, gateway: str) -> JdSettings:
    """Return how a shop is connected to the fake gateway."""
    return JdSettings(
        shop=shop.id, app_key=APP_KEY, app_secret=company.app_secret, vender_id=shop.vender_id,
        access_token="bench", refresh_token="bench", gateway_url=f"{gateway}/routerjson",  # noqa: S106  # opens nothing
        oauth_url=f"{gateway}/oauth2/refresh_token", aspid="huiyin-bench", dd_token=shop.dd_token,
        dd_app_id="open.bench.customer", customer_code="BENCH001", origin=Origin.SIMULATED, live=True,
        calls_per_second=CALLS_PER_SECOND,
    )  # fmt: skip


def connect(uow: UnitOfWork, sealer: Sealer, company: Company, gateway: str) -> None:
    """Connect every shop to the fake gateway, which listens elsewhere at each start."""
    known = {each.id: each.tenant for each in views.shops(uow.connection)}
    for shop in company.shops:
        wanted = Connected(shop.id, known[shop.id], "jd", settings_of(company, shop, gateway))
        connecting.connect(uow, sealer, wanted, actor=FOUNDER)


def _shop(uow: UnitOfWork, tenant: TenantId, name: str, vender_id: str, kind: str) -> BenchShop:
    new = org.NewShop(
        tenant=tenant, name=name, platform="jd", platform_ref=vender_id, category=kind, tier="live",
        origin=Origin.SIMULATED, knowledge=f"demo-{kind}",
    )  # fmt: skip
    return BenchShop(org.open_shop(uow, new, every_day("00:00-24:00"), actor=FOUNDER), vender_id, secrets.token_hex(16))


def _person(uow: UnitOfWork, sealer: Sealer, tenant: TenantId, credentials: tuple[str, str], role: Role) -> PersonId:
    login, password = credentials
    new = org.NewPerson(
        tenant=tenant, name=login, login=login, password=password, roles=frozenset({role}), skills=SKILLS,
        capacity=AGENT_CAPACITY if role is Role.AGENT else 0,
    )  # fmt: skip
    return org.register_person(uow, new, sealer, actor=FOUNDER)
