"""Whatever comes in through the socket: no crash, nothing of anybody else's, closed with the code that says why."""

import asyncio
import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from huiyin.kernel.ids import new_id
from huiyin.web import live
from huiyin.web.identity import COOKIE
from huiyin.web.pace import SIGNED_IN, Buckets
from huiyin.web.socket import MOST_FRAME

from .doors import NO_LIMIT
from .screens import Tab, tab_of
from .stage import Stage
from .test_live import hub

__all__ = ["hub"]  # a fixture

TIMES = int(os.environ.get("HUIYIN_FUZZ", "1"))

UNREADABLE = {
    "no JSON": "hello",
    "half": '{"type": "resume"',
    "a list": "[]",
    "a number": "1e999",
    "no type": "{}",
    "a number for a type": '{"type": 7}',
    "a version below nothing": '{"type": "resume", "open": {"x": -1}}',
    "a version beyond all": '{"type": "resume", "open": {"x": 9007199254740993}}',
    "a version that is text": '{"type": "resume", "open": {"x": "1"}}',
    "open as a list": '{"type": "resume", "open": ["x"]}',
    "nested without end": '{"type": "resume", "x": ' + "[" * 30_000 + "]" * 30_000 + "}",
    "nested without end, as objects": '{"type": "resume", "x": ' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "}",
    "half a letter": '{"type": "\\ud800"}',
    "nothing": "",
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_a_frame_that_cannot_be_read_closes_with_4400(stage: Stage, name: str) -> None:
    tab = await tab_of(await stage.person("lin"))
    tab.says_raw(UNREADABLE[name])
    assert await tab.is_closed_with() == 4400
    await tab.leaves()


async def test_a_binary_frame_is_none_of_ours(stage: Stage) -> None:
    tab = await tab_of(await stage.person("lin"))
    tab.says_bytes(b'{"type": "pong"}')
    assert await tab.is_closed_with() == 4400
    await tab.leaves()


async def test_a_frame_too_long_closes_with_4413(stage: Stage) -> None:
    tab = await tab_of(await stage.person("lin"))
    tab.says(type="x" * MOST_FRAME)
    assert await tab.is_closed_with() == 4413
    await tab.leaves()


async def test_whoever_is_silent_is_closed_with_4408(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.web.socket.SILENCE_SECONDS", 0.05)
    tab = await tab_of(await stage.person("lin"))
    assert await tab.is_closed_with() == 4408
    await tab.leaves()


async def test_a_flood_of_frames_closes_with_4429_and_nobody_else_feels_it(stage: Stage) -> None:
    lin, mei = await stage.person("lin"), await stage.person("mei")
    other, tab = await tab_of(mei), await tab_of(lin)
    for _ in range(int(SIGNED_IN.burst) + 50):
        tab.says(type="resume", open={new_id(): 0 for _ in range(20)}, wall=True)
    assert await tab.is_closed_with() == 4429
    other.says(type="resume", tab="waiting")
    await other.hears("list")
    for each in (tab, other):
        await each.leaves()


frames = st.one_of(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["resume", "pong", "subscribe", "", "\x00"])},
        optional={
            "open": st.dictionaries(st.one_of(st.text(max_size=80), st.sampled_from(["theirs", "ours"])),
                                    st.integers(0, 2**53), max_size=60),
            "wall": st.booleans(),
            "tab": st.text(max_size=20),
            "actor": st.text(max_size=5), "shop": st.text(max_size=5), "topic": st.text(max_size=5),
        },
    ),
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=20),
                 lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
                 max_leaves=12),
    st.text(max_size=200),
)  # fmt: skip


@pytest.mark.timeout(60 + 60 * TIMES)
async def test_no_frame_breaks_anything_or_shows_what_is_somebody_elses(stage: Stage, hub: live.Hub) -> None:
    stage.app.state.paces = Buckets(NO_LIMIT)
    stranger, lin = await stage.agent("stranger"), await stage.agent()
    ours, theirs = stage.customer("direct"), stage.customer("foreign")
    await ours.says("我的暗号是芝麻开门")
    await theirs.says("在吗")
    await stage.settle()
    loop, seen = asyncio.get_running_loop(), []
    codes: set[int] = set()

    async def speak(frame: Any) -> None:
        tab = await Tab(stage, cookie=stranger.http.cookies[COOKIE]).connects()
        await tab.hears("hello")
        text = frame if isinstance(frame, str) else json.dumps(frame)
        text = text.replace('"theirs"', f'"{ours.conversation}"').replace('"ours"', f'"{theirs.conversation}"')
        tab.says_raw(text)
        tab.says(type="resume", open={ours.conversation: 0}, wall=True, tab="waiting")
        codes.add(await tab.is_closed_or_hears("list"))
        await asyncio.sleep(0.005)
        await tab.leaves()
        seen.extend(tab.frames)

    def said(frame: Any) -> None:
        asyncio.run_coroutine_threadsafe(speak(frame), loop).result(30)

    test = settings(
        max_examples=40 * TIMES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )(seed(20260601)(given(frames)(said)))  # fmt: skip
    await asyncio.to_thread(test)
    assert codes == {0, 4400}
    spy, own = await tab_of(stranger), await tab_of(lin)
    for tab in (spy, own):
        tab.says(type="resume", open={ours.conversation: 0}, wall=True, tab="waiting")
        await tab.hears("list")
    await ours.says("芝麻芝麻")
    await own.hears(lambda frame: "芝麻芝麻" in json.dumps(frame, ensure_ascii=False))
    await spy.hears("wall")  # both were served in turn: what she was shown, the stranger was not
    for tab in (spy, own):
        await tab.leaves()
    shown = json.dumps([*seen, *spy.frames], ensure_ascii=False)
    assert ours.conversation not in shown
    assert "芝麻" not in shown
