"""Which gateway serves what, as the settings name them: a table, and what the line says of itself."""

from typing import Any

import pytest

from huiyin.channels.gateways import Served, WhyNot
from huiyin.channels.jd import JdSettings
from huiyin.channels.jd.choosing import OFFERS, Choice
from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.port import Capability
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import InvalidError, PermanentError
from huiyin.kernel.ids import ShopId

from .jd_line import NOON, Line

JOS, SP = GatewayName.JOS, GatewayName.SP_API


def choice(**changes: Any) -> Choice:
    plain: dict[str, Any] = {"shop": ShopId("s"), "app_key": "k", "app_secret": "x", "vender_id": "1"}
    return Choice(JdSettings(**{**plain, **changes}), ManualClock(NOON))


@pytest.mark.parametrize(
    ("capability", "settings", "expected"),
    [
        pytest.param(Capability.ORDERS, {}, JOS, id="JOS alone unless set otherwise"),
        pytest.param(Capability.ORDERS, {"gateways": (SP, JOS)}, SP, id="the first that offers it"),
        pytest.param(Capability.COMMENTS, {"gateways": (SP, JOS)}, JOS, id="the other for what the first has not"),
        pytest.param(Capability.COMMENTS, {"gateways": (SP,)}, WhyNot.NOT_CHOSEN, id="none where only one is named"),
        pytest.param(Capability.SEND_MESSAGE, {"gateways": (SP,)}, WhyNot.NOT_CHOSEN, id="SP-API sends nothing"),
        pytest.param(Capability.SEND_MESSAGE, {}, WhyNot.NO_KEY, id="sending needs grants"),
        pytest.param(Capability.LOGISTICS, {}, WhyNot.NO_KEY, id="JOS needs the customer code"),
        pytest.param(Capability.LOGISTICS, {"gateways": (JOS, SP)}, SP, id="SP-API steps in for a missing code"),
        pytest.param(Capability.LOGISTICS, {"gateways": (JOS, SP), "customer_code": "c"}, JOS, id="with a code"),
        pytest.param(
            Capability.ORDERS, {"gateways": (SP, JOS), "gateway_of": {Capability.ORDERS: JOS}}, JOS, id="by hand"
        ),
        pytest.param(
            Capability.ORDERS, {"gateway_of": {Capability.ORDERS: SP}}, SP, id="by hand, though not named for all"
        ),
        pytest.param(
            Capability.COMMENTS, {"gateway_of": {Capability.COMMENTS: SP}}, WhyNot.NOT_CHOSEN, id="by hand, in vain"
        ),
        pytest.param(Capability.NEAR_REALTIME, {"gateways": (SP, JOS)}, WhyNot.NOT_OFFERED, id="neither, as we speak"),
        pytest.param(Capability.RECEIVE_LIVE, {}, WhyNot.NOT_OFFERED, id="JD pushes to nobody"),
        pytest.param(Capability.TELL_ACCESS, {}, JOS, id="who reached JD's data is told to JOS"),
        pytest.param(Capability.TELL_ACCESS, {"own_app": True}, WhyNot.NOT_ASKED, id="not of a merchant's own app"),
    ],
)
def test_the_table(capability: Capability, settings: dict[str, Any], expected: GatewayName | WhyNot) -> None:
    served = choice(**settings).served(capability)
    if isinstance(expected, GatewayName):
        assert served == Served(gateway=expected, since=NOON)
    else:
        assert (served.gateway, served.since, served.why_not) == ("", None, expected)
        with pytest.raises(PermanentError, match=capability) as refused:
            choice(**settings).check(capability)
        assert refused.value.remedy


@pytest.mark.parametrize(
    ("settings", "needs"),
    [({}, "live"), ({"live": True, "live_granted": True}, "aspid"), ({"live": True, "live_granted": True, "aspid": "a"},
     "dd_token")],
)  # fmt: skip
def test_what_is_missing_is_named(settings: dict[str, Any], needs: str) -> None:
    assert choice(**settings).served(Capability.SEND_MESSAGE).needs == needs


@pytest.mark.parametrize("gateways", [(), (JOS, JOS)])
def test_gateways_are_named_once_and_at_least_one(gateways: tuple[GatewayName, ...]) -> None:
    with pytest.raises(InvalidError, match="gateways"):
        choice(gateways=gateways)


def test_sp_api_offers_nothing_that_jos_lacks_as_we_speak_them() -> None:
    assert OFFERS[SP] < OFFERS[JOS]


@pytest.mark.asyncio
async def test_a_line_says_who_serves_what_and_declares_only_that(line: Line) -> None:
    told = line.again(gateways=(SP, JOS)).serving()
    assert set(told) == set(Capability)
    assert {each for each, served in told.items() if served.gateway == SP} == OFFERS[SP]
    assert told[Capability.SEND_MESSAGE].gateway == JOS
    alone = line.again(gateways=(SP,))
    assert alone.capabilities == OFFERS[SP]
    with pytest.raises(PermanentError, match="not_chosen"):
        await alone.comments(["1"])
    with pytest.raises(PermanentError, match="not_chosen"):
        await alone.presence(["w"], NOON)
    with pytest.raises(PermanentError, match="JOS alone"):
        await alone.answer_rate(NOON, NOON)
