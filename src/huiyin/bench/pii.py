"""`huiyin bench pii`: how many messages a second are masked, on one core.

The mix is that of a chat with much to find: of ten messages one holds personal data, three hold nothing but look as
if (orders, parcels, amounts, brands), six are what shops and customers say all day. All are made up from the seed.
Processor seconds count, not the clock on the wall, so a busy machine does not change the figure much.

`ratio_bare`: messages a second, masking's ÷ those of a bare loop that searches each message with one RE2 pattern, in
alternating rounds of the same run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from statistics import median
from time import process_time

import re2

from huiyin.bench.report import Report, percentile, tell
from huiyin.evals.pii.reading import seeded_texts
from huiyin.kernel.errors import InvalidError
from huiyin.security.masking import Masked, mask

TARGETS = {
    "messages_per_second": (">=", 20_000.0),
    "found_share": (">=", 0.99),
    "alarm_share": ("<=", 0.01),
}
MESSAGES = 10_000
PERSONAL_SHARE, ALIKE_SHARE = 0.1, 0.3
PLANT = "find-nothing"
_BARE = re2.compile(r"1[3-9]\d{9}|\d{17}[\dXx]|[\w.]+@[\w.]+")
_SAYINGS = (
    "在吗", "你好，这款还有货吗", "什么时候发货呀", "好的，谢谢", "亲亲，已经为您登记，请耐心等待哦~", "能便宜一点吗",
    "这个尺码偏大还是偏小", "物流怎么一直不动，急用", "您好，很高兴为您服务，请问有什么可以帮您？",
    "我想退货，包装拆了还能退吗", "发票什么时候能开", "收到了，质量不错", "请问您是想咨询售前还是售后的问题呢？",
    "赠品没有收到，能补发吗", "麻烦尽快处理一下，等了好几天了", "还请您稍等，正在为您查询中哦", "可以改成下午送吗",
    "买两件有优惠吗", "颜色和图片不一样，有点失望", "请问还有其他可以帮到您的吗？祝您生活愉快，再见！",
    "保修多久，坏了怎么办", "降价了能补差价吗", "我先看看，晚点下单", "屏幕有划痕，是不是二手的",
    "安装要收费吗，材料费怎么算", "这个能不能用在老房子里", "客服态度真好，给个好评", "转人工",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    seconds: float = 10.0
    seed: int = 1
    plant: str = ""


async def run(wish: Wish) -> Report:
    """Measure."""
    if wish.plant not in {"", PLANT}:
        message = f"there is no fault {wish.plant!r} for pii"
        raise InvalidError(message, remedy=f"Use {PLANT}.")
    said = _mix(wish.seed)
    texts = [text for text, _ in said]
    masker = _blind if wish.plant else mask
    ours, bares, times = [], [], []
    _rate(texts, mask, 0.0)
    for turn in range(5):
        bares.append(_rate(texts, _BARE.search, wish.seconds / 20))
        ours.append(_rate(texts, masker, wish.seconds / 6))
        tell(f"round {turn}: bare {bares[-1]:.0f}/s, masking {ours[-1]:.0f}/s")
    for text in texts:
        start = process_time()
        masker(text)
        times.append(1000 * (process_time() - start))
    personal = [bool(masker(text).spans) for text, holds in said if holds]
    clean = [bool(masker(text).spans) for text, holds in said if not holds]
    figures = {
        "messages_per_second": median(ours),
        "bare_per_second": median(bares),
        "ratio_bare": median(our / bare for our, bare in zip(ours, bares, strict=True)),
        "p99_ms": percentile(times, 0.99),
        "found_share": sum(personal) / len(personal),
        "alarm_share": sum(clean) / len(clean),
        "messages": len(texts),
        "mean_characters": sum(map(len, texts)) / len(texts),
    }
    return Report("pii", figures, TARGETS, wish.seed)


def _mix(seed: int) -> list[tuple[str, bool]]:
    """Return messages, each with whether it holds personal data."""
    dice = Random(seed)
    sown = [(each.text, bool(each.spans)) for each in seeded_texts(seed, MESSAGES)]
    parts = (
        (PERSONAL_SHARE, [each for each in sown if each[1]]),
        (ALIKE_SHARE, [each for each in sown if not each[1]]),
        (1 - PERSONAL_SHARE - ALIKE_SHARE, [(text, False) for text in _SAYINGS]),
    )
    said = [each for share, some in parts for each in islice(cycle(some), round(share * MESSAGES))]
    dice.shuffle(said)
    return said


def _rate(texts: list[str], work: Callable[[str], object], seconds: float) -> float:
    """Return how many texts a processor second are worked on, going through all of them again and again."""
    done, start = 0, process_time()
    while (took := process_time() - start) < seconds or not done:
        for text in texts:
            work(text)
        done += len(texts)
    return done / took


def _blind(text: str) -> Masked:
    return Masked(text, ())
