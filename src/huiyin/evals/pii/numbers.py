"""Roll numbers of the right shape: telephones, identity numbers, bank cards, their check digits."""

from datetime import date
from random import Random

from huiyin.evals.pii.forms import DIGITS, Groups

# What the public numbering plan of mainland China gives to mobile subscribers, virtual operators included.
MOBILE = (
    *(str(number) for number in range(130, 140)),
    *("145", "147", "149", "150", "151", "152", "153", "155", "156", "157", "158", "159"),
    *("162", "165", "166", "167", "170", "171", "172", "173", "175", "176", "177", "178"),
    *(str(number) for number in range(180, 190)),
    *("190", "191", "192", "193", "195", "196", "197", "198", "199"),
)
# Area codes of the public numbering plan, with the length of the numbers behind them.
AREAS = {
    **dict.fromkeys(("010", "020", "021", "022", "023", "024", "025", "027", "028", "029"), 8),
    **dict.fromkeys(("0755", "0571", "0512", "0532", "0531", "0574", "0591", "0592", "0731", "0371", "0311"), 8),
    **dict.fromkeys(("0431", "0451", "0551", "0791", "0851", "0871", "0898", "0757", "0769", "0411"), 8),
    **dict.fromkeys(("0351", "0471", "0771", "0931", "0951", "0971", "0891", "0991", "0745", "0816"), 7),
}
# GB/T 2260 codes of counties and districts.
REGIONS = (
    *("110105", "110108", "120103", "130102", "140105", "150102", "210102", "220102", "230102", "310104"),
    *("310115", "320102", "320506", "330106", "330206", "340104", "350203", "360102", "370102", "370202"),
    *("410102", "411627", "420106", "430102", "430626", "440106", "440305", "450102", "460105", "500103"),
    *("510104", "510725", "520102", "530102", "540102", "610103", "610802", "620102", "630102", "640104", "650102"),
)
# The first six digits of cards that banks of the mainland give out, with the length of the whole number.
CARDS = (
    *(("622202", 19), ("621226", 19), ("621700", 19), ("622848", 19), ("621661", 19), ("621799", 19)),
    *(("622588", 16), ("621483", 16), ("622622", 16), ("622155", 16), ("436742", 16), ("524094", 16)),
    *(("622258", 17), ("601428", 17), ("623059", 18)),
)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
COMPANY_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def digits(dice: Random, count: int) -> str:
    """Roll `count` digits."""
    return "".join(dice.choices(DIGITS, k=count))


def natural(dice: Random, count: int) -> str:
    """Roll `count` digits that do not begin with 0."""
    return dice.choice(DIGITS[1:]) + digits(dice, count - 1)


def mobile(dice: Random) -> Groups:
    """Roll a mobile number of the mainland."""
    return dice.choice(MOBILE), digits(dice, 4), digits(dice, 4)


def landline(dice: Random) -> str:
    """Roll a landline with its area code, at times with an extension."""
    area, length = dice.choice(sorted(AREAS.items()))
    number = dice.choice("25678") + digits(dice, length - 1)
    extension = dice.choice(("", "", "", f"-{natural(dice, 3)}", f"转{natural(dice, 4)}"))
    return dice.choice((f"{area}-{number}", f"{area}{number}", f"({area}){number}", f"{area} {number}")) + extension


def id_check(body: str) -> str:
    """Work out the last sign of an identity number from its 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def id_number(dice: Random) -> Groups:
    """Roll an identity number: region, birth date, sequence, check sign."""
    region = dice.choice(REGIONS)
    born = date.fromordinal(dice.randint(date(1950, 1, 1).toordinal(), date(2012, 12, 31).toordinal()))
    body = f"{region}{born:%Y%m%d}{dice.randint(1, 999):03}"
    return body[:6], body[6:14], body[14:] + id_check(body)


def id_number_with_x(dice: Random) -> Groups:
    """Roll identity numbers until one ends in X."""
    while True:
        groups = id_number(dice)
        if groups[-1].endswith("X"):
            return groups


def luhn_check(body: str) -> str:
    """Work out the last digit of a card number (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body))]
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def bank_card(dice: Random) -> Groups:
    """Roll the number of a bank card, 16 to 19 digits, in fours."""
    prefix, length = dice.choice(CARDS)
    body = prefix + digits(dice, length - len(prefix) - 1)
    whole = body + luhn_check(body)
    return tuple(whole[at : at + 4] for at in range(0, length, 4))


def company_number(dice: Random) -> str:
    """Roll a company's 统一社会信用代码 with its check sign (GB 32100)."""
    body = "91" + dice.choice(REGIONS) + "MA" + "".join(dice.choices(COMPANY_SIGNS, k=7))
    total = sum(COMPANY_SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + COMPANY_SIGNS[-total % 31]


def qq(dice: Random) -> Groups:
    """Roll a QQ number, 6 to 10 digits."""
    whole = natural(dice, dice.randint(6, 10))
    return whole[:3], whole[3:6], whole[6:] or digits(dice, 1)


def code(dice: Random) -> Groups:
    """Roll a one-time code, 6 digits."""
    return digits(dice, 3), digits(dice, 3)
