"""What is personal in a message and what is not: invented examples, type by type."""

import pytest

from huiyin.security.detecting.finding import find_personal
from huiyin.security.detecting.numbers import valid_card_number, valid_id_number
from huiyin.security.masking import mask

ID = "11010519491231002X"
CARD = "6222021234567890128"


def found(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in find_personal(text)]


def test_the_examples_carry_their_check_digits() -> None:
    assert valid_id_number(ID)
    assert valid_card_number(CARD)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("打13812345678", "13812345678", "phone"),
        ("打 138 1234 5678 吧", "138 1234 5678", "phone"),
        ("+86 138-1234-5678", "+86 138-1234-5678", "phone"),
        ("电话１３８１２３４５６７８", "１３８１２３４５６７８", "phone"),
        ("一三八一二三四五六七八", "一三八一二三四五六七八", "phone"),
        ("幺三八幺二三四五六七八", "幺三八幺二三四五六七八", "phone"),
        ("壹叁捌1234伍陆78", "壹叁捌1234伍陆78", "phone"),
        ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 1 2 3 4 5 6 7 8", "phone"),
        ("l38l2345678是0和1", "l38l2345678", "phone"),
        ("138🌸1234～5678", "138🌸1234～5678", "phone"),
        ("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣"[:-2], "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8", "phone"),
        ("座机010-62345678", "010-62345678", "phone"),
        ("查一下13812345678的订单", "13812345678", "phone"),
        (f"身份证{ID}", ID, "id_number"),
        ("证件号 110105 19491231 002x", "110105 19491231 002x", "id_number"),
        ("身份证号110105194912310021", "110105194912310021", "id_number"),  # mistyped, and called one
        (f"退到{CARD}", CARD, "bank_card"),
        ("卡号6222 0212 3456 7890 128", "6222 0212 3456 7890 128", "bank_card"),
        ("发 li.na@example.com 吧", "li.na@example.com", "email"),
        ("li.na＠ｅｘａｍｐｌｅ．ｃｏｍ", "li.na＠ｅｘａｍｐｌｅ．ｃｏｍ", "email"),
        ("lina88 at qq点com", "lina88 at qq点com", "email"),
        ("加微信 songguo88", "songguo88", "wechat"),
        ("vx：song_guo", "song_guo", "wechat"),
        ("QQ 88 66 4422", "88 66 4422", "qq"),
        ("扣扣号八八六六四四二", "八八六六四四二", "qq"),
        ("车牌京A·12345", "京A·12345", "plate"),
        ("粤BD12345的车", "粤BD12345", "plate"),
        ("验证码 83 12 05", "83 12 05", "code"),
        ("取件码3-2-1005", "3-2-1005", "code"),
        ("验证码我收到了 6 6 0 4 1 7", "6 6 0 4 1 7", "code"),
        ("驿站说货架号 5-2-3018", "5-2-3018", "code"),
        ("浙B 7N 3Q 2 黑色", "浙B 7N 3Q 2", "plate"),
        ("微信同号，搜 sunny_2077", "sunny_2077", "wechat"),
        ("小红书号 sunny2077 有图", "sunny2077", "wechat"),
        ("发到 wangxiaolu 于 outlook", "wangxiaolu 于 outlook", "email"),
        ("wang点lu@qq.com", "wang点lu@qq.com", "email"),
        ("护照 G55667788", "G55667788", "id_number"),
        ("社保号B987654321", "B987654321", "id_number"),
        ("手机186xxxx4567，中间四位0023", "0023", "phone"),
        ("手机186****4567，中间是0023", "0023", "phone"),
        ("尾号是4567，前面1860023", "1860023", "phone"),
        ("18 6，后面接0 0 2 3，再接4 5 6 7", "0 0 2 3", "phone"),
        ("倒着念是76543200681", "76543200681", "phone"),
        ("后面八位00234567", "00234567", "phone"),
        ("地址是浦东新区银河SOHO塔2 1908", "浦东新区银河SOHO塔2 1908", "address"),
        ("送到海丰北路602号", "海丰北路602号", "address"),
        ("浙江省杭州市余杭区翡翠城3幢2单元501", "浙江省杭州市余杭区翡翠城3幢2单元501", "address"),
        ("地址：朝阳区先锋路12号院", "朝阳区先锋路12号院", "address"),
        ("我住和平里小区七号楼二单元三零一", "和平里小区七号楼二单元三零一", "address"),
        ("收件人：欧阳建国", "欧阳建国", "name"),
        ("李小雨，13812345678", "李小雨", "name"),
        ("联系人阿依古丽·买买提", "阿依古丽·买买提", "name"),
        ("叫我何静宜就行，我老伴叫马思远", "何静宜", "name"),
        ("叫我何静宜就行，我老伴叫马思远", "马思远", "name"),
    ],
)  # fmt: skip
def test_it_is_found_where_it_stands(text: str, value: str, kind: str) -> None:
    assert (value, kind) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单号13812345678",
        "13812345678这个订单没到",
        "单号13812345678、13912345678都没到",
        "运单JD0013812345678",
        "流水号2026010113812345678",
        "付了13812345678.50元",
        "638123456789",
        "2026-01-13 12:34:56",
        "商品编号100012345678还有吗",
        "尺寸138*1234*5678",
        "一三五匹的空调",
        "证件号要填18位吗",
        "6222021234567890123",  # no card: its check digit is wrong
        "微信支付退回微信吗",
        "QQ音乐的会员100000",
        "新A系列12345型",
        "验证码收不到，等了10分钟",
        "15号送，16号装",
        "北京市朝阳区能到吗",
        "一路上都堵，路由器放客厅三楼",
        "王老吉和李宁都打折",
        "王女士您好",
        "方便的话麻烦安排一下",
        "快递员都说不方便送",
        "订单后八位00234567",
        "订单尾号4567，前面是1860023",
        "货架上第3排，一共12层",
        "叫我等等就行",
        "微信同号吗，搜索不到",
        "抖音上看到的，直播间12345号链接",
        "川A 系列 4个 20元",
        "社保能报销吗，医保12月到期",
        "倒着放会漏水吗，20260115生产的",
        "中间那层120厘米，两边138",
    ],
)
def test_it_is_nobodys(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13812345678", "138****5678"),
        (f"身份证{ID}", "身份证110***********002X"),
        ("li.na@example.com", "l***@example.com"),
        ("我叫李小雨，小雨淋了，李小雨", "我叫李**，小雨淋了，李**"),
        ("车牌京A12345", "车牌京******"),
        ("验证码831205", "验证码******"),
        ("座机8234567", "座机8******"),
        ("送到海丰北路602号", "送到海丰北****"),
        ("卡号62220212\n34567890128", "卡号6*******\n345****0128"),
    ],
)
def test_it_is_masked(text: str, shown: str) -> None:
    assert mask(text).text == shown


@pytest.mark.parametrize(
    ("before", "text", "shown"),
    [
        ("我电话138", "1234 5678", "*********"),
        ("138\n1234", "5678，记下了", "****，记下了"),
        ("我微信是", "songguo88", "s********"),
        ("我叫", "李小雨", "李**"),
        ("订单号", "13812345678", "13812345678"),
        ("我电话是", "13812345678", "138****5678"),
        ("要三台", "12345678", "12345678"),
    ],
)
def test_what_began_in_the_message_before_is_masked_to_its_end(before: str, text: str, shown: str) -> None:
    assert mask(text, before).text == shown
