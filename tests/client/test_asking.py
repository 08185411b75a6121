"""The client tries again what is safe to try again, and says of everything else what to do."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from huiyin_client import (
    ConflictError,
    Huiyin,
    HuiyinError,
    InvalidError,
    NotFoundError,
    RefusedError,
    SecondFactorError,
    SignInError,
    TemporaryError,
    TooManyError,
    UnknownOutcomeError,
    calls,
)
from huiyin_client.calls import Call

WALL = {"asOf": "2026-06-01T04:00:00Z", "day": "2026-06-01", "figures": [], "shops": [], "agents": [], "newer": 1}
ACCOUNT = {"shop": {"id": "s", "name": "店"}, "account": "a", "person": None, "messages": 0}
SITS = calls.map_account("s", "a", "p", datetime(2026, 6, 1, tzinfo=UTC))
BARE = Call[dict[str, int]]("POST", "/api/made-up", dict[str, int], body={}, safe=False)


class Server:
    """Answers as a story says, one answer a call."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers, self.asked, self.slept = list(answers), list[httpx.Request](), list[float]()
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        self.huiyin = Huiyin("http://server.invalid/", "hy_x", client=client, sleep=self.slept.append)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = self.answers.pop(0)
        if isinstance(told, Exception):
            raise told
        return told


def problem(status: int, **said: object) -> httpx.Response:
    return httpx.Response(status, json={"type": "", "title": "不行", "status": status, "detail": "这样做", **said})


def test_an_answer_is_typed_and_what_is_newer_is_left_out() -> None:
    server = Server(httpx.Response(200, json=WALL))
    assert server.huiyin.ask(calls.wall(shop="店")).day == "2026-06-01"
    [asked] = server.asked
    assert (asked.url.path, asked.url.params["shop"]) == ("/api/wall", "店")
    assert asked.headers["authorization"] == "Bearer hy_x"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidError), (401, SignInError), (403, SecondFactorError), (404, NotFoundError), (409, ConflictError),
        (422, RefusedError), (413, RefusedError), (502, UnknownOutcomeError), (500, TemporaryError),
    ],
)  # fmt: skip
def test_a_refusal_is_an_exception_with_its_remedy_and_is_not_repeated(status: int, kind: type[HuiyinError]) -> None:
    server = Server(problem(status, code="because"))
    with pytest.raises(kind) as refused:
        server.huiyin.ask(calls.wall())
    error = refused.value
    assert type(error) is kind
    assert (error.status, error.code, error.title, error.remedy) == (status, "because", "不行", "这样做")
    assert len(server.asked) == 1


def test_a_page_of_somebody_elses_is_told_by_its_status() -> None:
    with pytest.raises(UnknownOutcomeError) as refused:
        Server(httpx.Response(502, text="<html>bad gateway")).huiyin.ask(calls.wall())
    assert (refused.value.status, refused.value.title) == (502, "HTTP 502")


def test_what_is_temporary_is_tried_again_after_the_pause_that_was_asked_for() -> None:
    server = Server(problem(429, retryAfter=7), problem(503), httpx.ConnectError("x"), httpx.Response(200, json=WALL))
    server.huiyin.ask(calls.wall())
    assert server.slept == [7, 2.0, 8.0]


def test_after_four_attempts_it_is_told() -> None:
    server = Server(*[problem(503)] * 4)
    with pytest.raises(TemporaryError):
        server.huiyin.ask(calls.wall())
    away = Server(*[httpx.ConnectError("x")] * 4)
    with pytest.raises(TemporaryError):
        away.huiyin.ask(calls.wall())
    assert (len(server.asked), len(away.asked)) == (4, 4)


def test_who_is_to_wait_long_is_told_at_once() -> None:
    server = Server(problem(429, retryAfter=3600))
    with pytest.raises(TooManyError) as refused:
        server.huiyin.ask(calls.wall())
    assert (refused.value.retry_after, server.slept) == (3600, [])


def test_what_makes_something_is_repeated_under_one_key_drawn_for_each_call() -> None:
    running = problem(409, code="idempotency_running", retryAfter=1)
    server = Server(httpx.ReadTimeout("x"), running, *[httpx.Response(200, json=ACCOUNT)] * 2)
    server.huiyin.ask(SITS)
    server.huiyin.ask(SITS)
    keys = [each.headers["idempotency-key"] for each in server.asked]
    assert len(keys) == 4
    assert len(set(keys[:3])) == 1
    assert keys[3] != keys[0]


def test_what_may_have_arrived_and_has_no_key_is_not_repeated() -> None:
    server = Server(httpx.ReadTimeout("x"))
    with pytest.raises(UnknownOutcomeError):
        server.huiyin.ask(BARE)
    never_left = Server(httpx.ConnectError("x"), httpx.Response(200, json={}))
    assert never_left.huiyin.ask(BARE) == {}
    assert "idempotency-key" not in never_left.asked[0].headers


def test_a_long_list_is_read_page_by_page() -> None:
    row = {"place": 1, "row": 2, "field": "time", "code": "time_empty"}
    pages = [{"rows": [row], "nextCursor": "7"}, {"rows": [row, row], "nextCursor": None}]
    server = Server(*(httpx.Response(200, json=each) for each in pages))
    assert len(list(server.huiyin.each(calls.refused_rows("f", limit=2)))) == 3
    assert [dict(each.url.params) for each in server.asked] == [{"limit": "2"}, {"limit": "2", "cursor": "7"}]


def test_an_answer_of_another_shape_says_so() -> None:
    with pytest.raises(HuiyinError, match="another shape"):
        Server(httpx.Response(200, json=[])).huiyin.ask(calls.wall())


@pytest.mark.parametrize("ends", [lambda huiyin: huiyin.close(), lambda huiyin: huiyin.__exit__(None, None, None)])
def test_connections_are_let_go_of(ends: Callable[[Huiyin], None]) -> None:
    server = Server(httpx.Response(200, json=WALL))
    ends(server.huiyin)
    with pytest.raises(RuntimeError, match="closed"):
        server.huiyin.ask(calls.wall())
