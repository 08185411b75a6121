"""The bot answers with evidence, asks back, or hands over; never anything else."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.assist.answers import (
    DISCLOSURE,
    Answer,
    AskBack,
    Citation,
    CitationKind,
    Courtesy,
    Decision,
    HandOver,
    NoReply,
)
from huiyin.assist.deciding import decide, needs_facts
from huiyin.assist.facts import LiveFacts, NoFacts
from huiyin.assist.questions import Question, Turn, is_personal_only, order_number
from huiyin.assist.suggesting import suggest
from huiyin.channels.port import ContentKind, Logistics, Order, PriceProtection, Sender, TraceStep
from huiyin.kernel.errors import TemporaryError
from huiyin.kernel.ids import ShopId
from huiyin.kernel.units import Fen
from huiyin.knowledge.clauses import Clause, KnowledgeBase, Status
from huiyin.knowledge.entries import Entry, Need
from huiyin.knowledge.packs import shipped_knowledge
from huiyin.knowledge.search import Knowledge

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
KNOWLEDGE = shipped_knowledge()
DIGITAL = ShopId("demo-digital")


def order(number: str) -> Order:
    """Build an order waiting to be received."""
    return Order(
        order_id=number,
        state="WAIT_GOODS_RECEIVE_CONFIRM",
        state_label="等待收货",
        total=Fen(9900),
        paid=Fen(8950),
        created_at=NOW - timedelta(days=2),
        as_of=NOW,
        lines=(),
    )


class Facts:
    """A channel's facts, held in memory."""

    def __init__(self, *orders: Order, down: bool = False) -> None:
        """Know `orders`; `down` makes every look-up fail."""
        self._orders = orders
        self._down = down

    async def orders(self, customer_ref: str, order_ref: str = "") -> list[Order]:
        """Return the orders that fit."""
        if self._down:
            message = "平台超时"
            raise TemporaryError(message)
        return [one for one in self._orders if order_ref in ("", one.order_id)]

    async def logistics(self, order_ref: str) -> Logistics | None:
        """Return a parcel with one step."""
        step = TraceStep(NOW - timedelta(hours=3), "包裹已到达朝阳站")
        return Logistics(waybill="JD77", carrier="京东快递", steps=(step,), as_of=NOW)

    async def price_protection(self, order_ref: str) -> list[PriceProtection]:
        """Know no application."""
        return []


ONE = Facts(order("213456789012"))
TWO = Facts(order("213456789012"), order("213456780000"))


def ask(text: str, facts: LiveFacts = ONE, knowledge: Knowledge = KNOWLEDGE, **more: object) -> Decision:
    """Let the bot decide on one message."""
    question = Question(**{"text": text, "shop": DIGITAL, "at": NOW, "greeted": True, **more})  # type: ignore[arg-type]  # a test's shorthand
    return asyncio.run(decide(question, knowledge, facts))


@pytest.mark.parametrize(
    ("said", "action", "reason"),
    [
        pytest.param("什么时候发货", Answer, "", id="standard question"),
        pytest.param("我要转人工", HandOver, "客户要求人工", id="wants a person"),
        pytest.param("有没有活人啊", HandOver, "客户要求人工", id="wants a person, other words"),
        pytest.param("什么时候发货，转人工", HandOver, "客户要求人工", id="a wish for a person beats an answer"),
        pytest.param("你们服务太差了", HandOver, "客户情绪激动", id="anger"),
        pytest.param("再不退款我打12315", HandOver, "客户提到监管部门或法律途径", id="authority"),
        pytest.param("充电宝冒烟了怎么保修", HandOver, "涉及人身或财产安全", id="danger beats a standard question"),
        pytest.param("我要投诉快递", HandOver, "客户表示投诉或差评", id="complaint"),
        pytest.param("13812345678", HandOver, "客户发来个人信息，由人工处理", id="only a phone number"),
        pytest.param("这款和上一代比拍照强多少", HandOver, "没有足够依据", id="nothing known"),
        pytest.param("谢谢", Courtesy, "", id="thanks"),
        pytest.param("没有了，谢谢您", Courtesy, "", id="goodbye"),
        pytest.param("在吗", Courtesy, "", id="greeting"),
        pytest.param("发票咨询", AskBack, "", id="only a topic"),
        pytest.param("213456789012", AskBack, "", id="only an order number"),
    ],
)
def test_what_the_bot_does(said: str, action: type, reason: str) -> None:
    decision = ask(said)
    assert isinstance(decision.action, action)
    assert decision.because
    if isinstance(decision.action, HandOver):
        assert decision.action.reason == reason


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (ContentKind.IMAGE, HandOver),
        (ContentKind.VOICE, HandOver),
        (ContentKind.RECALL, NoReply),
        (ContentKind.SYSTEM, NoReply),
        (ContentKind.ORDER_CARD, AskBack),
        (ContentKind.SKU_CARD, AskBack),
    ],
)
def test_what_the_bot_does_with_other_content(kind: ContentKind, action: type) -> None:
    assert isinstance(ask("", kind=kind).action, action)


def test_an_answer_without_a_citation_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="citation"):
        Answer(text="肯定没问题", citations=())


def test_a_citation_must_quote() -> None:
    with pytest.raises(ValueError, match="quotes"):
        Citation(kind=CitationKind.CLAUSE, ref="a@1", title="t", quote=" ", as_of=NOW)


