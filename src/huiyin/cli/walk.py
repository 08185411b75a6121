"""`huiyin walk`: one customer message from a signed delivery to the wall, each step with its room."""

import tempfile
from pathlib import Path
from typing import Any, cast

import httpx
from rich.console import Console

from huiyin.channels.jd.adapter import JdChannel
from huiyin.channels.posting import ClientPost
from huiyin.cli import founding
from huiyin.conversations.access import access_conversation
from huiyin.conversations.messages import messages
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.views import stream
from huiyin.insight import views as insight
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import from_ms
from huiyin.kernel.ids import TenantId
from huiyin.simulator.serving import Simulator
from huiyin.simulator.visits import Line
from huiyin.wiring import House, Settings, build
from huiyin.worker import Worker

WORDS = {
    "conversations.ConversationOpened": "会话开始",
    "conversations.MessageReceived": "收到消息：去重、遮蔽、密封、落盘",
    "conversations.Routed": "路由",
    "conversations.Queued": "进入排队",
    "conversations.HandedOver": "转人工",
    "conversations.ReplyApproved": "回复通过所有闸门",
    "conversations.ReplyHeld": "回复被拦截",
    "conversations.ReplyDelivered": "平台已送达",
    "quality.FindingRaised": "检查发现",
    "assist.Suggested": "建议已备好",
}


async def run(text: str) -> None:
    """Play one message against the simulated JD, in a house that is gone afterwards."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="huiyin-walk-") as folder:
        house = build(Settings(Path(folder)))
        try:
            await _walk(house, text, console)
        finally:
            house.close()


async def _walk(house: House, text: str, console: Console) -> None:
    state = await house.writer.do(founding.found, house.sealer)
    simulated = founding.simulator_settings(state, port=0, hook="http://walk.invalid", talking=0)
    simulator = Simulator(simulated, house.clock)
    post = ClientPost(httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", simulator.app))))
    shop = state.shops[0]
    line = JdChannel(founding.jd_settings(shop, simulated, "http://127.0.0.1"), house.clock, post=post)
    house.lines.by_shop[shop.id] = line
    world = simulator.world.shops[shop.id]
    customer = next(iter(world.customers))
    said = simulator.crowd.say(world, customer, Line(mt="text", text=text))
    raw = simulator.courier.body(world, [said])
    _step(console, "simulator", f"顾客说：{text}", f"签名的推送，{len(raw)} 字节")
    arrivals = [house.inbox.arriving(each, house.shops.all()[shop.id]) for each in line.read(raw, {})]
    _step(console, "channels.jd", "验签、验时、读成 Inbound", f"source id {arrivals[0].inbound.source_id}")
    received = await house.writer.do_with_others(house.inbox.receive, arrivals[0])
    await Worker(house).settle()
    with house.reading.connect() as connection:
        for recorded in stream(connection, house.catalogue, received.conversation, 0):
            _step(console, recorded.kind.partition(".")[0], WORDS.get(recorded.kind, recorded.kind), _detail(recorded))
    _answer(house, received.conversation, console)
    _wall(house, state, console)
    await line.close()
    await simulator.courier.close()


def _step(console: Console, room: str, what: str, detail: str = "") -> None:
    console.print(f"[cyan]{room:<14}[/] {what}  [dim]{detail}[/]")


def _detail(recorded: Recorded) -> str:
    said = {
        name: value
        for name in recorded.event.__struct_fields__
        if (value := getattr(recorded.event, name))
        and name in {"desk", "because", "reason", "sender", "rule", "skill", "count"}
    }
    told = "，".join(f"{name}={value}" for name, value in said.items())
    return f"v{recorded.version} {from_ms(recorded.at):%H:%M:%S.%f} {told}"


def _answer(house: House, conversation: str, console: Console) -> None:
    actor = Actor(ActorKind.SYSTEM, "walk", "walk", TenantId(""))
    with house.reading.connect() as connection:
        accessed = access_conversation(connection, conversation, actor=actor)
        found, _ = messages(connection, house.bodies, accessed, before=None, limit=10)
    for message in found:
        console.print(f"[cyan]{'web':<14}[/] [{message.sender}] {message.body.content.text}")
        for citation in message.body.citations:
            console.print(
                f"{'':<14}   [dim]依据 {citation.title}（{citation.ref}，{from_ms(citation.as_of):%Y-%m-%d}）[/]"
            )


def _wall(house: House, state: founding.DemoState, console: Console) -> None:
    shops = frozenset(each.id for each in state.shops)
    actor = Actor(ActorKind.SYSTEM, "walk", "walk", TenantId(""), frozenset(), shops)
    with house.reading.connect() as connection:
        wall = insight.wall(connection, house.shops.all(), house.clock.now(), house.people.names, actor=actor)
    told = "，".join(
        f"{figure.key}={'—' if value.value is None else round(value.value, 3)}" for figure, value in wall.all.figures
    )
    _step(console, "insight", "监控墙", told)
