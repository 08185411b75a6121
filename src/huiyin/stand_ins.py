"""Stand in for agents in the demo and in replays: colleagues who answer from drafts or with stock phrases.

Walks in:  conversations on the desks of people registered as stand-ins.
Walks out: replies and closes through the same verbs a person uses.
Not here:  any rule; a stand-in's reply passes the gates like everybody's.
"""

from collections.abc import Awaitable, Callable, Sequence
from random import Random

from huiyin.assist.views import offered
from huiyin.channels.port import Content, Sender
from huiyin.conversations import copying, handing
from huiyin.conversations import views as talk
from huiyin.conversations.access import Conversation
from huiyin.conversations.routing import UNSENT
from huiyin.conversations.sending import Draft
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import RefusedError
from huiyin.kernel.ids import PersonId, new_id
from huiyin.org import seats
from huiyin.org.access import access_person
from huiyin.wiring import House

STOCK = (
    "您好，我是人工客服，已经看到您的问题，正在为您核实，请稍等。",
    "您好，我在的。您的情况我记下了，马上帮您查一下。",
    "已经为您登记，核实后第一时间回复您，感谢您的耐心。",
    "明白您的意思了，我先联系仓库确认，再给您准确答复。",
)
Paste = Callable[[str, str, str], Awaitable[None]]
"""The hands of a colleague at the platform's own window: shop, the platform's name for the customer, words."""

QUIET_SECONDS = 40
"""A stand-in closes a conversation this long after its last word."""


class StandIns:
    """A few scripted colleagues."""

    def __init__(
        self, house: House, people: Sequence[PersonId], random: Random, delay: tuple[float, float],
        paste: Paste | None = None,
    ) -> None:  # fmt: skip
        """Let `people` answer after `delay` (from, to) seconds of the house's clock.

        `paste` types what was copied into the platform's own window; without it they serve no shop that only reads.
        """
        self._house = house
        self._people = list(people)
        self._random = random
        self._delay = delay
        self._paste = paste
        self._due: dict[tuple[str, str], float] = {}
        self._answered: dict[str, int | None] = {}
        """Since when each customer had waited for the last answer; who waits since then still did not get it."""

    async def come_online(self) -> None:
        """Sit down."""
        for person in self._people:
            actor = self._actor(person)
            await self._house.writer.do(seats.change_presence, person, "online", "演示同事上线", actor=actor)

    async def step(self) -> int:
        """Answer and close whatever is due; return how many conversations moved."""
        await self._house.writer.do(seats.seen, self._people)
        now = to_ms(self._house.clock.now())
        with self._house.reading.connect() as connection:
            desks = talk.on_desks(connection, self._people)
        moved = 0
        for conversation in desks:
            if self._paste is None and self._copies(conversation):
                continue
            if conversation.waiting_since not in {None, self._answered.get(conversation.id)}:
                if self._due_at(conversation) <= now:
                    moved += await self._answer(conversation)
            elif now - conversation.last_at > QUIET_SECONDS * 1000:
                moved += await self._close(conversation)
        return moved

    def _due_at(self, conversation: Conversation) -> float:
        key = conversation.id, conversation.last_message
        if key not in self._due:
            self._due[key] = (conversation.waiting_since or 0) + self._random.uniform(*self._delay) * 1000
        return self._due[key]

    async def _answer(self, conversation: Conversation) -> int:
        actor = self._actor(PersonId(conversation.person or ""))
        with self._house.reading.connect() as connection:
            drafts = offered(connection, self._house.bodies, conversation)
        text = drafts[0].body.content.text if drafts else self._random.choice(STOCK)
        draft = Draft(Content(text=text), Sender.AGENT, key=new_id(), acknowledged=True)
        self._due.pop((conversation.id, conversation.last_message), None)
        self._answered[conversation.id] = conversation.waiting_since
        try:
            sent = await self._house.writer.do(
                self._house.exit.send_for_person, conversation.id, draft,
                actor=actor, live=self._house.lines.live(conversation.shop),
            )  # fmt: skip
            if sent.outcome == "copy" and self._paste is not None:
                await self._house.writer.do(copying.mark_copied, conversation.id, sent.message, actor=actor)
                with self._house.reading.connect() as connection:
                    customer = talk.customer_reference(connection, self._house.sealer, conversation)
                await self._paste(conversation.shop, customer, text)
        except RefusedError:
            return 0  # somebody took the conversation over meanwhile, as people do
        return 1

    def _copies(self, conversation: Conversation) -> bool:
        return not self._house.lines.live(conversation.shop) and conversation.origin not in UNSENT

    async def _close(self, conversation: Conversation) -> int:
        actor = self._actor(PersonId(conversation.person or ""))
        try:
            await self._house.writer.do(handing.close, conversation.id, "solved", actor=actor)
        except RefusedError:
            return 0  # as above
        return 1

    def _actor(self, person: PersonId) -> Actor:
        with self._house.reading.connect() as connection:
            return access_person(connection, person, self._house.clock.now())
