"""A line to a shop's own page: what it can do and cannot, which pages it stands on, what a reply's delivery means."""

from datetime import UTC, datetime

import pytest

from huiyin.channels.port import Capability, Channel, Content, ContentKind, Origin, Outbound, Sender, Tier
from huiyin.channels.widget import WidgetChannel, WidgetSettings, new_site
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.errors import InvalidError, PermanentError
from huiyin.kernel.ids import ShopId

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
SHOP = ShopId("a-shop")


def settings(*origins: str, **named: str) -> WidgetSettings:
    return WidgetSettings(shop=SHOP, site=named.pop("site", new_site()), origins=origins, **named)


@pytest.fixture
def line() -> WidgetChannel:
    return WidgetChannel(settings("https://shop.example"), ManualClock(NOON))


def reply(kind: ContentKind = ContentKind.TEXT) -> Outbound:
    return Outbound(shop=SHOP, dedupe="m1", customer_ref="v", waiter_ref="w", content=Content(kind, "您好"))


def test_what_it_cannot_do_and_what_it_can_make_up_everything(line: WidgetChannel) -> None:
    channel: Channel = line
    assert (channel.tier, channel.platform) == (Tier.LIVE, "widget")
    assert channel.capabilities.isdisjoint(line.cannot)
    assert channel.capabilities | line.cannot.keys() == set(Capability)
    for lack in line.cannot.values():
        assert all((lack.reason, lack.instead, lack.why, lack.remedy))


async def test_what_it_cannot_do_is_refused_for_good_with_a_remedy(line: WidgetChannel) -> None:
    for asked in (line.poll(NOON, NOON), line.orders("v"), line.logistics("1"), line.price_protection("1")):
        with pytest.raises(PermanentError) as refused:
            await asked
        assert (refused.value.code, bool(refused.value.remedy)) == ("line_cannot", True)
    with pytest.raises(InvalidError):
        line.read(b"{}", {})


async def test_a_reply_is_taken_at_once_twice_as_the_same_and_a_picture_for_good_not(line: WidgetChannel) -> None:
    assert await line.send(reply()) == await line.send(reply())
    with pytest.raises(PermanentError, match="words"):
        await line.send(reply(ContentKind.IMAGE))


def test_the_same_id_of_two_visitors_names_two_records(line: WidgetChannel) -> None:
    first, second = (line.heard(visitor, "id", "在吗", Origin.LIVE) for visitor in ("a", "b"))
    assert first.source_id != second.source_id
    assert (first.sender, first.customer_ref, first.platform_at) == (Sender.CUSTOMER, "a", NOON)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://Shop.Example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(written: str, kept: str) -> None:
    line = WidgetChannel(settings(written), ManualClock(NOON))
    assert line.settings.origins == (kept,)
    assert line.stands_on(kept)
    assert not line.stands_on(f"{kept}.evil.example")
    assert not line.stands_on("")


@pytest.mark.parametrize(
    "odd",
    ["http://shop.example", "https://*.example", "https://u@shop.example", "https://shop.example/a", "null", "*", ""],
)
def test_what_is_no_safe_origin_is_refused(odd: str) -> None:
    with pytest.raises(InvalidError):
        settings(odd)


def test_a_site_key_is_ours_and_titles_have_an_end() -> None:
    for named in ({"site": "mine"}, {"title": "字" * 41}, {"greeting": "字" * 301}):
        with pytest.raises(InvalidError):
            settings("https://shop.example", **named)
    with pytest.raises(InvalidError):
        settings()
    with pytest.raises(InvalidError):
        settings(*(f"https://{each}.example" for each in range(21)))
