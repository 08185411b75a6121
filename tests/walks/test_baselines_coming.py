"""No baseline is frozen of days that still come in, and no day is left out where many agents are told."""

import asyncio
import contextlib
from datetime import date, timedelta

import pytest

from huiyin.insight.store import reported_figure
from huiyin.kernel.ids import new_id

from .stage import Person, Stage
from .test_backfill import asked, owner_of, state, talked
from .test_baselines import owner

__all__ = ["owner"]
PATH = "/api/reports/baselines"


async def test_history_that_still_comes_in_is_not_frozen(stage: Stage) -> None:
    await talked(stage, days=4)
    merchant = await owner_of(stage)
    await asked(stage, merchant)
    half_way = asyncio.create_task(stage.worker.rounds.backfiller.work())
    while (await state(stage, merchant))["messages"] < 14:
        assert not half_way.done()
    half_way.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await half_way
    await stage.settle()
    last = (stage.clock.now() - timedelta(days=1)).date()
    days = {"since": (last - timedelta(days=20)).isoformat(), "until": last.isoformat()}
    wanted = {"shop": stage.shops["pasted"], "name": "外包前", "history": True, **days}
    refused = await merchant.http.post(PATH, json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (409, "baseline_coming")
    [running] = await merchant.get(f"/api/connections/{stage.shops['pasted']}/backfills")
    path = f"/api/connections/{stage.shops['pasted']}/backfills/{running['id']}/stop"
    assert (await merchant.http.post(path)).status_code == 200
    assert (await merchant.http.post(PATH, json=wanted)).status_code == 201, "who stops it freezes what there is"


@pytest.mark.parametrize("agents", [0, 40])
async def test_no_day_is_left_out_however_many_agents_are_told(stage: Stage, owner: Person, agents: int) -> None:
    shop = stage.shops["digital"]
    begin = date(2026, 3, 1)
    rows = [
        {
            "id": new_id(), "tenant": stage.house.shops.all()[shop].tenant, "shop": shop, "source": "service_manager",
            "figure": figure, "day": day, "until": day, "account": account, "value": 1.0 if account else 41.0,
            "file": "f", "as_of": 1, "recorded_at": 1,
        }
        for day in ((begin + timedelta(days=number)).isoformat() for number in range(60))
        for figure in ("inquiries", "served", "unserved", "ratings", "ratings_good", "ratings_bad", "ordered")
        for account in ("", *(f"account{number}" for number in range(agents)))
    ]  # fmt: skip
    await stage.house.writer.do(lambda uow: uow.connection.execute(reported_figure.insert(), rows))
    seen = await owner.get("/api/reports", since="2026-03-01", until="2026-04-29", shop=shop)
    [served] = [each for each in seen["compared"] if each["figure"] == "served"]
    assert (served["theirs"], served["days"]) == (41.0 * 60, 60)
