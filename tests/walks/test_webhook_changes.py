"""An endpoint that is changed while calls wait for it: told only what it asks for now; one new secret a day."""

import json

from .receiving import Receiver, receiving
from .stage import Person, Stage
from .test_webhooks import PATH, calls, owner, passes, receiver, registers, stage, wanted

__all__ = ["owner", "receiver", "stage"]


async def test_what_waits_and_is_asked_for_no_more_is_told_nobody(
    stage: Stage, owner: Person, receiver: Receiver
) -> None:
    receiver.status = 500
    endpoint, _ = await registers(owner, receiver.url)
    await stage.customer("digital").says("在吗")
    await calls(stage)
    async with receiving() as other:
        narrow = wanted(other.url, shops=[stage.shops["direct"]], kinds=["conversation.opened"])
        changed = await owner.http.put(f"{PATH}/{endpoint}", json=narrow)
        assert changed.status_code == 200, changed.text
        await stage.customer("direct").says("你好")
        await passes(stage, owner, 10)
        told = [json.loads(each) for each in other.bodies]
    assert {(each["type"], each["data"]["shop"]) for each in told} == {("conversation.opened", stage.shops["direct"])}


async def test_a_second_new_secret_within_the_day_is_refused(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, _ = await registers(owner, receiver.url)
    path = f"{PATH}/{endpoint}/secret"
    assert (await owner.http.post(path)).status_code == 201
    again = await owner.http.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "webhook_secret_soon")
