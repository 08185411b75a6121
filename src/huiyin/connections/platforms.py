"""The platforms a shop can be connected to: how settings are read, and how a line is opened with them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from huiyin.channels.douyin.adapter import DouyinChannel
from huiyin.channels.douyin.settings import DouyinSettings
from huiyin.channels.jd.adapter import JdChannel
from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.jd.tokens import TokenStore
from huiyin.channels.kuaishou.adapter import KuaishouChannel
from huiyin.channels.kuaishou.settings import KuaishouSettings
from huiyin.channels.pace import Pace
from huiyin.channels.pdd.adapter import PddChannel
from huiyin.channels.pdd.settings import PddSettings
from huiyin.channels.port import Channel
from huiyin.channels.taobao.adapter import TaobaoChannel
from huiyin.channels.taobao.settings import TaobaoSettings
from huiyin.channels.widget import WidgetChannel, WidgetSettings, new_site
from huiyin.kernel.clock import Clock
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.wire import encode

_PARTING = str.maketrans(",;，；、", "     ")
"""What people write between the parts of a list."""


class Means(NamedTuple):
    """What every line of this process shares: the clock, addresses, where its tokens live, its pace over processes."""

    clock: Clock
    addresses: Mapping[str, Mapping[str, str]]
    tokens: Callable[[str], TokenStore]
    pace: Callable[[str, float], Pace]


class Asked(NamedTuple):
    """One setting that a person fills in: text, list, secret (never shown again), switch, or one of `choices`.

    `site` is not filled in: it is drawn once, names the shop, and stays.
    """

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


class Platform(NamedTuple):
    """How one platform is connected.

    `ref` is the setting that names the shop there, "" where none does; `asked` is what a person fills in: no addresses,
    no limits.
    """

    read: Callable[[Mapping[str, Any]], msgspec.Struct]
    open: Callable[[msgspec.Struct, Means], Channel]
    ref: str
    asked: tuple[Asked, ...]


def read_settings(platform: str, fields: Mapping[str, Any]) -> msgspec.Struct:
    """Return the checked settings of a line.

    Raises:
        InvalidError: no such platform, or a field that is missing, unknown or of the wrong kind; never its value.

    """
    return _platform(platform).read(fields)


def open_line(platform: str, settings: bytes, means: Means) -> Channel:
    """Open a line with stored settings, and with the addresses that the installation names for a platform."""
    known = _platform(platform)
    fields = {**msgspec.json.decode(settings), **means.addresses.get(platform, {})}
    return known.open(known.read(fields), means)


def filled_in(
    platform: str, shop: str, given: Mapping[str, str], before: bytes | None, ref: str = ""
) -> msgspec.Struct:
    """Return the settings a person filled in for a shop; a secret left empty stays what it was `before`.

    `ref` is what names the shop already; where that is for us to draw and nothing does yet, it is drawn.

    Raises:
        InvalidError: a setting that is missing, that nobody is asked for, or that cannot be read.

    """
    asked = {each.name: each for each in _platform(platform).asked}
    odd = sorted(given.keys() - asked.keys())
    if odd:
        message = f"nobody is asked for {', '.join(odd)[:200]}"
        raise InvalidError(message, remedy=f"Fill in {', '.join(asked)}.", code="settings_odd")
    known: dict[str, Any] = {} if before is None else msgspec.json.decode(before)
    fields: dict[str, Any] = {"shop": shop}
    for name, each in asked.items():
        if each.kind == "site":
            fields[name] = ref or new_site()
            continue
        said = given.get(name, "").strip()
        value = known.get(name, "") if each.kind == "secret" and not said else said
        if each.required and not value:
            message = f"{name} is missing"
            raise InvalidError(message, remedy="Fill it in.", code="settings_missing")
        if value:
            fields[name] = _read(each, value)
    if fields.get("live"):
        fields["live_granted"] = True  # whoever turns it on says that the platform granted it
    return read_settings(platform, fields)


def shown(platform: str, settings: bytes) -> tuple[dict[str, str], list[str]]:
    """Return settings as a screen may show them: values that are no secret, and the names of secrets that are set."""
    known = msgspec.json.decode(settings)
    values, secrets = {}, []
    for each in _platform(platform).asked:
        value = known.get(each.name)
        if not value:
            continue
        if each.kind == "secret":
            secrets.append(each.name)
        else:
            values[each.name] = (
                ",".join(value) if isinstance(value, list) else str(value).lower() if value is True else str(value)
            )
    return values, secrets


def _said(value: object) -> str:
    return "true" if value is True else str(value)


def _read(asked: Asked, said: Any) -> Any:  # noqa: ANN401  # as the settings want it
    if asked.kind == "switch":
        return str(said).lower() == "true"
    if asked.choices and said not in asked.choices:
        message = f"{asked.name} is none of the choices"
        raise InvalidError(message, remedy=f"Choose one of {'; '.join(asked.choices)}.", code="choice")
    if asked.kind == "list":
        return said.translate(_PARTING).split()
    if asked.name in {"calls_per_day", "inquiry_hours"} and str(said).isdecimal():
        return int(said)
    return said.split(",") if asked.name == "gateways" else said


def stored(settings: msgspec.Struct) -> bytes:
    """Return settings as they are stored, sealed."""
    return encode(settings)


def _platform(name: str) -> Platform:
    known = PLATFORMS.get(name)
    if known is None:
        message = f"there is no platform {name!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(PLATFORMS)}.", code="platform_unknown")
    return known


def _reader(kind: type[msgspec.Struct]) -> Callable[[Mapping[str, Any]], msgspec.Struct]:
    known = frozenset(field.name for field in msgspec.structs.fields(kind))

    def read(fields: Mapping[str, Any]) -> msgspec.Struct:
        odd = sorted(fields.keys() - known)
        if odd:
            message = f"unknown settings: {', '.join(odd)}"
            raise InvalidError(message, remedy=f"Known are {', '.join(sorted(known - {'shop'}))}.", code="settings_odd")
        try:
            return msgspec.convert(dict(fields), kind)
        except msgspec.ValidationError as error:
            # The library names the field and the kind it wanted, never what stood there.
            message = f"a setting cannot be read: {error}"
            raise InvalidError(message, remedy="Put that one right.", code="settings_odd") from error

    return read


def _open_jd(settings: msgspec.Struct, means: Means) -> Channel:
    if not isinstance(settings, JdSettings):
        raise TypeError(type(settings).__name__)
    pace = means.pace(settings.shop, settings.calls_per_second)
    return JdChannel(settings, means.clock, store=means.tokens(settings.shop), pace=pace)


def _opener(kind: type[msgspec.Struct], channel: Callable[..., Channel]) -> Callable[[msgspec.Struct, Means], Channel]:
    def opened(settings: msgspec.Struct, means: Means) -> Channel:
        if not isinstance(settings, kind):
            raise TypeError(type(settings).__name__)
        named: Any = settings
        return channel(settings, means.clock, pace=means.pace(named.shop, named.calls_per_second))

    return opened


def _open_widget(settings: msgspec.Struct, means: Means) -> Channel:
    if not isinstance(settings, WidgetSettings):
        raise TypeError(type(settings).__name__)
    return WidgetChannel(settings, means.clock)


_JD = (
    Asked("vender_id", required=True),
    Asked("app_key", required=True),
    Asked("app_secret", "secret", required=True),
    Asked("access_token", "secret", required=True),
    Asked("refresh_token", "secret"),
    Asked("gateways", "choice", choices=("jos", "sp-api,jos", "sp-api")),
    Asked("customer_code"),
    Asked("live", "switch"),
    Asked("aspid"),
    Asked("dd_token", "secret"),
    Asked("dd_app_id"),
    Asked("calls_per_day"),
    Asked("inquiry_hours"),
    Asked("app_name"),
    Asked("own_app", "switch"),
)
_SESSION = (
    Asked("app_key", required=True),
    Asked("app_secret", "secret", required=True),
    Asked("session", "secret", required=True),
    Asked("sign_method", "choice", choices=("md5", "hmac", "hmac-sha256")),
)
_PDD = (
    Asked("client_id", required=True),
    Asked("client_secret", "secret", required=True),
    Asked("access_token", "secret", required=True),
)
_DOUYIN = (
    Asked("app_key", required=True),
    Asked("app_secret", "secret", required=True),
    Asked("access_token", "secret", required=True),
)
_KUAISHOU = (
    Asked("app_key", required=True),
    Asked("sign_secret", "secret", required=True),
    Asked("access_token", "secret", required=True),
)
_WIDGET = (
    Asked("site", "site"),
    Asked("origins", "list", required=True),
    Asked("title"),
    Asked("greeting"),
)


PLATFORMS: Mapping[str, Platform] = {
    "jd": Platform(_reader(JdSettings), _open_jd, "vender_id", _JD),
    "taobao": Platform(_reader(TaobaoSettings), _opener(TaobaoSettings, TaobaoChannel), "", _SESSION),
    "pdd": Platform(_reader(PddSettings), _opener(PddSettings, PddChannel), "", _PDD),
    "douyin": Platform(_reader(DouyinSettings), _opener(DouyinSettings, DouyinChannel), "", _DOUYIN),
    "kuaishou": Platform(_reader(KuaishouSettings), _opener(KuaishouSettings, KuaishouChannel), "", _KUAISHOU),
    "widget": Platform(_reader(WidgetSettings), _open_widget, "site", _WIDGET),
}
"""Every platform a shop can be connected to."""
