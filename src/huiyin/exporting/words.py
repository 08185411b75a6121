"""The words of an export in both languages: headings, and what codes are called. They are those of the screens."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
Both = tuple[str, str]
LANGUAGES: Mapping[Language, int] = {"zh": 0, "en": 1}

ORIGINS: Mapping[str, Both] = {
    "live": ("真实", "Live"), "backfill": ("历史", "History"), "replay": ("回放", "Replay"),
    "drill": ("演练", "Drill"), "simulated": ("模拟", "Simulated"),
}  # fmt: skip
PLATFORMS: Mapping[str, Both] = {
    "jd": ("京东", "JD.com"), "taobao": ("淘宝", "Taobao"), "tmall": ("天猫", "Tmall"), "pdd": ("拼多多", "Pinduoduo"),
    "douyin": ("抖音", "Douyin"), "kuaishou": ("快手小店", "Kuaishou"), "widget": ("自己的网页", "Own web page"),
}  # fmt: skip
STATES: Mapping[str, Both] = {
    "new": ("机器人接待", "With the bot"), "bot": ("机器人接待", "With the bot"), "waiting": ("排队中", "Waiting"),
    "human": ("人工接待", "With a person"), "closed": ("已结束", "Closed"), "recorded": ("已结束", "Closed"),
}  # fmt: skip
CLOSED: Mapping[str, Both] = {
    "": ("", ""), "solved": ("已解决", "Solved"), "unanswered": ("客户没有再回复", "Customer did not reply"),
    "duplicate": ("重复会话", "Duplicate"), "quiet": ("静默后自动结束", "Ended after silence"),
    "other": ("其他", "Other"),
}  # fmt: skip
ANSWERED: Mapping[str, Both] = {
    "bot": ("机器人", "Bot"), "human": ("人工", "Person"), "none": ("未答复", "Unanswered"),
}  # fmt: skip
DEGREES: Mapping[str, Both] = {
    "5": ("非常满意", "Very satisfied"), "4": ("满意", "Satisfied"), "3": ("一般", "Neither"),
    "2": ("不满意", "Unsatisfied"), "1": ("非常不满意", "Very unsatisfied"), "0": ("看不出", "Cannot be told"),
}  # fmt: skip
SENDERS: Mapping[str, Both] = {
    "customer": ("客户", "Customer"), "bot": ("智能助手", "Bot"), "system": ("系统", "System"),
    "agent": ("客服", "Agent"),
}  # fmt: skip
KINDS: Mapping[str, Both] = {
    "text": ("文字", "Text"), "image": ("图片", "Picture"), "order_card": ("订单卡片", "Order card"),
    "sku_card": ("商品卡片", "Product card"), "voice": ("语音", "Voice"), "recall": ("撤回", "Recall"),
    "system": ("系统消息", "System message"),
}  # fmt: skip
DELIVERIES: Mapping[str, Both] = {
    "": ("", ""), "approved": ("待发出", "To be sent"), "sending": ("发送中", "Being sent"),
    "delivered": ("已送达", "Delivered"), "unknown": ("结果未知", "Outcome unknown"), "failed": ("发送失败", "Failed"),
    "held": ("已拦截", "Held back"), "copied": ("已粘贴到咚咚", "Pasted into Dongdong"),
    "withdrawn": ("已撤下", "Withdrawn"),
}  # fmt: skip
UNKNOWN: Both = ("其他", "Other")
UNMAPPED: Both = ("{name}（未登记账号）", "{name} (unregistered account)")
YES: Both = ("是", "yes")
NO: Both = ("否", "no")
CONTENTS: Mapping[str, Both] = {"sessions": ("会话", "Sessions"), "messages": ("消息", "Messages")}
ABOUT: Both = ("说明", "About")

HEADINGS: Mapping[str, tuple[Both, ...]] = {
    "sessions": (
        ("店铺", "Shop"), ("平台", "Platform"), ("会话", "Session"), ("来源", "Source"), ("开始时间", "Opened"),
        ("结束时间", "Closed"), ("状态", "State"), ("结束方式", "Closed as"), ("接待人", "Served by"),
        ("首次回复", "First answered by"), ("首次响应（秒）", "First response (s)"),
        ("营业时间内首次响应（秒）", "First response in opening hours (s)"), ("转人工时间", "Handed over"),
        ("人工首次响应（秒）", "First response of a person (s)"), ("回合数", "Turns"),
        ("平均响应（秒）", "Mean response (s)"), ("客户消息数", "Messages of the customer"),
        ("机器人回复数", "Replies of the bot"), ("人工回复数", "Replies of people"), ("质检发现", "Findings"),
        ("留言", "Left as a message"), ("满意度", "Satisfaction"), ("导出编号", "Export number"),
    ),
    "messages": (
        ("店铺", "Shop"), ("会话", "Session"), ("时间", "Time"), ("谁", "Who"), ("类型", "Kind"),
        ("内容（已打码）", "Text (masked)"), ("发送状态", "Delivery"), ("已撤回", "Recalled"), ("来源", "Source"),
        ("导出编号", "Export number"),
    ),
}  # fmt: skip

MARKS: Mapping[str, Both] = {
    "number": ("导出编号", "Export number"), "name": ("导出人", "Exported by"), "at": ("导出时间", "Exported at"),
    "shops": ("店铺", "Shops"), "days": ("日期", "Days"), "content": ("内容", "Content"), "note": ("说明", "Note"),
}  # fmt: skip
NOTE: Both = (
    "个人信息已打码；时间为店铺所在时区；空格表示没有或未知，不是零；“会话”接在回音的网址之后打开；回音 Huiyin",
    "Personal data is masked; times are the shop's; an empty cell is none or unknown, not zero; a session opens at "
    "Huiyin's address followed by its path; Huiyin",
)


def word(group: Mapping[str, Both], code: str, language: Language) -> str:
    """Return what a code is called; a code nobody gave a word is "other", never shown raw."""
    return group.get(code, UNKNOWN)[LANGUAGES[language]]


def say(both: Both, language: Language) -> str:
    """Return the words in a language."""
    return both[LANGUAGES[language]]
