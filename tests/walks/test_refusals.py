"""What was refused, and every step towards customers' data, stands in the audit; nothing a message costs is added."""

from typing import Any

import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.units import Seconds
from huiyin.kernel.wire import decode

from .codes import with_second_factor
from .founding import PASSWORD, key
from .stage import Customer, Stage
from .test_people import PEOPLE, there
from .test_welcome import NEW, OWN, accepts, strong

AGENT = {"name": "x", "login": "xx", "roles": ["agent"]}


class Written:
    """The audit's entries since the last look."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._seen = len(self._all())

    def _all(self) -> list[Any]:
        return self.stage.rows(sa.select(audit_entry).order_by(audit_entry.c.seq))

    def new(self) -> list[tuple[str, str, str]]:
        """Return action, outcome and why of what is new."""
        found, self._seen = self._all()[self._seen :], len(self._all())
        return [(row.action, row.outcome, decode(row.detail).get("why", "")) for row in found]

    def last(self) -> Any:
        """Return the newest entry."""
        return self._all()[-1]


async def test_a_right_that_is_not_ones_own_is_written_down_once_a_minute(stage: Stage) -> None:
    lin, owner = await stage.person("lin"), await stage.person("owner")
    written = Written(stage)
    for _ in range(5):
        assert (await lin.http.post(PEOPLE, json=AGENT)).status_code == 404
    assert written.new() == [("right.refused", "refused", "right")]
    entry = written.last()
    assert (entry.actor, decode(entry.detail)["right"]) == (f"person:{lin.id}", "person:write")
    assert (await owner.http.post(there(stage, "auditor", "/deactivate"))).status_code == 403
    assert written.new() == [("right.unproven", "refused", "second_factor")]
    assert decode(written.last().detail)["person"] == stage.founded.people["auditor"]
    stage.clock.advance(Seconds(61))
    await lin.http.post(PEOPLE, json=AGENT)
    assert written.new() == [("right.refused", "refused", "right")]


async def test_a_page_somebody_strays_to_is_no_entry(stage: Stage) -> None:
    viewer = await stage.person("auditor")
    written = Written(stage)
    for path in ("/api/wall", "/api/desk/conversations", "/api/no-such-page"):
        assert (await viewer.http.get(path)).status_code == 404
    assert (await stage.client().post(PEOPLE, json=AGENT)).status_code == 401
    assert written.new() == []


async def test_a_reveal_without_a_second_factor_or_of_another_tenants_is_written_down(
    stage: Stage, customer: Customer
) -> None:
    await customer.says("电话13812345678")
    await stage.settle()
    lin, stranger = await stage.person("lin"), await stage.person("stranger")
    await with_second_factor(stranger, PASSWORD)
    (message,) = stage.rows(sa.text("SELECT id FROM message WHERE original IS NOT NULL"))[0]
    written = Written(stage)
    path = f"/api/desk/conversations/{customer.conversation}/messages/{message}/reveal"
    wish = {"place": 0, "purpose": "delivery"}
    assert (await lin.http.post(path, json=wish)).status_code == 403
    assert written.new() == [("right.unproven", "refused", "second_factor")]
    assert decode(written.last().detail)["message"] == message
    for _ in range(3):
        assert (await stranger.http.post(path, json=wish)).status_code == 404
    assert written.new() == [("personal_data.revealed", "refused", "notfound")]
    entry = written.last()
    assert (entry.subject, entry.tenant) == (customer.conversation, entry.actor_tenant)


async def test_a_link_that_opens_nothing_is_written_down_about_whom_it_was_for(stage: Stage) -> None:
    owner = await strong(stage)
    invited = (await owner.http.post(PEOPLE, json=NEW)).json()
    assert (await accepts(stage, invited["path"])).status_code == 200
    written = Written(stage)
    for _ in range(3):
        assert (await accepts(stage, invited["path"], OWN)).status_code == 404
    assert written.new() == [("link.used", "refused", "link_dead")]
    assert written.last().device == "Python"
    assert (written.last().subject, written.last().actor) == (invited["person"], "system:door")
    stage.clock.advance(Seconds(61))
    assert (await accepts(stage, "/welcome#13812345678")).status_code == 404
    assert written.new() == [("link.used", "refused", "link_dead")]
    assert (written.last().subject, written.last().tenant) == ("", "")


async def test_a_lead_who_moves_what_is_on_a_colleagues_desk_is_written_down(stage: Stage) -> None:
    lin, talks = await stage.agent(), [stage.customer("direct", place) for place in range(2)]
    for each in talks:
        await each.says("你好")
    await stage.settle()
    first, second = await lin.sees()
    lead = await stage.agent("lead")
    written = Written(stage)
    await lead.takes_over(first)
    assert written.new() == [("conversation.taken_over", "done", "")]
    assert (written.last().subject, decode(written.last().detail)["person"]) == (first, lin.id)
    await lead.transfers(first, person=lin.id)
    assert written.new() == []  # it was on the lead's own desk
    await lead.closes(first)
    assert written.new() == [("conversation.closed", "done", "")]
    await lead.transfers(second, skill="价保")
    assert written.new() == [("conversation.transferred", "done", "")]


async def test_who_looks_at_a_customers_orders_is_written_down_once_an_hour(stage: Stage) -> None:
    lin, customer = await stage.agent(), stage.customer("direct")
    await customer.says("你好")
    await stage.settle()
    written, path = Written(stage), f"/api/desk/conversations/{customer.conversation}/orders"
    for rest in ("", f"/{customer.order}/logistics", f"/{customer.order}/price-protection", ""):
        await lin.get(path + rest)
    assert written.new() == [("facts.read", "done", "")]
    assert decode(written.last().detail)["conversation"] == customer.conversation
    lead = await stage.person("lead")
    await lead.get(path)
    assert written.new()[-1:] == [("facts.read", "done", "")]
    stage.clock.advance(Seconds(3601))
    await lin.get(path)
    assert written.new() == [("facts.read", "done", "")]


async def test_a_reply_that_is_copied_out_is_written_down_and_one_that_is_sent_is_not(stage: Stage) -> None:
    lin = await stage.agent()
    customer = stage.customer("pasted")
    await customer.says("你好")
    await stage.polls("pasted")
    await stage.settle()
    sent = await lin.sends(customer.conversation, "您好，马上为您查询")
    written = Written(stage)
    assert (await lin.does(customer.conversation, f"copied/{sent['message']['id']}")).status_code == 200
    assert written.new() == [("reply.copied", "done", "")]
    assert written.last().subject == sent["message"]["id"]
    direct = stage.customer("direct")
    await direct.says("你好")
    await stage.settle()
    await lin.sends(direct.conversation, "您好", key=key())
    await stage.settle()
    assert written.new() == []


async def test_what_a_program_may_not_do_is_written_down_too(stage: Stage) -> None:
    lead = await stage.person("lead")
    await with_second_factor(lead, PASSWORD)
    made = await lead.http.post("/api/account/tokens", json={"name": "t", "scopes": ["wall:read"], "days": 5})
    program = stage.client(Authorization=f"Bearer {made.json()['token']}")
    written = Written(stage)
    assert (await program.post(PEOPLE, json=AGENT)).status_code == 404
    assert written.new() == [("right.refused", "refused", "right")]
    assert written.last().proof == "token"
