"""Decide on one customer message: hand over early, answer only with evidence, say why."""

import re

from huiyin.assist.answers import Answer, AskBack, Decision, HandOver, NoReply
from huiyin.assist.binding import bound, said_of
from huiyin.assist.composing import tail_of, when
from huiyin.assist.courtesy import find_courtesy
from huiyin.assist.evidence import Missing, WhichOrder, gather
from huiyin.assist.facts import LiveFacts
from huiyin.assist.questions import (
    Question,
    asked_words,
    earlier_question,
    is_personal_only,
    order_number,
    segments_of,
)
from huiyin.channels.port import ContentKind, Sender
from huiyin.knowledge.entries import Entry, Need
from huiyin.knowledge.folding import fold, gist
from huiyin.knowledge.packs import shipped_ear
from huiyin.knowledge.search import SURE, Hit, Knowledge
from huiyin.knowledge.signals import SignalKind

TO_PERSON = "这个问题我帮您转给人工客服，请稍等。"
NO_EVIDENCE = "这个问题我没有可靠的依据，不能随意答复您，已为您转人工客服，请稍等。"
_MOST_CHOICES = 3
_MOST_PARTS = 4
_SHORT_PART = 8  # characters of gist; a longer part tells a story that the standard answer does not know
_SHORTEST_REPEAT = 3
_OPEN_QUESTION = re.compile("[?]|吗[ .!~]*$")
_OFFER = re.compile("还有.{0,8}(?:帮|需要|问题)|有什么.{0,8}(?:帮|需要)")
_STORY = 3  # so many characters more than the phrasing, and no asking word: the customer tells, not asks
_ASKING = re.compile("[?]|吗|么$|怎么|什么|多久|多少|哪|几|为什么|能不能|可不可以|是不是")
_APART = 0.06  # two entries closer than this are not told apart

_TOPIC_TAIL = re.compile("(?:业务|问题|服务)?(?:咨询|问题)?$")
_TOPICS = {
    "发票": "请问想了解发票的哪方面？例如查看下载、开专票、修改抬头。",
    "配送": "请问想了解配送的哪方面？例如到货时间、修改地址、约时间。",
    "物流": "请问想了解物流的哪方面？例如包裹到哪了、预计到货、修改地址。",
    "快递": "请问想了解快递的哪方面？例如包裹到哪了、用什么快递。",
    "退货": "请问想了解退货的哪方面？例如能不能退、怎么申请、运费谁出。",
    "换货": "请问想了解换货的哪方面？例如怎么申请、换颜色规格。",
    "退换货": "请问想了解退换货的哪方面？例如怎么申请、运费谁出、多久审核。",
    "返修退换货": "请问想了解退换修的哪方面？例如怎么申请、运费谁出、保修多久。",
    "售后": "请问遇到了什么售后问题？例如退货、换货、维修。",
    "退款": "请问想了解退款的哪方面？例如怎么申请、退到哪里、多久到账。",
    "优惠券": "请问想了解优惠券的哪方面？例如怎么领、怎么用、退货后券还在不在。",
    "订单": "请问想了解订单的哪方面？例如状态、修改、取消。",
    "专票": "请问想了解专票的哪方面？例如怎么开、什么时候开好。",
}

_SIGNAL_REASONS = {
    SignalKind.HUMAN: ("客户要求人工", False),
    SignalKind.ANGER: ("客户情绪激动", False),
    SignalKind.ABUSE: ("客户言辞激烈", False),
    SignalKind.COMPLAINT: ("客户表示投诉或差评", True),
    SignalKind.AUTHORITY: ("客户提到监管部门或法律途径", True),
    SignalKind.MEDIA: ("客户提到媒体曝光", True),
    SignalKind.DANGER: ("涉及人身或财产安全", True),
    SignalKind.PRIVACY: ("客户反映个人信息问题", True),
}


def _handed(question: Question, reason: str, *because: str, text: str = TO_PERSON, urgent: bool = False) -> Decision:
    action = HandOver(reason=reason, skill=question.skill, text=text, urgent=urgent)
    return Decision(action=action, because=(*because, reason))


