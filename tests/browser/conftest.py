"""Lend a running demo and a browser page to the tests; both are ended by the fixtures that began them."""

import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, sync_playwright

START_SECONDS = 90
SAID = "said.txt"
SIZE: ViewportSize = {"width": 1440, "height": 900}
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Demo(NamedTuple):
    """A running demo: where it answers, the password of its logins, and the window of its simulated platform."""

    address: str
    password: str
    window: str
    folder: Path

    def damages(self, table: str, column: str) -> int:
        """Write what no number can be added to into the rows of open sessions; return how many there were."""
        with sqlite3.connect(self.folder / "huiyin.db", timeout=10) as database:
            query = f"UPDATE {table} SET {column} = 'x' WHERE closed_at IS NULL"
            return database.execute(query).rowcount

    def mends(self, table: str, column: str) -> None:
        """Undo the damage."""
        with sqlite3.connect(self.folder / "huiyin.db", timeout=10) as database:
            database.execute(f"UPDATE {table} SET {column} = 1 WHERE {column} = 'x'")

    def hears_in_full(self, text: str) -> str:
        """Let a new customer of the first shop say something; return who, once their session is counted."""
        before = self._open_sessions()
        pin = self.hears(text)
        deadline = time.monotonic() + START_SECONDS
        while self._open_sessions() == before:
            assert time.monotonic() < deadline, "the customer's words did not arrive"
            time.sleep(0.1)
        return pin

    def hears(self, text: str, *, customer: str = "", shop: str = "", **line: str) -> str:
        """Let a customer say something and no more; return who. Without names: a new one, in the first shop."""
        pin = customer or f"jd_{secrets.token_hex(4)}"
        self._control("say", shop=self._shop(shop), customer=pin, text=text, **line)
        return pin

    def welcomes(self, scenario: str) -> None:
        """Let a customer of the first shop come with an errand, answer what they are answered, and leave."""
        self._control("visit", shop=self._shop(""), scenario=scenario)

    def ends(self, *, all_of_them: bool = False) -> None:
        """Let the team lead end the conversations in which customers told something personal, or all that are open."""
        told = "SELECT DISTINCT conversation FROM message WHERE original IS NOT NULL AND sender = 'customer'"
        left = "SELECT id FROM conversation WHERE closed_at IS NULL"
        with sqlite3.connect(self.folder / "huiyin.db", timeout=10) as database:
            talks = [talk for (talk,) in database.execute(left if all_of_them else told)]
        with httpx.Client(base_url=self.address, headers={"X-Huiyin": "1"}) as lead:
            lead.post("/api/session", json={"login": "lead", "password": self.password}).raise_for_status()
            for talk in talks:
                closed = lead.post(f"/api/desk/conversations/{talk}/close", json={"reason": "solved"})
                # Another merchant's are not the lead's to end.
                assert closed.status_code in {200, 201, 204, 404, 409}, closed.text
            lead.delete("/api/session")

    def _open_sessions(self) -> int:
        with sqlite3.connect(self.folder / "huiyin.db", timeout=10) as database:
            query = "SELECT count(*) FROM session_figures WHERE closed_at IS NULL"
            return int(database.execute(query).fetchone()[0])

    def _shop(self, name: str) -> str:
        shops = json.loads((self.folder / "demo.json").read_bytes())["shops"]
        return next(str(shop["id"]) for shop in shops if name in shop["seed"]["name"])

    def _control(self, what: str, **data: str) -> dict[str, str]:
        head, _, port = self.address.rpartition(":")
        answer = httpx.post(f"{head}:{int(port) + 1}/_control/{what}", json=data, headers={"x-control": "1"})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def plants(self, **faults: object) -> None:
        """Plant mischief at the simulated platform; what is not named is off."""
        head, _, port = self.address.rpartition(":")
        answer = httpx.put(f"{head}:{int(port) + 1}/_control/faults", json=faults, headers={"x-control": "1"})
        assert answer.status_code == 200, answer.text


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the demo wrote last beside a test that failed: what the page waited for is seldom on the page."""
    report = yield
    demo = getattr(item, "funcargs", {}).get("demo")
    if report.failed and isinstance(demo, Demo):
        said = (demo.folder.parent / SAID).read_text()
        report.sections.append(("The demo's last words", said.partition("Ctrl-C")[2][-6000:]))
    return report


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start `huiyin demo` in a folder of its own and end it with Ctrl-C, as a person would.

    Nobody comes by chance: each test brings the customers it is about, and waits for no other.
    """
    folder = tmp_path_factory.mktemp("demo")
    # Two that look for a free port at the same moment would find the same one.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    said = folder / SAID
    command = [sys.executable, "-c", "from huiyin.cli.entry import main; main()"]
    options = ["demo", "--port", str(8690 + 20 * worker), "--talking", "0", "--folder", str(folder / "data")]
    with said.open("w") as out:
        process = subprocess.Popen([*command, *options], stdout=out, stderr=subprocess.STDOUT)
    try:
        yield _announced(process, said, folder / "data")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0, said.read_text()[-2000:]


def _announced(process: "subprocess.Popen[bytes]", said: Path, data: Path) -> Demo:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        text = said.read_text()
        address, password = re.search(r"http://127\.0\.0\.1:\d+", text), re.search(r"^agent +(\S+)", text, re.MULTILINE)
        window = re.search(r"http://127\.0\.0\.1:\d+/dongdong", text)
        if address and password and window and "Ctrl-C" in text:
            return Demo(address[0], password[1], window[0], data)
        time.sleep(0.1)
    pytest.fail(f"the demo did not start: {said.read_text()[-2000:]}")


@pytest.fixture
def empty_desks(demo: Demo) -> None:
    """End what earlier stories left open: whoever has least is given the next customer, and that is to be the agent."""
    demo.ends(all_of_them=True)


def sessions(page: Page, demo: Demo) -> list[dict[str, str]]:
    """Return today's sessions as whoever is signed in finds them on the wall, whoever answers them."""
    rows = page.request.get(f"{demo.address}/api/wall/rows?figure=sessions").json()["rows"]
    return [dict(each) for each in rows]


@pytest.fixture
def page(browser_path: str) -> Iterator[Page]:
    """Open a page and fail the test on any error the page itself reports."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        # Nothing moves: what is pressed while it still moves is missed by a hand that is quicker than people's.
        context = browser.new_context(viewport=SIZE, locale="zh-CN", reduced_motion="reduce")
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        yield page
        browser.close()
        assert errors == []
