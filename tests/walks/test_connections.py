"""A shop's connection is kept sealed, opened alike in every process, and its tokens are renewed once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_plus

import msgspec
import pytest

from huiyin.channels.jd import JdSettings
from huiyin.channels.jd.tokens import TokenKeeper
from huiyin.channels.pace import Pace
from huiyin.channels.port import Tier
from huiyin.channels.posting import Reply
from huiyin.connections.connecting import Connected, connect, disconnect
from huiyin.connections.counting import DayCount
from huiyin.connections.pacing import FileSlot
from huiyin.connections.platforms import read_settings
from huiyin.connections.tokens import SealedTokens
from huiyin.eventlog.writer import Heard, Notice
from huiyin.kernel.actors import system
from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError
from huiyin.kernel.units import Seconds
from huiyin.wiring import House, Settings, build

from .stage import Stage

TESTS = system("tests")
APP_SECRET, ACCESS, REFRESH = "secret-of-the-app-7731", "access-token-7732", "refresh-token-7733"
RENEWED = "renewed-token-7734"


def wanted(stage: Stage, **fields: object) -> Connected:
    """Return how the direct shop is to be connected."""
    shop = stage.shops["direct"]
    given = {
        "shop": shop, "app_key": "key", "app_secret": APP_SECRET, "vender_id": "100102", "access_token": ACCESS,
        "refresh_token": REFRESH, "gateway_url": "http://127.0.0.1:8790/routerjson", "expires_at_ms": 1,
    }  # fmt: skip
    return Connected(shop, stage.house.shops.all()[shop].tenant, "jd", read_settings("jd", {**given, **fields}))


@asynccontextmanager
async def second(stage: Stage) -> AsyncIterator[House]:
    """Open the same folder as another process would; it hears of what the first one does."""
    house = build(Settings(stage.folder, synchronous="OFF"), stage.clock)

    def tell(notices: list[Notice]) -> None:
        house.writer.hear([Heard(each.subject, each.kind) for each in notices])

    stage.house.writer.tell(tell)  # type: ignore[arg-type]  # a list is a sequence
    try:
        yield house
    finally:
        await house.lines.close()
        house.close()


async def test_every_process_opens_the_line_of_a_shop_that_is_connected_and_drops_it_when_it_is_not(
    stage: Stage,
) -> None:
    shop = stage.shops["direct"]
    await stage.house.lines.by_shop.pop(shop).close()
    async with second(stage) as other:
        assert other.lines.get(shop) is None
        assert await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
        assert [each.lines.by_shop[shop].tier for each in (stage.house, other)] == [Tier.READ, Tier.READ]
        before = other.lines.by_shop[shop]
        assert not await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS), "nothing new"
        assert other.lines.by_shop[shop] is before
        live = wanted(stage, live=True)
        assert await stage.house.writer.do(connect, stage.house.sealer, live, actor=TESTS)
        assert [each.lines.by_shop[shop].tier for each in (stage.house, other)] == [Tier.LIVE, Tier.LIVE]
        await other.lines.close()
        tenant = wanted(stage).tenant
        assert await stage.house.writer.do(disconnect, tenant, shop, actor=TESTS)
        assert stage.house.lines.get(shop) is other.lines.get(shop) is None
        assert not await stage.house.writer.do(disconnect, tenant, shop, actor=TESTS)


async def test_a_foreign_shop_is_not_disconnected(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    foreign = stage.house.shops.all()[stage.shops["foreign"]].tenant
    assert not await stage.house.writer.do(disconnect, foreign, stage.shops["direct"], actor=TESTS)


async def test_a_house_that_starts_again_finds_the_line_and_the_renewed_tokens(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    door = TokenDoor()
    assert await keeper(stage, stage.house, door).current() == RENEWED
    async with second(stage) as other:
        assert other.lines.get(stage.shops["direct"]) is not None
        assert await keeper(stage, other, door).current() == RENEWED
    assert door.asked == [REFRESH]


async def test_new_settings_bring_their_own_tokens(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    door = TokenDoor()
    await keeper(stage, stage.house, door).current()
    again = wanted(stage, access_token="granted-anew", expires_at_ms=0)
    assert await stage.house.writer.do(connect, stage.house.sealer, again, actor=TESTS)
    assert await keeper(stage, stage.house, door, again).current() == "granted-anew"


async def test_of_two_processes_that_find_the_token_ending_one_renews_it(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    door = TokenDoor()
    async with second(stage) as other:
        keepers = [keeper(stage, house, door) for house in (stage.house, other, stage.house)]
        assert await asyncio.gather(*(each.current() for each in keepers)) == [RENEWED] * 3
    assert door.asked == [REFRESH], "JD takes a refresh token once"


async def test_who_dies_while_renewing_does_not_keep_the_others_from_it(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    store = SealedTokens(stage.shops["direct"], stage.house.writer, stage.house.reading, stage.house.sealer)
    assert await stage.house.writer.do(store._claim), "and never released"
    assert not await stage.house.writer.do(store._claim)
    stage.clock.advance(Seconds(31))
    assert await keeper(stage, stage.house, TokenDoor()).current() == RENEWED


async def test_no_secret_of_a_connection_lies_open_in_the_folder(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    await keeper(stage, stage.house, TokenDoor()).current()
    kept = b"".join(each.read_bytes() for each in stage.folder.rglob("*") if each.is_file())
    assert [each for each in (APP_SECRET, ACCESS, REFRESH, RENEWED) if each.encode() in kept] == []
    assert b"jd.sessions" not in kept
    assert stage.shops["direct"].encode() in kept, "the search finds what is there"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"app_secret": ""}, "app_secret"),
        ({"calls_per_second": "viele-7735"}, "calls_per_second"),
        ({"geheim": "x-7735"}, "geheim"),
        ({"live": True, "gateway_url": "https://api.jd.com/routerjson"}, "live"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name_and_never_by_what_stood_there(
    stage: Stage, fields: Mapping[str, object], says: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        wanted(stage, **fields)
    told = f"{refused.value} {refused.value.remedy}"
    assert says in told
    assert "7735" not in told
    assert APP_SECRET not in told


def test_a_platform_we_do_not_know_is_refused_with_those_we_do() -> None:
    with pytest.raises(InvalidError) as refused:
        read_settings("ebay", {})
    assert "jd" in refused.value.remedy


async def test_two_processes_keep_one_pace(tmp_path: Path) -> None:
    now, waited = Seconds(1000.0), list[float]()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    paces = [Pace(5.0, lambda: now, sleep, FileSlot(tmp_path / "shop")) for _ in range(2)]
    for turn in range(20):
        await paces[turn % 2].turn()
    # A burst of five at once, then one each fifth of a second, whoever asks.
    assert [round(each, 6) for each in waited] == [round(0.2 * (n + 1), 6) for n in range(15)]


async def test_a_pace_written_before_the_machine_started_again_keeps_nobody(tmp_path: Path) -> None:
    file = FileSlot(tmp_path / "shop")
    file.move(lambda _: 9e12)
    assert file.move(lambda known: known) == float("-inf")


async def test_a_pace_file_that_was_cut_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "shop").write_bytes(b"abc")
    assert FileSlot(tmp_path / "shop").move(lambda known: known) == float("-inf")


async def test_tokens_of_a_shop_that_was_disconnected_meanwhile_are_not_kept(stage: Stage) -> None:
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage), actor=TESTS)
    renewing = keeper(stage, stage.house, TokenDoor())
    await stage.house.writer.do(disconnect, wanted(stage).tenant, stage.shops["direct"], actor=TESTS)
    with pytest.raises(PermanentError, match="no longer connected"):
        await renewing.current()


class TokenDoor:
    """JD's token door: takes each refresh token once."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, url: str, form: Mapping[str, str]) -> Reply:
        await asyncio.sleep(0.05)
        refresh = unquote_plus(form["refresh_token"])
        if refresh in self.asked:
            return Reply(400, b"{}")
        self.asked.append(refresh)
        granted = {"access_token": RENEWED, "refresh_token": "next", "expires_in": 86_400, "time": "99999999999999"}
        return Reply(200, msgspec.json.encode(granted))

    async def close(self) -> None:
        pass


