"""What is brought in later may have been said earlier: figures and screens go by when it was said."""

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.insight.store import session_figures
from huiyin.kernel.clock import to_ms
from huiyin.kernel.units import Seconds

from .stage import Stage
from .test_imports import brings_in, owner, table

__all__ = ["owner"]

ASKED = "2025-11-02 10:00:00,s1,jd_a,买家,,请问什么时候发货,"
ANSWERED = "2025-11-02 10:00:20,s1,jd_a,客服,客服小红,今天就发,"
THANKED = "2025-11-02 10:05:00,s1,jd_a,买家,,好的,"
RIGHT = (ASKED, ANSWERED, THANKED)
OPENED = to_ms(datetime.fromisoformat("2025-11-02T10:00:00+08:00"))


@pytest.mark.parametrize(
    "first",
    [
        (",s1,jd_a,买家,,请问什么时候发货,", ANSWERED, THANKED),
        (ASKED, ",s1,jd_a,客服,客服小红,今天就发,", THANKED),
        (ANSWERED, THANKED),
        (THANKED,),
    ],
    ids=["the question was refused first", "the answer was refused first", "an older month later", "the end first"],
)
async def test_a_fuller_file_gives_the_figures_of_the_whole(stage: Stage, owner: Any, first: tuple[str, ...]) -> None:
    await brings_in(owner, stage, table(*first))
    await stage.settle()
    stage.clock.advance(Seconds(60))
    await brings_in(owner, stage, table(*RIGHT))
    await stage.settle()
    await stage.worker.rounds.recounter.work()
    [row] = stage.rows(sa.select(session_figures))
    assert (row.opened_at, row.first_response_ms, row.first_by) == (OPENED, 20_000, "human")
    assert (row.messages_in, row.replies_human, row.turns) == (2, 1, 1)
    merchant = await stage.person("owner")
    shown = await merchant.opens(row.conversation)
    assert [each["text"] for each in shown["messages"]] == ["请问什么时候发货", "今天就发", "好的"]
    assert (shown["conversation"]["lastText"], shown["conversation"]["openedAt"]) == ("好的", "2025-11-02T02:00:00Z")
    assert await stage.worker.rounds.recounter.work() == 0, "once is enough"
