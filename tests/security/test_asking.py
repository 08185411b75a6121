"""What a question asks for, and which short answers it makes personal: sentence by sentence, all invented."""

import pytest

from huiyin.security.detecting.asking import NOTHING, asked_for
from huiyin.security.masking import mask


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("姓名？", "name"),
        ("麻烦您把收件人名字发我下~", "name"),
        ("您贵姓呀", "name"),
        ("收货信息发一下", "name phone address"),
        ("麻烦发一下姓名、电话和地址", "name phone address"),
        ("您手机多少", "phone"),
        ("手机号后四位核实一下", "phone"),
        ("麻烦您提供下单时的手机号", "phone"),
        ("还有吗？后四位", "rest"),
        ("前三位是186对吗", "rest"),
        ("身份证号后六位？", "id_number"),
        ("退到哪张银行卡，卡号报一下", "bank_card"),
        ("收到的验证码发我", "code"),
        ("货架号是多少", "code"),
        ("您QQ多少", "qq"),
        ("您QQ邮箱多少", "email"),
        ("微信号给我一下", "wechat"),
        ("车牌号？", "plate"),
        ("请问几栋几单元", "address"),
        ("订单号和手机号发一下", "other phone"),
        ("订单号？", "other"),
        ("几件？", "other"),
        ("身高体重多少", "other"),
        ("多大码？", "other"),
        ("您手机是什么型号的", "other"),
        ("微信支付的单号发一下", "other"),
        ("请问有什么可以帮您？", "other"),
        ("您的电话已经登记，请您放心", None),
        ("请保持手机畅通哦", None),
        ("稍后师傅会电话联系您，方便接听吗？", None),
        ("好的，马上为您处理", None),
        ("再发一遍可以吗", None),
    ],
)
def test_a_question_asks_for(question: str, asked: str | None) -> None:
    assert asked_for(question) == (None if asked is None else frozenset(asked.split()))


@pytest.mark.parametrize(
    ("known", "question", "asked"),
    [
        ("phone", "前七位呢", "phone"),
        ("other", "前面几位呢", "other"),
        ("name", "电话呢？", "name phone"),
        ("name", "后四位呢", "name rest"),
        ("phone", "订单号呢？", "other"),
        ("name phone", "要几件？", "name other"),
        ("other", "手机号？", "phone"),
        ("rest", "手机号？", "phone"),
    ],
)
def test_questions_in_a_row(known: str, question: str, asked: str) -> None:
    assert asked_for(question, frozenset(known.split())) == frozenset(asked.split())


@pytest.mark.parametrize(
    ("asked", "answer", "shown"),
    [
        ("name", "我姓周，叫周听雨", "我姓周，叫周**"),
        ("name", "Zhou Tingyu", "Z**********"),
        ("name", "贺云帆和马思远", "贺**和马**"),
        ("phone", "尾号是4567哦", "尾号是****哦"),
        ("phone", "186👌", "***👌"),
        ("phone", "5、6、7、8", "*、*、*、*"),
        ("id_number", "最后四位331X", "最后四位****"),
        ("code", "QH8812", "******"),
        ("qq", "五五六六七七八八", "********"),
        ("plate", "浙B·7N3Q2", "浙*******"),
        ("email", "12345678 qq的", "1******* qq的"),
        ("address", "3-2-501", "*******"),
    ],
)
def test_a_bare_answer_is_masked(asked: str, answer: str, shown: str) -> None:
    assert mask(answer, asked=frozenset(asked.split())).text == shown
    assert mask(shown, asked=frozenset(asked.split())).text == shown, "what is masked stays as it is"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("name", "高一点"),
        ("name", "方太的"),
        ("name", "算了不用了"),
        ("name", "thank you"),
        ("phone", "12点后打"),
        ("phone", "2026-06-18"),
        ("phone", "6.18"),
        ("phone", "3058812345671"),
        ("phone", "买3送1"),
        ("phone other", "4567"),
        ("code", "3个"),
        ("code", "JDVB12345678901"),
        ("wechat", "没有微信 ok"),
        ("plate", "没车"),
        ("address", "20号前能到吗"),
        ("address", "2天能到吗"),
        ("", "陈知夏"),
        ("", "4567"),
    ],
)
def test_what_answers_nothing_stays(asked: str, answer: str) -> None:
    assert mask(answer, asked=frozenset(asked.split()) or NOTHING).text == answer
