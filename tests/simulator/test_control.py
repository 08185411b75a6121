"""The strings of the simulated JD are pulled from this machine only; the server starts and stops cleanly."""

import asyncio
import socket
from typing import Any, cast

import httpx
import msgspec
import pytest

from huiyin.kernel.errors import InvalidError
from huiyin.simulator import run_simulator

from .rig import Rig

pytestmark = pytest.mark.asyncio
CONTROL = {"x-control": "1"}


async def test_a_named_customer_can_be_made_to_speak(rig: Rig) -> None:
    said = await rig.http.post(
        "/_control/say", json={"shop": "jd-fresh", "customer": "jd_demo", "text": "草莓坏了"}, headers=CONTROL
    )
    assert said.status_code == 200
    await rig.simulator.courier.settle()
    assert rig.hook.contents() == ["草莓坏了"]
    assert rig.hook.paths == ["/hooks/jd/jd-fresh"]
    state = (await rig.http.get("/_control/state", headers=CONTROL)).json()
    assert state["pushed"] == 1


async def test_a_scenario_can_be_called_for(rig: Rig) -> None:
    come = {"shop": "jd-digital", "scenario": "parcel-where"}
    assert (await rig.http.post("/_control/visit", json=come, headers=CONTROL)).json()["customer"]
    come["scenario"] = "no-such"
    assert (await rig.http.post("/_control/visit", json=come, headers=CONTROL)).status_code == 404


async def test_faults_are_switched(rig: Rig) -> None:
    answer = await rig.http.put("/_control/faults", json={"busy": 3}, headers=CONTROL)
    assert answer.status_code == 200
    assert rig.world.settings.faults.busy == 3


@pytest.mark.parametrize("path", ["/_control/state"])
@pytest.mark.parametrize(
    ("client", "headers"),
    [
        pytest.param(("127.0.0.1", 1), {}, id="without the header"),
        pytest.param(("192.0.2.7", 1), CONTROL, id="from another machine"),
        pytest.param(("127.0.0.1", 1), {**CONTROL, "host": "evil.example"}, id="through another name"),
    ],
)
async def test_control_is_closed_to_others(
    rig: Rig, path: str, client: tuple[str, int], headers: dict[str, str]
) -> None:
    transport = httpx.ASGITransport(app=cast("Any", rig.simulator.app), client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8790") as http:
        assert (await http.get(path, headers=headers)).status_code == 403


async def test_it_listens_on_this_machine_only(rig: Rig) -> None:
    with pytest.raises(InvalidError, match="this machine"):
        await run_simulator(msgspec.structs.replace(rig.world.settings, host="0.0.0.0"), rig.clock)


async def test_a_taken_port_is_named_and_kills_nobody(rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = msgspec.structs.replace(rig.world.settings, port=taken.getsockname()[1])
        with pytest.raises(InvalidError, match="port"):
            await run_simulator(settings, rig.clock)


async def test_it_serves_over_a_socket_and_stops_when_cancelled(rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = msgspec.structs.replace(rig.world.settings, port=port, hook="")
    serving = asyncio.create_task(run_simulator(settings, rig.clock))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        async with asyncio.timeout(10):
            while True:
                try:
                    state = await http.get("/_control/state", headers=CONTROL)
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.01)
    assert state.status_code == 200
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
