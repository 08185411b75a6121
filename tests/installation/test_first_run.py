"""From nothing to a customer's first message on an agent's desk: without the demo, in a minute of machine time."""

import asyncio
import threading
import time
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from huiyin.kernel.clock import SystemClock
from huiyin.simulator.serving import run_simulator
from huiyin.simulator.settings import ShopSeed, SimulatorSettings

from .conftest import Place, Serving, free_port, until

PASSWORD = "correct horse battery 回音"
OURS = {"X-Huiyin": "1"}


@contextmanager
def simulated_jd() -> Iterator[SimulatorSettings]:
    """Run a JD whose one shop is only read, with customers who write."""
    seed = ShopSeed(
        shop="unknown-to-jd", name="回音数码专卖店", vender_id="100303", kind="digital",
        access_token="access-of-the-shop", refresh_token="refresh-of-the-shop", dd_token="", pushes=False,
    )  # fmt: skip
    settings = SimulatorSettings(
        app_key="shop-app", app_secret="shop-secret", shops=(seed,), port=free_port(), talking=3,
        arrivals_per_minute=600.0, pace=20.0,
    )  # fmt: skip
    loop = asyncio.new_event_loop()
    running = loop.create_task(run_simulator(settings, SystemClock()))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(running)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield settings
    finally:
        loop.call_soon_threadsafe(running.cancel)
        thread.join()
        loop.close()


class Browser:
    """Somebody at the door, with cookies of their own."""

    def __init__(self, serving: Serving) -> None:
        self.http = httpx.Client(base_url=serving.http.base_url, headers=OURS, timeout=20)

    def posts(self, path: str, **data: object) -> Any:
        answer = self.http.post(path, json=data)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def puts(self, path: str, **data: object) -> None:
        answer = self.http.put(path, json=data)
        assert answer.is_success, answer.text

    def accepts(self, link: str) -> None:
        token = link.strip().partition("#")[2]
        self.posts("/api/welcome/accept", token=token, password=PASSWORD)

    def signs_in(self, login: str) -> None:
        self.posts("/api/session", login=login, password=PASSWORD)

    def sets_a_second_factor(self) -> None:
        secret = self.posts("/api/account/totp", password=PASSWORD)["secret"]
        app = TOTP(b32decode(secret), 6, SHA1(), 30)  # what authenticator apps use
        self.posts("/api/account/totp/confirm", code=app.generate(int(time.time())).decode())


def test_an_owner_gets_from_nothing_to_the_first_message(place: Place) -> None:
    link = place.begins()
    with simulated_jd() as jd:
        place.adds(
            f'[addresses.jd]\ngateway_url = "http://127.0.0.1:{jd.port}/routerjson"\n'
            f'oauth_url = "http://127.0.0.1:{jd.port}/oauth2/refresh_token"\n'
        )
        with place.serves() as serving:
            owner = Browser(serving)
            owner.accepts(link)
            owner.signs_in("owner")
            owner.sets_a_second_factor()
            settings = {
                "vender_id": "100303", "app_key": "shop-app", "app_secret": "shop-secret",
                "access_token": "access-of-the-shop", "refresh_token": "refresh-of-the-shop",
            }  # fmt: skip
            made = owner.posts("/api/connections", name="回音数码专卖店", platform="jd", settings=settings)
            assert (made["state"], made["tier"]) == ("open", "read")
            tried = owner.posts(f"/api/connections/{made['shop']['id']}/test")
            assert tried["ok"], tried
            invited = owner.posts("/api/people", name="小林", login="lin", roles=["agent"], skills=[], capacity=5)
            agent = Browser(serving)
            agent.accepts(invited["path"])
            agent.signs_in("lin")
            agent.puts("/api/desk/presence", state="online")

            def desk() -> list[Any]:
                conversations: list[Any] = agent.http.get("/api/desk/conversations?tab=mine").json()["conversations"]
                return conversations

            until(desk)
            chat = agent.http.get(f"/api/desk/conversations/{desk()[0]['id']}").json()
            assert chat["messages"][0]["text"]
            (state,) = owner.http.get("/api/connections").json()
            assert state["polledAt"] is not None
            assert state["trouble"] is None
            for each in (owner, agent):
                each.http.close()
            assert serving.ends() == 0
