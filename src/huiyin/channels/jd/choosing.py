"""Choose the gateway for each capability, and say which serves what, since when, or why none does.

A gateway that refuses for good, as SP-API does outside JD's cloud, is passed over for an hour where the settings name
another. Chat is the exception: the two gateways name messages in their own ways, and a switch would tell them twice.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import structlog

from huiyin.channels.gateways import Served, WhyNot
from huiyin.channels.jd.refusals import GatewayRefusedError
from huiyin.channels.jd.settings import GatewayName, JdSettings
from huiyin.channels.port import Capability
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import PermanentError

log = structlog.get_logger()

T = TypeVar("T")

PASSED_OVER = timedelta(hours=1)

OFFERS: Mapping[GatewayName, frozenset[Capability]] = {
    GatewayName.JOS: frozenset(Capability) - {Capability.NEAR_REALTIME},
    GatewayName.SP_API: frozenset(
        {
            Capability.READ_HISTORY,
            Capability.ORDERS,
            Capability.LOGISTICS,
            Capability.PRICE_PROTECTION,
            Capability.EVALUATIONS,
            Capability.AFTER_SALES,
            Capability.WAITER_STATS,
        }
    ),
}
"""What each gateway can do, as we speak it. Neither SP-API nor JOS pushes: RECEIVE_LIVE is the simulator's form."""

STAYS = frozenset({Capability.READ_HISTORY})
"""Never moved to another gateway without a person."""

REMEDIES: Mapping[WhyNot, str] = {
    WhyNot.NOT_CHOSEN: "name the gateway that offers it in the shop's gateways",
    WhyNot.NOT_OFFERED: "look it up at the platform by hand",
    WhyNot.NO_KEY: "fill the setting in",
    WhyNot.NOT_ASKED: "set own_app to false if JD does ask it of this app",
    WhyNot.REFUSED: "apply for the permission at JD's open platform, or run the service in JD's cloud",
}


class _Refusal(NamedTuple):
    code: str
    first: datetime
    last: datetime


class Choice:
    """One shop's gateways."""

    def __init__(self, settings: JdSettings, clock: Clock) -> None:
        """Choose by `settings`, from now on."""
        self._settings = settings
        self._clock = clock
        self._opened = clock.now()
        self._refused: dict[tuple[Capability, GatewayName], _Refusal] = {}
        self._back: dict[Capability, datetime] = {}

    def served(self, capability: Capability) -> Served:
        """Say which gateway serves a capability and since when, or why none does."""
        if capability is Capability.RECEIVE_LIVE and not self._settings.at_simulator:
            return Served(why_not=WhyNot.NOT_OFFERED)
        if capability is Capability.TELL_ACCESS and self._settings.own_app:
            return Served(why_not=WhyNot.NOT_ASKED)
        offering = [name for name in self._named(capability) if capability in OFFERS[name]]
        if not offering:
            offered = any(capability in offers for offers in OFFERS.values())
            return Served(why_not=WhyNot.NOT_CHOSEN if offered else WhyNot.NOT_OFFERED)
        keyed = [name for name in offering if not self._missing(capability, name)]
        if not keyed:
            return Served(why_not=WhyNot.NO_KEY, needs=self._missing(capability, offering[0]))
        since = self._back.get(capability, self._opened)
        for name in keyed:
            refusal = self._standing(capability, name)
            if refusal is None:
                return Served(gateway=name, since=since)
            since = max(since, refusal.first)
        return Served(why_not=WhyNot.REFUSED, needs=self._refused[capability, keyed[0]].code)

    def check(self, capability: Capability) -> GatewayName:
        """Return the gateway that serves a capability.

        Raises:
            PermanentError: none does; the message says why, the remedy what to do.

        """
        served = self.served(capability)
        if served.why_not is not None:
            named = f" ({served.needs})" if served.needs else ""
            message = f"no gateway of JD serves {capability} for this shop: {served.why_not}{named}"
            raise PermanentError(message, remedy=REMEDIES[served.why_not])
        return GatewayName(served.gateway)

    async def read(self, capability: Capability, ways: Mapping[GatewayName, Callable[[], Awaitable[T]]]) -> T:
        """Read through the gateway that serves a capability, and through the next one if it refuses for good.

        Raises:
            PermanentError: no gateway serves it, or the last one refused.

        """
        while True:
            name = self.check(capability)
            try:
                found = await ways[name]()
            except GatewayRefusedError as refusal:
                if capability in STAYS:
                    raise
                self._pass_over(capability, name, refusal.platform_code)
                if self.served(capability).why_not is not None:
                    raise
            else:
                if self._refused.pop((capability, name), None) is not None:
                    self._back[capability] = self._clock.now()
                return found

    def _pass_over(self, capability: Capability, name: GatewayName, code: str) -> None:
        now = self._clock.now()
        before = self._refused.get((capability, name))
        log.warning("jd.gateway_passed_over", shop=self._settings.shop, capability=capability, gateway=name, code=code)
        self._refused[capability, name] = _Refusal(code, before.first if before else now, now)

    def _standing(self, capability: Capability, name: GatewayName) -> _Refusal | None:
        refusal = self._refused.get((capability, name))
        return refusal if refusal is not None and self._clock.now() - refusal.last < PASSED_OVER else None

    def _named(self, capability: Capability) -> tuple[GatewayName, ...]:
        only = self._settings.gateway_of.get(capability)
        return self._settings.gateways if only is None else (only,)

    def _missing(self, capability: Capability, name: GatewayName) -> str:
        """Return the setting a capability lacks at a gateway, "" where it lacks none."""
        settings = self._settings
        if name is not GatewayName.JOS:
            return ""
        if capability is Capability.LOGISTICS and not settings.customer_code:
            return "customer_code"
        if capability is Capability.SEND_MESSAGE:
            wanted = {"live": settings.live, "aspid": settings.aspid, "dd_token": settings.dd_token}
            return next((setting for setting, value in wanted.items() if not value), "")
        return "live" if capability is Capability.RECEIVE_LIVE and not settings.live else ""
