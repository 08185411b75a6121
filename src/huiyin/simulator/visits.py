"""Play one customer's visit: a pure state machine that hears replies or silence and says what comes next."""

import re
from dataclasses import dataclass
from random import Random

from huiyin.kernel.units import Fen, yuan_of_fen
from huiyin.simulator.scenarios import Manners, Reaction, Scenario, Wording
from huiyin.simulator.world import Customer, SimOrder, Sku

MOST_TURNS = 12
MOST_SILENCES = 2
"""How often a customer speaks into silence before leaving."""

_CARD = re.compile(r"\[\[(order|sku|image|voice|recall)(?: ([^\]]+))?\]\]")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who talks, and about what."""

    customer: Customer
    sku: Sku
    order: SimOrder | None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a customer sends."""

    mt: str
    text: str = ""
    url: str = ""
    order_id: str = ""
    sku_id: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a customer does now: lines to send, and whether the visit is over after them."""

    lines: tuple[Line, ...]
    over: bool = False


class Visit:
    """One customer, one scenario, from the opener to the end."""

    def __init__(self, scenario: Scenario, cast: Cast, manners: Manners, random: Random) -> None:
        """Begin at the scenario's start."""
        self.scenario = scenario
        self.cast = cast
        self.state = "start"
        self._manners = manners
        self._random = random
        self._silences = 0
        self._turns = 0

    def open(self) -> Turn:
        """Say the opener."""
        return Turn(self._lines(self._random.choice(self.scenario.openers)))

    def hear(self, text: str, *, bot: bool) -> Turn:
        """React to a reply, from the bot or from a person."""
        self._silences = 0
        state = self.scenario.states[self.state]
        for trigger in state.hears:
            if any(word in text for word in trigger.words):
                return self._react(trigger.then)
        first, second = (state.bot, state.human) if bot else (state.human, state.bot)
        return self._react(first or second or Reaction(end="okay"))

    def wait_in_vain(self) -> Turn:
        """React to nobody answering; after a few times, leave without a word."""
        self._silences += 1
        if self._silences > MOST_SILENCES:
            return Turn((), over=True)
        own = self.scenario.states[self.state].silence
        return self._react(own if own is not None else Reaction(say=self._manners.nudges))

    def _react(self, reaction: Reaction) -> Turn:
        self._turns += 1
        lines = self._lines(self._random.choice(reaction.say)) if reaction.say else ()
        self.state = reaction.go or self.state
        end = reaction.end or ("okay" if self._turns >= MOST_TURNS else "")
        if not end:
            return Turn(lines)
        goodbye = self._manners.endings.get(end)
        return Turn(lines + (self._lines(self._random.choice(goodbye)) if goodbye else ()), over=True)

    def _lines(self, wording: Wording) -> tuple[Line, ...]:
        written = [wording] if isinstance(wording, str) else wording
        return tuple(self._line(text) for text in written)

    def _line(self, text: str) -> Line:
        cast = self.cast
        card = _CARD.fullmatch(text)
        if card is None:
            return Line("text", self._filled(text))
        kind, caption = card.group(1), card.group(2) or ""
        if kind == "order":
            return Line("order", order_id=cast.order.order_id if cast.order else "")
        if kind == "sku":
            return Line("sku", sku_id=cast.sku.sku_id)
        if kind == "recall":
            return Line("recall")
        picture = f"https://img.invalid/{self._random.getrandbits(40):010x}.{'jpg' if kind == 'image' else 'amr'}"
        return Line(kind, caption, picture)

    def _filled(self, text: str) -> str:
        cast = self.cast
        values = {
            "sku": cast.sku.short,
            "price": yuan_of_fen(Fen(cast.sku.price)).removesuffix(".00"),
            "order": cast.order.order_id if cast.order else "",
            "waybill": cast.order.waybill if cast.order else "",
            "name": cast.customer.name,
            "phone": cast.customer.phone,
            "phone_start": cast.customer.phone[:-4],
            "phone_end": cast.customer.phone[-4:],
            "address": cast.customer.address,
        }
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text
