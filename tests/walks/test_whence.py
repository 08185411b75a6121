"""Whose address it is where a proxy adds a line of its own, and who speaks https to whom."""

from dataclasses import replace
from typing import Any

import pytest
from litestar.connection import ASGIConnection

from huiyin.web.whence import address_of, is_secure

from .stage import Stage


def asked(stage: Stage, proxies: int, *lines: tuple[str, str]) -> ASGIConnection[Any, Any, Any, Any]:
    stage.house.settings = replace(stage.house.settings, proxies=proxies)
    scope: Any = {
        "type": "http", "headers": [(name.encode(), value.encode()) for name, value in lines],
        "client": ("127.0.0.1", 1), "litestar_app": stage.app, "app": stage.app, "scheme": "http", "method": "GET",
        "path": "/", "query_string": b"",
    }  # fmt: skip
    return ASGIConnection(scope)


async def test_a_line_of_a_strangers_own_is_not_taken_for_the_proxys(stage: Stage) -> None:
    lines = (("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9"))
    assert address_of(asked(stage, 1, *lines)) == "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "told", "secure"),
    [(1, ["https", "http"], False), (1, ["http", "https"], True), (2, ["https", "http"], True), (0, ["https"], False)],
    ids=["a stranger says https", "our proxy says https", "our outer proxy says https", "we have no proxy"],
)
async def test_https_is_what_our_outermost_proxy_says(
    stage: Stage, proxies: int, told: list[str], secure: bool
) -> None:
    lines = [("x-forwarded-proto", each) for each in told]
    assert is_secure(asked(stage, proxies, *lines)) is secure