def test_live_facts_are_told_with_their_moment_and_without_the_whole_number() -> None:
    decision = ask("我的快递到哪了")
    assert isinstance(decision.action, Answer)
    fact = decision.action.citations[0]
    assert (fact.kind, fact.ref, fact.as_of) == (CitationKind.FACT, "logistics:JD77", NOW)
    assert "包裹已到达朝阳站" in decision.reply
    assert "查询时间 11月22日 12:00" in decision.reply
    assert "213456789012" not in decision.reply


def test_several_orders_are_asked_back_and_the_number_then_answers() -> None:
    asked = ask("我的快递到哪了", TWO)
    assert isinstance(asked.action, AskBack)
    assert asked.action.choices == ("213456789012", "213456780000")
    history = (Turn(Sender.CUSTOMER, "我的快递到哪了"), Turn(Sender.BOT, asked.reply))
    answered = ask("213456780000", TWO, history=history)
    assert isinstance(answered.action, Answer)
    assert "尾号0000" in answered.reply


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(NoFacts(), "没有查到订单", id="no order known"),
        pytest.param(Facts(down=True), "平台数据暂时查不到", id="platform down"),
    ],
)
def test_without_facts_the_bot_hands_over_and_says_so(facts: LiveFacts, reason: str) -> None:
    decision = ask("我的快递到哪了", facts)
    assert isinstance(decision.action, HandOver)
    assert decision.action.reason.startswith(reason)
    assert "没有可靠的依据" in decision.reply


def test_a_template_nobody_confirmed_is_not_told_to_customers() -> None:
    decision = ask("怎么申请价保")
    assert isinstance(decision.action, HandOver)
    assert "尚未确认" in decision.action.reason


def shipping(version: str, start: datetime, end: datetime | None, text: str) -> Clause:
    """Build one version of a shop's shipping rule."""
    return Clause(
        id="shop.shipping",
        version=version,
        title="发货时间",
        text=text,
        effective_from=start,
        effective_to=end,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        source="店铺",
        status=Status.IN_FORCE,
    )


def test_the_answer_changes_on_the_day_the_clause_changes() -> None:
    turn = datetime(2026, 6, 10, tzinfo=UTC)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    base = KnowledgeBase([shipping("1", begin, turn, "48 小时内发货"), shipping("2", turn, None, "24 小时内发货")])
    entry = Entry(id="when", title="发货", asks=("什么时候发货",), answer="{shop.shipping}", cites=("shop.shipping",))
    knowledge = Knowledge(base, [entry])
    before = ask("什么时候发货", knowledge=knowledge, at=turn - timedelta(seconds=1))
    after = ask("什么时候发货", knowledge=knowledge, at=turn)
    assert isinstance(before.action, Answer)
    assert isinstance(after.action, Answer)
    assert (before.reply, before.action.citations[0].ref) == ("48 小时内发货。", "shop.shipping@1")
    assert (after.reply, after.action.citations[0].ref) == ("24 小时内发货。", "shop.shipping@2")


def test_the_bot_says_what_it_is_once() -> None:
    assert ask("什么时候发货", greeted=False).reply.startswith(DISCLOSURE)
    assert "转人工" in DISCLOSURE
    assert DISCLOSURE not in ask("什么时候发货", greeted=True).reply


def test_asking_the_same_again_brings_a_person() -> None:
    history = (Turn(Sender.CUSTOMER, "什么时候发货"), Turn(Sender.BOT, "48 小时内发货。"))
    decision = ask("什么时候发货？", history=history)
    assert isinstance(decision.action, HandOver)
    assert "重复追问" in decision.action.reason


def test_a_yes_to_our_question_is_not_waved_away() -> None:
    assert isinstance(ask("是的", history=(Turn(Sender.BOT, "请问是哪一笔？"),)).action, HandOver)
    assert isinstance(ask("好的", history=(Turn(Sender.BOT, "48 小时内发货。"),)).action, Courtesy)


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("我的快递到哪了", {Need.LOGISTICS}),
        ("帮我取消订单", {Need.ORDER}),
        ("什么时候发货", set()),
        ("转人工，快递到哪了", set()),
        ("谢谢", set()),
    ],
)
def test_needs_facts_tells_beforehand(said: str, needs: set[Need]) -> None:
    assert needs_facts(Question(text=said, shop=DIGITAL, at=NOW), KNOWLEDGE) == needs


def test_a_person_is_offered_drafts_with_evidence() -> None:
    question = Question(text="发票抬头能不能改，公司要报销", shop=DIGITAL, at=NOW)
    drafts = asyncio.run(suggest(question, KNOWLEDGE, ONE))
    assert drafts[0].entry == "digital.invoice.change"
    assert all(draft.citations for draft in drafts)


@pytest.mark.parametrize(
    ("said", "personal"),
    [
        ("13812345678", True),
        ("收货人电话 13812345678", True),
        ("北京市朝阳区建国路93号院1号楼1001室", True),
        ("me@example.com", True),
        ("11010519491231002X 张三", True),
        ("我的电话13812345678怎么还没有人打给我", False),
        ("订单213456789012什么时候发货", False),
    ],
)
def test_messages_that_are_only_personal_data(said: str, personal: bool) -> None:
    assert is_personal_only(said) is personal


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("213456789012", "213456789012"),
        ("13812345678", ""),
        ("订单２１３４５６７８９０１２", "213456789012"),
        ("12", ""),
    ],
)
def test_an_order_number_is_no_phone_number(said: str, number: str) -> None:
    assert order_number(said) == number


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=80))
def test_whatever_is_said_answers_are_cited(text: str) -> None:
    decision = ask(text)
    assert decision.because
    if isinstance(decision.action, Answer):
        assert decision.action.citations