def _by_kind(question: Question) -> Decision | None:
    match question.kind:
        case ContentKind.RECALL | ContentKind.SYSTEM:
            return Decision(action=NoReply(reason="平台记录，无需回复"), because=(f"消息类型 {question.kind}",))
        case ContentKind.IMAGE | ContentKind.VOICE:
            return _handed(question, "图片或语音需要人工查看", f"消息类型 {question.kind}")
    return None


def _by_signal(question: Question) -> Decision | None:
    heard = shipped_ear().hear(question.text)
    if not heard:
        return None
    gravest = max(heard, key=lambda signal: _SIGNAL_REASONS[signal.kind][1])
    reason, urgent = _SIGNAL_REASONS[gravest.kind]
    trail = tuple(f"{signal.title}：“{signal.words}”" for signal in heard)
    return _handed(question, reason, *trail, urgent=urgent)


def _answers_us(question: Question) -> bool:
    """Tell whether our side just asked something that a plain yes may answer."""
    if not question.history or question.history[-1].sender is Sender.CUSTOMER:
        return False
    ours = fold(question.history[-1].text)
    return bool(_OPEN_QUESTION.search(ours)) and not _OFFER.search(ours)


def _by_repeat(question: Question) -> Decision | None:
    """Hand over when the bot's reply did not help: the customer asks the same again."""
    ours = next((turn for turn in reversed(question.history) if turn.sender is not Sender.CUSTOMER), None)
    said = gist(asked_words(question.text))
    if ours is None or ours.sender is not Sender.BOT or len(said) < _SHORTEST_REPEAT:
        return None
    earlier = (turn.text for turn in question.history if turn.sender is Sender.CUSTOMER)
    if any(gist(asked_words(text)) == said for text in earlier):
        return _handed(question, "客户重复追问，智能助手没有解决", "与先前的问题相同")
    return None


def _by_courtesy(question: Question) -> Decision | None:
    found = find_courtesy(question.text, greeted=question.greeted)
    if found is None:
        return None
    courtesy, kind = found
    if kind == "nodding" and _answers_us(question):
        return _handed(question, "客户在回应上一句提问", f"礼貌用语 {kind}")
    return Decision(action=courtesy, because=(f"礼貌用语 {kind}",))


def _by_topic(question: Question, words: str) -> Decision | None:
    """Ask what is meant where the customer only named a topic or pressed a menu line."""
    asked = _TOPICS.get(_TOPIC_TAIL.sub("", gist("".join(segments_of(words)))))
    if asked is None:
        return None
    return Decision(action=AskBack(text=asked, needs_disclosure=not question.greeted), because=("只说了话题",))


def _by_card(question: Question, words: str) -> Decision | None:
    """Ask what is meant by a bare order or product, unless the customer asked just before."""
    if gist(words):
        return None
    if question.kind is ContentKind.SKU_CARD:
        text = "看到您发来的商品了，请问想了解哪方面？"
    elif question.kind is ContentKind.ORDER_CARD or order_number(question.text):
        text = "看到您发来的订单了，请问需要了解什么？例如物流、退换货或发票。"
    else:
        return _handed(question, "没有可以理解的文字", "消息里没有文字")
    return Decision(action=AskBack(text=text, needs_disclosure=not question.greeted), because=("只有卡片，没有问题",))


def _clear(hits: tuple[Hit, ...]) -> Hit | None:
    """Return the first hit if it is sure enough and no other answer is as near."""
    if not hits or hits[0].score < SURE:
        return None
    rivals = [hit for hit in hits[1:] if hit.entry.answer != hits[0].entry.answer]
    if rivals and hits[0].score < 1.0 and hits[0].score - rivals[0].score < _APART:
        return None
    return hits[0]


def _asks(words: str, hit: Hit) -> bool:
    """Tell whether a message asks or requests: what only tells a story is not answered with a standard text."""
    return bool(_ASKING.search(words)) or len(gist(words)) <= len(gist(hit.matched)) + _STORY


def _one_question(words: str, question: Question, knowledge: Knowledge) -> Hit | None:
    """Return the hit of the one part of a message that asks something, if the other parts ask nothing."""
    parts = segments_of(words)
    if len(parts) > _MOST_PARTS:
        return None
    best: Hit | None = None
    for part in parts:
        hit = _clear(tuple(knowledge.search(part, question.shop, question.at, 3)))
        if hit is None or not _asks(part, hit):
            if len(gist(part)) > _SHORT_PART or _ASKING.search(part):
                return None
        elif best is None or hit.entry.id == best.entry.id:
            best = hit if best is None or hit.score > best.score else best
        else:
            return None
    return best if best is not None and best.entry.fits(fold(words)) else None


