"""Findings point at words; drafts pass, warn or hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.channels.port import ContentKind, Sender
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Share
from huiyin.quality.gates import check_draft, numbers_in, shipped_inspector
from huiyin.quality.inspecting import Finding, Inspector, Outcome
from huiyin.quality.proofs import bank_card, id_card
from huiyin.quality.rules import Gate, Rule, RulePack, Severity, Side, shipped_packs

ANY_TEXT = st.text(alphabet=st.characters(), max_size=120)


def rule(**more: object) -> Rule:
    """Build a rule about the word 包过."""
    fields: dict[str, object] = {"phrases": ("包过",), "gate": Gate.HOLD, "reason": "打包票", **more}
    return Rule(
        id="r1",
        version="1",
        title="打包票",
        severity=Severity.WARN,
        side=Side.AGENT,
        source="店铺",
        **fields,  # type: ignore[arg-type]  # overrides
    )


def pack(*rules: Rule) -> RulePack:
    """Build a pack."""
    return RulePack(id="p", version="1", title="试", rules=rules)


@pytest.mark.parametrize(
    ("draft", "outcome"),
    [
        pytest.param("您好，请问有什么可以帮您", Outcome.PASS, id="greeting"),
        pytest.param("最近的网点在人民路，最晚明天送到，最好的办法是重拍", Outcome.PASS, id="harmless 最"),
        pytest.param("我们会第一时间联系您", Outcome.PASS, id="harmless 第一"),
        pytest.param("退款会回到您的微信零钱", Outcome.PASS, id="WeChat as a purse"),
        pytest.param("不能保证明天送到，我尽量催", Outcome.PASS, id="an honest no"),
        pytest.param("加我薇❤信发您图片", Outcome.HOLD, id="WeChat in disguise"),
        pytest.param("加ＶＸ：abc123", Outcome.HOLD, id="full-width letters"),
        pytest.param("这是国家级品质", Outcome.HOLD, id="named by the statute"),
        pytest.param("全网最低价", Outcome.WARN, id="practice only warns"),
        pytest.param("您放心肯定能退", Outcome.HOLD, id="a blank cheque"),
        pytest.param("买不起就别买", Outcome.HOLD, id="an insult"),
        pytest.param("这个不归我们管", Outcome.HOLD, id="brushing off"),
        pytest.param("派送员电话13812345678", Outcome.HOLD, id="somebody's number"),
        pytest.param("麻烦把验证码告诉我", Outcome.HOLD, id="asking for a secret"),
    ],
)
def test_what_happens_to_a_draft(draft: str, outcome: Outcome) -> None:
    assert check_draft(draft).outcome is outcome


@pytest.mark.parametrize(
    ("said", "draft", "outcome"),
    [
        pytest.param("我的电话是 138-1234-5678", "会打 13812345678 联系您", Outcome.PASS, id="their own"),
        pytest.param("我的电话是 138-1234-5678", "会打 13912345678 联系您", Outcome.HOLD, id="somebody else's"),
        pytest.param("１３８１２３４５６７８", "会打138 1234 5678", Outcome.PASS, id="full width"),
        pytest.param("1 3 8 1 2 3 4 5 6 7 8", "会打13812345678", Outcome.PASS, id="digit by digit"),
        pytest.param("13812345678", "会打+86 13812345678", Outcome.PASS, id="with the country"),
        pytest.param("13812345678 13912345678", "打13912345678 吗", Outcome.PASS, id="the second of two"),
        pytest.param("13812345678", "13812345678和13912345678", Outcome.HOLD, id="one of two is not theirs"),
        pytest.param("订单 2138123456789", "会打13812345678", Outcome.HOLD, id="digits inside an order's number"),
        pytest.param("发票发 li.na@example.com。", "会发到 li.na@example.com", Outcome.PASS, id="their own address"),
        pytest.param("发票发 li.na@example.com", "会发到 na@example.com", Outcome.WARN, id="the end of an address"),
        pytest.param("验证码123456", "麻烦把验证码告诉我", Outcome.HOLD, id="asking for a secret is no number"),
    ],
)
def test_the_customers_own_numbers_may_be_repeated_and_only_those(said: str, draft: str, outcome: Outcome) -> None:
    assert check_draft(draft, own=lambda: numbers_in([said])).outcome is outcome


@pytest.mark.parametrize("draft", ["您好", "订单 213812345678 已发货", "加我微信", "麻烦把验证码告诉我"])
def test_nobody_is_asked_for_the_customers_numbers_where_the_draft_holds_none(draft: str) -> None:
    def own() -> frozenset[str]:
        pytest.fail("asked")

    check_draft(draft, own=own)


def test_the_bot_is_held_like_an_agent_and_the_customer_is_not() -> None:
    assert check_draft("加我微信", side=Sender.BOT).outcome is Outcome.HOLD
    assert shipped_inspector().inspect("加我微信", Sender.CUSTOMER).outcome is Outcome.PASS


def test_voice_and_recalls_are_not_read() -> None:
    assert not shipped_inspector().inspect("加我微信", Sender.AGENT, ContentKind.RECALL).findings


@given(ANY_TEXT, st.sampled_from([Sender.AGENT, Sender.CUSTOMER, Sender.BOT, Sender.SYSTEM]))
def test_findings_stay_inside_the_text(text: str, side: Sender) -> None:
    for finding in shipped_inspector().inspect(text, side).findings:
        assert 0 <= finding.start < finding.end <= len(text)


@given(ANY_TEXT)
def test_words_are_found_wherever_they_stand(around: str) -> None:
    found = Inspector([pack(rule())]).inspect(f"{around}包过{around}", Sender.AGENT).findings
    assert any(one.start <= len(around) and len(around) + 2 <= one.end for one in found)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2)])
def test_a_finding_without_words_cannot_be_built(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="points at no words"):
        Finding(
            rule="r",
            version="1",
            title="t",
            severity=Severity.INFO,
            gate=Gate.NONE,
            start=start,
            end=end,
            reason="因为",
            confidence=Share(0.5),
            inspector="p@1",
        )


def test_unless_cancels_only_what_it_overlaps() -> None:
    inspector = Inspector([pack(rule(unless=("不包过",)))])
    spans = [(one.start, one.end) for one in inspector.inspect("不包过，但是包过", Sender.AGENT).findings]
    assert spans == [(6, 8)]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param({}, True, id="nothing changed"),
        pytest.param({"phrases": ("包过", "必过")}, False, id="a phrase added"),
        pytest.param({"gate": Gate.WARN}, False, id="another gate"),
        pytest.param({"reason": "另一个理由"}, False, id="another reason"),
    ],
)
def test_the_hash_follows_what_a_pack_says(change: dict[str, object], same: bool) -> None:
    assert (pack(rule(**change)).hash == pack(rule()).hash) is same


def test_findings_name_pack_version_hash_and_engine() -> None:
    finding = Inspector([pack(rule())]).inspect("包过", Sender.AGENT).findings[0]
    assert finding.inspector == f"p@1/{pack(rule()).hash[:12]} engine 1"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        pytest.param({"phrases": (), "regexes": ("(?<!a)b",)}, "RE2", id="lookbehind"),
        pytest.param({"phrases": (), "regexes": ("a*",)}, "empty text", id="matches nothing"),
        pytest.param({"phrases": ()}, "at least one", id="no wording"),
        pytest.param({"phrases": ("", "包过")}, "empty", id="an empty phrase"),
    ],
)
def test_a_wording_that_cannot_work_is_refused(broken: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        Inspector([pack(rule(**broken))])


def test_a_rule_id_twice_is_refused() -> None:
    with pytest.raises(InvalidError, match="share an id: r1"):
        Inspector([pack(rule(), rule())])


def test_shipped_rules_name_their_sources() -> None:
    assert all(one.source and one.reason for shipped in shipped_packs() for one in shipped.rules)


@pytest.mark.parametrize(
    ("number", "card", "identity"),
    [
        pytest.param("4111111111111111", True, False, id="a card that checks"),
        pytest.param("4111111111111112", False, False, id="one digit off"),
        pytest.param("11010519491231002X", False, True, id="the standard's own example"),
        pytest.param("110105194912310021", False, False, id="wrong mark"),
        pytest.param("110105194913310025", False, False, id="month thirteen"),
    ],
)
def test_numbers_must_prove_what_they_look_like(number: str, card: bool, identity: bool) -> None:
    assert (number.isdecimal() and bank_card(number)) is card
    assert id_card(number) is identity
