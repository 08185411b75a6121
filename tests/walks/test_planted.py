"""Faults planted in the door, so that the tests about it are known to see them."""

import pytest

from huiyin.org import attempts
from huiyin.web import app, guarding, live
from huiyin.web.serving import PunctualProtocol
from huiyin.web.socket import MOST_FRAME

from . import test_server
from .screens import Tab
from .stage import Stage
from .test_door import test_a_write_comes_from_our_own_pages_only as foreign_writes_are_refused
from .test_door import test_every_answer_carries_the_headers_refusals_included as answers_are_dressed
from .test_frames import test_a_frame_too_long_closes_with_4413 as long_frames_are_refused
from .test_frames import test_no_frame_breaks_anything_or_shows_what_is_somebody_elses as strangers_see_nothing
from .test_guessing import test_a_hundred_guesses_at_once_are_counted_one_by_one as guesses_are_counted
from .test_live import hub
from .test_server import test_whoever_takes_their_time_is_hung_up_on as dawdlers_are_hung_up_on

__all__ = ["hub"]  # a fixture


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


async def test_the_harness_sees_a_frame_without_end_that_is_taken(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.web.socket.MOST_FRAME", 10 * MOST_FRAME)
    monkeypatch.setattr(Tab, "patience", 0.3)
    with pytest.raises(TimeoutError):
        await long_frames_are_refused(stage)


async def test_the_harness_sees_a_screen_that_is_shown_what_is_somebody_elses(
    stage: Stage, hub: live.Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "may_see", lambda _conversation, _actor: True)
    with pytest.raises(AssertionError):
        await strangers_see_nothing(stage, hub)


async def test_the_harness_sees_guesses_that_cost_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.org.proving.password_matches", lambda *_: False)
    monkeypatch.setattr(attempts, "delay_ms", lambda _kind, _number: 0)
    with pytest.raises(AssertionError):
        await guesses_are_counted(stage)


async def test_the_harness_sees_a_connection_that_is_held_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_server, "PATIENCE_SECONDS", 1)
    monkeypatch.setattr(PunctualProtocol, "_wait", lambda _self, _seconds: None)
    with pytest.raises(TimeoutError):
        await dawdlers_are_hung_up_on(stage, "says nothing", monkeypatch)