def _only_question(hit: Hit, words: str, question: Question, knowledge: Knowledge) -> bool:
    """Tell whether no part of the message clearly asks something else as well."""
    parts = segments_of(words)
    others = (_clear(tuple(knowledge.search(part, question.shop, question.at, 3))) for part in parts[:_MOST_PARTS])
    return all(other is None or other.entry.id == hit.entry.id for other in others)


def best_hit(question: Question, knowledge: Knowledge) -> tuple[Hit | None, tuple[Hit, ...]]:
    """Return the hit the bot may answer from, if any, and everything found."""
    words = asked_words(question.text)
    if not gist(words):
        words = earlier_question(question) if order_number(question.text) else ""
    hits = tuple(knowledge.search(words, question.shop, question.at, 3)) if words else ()
    if not words:
        return None, hits
    whole = _clear(hits)
    if whole is not None and _asks(words, whole) and _only_question(whole, words, question, knowledge):
        return whole, hits
    return _one_question(words, question, knowledge), hits


def needs_facts(question: Question, knowledge: Knowledge) -> frozenset[Need]:
    """Tell beforehand which live facts `decide` would look up; empty means it needs no network."""
    if _by_kind(question) or _by_signal(question) or is_personal_only(question.text):
        return frozenset()
    hit, _ = best_hit(question, knowledge)
    return frozenset(hit.entry.needs) if hit else frozenset()


def _which(question: Question, found: WhichOrder, hit: Hit) -> Decision:
    named = [
        f"{tail_of(order.order_id)}（{order.lines[0].name if order.lines else order.state_label}，"
        f"{when(order.created_at)}下单）"
        for order in found.orders[:_MOST_CHOICES]
    ]
    text = f"您最近有多笔订单，请问是哪一笔？{'；'.join(named)}。回复订单号即可。"
    choices = tuple(order.order_id for order in found.orders[:_MOST_CHOICES])
    action = AskBack(text=text, choices=choices, needs_disclosure=not question.greeted)
    return Decision(
        action=action, because=(f"查到 {len(found.orders)} 笔订单",), entry=hit.entry.id, confidence=hit.score
    )


async def _by_evidence(question: Question, hit: Hit, knowledge: Knowledge, facts: LiveFacts) -> Decision:
    entry: Entry = hit.entry
    found = await gather(entry, question, knowledge, facts)
    trail = f"标准问“{entry.title}”，把握 {hit.score:.2f}，相近问法“{hit.matched}”"
    if isinstance(found, Missing):
        return _handed(question, found.reason, trail, text=NO_EVIDENCE)
    if isinstance(found, WhichOrder):
        return _which(question, found, hit)
    locked = bound(found.text, found.citations, question, knowledge.base)
    struck = tuple(f"锁住 {said_of(each)}" for each in locked.unbound)
    if locked.held:
        return _handed(question, "答案里有没有依据的说法", trail, *struck, text=NO_EVIDENCE)
    answer = Answer(text=locked.text, citations=found.citations, needs_disclosure=not question.greeted)
    return Decision(action=answer, because=(trail, *found.because, *struck), entry=entry.id, confidence=hit.score)


async def decide(question: Question, knowledge: Knowledge, facts: LiveFacts) -> Decision:
    """Decide what the bot does with one message. The reasons stand in `because`, in the order they were found."""
    early = _by_kind(question) or _by_signal(question)
    if early is not None:
        return early
    if is_personal_only(question.text):
        return _handed(question, "客户发来个人信息，由人工处理", "消息以个人信息为主")
    words = asked_words(question.text)
    simple = _by_courtesy(question) or _by_repeat(question) or _by_topic(question, words)
    if simple is not None:
        return simple
    hit, hits = best_hit(question, knowledge)
    if hit is not None:
        return await _by_evidence(question, hit, knowledge, facts)
    card = _by_card(question, words)
    if card is not None:
        return card
    nearest = f"最接近“{hits[0].entry.title}”，把握只有 {hits[0].score:.2f}" if hits else "知识库没有相近的标准问"
    return _handed(question, "没有足够依据", nearest, text=NO_EVIDENCE)
