"""A second factor for one of the demo's people, set up and taken away again: the demo serves all these tests."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import APIRequestContext, Page

from .conftest import Demo

STEP_SECONDS = 30
OURS = {"X-Huiyin": "1"}


class Factor:
    """Somebody's authenticator app, and a session of theirs elsewhere by which it was set up."""

    def __init__(self, demo: Demo, request: APIRequestContext, login: str) -> None:
        self._demo, self._request = demo, request
        self._step = 0
        self.does("session", login=login, password=demo.password)
        secret = base64.b32decode(self.does("account/totp", password=demo.password)["secret"])
        self._app = TOTP(secret, 6, SHA1(), STEP_SECONDS)  # what every authenticator app speaks
        self.does("account/totp/confirm", code=self.code())

    def code(self) -> str:
        """Return a code that was not used yet: each opens once, one step early or late is let pass."""
        now = time.time()
        # One that is late already may be too late by the time it arrives.
        early_in_its_step = now % STEP_SECONDS < STEP_SECONDS / 2
        self._step = max(self._step + 1, int(now) // STEP_SECONDS - early_in_its_step)
        while self._step > int(time.time()) // STEP_SECONDS + 1:
            time.sleep(1)
        return self._app.generate(self._step * STEP_SECONDS).decode()

    def does(self, what: str, **data: object) -> dict[str, str]:
        """Ask for something in the session elsewhere."""
        answer = self._request.post(f"{self._demo.address}/api/{what}", data=data, headers=OURS)
        assert answer.ok, answer.text()
        return dict(answer.json())


@contextmanager
def second_factor(page: Page, demo: Demo, login: str) -> Iterator[Factor]:
    """Lend somebody a second factor, set up from another browser of theirs."""
    assert page.context.browser
    elsewhere = page.context.browser.new_context()
    factor = Factor(demo, elsewhere.request, login)
    try:
        yield factor
    finally:
        factor.does("account/totp/remove", code=factor.code())
        elsewhere.close()
