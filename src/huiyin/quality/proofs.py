"""Check the arithmetic of numbers, so that an order number is not taken for a bank card."""

from huiyin.quality.rules import Proof

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_MARKS = "10X98765432"  # GB 11643-1999
_CARD_STARTS = ("62", "4", "51", "52", "53", "54", "55", "35", "37")
_ID_LENGTH = 18


def bank_card(digits: str) -> bool:
    """Tell whether digits pass the Luhn check (ISO/IEC 7812-1) and begin like a bank card."""
    if not digits.startswith(_CARD_STARTS):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += sum(divmod(value, 10))
    return total % 10 == 0


def id_card(number: str) -> bool:
    """Tell whether a number is a resident identity number: its date is possible and its last mark agrees."""
    if len(number) != _ID_LENGTH or not number[:17].isdecimal():
        return False
    year, month, day = number[6:10], number[10:12], number[12:14]
    if not ("1800" < year < "2100" and "01" <= month <= "12" and "01" <= day <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_MARKS[total % 11] == number[17].upper()


def holds(proof: Proof, words: str) -> bool:
    """Tell whether the words found agree with the proof a rule asks for."""
    if proof is Proof.NONE:
        return True
    number = "".join(mark for mark in words if mark.isalnum())
    if not number.isascii():
        return False
    if proof is Proof.BANK_CARD:
        return number.isdecimal() and bank_card(number)
    return id_card(number)