def keeper(stage: Stage, house: House, door: TokenDoor, connected: Connected | None = None) -> TokenKeeper:
    """Return the keeper of the direct shop's token in one process."""
    settings = (connected or wanted(stage)).settings
    assert isinstance(settings, JdSettings)
    store = SealedTokens(stage.shops["direct"], house.writer, house.reading, house.sealer)
    return TokenKeeper(settings, store, stage.clock, door)


async def test_calls_are_counted_by_the_platforms_day_over_all_processes(stage: Stage) -> None:
    nowhere = {"gateway_url": "http://127.0.0.1:9/routerjson", "expires_at_ms": 0, "calls_per_day": 100}
    await stage.house.writer.do(connect, stage.house.sealer, wanted(stage, **nowhere), actor=TESTS)
    async with second(stage) as other:
        for house in (stage.house, other, other):
            line = house.lines.get(stage.shops["direct"])
            assert line is not None
            with pytest.raises(TemporaryError):
                await line.orders("", "1")
    owner = await stage.person("owner")
    shown = {each["shop"]["id"]: each for each in await owner.get("/api/connections")}
    direct = shown[stage.shops["direct"]]
    assert (direct["callsToday"], direct["callsPerDay"]) == (3, 100)
    digital = shown[stage.shops["digital"]]
    assert (digital["callsToday"], digital["callsPerDay"]) == (0, None), "no other shop's"


def test_a_day_of_calls_ends_at_midnight_in_china(tmp_path: Path) -> None:
    late = datetime(2026, 6, 1, 15, 59, 59, tzinfo=UTC)
    count = DayCount(tmp_path / "shop.calls")
    assert count.of(late) == 0
    assert [count.add(late) for _ in range(2)] == [1, 2]
    next_day = late + timedelta(seconds=1)
    assert (count.of(late), count.of(next_day), count.add(next_day)) == (2, 0, 1)
    (tmp_path / "shop.calls").write_bytes(b"cut")
    assert count.add(next_day) == 1
