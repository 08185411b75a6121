"""Decide on one customer message: hand over early, answer only with evidence, say why."""

from huiyin.assist.answers import Answer, AskBack, Decision, HandOver, NoReply
from huiyin.assist.composing import tail_of, when
from huiyin.assist.courtesy import find_courtesy
from huiyin.assist.evidence import Missing, WhichOrder, gather
from huiyin.assist.facts import LiveFacts
from huiyin.assist.questions import Question, asked_words, earlier_question, is_personal_only, order_number
from huiyin.channels.port import ContentKind
from huiyin.knowledge.entries import Entry, Need
from huiyin.knowledge.folding import gist
from huiyin.knowledge.packs import shipped_ear
from huiyin.knowledge.search import SURE, Hit, Knowledge
from huiyin.knowledge.signals import SignalKind

TO_PERSON = "这个问题我帮您转给人工客服，请稍等。"
NO_EVIDENCE = "这个问题我没有可靠的依据，不能随意答复您，已为您转人工客服，请稍等。"
_MOST_CHOICES = 3
_APART = 0.06  # two entries closer than this are not told apart

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


def _by_courtesy(question: Question) -> Decision | None:
    found = find_courtesy(question.text, greeted=question.greeted)
    if found is None:
        return None
    courtesy, kind = found
    return Decision(action=courtesy, because=(f"礼貌用语 {kind}",))


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


def best_hit(question: Question, knowledge: Knowledge) -> tuple[Hit | None, tuple[Hit, ...]]:
    """Return the hit the bot may answer from, if any, and everything found."""
    words = asked_words(question.text)
    if not gist(words):
        words = earlier_question(question) if order_number(question.text) else ""
    hits = tuple(knowledge.search(words, question.shop, question.at, 3)) if words else ()
    if not hits or hits[0].score < SURE:
        return None, hits
    close = len(hits) > 1 and hits[0].score < 1.0 and hits[0].score - hits[1].score < _APART
    same = close and hits[0].entry.answer == hits[1].entry.answer
    return (hits[0] if not close or same else None), hits


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
    answer = Answer(text=found.text, citations=found.citations, needs_disclosure=not question.greeted)
    return Decision(action=answer, because=(trail, *found.because), entry=entry.id, confidence=hit.score)


async def decide(question: Question, knowledge: Knowledge, facts: LiveFacts) -> Decision:
    """Decide what the bot does with one message. The reasons stand in `because`, in the order they were found."""
    early = _by_kind(question) or _by_signal(question)
    if early is not None:
        return early
    if is_personal_only(question.text):
        return _handed(question, "客户发来个人信息，由人工处理", "消息以个人信息为主")
    words = asked_words(question.text)
    simple = _by_courtesy(question)
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
