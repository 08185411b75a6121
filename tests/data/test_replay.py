"""Recorded sessions through the front door, both ways: every message in or out is stored once and inspected once."""

import os
from pathlib import Path

import pytest

from huiyin.cli import replay

SESSIONS = 515


def recorded() -> Path:
    """Return the file of sessions under HUIYIN_DATA: JSON lines with sid and turns[role, text]."""
    folder = os.environ.get("HUIYIN_DATA")
    if not folder:
        pytest.skip("HUIYIN_DATA is not set: make test-data HUIYIN_DATA=/folder")
    for file in sorted(Path(folder).rglob("*.jsonl")):
        try:
            if len(replay.read_sessions(file)) == SESSIONS:
                return file
        except replay.InvalidError:
            continue
    pytest.skip(f"HUIYIN_DATA={folder} holds no *.jsonl of {SESSIONS} sessions")


@pytest.mark.data
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", ["as-recorded", "customers-only"])
async def test_a_replay_balances(mode: str) -> None:
    file = recorded()
    turns = [turn for session in replay.read_sessions(file) for turn in session.turns]
    balance = await replay.run(replay.Wish(file, mode, 1, 0))
    assert balance.balanced, balance
    assert balance.sessions == SESSIONS
    customers = sum(turn.role == "customer" for turn in turns)
    if mode == "as-recorded":
        assert (balance.messages_in, balance.messages_out) == (len(turns), 0)
        assert (balance.answered_by_bot, balance.handed_over) == (0, 0)
    else:
        assert balance.messages_in == customers
        assert balance.answered_by_bot > 0
        assert balance.handed_over > 0
        assert balance.messages_out >= balance.answered_by_bot
