"""The door's own defences: what every answer carries, and what a foreign page cannot make a browser do."""

import logging
import re
from dataclasses import replace

import pytest

from huiyin.web import traffic

from .founding import PASSWORD
from .stage import HUIYIN, Stage

HOST = "huiyin.invalid"
PATHS = ["/", "/sign-in", "/api/health", "/api/session", "/api/no/such/page", "/no-such-file", "/hooks/jd/no-such-shop"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_headers_refusals_included(stage: Stage, path: str) -> None:
    answer = await stage.client().get(path)
    headers = answer.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers  # over plain http a browser ignores it
    csp = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
    assert csp["script-src"] == "'self'"
    assert "unsafe-inline" not in csp["style-src"]
    assert (csp["object-src"], csp["frame-ancestors"], csp["default-src"]) == ("'none'", "'none'", "'self'")
    assert len(headers.get_list("content-security-policy")) == 1
    if path.startswith("/api"):
        assert headers["cache-control"] == "no-store"


async def test_the_page_has_a_nonce_of_its_own_each_time_and_no_script_inline(stage: Stage) -> None:
    seen = set()
    for _ in range(2):
        answer = await stage.client().get("/")
        if answer.status_code == 503:
            pytest.skip("the console is not built")
        nonce = re.search(r"style-src 'self' 'nonce-([\w-]{20,})'", answer.headers["content-security-policy"])
        assert nonce
        assert f'nonce="{nonce[1]}"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert re.findall(r"<script(?![^>]*\ssrc=)", answer.text) == []
        assert re.findall(r"\son\w+=", answer.text) == []
        seen.add(nonce[1])
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("proxies", "scheme", "told", "secure"),
    [
        (0, "https", "", True),
        (0, "http", "", False),
        (0, "http", "https", False),
        (1, "http", "https", True),
        (1, "https", "http", False),
    ],
)
async def test_https_is_believed_where_we_see_it_or_our_own_proxy_says_so(
    stage: Stage, proxies: int, scheme: str, told: str, secure: bool
) -> None:
    stage.house.settings = replace(stage.house.settings, proxies=proxies)
    headers = {"X-Forwarded-Proto": told} if told else {}
    answer = await stage.client(**headers).post(
        f"{scheme}://{HOST}/api/session", json={"login": "lin", "password": PASSWORD}
    )
    assert ("strict-transport-security" in answer.headers) is secure
    assert answer.headers["set-cookie"].startswith("__Host-") is secure


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a program"),
        pytest.param({"Origin": HUIYIN, "Sec-Fetch-Site": "same-origin"}, 200, id="our page"),
        pytest.param({"Sec-Fetch-Site": "none"}, 200, id="the person themselves"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="another site"),
        pytest.param({"Origin": f"http://{HOST}.evil.example"}, 403, id="a name that begins like ours"),
        pytest.param({"Origin": "null"}, 403, id="a sandboxed page"),
        pytest.param({"Origin": f"http://{HOST}:8600"}, 403, id="another port"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="cross-site, as the browser says"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a neighbour under the same name"),
    ],
)
async def test_a_write_comes_from_our_own_pages_only(stage: Stage, headers: dict[str, str], status: int) -> None:
    lin = await stage.person("lin")
    answer = await lin.http.put("/api/desk/presence", json={"state": "busy"}, headers=headers)
    assert answer.status_code == status
    assert (await lin.get("/api/session"))["presence"] == ("busy" if status == 200 else "offline")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/nothing/deep", "/api/desk/nothing"])
async def test_a_program_that_lost_its_way_is_told_so_in_its_own_language(stage: Stage, path: str) -> None:
    answer = await stage.client().get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404


async def test_headers_without_end_are_refused(stage: Stage) -> None:
    answer = await stage.client(**{"X-Long": "x" * 40_000}).get("/api/health")
    assert answer.status_code == 431
    assert "32 KiB" in answer.json()["title"]


async def test_what_a_browser_says_of_itself_comes_back_in_our_words_only(stage: Stage) -> None:
    client = stage.client(**{"User-Agent": "<script>alert(1)</script> Firefox/130 (Windows NT)"})
    await client.post("/api/session", json={"login": "lin", "password": PASSWORD})
    found = (await client.get("/api/account/sessions")).json()
    assert [each["device"] for each in found] == ["Firefox · Windows"]


async def test_an_address_that_leads_nowhere_shows_a_person_the_console_and_a_program_a_problem(stage: Stage) -> None:
    reader = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, status in (("/", 200), ("/nowhere", 404), ("/no/such/page", 404)):
        page = await stage.client().get(path, headers=reader)
        assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8"), path
        assert "nonce-" in page.headers["content-security-policy"]
    for path in ("/nowhere", "/no/such/page"):
        program = await stage.client().get(path, headers={"Accept": "application/json"})
        assert (program.status_code, program.headers["content-type"]) == (404, "application/problem+json"), path
    for path in ("/api/nowhere", "/assets/nowhere.js", "/hooks/jd/nowhere/more"):
        answer = await stage.client().get(path, headers=reader)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


async def test_an_answer_that_took_long_is_told_in_the_log_by_its_route_alone(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "SLOW_SECONDS", -1.0)
    with caplog.at_level(logging.WARNING, logger=traffic.__name__):
        await stage.client().get("/api/desk/conversations/somebody-s-id?tab=13712348765")
    assert [each.getMessage() for each in caplog.records if each.name == traffic.__name__] == [
        "GET /api/desk/conversations/{conversation} took 0.0 s"
    ]
