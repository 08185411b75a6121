"""Words come in as they stand in the file, and all of them: whatever its encoding, its quotes and its ids."""

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.kernel.units import Seconds

from .stage import Person, Stage
from .test_imports import brings_in, owner, table

__all__ = ["owner"]

PLAIN = "时间,顾客,发送方,内容"
NUMBERED = "消息时间,会话编号,买家账号,发送方,消息内容,消息id"


async def texts(who: Person, stage: Stage) -> list[tuple[str, str]]:
    """Return what was brought in: whose session, by the moment it was opened, and the words."""
    c = store.conversation.c
    with stage.house.reading.connect() as connection:
        opened = connection.execute(sa.select(c.id, c.customer).order_by(c.opened_at)).all()
    people = list(dict.fromkeys(row.customer for row in opened))
    return [
        ("abcdef"[people.index(row.customer)], each["text"])
        for row in opened
        for each in (await who.opens(row.id))["messages"]
    ]


async def test_thanks_in_gb18030_stays_thanks(stage: Stage, owner: Person) -> None:
    lines = ("2025-11-02 10:00:00,jd_x,buyer,什么时候发货", "2025-11-02 10:01:00,jd_x,buyer,谢谢")
    quoted = '2025-11-02 10:02:00,jd_x,buyer,"好的\n谢谢"'
    await brings_in(owner, stage, table(*lines, quoted, header=PLAIN, encoding="gb18030"))
    assert [words for _, words in await texts(owner, stage)] == ["什么时候发货", "谢谢", "好的\n谢谢"]


async def test_a_word_that_begins_with_a_quote_swallows_no_other_customers_words(stage: Stage, owner: Person) -> None:
    lines = (
        '2025-11-02 10:01:00,jd_a,买家,"在吗', "2025-11-02 10:02:00,jd_b,买家,我的地址是上海",
        "2025-11-02 10:03:00,jd_c,买家,你好",
    )  # fmt: skip
    done = await brings_in(owner, stage, table(*lines, header=PLAIN))
    assert (done["fresh"], done["refused"], done["rowsRead"]) == (3, 0, 3)
    assert await texts(owner, stage) == [("a", '"在吗'), ("b", "我的地址是上海"), ("c", "你好")]


async def test_an_id_that_counts_from_one_in_each_session_loses_nobodys_words(stage: Stage, owner: Person) -> None:
    lines = (
        "2025-11-02 10:00:00,s1,jd_a,买家,甲说,1", "2025-11-02 10:00:20,s1,jd_a,买家,甲又说,2",
        "2025-11-02 10:00:30,s2,jd_b,买家,乙说,1", "2025-11-02 11:00:00,s3,jd_a,买家,甲说,1",
        "2025-11-02 11:00:00,s3,jd_a,买家,后一半,1",
    )  # fmt: skip
    said = [("a", "甲说"), ("a", "甲又说"), ("b", "乙说"), ("a", "甲说"), ("a", "后一半")]
    for fresh in (5, 0):
        done = await brings_in(owner, stage, table(*lines, header=NUMBERED))
        assert (done["fed"], done["fresh"], done["refused"]) == (5, fresh, 0)
        assert await texts(owner, stage) == said
        stage.clock.advance(Seconds(60))
    later = "2025-11-05 10:00:00,s9,jd_c,买家,丙说,1"
    assert (await brings_in(owner, stage, table(lines[2], later, header=NUMBERED)))["fresh"] == 1
    assert await texts(owner, stage) == [*said, ("c", "丙说")]


@pytest.mark.parametrize("again", ["2025-11-02 10:00,s1,jd_a,买家,甲说,u1", "2025-11-02 10:00:01,s1,jd_a,买家,甲说,u1"])
async def test_an_id_of_the_same_customer_and_minute_is_the_same_message(
    stage: Stage, owner: Person, again: str
) -> None:
    first = "2025-11-02 10:00:02,s1,jd_a,买家,甲说,u1"
    assert (await brings_in(owner, stage, table(first, header=NUMBERED)))["fresh"] == 1
    stage.clock.advance(Seconds(60))
    assert (await brings_in(owner, stage, table(again, first, header=NUMBERED)))["fresh"] == 0


async def test_an_id_of_somebody_who_was_erased_brings_nothing_of_theirs_back(stage: Stage, owner: Person) -> None:
    raw = table("2025-11-02 10:00:00,s1,jd_a,买家,甲说,1", "2025-11-02 10:05:00,s2,jd_b,买家,乙说,1", header=NUMBERED)
    assert (await brings_in(owner, stage, raw))["fresh"] == 2
    everybody = store.customer.update().values(ref_index=sa.literal("shredded:") + store.customer.c.id)
    stage.house.writer.run(lambda uow: uow.connection.execute(everybody))  # as shredding leaves them
    stage.clock.advance(Seconds(60))
    assert (await brings_in(owner, stage, raw))["fresh"] == 0
