"""Found the company every walk happens in: once per test run, copied for each test."""

import secrets
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huiyin.channels.port import Origin
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Role, system
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.ids import PersonId, ShopId
from huiyin.org import administering as org
from huiyin.org.hours import every_day
from huiyin.security.sealing import Sealer
from huiyin.wiring import Settings, build

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
"""Noon in Shanghai: outside the platform's night."""
PASSWORD = "a-password-of-these-tests"
FOUNDER = system("tests")
ALWAYS = every_day("00:00-24:00")

SHOPS = {
    "digital": ("merchant", "live", True, "demo-digital"),
    "direct": ("merchant", "live", False, ""),
    "pasted": ("merchant", "read", False, ""),
    "foreign": ("other", "live", True, ""),
}
"""digital: the bot first · direct: people only · pasted: read tier · foreign: another merchant's."""

PEOPLE = {
    "owner": ("merchant", "马店主", (Role.MERCHANT_OWNER,), 0, ()),
    "lead": ("vendor", "组长老何", (Role.TEAM_LEAD, Role.AGENT), 3, ("价保",)),
    "lin": ("vendor", "小林", (Role.AGENT,), 2, ("价保",)),
    "mei": ("vendor", "小梅", (Role.AGENT,), 2, ()),
    "auditor": ("merchant", "审计员", (Role.AUDITOR,), 0, ()),
    "stranger": ("other", "别家客服", (Role.AGENT, Role.TEAM_LEAD, Role.MERCHANT_OWNER), 4, ()),
}


@dataclass
class Founded:
    """A founded company: its folder, and who and what is in it."""

    folder: Path
    shops: dict[str, ShopId] = field(default_factory=dict)
    people: dict[str, PersonId] = field(default_factory=dict)

    def copied_to(self, folder: Path) -> Path:
        """Copy the company's files, so that a test may do with them what it likes."""
        return Path(shutil.copytree(self.folder, folder))


def found(folder: Path) -> Founded:
    """Write the company down."""
    founded = Founded(folder)
    house = build(Settings(folder, synchronous="OFF"), ManualClock(NOON - timedelta(days=2)))
    try:
        house.writer.run(_found, house.sealer, founded)
    finally:
        house.close()
    return founded


def _found(uow: UnitOfWork, sealer: Sealer, founded: Founded) -> None:
    tenants = {
        "merchant": org.register_organisation(uow, "merchant", "远山数码", simulated=True, actor=FOUNDER),
        "vendor": org.register_organisation(uow, "vendor", "松果客服", simulated=True, actor=FOUNDER),
        "other": org.register_organisation(uow, "merchant", "邻居商行", simulated=True, actor=FOUNDER),
    }
    for place, (name, (side, tier, bot, knowledge)) in enumerate(SHOPS.items()):
        new = org.NewShop(
            tenant=tenants[side], name=f"{name}旗舰店", platform="jd", platform_ref=str(100101 + place),
            category="digital", tier=tier, origin=Origin.SIMULATED, bot=bot, knowledge=knowledge,
        )  # fmt: skip
        founded.shops[name] = org.open_shop(uow, new, ALWAYS, actor=FOUNDER)
    for login, (side, name, roles, capacity, skills) in PEOPLE.items():
        new_person = org.NewPerson(
            tenant=tenants[side], name=name, login=login, password=PASSWORD, roles=frozenset(roles), skills=skills,
            capacity=capacity,
        )  # fmt: skip
        founded.people[login] = org.register_person(uow, new_person, sealer, actor=FOUNDER)
    for name in ("digital", "direct", "pasted"):
        org.engage(uow, tenants["vendor"], founded.shops[name], ALWAYS, effective_from=uow.now(), actor=FOUNDER)


def key() -> str:
    """Return a fresh request key, as a screen would make one."""
    return secrets.token_hex(8)
