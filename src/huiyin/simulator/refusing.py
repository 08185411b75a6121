"""Check a routerjson call the way JD does and refuse with JD's codes."""

from datetime import timedelta
from typing import NoReturn

import msgspec

from huiyin.channels.jd.signing import verify
from huiyin.simulator.jdtime import CHINA, understood
from huiyin.simulator.world import Shop, World

TOLERANCE = timedelta(minutes=6)
PARAM = "360buy_param_json"

WORDS = {
    "2": ("限制时间内调用失败次数", "App Call Limited"),
    "4": ("缺少版本参数", "Missing Version"),
    "5": ("不支持的版本号", "Unsupported Version"),
    "7": ("缺少时间戳参数", "Missing Timestamp"),
    "8": ("非法的时间戳参数", "Invalid Timestamp"),
    "11": ("缺少签名参数", "Missing Signature"),
    "12": ("无效签名", "Invalid Signature"),
    "14": ("缺少方法名参数", "Missing Method"),
    "15": ("不存在的方法名", "Invalid Method"),
    "19": ("无效access_token", "Invalid access_token"),
    "21": ("无效App Key", "Invalid App Key"),
    "24": ("该商家无权调用API", "Vender not allowed"),
    "65": ("系统处理超时", "System timeout"),
}


class CallRefusedError(Exception):
    """The gateway says no. Codes that begin with SIM- are this simulator's own, where JD's are not known."""

    def __init__(self, code: str, zh_desc: str = "", en_desc: str = "") -> None:
        """Refuse with `code`; JD's words are filled in for JD's codes."""
        super().__init__(code)
        zh, en = WORDS.get(code, (zh_desc, en_desc))
        self.body = {"code": code, "zh_desc": zh, "en_desc": en}


def refuse(code: str, zh_desc: str = "", en_desc: str = "") -> NoReturn:
    """Refuse the call at hand.

    Raises:
        CallRefusedError: always.

    """
    raise CallRefusedError(code, zh_desc, en_desc)


def check_call(world: World, form: dict[str, str], methods: frozenset[str]) -> tuple[Shop, dict[str, object]]:
    """Return the shop a call is for and its business fields.

    Raises:
        CallRefusedError: with the code of the first check that fails.

    """
    _check_form(world, form, methods)
    _check_time(world, form)
    _check_sign(world, form)
    return admit(world, form.get("access_token", "")), _fields(form)


def admit(world: World, token: str) -> Shop:
    """Return the shop a token opens, once the call is counted; both gateways share token and quota.

    Raises:
        CallRefusedError: the quota is used up, the token opens nothing, or a planted fault strikes.

    """
    faults = world.settings.faults
    _count_call(world)
    shop = world.by_token(token)
    if shop is None:
        refuse("19")
    if faults.expire():
        shop.access_token = ""
        refuse("19")
    if faults.strike("busy"):
        refuse("65")
    return shop


def _check_form(world: World, form: dict[str, str], methods: frozenset[str]) -> None:
    if not form.get("method"):
        refuse("14")
    if form["method"] not in methods:
        refuse("15")
    if form.get("app_key") != world.settings.app_key:
        refuse("21")
    if not form.get("v"):
        refuse("4")
    if form["v"] != "2.0":
        refuse("5")


def _check_time(world: World, form: dict[str, str]) -> None:
    if not form.get("timestamp"):
        refuse("7")
    try:
        moment = understood(form["timestamp"])
    except ValueError:
        refuse("8")
    if abs(moment - world.clock.now()) > TOLERANCE:
        refuse("8")


def _check_sign(world: World, form: dict[str, str]) -> None:
    if not form.get("sign"):
        refuse("11")
    if not verify(world.settings.app_secret, form):
        refuse("12")


def _count_call(world: World) -> None:
    today = f"{world.clock.now().astimezone(CHINA):%Y-%m-%d}"
    if today != world.day:
        world.day, world.calls_today = today, 0
    world.calls_today += 1
    bound = world.settings.daily_calls
    if world.settings.faults.quota_spent or (bound and world.calls_today > bound):
        refuse("2")


def _fields(form: dict[str, str]) -> dict[str, object]:
    try:
        return msgspec.json.decode(form.get(PARAM, "{}"), type=dict[str, object])
    except msgspec.DecodeError:
        refuse("SIM-JSON", "业务参数不是JSON对象", "Parameters are not a JSON object")
