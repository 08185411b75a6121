"""JD is told who signed in and whose orders were shown: nothing is lost, and nothing goes anywhere else."""

import asyncio
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from huiyin.access_logs.noting import About, Whence
from huiyin.access_logs.store import access_log
from huiyin.channels.access_records import MOST_ORDERS
from huiyin.channels.jd.settings import LOG_URL, JdSettings
from huiyin.connections.platforms import read_settings
from huiyin.installation.age_files import make_identity
from huiyin.installation.backing_up import make_backup
from huiyin.installation.settings import Backup
from huiyin.kernel.actors import system
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Seconds

from .stage import Customer, Person, Stage

ORDERS = "/api/desk/conversations/{}/orders"


def told(stage: Stage, shop: str = "digital") -> list[tuple[str, dict[str, str]]]:
    """Return what the simulated JD took for a shop."""
    return stage.simulator.world.shops[stage.shops[shop]].told


def waiting(stage: Stage) -> int:
    return int(stage.rows(sa.select(sa.func.count()).select_from(access_log))[0][0])


async def tells(stage: Stage) -> int:
    return await stage.worker.rounds.access_teller.work()


async def looked(stage: Stage) -> tuple[Person, Customer]:
    """Let an agent answer a customer and look at their orders, a parcel among them."""
    lin, customer = await (await stage.agent()).signs_in(), stage.customer()
    await customer.says("转人工")
    await stage.settle()
    path = ORDERS.format(customer.conversation)
    await lin.get(path)
    await lin.get(f"{path}/{customer.order}/logistics")
    return lin, customer


async def test_jd_is_told_who_signed_in_and_whose_orders_they_were_shown(stage: Stage) -> None:
    lin, customer = await looked(stage)
    assert told(stage) == [], "asked for first, told in its turn"
    assert await tells(stage) > 0
    kinds = [kind for kind, _ in told(stage)]
    assert (kinds.count("order"), kinds.count("login")) == (2, 1)
    login = next(fields for kind, fields in told(stage) if kind == "login")
    assert (login["result"], login["user_id"], login["message"]) == ("0", lin.id, "ok")
    listed, parcel = (fields for kind, fields in told(stage) if kind == "order")
    assert customer.order in listed["order_ids"].split(",")
    assert (parcel["order_ids"], parcel["operation"], parcel["user_id"]) == (customer.order, "1", lin.id)
    assert parcel["url"].endswith("/logistics")
    assert parcel["user_ip"]
    assert (waiting(stage), await tells(stage)) == (0, 0), "each is told once"


async def test_the_shops_screen_says_how_far_jd_was_told(stage: Stage) -> None:
    await looked(stage)
    owner = await stage.person("owner")

    async def shown() -> dict[str, object]:
        rows = await owner.get("/api/connections")
        return dict(next(each["accessTold"] for each in rows if each["shop"]["id"] == stage.shops["digital"]))

    before = await shown()
    assert (before["waiting"], before["taken"], before["takenAt"], before["trouble"]) == (3, 0, None, "")
    stage.simulator.world.settings.faults.quota_spent = True
    assert await tells(stage) == 0
    assert ((await shown())["waiting"], (await shown())["trouble"]) == (3, "quota_used")
    stage.simulator.world.settings.faults.quota_spent = False
    assert await tells(stage) == 0, "not at once again"
    stage.clock.advance(Seconds(61))
    assert await tells(stage) >= 3
    after = await shown()
    assert (after["waiting"], after["taken"], after["trouble"]) == (0, 3, "")
    assert after["takenAt"] is not None


async def test_a_failed_sign_in_is_told_and_one_of_nobody_is_not(stage: Stage) -> None:
    for login in ("lin", "nobody-of-this-name"):
        refused = await stage.client().post("/api/session", json={"login": login, "password": "wrong"})
        assert refused.status_code == 401
    await tells(stage)
    results = [(fields["result"], fields["message"]) for _, fields in told(stage)]
    assert results == [("1", "wrong_password")]


async def test_a_batch_that_jd_does_not_take_goes_record_by_record(stage: Stage) -> None:
    await looked(stage)
    stage.simulator.world.settings.faults.refused_batches = 1
    await tells(stage)
    assert [kind for kind, _ in told(stage)].count("order") == 2
    assert waiting(stage) == 0


async def test_what_waits_lies_sealed_and_goes_with_the_customer(stage: Stage) -> None:
    lin, customer = await looked(stage)
    await lin.closes(customer.conversation)
    rows = stage.rows(sa.select(access_log).where(access_log.c.kind == "orders"))
    assert rows
    assert not any(customer.order.encode() in row.record for row in rows)
    officer = system("officer")
    await asyncio.to_thread(stage.house.keyroom.shred, rows[0].subject, "案卷 7", actor=officer)
    assert {row.kind for row in stage.rows(sa.select(access_log.c.kind))} == {"sign_in"}
    await tells(stage)
    assert {kind for kind, _ in told(stage)} == {"login"}


async def test_more_orders_than_one_record_holds_are_told_in_several(stage: Stage) -> None:
    _, customer = await looked(stage)
    row = stage.rows(sa.select(access_log).where(access_log.c.kind == "orders"))[0]
    numbers = [str(1000 + place) for place in range(MOST_ORDERS + 1)]
    about, shop = About(row.tenant, row.subject), stage.shops[customer.shop]
    await stage.house.access_log.orders_shown(about, shop, "somebody", Whence("127.0.0.1", "", "/x"), numbers)
    await tells(stage)
    lengths = [len(fields["order_ids"].split(",")) for kind, fields in told(stage) if kind == "order"]
    assert lengths[-2:] == [MOST_ORDERS, 1]


async def test_a_backup_of_everything_is_told_as_work_at_the_database(stage: Stage, tmp_path: Path) -> None:
    wanted = Backup(str(tmp_path / "backups"), (make_identity(tmp_path / "identity"),))
    await asyncio.to_thread(make_backup, stage.house, wanted)
    await tells(stage)
    [(kind, fields)] = told(stage)
    assert (kind, fields["db"], fields["sql"]) == ("sql", "huiyin", "BACKUP DATABASE huiyin")
    assert fields["user_id"] == "system:keeper"


async def test_nobody_can_send_the_records_anywhere_else() -> None:
    settings = {"shop": "s", "app_key": "k", "app_secret": "s", "vender_id": "1"}
    real = msgspec.convert(settings, JdSettings)
    assert real.log_url == LOG_URL == "https://api-log.jd.com/routerjson"
    elsewhere = msgspec.structs.replace(real, gateway_url="https://collector.example/routerjson")
    assert elsewhere.log_url == LOG_URL
    with pytest.raises(InvalidError, match="log_url"):
        read_settings("jd", {**settings, "log_url": "https://collector.example/"})
