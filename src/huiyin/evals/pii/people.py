"""Make up people: names, mailboxes, WeChat names, number plates."""

from random import Random

from huiyin.evals.pii.forms import FULLWIDTH, Groups
from huiyin.evals.pii.numbers import digits, natural

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢"
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "慕容", "尉迟", "皇甫", "令狐")
GIVEN = (
    *("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "霞", "刚", "玲"),
    *("秀英", "桂兰", "建国", "志强", "小红", "雨桐", "子涵", "梓萱", "浩然", "欣怡", "俊杰", "思远", "晓燕", "文博"),
    *("国庆", "海燕", "春梅", "立新", "佳琪", "一诺", "沐阳", "若曦", "诗涵", "宇航", "美玲", "金凤", "德胜", "玉兰"),
)
MINORITY = ("阿依古丽", "买买提", "古丽娜尔", "艾力", "巴特尔", "其其格", "扎西", "卓玛", "次仁", "努尔")
PINYIN = (
    "zhang",
    "wang",
    "li",
    "liu",
    "chen",
    "yang",
    "zhao",
    "huang",
    "xiaoming",
    "lele",
    "mengmeng",
    "afei",
    "dahai",
)
PINYIN_NAMES = ("Wei", "Fang", "Xiaoming", "Jianguo", "Haiyan", "Yutong", "Zihan", "Minmin", "Lei", "Jing")
MAILS = (
    "163.com",
    "126.com",
    "qq.com",
    "sina.com",
    "foxmail.com",
    "gmail.com",
    "outlook.com",
    "139.com",
    "vip.163.com",
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def name(dice: Random) -> str:
    """Make up a name of two or three signs."""
    return dice.choice(SURNAMES) + dice.choice(GIVEN)


def compound_name(dice: Random) -> str:
    """Make up a name with a surname of two signs."""
    return dice.choice(COMPOUND) + dice.choice(GIVEN)


def spaced_name(dice: Random) -> str:
    """Write a name with a space inside."""
    return " ".join((dice.choice(SURNAMES), dice.choice(GIVEN)))


def minority_name(dice: Random) -> str:
    """Make up a name with a dot inside."""
    return "·".join(dice.sample(MINORITY, 2))


def pinyin_name(dice: Random) -> str:
    """Make up a name in Latin letters."""
    return f"{dice.choice(PINYIN).title()} {dice.choice(PINYIN_NAMES)}"


def titled(dice: Random) -> str:
    """Make up how one calls a person without naming them."""
    return dice.choice(SURNAMES) + dice.choice(("女士", "先生", "小姐", "姐", "哥", "老师", "阿姨", "总"))


def email(dice: Random) -> Groups:
    """Make up a mailbox: name, @, domain."""
    box = dice.choice(PINYIN) + dice.choice(("", ".", "_")) + dice.choice(PINYIN) + digits(dice, dice.randint(0, 4))
    domain = dice.choice(MAILS)
    return (natural(dice, 9) if domain == "qq.com" else box), "@", domain


def spoken_email(dice: Random) -> str:
    """Write a mailbox as one reads it out."""
    box, _, domain = email(dice)
    return (
        f"{box}{dice.choice(('艾特', ' at ', '(at)', '圈a'))}{domain.replace('.', dice.choice(('点', ' dot ', '。')))}"
    )


def hidden_email(dice: Random) -> str:
    """Write a mailbox with another sign for @."""
    box, _, domain = email(dice)
    return f"{box}{dice.choice(('#', '＠', '[at]', '🌀', '*'))}{domain}"


def wechat(dice: Random) -> Groups:
    """Make up a WeChat name: 6 to 20 signs, the first a letter."""
    word, other = dice.choice(PINYIN), dice.choice(PINYIN)
    return dice.choice(
        ((word, other, digits(dice, 2)), ("wx", word, natural(dice, 4)), (word, "love", digits(dice, 4)))
    )


def wxid(dice: Random) -> str:
    """Roll a WeChat name as the program gives it out."""
    return "wxid_" + "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=14))


def underscored_wechat(dice: Random) -> str:
    """Make up a WeChat name with - or _ inside."""
    return dice.choice("_-").join(wechat(dice))


def _tail(dice: Random) -> str:
    signs = [*digits(dice, 4), dice.choice(PLATE_LETTERS)]
    dice.shuffle(signs)
    return "".join(signs)


def plate(dice: Random) -> Groups:
    """Roll a plate of a car: province, letter, five signs (GA 36)."""
    return dice.choice(PROVINCES) + dice.choice(PLATE_LETTERS), dice.choice((digits(dice, 5), _tail(dice)))


def energy_plate(dice: Random) -> str:
    """Roll a plate of an electric car: eight signs, D or F in front of five digits or behind (GA 36)."""
    number = digits(dice, 5)
    kind = dice.choice("DF")
    return dice.choice(PROVINCES) + dice.choice(PLATE_LETTERS) + dice.choice((f"{kind}{number}", f"{number}{kind}"))


def special_plate(dice: Random) -> str:
    """Roll a plate that ends in 学 or 挂."""
    return dice.choice(PROVINCES) + dice.choice(PLATE_LETTERS) + digits(dice, 4) + dice.choice("学挂")


def wide_plate(dice: Random) -> str:
    """Write a plate in full-width signs."""
    return "".join(plate(dice)).translate(FULLWIDTH)
