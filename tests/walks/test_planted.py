"""Faults planted in the door, so that the tests about it are known to see them."""

import pytest

from huiyin.web import app, guarding

from .stage import Stage
from .test_door import test_a_write_comes_from_our_own_pages_only as foreign_writes_are_refused
from .test_door import test_every_answer_carries_the_headers_refusals_included as answers_are_dressed


async def test_the_harness_sees_a_dropped_check_of_where_writes_come_from(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = {"Origin": "https://evil.example"}
    await foreign_writes_are_refused(stage, evil, 403)
    monkeypatch.setattr(guarding, "_refuse_foreign_writes", lambda _connection: None)
    with pytest.raises(AssertionError):
        await foreign_writes_are_refused(stage, evil, 403)


async def test_the_harness_sees_an_answer_that_is_not_dressed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await answers_are_dressed(stage, "/api/health")

    async def forgets(_message: object, _scope: object) -> None:
        """Put no header on anything."""

    monkeypatch.setattr(app, "dress", forgets)
    stage.app = app.create_app(stage.house)
    with pytest.raises(KeyError):
        await answers_are_dressed(stage, "/api/health")
